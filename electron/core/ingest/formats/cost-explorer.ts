import { OutlayError } from '../../../../shared/contract/errors.ts';
import { literal } from '../duck.ts';
import { type Cells, finding, type Finding, type Layout } from './layout.ts';
import { tagParts } from './tag-sql.ts';

/**
 * Answers of the Cost Explorer request GetCostAndUsage saved as JSON: one row is one answer, each
 * group (or the total, where the answer has no groups) of each time period is a charge.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
 */
const metricNames = [
  'UnblendedCost',
  'NetUnblendedCost',
  'AmortizedCost',
  'NetAmortizedCost',
  'BlendedCost',
] as const;

const metric = `{"Amount": "VARCHAR", "Unit": "VARCHAR"}`;
const metrics = `{${metricNames.map((name) => `"${name}": ${metric}`).join(', ')}}`;
const resultShape = `[{"TimePeriod": {"Start": "VARCHAR"}, "Estimated": "VARCHAR", "Total": ${metrics},
  "Groups": [{"Keys": ["VARCHAR"], "Metrics": ${metrics}}]}]`;
const definitionShape = '[{"Type": "VARCHAR", "Key": "VARCHAR"}]';

/** What a group by one of the request's dimensions is in a charge, and how its values are spelled. */
const dimensions = {
  service: { key: 'SERVICE' },
  account: { key: 'LINKED_ACCOUNT' },
  region: { key: 'REGION' },
  instance: { key: 'INSTANCE_TYPE' },
  resource: { key: 'RESOURCE_ID' },
  sku: { key: 'USAGE_TYPE' },
  pricing: {
    key: 'PURCHASE_TYPE',
    values: {
      Standard: ['On Demand%'],
      Dynamic: ['Spot%'],
      Committed: ['%Reserved%', '%Savings Plan%'],
    },
  },
  charge: {
    key: 'RECORD_TYPE',
    values: {
      Tax: ['Tax'],
      Credit: ['Credit'],
      Purchase: ['%fee%', 'Fee', 'RIFee'],
      Adjustment: ['Refund', '%Discount'],
      Usage: ['%Usage%', 'SavingsPlanNegation', 'Savings Plan Negation'],
    },
  },
} as const satisfies Partial<
  Record<string, { key: string; values?: Record<string, readonly string[]> }>
>;

export const costExplorer: Layout = {
  family: 'Cost Explorer',
  version: (has) => (has('ResultsByTime') ? 'GetCostAndUsage' : null),
  required: [],
  exportHint: '',
  names: () => ({
    billed: 'UnblendedCost',
    effective: 'AmortizedCost',
    list: 'UnblendedCost',
    contracted: 'UnblendedCost',
    quantity: 'UsageQuantity',
    start: 'TimePeriod.Start',
    'period start': 'TimePeriod.Start',
    currency: 'Unit of the amount',
  }),
  parts,
  charge,
  findings: (names) =>
    finding(
      'PAGES_MISSING',
      names.filter((name) => name === 'NextPageToken' || name === 'NextToken'),
      'the answer has further pages; import them together with this one.',
    ),
  inspect,
};

/** Costs averaged over the accounts of an organisation are on no invoice. */
function inspect(cells: Cells): ReturnType<NonNullable<Layout['inspect']>> {
  const all = parts(cells);
  const has = (name: string) => `entry.metrics."${name}" IS NOT NULL`;
  const billed = `${has('UnblendedCost')} OR ${has('NetUnblendedCost')}`;
  const grouped = Object.values(dimensions).map(({ key }) => literal(key));
  return {
    select: `coalesce(bool_or(len(${all}) > 0), false) AS filled,
      coalesce(bool_or(len(list_filter(${all}, lambda entry: ${billed})) > 0), false) AS billed,
      sum(len(list_filter(${results(cells)}, lambda result: result."Estimated" = 'true'))) AS estimated,
      string_agg(array_to_string(list_transform(list_filter(${definitionList(cells)},
        lambda entry: entry."Type" = 'DIMENSION' AND entry."Key" NOT IN (${grouped.join(', ')})),
        lambda entry: entry."Key"), ', '), '') AS unknown`,
    judge: (answer, file) => {
      if (answer['filled'] === true && answer['billed'] !== true) {
        throw new OutlayError(
          'COLUMN_MISSING',
          `${file} has no UnblendedCost, and what was billed cannot be told from its other metrics. Nothing was changed.`,
          'Ask Cost Explorer again with the metrics UnblendedCost and AmortizedCost, or import a cost and usage report.',
        );
      }
      const found: Finding[] = [];
      const estimated = Number(answer['estimated'] ?? 0);
      if (estimated > 0) {
        found.push({
          code: 'AMOUNTS_ESTIMATED',
          count: estimated,
          message: `${estimated} time periods are estimates that AWS may still change.`,
        });
      }
      const unknown = answer['unknown'] as string | null;
      return [
        ...found,
        ...finding('GROUPING_UNKNOWN', unknown ? [unknown] : [], 'grouping not kept.'),
      ];
    },
  };
}

