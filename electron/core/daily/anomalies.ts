import {
  anomaliesOf,
  type Anomaly,
  anomalyDefaults,
  type DailySeries,
  type Moved,
  movedIn,
} from '../../../shared/analysis/daily/anomalies.ts';
import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { CostAnomaly } from '../../../shared/contract/daily.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import {
  addMonths,
  dayNumber,
  dayText,
  firstDayOf,
  lastDayOf,
  monthOf,
} from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { assignGroups } from '../costs/group.ts';
import { type Axis, textOf } from '../costs/scope.ts';
import type { Summarise } from '../costs/summary.ts';
import { noData } from '../costs/view.ts';
import { giveWay } from '../store/give-way.ts';
import { type SeriesSums, sumSeries } from '../workloads/sums.ts';
import { type DailyDeps, knownDays } from './known-days.ts';
import { asOneGroup, costByDay, type Parts, withQuantities } from './parts.ts';

type Answer = CallOutput<'costs.anomalies'>;
type Found = Omit<Anomaly, 'moved'>;

/** The open month and the two before it, where no month is asked for. */
const monthsJudged = 3;
/** Days looked back at from the first one. */
const pastDays = 7 * anomalyDefaults.weeks;
/** Parts times days are held at once. */
const mostParts = 20_000;
const stepMs = 4;

/** Days on which the cost of usage left the band of the same weekdays before, and what moved. */
export async function findAnomalies(
  deps: DailyDeps & { summary: Summarise },
  input: HandlerInput<'costs.anomalies'>,
): Promise<Answer> {
  const { cube, axes } = deps;
  const summary = deps.summary();
  if (!summary) throw noData();
  const currency = input.currency === undefined ? (summary.currencies[0] ?? null) : input.currency;
  const range = rangeOf(input.period, summary);
  const span = {
    segments: cube.segments(),
    firstDay: Math.max(summary.firstDay, range.firstDay - pastDays),
    lastDay: range.lastDay,
  };
  const by = input.by.map((dimension) => axes.axis(dimension));
  const mask = axes.mask([
    { dimension: 'currency', values: [currency] },
    { dimension: 'charge', values: ['Usage'] },
    ...input.filters,
  ]);
  await giveWay();
  const assigned = assignGroups({ axes: by, mask });
  if (assigned.count > mostParts) {
    throw new OutlayError(
      'INVALID_INPUT',
      `by: ${input.by.join(' and ')} have ${assigned.count} values here, more than ${mostParts} cannot be judged.`,
      'Choose dimensions with fewer values, or filter.',
    );
  }
  const parts: Parts = { ...assigned, of: assigned.groupOfSeries };
  const whole = asOneGroup(mask);
  await giveWay();
  const known = await knownDays(deps, { ...span, lastDay: summary.lastDay }, currency);
  const sums = await sumSeries(cube, span, input.metric, parts, 'day');
  const total = await sumSeries(cube, span, input.metric, whole, 'day');
  const base = {
    metric: input.metric,
    currency,
    currencies: summary.currencies,
    by: input.by,
    range: { from: dayText(range.firstDay), to: dayText(range.lastDay + 1) },
    settledTo: dayText(known?.settled ?? summary.lastDay),
    partCount: assigned.count,
    unknownRows: total.periods.reduce((sum, _period, slot) => sum + total.unknownRows(0, slot), 0),
  };
  if (!known) return { ...base, total: [], parts: [], partAnomalies: 0 };

  const steps = stepper();
  const series = new Map<number, DailySeries>();
  for (let group = 0; group < assigned.count; group++) {
    const one = costByDay(String(group), sums, group, span, known);
    // Who never cost half of what counts cannot have moved by it.
    if (one.cost.some((cost) => Math.abs(cost ?? 0) > anomalyDefaults.leastImpact / 2)) {
      series.set(group, one);
    }
    await steps();
  }
  const settings = { ...anomalyDefaults, firstDay: range.firstDay - span.firstDay };
  const judge = (one: DailySeries): Found[] => anomaliesOf(one, [], settings);
  const found: Found[] = [];
  for (const one of series.values()) {
    found.push(...judge(one));
    await steps();
  }
  found.sort((a, b) => Math.abs(b.impact) - Math.abs(a.impact) || a.from - b.from);
  const shown = found.slice(0, input.limit);
  const ofAll = judge(costByDay('', total, 0, span, known)).slice(0, input.limit);
  const movers = new Map<Found, Moved[]>();
  for (const one of ofAll) {
    const moved: Moved[] = [];
    for (const part of series.values()) {
      moved.push(...movedIn(one, [part], settings));
      await steps();
    }
    movers.set(one, largest(moved));
  }
  const wanted = new Map<number, DailySeries>();
  for (const { key } of [...shown, ...[...movers.values()].flat()]) {
    wanted.set(Number(key), series.get(Number(key)) as DailySeries);
  }
  const full = await withQuantities(deps, span, input.metric, parts, wanted);

  const keysOf = (group: number) => {
    const ids = by.map((axis) => axis.ids[assigned.firstSeries[group] as number] as number);
    return {
      keys: ids.map((id, place) => textOf(by[place] as Axis, id)),
      names: ids.map((id, place) => (by[place] as Axis).name(id)),
    };
  };
  const present = (one: Found): Omit<CostAnomaly, 'keys' | 'names' | 'cost' | 'moved'> => ({
    impact: one.impact,
    price: one.price,
    quantity: one.quantity,
    from: dayText(span.firstDay + one.from),
    to: dayText(span.firstDay + one.to),
    expected: one.expected,
    low: one.low,
    high: one.high,
    deviations: Number.isFinite(one.z) ? one.z : null,
    provisional: span.firstDay + one.to > known.settled,
  });
  const partsAnswer: CostAnomaly[] = [];
  for (const one of shown) {
    const group = Number(one.key);
    const again =
      judge(full.get(group) as DailySeries).find(({ from }) => from === one.from) ?? one;
    partsAnswer.push({
      ...keysOf(group),
      cost: costBetween(sums, group, one),
      ...present(again),
      moved: [],
    });
    await steps();
  }
  return {
    ...base,
    total: ofAll.map((one) => ({
      keys: [],
      names: [],
      cost: costBetween(total, 0, one),
      ...present(one),
      moved: (movers.get(one) ?? []).flatMap(({ key }) =>
        movedIn(one, [full.get(Number(key)) as DailySeries], settings).map(
          ({ impact, price, quantity }) => ({
            ...keysOf(Number(key)),
            cost: costBetween(sums, Number(key), one),
            impact,
            price,
            quantity,
          }),
        ),
      ),
    })),
    parts: partsAnswer,
    partAnomalies: found.length,
  };
}

