import { stepsOf, type Step, withSteps } from '../../../shared/analysis/actions.ts';
import { conformalRadius } from '../../../shared/analysis/advice/conformal.ts';
import { lossShare } from '../../../shared/analysis/advice/risk.ts';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import type { Column } from '../../../shared/analysis/columns.ts';
import type { PoolPlan } from '../../../shared/analysis/poolPlan.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import {
  type CommitmentRecord,
  levers,
  type PlanFigures,
  type SavingsLever,
  type SavingsPolicy,
} from '../../../shared/contract/savings.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { type CashRule, cashOf, cashRule } from './fees.ts';
import { exactOf, moneyText } from './money.ts';
import { monthsAhead, type Prepared, type ProviderPool, scaledPool } from './planner.ts';
import { recordWords } from './record.ts';

/** One thing to do: the steps of the plan that belong together. */
export interface PlanAction {
  id: string;
  lever: SavingsLever;
  of: ProviderPool;
  /** Place of the workload in the pool; null for commitments. */
  workload: number | null;
  /** What is bought, by start. */
  purchases: { column: Column; amount: number }[];
  on: boolean;
  why: string | null;
  marginal: Exact;
  standalone: Exact;
  lastIn: Exact;
  low: Exact;
  high: Exact;
  pLoss: number | null;
}

export interface Evaluated {
  actions: PlanAction[];
  figures: PlanFigures;
}

interface Grouped {
  id: string;
  lever: SavingsLever;
  steps: Step[];
  workload: number | null;
}

export const intervalLevel = adviceDefaults.interval;
const hoursAMonth = 730;

/**
 * The figures of a prepared plan with the options: what they rule out is left out, the rest is
 * simulated in full. With the options that it was planned with it is the plan.
 */
export function evaluate(prepared: Prepared, options: SavingsPolicy): Evaluated {
  const factor = options.usage / prepared.policy.usage;
  const cash = cashRule(prepared, options);
  const all = prepared.pools.map((one) => evaluatePool(one, options, prepared, factor, cash));
  const baseline = sumOf([
    prepared.otherPerHour * hoursAMonth,
    ...all.map(({ today }) => today / monthsAhead),
  ]);
  const actions = all
    .flatMap((one) => one.actions)
    .sort(
      (a, b) =>
        levers.indexOf(a.lever) - levers.indexOf(b.lever) ||
        compare(b.marginal, a.marginal) ||
        (a.id < b.id ? -1 : 1),
    );
  const on = actions.filter((action) => action.on);
  const savings = on.reduce((sum, { marginal }) => sum + marginal, 0n);
  const exactBaseline = exactOf(baseline);
  const planned = exactBaseline - savings;
  const spread = conformalRadius([], intervalLevel);
  const scenarios = savingsByScenario(
    prepared,
    all.map(({ share }) => share),
  );
  const joint = Number(formatExact(savings));
  const around = Math.abs(joint) * spread.radius;
  const bought = boughtByScenario(
    prepared,
    all.map(({ share }) => share),
  );
  const worst = bought.length > 0 ? Math.min(...bought) : 0;
  const buys = on.some(({ lever }) => lever === 'commitment');
  return {
    actions,
    figures: {
      baseline: formatExact(exactBaseline),
      planned: formatExact(planned),
      savings: formatExact(savings),
      share: exactBaseline > 0n ? joint / Number(formatExact(exactBaseline)) : null,
      low: moneyText(
        on.length === 0
          ? 0
          : Math.min(joint - around, joint + quantile(scenarios, (1 - intervalLevel) / 2)),
      ),
      high: moneyText(
        on.length === 0
          ? 0
          : Math.max(joint + around, joint + quantile(scenarios, (1 + intervalLevel) / 2)),
      ),
      level: intervalLevel,
      pLoss: buys ? lossShare(bought) : 0,
      worst: moneyText(buys ? worst : 0),
      worstScenario: buys ? worstStress(on) : null,
      standaloneSum: formatExact(on.reduce((sum, { standalone }) => sum + standalone, 0n)),
      cash: moneyText(sumOf(on.map(cashOf))),
      waterfall: waterfall(exactBaseline, planned, on, all),
    },
  };
}

function compare(a: Exact, b: Exact): number {
  return a === b ? 0 : a > b ? 1 : -1;
}

