import { OutlayError } from '../../../shared/contract/errors.ts';
import { parseHeader } from '../ingest/csv-header.ts';
import { detectFormat, lookup } from '../ingest/detect.ts';
import type { InputPath } from '../ingest/paths.ts';
import { fileFacts } from '../ingest/source-file.ts';
import { isAwsOfferCsv } from '../prices/aws-offers.ts';
import { isOwnLayout } from '../prices/own-layout.ts';
import { isPlainTable } from '../prices/plain-tables.ts';
import { isTelemetryText } from '../telemetry/detect.ts';
import { openText } from '../telemetry/open-text.ts';
import { isUsageHeader, isUsageJson } from '../tokens/read-usage.ts';

/** What a file is by its content; what nothing is known of goes to the reader of bills, who says so. */
export type FileKind = 'bill' | 'telemetry' | 'prices' | 'tokens' | 'rules';

/** Enough for the header of most files, and the first elements of a list. */
const headLength = 65_536;

/** Looks at the beginning of a file, whatever its name; a file that cannot be read is a bill's. */
export async function kindOfFile({ path, refusal }: InputPath): Promise<FileKind> {
  if (refusal) return 'bill';
  let head = '';
  try {
    const signal = new AbortController().signal;
    for await (const text of openText(await fileFacts(path), { hash: null, onBytes, signal })) {
      head += text;
      if (head.length >= headLength) break;
    }
  } catch {
    // A packed file that is cut has a beginning all the same.
    if (head === '') return 'bill';
  }
  return kindOfText(path, head.replace(/^\uFEFF/, ''));
}

function onBytes(): void {}

export function kindOfText(file: string, head: string): FileKind {
  const bare = head.replace(/^(?:\s|\/\/.*|#(?!\s*(?:HELP|TYPE)).*|\/\*[\s\S]*?\*\/)+/, '');
  if (/^[{[]/.test(bare)) return kindOfJson(file, bare);
  if (/^rules\s*:/m.test(bare)) return 'rules';
  if (bare === '') return 'bill';
  const first = /^.*/.exec(head.trimStart())?.[0].trimEnd() ?? '';
  const { cells } = parseHeader(first);
  const columns = cells.map((cell) => cell.trim());
  if (isBill(file, columns)) return 'bill';
  if (isUsageHeader(columns)) return 'tokens';
  if (isOwnLayout(columns) || isAwsOfferCsv(columns) || isPlainTable(columns)) return 'prices';
  return isTelemetryText(file, head) ? 'telemetry' : 'bill';
}

/** Names that only one kind of document has at its top; all of a group must be there. */
const marks: readonly (readonly [FileKind, ...string[]])[] = [
  ['rules', 'rules'],
  ['telemetry', 'MetricDataResults'],
  ['telemetry', 'Datapoints'],
  ['telemetry', 'timeSeries'],
  ['telemetry', 'resultType'],
  ['telemetry', 'status', 'data'],
  ['telemetry', 'metric', 'points'],
  ['telemetry', 'metric', 'values'],
  ['telemetry', 'metric', 'value'],
  ['telemetry', 'Timestamps', 'Values'],
  ['telemetry', 'timespan', 'value'],
  ['prices', 'products', 'terms'],
  ['prices', 'PriceList'],
  ['prices', 'product', 'terms'],
  ['prices', 'skus'],
  ['prices', 'skuId', 'pricingInfo'],
  ['prices', 'Items', 'BillingCurrency'],
  ['prices', 'retailPrice', 'meterName'],
  ['prices', 'vendor', 'models'],
];

function kindOfJson(file: string, head: string): FileKind {
  const names = topNames(head);
  if (isUsageJson(head) && ['data', 'results', 'schemaType'].some((name) => names.has(name))) {
    return 'tokens';
  }
  // Exporters write JSON of samples behind each other, and of offers with the model as the name.
  const found = marks.find(([, ...of]) => of.every((name) => names.has(name)));
  if (found) return found[0];
  if (isBill(file, [...names])) return 'bill';
  return /"litellm_provider"|"input_cost_per_token"/.test(head) ? 'prices' : 'bill';
}

/**
 * Names of the members of the first object, and of one in it called `data`, as far as the text goes.
 */
function topNames(head: string): Set<string> {
  const names = new Set<string>();
  const start = head.indexOf('{');
  let depth = 0;
  let text = '';
  let key = '';
  let within = '';
  for (let i = start; i >= 0 && i < head.length; i++) {
    const char = head[i];
    if (char === '"') {
      let end = i + 1;
      while (end < head.length && head[end] !== '"') end += head[end] === '\\' ? 2 : 1;
      text = head.slice(i + 1, end);
      i = end;
    } else if (char === ':') {
      key = text;
      if (depth === 1 || (depth === 2 && within === 'data')) names.add(text);
    } else if (char === '{' || char === '[') {
      if (++depth === 2) within = char === '{' ? key : '';
    } else if ((char === '}' || char === ']') && --depth === 0) break;
  }
  return names;
}

/** Whether its columns are those of a bill, also of one that is not read or lacks something. */
function isBill(file: string, columns: readonly string[]): boolean {
  try {
    detectFormat(file, columns, {}, lookup(columns));
    return true;
  } catch (error) {
    return !(error instanceof OutlayError && error.code === 'NOT_A_BILL');
  }
}