/** Loaded days of the month, or of the last months. */
function rangeOf(
  period: string | undefined,
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
): { firstDay: number; lastDay: number } {
  const last = period ?? monthOf(dayText(lastDay));
  const first = period ?? addMonths(last, 1 - monthsJudged);
  const range = {
    firstDay: Math.max(firstDay, dayNumber(firstDayOf(first))),
    lastDay: Math.min(lastDay, dayNumber(lastDayOf(last))),
  };
  if (range.firstDay <= range.lastDay) return range;
  throw new OutlayError(
    'NO_DATA',
    `Nothing is loaded for ${last}.`,
    `Loaded are ${dayText(firstDay)} to ${dayText(lastDay)}.`,
  );
}

/** Exact, of the days of an anomaly; null where none of them is known. */
function costBetween(sums: SeriesSums, group: number, { from, to }: Found): string | null {
  let sum: Exact | null = null;
  let rows = 0;
  for (let slot = from; slot <= to; slot++) {
    const cost = sums.exact(group, slot);
    rows += sums.rows(group, slot);
    if (cost !== null) sum = (sum ?? 0n) + cost;
  }
  // Nothing charged on days that are known is no cost.
  return sum === null ? (rows === 0 ? '0' : null) : formatExact(sum);
}

const mostMoved = 5;

function largest(moved: Moved[]): Moved[] {
  return moved.sort((a, b) => Math.abs(b.impact) - Math.abs(a.impact)).slice(0, mostMoved);
}

/** Gives way to other questions whenever a few milliseconds have passed. */
function stepper(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < stepMs) return;
    await giveWay();
    since = performance.now();
  };
}
