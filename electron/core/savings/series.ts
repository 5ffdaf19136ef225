import { withSteps, stepsOf } from '../../../shared/analysis/actions.ts';
import { ownedAmounts } from '../../../shared/analysis/field.ts';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { dayText, daysInMonth, monthOf } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { sumSeries } from '../workloads/sums.ts';
import type { Evaluated } from './evaluate.ts';
import type { Gathered } from './gather.ts';
import { poolHours } from './hourly-bill.ts';
import { moneyText } from './money.ts';
import { horizonHours, type Prepared } from './planner.ts';

type Series = CallOutput<'savings.series'>;

/** Relative error that four in five months stayed within, where too little of the past is known. */
const priorError = 0.25;
const leastOrigins = 3;

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
  const days = sums.periods.map((_period, slot) => sums.exact(0, slot) ?? 0n);
  const errors = pastErrors(days.map((cost) => Number(formatExact(cost))));
  const keyOf = (day: number) => (granularity === 'day' ? dayText(day) : monthOf(dayText(day)));
  const history = new Map<string, { cost: Exact; days: number }>();
  for (const [slot, cost] of days.entries()) {
    const key = keyOf(ledger.firstDay + slot);
    const one = history.get(key) ?? { cost: 0n, days: 0 };
    history.set(key, { cost: one.cost + cost, days: one.days + 1 });
  }
  const whole = (key: string, count: number) => granularity === 'day' || count >= daysInMonth(key);
  const ahead = prepared && evaluated ? dailyAhead(prepared, evaluated) : null;
  const forecast = new Map<
    string,
    { cost: number; planned: number; days: number; first: number }
  >();
  for (const [at, { cost, planned }] of (ahead ?? []).entries()) {
    const key = keyOf(window.lastDay + 1 + at);
    const one = forecast.get(key) ?? { cost: 0, planned: 0, days: 0, first: at };
    forecast.set(key, {
      cost: one.cost + cost,
      planned: one.planned + planned,
      days: one.days + 1,
      first: one.first,
    });
  }
  const rows = [...forecast];
  return {
    currency: gathered.currency,
    granularity,
    history: [...history].map(([period, { cost, days: count }]) => ({
      period,
      cost: formatExact(cost),
      partial: !whole(period, count),
    })),
    forecast: rows.map(([period, { cost, days: count, first }]) => {
      const error = errors.at(Math.floor(first / 28));
      return {
        period,
        cost: moneyText(cost),
        low: moneyText(cost * (1 - error)),
        high: moneyText(cost * (1 + error)),
        partial: !whole(period, count),
      };
    }),
    planned: ahead
      ? rows.map(([period, { planned }]) => ({ period, cost: moneyText(planned) }))
      : null,
    note: `The forecast repeats the last four weeks and lets commitments end when they do. The band holds four in five of ${errors.origins} past forecasts of this kind${errors.origins < leastOrigins ? ', too few: 25 % either side at least' : ''}.`,
  };
}

/** Cost of each day ahead, as things are and with the plan. */
function dailyAhead(
  prepared: Prepared,
  { actions }: Evaluated,
): { cost: number; planned: number }[] {
  const days = horizonHours / 24;
  const base = Array.from({ length: days }, () => ({
    cost: prepared.otherPerHour * 24,
    planned: prepared.otherPerHour * 24,
  }));
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
    const now = poolHours(
      pool,
      pool.workloads.map(() => 0),
      ownedAmounts(pool),
    );
    const then = poolHours(pool, planned.selection, planned.amounts);
    for (let hour = 0; hour < horizonHours; hour++) {
      const day = base[Math.floor(hour / 24)];
      if (!day) continue;
      day.cost += now.cost[hour] as number;
      day.planned += then.cost[hour] as number;
    }
  }
  return base;
}

/** Error of "the last four weeks go on" in the account's own past, by months ahead, never narrower later. */
function pastErrors(days: readonly number[]): { at: (month: number) => number; origins: number } {
  const block = 28;
  const blocks: number[] = [];
  for (let end = days.length; end - block >= 0; end -= block) {
    blocks.unshift(days.slice(end - block, end).reduce((sum, cost) => sum + cost, 0));
  }
  const found: number[] = [];
  let widest = 0;
  for (let lead = 1; lead < blocks.length; lead++) {
    const errors = blocks.slice(lead).map((cost, at) => {
      const before = blocks[at] as number;
      return before > 0 ? Math.abs(cost / before - 1) : 0;
    });
    if (errors.length < leastOrigins) break;
    errors.sort((a, b) => a - b);
    const rank = Math.min(errors.length, Math.ceil((errors.length + 1) * 0.8));
    widest = Math.max(widest, errors[rank - 1] ?? 0);
    found.push(widest);
  }
  const origins = Math.max(0, blocks.length - 1);
  return {
    origins,
    at: (month) => found[Math.min(month, found.length - 1)] ?? priorError,
  };
}
