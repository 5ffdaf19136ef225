import { OutlayError } from '../../../shared/contract/errors.ts';
import type { TokenVendor, tokenCaches } from '../../../shared/contract/tokens.ts';
import { dayText } from '../../../shared/domain/calendar.ts';

export type TokenCache = (typeof tokenCaches)[number];

/** Whole tokens of one hour or day that agree in everything an export tells apart. */
export interface TokenCell {
  /** Days since 1970-01-01, UTC. */
  day: number;
  /** 0 to 23; -1 where the export counts whole days. */
  hour: number;
  account: string;
  key: string;
  model: string;
  direction: 'input' | 'output';
  cache: TokenCache;
  batch: boolean;
  tokens: number;
}

export type CellPlace = Omit<TokenCell, 'tokens' | 'direction' | 'cache'>;

/** Where the readers of all layouts bring what they count. */
export interface UsageSink {
  /** A line, a result or a request was read. */
  row: () => void;
  add: (cell: TokenCell) => void;
  /** Days that the export speaks of, also where it counts nothing on them. */
  covers: (day: number) => void;
  note: (code: string, message: string) => void;
  /** One request of a log, by its id. */
  request: (id: string) => void;
}

export interface UsageFormat {
  /** "OpenAI usage (completions)": loads of one format may stand for each other. */
  format: string;
  vendor: TokenVendor;
}

/** More counts than any export of a year holds when it is asked for by model and day. */
const cellLimit = 2_000_000;

export interface GatheredUsage extends UsageSink {
  cells: () => IterableIterator<TokenCell>;
  rows: () => number;
  days: () => { first: number; last: number } | null;
  findings: () => { code: string; count: number; message: string }[];
  /** What its counts are told apart by. */
  shape: () => string;
  /** Of a log: the same for the same requests in any order. */
  content: () => string | null;
}

/** Gathers the counts of one file; what agrees in everything is one count. */
export function gatherUsage(file: string): GatheredUsage {
  const cells = new Map<string, TokenCell>();
  const notes = new Map<string, { code: string; count: number; message: string }>();
  let rows = 0;
  let [first, last] = [Infinity, -Infinity];
  let requests = 0n;
  let requested = 0;
  const covers = (day: number) => {
    if (day < first) first = day;
    if (day > last) last = day;
  };
  return {
    row: () => rows++,
    covers,
    add: (cell) => {
      const { tokens, ...place } = cell;
      covers(cell.day);
      const key = JSON.stringify(Object.values(place));
      const known = cells.get(key);
      if (!known) {
        if (cells.size >= cellLimit) throw tooMany(file);
        cells.set(key, { ...cell });
        return;
      }
      known.tokens += tokens;
      if (!Number.isSafeInteger(known.tokens)) throw tooLarge(file, cell.day);
    },
    note: (code, message) => {
      const known = notes.get(message);
      if (known) known.count++;
      else notes.set(message, { code, count: 1, message });
    },
    request: (id) => {
      requests ^= fingerprint(id);
      requested++;
    },
    cells: () => cells.values(),
    rows: () => rows,
    days: () => (first > last ? null : { first, last }),
    findings: () => [...notes.values()],
    shape: () => {
      const all = [...cells.values()];
      const has = (name: string, is: (cell: TokenCell) => boolean) => (all.some(is) ? [name] : []);
      return [
        ...has('hour', ({ hour }) => hour >= 0),
        ...has('account', ({ account }) => account !== ''),
        ...has('key', ({ key }) => key !== ''),
        ...has('model', ({ model }) => model !== ''),
      ].join(' ');
    },
    content: () => (requested === 0 ? null : `${requested} ${requests.toString(16)}`),
  };
}

/** 64 bits of an id (FNV-1a); XOR of them does not depend on the order. */
function fingerprint(id: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < id.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(id.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash;
}

/**
 * The hour or day that a bucket of time is counted in; `from` and `to` in UTC milliseconds. Null for
 * one that spans days.
 */
export function bucketPlace(from: number, to: number): { day: number; hour: number } | null {
  const [dayMs, hourMs] = [86_400_000, 3_600_000];
  const day = Math.floor(from / dayMs);
  if (!(to > from) || to > (day + 1) * dayMs) return null;
  const hour = Math.floor((from - day * dayMs) / hourMs);
  const inHour = to <= day * dayMs + (hour + 1) * hourMs;
  return { day, hour: inHour ? hour : -1 };
}

/** Whole tokens; null where there is no value. Throws where it is anything else. */
export function tokensOf(value: unknown, where: string): number | null {
  if (value === null || value === undefined || value === '') return null;
  // Spreadsheets and data frames write whole numbers as "1204.0".
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && /^\d{1,16}(?:\.0+)?$/.test(text.trim())) {
    const tokens = Number(text);
    if (Number.isSafeInteger(tokens)) return tokens;
  }
  throw new OutlayError(
    'VALUE_BAD',
    `${where}: ${JSON.stringify(value)?.slice(0, 40)} is no whole number of tokens. Nothing was changed.`,
    'Export it again.',
  );
}

/** Refuses cached tokens that are more than the input they are a part of. */
export function partOf(whole: number, parts: number, where: string): number {
  if (parts <= whole) return whole - parts;
  throw new OutlayError(
    'VALUE_BAD',
    `${where}: ${parts} tokens read from or written to the cache are more than the ${whole} input tokens that hold them. Nothing was changed.`,
    'Export it again.',
  );
}

export function bucketBad(where: string, what: string): OutlayError {
  return new OutlayError(
    'DATE_BAD',
    `${where}: ${what}. Nothing was changed.`,
    'Export usage by minute, hour or UTC day.',
  );
}

function tooMany(file: string): OutlayError {
  return new OutlayError(
    'TOO_LARGE',
    `${file} holds more than ${cellLimit.toLocaleString('en')} counts. Nothing was changed.`,
    'Export it by day and model, or a shorter time in each file.',
  );
}

function tooLarge(file: string, day: number): OutlayError {
  return new OutlayError(
    'VALUE_BAD',
    `${file}: the tokens of ${dayText(day)} add up to more than can be counted exactly. Nothing was changed.`,
    'Check the file; export it by hour, model and project.',
  );
}
