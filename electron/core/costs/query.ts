import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { CurrencyTotal } from '../../../shared/contract/values.ts';
import { dayNumber, dayText, lastDayOf, monthOf } from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import {
  assignGroups,
  dayRange,
  type Grouped,
  group,
  groupAssigned,
  type GroupQuery,
} from './group.ts';
import { rankByCost } from './ranking.ts';
import { type Axes, type Axis, textOf } from './scope.ts';

/** Groups times periods of one pass over the cells. */
const mostFigures = 2_000_000;

/** `outlay costs`: any slice, one row a period, key tuple and currency. */
export function queryCosts(
  cube: Cube,
  axes: Axes,
  input: HandlerInput<'costs.query'>,
  figuresAtOnce = mostFigures,
): CallOutput<'costs.query'> {
  const currency = axes.axis('currency');
  const by = input.by.map((dimension) => axes.axis(dimension));
  const query: GroupQuery = {
    metric: input.metric,
    axes: [...by, currency],
    mask: axes.mask(input.filters),
    segments: cube
      .segments()
      .filter((segment) => input.period === undefined || segment.billingPeriod === input.period),
    firstDay: input.from === undefined ? undefined : dayNumber(input.from),
    lastDay: input.to === undefined ? undefined : dayNumber(input.to) - 1,
    granularity: input.granularity,
  };
  const assigned = assignGroups(query);
  const rows: CallOutput<'costs.query'>['rows'] = [];
  const { limit = Infinity } = input;
  const range = dayRange(query);
  // Every figure may be a row; where few of them are, the next span is longer.
  let figures = Math.min(limit, figuresAtOnce);
  for (let { firstDay } = range; firstDay <= range.lastDay && rows.length < limit; ) {
    const lastDay = endOfSpan(firstDay, range.lastDay, input.granularity, figures / assigned.count);
    const grouped = groupAssigned(cube, { ...query, firstDay, lastDay }, assigned);
    const before = rows.length;
    const part = { ...input, limit: limit - before };
    for (const row of sliceRows(grouped, by, currency, part)) rows.push(row);
    const looked = assigned.count * grouped.periods.length;
    const found = rows.length - before;
    const wanted = found > 0 ? (1.2 * looked * (limit - rows.length)) / found : 4 * looked;
    figures = Math.min(wanted, figuresAtOnce);
    firstDay = lastDay + 1;
  }
  const whole = group(cube, { ...query, axes: [currency], granularity: 'none' });
  return { metric: input.metric, rows, totals: currencyTotals(whole, currency) };
}

/**
 * The last day of a span of at most `most` periods, or of the one that `firstDay` lies in. A figure
 * for every resource and day would not fit into memory (most of them are zero), and where only the
 * first rows are wanted most days need not be looked at.
 */
function endOfSpan(
  firstDay: number,
  lastDay: number,
  granularity: 'day' | 'month' | 'none',
  most: number,
): number {
  if (granularity === 'none') return lastDay;
  const endOf = (day: number) =>
    granularity === 'day' ? day : dayNumber(lastDayOf(monthOf(dayText(day))));
  let last = endOf(firstDay);
  for (let periods = 1; last < lastDay && periods + 1 <= most; periods++) last = endOf(last + 1);
  return Math.min(last, lastDay);
}

/** By period, cost descending (unknown last), keys; the first `limit` of them. */
function sliceRows(
  grouped: Grouped,
  by: readonly Axis[],
  currency: Axis,
  { granularity, limit = Infinity }: Pick<HandlerInput<'costs.query'>, 'granularity' | 'limit'>,
): CallOutput<'costs.query'>['rows'] {
  const axes = [...by, currency];
  const textAt = (g: number, place: number) => textOf(axes[place] as Axis, grouped.id(g, place));
  const byKeys = (a: number, b: number): number => {
    for (let place = 0; place < axes.length; place++) {
      const difference = compare(textAt(a, place) ?? '', textAt(b, place) ?? '');
      if (difference !== 0) return difference;
    }
    return 0;
  };
  const rows: CallOutput<'costs.query'>['rows'] = [];
  for (const [slot, period] of grouped.periods.entries()) {
    if (rows.length >= limit) break;
    for (const g of rankByCost(grouped, slot, byKeys, limit - rows.length)) {
      const keys: Record<string, string | null> = {};
      for (let place = 0; place < by.length; place++) {
        keys[(by[place] as Axis).dimension] = textAt(g, place);
      }
      const row = { keys, currency: textAt(g, by.length), cost: grouped.costText(g, slot) };
      rows.push(granularity === 'none' ? row : { period, ...row });
    }
  }
  return rows;
}

export function compareCost(a: Exact | null, b: Exact | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a > b ? -1 : 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One total a currency, those with most charges first. */
function currencyTotals(grouped: Grouped, currency: Axis): CurrencyTotal[] {
  return Array.from({ length: grouped.count }, (_, g) => ({
    total: {
      currency: textOf(currency, grouped.id(g, 0)),
      cost: grouped.costText(g, 0),
      unknownRows: grouped.unknownRows(g, 0),
    },
    rows: grouped.rows(g, 0),
  }))
    .sort((a, b) => b.rows - a.rows || compare(a.total.currency ?? '', b.total.currency ?? ''))
    .map(({ total }) => total);
}