interface EvaluatedPool {
  /** Over the whole horizon. */
  today: number;
  actions: PlanAction[];
  /** Bill without the steps of a lever less the bill with all of them, over the horizon. */
  lastIn: Map<SavingsLever, number>;
  /** Share of what is bought that stays. */
  share: number;
}

function evaluatePool(
  of: ProviderPool,
  options: SavingsPolicy,
  { policy: planned, records }: Prepared,
  factor: number,
  cash: CashRule,
): EvaluatedPool {
  const record = records.find(({ provider }) => provider === of.provider) ?? null;
  const pool = scaledPool(of.advised.pool, factor);
  const { plan, risk } = of.advised;
  const share =
    risk.pLoss <= options.mostLoss || options.mostLoss >= planned.mostLoss
      ? 1
      : Math.floor((20 * options.mostLoss) / risk.pLoss) / 20;
  const amounts = Float64Array.from(plan.amounts, (amount, c) => {
    const column = pool.columns[c];
    return !column || column.owned
      ? amount
      : Math.floor((amount * share) / column.step + 1e-9) * column.step;
  });
  const own: PoolPlan = { ...plan, amounts };
  const groups = groupSteps(of, stepsOf(pool, own));
  const verdicts = groups.map((group) => refusal(group, of, options, cash, record));
  const on = groups.filter((_group, at) => verdicts[at] === null);
  const bill = (some: readonly Grouped[]) =>
    withSteps(
      pool,
      own,
      some.flatMap(({ steps }) => steps),
    ).bill;
  const today = bill([]);
  const all = bill(on);
  const spread = conformalRadius([], intervalLevel).radius;
  let before = today;
  const marginals = new Map<Grouped, number>();
  for (const [at, group] of on.entries()) {
    const after = at === on.length - 1 ? all : bill(on.slice(0, at + 1));
    marginals.set(group, before - after);
    before = after;
  }
  const commitments = on.filter(({ lever }) => lever === 'commitment');
  const committed = sumOf(commitments.map((group) => marginals.get(group) ?? 0));
  const tail = sorted(risk.bought).map((saved) => (saved * share) / Math.max(1, termMonths(of)));
  const actions = groups.map((group, at): PlanAction => {
    const why = verdicts[at] ?? null;
    const marginal = (marginals.get(group) ?? 0) / monthsAhead;
    const part = committed > 0 ? (marginals.get(group) ?? 0) / committed : 0;
    const buys = group.lever === 'commitment';
    const around = Math.abs(marginal) * spread;
    return {
      id: group.id,
      lever: group.lever,
      of,
      workload: group.workload,
      purchases: group.steps.flatMap((step) => {
        if (step.lever !== 'commitment') return [];
        const column = pool.columns[step.column];
        return column ? [{ column, amount: amounts[step.column] as number }] : [];
      }),
      on: why === null,
      why,
      marginal: exactOf(marginal),
      standalone: exactOf((today - bill([group])) / monthsAhead),
      lastIn:
        why === null
          ? exactOf((bill(on.filter((other) => other !== group)) - all) / monthsAhead)
          : 0n,
      low: exactOf(
        buys ? Math.min(marginal - around, quantile(tail, 0.1) * part) : marginal - around,
      ),
      high: exactOf(
        buys ? Math.max(marginal + around, quantile(tail, 0.9) * part) : marginal + around,
      ),
      pLoss: buys ? risk.pLoss : null,
    };
  });
  const lastIn = new Map<SavingsLever, number>();
  for (const lever of levers) {
    const others = on.filter((group) => group.lever !== lever);
    if (others.length < on.length) lastIn.set(lever, bill(others) - all);
  }
  // What is withheld runs no risk.
  return { today, actions, lastIn, share: record?.withheld ? 0 : share };
}

function termMonths({ advised }: ProviderPool): number {
  const terms = advised.pool.columns.flatMap(({ owned, termH, startH }, c) =>
    !owned && (advised.plan.amounts[c] ?? 0) > 0 ? [(startH + termH) / hoursAMonth] : [],
  );
  return Math.max(0, ...terms);
}

