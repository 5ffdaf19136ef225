import { forecastDaily, type ForecastRecord } from '../../../shared/analysis/daily/forecast.ts';
import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import {
  addMonths,
  dayNumber,
  dayText,
  firstDayOf,
  lastDayOf,
  monthOf,
} from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact, toNumber } from '../../../shared/domain/exact.ts';
import { assignGroups } from '../costs/group.ts';
import type { Summarise } from '../costs/summary.ts';
import { noData } from '../costs/view.ts';
import { giveWay } from '../store/give-way.ts';
import { sumSeries } from '../workloads/sums.ts';
import { type DailyDeps, knownDays } from './known-days.ts';
import { asOneGroup } from './parts.ts';
import { comesDaily, recurringIn } from './recurring.ts';

type Answer = CallOutput<'costs.forecast'>;

/** Days of the past that a forecast is made and judged from: its 26 origins, and what they need. */
const historyDays = 280;
/** Months that may be asked for: the open one and two more. */
const monthsAhead = 3;
const usuallyAhead = 2;

/** Spend of the rest of the open month and of the next, with what was billed so far. */
export async function forecastCosts(
  deps: DailyDeps & { summary: Summarise },
  input: HandlerInput<'costs.forecast'>,
): Promise<Answer> {
  const { cube, axes } = deps;
  const summary = deps.summary();
  if (!summary) throw noData();
  const currency = input.currency === undefined ? (summary.currencies[0] ?? null) : input.currency;
  const span = {
    segments: cube.segments(),
    firstDay: Math.max(summary.firstDay, summary.lastDay - historyDays + 1),
    lastDay: summary.lastDay,
  };
  const known = await knownDays(deps, span, currency);
  if (!known) {
    throw new OutlayError(
      'NO_DATA',
      `No usage in ${currency ?? 'charges without a currency'} is loaded.`,
      'Choose a currency that is loaded.',
    );
  }
  const { settled } = known;
  const open = monthOf(dayText(settled + 1));
  const months = monthsOf(open, input.period);
  const charge = axes.axis('charge');
  const mask = axes.mask([{ dimension: 'currency', values: [currency] }, ...input.filters]);
  await giveWay();
  const assigned = assignGroups({ axes: [charge, axes.axis('service')], mask });
  await giveWay();
  const groups = { of: assigned.groupOfSeries, count: assigned.count };
  const parts = await sumSeries(cube, span, input.metric, groups, 'day');
  const total = await sumSeries(cube, span, input.metric, asOneGroup(mask), 'day');
  const [daily, others] = splitGroups(assigned.count, (group) => {
    const id = charge.ids[assigned.firstSeries[group] as number] as number;
    return charge.values[id] === 'Usage' || comesDaily(parts, group, settled - span.firstDay);
  });
  const spentOn = (day: number) =>
    daily.reduce((sum, group) => sum + parts.size(group, day - span.firstDay), 0);
  const history: (number | null)[] = [];
  for (let day = span.firstDay; day <= settled; day++) {
    history.push(known.has(day) ? spentOn(day) : null);
    if (day % 30 === 0) await giveWay();
  }
  const from = settled + 1;
  const last = dayNumber(lastDayOf(months.at(-1) as string));
  const periods = months.map((month) => ({
    from: Math.max(0, dayNumber(firstDayOf(month)) - from),
    to: dayNumber(lastDayOf(month)) + 1 - from,
  }));
  await giveWay();
  const found = firstKnown(history)
    ? forecastDaily(
        history.slice(history.findIndex((value) => value !== null)),
        last - from + 1,
        periods,
      )
    : null;
  await giveWay();
  const base = {
    metric: input.metric,
    currency,
    currencies: summary.currencies,
    loadedTo: dayText(known.last),
    settledTo: dayText(settled),
    unknownRows: unknownRows(total),
  };
  if (!found) {
    return {
      ...base,
      months: [],
      days: [],
      model: null,
      reason: 'Fewer than seven settled days are loaded: too few for a forecast.',
      level: 0.8,
      record: null,
      reference: null,
    };
  }
  const recurring = new Map<number, number>();
  for (const month of months) {
    const again = recurringIn(month, parts, others, { ...span, settled });
    for (const [day, cost] of again) recurring.set(day, cost);
  }
  const billedOn = (day: number) => total.exact(0, day - span.firstDay);
  const day = (at: number): Answer['days'][number] => {
    const number = from + at;
    const billed = number <= span.lastDay ? billedOn(number) : null;
    // Usage of a day that is not settled only grows; its fees are those that are there.
    const already = billed === null ? 0 : spentOn(number);
    const fees = billed === null && number > known.last ? (recurring.get(number) ?? 0) : 0;
    const apart = billed === null ? fees : toNumber(billed) - already;
    const [expected, low, high] = [found.expected, found.low, found.high].map(
      (values) => values[at] as number,
    ) as [number, number, number];
    const least = Math.max(expected, already);
    return {
      day: dayText(number),
      billed: billed === null ? null : formatExact(billed),
      expected: least + apart,
      low: Math.max(low, already) + apart,
      // It may still grow, however much it has cost.
      high: least + (high - expected) + apart,
      recurring: fees,
    };
  };
  const allDays = found.expected.map((_value, at) => day(at));
  return {
    ...base,
    months: months.map((month, place) => {
      const band = found.periods[place] as (typeof found.periods)[number];
      const own = allDays.slice(band.from, band.to);
      const billed = billedIn(month, span.lastDay, span, billedOn);
      // What is settled is certain; the band is that of the days that are not.
      const before = billedIn(month, settled, span, billedOn);
      const certain = before === null ? 0 : toNumber(before);
      const ahead = own.reduce((sum, one) => sum + one.expected, 0);
      const least = own.reduce(
        (sum, { billed: text }) => sum + (text === null ? 0 : Number(text)),
        0,
      );
      return {
        month,
        billed: billed === null ? null : formatExact(billed),
        expected: certain + ahead,
        low: certain + Math.max(Math.min(least, ahead), ahead - (band.expected - band.low)),
        high: certain + ahead + (band.high - band.expected),
        recurring: own.reduce((sum, one) => sum + one.recurring, 0),
      };
    }),
    days: allDays.filter((one) => months.includes(monthOf(one.day))),
    model: found.model,
    reason: found.reason.replace(/ %/g, '%'),
    level: found.level,
    record: recordOf(found.record),
    reference: recordOf(found.reference),
  };
}

