import { stepsOf, withSteps } from './actions.ts';
import type { Pool } from './pool.ts';
import type { PoolPlan } from './poolPlan.ts';

/** Every subset of the steps is simulated, so no more than these. */
export const mostShapleySteps = 10;

/**
 * Shapley value of each step of a plan: its mean saving over all orders of taking them; they add
 * up to the joint savings. Null where there are too many steps to simulate every subset.
 */
export function shapleyOf(pool: Pool, plan: PoolPlan): { id: string; value: number }[] | null {
  const steps = stepsOf(pool, plan);
  const count = steps.length;
  if (count > mostShapleySteps) return null;
  const bills = Float64Array.from({ length: 1 << count }, (_, subset) => {
    const taken = steps.filter((_step, at) => (subset >> at) & 1);
    return withSteps(pool, plan, taken).bill;
  });
  const weights = orderWeights(count);
  return steps.map(({ id }, at) => {
    let value = 0;
    for (let subset = 0; subset < bills.length; subset++) {
      if ((subset >> at) & 1) continue;
      const saved = (bills[subset] as number) - (bills[subset | (1 << at)] as number);
      value += saved * (weights[sizeOf(subset)] as number);
    }
    return { id, value };
  });
}

/** Share of all orders in which a step comes right after a given set of `size` others. */
function orderWeights(count: number): number[] {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  return Array.from(
    { length: count },
    (_, size) => (factorial(size) * factorial(count - size - 1)) / factorial(count),
  );
}

function sizeOf(subset: number): number {
  let size = 0;
  for (let rest = subset; rest > 0; rest &= rest - 1) size++;
  return size;
}
