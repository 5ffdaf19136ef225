import { advise, type AdvisedPool } from '../../../shared/analysis/advice/advise.ts';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import type { Refusal } from '../../../shared/analysis/choices.ts';
import type { Account } from '../../../shared/analysis/model.ts';
import { type Pool, poolsOf } from '../../../shared/analysis/pool.ts';
import type { Solver } from '../../../shared/analysis/solver.ts';
import { lastHours } from '../../../shared/analysis/advice/forecast.ts';
import { todaysBill } from '../../../shared/analysis/jointPlan.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import type {
  CommitmentRecord,
  SavingsPolicy,
  SavingsReconciliation,
} from '../../../shared/contract/savings.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import type { Gathered } from './gather.ts';
import { goingOn } from './going-on.ts';
import { accountOf, type ProviderModel } from './model.ts';
import { exactOf } from './money.ts';

/** Hours ahead that a plan is for: a year, so that what ends and what is bought both count. */
export const horizonHours = 8760;
export const monthsAhead = horizonHours / 730;

/** The plan of one pool, with the provider it is of. */
export interface ProviderPool {
  provider: string;
  model: ProviderModel;
  /** As it was planned. */
  account: Account;
  advised: Pick<AdvisedPool, 'pool' | 'plan' | 'bound' | 'complete' | 'risk'>;
}

/** What was decided, ready for any question about it. */
export interface Prepared {
  gathered: Gathered;
  policy: SavingsPolicy;
  pools: ProviderPool[];
  refusals: Refusal[];
  /** Of each provider that something new would be bought of. */
  records: CommitmentRecord[];
  historyWeeks: number;
  /** Recurring cost of the window that no pool has, an hour. */
  otherPerHour: number;
}

const reconcileShare = 0.001;
/** Rounding of sums, in currency units. */
const reconcileRoom = 1e-6;

/** Simulated bill of the window against EffectiveCost, per provider and together. */
export function reconcile(gathered: Gathered): SavingsReconciliation[] {
  const { models, grouped, sums, window } = gathered;
  const days = window.lastDay - window.firstDay + 1;
  const from = sums.days - days;
  const providers = new Set([
    ...models.map(({ provider }) => provider),
    ...grouped.groups.map(({ provider }) => provider),
  ]);
  const rows = [...providers].sort().map((provider) => {
    let [effective, other] = [0n, 0n];
    for (const [g, group] of grouped.groups.entries()) {
      if (group.provider !== provider) continue;
      const simulatedElsewhere = group.kind === 'use' || group.kind === 'unused';
      for (let day = from; day < sums.days; day++) {
        const cost = sums.effective(g, day);
        effective += cost;
        if (!simulatedElsewhere) other += cost;
      }
    }
    const model = models.find((one) => one.provider === provider);
    const bills = model ? simulatedParts(model, days) : { machines: 0, fees: 0 };
    return line(provider, effective, [
      { what: 'machines, on demand and spot', cost: exactOf(bills.machines) },
      { what: 'fees of commitments', cost: exactOf(bills.fees) },
      { what: 'everything else, as billed', cost: other },
    ]);
  });
  const all = (pick: (row: (typeof rows)[number]) => Exact) =>
    rows.reduce((sum, row) => sum + pick(row), 0n);
  const parts = [0, 1, 2].map((at) => ({
    what: rows[0]?.parts[at]?.what ?? '',
    cost: all((row) => row.parts[at]?.cost ?? 0n),
  }));
  const total = line(
    null,
    all(({ effective }) => effective),
    rows.length === 0 ? [] : parts,
  );
  return [total, ...rows].map(({ effective, simulated, difference, parts: own, ...row }) => ({
    ...row,
    effective: formatExact(effective),
    simulated: formatExact(simulated),
    difference: formatExact(difference),
    parts: own.map(({ what, cost }) => ({ what, cost: formatExact(cost) })),
  }));
}