/** The months to forecast; refuses one that is over or too far ahead. */
function monthsOf(open: string, period: string | undefined): string[] {
  const months = Array.from({ length: monthsAhead }, (_, ahead) => addMonths(open, ahead));
  if (period === undefined) return months.slice(0, usuallyAhead);
  if (months.includes(period)) return [period];
  throw new OutlayError(
    'INVALID_INPUT',
    `${period} cannot be forecast: the first month with days ahead is ${open}.`,
    `Choose one of ${months.join(', ')}.`,
  );
}

function splitGroups(count: number, first: (group: number) => boolean): [number[], number[]] {
  const sides: [number[], number[]] = [[], []];
  for (let group = 0; group < count; group++) sides[first(group) ? 0 : 1].push(group);
  return sides;
}

function firstKnown(history: readonly (number | null)[]): boolean {
  return history.some((value) => value !== null);
}

/** Of the days of a month up to `last`; null where there are none or none is known. */
function billedIn(
  month: string,
  last: number,
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
  billedOn: (day: number) => Exact | null,
): Exact | null {
  let sum: Exact | null = null;
  const end = Math.min(dayNumber(lastDayOf(month)), last, lastDay);
  for (let day = Math.max(firstDay, dayNumber(firstDayOf(month))); day <= end; day++) {
    const cost = billedOn(day);
    if (cost !== null) sum = (sum ?? 0n) + cost;
  }
  return sum;
}

function unknownRows(total: Awaited<ReturnType<typeof sumSeries>>): number {
  return total.periods.reduce((sum, _period, slot) => sum + total.unknownRows(0, slot), 0);
}

function recordOf({ origins, wape, coverage }: ForecastRecord): NonNullable<Answer['record']> {
  return { origins, error: wape, coverage };
}
