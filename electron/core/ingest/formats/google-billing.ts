import { type Cells, type ColumnNames, columnKey, finding, type Layout } from './layout.ts';
import { tagParts } from './tag-sql.ts';

/**
 * Google Cloud billing export from BigQuery, standard and detailed, nested or with flat names.
 * Each credit becomes a charge of its own beside the cost it reduces. Columns:
 * https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables/detailed-usage
 */
const costTypes: readonly (readonly [type: string, category: string])[] = [
  ['tax', 'Tax'],
  ['adjustment', 'Adjustment'],
  ['rounding_error', 'Adjustment'],
];

const creditFields = ['id', 'name', 'full_name', 'type', 'amount'] as const;
const partFields = ['kind', ...creditFields] as const;

export const googleBilling: Layout = {
  family: 'Google Cloud billing',
  version: (has) => {
    if (!['billing_account_id', 'usage_start_time', 'cost'].every(has)) return null;
    // One row a credit repeats the cost; how often is not in the row.
    if (has('credits.amount') && !has('credits')) return null;
    const detailed = ['resource', 'resource.name', 'resource.global_name'].some(has);
    return detailed ? 'detailed' : 'standard';
  },
  required: [['cost'], ['currency'], ['usage_start_time'], ['invoice.month']],
  exportHint: 'Export the rows of the billing table again, with the invoice month and currency.',
  names,
  charge,
  parts,
  findings,
};

/** The cost itself, then each credit. */
function parts(cells: Cells): string {
  const cost = `{${partFields.map((field) => `'${field}': ${field === 'kind' ? "'cost'" : field === 'amount' ? cells.text('cost') : 'NULL'}`).join(', ')}}`;
  if (!cells.has('credits')) return `[${cost}]`;
  const credit = `{${partFields.map((field) => `'${field}': ${field === 'kind' ? "'credit'" : `credit."${field}"`}`).join(', ')}}`;
  const credits = cells.records('credits', creditFields);
  return `list_concat([${cost}], list_transform(coalesce(${credits}, []), lambda credit: ${credit}))`;
}

function charge(cells: Cells): ReturnType<Layout['charge']> {
  const c = (name: string) => cells.text(name);
  const isCost = (sql: string) =>
    sql === 'NULL' ? sql : `CASE WHEN part.kind = 'cost' THEN ${sql} END`;
  const costType = c('cost_type');
  const isCommitment = `starts_with(${c('sku.description')}, 'Commitment')`;
  return {
    provider: "'Google Cloud'",
    'billing-account': c('billing_account_id'),
    account: cells.first('project.id', 'billing_account_id'),
    'account name': c('project.name'),
    service: c('service.description'),
    region: cells.first('location.region', 'location.location'),
    sku: c('sku.id'),
    'sku name': c('sku.description'),
    resource: cells.first('resource.global_name', 'resource.name'),
    'resource name': c('resource.name'),
    charge: `CASE WHEN part.kind = 'credit' THEN 'Credit'
      ${costTypes.map(([type, category]) => `WHEN ${costType} = '${type}' THEN '${category}'`).join(' ')}
      WHEN ${isCommitment} THEN 'Purchase' ELSE 'Usage' END`,
    'charge-class': `CASE WHEN ${costType} = 'adjustment' OR ${c('adjustment_info.id')} IS NOT NULL THEN 'Correction' END`,
    commitment: `CASE WHEN part.type LIKE 'COMMITTED_USAGE_DISCOUNT%' THEN part.id END`,
    'commitment name': `CASE WHEN part.type LIKE 'COMMITTED_USAGE_DISCOUNT%' THEN coalesce(part.full_name, part.name) END`,
    instance: machineType(cells),
    unit: isCost(c('usage.unit')),
    currency: c('currency'),
    tags: tagParts([
      { text: c('labels'), prefix: '' },
      { text: c('project.labels'), prefix: 'project/' },
      { text: c('tags'), prefix: 'tag/' },
    ]),
    billed: 'part.amount',
    // Google bills commitments as they are used: there is no prepaid cost to spread.
    effective: 'part.amount',
    list: isCost(c('cost_at_list')),
    quantity: isCost(c('usage.amount')),
    start: c('usage_start_time'),
    'period start': `regexp_replace(${c('invoice.month')}, '^([0-9]{4})-?([0-9]{2})$', '\\1-\\2-01')`,
  };
}

/** The machine type stands among the system labels, whatever form the list has. */
function machineType(cells: Cells): string {
  if (!cells.has('system_labels')) return 'NULL';
  const labels = cells.records('system_labels', ['key', 'value']);
  return `list_filter(${labels}, lambda label: label.key = 'compute.googleapis.com/machine_spec')[1].value`;
}

function names(cells: Cells): ColumnNames {
  return {
    billed: cells.has('credits') ? 'cost or the amount of a credit' : 'cost',
    effective: 'cost',
    list: 'cost_at_list',
    contracted: 'cost',
    quantity: 'usage.amount',
    start: 'usage_start_time',
    'period start': 'invoice.month',
    currency: 'currency',
  };
}

const ownColumns = new Set(
  `billing_account_id service sku usage_start_time usage_end_time project labels system_labels tags
  location export_time cost currency currency_conversion_rate usage credits invoice cost_type
  adjustment_info price cost_at_list cost_at_effective_price_default cost_at_list_consumption_model
  consumption_model transaction_type seller_name resource subscription partition_date
  _partitiontime _partitiondate`
    .split(/\s+/)
    .map(columnKey),
);
const groups =
  /^(service|sku|project|location|usage|invoice|adjustment_info|price|resource|subscription|consumption_model)[._]/i;

function findings(all: readonly string[]): ReturnType<Layout['findings']> {
  const keys = new Set(all.map(columnKey));
  return [
    ...finding(
      'COLUMN_MISSING',
      keys.has('credits') ? [] : ['credits'],
      'not in the file; the amounts are before credits.',
    ),
    ...finding(
      'COLUMN_MISSING',
      keys.has(columnKey('cost_at_list')) ? [] : ['cost_at_list'],
      'not in the file, list cost is shown as unknown.',
    ),
    ...finding(
      'COLUMN_UNKNOWN',
      all.filter((name) => !ownColumns.has(columnKey(name)) && !groups.test(name)),
      'not a column of the billing export, not kept.',
    ),
  ];
}
