import { type Action, actionsOf, materialPlan } from './actions.ts';
import type { Refusal } from './choices.ts';
import { fieldOf, ownedAmounts } from './field.ts';
import { fitToLimits } from './limits.ts';
import { type Account, hoursPerMonth } from './model.ts';
import { type Pool, type PoolRules, poolsOf } from './pool.ts';
import { type Effort, defaultEffort, optimisePool, type PoolPlan } from './poolPlan.ts';
import { billOf } from './simulate.ts';
import type { Solver } from './solver.ts';

/** The plan of one pool, in its own currency. */
export interface PlannedPool {
  pool: Pool;
  /** Simulated bills of the window. */
  today: number;
  plan: PoolPlan;
  actions: Action[];
  bound: number;
  complete: boolean;
}

export interface JointPlan {
  pools: PlannedPool[];
  refusals: Refusal[];
}

/** The cheapest simulated bill over all levers that share commitments (SAVINGS.md section 7). */
export function jointPlan(
  account: Account,
  solver: Solver,
  options: { rules?: PoolRules; effort?: Effort } = {},
): JointPlan {
  const { pools, refusals } = poolsOf(account, options.rules);
  const found = pools.map((pool) => ({
    pool,
    rate: account.fx.get(pool.currency) ?? 1,
    ...optimisePool(pool, solver, options.effort ?? defaultEffort),
  }));
  const plans = fitToLimits(found, account.policy);
  return {
    refusals,
    pools: found.map(({ pool, plan, bound, complete }, p) => {
      const within = plans[p] ?? plan;
      const material = materialPlan(
        pool,
        within,
        materiality(account, pool.currency),
        within === plan,
      );
      return {
        pool,
        today: todaysBill(pool),
        plan: material,
        actions: actionsOf(pool, material),
        bound,
        // With a money limit the plan is a good one, not one that was proved the best.
        complete: complete && within === plan,
      };
    }),
  };
}

export function todaysBill(pool: Pool): number {
  return billOf(
    fieldOf(
      pool,
      pool.workloads.map(() => 0),
    ),
    ownedAmounts(pool),
  );
}

/** Smallest last-in savings of an action over the window, in a currency. */
export function materiality(account: Account, currency: string): number {
  const rate = account.fx.get(currency) ?? 1;
  return (account.policy.minMonthlySavings * account.hours) / hoursPerMonth / rate;
}
