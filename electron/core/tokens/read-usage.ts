import { OutlayError } from '../../../shared/contract/errors.ts';
import { parseHeader } from '../ingest/csv-header.ts';
import { cellsOf } from '../telemetry/csv-rows.ts';
import { eachElement } from '../telemetry/json-elements.ts';
import { type JsonObject, listOf, objectOf } from '../telemetry/json-objects.ts';
import { eachLine } from '../telemetry/lines.ts';
import {
  anthropicColumns,
  isAnthropicResult,
  readAnthropicResult,
  readAnthropicRow,
} from './anthropic.ts';
import { isBedrockLog, readBedrockLog } from './bedrock-log.ts';
import { openaiKind, openaiPlace, readOpenaiResult } from './openai.ts';
import type { UsageFormat, UsageSink } from './usage.ts';

export const readableUsage =
  'Outlay reads usage of the OpenAI API (JSON pages, CSV of the console), the usage report of messages of Anthropic (JSON pages, CSV of the console) and invocation logs of Amazon Bedrock; also compressed. Metrics of CloudWatch, Azure Monitor and Cloud Monitoring are telemetry.';

/** Reads a usage export to its end, whatever its layout, and answers which that was. */
export async function readUsage(
  file: string,
  chunks: AsyncIterable<string>,
  sink: UsageSink,
): Promise<UsageFormat> {
  const { head, all } = await withHead(chunks);
  return /^\uFEFF?\s*[{[]/.test(head)
    ? await readJson(file, all, sink)
    : await readCsv(file, all, sink);
}

async function withHead(chunks: AsyncIterable<string>) {
  const pieces = chunks[Symbol.asyncIterator]();
  const first = await pieces.next();
  const head = first.done ? '' : first.value;
  async function* all(): AsyncGenerator<string> {
    yield head;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  }
  return { head, all: all() };
}

async function readJson(
  file: string,
  chunks: AsyncIterable<string>,
  sink: UsageSink,
): Promise<UsageFormat> {
  const formats = new Map<string, UsageFormat>();
  let results = 0;
  const found = (format: UsageFormat) => formats.set(format.format, format);

  function take(value: unknown): void {
    const record = objectOf(value);
    if (!record) return;
    if (isBedrockLog(record)) {
      found(bedrockLog);
      readBedrockLog(record, `${file}, record ${++results}`, sink);
    } else if (listOf(record['data'])) page(record);
    else if (listOf(record['results'])) bucket(record);
    else throw notUsage(file);
  }

  function page(record: JsonObject): void {
    for (const one of listOf(record['data']) ?? []) {
      const entry = objectOf(one) ?? {};
      if (listOf(entry['results'])) bucket(entry);
      else throw isCodeReport(entry) ? codeReport(file) : notUsage(file);
    }
    if (record['has_more'] === true) {
      sink.note('MORE_PAGES', 'The answer has further pages, which are not in this file.');
    }
  }

  function bucket(record: JsonObject): void {
    const openai = 'start_time' in record;
    const time = openai
      ? { start: record['start_time'], end: record['end_time'] }
      : { start: record['starting_at'], end: record['ending_at'] };
    const list = listOf(record['results']) ?? [];
    if (openai && list.length === 0) sink.covers(openaiPlace(time, file).day);
    for (const one of list) {
      const result = objectOf(one) ?? {};
      const where = `${file}, result ${++results}`;
      const kind = openaiKind(result);
      if (kind !== null) {
        found(openaiUsage(kind));
        readOpenaiResult(kind, time, result, where, sink);
      } else if (isAnthropicResult(result)) {
        found(anthropicUsage);
        readAnthropicResult(time, result, where, sink);
      } else throw isCost(result) ? costs(file) : notUsage(file);
    }
  }

  await eachElement(file, chunks, {
    element: take,
    document: (value) => {
      // The elements of a list at the top were taken one by one.
      if (!Array.isArray(value)) take(value);
    },
  });
  const [format, other] = formats.values();
  if (!format) throw noUsage(file);
  if (other) {
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${file} mixes ${format.format} and ${other.format}. Nothing was changed.`,
      'Put each of them into a file of its own.',
    );
  }
  return format;
}

async function readCsv(
  file: string,
  chunks: AsyncIterable<string>,
  sink: UsageSink,
): Promise<UsageFormat> {
  let columns: string[] = [];
  let delimiter = ',';
  let format: UsageFormat | null = null;
  await eachLine(file, chunks, (line, row) => {
    if (line.trim() === '') return;
    if (!format) {
      const header = parseHeader(line);
      delimiter = header.delimiter;
      columns = cellsOf(line, delimiter);
      format = csvFormat(file, columns);
      return;
    }
    const cells = cellsOf(line, delimiter);
    const where = `${file}, row ${row}`;
    if (cells.length !== columns.length) {
      throw new OutlayError(
        'ROW_BAD',
        `${where}: ${cells.length} cells, the header has ${columns.length}. Nothing was changed.`,
        'The file is cut or an unquoted cell holds the delimiter. Export it again.',
      );
    }
    const cell = (column: string) => cells[columns.indexOf(column)] ?? '';
    if (format.vendor === 'anthropic') {
      readAnthropicRow(cell, where, sink);
      return;
    }
    const time = { start: cell('start_time'), end: cell('end_time') };
    if (cell('input_tokens') === '' && cell('output_tokens') === '') {
      sink.covers(openaiPlace(time, where).day);
      return;
    }
    const result = Object.fromEntries(columns.map((name) => [name, cell(name)]));
    readOpenaiResult('completions', time, result, where, sink);
  });
  if (!format) throw noUsage(file);
  return format;
}

/** Which layout a header is of; refuses what is none, saying what it is where that is known. */
function csvFormat(file: string, columns: readonly string[]): UsageFormat {
  const has = (...names: readonly string[]) => names.every((name) => columns.includes(name));
  if (has(...anthropicColumns)) return anthropicUsage;
  if (has('start_time', 'end_time', 'input_tokens')) {
    return openaiUsage(has('output_tokens') ? 'completions' : 'embeddings');
  }
  if (has('amount_value', 'start_time') || has('cost_usd', 'usage_date_utc')) throw costs(file);
  if (has('start_time', 'end_time', 'start_time_iso')) throw noUsage(file);
  throw notUsage(file);
}

/** Whether a CSV header is that of a usage export, also of one that holds no counts. */
export function isUsageHeader(columns: readonly string[]): boolean {
  const has = (...names: readonly string[]) => names.every((name) => columns.includes(name));
  return (
    has(...anthropicColumns) ||
    (has('start_time', 'end_time') &&
      (has('input_tokens') || columns.length === 4) &&
      has('start_time_iso'))
  );
}

/** Whether the beginning of JSON text is that of a usage export. */
export function isUsageJson(head: string): boolean {
  return (
    /"organization\.usage\.\w+\.result"|"uncached_input_tokens"\s*:|"schemaType"\s*:\s*"ModelInvocationLog"/.test(
      head,
    ) || /"model_breakdown"\s*:/.test(head)
  );
}

const anthropicUsage: UsageFormat = { format: 'Anthropic usage', vendor: 'anthropic' };
const bedrockLog: UsageFormat = { format: 'Bedrock invocation log', vendor: 'aws' };

function openaiUsage(kind: string): UsageFormat {
  return { format: `OpenAI usage (${kind.replaceAll('_', ' ')})`, vendor: 'openai' };
}

function isCost(result: JsonObject): boolean {
  return (
    result['object'] === 'organization.costs.result' || 'cost_type' in result || 'amount' in result
  );
}

function isCodeReport(entry: JsonObject): boolean {
  return 'actor' in entry || listOf(entry['model_breakdown']) !== null;
}

function costs(file: string): OutlayError {
  return new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file} holds costs, not counts of tokens. Nothing was changed.`,
    `Import it as a bill: outlay import ${file}`,
  );
}

function codeReport(file: string): OutlayError {
  return new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file} is a Claude Code analytics report. The usage report of messages holds the same tokens, so they would count twice. Nothing was changed.`,
    'Export the usage report of messages (usage_report/messages) and import that.',
  );
}

function noUsage(file: string): OutlayError {
  return new OutlayError(
    'NO_DATA',
    `${file} holds no counts of tokens. Nothing was changed.`,
    'Export a time with usage, grouped by model.',
  );
}

export function notUsage(file: string): OutlayError {
  return new OutlayError(
    'UNSUPPORTED_FORMAT',
    `${file} is no usage export that is known. Nothing was changed.`,
    readableUsage,
  );
}
