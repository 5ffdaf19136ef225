import { literal } from '../duck.ts';
import {
  type Cells,
  clipped,
  type ColumnNames,
  columnKey,
  finding,
  type Layout,
} from './layout.ts';

/**
 * How a FOCUS file becomes canonical charges: each target beside the FOCUS columns that feed it,
 * the first one with a value in the row wins. Column meanings: FOCUS specification 1.0 to 1.2;
 * ServiceProviderName is of 1.3, the other second names are those of 0.5 and 1.0-preview.
 */
const plain = {
  provider: ['ServiceProviderName', 'ProviderName'],
  'billing-account': ['BillingAccountId'],
  'billing-account name': ['BillingAccountName'],
  account: ['SubAccountId', 'BillingAccountId'],
  'account name': ['SubAccountName', 'BillingAccountName'],
  service: ['ServiceName'],
  category: ['ServiceCategory'],
  region: ['RegionId', 'Region'],
  'region name': ['RegionName'],
  sku: ['SkuId'],
  resource: ['ResourceId'],
  'resource name': ['ResourceName'],
  pricing: ['PricingCategory'],
  charge: ['ChargeCategory', 'ChargeType'],
  commitment: ['CommitmentDiscountId'],
  'commitment name': ['CommitmentDiscountName'],
  invoice: ['InvoiceId'],
  currency: ['BillingCurrency'],
  tags: ['Tags'],
  billed: ['BilledCost'],
  effective: ['EffectiveCost', 'AmortizedCost'],
  list: ['ListCost'],
  contracted: ['ContractedCost'],
  start: ['ChargePeriodStart'],
} as const;

/**
 * What a SKU meters, in the provider's own words: classification reads it. The `x_` columns are those
 * of AWS and Azure in exports before FOCUS 1.1.
 */
const meters = ['SkuMeter', 'x_SkuMeter', 'x_SkuMeterName', 'x_UsageType'] as const;
const meterNames = [...meters, 'ChargeDescription'] as const;
const usedExtensions = new Set<string>([...meters, 'x_SkuDetails'].map(columnKey));

/** Quantity and unit go together: what was consumed, else what was priced. */
const quantities = [
  { quantity: 'ConsumedQuantity', unit: 'ConsumedUnit' },
  { quantity: 'UsageQuantity', unit: 'UsageUnit' },
  { quantity: 'PricingQuantity', unit: 'PricingUnit' },
] as const;

/** Exports without BillingPeriodStart that name the invoice month as YYYYMM or YYYY-MM. */
const periodStart = 'BillingPeriodStart';
const invoiceMonths = ['InvoiceMonth', 'x_InvoiceMonth'] as const;

/** The instance type is a property of the SKU (FOCUS 1.1 and later). */
const instance = { column: 'SkuPriceDetails', property: 'InstanceType' } as const;
/**
 * So are the model whose tokens it meters (FOCUS 1.3: "Input Tokens" alone is said of any) and the kind
 * of token, which providers also put into details of their own before that.
 */
const details = ['SkuPriceDetails', 'x_SkuDetails'] as const;

/** What an amount in a virtual currency is: credits, tokens, units of the provider's own. */
const virtual = { currency: 'PricingCurrency', amount: 'PricingCurrencyEffectiveCost' } as const;
const nationalCurrencies = Intl.supportedValuesOf('currency');

/**
 * Columns by the FOCUS version that brought them; the newest that is present names the file.
 * BillingAccountType and SubAccountType are of 1.2, but Azure delivers them in its 1.0 export.
 */
const since: readonly (readonly [version: string, columns: string])[] = [
  ['1.5-draft', 'AllocatedServiceName CredentialDetails CredentialId PrincipalId'],
  ['1.4', 'CommitmentProgramEligibilityDetails InvoiceDetailId'],
  [
    '1.3',
    `AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags
    ContractApplied HostProviderName ServiceProviderName`,
  ],
  [
    '1.2',
    `InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice
    PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice`,
  ],
  [
    '1.1',
    `CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity
    CommitmentDiscountUnit ServiceSubcategory SkuMeter SkuPriceDetails`,
  ],
  [
    '1.0',
    `ChargeClass CommitmentDiscountStatus ConsumedQuantity ConsumedUnit ContractedCost
    ContractedUnitPrice RegionId RegionName`,
  ],
  ['1.0-preview', 'ChargeSubcategory UsageQuantity UsageUnit Region'],
];

