import { addDays, addMonths, firstDayOf, monthOf } from './calendar.ts';
import { type Exact, formatExact, parseExact } from './exact.ts';

/**
 * The one formatter of the product. Money arrives as exact decimal text and is rounded on its
 * digits, half away from zero; it never passes through a double.
 */

/** U+2212, the true minus sign. */
export const MINUS = '\u2212';

interface Decimal {
  negative: boolean;
  /** Digits before the point, without leading zeros; "0" where there are none. */
  whole: string;
  /** Digits after the point, as given. */
  fraction: string;
}

function parseDecimal(text: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  return {
    negative: match[1] === '-',
    whole: (match[2] ?? '0').replace(/^0+(?=\d)/, ''),
    fraction: match[3] ?? '',
  };
}

function isZero(digits: string): boolean {
  return /^0*$/.test(digits);
}

/** Rounds to `places` digits after the point, half away from zero. */
function roundDecimal(value: Decimal, places: number): Decimal {
  if (value.fraction.length <= places) {
    return { ...value, fraction: value.fraction.padEnd(places, '0') };
  }
  const kept = BigInt(value.whole + value.fraction.slice(0, places));
  const up = (value.fraction[places] ?? '0') >= '5' ? 1n : 0n;
  const digits = String(kept + up).padStart(places + 1, '0');
  return {
    negative: value.negative,
    whole: digits.slice(0, digits.length - places),
    fraction: digits.slice(digits.length - places),
  };
}

function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ',');
}

function unsigned(value: Decimal): string {
  return value.fraction === '' ? group(value.whole) : `${group(value.whole)}.${value.fraction}`;
}

function signOf(value: Decimal, plus: string): string {
  if (isZero(value.whole) && isZero(value.fraction)) return '';
  return value.negative ? MINUS : plus;
}

/** "1,352,480", "−1,204.60": `places` digits after the point; what rounds to zero has no sign. */
export function formatDecimal(text: string, places = 0): string {
  const rounded = roundDecimal(parseDecimal(text), places);
  return signOf(rounded, '') + unsigned(rounded);
}

/**
 * Digits after the point for the parts of a total: whole units, but cents where the whole total is
 * small, so that its parts do not all read 0.
 */
export function placesOf(total: string | null): 0 | 2 {
  return total !== null && parseDecimal(total).whole.length <= 3 ? 2 : 0;
}

/** Every digit of the text, at least two after the point: for what is tied out to a file. */
export function formatAllDigits(text: string): string {
  const value = parseDecimal(text);
  const fraction = value.fraction.replace(/0+$/, '').padEnd(2, '0');
  return signOf(value, '') + unsigned({ ...value, fraction });
}

/** A change with every digit: "+36,750.004". */
export function formatChangeAllDigits(text: string): string {
  return compareDecimals(text, '0') > 0 ? `+${formatAllDigits(text)}` : formatAllDigits(text);
}

/** A change: "+36,750", "−9,340", "0". */
export function formatChange(text: string, places = 0): string {
  const rounded = roundDecimal(parseDecimal(text), places);
  return signOf(rounded, '+') + unsigned(rounded);
}

const currencySigns: Record<string, string> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** The sign a currency is written with in heads ("Nov $"); its code where it has none. */
export function currencySign(currency: string | null): string {
  return currency === null ? '' : (currencySigns[currency] ?? currency);
}

/** A headline figure: "$1,352,480", "−$12", "1,352,480 SEK". */
export function formatHeadline(text: string, currency: string | null, places = 0): string {
  const rounded = roundDecimal(parseDecimal(text), places);
  const sign = currency === null ? undefined : currencySigns[currency];
  const figure = `${signOf(rounded, '')}${sign ?? ''}${unsigned(rounded)}`;
  return sign === undefined && currency !== null ? `${figure} ${currency}` : figure;
}

function exact(text: string): Exact {
  const value = parseExact(text);
  if (value === null) throw new RangeError(`not a decimal: ${text}`);
  return value;
}

/** a − b, exact. */
export function subtract(a: string, b: string): string {
  return formatExact(exact(a) - exact(b));
}

