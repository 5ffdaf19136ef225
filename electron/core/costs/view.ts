import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Filter } from '../../../shared/contract/values.ts';
import { comparedDays, dayNumber, dayText } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { type Colours, restColour } from './colours.ts';
import { type Grouped, group, type GroupQuery } from './group.ts';
import { compareCost } from './query.ts';
import { rankByCost } from './ranking.ts';
import { type Axes, type Axis, textOf } from './scope.ts';
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
  const { shown, rowCount, restCost } = tableRows(now, earlier, by, input.limit);
  const colour = deps.colours(input.by[0] ?? 'service');
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
      colour: colour(row.ids[0] ?? 0),
      spark: sparks[i] ?? [],
    })),
    rowCount,
    restCost,
    emptyBecause: rowCount === 0 ? blame(deps, base, filters) : null,
    chargeRows: scanned.reduce((sum, segment) => sum + segment.chargeRows, 0),
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
    tieOut: tieOut(scanned, summary),
  };
}

export function noData(): OutlayError {
  return new OutlayError('NO_DATA', 'Nothing is loaded yet.', 'Import a bill or open the sample.');
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
  let unknownRows = 0;
  for (let g = 0; g < grouped.count; g++) {
    for (let slot = 0; slot < grouped.periods.length; slot++) {
      unknownRows += grouped.unknownRows(g, slot);
    }
  }
  return { cost: text(grouped.sum(allGroups(grouped))), unknownRows };
}

function* allGroups({ count }: Grouped): Generator<number> {
  for (let g = 0; g < count; g++) yield g;
}

/** Nothing charged is 0; charges without the amount are unknown. */
function earlierTotal(earlier: Grouped): string | null {
  return earlier.count === 0 ? '0' : total(earlier).cost;
}

interface TableRow {
  ids: number[];
  key: number;
  cost: Exact | null;
  previous: Exact | null;
}

/**
 * The first rows of the table by cost, and what comes after them. A group that only the earlier
 * days have costs 0 now. Only what is shown becomes an object: there may be a group a resource.
 */
function tableRows(
  now: Grouped,
  earlier: Grouped | null,
  by: readonly Axis[],
  limit: number,
): { shown: TableRow[]; rowCount: number; restCost: string | null } {
  const idsOf = (grouped: Grouped, g: number) => by.map((_, place) => grouped.id(g, place));
  const label = (ids: readonly number[]) =>
    ids.map((id, a) => textOf(by[a] as Axis, id) ?? '').join('\n');
  const byLabel = (a: number, b: number) => (label(idsOf(now, a)) < label(idsOf(now, b)) ? -1 : 1);
  const rows = rankByCost(now, 0, byLabel, limit).map(
    (g): TableRow => ({
      ids: idsOf(now, g),
      key: now.key(g),
      cost: now.cost(g, 0),
      previous: 0n,
    }),
  );
  const gone = earlier ? onlyIn(earlier, now) : [];
  const lowest = rows.at(-1)?.cost ?? null;
  let shown = rows;
  if (earlier && gone.length > 0 && (rows.length < limit || lowest === null || lowest <= 0n)) {
    const ended = gone.map(
      (g): TableRow => ({
        ids: idsOf(earlier, g),
        key: earlier.key(g),
        cost: 0n,
        previous: 0n,
      }),
    );
    shown = [...rows, ...ended]
      .sort((a, b) => compareCost(a.cost, b.cost) || (label(a.ids) < label(b.ids) ? -1 : 1))
      .slice(0, limit);
  }
  if (earlier) {
    const at = new Map(shown.map((row) => [row.key, row]));
    for (let g = 0; g < earlier.count; g++) {
      const row = at.get(earlier.key(g));
      if (row) row.previous = earlier.cost(g, 0);
    }
  }
  const rowCount = now.count + gone.length;
  return { shown, rowCount, restCost: rowCount > shown.length ? notShown(now, gone, shown) : null };
}

/** Groups of one answer that the other does not have. */
function onlyIn(grouped: Grouped, other: Grouped): number[] {
  const keys = new Set<number>();
  for (let g = 0; g < other.count; g++) keys.add(other.key(g));
  const found: number[] = [];
  for (let g = 0; g < grouped.count; g++) if (!keys.has(grouped.key(g))) found.push(g);
  return found;
}

/** What the rows that are not shown cost; null where that is known of none of them. */
function notShown(
  now: Grouped,
  gone: readonly number[],
  shown: readonly TableRow[],
): string | null {
  let known = gone.length;
  for (let g = 0; g < now.count; g++) if (now.unknownRows(g, 0) < now.rows(g, 0)) known++;
  const left = shown.filter((row) => row.cost !== null);
  if (known === left.length) return null;
  return formatExact(
    (now.sum(allGroups(now)) ?? 0n) - (sumKnown(left.map((row) => row.cost)) ?? 0n),
  );
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
  const values = group(cube, { ...base, axes: [axis] });
  const ranked = rankGroups(values, namedStacks + 1);
  const named = values.count > namedStacks + 1 ? ranked.slice(0, namedStacks) : ranked;
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
  if (values.count > named.length) {
    stacks.push({
      key: null,
      name: null,
      values: values.count - named.length,
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
  if (g === undefined || grouped.count === 0 || grouped.rows(g, slot) === 0) return 0n;
  return grouped.cost(g, slot);
}

/** Null where none is known. */
export function sumKnown(amounts: readonly (Exact | null)[]): Exact | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0n);
}

/** Value ids of a first grouping, the highest cost first; the first `most` of them. */
export function rankGroups(grouped: Grouped, most?: number): { key: number; id: number }[] {
  const byKey = (a: number, b: number) => grouped.key(a) - grouped.key(b);
  return rankByCost(grouped, 0, byKey, most).map((g) => ({
    key: grouped.key(g),
    id: grouped.id(g, 0),
  }));
}

function alignedPoints(grouped: Grouped, length: number): (string | null)[] {
  return Array.from({ length }, (_, slot) =>
    slot < grouped.periods.length && grouped.count > 0
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
