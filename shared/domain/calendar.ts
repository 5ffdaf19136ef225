/** Calendar arithmetic on UTC days ("2026-11-21") and months ("2026-11"); no clock in here. */
const msPerDay = 86_400_000;

/** Days since 1970-01-01 UTC. */
export function dayNumber(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / msPerDay);
}

export function dayText(number: number): string {
  return new Date(number * msPerDay).toISOString().slice(0, 10);
}

/** True for a day that exists: 2026-02-30 does not. */
export function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
}

export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function firstDayOf(month: string): string {
  return `${month}-01`;
}

/** The month `months` later (earlier where negative). */
export function addMonths(month: string, months: number): string {
  const [year = 0, index = 1] = month.split('-').map(Number);
  const total = year * 12 + (index - 1) + months;
  return `${Math.floor(total / 12)}-${String((total % 12) + 1).padStart(2, '0')}`;
}

export function addDays(day: string, days: number): string {
  return dayText(dayNumber(day) + days);
}

export function daysInMonth(month: string): number {
  return dayNumber(firstDayOf(addMonths(month, 1))) - dayNumber(firstDayOf(month));
}

export function lastDayOf(month: string): string {
  return `${month}-${daysInMonth(month)}`;
}

/**
 * The days to compare a range with, `to` exclusive: as many months earlier as the range touches.
 * A day that the earlier month lacks is cut, so 1 to 31 Mar compares with 1 to 28 Feb.
 */
export function comparedDays(from: string, to: string): { from: string; to: string } {
  const last = addDays(to, -1);
  const months = monthNumber(last) - monthNumber(from) + 1;
  return { from: shiftMonths(from, -months), to: addDays(shiftMonths(last, -months), 1) };
}

function monthNumber(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}

function shiftMonths(day: string, months: number): string {
  const month = addMonths(monthOf(day), months);
  const inMonth = Math.min(Number(day.slice(8)), daysInMonth(month));
  return `${month}-${String(inMonth).padStart(2, '0')}`;
}
