import { notABill } from '../csv-scan.ts';
import { literal } from '../duck.ts';
import { type Cells, columnKey, finding, type Layout } from './layout.ts';
import { pagesMissing } from './openai-costs.ts';
import { tagParts } from './tag-sql.ts';

/**
 * What Anthropic charges by day: pages of the cost report of its Admin API saved as JSON
 * (https://docs.claude.com/en/api/admin-api/usage-cost/get-cost-report, read 2026-11; amounts are
 * decimal text in cents), and the cost CSV of its console (dollars).
 */
const fields = [
  'currency',
  'amount',
  'workspace_id',
  'description',
  'cost_type',
  'context_window',
  'model',
  'service_tier',
  'token_type',
] as const;
const resultShape = `{${fields.map((name) => `"${name}": "VARCHAR"`).join(', ')}}`;
const bucketShape = `[{"starting_at": "VARCHAR", "results": [${resultShape}]}]`;

const isCsv = (has: (name: string) => boolean) => ['usage_date_utc', 'cost_usd'].every(has);
const isPage = (has: (name: string) => boolean) =>
  ['data', 'has_more'].every(has) && !has('object') && !has('first_id');

export const anthropicCosts: Layout = {
  family: 'Anthropic costs',
  version: (has) => (isCsv(has) ? 'CSV' : isPage(has) ? 'API' : null),
  required: [],
  exportHint: '',
  names: (cells) => {
    const [amount, start] = cells.has('data')
      ? ['amount', 'starting_at']
      : ['cost_usd', 'usage_date_utc'];
    return {
      billed: amount,
      effective: amount,
      list: 'list_price_usd',
      contracted: amount,
      quantity: amount,
      start,
      'period start': start,
      currency: 'currency',
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
      ? `coalesce(bool_or(len(list_filter(${results(cells)}, lambda result: result.found."amount" IS NULL)) > 0), false) AS foreign,
         count_if(${cells.text('has_more')} = 'true') AS more`
      : 'false AS foreign, 0 AS more',
    judge: (answer, file) => {
      if (answer['foreign'] === true) throw notABill(file);
      return pagesMissing(Number(answer['more']));
    },
  }),
};

function results(cells: Cells): string {
  return `flatten(list_transform(from_json(${cells.text('data')}, ${literal(bucketShape)}), lambda bucket:
    list_transform(coalesce(bucket."results", []), lambda result:
      {'start': bucket."starting_at", 'found': result})))`;
}

function parts(cells: Cells): string {
  if (cells.has('data')) {
    // Cents: the point moves by an exponent, so that no digit is lost.
    const found = fields.map((name) => `'${name}': result.found."${name}"`).join(', ');
    return `list_transform(${results(cells)}, lambda result: {'start': result."start", 'key': NULL,
      'list': NULL, 'billed': result.found."amount" || 'e-2', ${found}})`;
  }
  const c = (name: string) => cells.text(name);
  return `[{'start': ${c('usage_date_utc')}, 'key': ${c('api_key')}, 'list': ${c('list_price_usd')},
    'billed': ${c('cost_usd')}, 'currency': 'USD', 'amount': NULL, 'workspace_id': ${c('workspace')},
    'description': NULL, 'cost_type': ${c('cost_type')}, 'context_window': ${c('context_window')},
    'model': ${c('model')}, 'service_tier': ${c('usage_type')}, 'token_type': ${c('token_type')}}]`;
}

function charge(): ReturnType<Layout['charge']> {
  return {
    provider: "'Anthropic'",
    account: 'part.workspace_id',
    service: "'Claude API'",
    category: "'AI and Machine Learning'",
    sku: `coalesce(concat_ws(' ', part.model, part.token_type, part.service_tier, part.context_window), part.description, part.cost_type)`,
    'sku name': meterName,
    pricing: "'Standard'",
    charge: "'Usage'",
    currency: 'upper(part.currency)',
    tags: tagParts([{ text: 'part.key', key: 'api_key' }]),
    billed: 'part.billed',
    effective: 'part.billed',
    list: 'part.list',
    start: 'part.start',
    'period start': 'part.start',
  };
}

/** Kinds of tokens, as the report and the console name them, in the words of meters. */
const kinds: Record<string, string> = {
  uncached_input_tokens: 'input tokens',
  input_no_cache: 'input tokens',
  cache_read_input_tokens: 'cache read input tokens',
  input_cache_read: 'cache read input tokens',
  'cache_creation.ephemeral_5m_input_tokens': 'cache write input tokens',
  'cache_creation.ephemeral_1h_input_tokens': 'cache write input tokens',
  input_cache_write_5m: 'cache write input tokens',
  input_cache_write_1h: 'cache write input tokens',
  output_tokens: 'output tokens',
  output: 'output tokens',
};

/** "claude-opus-5, batch cache read input tokens"; what is metered otherwise goes by its own words. */
const meterName = `CASE WHEN part.model IS NULL OR part.token_type IS NULL
  THEN coalesce(part.description, part.model, part.cost_type)
  ELSE part.model || ', ' || CASE WHEN contains(lower(coalesce(part.service_tier, '')), 'batch') THEN 'batch ' ELSE '' END
    || CASE part.token_type ${Object.entries(kinds)
      .map(([kind, words]) => `WHEN ${literal(kind)} THEN ${literal(words)}`)
      .join(' ')} ELSE part.token_type END END`;

const ownColumns = new Set(
  `data has_more next_page usage_date_utc model workspace api_key usage_type context_window token_type
  cost_usd list_price_usd cost_type inference_geo speed api_key_id api_key_status`
    .split(/\s+/)
    .map(columnKey),
);
