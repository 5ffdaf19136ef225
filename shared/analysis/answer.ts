import { type Action, compareActions, type Lever } from './actions.ts';
import type { Bundle } from './bundle.ts';
import { keepOption, type Refusal } from './choices.ts';
import type { Scope } from './columns.ts';
import { localDays } from './localDays.ts';
import type { JointPlan, PlannedPool } from './jointPlan.ts';
import { sideActions, type SideAction, sidesCost } from './sides.ts';
import { sumOf } from './sums.ts';

export interface PlannedCommitment {
  offer: string;
  kind: 'ri' | 'isp' | 'csp';
  scope: Scope;
  currency: string;
  amount: number;
  start_h: number;
}

export interface ClaimedAction {
  id: string;
  lever: Lever;
  standalone: number;
  marginal: number;
  last_in: number;
}

/** Baseline, plan and savings of the window; in the reporting currency where rates are known. */
export interface Claimed {
  baseline: number;
  optimized: number;
  joint_savings: number;
  low: number;
  high: number;
  p_loss: number;
  actions: ClaimedAction[];
  /** Distance to the lower bound; `complete`: every combination was looked at or ruled out. */
  gap: { bound: number; amount: number; share: number | null; complete: boolean };
  daily?: Record<string, number>;
}

export interface Reconciliation {
  currency: string;
  simulated: number;
  effective: number;
  /** Share of the effective cost; null where that is 0. */
  error: number | null;
  holds: boolean;
}

export interface PlanAnswer {
  id: string;
  mode: Bundle['mode'];
  currency: string;
  rightsizing: Record<string, string>;
  spot: Record<string, boolean>;
  commitments: PlannedCommitment[];
  side: Record<string, string>;
  /** With a rate for every currency; else null, and each currency stands alone. */
  claimed: Claimed | null;
  by_currency?: Record<string, Claimed>;
  reconciliation: Reconciliation[];
  withheld: string | null;
  rejected: { workload: string; option: string; reason: string; checks: unknown[] }[];
  warnings: string[];
}

const reconcileShare = 0.001;
/** Rounding of sums, in currency units. */
const reconcileRoom = 1e-6;

/** The answer of a replay: the plan if the bill reconciles, else the difference. */
export function planAnswer(
  bundle: Bundle,
  joint: JointPlan,
  reconciliation = reconcile(bundle, joint.pools),
): PlanAnswer {
  const failed = reconciliation.filter(({ holds }) => !holds);
  const withheld =
    failed.length === 0
      ? null
      : `The simulated bill differs from EffectiveCost by more than 0.1 %: ${failed
          .map(
            ({ currency, simulated, effective }) => `${currency} ${simulated} against ${effective}`,
          )
          .join('; ')}. Recommendations are withheld.`;
  const pools = withheld === null ? joint.pools : joint.pools.map(unplanned);
  const sides = withheld === null ? sideActions(bundle) : [];
  const claims = claimedOf(bundle, pools, sides);
  const rightsizing: Record<string, string> = {};
  const spot: Record<string, boolean> = {};
  const commitments: PlannedCommitment[] = [];
  for (const { pool, plan } of pools) {
    for (const [w, { id, choices }] of pool.workloads.entries()) {
      const choice = choices[plan.selection[w] ?? 0];
      if (!choice) continue;
      if (choice.option !== keepOption) rightsizing[id] = choice.option;
      if (choice.spot) spot[id] = true;
      else if (choices[0]?.spot === true && choice.ratio !== 0) spot[id] = false;
    }
    for (const [c, column] of pool.columns.entries()) {
      const amount = plan.amounts[c] ?? 0;
      if (column.owned || amount <= 0) continue;
      const { offer, kind, scope, startH } = column;
      commitments.push({ offer, kind, scope, currency: pool.currency, amount, start_h: startH });
    }
  }
  return {
    id: bundle.id,
    mode: bundle.mode,
    currency: bundle.currency,
    rightsizing: sorted(rightsizing),
    spot: sorted(spot),
    commitments: commitments.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    side: sorted(Object.fromEntries(sides.map(({ set, option }) => [set, option]))),
    ...claims,
    reconciliation,
    withheld,
    rejected: rejectedOf(joint.refusals),
    warnings: warningsOf(pools),
  };
}

function unplanned(planned: PlannedPool): PlannedPool {
  const { pool, today } = planned;
  const selection = pool.workloads.map(() => 0);
  const amounts = Float64Array.from(pool.columns, ({ amount }) => amount);
  return { ...planned, plan: { selection, amounts, bill: today }, actions: [] };
}

