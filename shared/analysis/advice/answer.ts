import { planAnswer, type PlanAnswer, type PlannedCommitment, reconcile } from '../answer.ts';
import type { Bundle } from '../bundle.ts';
import { todaysBill } from '../jointPlan.ts';
import { hoursPerMonth } from '../model.ts';
import { poolsOf } from '../pool.ts';
import type { Solver } from '../solver.ts';
import { sumOf } from '../sums.ts';
import { advise, type AdvisedPool } from './advise.ts';
import { conformalRadius, type Radius } from './conformal.ts';
import { forecastAccount } from './forecast.ts';
import { lossShare } from './risk.ts';
import { type AdviceSettings, adviceDefaults } from './settings.ts';

export interface Tranche {
  start_h: number;
  commitments: PlannedCommitment[];
}

export interface AdviceAnswer extends PlanAnswer {
  risk: {
    currency: string;
    scenarios: number;
    history_weeks: number;
    p_loss: number;
    worst: number;
    worst_scenario: string | null;
    committed_fees: number;
  }[];
  /** What the interval of the savings rests on, besides the scenarios. */
  interval: Radius & { level: number };
  /** The recommended amounts bought in steps; together they are `commitments`. */
  schedule: Tranche[];
}

/** The answer for the hours after a history. Promises are for these hours. */
export function adviceAnswer(
  bundle: Bundle,
  solver: Solver,
  settings: AdviceSettings = adviceDefaults,
): AdviceAnswer {
  if (!bundle.forecast) throw new RangeError('advice without forecast hours');
  const { offsetH, hours } = bundle.forecast;
  const history = reconcile(
    bundle,
    poolsOf(bundle.account).pools.map((pool) => ({ pool, today: todaysBill(pool) })),
  );
  const { pools, refusals, weeks } = advise(bundle.account, offsetH, hours, solver, settings);
  const ahead = forecastBundle(bundle, pools);
  const answer = planAnswer(ahead, { pools, refusals }, history);
  const rate = (currency: string) => bundle.account.fx.get(currency) ?? 1;
  const spread = conformalRadius([], settings.interval);
  if (answer.claimed && answer.withheld === null) {
    const { claimed } = answer;
    const sides = sumOf(
      claimed.actions.flatMap(({ lever, marginal }) =>
        lever === 'storage' || lever === 'api' ? [marginal] : [],
      ),
    );
    const savings = overScenarios(pools, rate, settings.scenarios, 'savings').sort((a, b) => a - b);
    const tail = (1 - settings.interval) / 2;
    const at = (share: number) =>
      savings[Math.min(savings.length - 1, Math.floor(share * savings.length))] ?? 0;
    const around = Math.abs(claimed.joint_savings) * spread.radius;
    claimed.low = Math.min(claimed.joint_savings - around, at(tail) + sides);
    claimed.high = Math.max(claimed.joint_savings + around, at(1 - tail) + sides);
    claimed.p_loss = lossShare(overScenarios(pools, rate, settings.scenarios, 'bought'));
  }
  return {
    ...answer,
    risk: pools.map(({ pool, risk }) => ({
      currency: pool.currency,
      scenarios: settings.scenarios,
      history_weeks: weeks,
      p_loss: risk.pLoss,
      worst: risk.worst,
      worst_scenario: risk.worstStress,
      committed_fees: risk.committed,
    })),
    interval: { level: settings.interval, ...spread },
    schedule: ladder(answer.commitments, settings.tranches),
  };
}

/** Savings of all pools together, by scenario: pools meet the same kind of scenario at once. */
function overScenarios(
  pools: readonly AdvisedPool[],
  rate: (currency: string) => number,
  scenarios: number,
  what: 'savings' | 'bought',
): number[] {
  return Array.from({ length: scenarios }, (_, at) =>
    sumOf(pools.map(({ pool, risk }) => (risk[what][at] ?? 0) * rate(pool.currency))),
  );
}

/** The hours ahead as a bundle: other lines go on at their mean. */
function forecastBundle(bundle: Bundle, pools: readonly AdvisedPool[]): Bundle {
  const { offsetH, hours } = bundle.forecast ?? { offsetH: 0, hours: 0 };
  const account = forecastAccount(bundle.account, offsetH, hours);
  const currencies = new Set([...bundle.lines.keys(), ...pools.map(({ pool }) => pool.currency)]);
  return {
    ...bundle,
    start: bundle.start + offsetH * 3_600_000,
    account,
    lines: new Map(
      [...currencies].sort().map((currency) => {
        const history = bundle.lines.get(currency)?.other ?? 0;
        const other = (history * hours) / bundle.account.hours;
        const today = sumOf(
          pools.flatMap((one) => (one.pool.currency === currency ? [one.today] : [])),
        );
        const effective = other + today;
        const byHour = new Float64Array(hours).fill(effective / Math.max(1, hours));
        return [currency, { effective, other, byHour }];
      }),
    ),
  };
}

/** Equal tranches a month apart; whole units where units are whole, the first ones larger. */
function ladder(commitments: readonly PlannedCommitment[], tranches: number): Tranche[] {
  return Array.from({ length: tranches }, (_, tranche) => ({
    start_h: tranche * hoursPerMonth,
    commitments: commitments.flatMap((one) => {
      const unit = one.kind === 'ri' ? 1 : 1000;
      const whole = Math.round(one.amount * unit);
      const upTo = (count: number) => Math.ceil((whole * count) / tranches);
      const amount = (upTo(tranche + 1) - upTo(tranche)) / unit;
      return amount > 0 ? [{ ...one, amount }] : [];
    }),
  }));
}
