import { literal } from '../duck.ts';
import { addAmounts } from './amount-sum.ts';
import { type Cells, type ColumnNames, columnKey, finding, type Layout } from './layout.ts';
import { ownName, type TagPart, tagParts } from './tag-sql.ts';

/**
 * AWS Cost and Usage Reports: legacy (slash names, or the snake names that Athena gives them) and
 * 2.0 (snake names, maps). One table for both: their names differ only in how words are joined.
 * Line item types and amortised cost:
 * https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html and
 * https://docs.aws.amazon.com/savingsplans/latest/userguide/sp-cur.html
 */
const charges: readonly (readonly [types: string, category: string])[] = [
  ['Usage|DiscountedUsage|SavingsPlanCoveredUsage|SavingsPlanNegation', 'Usage'],
  ['Fee|RIFee|SavingsPlanRecurringFee|SavingsPlanUpfrontFee', 'Purchase'],
  ['Tax', 'Tax'],
  ['Credit', 'Credit'],
  [
    'Refund|Discount|BundledDiscount|EdpDiscount|PrivateRateDiscount|RiVolumeDiscount|SppDiscount',
    'Adjustment',
  ],
];

const marks = ['lineItem/UnblendedCost', 'lineItem/LineItemType'] as const;
/** Columns that only CUR 2.0 has. */
const secondMarks = [
  'resource_tags',
  'product',
  'cost_category',
  'discount',
  'bill_payer_account_name',
];

function isLegacy(has: (name: string) => boolean, names: readonly string[]): boolean {
  if (names.some((name) => name.includes('/'))) return true;
  const ofAthena = (name: string) => /^(resource_tags|cost_category)_/i.test(name);
  return (has('product_product_name') || names.some(ofAthena)) && !secondMarks.some(has);
}

const shared = {
  required: [
    ['lineItem/UnblendedCost'],
    ['lineItem/CurrencyCode'],
    ['lineItem/UsageStartDate'],
    ['bill/BillingPeriodStartDate'],
  ],
  exportHint: 'Export it again with all standard columns.',
  names: columnNames,
  charge,
  findings,
} satisfies Partial<Layout>;

export const curLegacy: Layout = {
  ...shared,
  family: 'CUR legacy',
  version: (has, names) => (marks.every(has) && isLegacy(has, names) ? '1' : null),
};

export const cur2: Layout = {
  ...shared,
  family: 'CUR',
  version: (has, names) => (marks.every(has) && !isLegacy(has, names) ? '2.0' : null),
};

function charge(cells: Cells): ReturnType<Layout['charge']> {
  const c = (name: string) => cells.text(name);
  const type = c('lineItem/LineItemType');
  const product = (key: string) =>
    cells.has('product') ? `try(json_extract_string(${c('product')}, '$.${key}'))` : 'NULL';
  const isOneOf = (types: string) => `${type} IN (${types.split('|').map(literal).join(', ')})`;
  const covered = `CASE WHEN ${isOneOf('SavingsPlanCoveredUsage|SavingsPlanNegation|SavingsPlanRecurringFee|SavingsPlanUpfrontFee')}
    THEN ${c('savingsPlan/SavingsPlanARN')} ELSE ${c('reservation/ReservationARN')} END`;
  const unblended = c('lineItem/UnblendedCost');
  return {
    provider: "'AWS'",
    'billing-account': c('bill/PayerAccountId'),
    'billing-account name': c('bill/PayerAccountName'),
    account: cells.first('lineItem/UsageAccountId', 'bill/PayerAccountId'),
    'account name': c('lineItem/UsageAccountName'),
    service: `coalesce(${[
      c('product/ProductName'),
      product('product_name'),
      c('product/servicename'),
      c('lineItem/ProductCode'),
    ].join(', ')})`,
    region: `coalesce(${cells.first('product/regionCode', 'product/region')}, ${product('region')})`,
    sku: c('product/sku'),
    // The usage type is what the SKU meters; the description says the same with today's price in it.
    'sku name': cells.first('lineItem/UsageType', 'lineItem/LineItemDescription'),
    resource: c('lineItem/ResourceId'),
    pricing: `CASE WHEN ${isOneOf('SavingsPlanCoveredUsage|DiscountedUsage')} THEN 'Committed'
      WHEN ${type} = 'Usage' AND contains(${c('lineItem/UsageType')}, 'SpotUsage') THEN 'Dynamic'
      WHEN ${type} = 'Usage' AND ${c('pricing/term')} = 'OnDemand' THEN 'Standard' END`,
    charge: `CASE ${charges.map(([types, category]) => `WHEN ${isOneOf(types)} THEN '${category}'`).join(' ')} END`,
    'charge-class': `CASE WHEN ${type} = 'Refund' THEN 'Correction' END`,
    commitment: covered,
    'commitment-status': `CASE WHEN ${isOneOf('SavingsPlanCoveredUsage|DiscountedUsage')} THEN 'Used' END`,
    instance: `coalesce(${c('product/instanceType')}, ${product('instance_type')})`,
    unit: c('pricing/unit'),
    invoice: c('bill/InvoiceId'),
    currency: c('lineItem/CurrencyCode'),
    tags: tagParts(tagColumns(cells)),
    billed: unblended,
    effective: amortised(cells),
    list: ofParent(cells, c('pricing/publicOnDemandCost')),
    contracted: ofParent(cells, c('lineItem/NetUnblendedCost')),
    quantity: c('lineItem/UsageAmount'),
    start: c('lineItem/UsageStartDate'),
    'period start': c('bill/BillingPeriodStartDate'),
  };
}