function line(provider: string | null, effective: Exact, parts: { what: string; cost: Exact }[]) {
  const simulated = parts.reduce((sum, { cost }) => sum + cost, 0n);
  const difference = simulated - effective;
  const size = Math.abs(Number(formatExact(effective)));
  const apart = Number(formatExact(difference));
  return {
    provider,
    effective,
    simulated,
    difference,
    share: effective === 0n ? null : apart / size,
    limit: reconcileShare,
    holds: Math.abs(apart) <= reconcileShare * size + reconcileRoom,
    parts,
  };
}

function simulatedParts(model: ProviderModel, days: number): { machines: number; fees: number } {
  const account = lastHours(accountOf(model, allowed, 'mean'), days * 24);
  const { pools } = poolsOf({
    ...account,
    offers: account.offers.map((offer) => ({ ...offer, starts: [] })),
  });
  const fees = sumOf(pools.map(({ ownedFees }) => ownedFees));
  return { fees, machines: sumOf(pools.map(todaysBill)) - fees };
}

/** Options that only a bill of today is simulated with. */
const allowed: SavingsPolicy = {
  mostLoss: 0.1,
  maxTermMonths: null,
  maxCash: null,
  levers: [],
  commitments: [],
  usage: 1,
  wacc: 0,
  off: [],
  ends: {},
};

/** Recurring EffectiveCost of the window that is simulated in no pool, an hour. */
function otherPerHour({ grouped, sums, window }: Gathered, provider: string | undefined): number {
  const days = window.lastDay - window.firstDay + 1;
  let cost = 0n;
  for (const [g, group] of grouped.groups.entries()) {
    if (provider !== undefined && group.provider !== provider) continue;
    const counts = group.kind === 'covered' || (group.kind === 'other' && !group.once);
    if (!counts) continue;
    for (let day = sums.days - days; day < sums.days; day++) cost += sums.effective(g, day);
  }
  return Number(formatExact(cost)) / (days * 24);
}

/** Plans every provider of a bill for the year ahead; `recordOf` is asked where that buys something. */
export async function plan(
  gathered: Gathered,
  policy: SavingsPolicy,
  provider: string | undefined,
  solver: Solver,
  recordOf: (model: ProviderModel) => Promise<CommitmentRecord>,
): Promise<Prepared> {
  const pools: ProviderPool[] = [];
  const refusals: Refusal[] = [];
  const records: CommitmentRecord[] = [];
  let historyWeeks = 0;
  const settings = { ...adviceDefaults, mostLoss: policy.mostLoss };
  for (const model of gathered.models) {
    if (provider !== undefined && model.provider !== provider) continue;
    const account = goingOn(accountOf(model, policy, 'latest'), model, policy.usage);
    const advice = advise(account, account.hours, horizonHours, solver, settings);
    refusals.push(...advice.refusals);
    historyWeeks = Math.max(historyWeeks, advice.weeks);
    if (advice.pools.some(buys)) records.push(await recordOf(model));
    for (const { pool, plan: own, bound, complete, risk } of advice.pools) {
      pools.push({
        provider: model.provider,
        model,
        account,
        advised: { pool, plan: own, bound, complete, risk },
      });
    }
  }
  return {
    gathered,
    policy,
    pools,
    refusals,
    records,
    historyWeeks,
    otherPerHour: otherPerHour(gathered, provider),
  };
}

function buys({ pool, plan: { amounts } }: Pick<AdvisedPool, 'pool' | 'plan'>): boolean {
  return pool.columns.some(({ owned }, c) => !owned && (amounts[c] ?? 0) > 0);
}

/** The pool with another amount of use, spot among it. */
export function scaledPool(pool: Pool, by: number): Pool {
  if (by === 1) return pool;
  return {
    ...pool,
    workloads: pool.workloads.map((workload) => ({
      ...workload,
      choices: workload.choices.map((choice) => ({
        ...choice,
        fixedCost: choice.fixedCost * by,
        part: choice.part && { ...choice.part, scale: choice.part.scale * by },
      })),
    })),
  };
}
