import type { Dimension, Metric } from '../../../shared/contract/values.ts';
import { dayNumber, dayText, firstDayOf, lastDayOf } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type {
  Bill,
  Comparison,
  Line,
  ServiceStack,
  TieOut,
} from '../../../shared/reports/monthlyFacts.ts';
import { restColour } from '../costs/colours.ts';
import { type Grouped, group, type GroupQuery } from '../costs/group.ts';
import { compareCost } from '../costs/query.ts';
import { textOf } from '../costs/scope.ts';
import { total } from '../costs/view.ts';
import type { GatherDeps, LoadedPeriod } from './gather.ts';
import { type BillVersion, replacedVersion, statedTotals } from './queries.ts';

const stacksNamed = 6;

interface BillScope {
  metric: Metric;
  currency: string | null;
  period: LoadedPeriod;
  comparison: Comparison;
  periods: ReadonlyMap<string, LoadedPeriod>;
  shown: readonly string[];
  versions: readonly BillVersion[];
}

/** The bill of one currency, exact throughout. */
export function gatherBill(deps: GatherDeps, scope: BillScope): Bill {
  const { cube, axes } = deps;
  const { metric, currency, period, comparison, periods, shown } = scope;
  const now: GroupQuery = {
    metric,
    axes: [],
    mask: axes.mask([{ dimension: 'currency', values: [currency] }]),
    segments: period.segments,
    granularity: 'none',
  };
  const before = comparedQuery(now, comparison, periods);
  const grouped = group(cube, now);
  const { cost, unknownRows } = total(grouped);
  const lines = (dimension: Dimension) => linesBy(deps, now, before, dimension);
  return {
    currency,
    total: cost,
    charges: rowsOf(grouped),
    unknownCharges: unknownRows,
    before: before ? costOrZero(group(cube, before)) : null,
    services: lines('service'),
    accounts: lines('account'),
    providers: lines('provider'),
    categories: lines('charge'),
    months: shown.map((month) => {
      const own = periods.get(month);
      return {
        month,
        loaded: own !== undefined,
        complete: own?.complete ?? false,
        lastDay: own?.lastDay ?? null,
        cost: own ? total(group(cube, { ...now, segments: own.segments })).cost : null,
      };
    }),
    stacks: stacksOf(deps, scope, now, before),
    chargeMonths: chargeMonths(group(cube, { ...now, granularity: 'month' })),
    byDay: total(group(cube, { ...now, ...daysOf(period.month), segments: cube.segments() })).cost,
    otherBills: otherBills(deps, scope, now),
    tieOut: tieOuts(deps, scope, now),
    plan: null,
  };
}

/** The charges that this month is compared with; null where nothing is. */
function comparedQuery(
  now: GroupQuery,
  comparison: Comparison,
  periods: ReadonlyMap<string, LoadedPeriod>,
): GroupQuery | null {
  if (comparison.kind !== 'whole' && comparison.kind !== 'same-days') return null;
  const segments = periods.get(comparison.month)?.segments ?? [];
  return comparison.kind === 'whole'
    ? { ...now, segments }
    : { ...now, segments, lastDay: dayNumber(comparison.lastDay) };
}

function rowsOf(grouped: Grouped): number {
  let rows = 0;
  for (let g = 0; g < grouped.groups.length; g++) {
    for (let slot = 0; slot < grouped.periods.length; slot++) rows += grouped.rows(g, slot);
  }
  return rows;
}

/** Zero where there is no charge; null where there are charges but none delivers the amount. */
function costOrZero(grouped: Grouped): string | null {
  return rowsOf(grouped) === 0 ? '0' : total(grouped).cost;
}

