import type { NamedDimension, SeriesDimension } from '../store/measures.ts';

/**
 * How a FOCUS file becomes canonical charges: each target beside the FOCUS columns that feed it,
 * the first one with a value in the row wins. Column meanings: FOCUS specification 1.0 to 1.2;
 * ServiceProviderName and later columns are those of 1.3.
 */
export const focusDimensions: Record<
  Exclude<SeriesDimension, 'instance' | 'unit'>,
  readonly string[]
> = {
  provider: ['ServiceProviderName', 'ProviderName'],
  'billing-account': ['BillingAccountId'],
  account: ['SubAccountId', 'BillingAccountId'],
  service: ['ServiceName'],
  category: ['ServiceCategory'],
  region: ['RegionId'],
  sku: ['SkuId'],
  resource: ['ResourceId'],
  pricing: ['PricingCategory'],
  charge: ['ChargeCategory'],
  'charge-class': ['ChargeClass'],
  commitment: ['CommitmentDiscountId'],
  'commitment-status': ['CommitmentDiscountStatus'],
  invoice: ['InvoiceId'],
  currency: ['BillingCurrency'],
  tags: ['Tags'],
};

/** The instance type is a property of the SKU (FOCUS 1.1 and later). */
export const focusInstance = { column: 'SkuPriceDetails', property: 'InstanceType' } as const;

export const focusNames: Record<NamedDimension, readonly string[]> = {
  'billing-account': ['BillingAccountName'],
  account: ['SubAccountName', 'BillingAccountName'],
  region: ['RegionName'],
  sku: ['SkuMeter', 'ChargeDescription'],
  resource: ['ResourceName'],
  commitment: ['CommitmentDiscountName'],
};

export const focusCosts = {
  billed: 'BilledCost',
  effective: 'EffectiveCost',
  list: 'ListCost',
  contracted: 'ContractedCost',
} as const;

/** Quantity and unit go together: what was consumed, else what was priced. */
export const focusQuantities = [
  { quantity: 'ConsumedQuantity', unit: 'ConsumedUnit' },
  { quantity: 'PricingQuantity', unit: 'PricingUnit' },
] as const;

export const focusChargeStart = 'ChargePeriodStart';
export const focusPeriodStart = 'BillingPeriodStart';
/** Exports without BillingPeriodStart that name the invoice month as YYYYMM or YYYY-MM. */
export const invoiceMonths = ['InvoiceMonth', 'x_InvoiceMonth'] as const;

/** Without these nothing can be tied out; every other missing column is unknown and a finding. */
export const focusRequired = ['BilledCost', 'BillingCurrency', 'ChargePeriodStart'] as const;

/** Columns by the FOCUS version that brought them; the newest that is present names the file. */
export const focusSince: readonly (readonly [version: string, columns: readonly string[]])[] = [
  ['1.3', ['ServiceProviderName', 'HostProviderName', 'AllocatedMethodId', 'AllocatedResourceId']],
  [
    '1.2',
    [
      'BillingAccountType',
      'InvoiceId',
      'PricingCurrency',
      'PricingCurrencyContractedUnitPrice',
      'PricingCurrencyEffectiveCost',
      'PricingCurrencyListUnitPrice',
      'SubAccountType',
    ],
  ],
  [
    '1.1',
    [
      'CapacityReservationId',
      'CapacityReservationStatus',
      'CommitmentDiscountQuantity',
      'CommitmentDiscountUnit',
      'ServiceSubcategory',
      'SkuMeter',
      'SkuPriceDetails',
    ],
  ],
];

/** FOCUS 1.0 columns that make a file recognisable; any three of them. */
export const focusMarks = [
  'BilledCost',
  'BillingCurrency',
  'BillingPeriodStart',
  'ChargePeriodStart',
  'ChargeCategory',
  'EffectiveCost',
  'ListCost',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
] as const;

/** Every column of FOCUS 1.0 to 1.3; others that do not begin with `x_` are findings. */
export const focusColumns: ReadonlySet<string> = new Set(
  `AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType
  BillingCurrency BillingPeriodEnd BillingPeriodStart CapacityReservationId
  CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency
  ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId
  CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus
  CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit ContractedCost
  ContractedUnitPrice EffectiveCost HostProviderName InvoiceId InvoiceIssuerName ListCost
  ListUnitPrice PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice
  PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity PricingUnit
  ProviderName PublisherName RegionId RegionName ResourceId ResourceName ResourceType
  ServiceCategory ServiceName ServiceProviderName ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId
  SubAccountId SubAccountName SubAccountType Tags`.split(/\s+/),
);
