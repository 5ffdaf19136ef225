import type { Policy } from './model.ts';
import { fieldOf } from './field.ts';
import type { Pool } from './pool.ts';
import { type PoolPlan, refit } from './poolPlan.ts';
import { onGrid } from './portfolio.ts';
import { billOf } from './simulate.ts';

/** A plan of a pool, and what a unit of its currency is in the reporting currency. */
interface Part {
  pool: Pool;
  plan: PoolPlan;
  rate: number;
}

/** Doublings and halvings of the price that a limit puts on what counts against it. */
const searchSteps = 14;

/**
 * Plans within the money limits of a policy: what counts against a limit is made dearer until
 * what is still worth buying fits, so that the limit goes to where it saves most.
 */
export function fitToLimits(parts: readonly Part[], policy: Policy): PoolPlan[] {
  const plans = parts.map(({ plan }) => plan);
  if (excess(parts, plans, policy) <= 1) return plans;
  const at = (price: number) => parts.map((part) => dearer(part, policy, price));
  let low = 0;
  let high = 1;
  let best = at(high);
  for (let step = 0; excess(parts, best, policy) > 1 && step < searchSteps * 2; step++) {
    low = high;
    high *= 2;
    best = at(high);
  }
  for (let step = 0; step < searchSteps; step++) {
    const middle = (low + high) / 2;
    const found = at(middle);
    if (excess(parts, found, policy) > 1) low = middle;
    else {
      high = middle;
      best = found;
    }
  }
  return cutToLimits(
    parts.map((part, p) => ({ ...part, plan: best[p] as PoolPlan })),
    policy,
  );
}

/** Everything that is bought cut by the same share, to whole steps, until it fits. */
export function cutToLimits(parts: readonly Part[], policy: Policy): PoolPlan[] {
  const plans = parts.map(({ plan }) => plan);
  const over = excess(parts, plans, policy);
  if (over <= 1) return plans;
  return parts.map(({ pool, plan }) => {
    const amounts = plan.amounts.map((amount, c) => {
      const column = pool.columns[c];
      if (!column || column.owned) return amount;
      return onGrid(Math.floor(amount / over / column.step) * column.step, column.step);
    });
    const bill = billOf(fieldOf(pool, plan.selection), amounts);
    return { selection: plan.selection, amounts, bill };
  });
}

/** By how much the tightest limit is exceeded: 1 fits exactly, 2 is twice what is allowed. */
function excess(parts: readonly Part[], plans: readonly PoolPlan[], policy: Policy): number {
  const { maxCash = null, maxHourlyFees = null } = policy;
  let cash = 0;
  const changes = new Map<number, number>();
  for (const [p, { pool, rate }] of parts.entries()) {
    for (const [c, column] of pool.columns.entries()) {
      const amount = (plans[p]?.amounts[c] ?? 0) * rate;
      if (column.owned || amount === 0) continue;
      cash += amount * column.cash;
      const fees = amount * column.fee;
      changes.set(column.startH, (changes.get(column.startH) ?? 0) + fees);
      const end = column.startH + column.termH;
      changes.set(end, (changes.get(end) ?? 0) - fees);
    }
  }
  let fees = 0;
  let most = 0;
  for (const [, change] of [...changes].sort(([a], [b]) => a - b)) {
    fees += change;
    most = Math.max(most, fees);
  }
  const share = (used: number, limit: number | null) =>
    limit === null || used <= limit ? 0 : limit > 0 ? used / limit : Number.POSITIVE_INFINITY;
  return Math.max(share(cash, maxCash), share(most, maxHourlyFees));
}

/** The plan where what counts against a limit costs more by a share of it. */
function dearer({ pool, plan }: Part, policy: Policy, price: number): PoolPlan {
  const { maxCash = null, maxHourlyFees = null } = policy;
  const columns = pool.columns.map((column) => {
    if (column.owned || column.toH <= column.fromH) return column;
    const cash = maxCash === null ? 0 : column.cash / (column.toH - column.fromH);
    const fees = maxHourlyFees === null ? 0 : column.fee;
    return { ...column, fee: column.fee + price * (cash + fees) };
  });
  const harder = { ...pool, columns };
  const field = fieldOf(harder, plan.selection);
  const start = { ...plan, bill: billOf(field, plan.amounts) };
  const { amounts } = refit(harder, start, () => true);
  return {
    selection: plan.selection,
    amounts,
    bill: billOf(fieldOf(pool, plan.selection), amounts),
  };
}