export function reconcile(
  bundle: Bundle,
  pools: readonly Pick<PlannedPool, 'pool' | 'today'>[],
): Reconciliation[] {
  const currencies = new Set([...bundle.lines.keys(), ...pools.map(({ pool }) => pool.currency)]);
  return [...currencies].sort().map((currency) => {
    const lines = bundle.lines.get(currency);
    const effective = lines?.effective ?? 0;
    const simulated = sumOf([
      lines?.other ?? 0,
      ...pools.flatMap(({ pool, today }) => (pool.currency === currency ? [today] : [])),
    ]);
    const difference = Math.abs(simulated - effective);
    return {
      currency,
      simulated,
      effective,
      error: effective === 0 ? null : (simulated - effective) / Math.abs(effective),
      holds: difference <= reconcileShare * Math.abs(effective) + reconcileRoom,
    };
  });
}

function claimedOf(
  bundle: Bundle,
  pools: readonly PlannedPool[],
  sides: readonly SideAction[],
): Pick<PlanAnswer, 'claimed' | 'by_currency'> {
  const { fx } = bundle.account;
  const currencies = new Set([
    bundle.currency,
    ...bundle.lines.keys(),
    ...pools.map(({ pool }) => pool.currency),
  ]);
  const rated = [...currencies].every((currency) => fx.has(currency));
  if (rated)
    return { claimed: claim(bundle, pools, sides, [...currencies], (c) => fx.get(c) ?? 1) };
  return {
    claimed: null,
    by_currency: Object.fromEntries(
      [...currencies].sort().map((currency) => [
        currency,
        claim(
          bundle,
          pools.filter(({ pool }) => pool.currency === currency),
          currency === bundle.currency ? sides : [],
          [currency],
          () => 1,
        ),
      ]),
    ),
  };
}

/** The figures of some currencies together, each at its rate. */
function claim(
  bundle: Bundle,
  pools: readonly PlannedPool[],
  sides: readonly SideAction[],
  currencies: readonly string[],
  rate: (currency: string) => number,
): Claimed {
  const side = currencies.includes(bundle.currency) ? sidesCost(bundle) : 0;
  const baseline = sumOf([
    side,
    ...currencies.map((currency) => (bundle.lines.get(currency)?.effective ?? 0) * rate(currency)),
  ]);
  const joint = sumOf([
    ...pools.map(({ pool, today, plan }) => (today - plan.bill) * rate(pool.currency)),
    ...sides.map(({ saving }) => saving),
  ]);
  const possible = sumOf([
    ...pools.map(({ pool, today, bound }) => (today - bound) * rate(pool.currency)),
    ...sides.map(({ saving }) => saving),
  ]);
  const amount = Math.max(0, possible - joint);
  return {
    baseline,
    optimized: baseline - joint,
    joint_savings: joint,
    low: joint,
    high: joint,
    p_loss: 0,
    actions: [
      ...pools.flatMap(({ pool, actions }) =>
        actions.map((action) => claimedAction(action, rate(pool.currency))),
      ),
      ...sides.map(({ id, lever, saving }) =>
        claimedAction({ id, lever, standalone: saving, marginal: saving, lastIn: saving }, 1),
      ),
    ].sort(compareActions),
    gap: {
      bound: baseline - joint - amount,
      amount,
      share: baseline > 0 ? amount / baseline : null,
      complete: pools.every(({ complete }) => complete),
    },
    ...(bundle.timezone === 'UTC' ? {} : { daily: daily(bundle, currencies, rate, side) }),
  };
}

function claimedAction(action: Action, rate: number): ClaimedAction {
  return {
    id: action.id,
    lever: action.lever,
    standalone: action.standalone * rate,
    marginal: action.marginal * rate,
    last_in: action.lastIn * rate,
  };
}

/** Baseline by local day; what has no rows is spread evenly over the hours. */
function daily(
  bundle: Bundle,
  currencies: readonly string[],
  rate: (currency: string) => number,
  side: number,
): Record<string, number> {
  const { hours } = bundle.account;
  const days = localDays(bundle.start, hours, bundle.timezone);
  return Object.fromEntries(
    days.map(({ day, from, to }) => [
      day,
      sumOf([
        (side * (to - from)) / hours,
        ...currencies.flatMap((currency) => {
          const lines = bundle.lines.get(currency);
          return lines ? [sumOf(lines.byHour.subarray(from, to)) * rate(currency)] : [];
        }),
      ]),
    ]),
  );
}

function rejectedOf(refusals: readonly Refusal[]): PlanAnswer['rejected'] {
  return refusals.map(({ workload, option, reason, gate }) => ({
    workload,
    option,
    reason,
    checks: gate?.checks ?? [],
  }));
}

function warningsOf(pools: readonly PlannedPool[]): string[] {
  return pools.flatMap(({ pool, plan, bound, complete }) => {
    const gap = plan.bill - bound;
    if (complete && gap <= 0.001 * Math.abs(plan.bill)) return [];
    if (gap <= 0) return [];
    const share = ((100 * gap) / Math.abs(plan.bill)).toFixed(2);
    const workloads = pool.workloads.length;
    return [
      `${pool.currency}, ${workloads} workloads: the plan is at most ${share} % above the lower bound${complete ? '' : '; not every combination was looked at'}.`,
    ];
  });
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