/** Values of either month; one that only a single month has costs 0 in the other. */
function linesBy(
  { cube, axes }: GatherDeps,
  now: GroupQuery,
  before: GroupQuery | null,
  dimension: Dimension,
): Line[] {
  const axis = axes.axis(dimension);
  const lines = new Map<number, { id: number; cost: Exact | null; before: Exact | null }>();
  const current = group(cube, { ...now, axes: [axis] });
  for (const [g, { ids, key }] of current.groups.entries()) {
    lines.set(key, { id: ids[0] ?? 0, cost: current.cost(g, 0), before: 0n });
  }
  if (before) {
    const earlier = group(cube, { ...before, axes: [axis] });
    for (const [g, { ids, key }] of earlier.groups.entries()) {
      const line = lines.get(key);
      if (line) line.before = earlier.cost(g, 0);
      else lines.set(key, { id: ids[0] ?? 0, cost: 0n, before: earlier.cost(g, 0) });
    }
  }
  return [...lines.values()]
    .map((line) => ({ ...line, key: textOf(axis, line.id), name: axis.name(line.id) }))
    .sort((a, b) => compareCost(a.cost, b.cost) || ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
    .map((line) => ({
      key: line.key,
      name: line.name,
      cost: textOrNull(line.cost),
      before: textOrNull(line.before),
    }));
}

function textOrNull(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}

/** Services by what they cost over the months shown; unknown amounts count as nothing here. */
function stacksOf(
  deps: GatherDeps,
  { period, periods, shown }: BillScope,
  now: GroupQuery,
  before: GroupQuery | null,
): ServiceStack[] {
  const { cube } = deps;
  const axis = deps.axes.axis('service');
  const byService = (query: GroupQuery) => costById(group(cube, { ...query, axes: [axis] }));
  const months = shown.map((month) =>
    byService({ ...now, segments: periods.get(month)?.segments ?? [] }),
  );
  const current = months[shown.indexOf(period.month)] ?? new Map<number, Exact>();
  const earlier = before ? byService(before) : new Map<number, Exact>();
  const sums = new Map<number, Exact>();
  for (const month of months) {
    for (const [id, cost] of month) sums.set(id, (sums.get(id) ?? 0n) + cost);
  }
  const ranked = [...sums]
    .sort(([a, costA], [b, costB]) => compareCost(costA, costB) || a - b)
    .map(([id]) => id);
  const named = ranked.length > stacksNamed + 1 ? ranked.slice(0, stacksNamed) : ranked;
  const rest = ranked.slice(named.length);
  const colours = distinctColours(named, deps.colours('service'));
  const stack = (ids: readonly number[], label: string, colour: number): ServiceStack => ({
    label,
    colour,
    rest: ids === rest,
    points: months.map((month) => sumOf(ids, month)),
    cost: sumOf(ids, current),
    before: sumOf(ids, earlier),
  });
  const stacks = named.map((id, place) =>
    stack([id], textOf(axis, id) ?? 'no value', colours[place] ?? restColour),
  );
  if (rest.length > 0) stacks.push(stack(rest, `${rest.length} other`, restColour));
  return stacks;
}

function costById(grouped: Grouped): Map<number, Exact> {
  const costs = new Map<number, Exact>();
  for (const [g, { ids }] of grouped.groups.entries()) {
    const cost = grouped.cost(g, 0);
    if (cost !== null) costs.set(ids[0] ?? 0, cost);
  }
  return costs;
}

function sumOf(ids: readonly number[], costs: ReadonlyMap<number, Exact>): string {
  return formatExact(ids.reduce((sum, id) => sum + (costs.get(id) ?? 0n), 0n));
}

/** A service keeps its colour; one that has none of its own takes one that is not in the chart. */
function distinctColours(named: readonly number[], colour: (id: number) => number): number[] {
  const own = named.map(colour);
  const free = [1, 2, 3, 4, 5, 6].filter((candidate) => !own.includes(candidate));
  return own.map((known) => (known === restColour ? (free.shift() ?? restColour) : known));
}

function chargeMonths(grouped: Grouped): Bill['chargeMonths'] {
  if (grouped.groups.length === 0) return [];
  return grouped.periods
    .map((month, slot) => ({
      month,
      cost: textOrNull(grouped.cost(0, slot)),
      charges: grouped.rows(0, slot),
    }))
    .filter(({ charges }) => charges > 0);
}

function daysOf(month: string): { firstDay: number; lastDay: number } {
  return { firstDay: dayNumber(firstDayOf(month)), lastDay: dayNumber(lastDayOf(month)) };
}

function otherBills(
  { cube }: GatherDeps,
  { period, periods }: BillScope,
  now: GroupQuery,
): Bill['otherBills'] {
  return [...periods.values()].flatMap(({ month, segments }) => {
    if (month === period.month) return [];
    const grouped = group(cube, { ...now, ...daysOf(period.month), segments });
    const charges = rowsOf(grouped);
    return charges === 0 ? [] : [{ month, cost: total(grouped).cost, charges }];
  });
}

/** Per billing account what the files state, and what the cells behind every figure here add up to. */
function tieOuts({ cube, axes, db }: GatherDeps, scope: BillScope, now: GroupQuery): TieOut[] {
  const { metric, currency, period, versions } = scope;
  const accounts = axes.axis('billing-account');
  return versions.flatMap((version) => {
    const segments = period.segments.filter((segment) => segment.versionId === version.id);
    const daily = group(cube, { ...now, segments, granularity: 'day' });
    const stated = statedTotals(db, version.id, metric);
    if (rowsOf(daily) === 0 && !stated.has(currency ?? '')) return [];
    const charged = daily.periods.filter(
      (_, slot) => daily.groups.length > 0 && daily.rows(0, slot) > 0,
    );
    const { provider, billingAccount, loadedAt } = version;
    const earlier = replacedVersion(db, version, period.month, metric);
    return [
      {
        provider: provider || null,
        billingAccount: billingAccount || null,
        name: billingAccount === '' ? null : accounts.name(accounts.values.indexOf(billingAccount)),
        stated: stated.get(currency ?? '') ?? null,
        stored: total(daily).cost,
        charges: rowsOf(daily),
        lastDay: charged.at(-1) ?? dayText(Math.max(...segments.map((segment) => segment.lastDay))),
        loadedAt,
        files: version.files.map(({ file, sha256 }) => ({ file, sha256 })),
        earlier: earlier && {
          loadedAt: earlier.loadedAt,
          total: earlier.totals.get(currency ?? '') ?? null,
        },
      },
    ];
  });
}