/** −1, 0 or 1: whether a is less than, equal to or greater than b. */
export function compareDecimals(a: string, b: string): number {
  const x = exact(a);
  const y = exact(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** a ÷ b to `places` digits, rounded half away from zero; null where b is zero. */
export function divide(a: string, b: string, places: number): string | null {
  return quotient(exact(a), exact(b), places);
}

function quotient(a: Exact, b: Exact, places: number): string | null {
  if (b === 0n) return null;
  const top = (a < 0n ? -a : a) * 10n ** BigInt(places) * 2n;
  const bottom = b < 0n ? -b : b;
  const digits = String((top + bottom) / (bottom * 2n)).padStart(places + 1, '0');
  const point = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return a < 0n !== b < 0n ? `-${text}` : text;
}

/** The quotient in percent with one digit; null where the divisor is zero. */
function percent(part: string, whole: string): string | null {
  return quotient(exact(part) * 100n, exact(whole), 1);
}

/** part ÷ whole: "71.3%"; "n/a" where the whole is zero. */
export function formatShare(part: string, whole: string): string {
  const share = percent(part, whole);
  return share === null ? 'n/a' : `${formatDecimal(share, 1)}%`;
}

/**
 * The change from `before` to `now`: "+4.0%", "−6.3%"; "new" where there was nothing before and
 * "n/a" where a percentage of what was before has no meaning.
 */
export function formatChangePercent(now: string, before: string): string {
  const sign = compareDecimals(before, '0');
  if (sign === 0) return compareDecimals(now, '0') === 0 ? 'n/a' : 'new';
  if (sign < 0) return 'n/a';
  const change = percent(subtract(now, before), before) ?? '0';
  return `${compareDecimals(change, '0') === 0 ? '0.0' : formatChange(change, 1)}%`;
}

/** For sentences and tight places: "1.94 M", "398 k", "812". */
export function formatCompact(text: string): string {
  const value = parseDecimal(text);
  const [unit, zeros] =
    value.whole.length > 6 ? ['M', '1000000'] : value.whole.length > 4 ? ['k', '1000'] : ['', '1'];
  if (unit === '') return formatDecimal(text, value.whole.length > 2 ? 0 : 2);
  const ratio = divide(text, zeros, unit === 'M' ? 2 : 0) ?? '0';
  return `${formatDecimal(ratio, unit === 'M' ? 2 : 0)} ${unit}`;
}

/** A whole count: "1,284". */
export function formatCount(count: number): string {
  return formatDecimal(String(Math.round(count)));
}

/** Rows in a sentence: "4.1 M", "812 k", "9,340". */
export function formatRows(count: number): string {
  if (count >= 1_000_000) return `${(count / 1_000_000).toFixed(1)} M`;
  return count >= 100_000 ? `${Math.round(count / 1000)} k` : formatCount(count);
}

/** "412 MB", "1.65 GB"; decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(bytes >= 1e7 ? 0 : 1)} MB`;
  if (bytes >= 1e3) return `${Math.round(bytes / 1e3)} kB`;
  return `${bytes} bytes`;
}

/** "6 ms", "17 s", "2 min 5 s", "1 h 12 min". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(1, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** "November" of a month or a day. */
export function monthName(monthOrDay: string): string {
  return monthNames[Number(monthOrDay.slice(5, 7)) - 1] ?? monthOrDay;
}

/** "Nov" of a month or a day. */
export function monthShort(monthOrDay: string): string {
  return monthName(monthOrDay).slice(0, 3);
}

function year(monthOrDay: string): string {
  return monthOrDay.slice(0, 4);
}

function dayNumber(day: string): string {
  return String(Number(day.slice(8, 10)));
}

/** "November 2026". */
export function formatMonth(month: string): string {
  return `${monthName(month)} ${year(month)}`;
}

/** "Nov 2026". */
export function formatMonthShort(month: string): string {
  return `${monthShort(month)} ${year(month)}`;
}

/** "21 Nov 2026". */
export function formatDay(day: string): string {
  return `${dayNumber(day)} ${monthShort(day)} ${year(day)}`;
}

/** "21 Nov", for places that name the year elsewhere. */
export function formatDayShort(day: string): string {
  return `${dayNumber(day)} ${monthShort(day)}`;
}

/**
 * Days from `from` to the day before `to`: "1 to 21 Nov", "28 Oct to 3 Nov", "November" for a whole
 * month and "Sep to Nov" for whole months. The year is written where asked for or where the range
 * crosses one.
 */
export function formatRange(from: string, to: string, withYear = false): string {
  const last = addDays(to, -1);
  const crosses = year(from) !== year(last);
  const tail = withYear || crosses ? ` ${year(last)}` : '';
  const head = crosses ? ` ${year(from)}` : '';
  if (from.endsWith('-01') && to.endsWith('-01')) {
    if (firstDayOf(addMonths(monthOf(from), 1)) === to) return monthName(from) + tail;
    return `${monthShort(from)}${head} to ${monthShort(last)}${tail}`;
  }
  if (addDays(from, 1) === to) return formatDayShort(from) + tail;
  if (monthOf(from) === monthOf(last))
    return `${dayNumber(from)} to ${formatDayShort(last)}${tail}`;
  return `${formatDayShort(from)}${head} to ${formatDayShort(last)}${tail}`;
}
