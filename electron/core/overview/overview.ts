import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Filter } from '../../../shared/contract/values.ts';
import {
  addMonths,
  comparedDays,
  dayNumber,
  dayText,
  firstDayOf,
  lastDayOf,
  monthOf,
} from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { restColour } from '../costs/colours.ts';
import { type Grouped, group, type GroupQuery } from '../costs/group.ts';
import { type Axis, textOf } from '../costs/scope.ts';
import type { ReadableDb } from '../store/open.ts';
import { billingMonths } from './billing.ts';
import { type CostsDeps, noData, rankGroups, sumKnown, total } from '../costs/view.ts';

type Overview = CallOutput<'overview.get'>;

export interface OverviewDeps extends CostsDeps {
  db: ReadableDb;
  now: () => Date;
}

const monthsShown = 13;
const servicesShown = 6;
const moversShown = 5;

/** The manager's page in one answer. Comparisons take the same days of the month before. */
export function getOverview(deps: OverviewDeps, input: HandlerInput<'overview.get'>): Overview {
  const { cube, axes } = deps;
  const summary = deps.summary();
  if (!summary) throw noData();
  const currency = input.currency === undefined ? (summary.currencies[0] ?? null) : input.currency;
  const inCurrency: Filter = { dimension: 'currency', values: [currency] };
  const base: GroupQuery = {
    metric: input.metric,
    axes: [],
    mask: axes.mask([inCurrency]),
    segments: cube.segments(),
    granularity: 'none',
  };
  const byMonth = group(cube, { ...base, granularity: 'month' });
  const available =
    byMonth.groups.length === 0
      ? []
      : byMonth.periods.filter((_, slot) => byMonth.rows(0, slot) > 0);
  const month = input.month ?? available.at(-1) ?? monthOf(dayText(summary.lastDay));
  if (!available.includes(month)) {
    throw new OutlayError(
      'NO_DATA',
      `Nothing is loaded for ${month}.`,
      `Loaded are ${available[0] ?? 'no months'}${available.length > 1 ? ` to ${available.at(-1)}` : ''}.`,
    );
  }
  const days = daysWithCharges(group(cube, { ...base, granularity: 'day' }));
  const inMonth = days.filter((day) => monthOf(day) === month);
  const [first = firstDayOf(month), last = lastDayOf(month)] = [inMonth[0], inMonth.at(-1)];
  const range = { firstDay: dayNumber(first), lastDay: dayNumber(last) };
  const spent = total(group(cube, { ...base, ...range }));
  const compared = comparedDays(firstDayOf(month), dayText(range.lastDay + 1));
  const before = available.includes(addMonths(month, -1))
    ? { firstDay: dayNumber(compared.from), lastDay: dayNumber(compared.to) - 1 }
    : null;
  const history = months(deps, base, byMonth, month, { range, before, days });
  const costBefore = before ? total(group(cube, { ...base, ...before })).cost : null;
  return {
    metric: input.metric,
    currency,
    currencies: summary.currencies,
    availableMonths: available,
    month,
    firstDay: first,
    lastDay: last,
    complete: isComplete(days, month),
    spent: { currency, ...spent },
    sameDaysBefore:
      costBefore === null
        ? null
        : { from: compared.from, to: dayText(dayNumber(compared.to) - 1), cost: costBefore },
    monthBefore: monthBefore(days, byMonth, month),
    meanPerDay: meanPerDay(deps, { ...base, ...range }),
    ...history,
    billing: billingMonths(
      deps.db,
      history.months.map((point) => point.month),
      { metric: input.metric, currency, now: deps.now().toISOString() },
    ),
    movers: before ? movers(deps, base, range, before) : null,
    sources: sources(deps, base, month, range),
  };
}

/** Days with a charge, in order. */
function daysWithCharges(daily: Grouped): string[] {
  return daily.periods.filter((_, slot) => daily.groups.length > 0 && daily.rows(0, slot) > 0);
}

function isComplete(days: readonly string[], month: string): boolean {
  return days.includes(lastDayOf(month));
}

function monthBefore(
  days: readonly string[],
  byMonth: Grouped,
  month: string,
): Overview['monthBefore'] {
  const earlier = addMonths(month, -1);
  const slot = byMonth.periods.indexOf(earlier);
  const cost = slot < 0 || byMonth.groups.length === 0 ? null : byMonth.cost(0, slot);
  if (cost === null) return null;
  return { month: earlier, cost: formatExact(cost), complete: isComplete(days, earlier) };
}

/** Days with charges only; rounded half up to a nano-unit, which no figure shown reaches. */
function meanPerDay(deps: CostsDeps, query: GroupQuery): string | null {
  const daily = group(deps.cube, { ...query, granularity: 'day' });
  if (daily.groups.length === 0) return null;
  let sum: Exact = 0n;
  let days = 0n;
  for (let slot = 0; slot < daily.periods.length; slot++) {
    const cost = daily.cost(0, slot);
    if (cost === null) continue;
    sum += cost;
    days++;
  }
  if (days === 0n) return null;
  const nano = 10n ** 18n;
  return formatExact((sum / days / nano) * nano);
}

interface Days {
  firstDay: number;
  lastDay: number;
}