/** FOCUS columns that make a file recognisable; any three of them. */
const marks = `BilledCost BillingCurrency BillingPeriodStart ChargePeriodStart ChargeCategory
  EffectiveCost ListCost ProviderName PublisherName ServiceCategory AmortizedCost`.split(/\s+/);

/** Every column of FOCUS; others that do not begin with `x_` are findings. */
const ownColumns = new Set(
  [
    ...since.map(([, columns]) => columns),
    'BillingAccountType SubAccountType',
    `AmortizedCost AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency
    BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeDescription ChargeFrequency
    ChargePeriodEnd ChargePeriodStart ChargeType CommitmentDiscountCategory CommitmentDiscountId
    CommitmentDiscountName CommitmentDiscountType EffectiveCost InvoiceIssuerName ListCost
    ListUnitPrice PricingCategory PricingQuantity PricingUnit ProviderName PublisherName ResourceId
    ResourceName ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId
    SubAccountName Tags`,
  ]
    .flatMap((columns) => columns.trim().split(/\s+/))
    .map(columnKey),
);

export const focus: Layout = {
  family: 'FOCUS',
  version: (has) => {
    if (marks.filter(has).length < 3) return null;
    if (has('AmortizedCost') && !has('EffectiveCost')) return '0.5';
    return since.find(([, columns]) => columns.trim().split(/\s+/).some(has))?.[0] ?? '1.0';
  },
  required: [plain.billed, plain.currency, plain.start, [periodStart, ...invoiceMonths]],
  exportHint: 'Export it again with all FOCUS columns.',
  names,
  charge,
  findings,
  inspect,
};

/** Priced in a virtual currency: what was taken is a quantity of it, and never an amount of money. */
focus.careful = { ...focus, charge: chargeInUnits };

function charge(cells: Cells): ReturnType<Layout['charge']> {
  const c = (name: string) => cells.text(name);
  const delivered = quantities.filter(({ quantity }) => cells.has(quantity));
  const unit = delivered.map((pair) => `WHEN ${c(pair.quantity)} IS NOT NULL THEN ${c(pair.unit)}`);
  const subcategory = c('ChargeSubcategory');
  const hasSubcategory = cells.has('ChargeSubcategory');
  return {
    ...Object.fromEntries(
      Object.entries(plain).map(([target, columns]) => [target, cells.first(...columns)]),
    ),
    'charge-class': hasSubcategory
      ? `coalesce(${c('ChargeClass')}, CASE ${subcategory} WHEN 'Refund' THEN 'Correction' END)`
      : c('ChargeClass'),
    'commitment-status': hasSubcategory
      ? `coalesce(${c('CommitmentDiscountStatus')}, CASE ${subcategory} WHEN 'Used Commitment' THEN 'Used' WHEN 'Unused Commitment' THEN 'Unused' END)`
      : c('CommitmentDiscountStatus'),
    instance: cells.has(instance.column)
      ? `try(json_extract_string(${c(instance.column)}, '$.${instance.property}'))`
      : 'NULL',
    'sku name': meterName(cells),
    quantity: cells.first(...delivered.map(({ quantity }) => quantity)),
    unit: unit.length === 0 ? 'NULL' : `CASE ${unit.join(' ')} END`,
    'period start': cells.has(periodStart)
      ? c(periodStart)
      : `regexp_replace(trim(${cells.first(...invoiceMonths)}), '^([0-9]{4})-?([0-9]{2})$', '\\1-\\2-01')`,
  };
}

