import type { Measure, NamedDimension, SeriesDimension } from '../store/measures.ts';

/** What the ledger knows of one series; null where its charges have no such value. */
export interface SeriesFacts {
  value: (dimension: SeriesDimension) => string | null;
  name: (dimension: NamedDimension) => string | null;
}

type OfSeries = (series: SeriesFacts) => string | null;

/**
 * The columns of FOCUS 1.2 that are the same in every row of a series. In the file is what FOCUS
 * makes mandatory and what the ledger keeps; a column that could only be empty is there where
 * FOCUS demands the column itself, and then it is in `notKept`.
 */
export const seriesColumns: readonly (readonly [column: string, read: OfSeries])[] = [
  ['ProviderName', (s) => s.value('provider')],
  ['PublisherName', () => null],
  ['InvoiceIssuerName', () => null],
  ['InvoiceId', (s) => s.value('invoice')],
  ['BillingAccountId', (s) => s.value('billing-account')],
  ['BillingAccountName', (s) => s.name('billing-account')],
  ['SubAccountId', (s) => (hasSubAccount(s) ? s.value('account') : null)],
  ['SubAccountName', (s) => (hasSubAccount(s) ? s.name('account') : null)],
  ['ServiceCategory', (s) => s.value('category')],
  ['ServiceName', (s) => s.value('service')],
  ['ChargeCategory', (s) => s.value('charge')],
  ['ChargeClass', (s) => s.value('charge-class')],
  ['ChargeDescription', () => null],
  ['PricingCategory', (s) => s.value('pricing')],
  ['RegionId', (s) => s.value('region')],
  ['RegionName', (s) => s.name('region')],
  ['ResourceId', (s) => s.value('resource')],
  ['ResourceName', (s) => s.name('resource')],
  ['SkuId', (s) => s.value('sku')],
  ['SkuMeter', (s) => s.name('sku')],
  ['SkuPriceDetails', (s) => priceDetails(s.value('instance'))],
  ['CommitmentDiscountId', (s) => s.value('commitment')],
  ['CommitmentDiscountName', (s) => s.name('commitment')],
  ['CommitmentDiscountStatus', (s) => s.value('commitment-status')],
  ['Tags', (s) => s.value('tags')],
  ['BillingCurrency', (s) => s.value('currency')],
];

/** Mandatory columns that no daily cell can fill. */
export const notKept = ['PublisherName', 'InvoiceIssuerName', 'ChargeDescription'] as const;

/** The columns of a billing period, of a day and of the cell itself, in this order. */
export const timeColumns = [
  'BillingPeriodStart',
  'BillingPeriodEnd',
  'ChargePeriodStart',
  'ChargePeriodEnd',
] as const;

export const costColumns = {
  billed: 'BilledCost',
  effective: 'EffectiveCost',
  list: 'ListCost',
  contracted: 'ContractedCost',
} as const satisfies Partial<Record<Measure, string>>;

export const quantityColumns = [
  'ConsumedQuantity',
  'ConsumedUnit',
  'PricingQuantity',
  'PricingUnit',
] as const;

/** How many charges the row adds up, and how many of them lack which amount: `{"ListCost":2}`. */
export const ownColumns = ['x_ChargeCount', 'x_UnknownAmounts'] as const;

export const focusColumns: readonly string[] = [
  ...seriesColumns.map(([column]) => column),
  ...timeColumns,
  ...Object.values(costColumns),
  ...quantityColumns,
  ...ownColumns,
];

export const decimalColumns: readonly string[] = [
  ...Object.values(costColumns),
  'ConsumedQuantity',
  'PricingQuantity',
];

/** Columns that FOCUS wants filled in every row and that a bill may yet leave empty. */
export const requiredColumns: Readonly<Record<string, string>> = {
  ProviderName: 'ProviderName-C-003-M',
  BillingAccountId: 'BillingAccountId-C-001-M',
  ServiceCategory: 'ServiceCategory-C-002-M',
  ServiceName: 'ServiceName-C-003-M',
  ChargeCategory: 'ChargeCategory-C-002-M',
  BilledCost: 'BilledCost-C-003-M',
  EffectiveCost: 'EffectiveCost-C-003-M',
  ListCost: 'ListCost-C-003-M',
  ContractedCost: 'ContractedCost-C-003-M',
};

/**
 * The ledger's account is the sub account, else the billing account. Where both are one and are
 * named the same, nothing says that there is a sub account.
 */
function hasSubAccount(series: SeriesFacts): boolean {
  const same = series.value('account') === series.value('billing-account');
  return !same || series.name('account') !== series.name('billing-account');
}

function priceDetails(instance: string | null): string | null {
  return instance === null ? null : JSON.stringify({ InstanceType: instance });
}

/**
 * Where the one quantity of the ledger belongs. FOCUS wants ConsumedQuantity in used charges and
 * forbids it in all others, and the ledger prefers it to PricingQuantity.
 */
export function isConsumed(series: SeriesFacts): boolean {
  return series.value('charge') === 'Usage' && series.value('commitment-status') !== 'Unused';
}
