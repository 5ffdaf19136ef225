import { keepOption } from './choices.ts';
import { fieldOf, ownedAmounts } from './field.ts';
import type { Pool } from './pool.ts';
import { isLarge, type PoolPlan, refit } from './poolPlan.ts';
import { billRoom } from './portfolio.ts';
import { billOf } from './simulate.ts';

export type Lever = 'stop' | 'resize' | 'storage' | 'api' | 'spot' | 'commitment';

/** The order in which marginal savings are counted. */
export const leverOrder: readonly Lever[] = [
  'stop',
  'resize',
  'storage',
  'api',
  'spot',
  'commitment',
];
const rank: Record<Lever, number> = {
  stop: 0,
  resize: 1,
  storage: 2,
  api: 2,
  spot: 3,
  commitment: 4,
};

/** One step of a plan, in money of its pool. */
export interface Action {
  id: string;
  lever: Lever;
  standalone: number;
  marginal: number;
  lastIn: number;
}

export type Step =
  | { id: string; lever: 'stop' | 'resize' | 'spot'; workload: number }
  | { id: string; lever: 'commitment'; column: number };

export function compareActions(
  a: { id: string; lever: Lever },
  b: { id: string; lever: Lever },
): number {
  return rank[a.lever] - rank[b.lever] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The steps from today to a plan. */
export function stepsOf(pool: Pool, plan: PoolPlan): Step[] {
  const steps: Step[] = [];
  for (const [w, { id, choices }] of pool.workloads.entries()) {
    const today = choices[0];
    const planned = choices[plan.selection[w] ?? 0];
    if (!today || !planned || planned === today) continue;
    if (planned.ratio === 0) {
      steps.push({ id: `stop:${id}`, lever: 'stop', workload: w });
      continue;
    }
    const resized = planned.option !== keepOption;
    if (resized) steps.push({ id: `resize:${id}:${planned.option}`, lever: 'resize', workload: w });
    // Where the new shape exists in one of the two states only, changing it changes that too.
    const between = choices[placeOf(pool, w, planned.option, today.spot)];
    if (!resized || between?.spot !== planned.spot) {
      steps.push({
        id: planned.spot ? `spot:${id}` : `spot-off:${id}`,
        lever: 'spot',
        workload: w,
      });
    }
  }
  for (const [c, { id, owned }] of pool.columns.entries()) {
    if (!owned && (plan.amounts[c] ?? 0) > 0) {
      steps.push({ id: `commit:${id}`, lever: 'commitment', column: c });
    }
  }
  return steps.sort(compareActions);
}

/** The choice with this option, with spot as wished where it exists so. */
function placeOf(pool: Pool, workload: number, option: string, spot: boolean): number {
  const choices = pool.workloads[workload]?.choices ?? [];
  const exact = choices.findIndex((choice) => choice.option === option && choice.spot === spot);
  return exact >= 0 ? exact : choices.findIndex((choice) => choice.option === option);
}

/** Today with some of the steps taken. */
export function withSteps(pool: Pool, plan: PoolPlan, steps: readonly Step[]): PoolPlan {
  const taken = new Set(steps.map(({ id }) => id));
  const amounts = ownedAmounts(pool);
  for (const step of steps) {
    if (step.lever === 'commitment') amounts[step.column] = plan.amounts[step.column] as number;
  }
  const selection = pool.workloads.map(({ id, choices }, w) => {
    const today = choices[0];
    const planned = choices[plan.selection[w] ?? 0];
    if (!today || !planned) return 0;
    if (taken.has(`stop:${id}`)) return plan.selection[w] ?? 0;
    const option = taken.has(`resize:${id}:${planned.option}`) ? planned.option : today.option;
    const toggled = taken.has(`spot:${id}`) || taken.has(`spot-off:${id}`);
    return placeOf(pool, w, option, toggled ? planned.spot : today.spot);
  });
  return { selection, amounts, bill: billOf(fieldOf(pool, selection), amounts) };
}

/**
 * Leaves out steps that save less than `material` when taken last, the least first (in a large
 * pool all of them at once); what remains bought is fitted anew each time, unless its amounts are
 * given (`fit` false).
 */
export function materialPlan(pool: Pool, plan: PoolPlan, material: number, fit = true): PoolPlan {
  let best = plan;
  for (;;) {
    const steps = stepsOf(pool, best);
    const all = withSteps(pool, best, steps);
    const room = Math.max(material, billRoom(all.bill) * 10);
    const savings = steps.map((step) => {
      const rest = steps.filter((other) => other !== step);
      return withSteps(pool, best, rest).bill - all.bill;
    });
    const least = Math.min(...savings);
    if (steps.length === 0 || least >= room) return all;
    const kept = steps.filter((_step, at) => {
      const saved = savings[at] as number;
      return isLarge(pool) ? saved >= room : at !== savings.indexOf(least);
    });
    best = withSteps(pool, best, kept);
    if (!fit) continue;
    const columns = new Set(
      kept.flatMap((step) => (step.lever === 'commitment' ? [step.column] : [])),
    );
    best = refit(pool, best, (column) => columns.has(column));
  }
}

/** Savings of each step: alone, in the order of levers, and taken last. */
export function actionsOf(pool: Pool, plan: PoolPlan): Action[] {
  const steps = stepsOf(pool, plan);
  const bill = (some: readonly Step[]) => withSteps(pool, plan, some).bill;
  const today = bill([]);
  const all = bill(steps);
  let before = today;
  return steps.map((step, at) => {
    const after = at === steps.length - 1 ? all : bill(steps.slice(0, at + 1));
    const marginal = before - after;
    before = after;
    return {
      id: step.id,
      lever: step.lever,
      standalone: today - bill([step]),
      marginal,
      lastIn: bill(steps.filter((other) => other !== step)) - all,
    };
  });
}