/** What the line costs when prepaid commitments are spread over the usage they cover. */
function amortised(cells: Cells): string {
  const c = (name: string) => cells.text(name);
  const unblended = c('lineItem/UnblendedCost');
  const byType: readonly (readonly [type: string, cost: string])[] = [
    ['SavingsPlanCoveredUsage', c('savingsPlan/SavingsPlanEffectiveCost')],
    ['SavingsPlanNegation', "'0'"],
    ['SavingsPlanUpfrontFee', "'0'"],
    [
      'SavingsPlanRecurringFee',
      addAmounts(c('savingsPlan/TotalCommitmentToDate'), c('savingsPlan/UsedCommitment'), '-'),
    ],
    ['DiscountedUsage', c('reservation/EffectiveCost')],
    [
      'RIFee',
      addAmounts(
        c('reservation/UnusedAmortizedUpfrontFeeForBillingPeriod'),
        c('reservation/UnusedRecurringFee'),
      ),
    ],
  ];
  return `CASE ${c('lineItem/LineItemType')}
    ${byType.map(([type, cost]) => `WHEN '${type}' THEN ${ofParent(cells, cost)}`).join('\n    ')}
    WHEN 'Fee' THEN CASE WHEN ${c('reservation/ReservationARN')} IS NOT NULL THEN '0' ELSE ${unblended} END
    ELSE ${unblended} END`;
}

/**
 * A split line of a container repeats cost that its parent's line states in full: it keeps its
 * own cost, which is zero, and counts no other amount again.
 */
function ofParent(cells: Cells, cost: string): string {
  const parent = 'splitLineItem/ParentResourceId';
  if (!cells.has(parent) || cost === 'NULL') return cost;
  return `CASE WHEN ${cells.text(parent)} IS NOT NULL THEN ${cells.text('lineItem/UnblendedCost')} ELSE ${cost} END`;
}

const tagColumn = /^resource_?tags(?:\/|_(?=user_|aws_))(.+)$/i;
const categoryColumn = /^cost_?category[/_](.+)$/i;

function tagColumns(cells: Cells): TagPart[] {
  const columns = cells.names.flatMap((name): TagPart[] => {
    const tag = tagColumn.exec(name)?.[1];
    if (tag !== undefined) return [{ key: ownName(tag), text: cells.text(name) }];
    const category = categoryColumn.exec(name)?.[1];
    if (category === undefined) return [];
    return [{ key: `cost_category/${category}`, text: cells.text(name) }];
  });
  const maps = [
    { name: 'resource_tags', prefix: '', marked: true },
    { name: 'cost_category', prefix: 'cost_category/', marked: false },
  ].filter(({ name }) => cells.names.some((column) => column.toLowerCase() === name));
  return [...maps.map(({ name, ...part }) => ({ ...part, text: cells.text(name) })), ...columns];
}

function columnNames(cells: Cells): ColumnNames {
  const legacy = cells.names.some((name) => name.includes('/'));
  const name = (slash: string, snake: string) => (legacy ? slash : snake);
  return {
    billed: name('lineItem/UnblendedCost', 'line_item_unblended_cost'),
    effective: name(
      'savingsPlan or reservation cost of lineItem/LineItemType',
      'savings plan or reservation cost of line_item_line_item_type',
    ),
    list: name('pricing/publicOnDemandCost', 'pricing_public_on_demand_cost'),
    contracted: name('lineItem/NetUnblendedCost', 'line_item_net_unblended_cost'),
    quantity: name('lineItem/UsageAmount', 'line_item_usage_amount'),
    start: name('lineItem/UsageStartDate', 'line_item_usage_start_date'),
    'period start': name('bill/BillingPeriodStartDate', 'bill_billing_period_start_date'),
    currency: name('lineItem/CurrencyCode', 'line_item_currency_code'),
  };
}

const ownColumns =
  /^(identity|bill|line_?item|product|pricing|reservation|savings_?plan|resource_?tags|cost_?category|discount|split_?line_?item|capacity_?reservation)([/_]|$)|^(year|month|billing_period)$/i;

function findings(names: readonly string[]): ReturnType<Layout['findings']> {
  const keys = new Set(names.map(columnKey));
  const missing = ['pricing/publicOnDemandCost', 'lineItem/NetUnblendedCost'].filter(
    (name) => !keys.has(columnKey(name)),
  );
  return [
    ...finding('COLUMN_MISSING', missing, 'not in the file, shown as unknown.'),
    ...finding(
      'COLUMN_UNKNOWN',
      names.filter((name) => !ownColumns.test(name)),
      'not a column of the report, not kept.',
    ),
  ];
}