function results(cells: Cells): string {
  return `from_json(${cells.text('ResultsByTime')}, ${literal(resultShape)})`;
}

function definitionList(cells: Cells): string {
  return cells.has('GroupDefinitions')
    ? `from_json(${cells.text('GroupDefinitions')}, ${literal(definitionShape)})`
    : 'CAST([] AS STRUCT("Type" VARCHAR, "Key" VARCHAR)[])';
}

function parts(cells: Cells): string {
  const groups = `CASE WHEN len(result."Groups") > 0 THEN result."Groups"
    ELSE [{'Keys': [], 'Metrics': result."Total"}] END`;
  const known = metricNames.map((name) => `entry.metrics."${name}" IS NOT NULL`).join(' OR ');
  return `list_filter(flatten(list_transform(${results(cells)}, lambda result:
    list_transform(${groups}, lambda entry: {'start': result."TimePeriod"."Start",
      'keys': entry."Keys", 'metrics': entry."Metrics"}))), lambda entry: ${known})`;
}

function charge(cells: Cells): ReturnType<Layout['charge']> {
  const at = (position: number, field: string) =>
    `${definitionList(cells)}[${position}]."${field}"`;
  /** An answer has at most two groupings. */
  const key = (dimension: string) =>
    `CASE ${[1, 2].map((n) => `WHEN ${at(n, 'Type')} = 'DIMENSION' AND ${at(n, 'Key')} = '${dimension}' THEN part.keys[${n}]`).join(' ')} END`;
  /** "key$value"; the value is empty where the charge has no such tag. */
  const tag = (n: number, type: string, prefix: string) =>
    `CASE WHEN ${at(n, 'Type')} = '${type}' AND contains(part.keys[${n}], '$')
       AND NOT ends_with(part.keys[${n}], '$')
     THEN to_json(MAP {'${prefix}' || split_part(part.keys[${n}], '$', 1):
       substr(part.keys[${n}], strpos(part.keys[${n}], '$') + 1)}) END`;
  const amount = (name: string) => `part.metrics."${name}"."Amount"`;
  const unit = metricNames.map((name) => `part.metrics."${name}"."Unit"`).join(', ');
  return {
    provider: "'AWS'",
    ...Object.fromEntries(
      Object.entries(dimensions).map(([dimension, of]) => [
        dimension,
        'values' in of ? spelled(key(of.key), of.values) : key(of.key),
      ]),
    ),
    currency: `coalesce(${unit})`,
    tags: tagParts(
      [1, 2].flatMap((n) => [
        { prefix: '', text: tag(n, 'TAG', '') },
        { prefix: '', text: tag(n, 'COST_CATEGORY', 'cost_category/') },
      ]),
    ),
    billed: `coalesce(${amount('UnblendedCost')}, ${amount('NetUnblendedCost')})`,
    effective: `coalesce(${amount('AmortizedCost')}, ${amount('NetAmortizedCost')})`,
    start: 'part.start',
    'period start': 'part.start',
  };
}

/** The first FOCUS value whose patterns fit; null where none does. */
function spelled(sql: string, values: Record<string, readonly string[]>): string {
  const cases = Object.entries(values).map(([value, patterns]) => {
    const fits = patterns.map((pattern) => `${sql} LIKE ${literal(pattern)}`).join(' OR ');
    return `WHEN ${fits} THEN ${literal(value)}`;
  });
  return `CASE ${cases.join(' ')} END`;
}
