import { stepsOf, withSteps } from '../../../shared/analysis/actions.ts';
import { forecastAccount } from '../../../shared/analysis/advice/forecast.ts';
import { anomalyDefaults } from '../../../shared/analysis/daily/anomalies.ts';
import {
  type DailyForecast,
  forecastDaily,
  type Period,
} from '../../../shared/analysis/daily/forecast.ts';
import type { DailyModel } from '../../../shared/analysis/daily/models.ts';
import { ownedAmounts } from '../../../shared/analysis/field.ts';
import type { Account } from '../../../shared/analysis/model.ts';
import { type Pool, poolsOf } from '../../../shared/analysis/pool.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { dayText, daysInMonth, monthOf } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { sumSeries } from '../workloads/sums.ts';
import { countWords, percentWords } from './describe.ts';
import type { Evaluated } from './evaluate.ts';
import type { Gathered } from './gather.ts';
import { poolHours } from './hourly-bill.ts';
import { moneyText, numberOf } from './money.ts';
import { horizonHours, type Prepared } from './planner.ts';

type Series = CallOutput<'savings.series'>;

/** At the end of a bill that still grows: nothing is forecast from these days. */
const { provisionalDays } = anomalyDefaults;
const daysAhead = horizonHours / 24;

/** Spend by day or month: as billed, as it would go on, and with the plan. */
export async function seriesOf(
  cube: Cube,
  gathered: Gathered,
  prepared: Prepared | null,
  evaluated: Evaluated | null,
  granularity: 'day' | 'month',
  provider: string | undefined,
): Promise<Series> {
  const { grouped, ledger, window } = gathered;
  const of = Int32Array.from(grouped.of, (group) =>
    group >= 0 && (provider === undefined || grouped.groups[group]?.provider === provider) ? 0 : -1,
  );
  const span = { segments: cube.segments(), firstDay: ledger.firstDay, lastDay: window.lastDay };
  const sums = await sumSeries(cube, span, 'effective', { of, count: 1 }, 'day');
  const days = sums.periods.map((_period, slot) => sums.exact(0, slot));
  const keyOf = (day: number) => (granularity === 'day' ? dayText(day) : monthOf(dayText(day)));
  const history = new Map<string, { cost: Exact; days: number }>();
  for (const [slot, cost] of days.entries()) {
    const key = keyOf(ledger.firstDay + slot);
    const one = history.get(key) ?? { cost: 0n, days: 0 };
    history.set(key, { cost: one.cost + (cost ?? 0n), days: one.days + 1 });
  }
  const whole = (key: string, count: number) => granularity === 'day' || count >= daysInMonth(key);
  const periods = new Map<string, Period>();
  for (let at = 0; at < daysAhead; at++) {
    const key = keyOf(window.lastDay + 1 + at);
    periods.set(key, { from: periods.get(key)?.from ?? at, to: at + 1 });
  }
  const forecast = forecastDaily(
    days.slice(0, -provisionalDays).map((cost) => (cost === null ? null : numberOf(cost))),
    daysAhead + provisionalDays,
    [...periods.values()].map(({ from, to }) => ({
      from: from + provisionalDays,
      to: to + provisionalDays,
    })),
  );
  const ahead = prepared && evaluated ? simulatedAhead(prepared, evaluated) : null;
  const rows = forecast
    ? [...periods].map(([period, { from, to }], at) => {
        const { expected, low, high } = forecast.periods[at] as DailyForecast['periods'][number];
        const simulated = ahead?.slice(from, to) ?? [];
        const ended = simulated.reduce((sum, day) => sum + day.ended, 0);
        const saved = simulated.reduce((sum, day) => sum + day.saved, 0);
        return {
          period,
          cost: expected + ended,
          low: low + ended,
          high: high + ended,
          planned: expected + ended - saved,
          partial: !whole(period, to - from),
        };
      })
    : [];
  return {
    currency: gathered.currency,
    granularity,
    history: [...history].map(([period, { cost, days: count }]) => ({
      period,
      cost: formatExact(cost),
      partial: !whole(period, count),
    })),
    forecast: rows.map(({ period, cost, low, high, partial }) => ({
      period,
      cost: moneyText(cost),
      low: moneyText(low),
      high: moneyText(high),
      partial,
    })),
    planned: ahead && rows.map(({ period, planned }) => ({ period, cost: moneyText(planned) })),
    record: forecast && recordOf(forecast),
    note: noteOf(forecast, ahead?.some(({ ended }) => ended !== 0) === true),
  };
}

