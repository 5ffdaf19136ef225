import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Filter } from '../../../shared/contract/values.ts';
import { comparedDays, dayNumber, dayText } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { type Colours, restColour } from './colours.ts';
import { type Grouped, group, type GroupQuery } from './group.ts';
import { compareCost } from './query.ts';
import { type Axes, type Axis, assertAvailable } from './scope.ts';
import type { Summarise, Summary } from './summary.ts';

export interface CostsDeps {
  cube: Cube;
  axes: Axes;
  summary: Summarise;
  colours: Colours;
}

type View = CallOutput<'costs.view'>;

const namedStacks = 6;
/** Spark lines of more points are drawn by month. */
const sparkPoints = 62;

/** The Costs page in one answer. Sums stay exact; only spark lines are doubles. */
export function viewCosts(deps: CostsDeps, input: HandlerInput<'costs.view'>): View {
  const started = performance.now();
  const { cube, axes } = deps;
  for (const dimension of [...input.by, ...input.filters.map((f) => f.dimension)]) {
    assertAvailable(dimension);
  }
  const summary = deps.summary();
  if (!summary) throw noData();
  const currency = input.currency === undefined ? (summary.currencies[0] ?? null) : input.currency;
  const inCurrency: Filter = { dimension: 'currency', values: [currency] };
  const filters = [inCurrency, ...input.filters];
  const range = cut(input.from, input.to, summary);
  const by = input.by.map((dimension) => axes.axis(dimension));
  const mask = axes.mask(filters);
  const base: GroupQuery = {
    metric: input.metric,
    axes: by,
    mask,
    segments: cube.segments(),
    firstDay: dayNumber(range.from),
    lastDay: dayNumber(range.to) - 1,
    granularity: 'none',
  };
  const now = group(cube, base);
  const compareRange = input.compare ? earlierDays(range, summary) : null;
  const before = compareRange ? { ...base, ...dayBounds(compareRange) } : null;
  const earlier = before ? group(cube, before) : null;
  const rows = tableRows(now, earlier, by, deps.colours(input.by[0] ?? 'service'));
  const shown = rows.slice(0, input.limit);
  const sparks = sparkLines(cube, base, shown, input.granularity);
  const whole = total(now);
  const chart = chartStacks(deps, base, input.granularity, by[0] as Axis);
  const scanned = cube
    .segments()
    .filter((s) => s.firstDay < dayNumber(range.to) && s.lastDay >= dayNumber(range.from));
  return {
    metric: input.metric,
    currency,
    currencies: summary.currencies,
    range,
    compareRange,
    total: { currency, ...whole },
    totalUnfiltered: {
      currency,
      ...total(group(cube, { ...base, axes: [], mask: axes.mask([inCurrency]) })),
    },
    previousTotal: earlier ? earlierTotal(earlier) : null,
    ...chart,
    previousPoints: before
      ? alignedPoints(
          group(cube, { ...before, axes: [], granularity: input.granularity }),
          chart.periods.length,
        )
      : null,
    rows: shown.map((row, i) => ({
      keys: row.ids.map((id, a) => textOf(by[a] as Axis, id)),
      names: row.ids.map((id, a) => (by[a] as Axis).name(id)),
      cost: text(row.cost),
      previous: earlier ? text(row.previous) : null,
      colour: row.colour,
      spark: sparks[i] ?? [],
    })),
    rowCount: rows.length,
    restCost: rows.length > shown.length ? sumText(rows.slice(input.limit)) : null,
    emptyBecause: rows.length === 0 ? blame(deps, base, filters) : null,
    chargeRows: scanned.reduce((sum, segment) => sum + segment.chargeRows, 0),
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
    tieOut: tieOut(scanned, summary),
  };
}

export function noData(): OutlayError {
  return new OutlayError('NO_DATA', 'Nothing is loaded yet.', 'Import a bill or open the sample.');
}

export function textOf(axis: Axis, id: number): string | null {
  return id === 0 ? null : (axis.values[id] ?? null);
}

function text(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}

/** The asked days that are loaded; one empty day where none is. */
function cut(from: string, to: string, summary: Summary): View['range'] {
  const first = Math.max(dayNumber(from), summary.firstDay);
  const end = Math.min(dayNumber(to), summary.lastDay + 1);
  return first < end
    ? { from: dayText(first), to: dayText(end) }
    : { from, to: dayText(Math.max(dayNumber(to), dayNumber(from) + 1)) };
}

/** Null where the earlier days are not all within what is loaded. */
function earlierDays(range: View['range'], summary: Summary): View['range'] | null {
  const days = comparedDays(range.from, range.to);
  return dayNumber(days.from) < summary.firstDay ? null : days;
}

function dayBounds(range: View['range']): { firstDay: number; lastDay: number } {
  return { firstDay: dayNumber(range.from), lastDay: dayNumber(range.to) - 1 };
}

/** Over all groups and slots. */
export function total(grouped: Grouped): { cost: string | null; unknownRows: number } {
  let cost: Exact | null = null;
  let unknownRows = 0;
  for (let g = 0; g < grouped.groups.length; g++) {
    for (let slot = 0; slot < grouped.periods.length; slot++) {
      const part = grouped.cost(g, slot);
      if (part !== null) cost = (cost ?? 0n) + part;
      unknownRows += grouped.unknownRows(g, slot);
    }
  }
  return { cost: text(cost), unknownRows };
}

/** Nothing charged is 0; charges without the amount are unknown. */
function earlierTotal(earlier: Grouped): string | null {
  return earlier.groups.length === 0 ? '0' : total(earlier).cost;
}

interface TableRow {
  ids: number[];
  key: number;
  cost: Exact | null;
  previous: Exact | null;
  colour: number;
}

