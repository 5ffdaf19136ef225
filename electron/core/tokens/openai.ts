import { type JsonObject, textOf } from '../telemetry/json-objects.ts';
import {
  bucketBad,
  bucketPlace,
  type CellPlace,
  partOf,
  tokensOf,
  type UsageSink,
} from './usage.ts';

/**
 * Usage of the OpenAI API: buckets of time with results. https://platform.openai.com/docs/api-reference/usage
 * (read 2026-11). Input tokens hold the cached ones and those written to the cache; here they are apart.
 */
const counted = ['completions', 'embeddings', 'moderations'];
/** Kinds of usage that are metered in something else. */
const otherKinds: Record<string, string> = {
  images: 'images',
  audio_speeches: 'characters',
  audio_transcriptions: 'seconds',
  vector_stores: 'bytes',
  code_interpreter_sessions: 'sessions',
  web_search_calls: 'calls',
  file_search_calls: 'calls',
};

/** The kind of usage of a result ("completions"); null where it is none. */
export function openaiKind(result: JsonObject): string | null {
  return /^organization\.usage\.(\w+)\.result$/.exec(textOf(result['object']) ?? '')?.[1] ?? null;
}

export interface OpenaiBucket {
  /** Seconds since 1970, as the export has them. */
  start: unknown;
  end: unknown;
}

/** Takes one result of a bucket; `where` names it in a refusal. */
export function readOpenaiResult(
  kind: string,
  bucket: OpenaiBucket,
  result: JsonObject,
  where: string,
  sink: UsageSink,
): void {
  sink.row();
  const place = openaiPlace(bucket, where);
  sink.covers(place.day);
  if (!counted.includes(kind)) {
    const unit = otherKinds[kind] ?? 'something else';
    sink.note(
      'NOT_TOKENS',
      `Usage of ${kind.replaceAll('_', ' ')} is metered in ${unit}, not counted.`,
    );
    return;
  }
  if (result['batch'] === null || result['batch'] === undefined || result['batch'] === '') {
    sink.note(
      'BATCH_UNKNOWN',
      'Results that do not say whether they are batch: counted as not (group by batch to tell them apart).',
    );
  }
  const number = (name: string) => tokensOf(result[name], `${where}, ${name}`);
  const input = number('input_tokens') ?? 0;
  const read = number('input_cached_tokens') ?? 0;
  const written = number('input_cache_write_tokens') ?? 0;
  const uncached = partOf(input, read + written, where);
  const cell = {
    ...place,
    account: textOf(result['project_id']) ?? '',
    key: textOf(result['api_key_id']) ?? textOf(result['user_id']) ?? '',
    model: textOf(result['model']) ?? '',
    batch: /^true$/i.test(String(result['batch'])),
  } satisfies CellPlace;
  const add = (direction: 'input' | 'output', cache: 'none' | 'read' | 'write', tokens: number) => {
    if (tokens > 0) sink.add({ ...cell, direction, cache, tokens });
  };
  add('input', 'none', uncached);
  add('input', 'read', read);
  add('input', 'write', written);
  add('output', 'none', number('output_tokens') ?? 0);
}

/** A bucket of the time asked for counts as a day spoken of, also without results. */
export function openaiPlace({ start, end }: OpenaiBucket, where: string) {
  const ms = [start, end].map((value) => {
    const seconds = typeof value === 'number' ? value : Number(String(value).trim() || NaN);
    return seconds * 1000;
  });
  const [from = NaN, to = NaN] = ms;
  const place = from > Date.UTC(2015, 0) && to < Date.UTC(2100, 0) ? bucketPlace(from, to) : null;
  if (place) return place;
  throw bucketBad(
    where,
    `its time from ${String(start)} to ${String(end)} is no minute, hour or UTC day`,
  );
}