function months(
  deps: CostsDeps,
  base: GroupQuery,
  byMonth: Grouped,
  month: string,
  compare: { range: Days; before: Days | null; days: readonly string[] },
): Pick<Overview, 'months' | 'services'> {
  const { cube, axes } = deps;
  const last = byMonth.periods.indexOf(month);
  const shown = byMonth.periods.slice(Math.max(0, last - monthsShown + 1), last + 1);
  const offset = byMonth.periods.indexOf(shown[0] ?? month);
  const axis = axes.axis('service');
  const span: GroupQuery = {
    ...base,
    axes: [axis],
    firstDay: dayNumber(firstDayOf(shown[0] ?? month)),
    lastDay: dayNumber(lastDayOf(month)),
  };
  const ranked = rankGroups(group(cube, span));
  const grouped = group(cube, { ...span, granularity: 'month' });
  const now = costByKey(group(cube, { ...span, ...compare.range }));
  const before = compare.before ? costByKey(group(cube, { ...span, ...compare.before })) : null;
  const at = new Map(grouped.groups.map(({ key }, g) => [key, g]));
  const colour = deps.colours('service');
  const pointOf = (key: number, period: string): Exact | null => {
    const slot = grouped.periods.indexOf(period);
    const g = at.get(key);
    return slot < 0 || g === undefined || grouped.rows(g, slot) === 0 ? 0n : grouped.cost(g, slot);
  };
  const costOf = (costs: ReadonlyMap<number, Exact | null>, key: number): Exact | null => {
    const cost = costs.get(key);
    return cost === undefined ? 0n : cost;
  };
  const named = ranked.length > servicesShown + 1 ? ranked.slice(0, servicesShown) : ranked;
  const service = (keys: readonly number[], id: number | null): Overview['services'][number] => ({
    service: id === null ? null : textOf(axis, id),
    rest: id === null,
    values: keys.length,
    colour: id === null ? restColour : colour(id),
    points: shown.map((period) => text(sumKnown(keys.map((key) => pointOf(key, period))))),
    cost: text(sumKnown(keys.map((key) => costOf(now, key)))),
    before: before ? text(sumKnown(keys.map((key) => costOf(before, key)))) : null,
  });
  const services = named.map(({ key, id }) => service([key], id));
  const rest = ranked.slice(named.length).map(({ key }) => key);
  if (rest.length > 0) services.push(service(rest, null));
  return {
    months: shown.map((period, i) => {
      const cost = byMonth.cost(0, offset + i);
      return {
        month: period,
        cost: cost === null ? null : formatExact(cost),
        complete: isComplete(compare.days, period),
      };
    }),
    services,
  };
}

function costByKey(grouped: Grouped): Map<number, Exact | null> {
  return new Map(grouped.groups.map(({ key }, g) => [key, grouped.cost(g, 0)]));
}

function text(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}

function sumOf(amounts: readonly Exact[]): string {
  return formatExact(amounts.reduce((sum, amount) => sum + amount, 0n));
}

/** Lines of service and account by how much they changed, either way. */
function movers(
  deps: CostsDeps,
  base: GroupQuery,
  range: Days,
  before: Days,
): NonNullable<Overview['movers']> {
  const { cube, axes } = deps;
  const by: Axis[] = [axes.axis('service'), axes.axis('account')];
  const [service, account] = by as [Axis, Axis];
  const now = group(cube, { ...base, axes: by, ...range });
  const earlier = group(cube, { ...base, axes: by, ...before });
  const lines = new Map<number, { ids: number[]; now: Exact; before: Exact }>();
  const unknown = new Set<number>();
  const add = (grouped: Grouped, side: 'now' | 'before') => {
    for (const [g, { ids, key }] of grouped.groups.entries()) {
      const cost = grouped.cost(g, 0);
      const line = lines.get(key) ?? { ids, now: 0n, before: 0n };
      lines.set(key, line);
      if (cost === null) unknown.add(key);
      else line[side] = cost;
    }
  };
  add(now, 'now');
  add(earlier, 'before');
  // A change from or to an unknown amount is unknown.
  for (const key of unknown) lines.delete(key);
  const sorted = [...lines.values()]
    .map((line) => ({ ...line, change: line.now - line.before }))
    .sort((a, b) => {
      const [left, right] = [magnitude(a.change), magnitude(b.change)];
      return left === right ? 0 : left > right ? -1 : 1;
    });
  const shown = sorted.slice(0, moversShown);
  return {
    rows: shown.map((line) => ({
      service: textOf(service, line.ids[0] ?? 0),
      account: textOf(account, line.ids[1] ?? 0),
      accountName: account.name(line.ids[1] ?? 0),
      now: formatExact(line.now),
      before: formatExact(line.before),
      change: formatExact(line.change),
    })),
    lines: sorted.length,
    otherChange: sumOf(sorted.slice(moversShown).map((line) => line.change)),
    change: sumOf(sorted.map((line) => line.change)),
  };
}

function magnitude(amount: Exact): Exact {
  return amount < 0n ? -amount : amount;
}

function sources(
  deps: CostsDeps,
  base: GroupQuery,
  month: string,
  range: Days,
): Overview['sources'] {
  const groups = new Map<string, GroupQuery['segments'][number][]>();
  for (const segment of base.segments) {
    if (segment.lastDay < dayNumber(firstDayOf(month)) || segment.firstDay > range.lastDay)
      continue;
    const key = JSON.stringify([segment.source, segment.provider, segment.format]);
    groups.set(key, [...(groups.get(key) ?? []), segment]);
  }
  return [...groups].map(([key, segments]) => {
    const [label = '', provider = '', format = ''] = JSON.parse(key) as string[];
    const { cost } = total(group(deps.cube, { ...base, segments, ...range }));
    const lastDay = Math.min(range.lastDay, Math.max(...segments.map((s) => s.lastDay)));
    return { label, provider: provider || null, format, lastDay: dayText(lastDay), cost };
  });
}
