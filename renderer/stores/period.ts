import {
  addDays,
  addMonths,
  dayNumber,
  firstDayOf,
  isDay,
  monthOf,
} from '../../shared/domain/calendar.ts';
import { formatMonth, formatRange } from '../../shared/domain/format.ts';

/** The period a person chose; `latest` and `last` follow the data when more is loaded. */
export type Period =
  | { kind: 'latest' }
  | { kind: 'month'; month: string }
  | { kind: 'last'; months: number }
  | { kind: 'all' }
  /** Both days inclusive. */
  | { kind: 'days'; from: string; to: string };

/** First and last loaded day, inclusive. */
export interface Loaded {
  firstDay: string;
  lastDay: string;
}

/** Days with `to` exclusive. */
export interface Range {
  from: string;
  to: string;
}

export function resolvePeriod(period: Period, loaded: Loaded): Range {
  const lastMonth = monthOf(loaded.lastDay);
  const end = firstDayOf(addMonths(lastMonth, 1));
  switch (period.kind) {
    case 'latest':
      return { from: firstDayOf(lastMonth), to: end };
    case 'month':
      return { from: firstDayOf(period.month), to: firstDayOf(addMonths(period.month, 1)) };
    case 'last':
      return { from: firstDayOf(addMonths(lastMonth, 1 - period.months)), to: end };
    case 'all':
      return { from: firstDayOf(monthOf(loaded.firstDay)), to: end };
    case 'days':
      return { from: period.from, to: addDays(period.to, 1) };
  }
}

/** The month that a page of one month shows: the one the period ends in. */
export function monthOfPeriod(period: Period, loaded: Loaded): string {
  return monthOf(addDays(resolvePeriod(period, loaded).to, -1));
}

/** The period of equal length before (-1) or after (1); stays where nothing is loaded there. */
export function shiftPeriod(period: Period, by: 1 | -1, loaded: Loaded): Period {
  const { from, to } = resolvePeriod(period, loaded);
  let shifted: Period;
  if (from.endsWith('-01') && to.endsWith('-01')) {
    const months = monthsBetween(monthOf(from), monthOf(to)) * by;
    const start = addMonths(monthOf(from), months);
    shifted =
      Math.abs(months) === 1
        ? { kind: 'month', month: start }
        : {
            kind: 'days',
            from: firstDayOf(start),
            to: addDays(firstDayOf(addMonths(monthOf(to), months)), -1),
          };
  } else {
    const days = (dayNumber(to) - dayNumber(from)) * by;
    shifted = { kind: 'days', from: addDays(from, days), to: addDays(to, days - 1) };
  }
  const next = resolvePeriod(shifted, loaded);
  return next.to > loaded.firstDay && next.from <= loaded.lastDay ? shifted : period;
}

function monthsBetween(from: string, to: string): number {
  const number = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return number(to) - number(from);
}

/** As it is read in the header, cut to the days that are loaded. */
export function periodLabel(period: Period, loaded: Loaded): string {
  const { from, to } = resolvePeriod(period, loaded);
  const end = addDays(loaded.lastDay, 1);
  const cut = to > end && from < end ? end : to;
  return formatRange(from, cut, true);
}

/** As it stands in the address: "latest", "2026-10", "last-3", "all", "2026-10-05..2026-10-20". */
export function periodText(period: Period): string {
  switch (period.kind) {
    case 'latest':
    case 'all':
      return period.kind;
    case 'month':
      return period.month;
    case 'last':
      return `last-${period.months}`;
    case 'days':
      return `${period.from}..${period.to}`;
  }
}

/** Null for text that names no period. */
export function parsePeriod(text: string): Period | null {
  if (text === 'latest' || text === 'all') return { kind: text };
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return { kind: 'month', month: text };
  const last = /^last-([1-9]\d?)$/.exec(text);
  if (last) return { kind: 'last', months: Number(last[1]) };
  const [from = '', to = ''] = text.split('..');
  return isDay(from) && isDay(to) && from <= to ? { kind: 'days', from, to } : null;
}

export interface Preset {
  label: string;
  period: Period;
}

/** The choices of the period menu: whole spans first, then the months from the newest. */
export function presets(loaded: Loaded): Preset[] {
  const lastMonth = monthOf(loaded.lastDay);
  const firstMonth = monthOf(loaded.firstDay);
  const spans: Preset[] = [3, 6, 12]
    .filter((months) => addMonths(lastMonth, 1 - months) >= firstMonth)
    .map((months) => ({ label: `Last ${months} months`, period: { kind: 'last', months } }));
  const months: Preset[] = [];
  for (let month = lastMonth; month >= firstMonth && months.length < 12; ) {
    months.push({
      label: formatMonth(month),
      period: month === lastMonth ? { kind: 'latest' } : { kind: 'month', month },
    });
    month = addMonths(month, -1);
  }
  return [...spans, { label: 'All loaded days', period: { kind: 'all' } }, ...months];
}
