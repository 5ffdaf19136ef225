import type { Metric } from '../contract/values.ts';
import { compareDecimals, divide, formatDecimal, monthName } from '../domain/format.ts';

export const metricName: Record<Metric, string> = {
  billed: 'Billed cost',
  effective: 'Effective cost',
  list: 'List cost',
  contracted: 'Contracted cost',
};

export const noValue = 'no value';
export const unknown = 'unknown';

/** "1st", "2nd", "11th", "21st" of a day. */
export function ordinal(day: string): string {
  const number = Number(day.slice(8, 10));
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const ending = teen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10];
  return `${number}${ending ?? 'th'}`;
}

/** "October", or "October to the 21st" where only these days are meant. */
export function partOfMonth(month: string, lastDay: string | null): string {
  return lastDay === null ? monthName(month) : `${monthName(month)} to the ${ordinal(lastDay)}`;
}

export function absolute(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : amount;
}

/** Digits after the point that let a bill of this size be read: none for 10,000 and more. */
export function placesFor(total: string | null): number {
  if (total === null) return 0;
  const size = absolute(total);
  if (compareDecimals(size, '10000') >= 0) return 0;
  return compareDecimals(size, '100') >= 0 ? 2 : 4;
}

/** "1 file", "3 files". */
export function counted(count: number, noun: string): string {
  return `${formatDecimal(String(count))} ${noun}${count === 1 ? '' : 's'}`;
}

/** "a", "a and b", "a, b and c". */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** "398–561 k", "52.7–104.6 k", "512–873": both ends in one unit. */
export function intervalWords(low: string, high: string): string {
  const size = [low, high].map(absolute).sort(compareDecimals)[1] ?? '0';
  const [unit, by, places] =
    compareDecimals(size, '1000000') >= 0
      ? [' M', '1000000', 2]
      : compareDecimals(size, '100000') >= 0
        ? [' k', '1000', 0]
        : compareDecimals(size, '10000') >= 0
          ? [' k', '1000', 1]
          : ['', '1', 0];
  const end = (text: string) => formatDecimal(divide(text, by, places) ?? '0', places);
  // A dash between a number and a minus sign would read as another minus.
  const between =
    compareDecimals(low, '0') < 0 || compareDecimals(high, '0') < 0 ? ' to ' : '\u2013';
  return `${end(low)}${between}${end(high)}${unit}`;
}

/** "398,000 to 561,000": in a sentence. */
export function intervalSentence(low: string, high: string): string {
  return `${formatDecimal(low)} to ${formatDecimal(high)}`;
}

/** Chance of loss: "4%", "<1%", "0%"; "n/a" where it does not apply. */
export function pLossWords(share: number | null): string {
  if (share === null) return 'n/a';
  return share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`;
}