/** Purchases of one offer and scope are one action, whenever each of them starts. */
function groupSteps({ advised: { pool } }: ProviderPool, steps: readonly Step[]): Grouped[] {
  const groups = new Map<string, Grouped>();
  for (const step of steps) {
    const column = step.lever === 'commitment' ? pool.columns[step.column] : undefined;
    const id = column
      ? `commit:${[column.offer, column.scope.sku ?? column.scope.family ?? '', column.scope.region ?? ''].join('|')}`
      : step.id;
    const workload = step.lever === 'commitment' ? null : step.workload;
    const group = groups.get(id) ?? { id, lever: step.lever, steps: [], workload };
    group.steps.push(step);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** Why the options leave an action out; null where they do not. */
function refusal(
  group: Grouped,
  { advised: { pool } }: ProviderPool,
  options: SavingsPolicy,
  cash: CashRule,
  record: CommitmentRecord | null,
): string | null {
  if (options.off.includes(group.id)) return 'switched off';
  if (!options.levers.includes(group.lever)) return 'left out by its kind';
  for (const step of group.steps) {
    const column = step.lever === 'commitment' ? pool.columns[step.column] : undefined;
    if (!column) continue;
    if (!options.commitments.includes(column.kind)) return 'left out by the kind of commitment';
    const months = Math.round(column.termH / hoursAMonth);
    if (options.maxTermMonths !== null && months > options.maxTermMonths)
      return `its term of ${months} months is too long`;
    if (!cash(column)) return 'what is paid at its start is beyond the limit';
    if (record?.withheld) return recordWords(record);
  }
  return null;
}

/** How far the scenarios lie from their own mean, a month: the spread around the promised savings. */
function savingsByScenario({ pools }: Prepared, shares: readonly number[]): number[] {
  const sums = scenarioSums(
    pools.map(({ advised }) => advised.risk.savings),
    shares.map(() => 1),
  ).map((sum) => sum / monthsAhead);
  const mean = sumOf(sums) / Math.max(1, sums.length);
  return sorted(sums.map((sum) => sum - mean));
}

function boughtByScenario({ pools }: Prepared, shares: readonly number[]): number[] {
  return scenarioSums(
    pools.map(({ advised }) => advised.risk.bought),
    shares,
  );
}

/** Pools meet the same kind of scenario at once. */
function scenarioSums(by: readonly Float64Array[], shares: readonly number[]): number[] {
  const count = Math.max(0, ...by.map(({ length }) => length));
  return Array.from({ length: count }, (_, at) =>
    sumOf(by.map((own, p) => (own[at] ?? 0) * (shares[p] ?? 1))),
  );
}

/** Of the pool whose purchases may lose most. */
function worstStress(actions: readonly PlanAction[]): string | null {
  const worst = actions
    .filter(({ lever }) => lever === 'commitment')
    .map(({ of }) => of.advised.risk)
    .sort((a, b) => a.worst - b.worst)[0];
  return worst?.worstStress ?? null;
}

function sorted(values: Iterable<number>): number[] {
  return [...values].sort((a, b) => a - b);
}

function quantile(values: readonly number[], at: number): number {
  return values[Math.min(values.length - 1, Math.floor(at * values.length))] ?? 0;
}

const labels: Record<SavingsLever, string> = {
  stop: 'Stop',
  resize: 'Right-size',
  storage: 'Storage',
  api: 'Managed APIs',
  spot: 'Spot',
  commitment: 'Commitments',
};

function waterfall(
  baseline: Exact,
  planned: Exact,
  actions: readonly PlanAction[],
  pools: readonly EvaluatedPool[],
): PlanFigures['waterfall'] {
  let level = baseline;
  const total = (id: 'baseline' | 'planned', label: string, amount: Exact) => ({
    id,
    label,
    amount: formatExact(amount),
    from: '0',
    to: formatExact(amount),
    lastIn: null,
    actions: 0,
  });
  const steps = levers.map((lever) => {
    const own = actions.filter((action) => action.lever === lever);
    const amount = own.reduce((sum, { marginal }) => sum + marginal, 0n);
    const from = level;
    level -= amount;
    return {
      id: lever,
      label: labels[lever],
      amount: formatExact(amount),
      from: formatExact(from),
      to: formatExact(level),
      lastIn: moneyText(sumOf(pools.map(({ lastIn }) => lastIn.get(lever) ?? 0)) / monthsAhead),
      actions: own.length,
    };
  });
  return [
    total('baseline', 'Bill as things are', baseline),
    ...steps,
    total('planned', 'Planned bill', planned),
  ];
}
