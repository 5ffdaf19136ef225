import { notABill } from '../csv-scan.ts';
import { literal } from '../duck.ts';
import { type Cells, columnKey, finding, type Finding, type Layout } from './layout.ts';
import { tagParts } from './tag-sql.ts';

/**
 * What OpenAI charges by day: pages of the costs API saved as JSON
 * (https://platform.openai.com/docs/api-reference/usage/costs, read 2026-11), where each result is a
 * charge, and the cost CSV of the console, where each row with an amount is one.
 */
const resultFields = [
  'object',
  'line_item',
  'project_id',
  'api_key_id',
  'organization_id',
  'quantity',
];
const resultShape = `{"amount": {"value": "VARCHAR", "currency": "VARCHAR"}, ${resultFields.map((name) => `"${name}": "VARCHAR"`).join(', ')}}`;
const bucketShape = `[{"start_time": "VARCHAR", "results": [${resultShape}]}]`;

const isCsv = (has: (name: string) => boolean) =>
  ['amount_value', 'amount_currency', 'start_time'].every(has);
const isPage = (has: (name: string) => boolean) => ['object', 'data', 'has_more'].every(has);

export const openaiCosts: Layout = {
  family: 'OpenAI costs',
  version: (has) => (isCsv(has) ? 'CSV' : isPage(has) ? 'API' : null),
  required: [],
  exportHint: '',
  names: (cells) => {
    const amount = cells.has('amount_value') ? 'amount_value' : 'amount';
    return {
      billed: amount,
      effective: amount,
      list: amount,
      contracted: amount,
      quantity: 'quantity',
      start: 'start_time',
      'period start': 'start_time',
      currency: cells.has('amount_value') ? 'amount_currency' : 'currency of the amount',
    };
  },
  parts,
  charge,
  findings: (names) =>
    finding(
      'COLUMN_UNKNOWN',
      names.filter((name) => !ownColumns.has(columnKey(name))),
      'not a column of the cost export, not kept.',
    ),
  inspect: (cells) => ({
    select: cells.has('data')
      ? `coalesce(bool_or(len(list_filter(${results(cells)}, lambda result:
           coalesce(result.found."object", '') <> 'organization.costs.result')) > 0), false) AS foreign,
         count_if(${cells.text('has_more')} = 'true') AS more`
      : 'false AS foreign, 0 AS more',
    judge: (answer, file) => {
      if (answer['foreign'] === true) throw notABill(file);
      return pagesMissing(Number(answer['more']));
    },
  }),
};

/** Pages that say that others follow. */
export function pagesMissing(pages: number): Finding[] {
  return pages === 0
    ? []
    : [
        {
          code: 'PAGES_MISSING',
          count: pages,
          message: 'The answer has further pages; import them together with this one.',
        },
      ];
}

/** Results of all buckets of a page, each with the start of its bucket. */
function results(cells: Cells): string {
  return `flatten(list_transform(from_json(${cells.text('data')}, ${literal(bucketShape)}), lambda bucket:
    list_transform(coalesce(bucket."results", []), lambda result:
      {'start': bucket."start_time", 'found': result})))`;
}

function parts(cells: Cells): string {
  if (cells.has('data')) {
    return `list_transform(${results(cells)}, lambda result: {'start': result."start",
      'amount': result.found."amount"."value", 'currency': result.found."amount"."currency",
      'item': result.found."line_item", 'project': result.found."project_id", 'project_name': NULL,
      'organisation': result.found."organization_id", 'key': result.found."api_key_id",
      'quantity': result.found."quantity", 'unit': NULL})`;
  }
  const c = (name: string) => cells.text(name);
  return `CASE WHEN ${c('amount_value')} IS NULL THEN [] ELSE [{'start': ${c('start_time')},
    'amount': ${c('amount_value')}, 'currency': ${c('amount_currency')}, 'item': ${c('line_item')},
    'project': ${c('project_id')}, 'project_name': ${c('project_name')},
    'organisation': ${c('organization_id')}, 'key': ${c('api_key_id')},
    'quantity': ${c('quantity')}, 'unit': ${c('quantity_unit')}}] END`;
}

function charge(): ReturnType<Layout['charge']> {
  // A start that is no number stays as it is, and is refused by its own words.
  const start = `coalesce(strftime(make_timestamp(try_cast(part.start AS BIGINT) * 1000000), '%Y-%m-%dT%H:%M:%SZ'), part.start)`;
  return {
    provider: "'OpenAI'",
    'billing-account': 'part.organisation',
    account: 'coalesce(part.project, part.organisation)',
    'account name': 'part.project_name',
    service: "'OpenAI API'",
    category: "'AI and Machine Learning'",
    sku: 'part.item',
    'sku name': meterName('part.item'),
    pricing: "'Standard'",
    charge: "'Usage'",
    currency: 'upper(part.currency)',
    quantity: 'part.quantity',
    unit: `CASE WHEN part.quantity IS NOT NULL THEN part.unit END`,
    tags: tagParts([{ text: 'part.key', key: 'api_key' }]),
    billed: 'part.amount',
    effective: 'part.amount',
    start,
    'period start': start,
  };
}

/** "gpt-5-mini, cached input" meters tokens, as "gpt-5-nano, input_tokens" says of itself. */
function meterName(item: string): string {
  return `CASE WHEN regexp_matches(${item}, ',[a-z ]*(input|output)$') THEN ${item} || ' tokens'
    ELSE replace(${item}, '_tokens', ' tokens') END`;
}

const ownColumns = new Set(
  `object data has_more next_page start_time end_time start_time_iso end_time_iso amount_value
  amount_currency quantity quantity_unit line_item user_id api_key_id project_id organization_id
  project_name organization_name user_email api_source`
    .split(/\s+/)
    .map(columnKey),
);