/** Groups of either range; one that only the earlier days have costs 0 now. */
function tableRows(
  now: Grouped,
  earlier: Grouped | null,
  by: readonly Axis[],
  colour: (id: number) => number,
): TableRow[] {
  const rows = new Map<number, TableRow>();
  for (const [g, { ids, key }] of now.groups.entries()) {
    const cost = now.cost(g, 0);
    rows.set(key, { ids, key, cost, previous: 0n, colour: colour(ids[0] ?? 0) });
  }
  for (const [g, { ids, key }] of earlier?.groups.entries() ?? []) {
    const previous = earlier?.cost(g, 0) ?? null;
    const row = rows.get(key);
    if (row) row.previous = previous;
    else rows.set(key, { ids, key, cost: 0n, previous, colour: colour(ids[0] ?? 0) });
  }
  const label = (row: TableRow) =>
    row.ids.map((id, a) => textOf(by[a] as Axis, id) ?? '').join('\n');
  return [...rows.values()].sort(
    (a, b) => compareCost(a.cost, b.cost) || (label(a) < label(b) ? -1 : 1),
  );
}

function sumText(rows: readonly TableRow[]): string | null {
  return text(sumKnown(rows.map((row) => row.cost)));
}

function sparkLines(
  cube: Cube,
  base: GroupQuery,
  rows: readonly TableRow[],
  granularity: 'day' | 'month',
): number[][] {
  const days = (base.lastDay ?? 0) - (base.firstDay ?? 0) + 1;
  const grouped = group(cube, {
    ...base,
    granularity: days > sparkPoints ? 'month' : granularity,
    only: new Set(rows.map((row) => row.key)),
  });
  const at = new Map(grouped.groups.map(({ key }, g) => [key, g]));
  return rows.map(({ key }) => {
    const g = at.get(key);
    return grouped.periods.map((_, slot) => (g === undefined ? 0 : grouped.size(g, slot)));
  });
}

/** The largest values of the first grouping as stacks, everything else as the rest. */
function chartStacks(
  deps: CostsDeps,
  base: GroupQuery,
  granularity: 'day' | 'month',
  axis: Axis,
): Pick<View, 'periods' | 'stacks'> {
  const { cube } = deps;
  const ranked = rankGroups(group(cube, { ...base, axes: [axis] }));
  const named = ranked.length > namedStacks + 1 ? ranked.slice(0, namedStacks) : ranked;
  const all = group(cube, { ...base, axes: [], granularity });
  const parts = group(cube, {
    ...base,
    axes: [axis],
    granularity,
    only: new Set(named.map(({ key }) => key)),
  });
  const at = new Map(parts.groups.map(({ key }, g) => [key, g]));
  const colour = deps.colours(axis.dimension);
  const rest = all.periods.map((_, slot) => costAt(all, 0, slot));
  const stacks: View['stacks'] = named.map(({ key, id }, place) => {
    const points = all.periods.map((_, slot) => costAt(parts, at.get(key), slot));
    for (const [slot, point] of points.entries()) {
      const left = rest[slot];
      if (point !== null && left !== null && left !== undefined) rest[slot] = left - point;
    }
    return {
      key: textOf(axis, id),
      name: axis.name(id),
      values: 1,
      rest: false,
      // A seventh lone value would share the colour of the rest, and does: there is no rest then.
      colour: place < namedStacks ? colour(id) : restColour,
      cost: text(sumKnown(points)),
      points: points.map(text),
    };
  });
  if (ranked.length > named.length) {
    stacks.push({
      key: null,
      name: null,
      values: ranked.length - named.length,
      rest: true,
      colour: restColour,
      cost: text(sumKnown(rest)),
      points: rest.map(text),
    });
  }
  return { periods: all.periods, stacks };
}

/** 0 where nothing was charged, null where what was charged does not deliver the amount. */
function costAt(grouped: Grouped, g: number | undefined, slot: number): Exact | null {
  if (g === undefined || grouped.groups.length === 0 || grouped.rows(g, slot) === 0) return 0n;
  return grouped.cost(g, slot);
}

/** Null where none is known. */
export function sumKnown(amounts: readonly (Exact | null)[]): Exact | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0n);
}

export function rankGroups(grouped: Grouped): { key: number; id: number; size: number }[] {
  return grouped.groups
    .map(({ key, ids }, g) => ({ key, id: ids[0] ?? 0, size: grouped.size(g, 0) }))
    .sort((a, b) => b.size - a.size || a.key - b.key);
}

function alignedPoints(grouped: Grouped, length: number): (string | null)[] {
  return Array.from({ length }, (_, slot) =>
    slot < grouped.periods.length && grouped.groups.length > 0
      ? (text(grouped.cost(0, slot)) ?? '0')
      : null,
  );
}

/** For an empty answer: the filter without which most charges would match. */
function blame(deps: CostsDeps, base: GroupQuery, filters: readonly Filter[]): Filter | null {
  let worst: Filter | null = null;
  let most = 0;
  for (const filter of filters) {
    const mask = deps.axes.mask(filters.filter((other) => other !== filter));
    const found = group(deps.cube, { ...base, axes: [], mask });
    const rows = found.groups.length > 0 ? found.rows(0, 0) : 0;
    if (rows > most) [worst, most] = [filter, rows];
  }
  return worst;
}

export function tieOut(
  segments: readonly { versionId: number }[],
  summary: Summary,
): View['tieOut'] {
  const versions = new Set(segments.map((segment) => segment.versionId));
  return {
    periods: versions.size,
    tiedOut: [...versions].filter((id) => summary.tieOut.tiedOut.has(id)).length,
  };
}