function recordOf({ model, level, record }: DailyForecast): NonNullable<Series['record']> {
  const { origins, wape, coverage, basis } = record;
  return { model, level, origins, wape, coverage, basis };
}

const modelWords: Record<DailyModel, string> = {
  'weekly-naive': 'each weekday as a week before',
  'weekly-mean': 'each weekday as its mean of four weeks',
  'weekly-trend': 'each weekday as a week before, with a damped trend',
  flat: 'every day as the mean of the last week',
};

function noteOf(forecast: DailyForecast | null, ends: boolean): string {
  if (!forecast) return 'Fewer than seven settled days are known: nothing is forecast.';
  const { model, level, record } = forecast;
  const { origins, wape, coverage } = record;
  const past =
    wape === null
      ? 'there are no past days to measure it on'
      : `in ${countWords(origins, 'past forecast')} its days were ${percentWords(wape)} off`;
  const band = `${Math.round(100 * level)}% band`;
  const held =
    coverage === null
      ? `the ${band} is not measured yet`
      : `the ${band} held ${percentWords(coverage)} of them`;
  const ending = ends ? ', the ends of commitments simulated' : '';
  return `Forecast: ${modelWords[model]}${ending}; ${past}, and ${held}.`;
}

/** What simulation says of each day ahead. */
interface SimulatedDay {
  /** Added to the bill because commitments end. */
  ended: number;
  saved: number;
}

function simulatedAhead(prepared: Prepared, { actions }: Evaluated): SimulatedDay[] {
  const days = Array.from({ length: daysAhead }, () => ({ ended: 0, saved: 0 }));
  const off = new Set(actions.filter(({ on }) => !on).map(({ id }) => id));
  for (const { advised } of prepared.pools) {
    const { pool, plan } = advised;
    const kept = stepsOf(pool, plan).filter((step) => {
      const action = actions.find(
        ({ of, purchases, id }) =>
          of.advised === advised &&
          (step.lever === 'commitment'
            ? purchases.some(({ column }) => column === pool.columns[step.column])
            : id === step.id),
      );
      return action !== undefined && !off.has(action.id);
    });
    const planned = withSteps(pool, plan, kept);
    const now = costAsIs([pool]);
    const then = poolHours(pool, planned.selection, planned.amounts).cost;
    addByDay(days, 'saved', now, 1);
    addByDay(days, 'saved', then, -1);
  }
  for (const [account, own] of Map.groupBy(prepared.pools, (one) => one.account)) {
    const endless = endlessPools(account);
    if (!endless) continue;
    addByDay(days, 'ended', costAsIs(own.map(({ advised }) => advised.pool)), 1);
    addByDay(days, 'ended', costAsIs(endless), -1);
  }
  return days;
}

function addByDay(
  days: readonly SimulatedDay[],
  what: keyof SimulatedDay,
  cost: Float64Array,
  sign: 1 | -1,
): void {
  for (const [at, day] of days.entries())
    day[what] += sign * sumOf(cost.subarray(at * 24, at * 24 + 24));
}

/** Each hour ahead with today's machines and commitments. */
function costAsIs(pools: readonly Pool[]): Float64Array {
  const all = new Float64Array(horizonHours);
  for (const pool of pools) {
    const today = pool.workloads.map(() => 0);
    const { cost } = poolHours(pool, today, ownedAmounts(pool));
    for (const [hour, amount] of cost.entries()) all[hour] = (all[hour] as number) + amount;
  }
  return all;
}

/** The pools of an account as if no commitment that is there today ended; null where none does. */
function endlessPools(account: Account): Pool[] | null {
  const { hours } = account;
  const ends = (endH: number) => endH > hours && endH < hours + horizonHours;
  if (!account.owned.some(({ endH }) => ends(endH))) return null;
  const goingOn = {
    ...account,
    candidates: [],
    offers: account.offers.map((offer) => ({ ...offer, starts: [] })),
    owned: account.owned.map((owned) =>
      ends(owned.endH) ? { ...owned, endH: hours + horizonHours } : owned,
    ),
  };
  return poolsOf(forecastAccount(goingOn, hours, horizonHours)).pools;
}
