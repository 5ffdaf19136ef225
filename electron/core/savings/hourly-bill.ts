import { fieldOf, type Selection } from '../../../shared/analysis/field.ts';
import type { Pool } from '../../../shared/analysis/pool.ts';
import { applyHours } from '../../../shared/analysis/simulate.ts';

/** What the bill of a pool is made of, hour by hour; the hours add up to it. */
export interface PoolHours {
  cost: Float64Array;
  /** Sums over all hours: eligible use at on-demand prices, what of it nothing covers, fees, unused fees. */
  equivalent: number;
  uncovered: number;
  fees: number;
  unused: number;
}

export function poolHours(pool: Pool, selection: Selection, amounts: Float64Array): PoolHours {
  const field = fieldOf(pool, selection);
  const { mergedOf } = pool.hours;
  const hours = mergedOf.length;
  const onDemand = new Float64Array(field.weight.length);
  const sums = { equivalent: 0, uncovered: 0, fees: 0, unused: 0 };
  applyHours(field, amounts, (cost, row, _rest, left) => {
    onDemand[row] = cost;
    const weight = field.weight[row] as number;
    sums.uncovered += cost * weight;
    for (let item = 0; item < field.items; item++) {
      sums.equivalent +=
        (field.usage[row * field.items + item] as number) * (field.price[item] as number) * weight;
    }
    const active = pool.hours.active[field.segment[row] as number] as boolean[];
    for (const [c, { fee }] of pool.columns.entries()) {
      if (active[c]) sums.unused += (left[c] as number) * fee * weight;
    }
  });
  const fixed = (field.fixed - pool.ownedFees) / hours;
  const cost = Float64Array.from(mergedOf, (row) => (onDemand[row] as number) + fixed);
  for (const [c, { fromH, toH, fee }] of pool.columns.entries()) {
    const hourly = (amounts[c] ?? 0) * fee;
    if (hourly === 0) continue;
    sums.fees += hourly * (toH - fromH);
    for (let hour = fromH; hour < toH; hour++) cost[hour] = (cost[hour] as number) + hourly;
  }
  return { cost, ...sums };
}