/** Looks for what is priced in no national currency, where the file speaks of such prices at all. */
function inspect(cells: Cells): ReturnType<NonNullable<Layout['inspect']>> {
  if (!cells.has(virtual.currency) || !cells.has(virtual.amount)) return null;
  const unit = cells.text(virtual.currency);
  return {
    select: `count_if(${isVirtual(unit)}) AS rows,
      string_agg(DISTINCT CASE WHEN ${isVirtual(unit)} THEN ${unit} END, ', ') AS units`,
    judge: ({ rows, units }) =>
      Number(rows) === 0
        ? []
        : [
            {
              code: 'VIRTUAL_CURRENCY',
              count: Number(rows),
              message: `Priced in ${clipped(String(units))}: shown as quantities in that unit, never as money.`,
            },
          ],
    needsCare: ({ rows }) => Number(rows) > 0,
  };
}

function isVirtual(unit: string): string {
  return `(${unit} IS NOT NULL AND NOT list_contains([${nationalCurrencies.map(literal).join(', ')}], upper(trim(${unit}))))`;
}

/** Tokens stay counted as tokens, whatever they are priced in. */
function chargeInUnits(cells: Cells): ReturnType<Layout['charge']> {
  const usual = charge(cells);
  if (!cells.has(virtual.currency) || !cells.has(virtual.amount)) return usual;
  const [currency, amount] = [cells.text(virtual.currency), cells.text(virtual.amount)];
  const inUnits = `${isVirtual(currency)} AND ${amount} IS NOT NULL
    AND NOT coalesce(regexp_matches(lower(${usual.unit}), 'token'), false)`;
  return {
    ...usual,
    quantity: `CASE WHEN ${inUnits} THEN ${amount} ELSE ${usual.quantity} END`,
    unit: `CASE WHEN ${inUnits} THEN ${currency} ELSE ${usual.unit} END`,
  };
}

/** "solora-atlas-5.5, cache read Input Tokens", or the meter alone. */
function meterName(cells: Cells): string {
  const meter = cells.first(...meterNames);
  const delivered = details.filter((column) => cells.has(column));
  if (meter === 'NULL' || delivered.length === 0) return meter;
  const of = (...properties: string[]) =>
    `coalesce(${delivered
      .flatMap((column) =>
        properties.map(
          (name) => `nullif(try(json_extract_string(${cells.text(column)}, '$.${name}')), '')`,
        ),
      )
      .join(', ')}, NULL)`;
  // Said where the meter itself does not: "Tokens" with the details of what kind.
  const says = (words: string) => `regexp_matches(lower(${meter}), '${words}')`;
  const direction = of('TokenDirection');
  const cache = of('TokenCacheAction');
  const kind = `CASE WHEN lower(${cache}) IN ('read', 'write') AND NOT ${says('cache')}
      THEN 'cache ' || lower(${cache}) || ' ' ELSE '' END
    || CASE WHEN ${direction} IS NOT NULL AND NOT ${says('input|output')}
      THEN lower(${direction}) || ' ' ELSE '' END`;
  return `coalesce(${of('ModelId', 'ModelFamily')} || ', ', '') || ${kind} || ${meter}`;
}

function names(cells: Cells): ColumnNames {
  const first = (columns: readonly string[]) => columns.find(cells.has) ?? columns[0] ?? '';
  return {
    billed: first(plain.billed),
    effective: first(plain.effective),
    list: first(plain.list),
    contracted: first(plain.contracted),
    quantity: 'ConsumedQuantity or PricingQuantity',
    start: first(plain.start),
    'period start': first([periodStart, ...invoiceMonths]),
    currency: first(plain.currency),
  };
}

function findings(all: readonly string[]): ReturnType<Layout['findings']> {
  const keys = new Set(all.map(columnKey));
  const missing = (['billed', 'effective', 'list', 'contracted'] as const)
    .filter((metric) => !plain[metric].some((name) => keys.has(columnKey(name))))
    .map((metric) => plain[metric][0]);
  const extension = (name: string) => /^x_/i.test(name);
  return [
    ...finding('COLUMN_MISSING', missing, 'not in the file, shown as unknown.'),
    ...finding(
      'COLUMN_UNKNOWN',
      all.filter((name) => !ownColumns.has(columnKey(name)) && !extension(name)),
      'not a FOCUS column, not kept.',
    ),
    ...finding(
      'COLUMN_EXTENSION',
      all.filter((name) => extension(name) && !usedExtensions.has(columnKey(name))),
      'extension of the provider, not kept.',
    ),
  ];
}
