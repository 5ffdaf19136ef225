import { isDay } from './calendar.ts';

/** A refusal that one answer from a person lifts: the file is right, but does not say this. */
export type LoadQuestion =
  | { kind: 'currency' }
  | {
      kind: 'date-order';
      /** The date as the file has it, and the days that it can be. */
      value: string;
      readings: { order: DateOrder; day: string }[];
    };

export type DateOrder = 'mdy' | 'dmy';

interface Refusal {
  asks?: { kind: 'currency' } | { kind: 'dateOrder'; value: string } | undefined;
}

/** What a refused load asks; null where it asks nothing, or of a date that no order makes one. */
export function questionOf({ asks }: Refusal): LoadQuestion | null {
  if (asks?.kind !== 'dateOrder') return asks ?? null;
  const readings = dateReadings(asks.value);
  return readings.length === 0 ? null : { kind: 'date-order', value: asks.value, readings };
}

/** The days that a date with the year last can be, the month first and the day first. */
export function dateReadings(value: string): { order: DateOrder; day: string }[] {
  const match = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?: |$)/.exec(value);
  if (!match) return [];
  const [, first = '', second = '', year = ''] = match;
  const day = (month: string, date: string) =>
    `${fullYear(year)}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const readings: { order: DateOrder; day: string }[] = [
    { order: 'mdy', day: day(first, second) },
    { order: 'dmy', day: day(second, first) },
  ];
  return readings.filter((reading) => isDay(reading.day));
}

/** Two digits as the reader takes them: 69 to 99 lie in the last century. */
function fullYear(year: string): string {
  if (year.length === 4) return year;
  return `${Number(year) < 69 ? '20' : '19'}${year}`;
}
