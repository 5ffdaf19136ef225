/** How the clock of a file without time zones is meant. */
export interface ClockOptions {
  /** IANA name ("Europe/Berlin"), "UTC" or an offset ("+02:00"). */
  timeZone: string;
  /** For 03/07/2026: the month or the day first; undecided while undefined. */
  dateOrder: 'mdy' | 'dmy' | undefined;
}

export type ReadTime =
  | { kind: 'time'; ms: number }
  /** Month and day could be either way round. */
  | { kind: 'undecided' }
  | { kind: 'bad' };

const clock = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?`;
const zone = String.raw`\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?`;
const yearFirst = new RegExp(
  String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})[T\s,]+${clock}${zone}$`,
);
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})[T\s,]+${clock}${zone}$`);

/**
 * A moment in UTC milliseconds from the text of a log: year first with any separator, day first
 * with points, month or day first as told, 12 or 24 hours, a zone of its own, or epoch seconds or
 * milliseconds. `after` decides the hour that a clock shows twice when summer ends: the first time
 * that does not lie before it.
 */
export function readTime(text: string, options: ClockOptions, after = -Infinity): ReadTime {
  const cell = text.trim();
  if (/^\d{9,16}(\.\d+)?$/.test(cell)) return { kind: 'time', ms: epochMs(Number(cell)) };
  const first = yearFirst.exec(cell);
  const last = first ? null : yearLast.exec(cell);
  const parts = first ?? last;
  if (!parts) return { kind: 'bad' };
  const [
    ,
    a = '',
    separator,
    b = '',
    c = '',
    hours = '',
    minutes = '',
    seconds = '0',
    fraction = '',
    half,
    own,
  ] = parts;
  let [year, month, day] = [a, b, c].map(Number) as [number, number, number];
  if (last) {
    const order = yearLastOrder(separator ?? '', Number(a), Number(b), half !== undefined, options);
    if (!order) return { kind: 'undecided' };
    year = Number(c);
    [month, day] = order === 'mdy' ? [Number(a), Number(b)] : [Number(b), Number(a)];
  }
  const hour = hourOf(Number(hours), half);
  if (hour === null || Number(minutes) > 59 || Number(seconds) > 60) return { kind: 'bad' };
  const local = Date.UTC(year, month - 1, day, hour, Number(minutes), Number(seconds));
  const real = new Date(Date.UTC(year, month - 1, day));
  if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) return { kind: 'bad' };
  const ms = local + Math.round(Number(`0.${fraction || '0'}`) * 1000);
  if (own !== undefined) return { kind: 'time', ms: ms - offsetMs(own) };
  return { kind: 'time', ms: fromZone(ms, options.timeZone, after) };
}

function yearLastOrder(
  separator: string,
  a: number,
  b: number,
  halfDay: boolean,
  { dateOrder }: ClockOptions,
): 'mdy' | 'dmy' | null {
  if (a > 12) return 'dmy';
  if (b > 12) return 'mdy';
  if (dateOrder) return dateOrder;
  if (separator === '.') return 'dmy';
  return halfDay && separator === '/' ? 'mdy' : null;
}

function hourOf(hours: number, half: string | undefined): number | null {
  if (half === undefined) return hours > 23 ? null : hours;
  if (hours < 1 || hours > 12) return null;
  return (hours % 12) + (/^p/i.test(half) ? 12 : 0);
}

/** Seconds until the year 5138, milliseconds from 1973 on: the two never meet. */
export function epochMs(value: number): number {
  return Math.round(value < 1e11 ? value * 1000 : value < 1e14 ? value : value / 1000);
}

/** Milliseconds ahead of UTC of "Z", "+02", "+0200", "+02:00". */
function offsetMs(text: string): number {
  const parts = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (!parts) return 0;
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0);
  return (parts[1] === '-' ? -1 : 1) * minutes * 60_000;
}

const fixed = /^(Z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$/;

export function isTimeZone(zoneName: string): boolean {
  if (fixed.test(zoneName)) return true;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zoneName }));
  } catch {
    return false;
  }
}

/** From the wall clock of a zone to UTC; a wall time that was skipped counts as if it had not been. */
function fromZone(local: number, zoneName: string, after: number): number {
  if (fixed.test(zoneName)) return local - offsetMs(zoneName);
  const early = local - zoneOffset(local - 86_400_000, zoneName);
  const late = local - zoneOffset(local + 86_400_000, zoneName);
  const candidates = [...new Set([early, late])]
    .filter((ms) => ms + zoneOffset(ms, zoneName) === local)
    .sort((a, b) => a - b);
  return candidates.find((ms) => ms >= after) ?? candidates.at(-1) ?? early;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Milliseconds that the zone is ahead of UTC at a moment; the same within a quarter of an hour. */
function zoneOffset(ms: number, zoneName: string): number {
  const quarter = Math.floor(ms / 900_000);
  const key = `${zoneName} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  let format = formats.get(zoneName);
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone: zoneName,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zoneName, format);
  }
  const at = quarter * 900_000;
  const part = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
  );
  const wall = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  );
  if (offsets.size > 10_000) offsets.clear();
  offsets.set(key, wall - at);
  return wall - at;
}
