import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { CurrencyTotal } from '../../../shared/contract/values.ts';
import { dayNumber, dayText, lastDayOf, monthOf } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { dayRange, type Grouped, group, type GroupQuery } from './group.ts';
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
  const range = dayRange(query);
  const groups = Math.min(
    query.mask.length,
    query.axes.reduce((product, axis) => product * axis.values.length, 1),
  );
  const daysAtOnce = Math.floor(figuresAtOnce / groups);
  if (input.granularity === 'none' || range.lastDay - range.firstDay < daysAtOnce) {
    const grouped = group(cube, query);
    return {
      metric: input.metric,
      rows: sliceRows(grouped, by, currency, input),
      totals: currencyTotals(grouped, currency, by.length),
    };
  }
  // A figure for every resource and day would not fit into memory; most of them are zero.
  const { limit = Infinity } = input;
  const rows: CallOutput<'costs.query'>['rows'] = [];
  for (const days of daySpans(range, input.granularity, daysAtOnce)) {
    if (rows.length >= limit) break;
    const part = { ...input, limit: limit - rows.length };
    for (const row of sliceRows(group(cube, { ...query, ...days }), by, currency, part)) {
      rows.push(row);
    }
  }
  const whole = group(cube, { ...query, granularity: 'none' });
  return { metric: input.metric, rows, totals: currencyTotals(whole, currency, by.length) };
}

interface Days {
  firstDay: number;
  lastDay: number;
}

/** The days in spans of at most `most` days, at least one period each; none cuts a period. */
function* daySpans(
  { firstDay, lastDay }: Days,
  granularity: 'day' | 'month',
  most: number,
): Generator<Days> {
  const endOf = (day: number) =>
    granularity === 'day' ? day : dayNumber(lastDayOf(monthOf(dayText(day))));
  for (let first = firstDay; first <= lastDay; ) {
    let last = endOf(first);
    while (last < lastDay && endOf(last + 1) - first < most) last = endOf(last + 1);
    yield { firstDay: first, lastDay: Math.min(last, lastDay) };
    first = last + 1;
  }
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

/** One total a currency over all groups and slots; `place` is the currency's axis. */
export function currencyTotals(grouped: Grouped, currency: Axis, place: number): CurrencyTotal[] {
  const found = new Map<number, { groups: number[]; unknownRows: number; size: number }>();
  for (let g = 0; g < grouped.count; g++) {
    const id = grouped.id(g, place);
    let own = found.get(id);
    if (!own) found.set(id, (own = { groups: [], unknownRows: 0, size: 0 }));
    own.groups.push(g);
    for (let slot = 0; slot < grouped.periods.length; slot++) {
      own.unknownRows += grouped.unknownRows(g, slot);
      own.size += grouped.rows(g, slot);
    }
  }
  return [...found]
    .map(([id, { groups, unknownRows, size }]) => {
      const cost = grouped.sum(groups);
      const total = {
        currency: textOf(currency, id),
        cost: cost === null ? null : formatExact(cost),
        unknownRows,
      };
      return { total, size };
    })
    .sort((a, b) => b.size - a.size || compare(a.total.currency ?? '', b.total.currency ?? ''))
    .map(({ total }) => total);
}
