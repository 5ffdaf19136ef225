import { type JsonObject, objectOf, textOf } from '../telemetry/json-objects.ts';
import { bucketBad, bucketPlace, type CellPlace, tokensOf, type UsageSink } from './usage.ts';

/**
 * The usage report of messages of the Anthropic Admin API, and the usage CSV of its console.
 * https://docs.claude.com/en/api/admin-api/usage-cost/get-messages-usage-report (read 2026-11).
 * The classes are disjoint there already.
 */
export function isAnthropicResult(result: JsonObject): boolean {
  return 'uncached_input_tokens' in result;
}

export interface AnthropicBucket {
  /** RFC 3339. */
  start: unknown;
  end: unknown;
}

export function readAnthropicResult(
  bucket: AnthropicBucket,
  result: JsonObject,
  where: string,
  sink: UsageSink,
): void {
  sink.row();
  const place = anthropicPlace(bucket, where);
  sink.covers(place.day);
  const tier = textOf(result['service_tier']);
  if (tier === null) {
    sink.note(
      'BATCH_UNKNOWN',
      'Results that do not say whether they are batch: counted as not (group by service tier to tell them apart).',
    );
  }
  const cell = {
    ...place,
    account: textOf(result['workspace_id']) ?? '',
    key: textOf(result['api_key_id']) ?? '',
    model: textOf(result['model']) ?? '',
    batch: /batch/i.test(tier ?? ''),
  } satisfies CellPlace;
  const written = objectOf(result['cache_creation']) ?? {};
  const number = (of: JsonObject, name: string) => tokensOf(of[name], `${where}, ${name}`) ?? 0;
  addClasses(sink, cell, {
    none: number(result, 'uncached_input_tokens'),
    read: number(result, 'cache_read_input_tokens'),
    write:
      number(written, 'ephemeral_5m_input_tokens') + number(written, 'ephemeral_1h_input_tokens'),
    output: number(result, 'output_tokens'),
  });
}

/** Columns of the console's usage CSV. */
export const anthropicColumns = [
  'usage_date_utc',
  'model_version',
  'usage_input_tokens_no_cache',
  'usage_output_tokens',
] as const;

/** One row of the console's usage CSV, by column. */
export function readAnthropicRow(
  cell: (column: string) => string,
  where: string,
  sink: UsageSink,
): void {
  sink.row();
  const date = cell('usage_date_utc').trim();
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  if (Number.isNaN(ms))
    throw bucketBad(where, `"${date.slice(0, 40)}" is no day such as 2026-10-31`);
  const number = (column: string) => tokensOf(cell(column), `${where}, column ${column}`) ?? 0;
  const place = {
    day: ms / 86_400_000,
    hour: -1,
    account: cell('workspace'),
    key: cell('api_key'),
    model: cell('model_version'),
    batch: /batch/i.test(cell('usage_type')),
  } satisfies CellPlace;
  sink.covers(place.day);
  addClasses(sink, place, {
    none: number('usage_input_tokens_no_cache'),
    read: number('usage_input_tokens_cache_read'),
    write:
      number('usage_input_tokens_cache_write_5m') + number('usage_input_tokens_cache_write_1h'),
    output: number('usage_output_tokens'),
  });
}

/** The classes of one place; where there are none there is nothing to count. */
export function addClasses(
  sink: UsageSink,
  place: CellPlace,
  { output, ...input }: { none: number; read: number; write: number; output: number },
): void {
  for (const cache of ['none', 'read', 'write'] as const) {
    if (input[cache] > 0) {
      sink.add({ ...place, direction: 'input', cache, tokens: input[cache] });
    }
  }
  if (output > 0) sink.add({ ...place, direction: 'output', cache: 'none', tokens: output });
}

function anthropicPlace({ start, end }: AnthropicBucket, where: string) {
  const time = (value: unknown) =>
    /(Z|[+-]\d{2}:\d{2})$/.test(textOf(value) ?? '') ? Date.parse(textOf(value) ?? '') : NaN;
  const place = bucketPlace(time(start), time(end));
  if (place) return place;
  throw bucketBad(
    where,
    `its time from ${String(start)} to ${String(end)} is no minute, hour or UTC day`,
  );
}
