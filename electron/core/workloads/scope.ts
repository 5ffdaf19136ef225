import type { HandlerInput } from '../../../shared/contract/contract.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import {
  addMonths,
  comparedDays,
  dayNumber,
  dayText,
  firstDayOf,
  lastDayOf,
} from '../../../shared/domain/calendar.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Summary } from '../costs/summary.ts';
import { noData } from '../costs/view.ts';
import type { Cube } from '../store/cube.ts';
import type { Span } from './sums.ts';

type Asked = Pick<
  HandlerInput<'workloads.overview'>,
  'metric' | 'currency' | 'from' | 'to' | 'period' | 'granularity'
>;

/** What a question is about, resolved. */
export interface Scope {
  metric: Metric;
  granularity: 'day' | 'month';
  currency: string | null;
  currencies: (string | null)[];
  now: Span;
  /** Null where the earlier days are not all loaded. */
  before: Span | null;
  range: { from: string; to: string };
  compareRange: { from: string; to: string } | null;
  /** 1 for series in the currency. */
  mask: Uint8Array;
}

/** Throws NO_DATA where nothing is loaded, or not for the billing period. */
export function scopeOf(cube: Cube, summary: Summary | null, asked: Asked): Scope {
  if (!summary) throw noData();
  const currency = asked.currency === undefined ? (summary.currencies[0] ?? null) : asked.currency;
  const spans =
    asked.period === undefined ? ofDays(cube, summary, asked) : ofPeriod(cube, asked.period);
  const id = currency === null ? 0 : cube.idOf('currency', currency);
  const ids = cube.series('currency');
  const mask = new Uint8Array(ids.length);
  for (let i = 0; i < mask.length; i++) mask[i] = ids[i] === id ? 1 : 0;
  return {
    metric: asked.metric,
    granularity: asked.granularity,
    currency,
    currencies: summary.currencies,
    ...spans,
    range: rangeOf(spans.now),
    compareRange: spans.before && rangeOf(spans.before),
    mask,
  };
}

function ofDays(cube: Cube, summary: Summary, { from, to }: Asked): Pick<Scope, 'now' | 'before'> {
  const segments = cube.segments();
  const firstDay = Math.max(from === undefined ? -Infinity : dayNumber(from), summary.firstDay);
  const lastDay = Math.min(to === undefined ? Infinity : dayNumber(to) - 1, summary.lastDay);
  if (firstDay > lastDay) {
    const day = from === undefined ? summary.firstDay : dayNumber(from);
    return { now: { segments: [], firstDay: day, lastDay: day }, before: null };
  }
  const now = { segments, firstDay, lastDay };
  const earlier = comparedDays(dayText(firstDay), dayText(lastDay + 1));
  const days = { firstDay: dayNumber(earlier.from), lastDay: dayNumber(earlier.to) - 1 };
  return { now, before: days.firstDay < summary.firstDay ? null : { segments, ...days } };
}

function ofPeriod(cube: Cube, period: string): Pick<Scope, 'now' | 'before'> {
  const now = periodSpan(cube, period);
  if (!now) {
    throw new OutlayError(
      'NO_DATA',
      `Nothing is loaded for ${period}.`,
      'The page Sources and `outlay loads` say which billing periods are loaded.',
    );
  }
  return { now, before: periodSpan(cube, addMonths(period, -1)) };
}

function periodSpan(cube: Cube, period: string): Span | null {
  const segments = cube.segments().filter((segment) => segment.billingPeriod === period);
  if (segments.length === 0) return null;
  const firstDay = Math.min(...segments.map((segment) => segment.firstDay));
  const lastDay = Math.max(...segments.map((segment) => segment.lastDay));
  // Corrections of other months are among them; what ran did so in its own.
  const month = { first: dayNumber(firstDayOf(period)), last: dayNumber(lastDayOf(period)) };
  const measuredDays = {
    firstDay: Math.max(firstDay, month.first),
    lastDay: Math.min(lastDay, month.last),
  };
  return { segments, firstDay, lastDay, measuredDays };
}

function rangeOf({ firstDay, lastDay }: Span): { from: string; to: string } {
  return { from: dayText(firstDay), to: dayText(lastDay + 1) };
}
