import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { CurrencyTotal } from '../../../shared/contract/values.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { type Grouped, group } from './group.ts';
import { type Axes, type Axis, assertAvailable } from './scope.ts';

interface SliceRow {
  period: string;
  keys: (string | null)[];
  currency: string | null;
  cost: Exact | null;
}

/** `outlay costs`: any slice, one row a period, key tuple and currency. */
export function queryCosts(
  cube: Cube,
  axes: Axes,
  input: HandlerInput<'costs.query'>,
): CallOutput<'costs.query'> {
  for (const dimension of [...input.by, ...input.filters.map((f) => f.dimension)]) {
    assertAvailable(dimension);
  }
  const currency = axes.axis('currency');
  const by = input.by.map((dimension) => axes.axis(dimension));
  const grouped = group(cube, {
    metric: input.metric,
    axes: [...by, currency],
    mask: axes.mask(input.filters),
    segments: cube
      .segments()
      .filter((segment) => input.period === undefined || segment.billingPeriod === input.period),
    firstDay: input.from === undefined ? undefined : dayNumber(input.from),
    lastDay: input.to === undefined ? undefined : dayNumber(input.to) - 1,
    granularity: input.granularity,
  });
  const rows = sliceRows(grouped, [...by, currency]).sort(order);
  const shown = input.limit === undefined ? rows : rows.slice(0, input.limit);
  return {
    metric: input.metric,
    rows: shown.map((row) => ({
      ...(input.granularity === 'none' ? {} : { period: row.period }),
      keys: Object.fromEntries(input.by.map((dimension, i) => [dimension, row.keys[i] ?? null])),
      currency: row.currency,
      cost: row.cost === null ? null : formatExact(row.cost),
    })),
    totals: currencyTotals(grouped, currency, by.length),
  };
}

function sliceRows(grouped: Grouped, axes: readonly Axis[]): SliceRow[] {
  const rows: SliceRow[] = [];
  for (const [g, { ids }] of grouped.groups.entries()) {
    const texts = ids.map((id, i) => (id === 0 ? null : (axes[i]?.values[id] ?? null)));
    const currency = texts.at(-1) ?? null;
    for (const [slot, period] of grouped.periods.entries()) {
      if (grouped.rows(g, slot) === 0) continue;
      rows.push({ period, keys: texts.slice(0, -1), currency, cost: grouped.cost(g, slot) });
    }
  }
  return rows;
}

/** By period, cost descending (unknown last), keys. */
function order(a: SliceRow, b: SliceRow): number {
  return compare(a.period, b.period) || compareCost(a.cost, b.cost) || compareKeys(a, b);
}

export function compareCost(a: Exact | null, b: Exact | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a > b ? -1 : 1;
}

function compareKeys(a: SliceRow, b: SliceRow): number {
  for (const [i, key] of a.keys.entries()) {
    const difference = compare(key ?? '', b.keys[i] ?? '');
    if (difference !== 0) return difference;
  }
  return compare(a.currency ?? '', b.currency ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One total a currency over all groups and slots; `place` is the currency's axis. */
export function currencyTotals(grouped: Grouped, currency: Axis, place: number): CurrencyTotal[] {
  const sums = new Map<number, { cost: Exact | null; unknownRows: number; size: number }>();
  for (const [g, { ids }] of grouped.groups.entries()) {
    const id = ids[place] ?? 0;
    const sum = sums.get(id) ?? { cost: null, unknownRows: 0, size: 0 };
    sums.set(id, sum);
    for (let slot = 0; slot < grouped.periods.length; slot++) {
      const cost = grouped.cost(g, slot);
      if (cost !== null) sum.cost = (sum.cost ?? 0n) + cost;
      sum.unknownRows += grouped.unknownRows(g, slot);
      sum.size += grouped.rows(g, slot);
    }
  }
  return [...sums]
    .sort(([, a], [, b]) => b.size - a.size)
    .map(([id, { cost, unknownRows }]) => ({
      currency: id === 0 ? null : (currency.values[id] ?? null),
      cost: cost === null ? null : formatExact(cost),
      unknownRows,
    }));
}
