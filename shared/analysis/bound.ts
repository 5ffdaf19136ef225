import type { Field, Selection } from './field.ts';
import type { Groups } from './groups.ts';
import type { Layout } from './program.ts';
import type { Pool } from './pool.ts';
import { rowSlopes } from './scan.ts';
import type { Solved } from './solver.ts';

/**
 * A lower bound of every bill of a pool that is a constant plus one term for each workload's
 * choice: what commitments are worth at most in each hour (the multipliers), everything else
 * follows. It holds for any multipliers, so it rests on no solver's tolerance.
 */
export interface Bound {
  constant: number;
  /** term[workload][choice] */
  terms: number[][];
}

export function boundOf(bound: Bound, selection: Selection): number {
  let sum = bound.constant;
  for (const [w, terms] of bound.terms.entries()) sum += terms[selection[w] ?? 0] ?? 0;
  return sum;
}

export function leastOf(bound: Bound): number {
  return bound.terms.reduce((sum, terms) => sum + Math.min(...terms), bound.constant);
}

/**
 * Without a solver: each item at its best rate, items that an owned commitment may cover at 0
 * while it is active.
 */
export function plainBound(pool: Pool): Bound {
  const { hours, columns, items } = pool;
  const floors = hours.active.map((active) => {
    const best = Float64Array.from(items, ({ price }) => price);
    for (const { column, item, need } of pool.pairs) {
      const by = columns[column];
      if (!by || !active[column]) continue;
      const rate = by.owned ? 0 : need * by.fee;
      best[item] = Math.min(best[item] as number, rate);
    }
    return best;
  });
  return withTerms(
    pool,
    pool.ownedFees,
    (row) => floors[hours.segment[row] as number] as Float64Array,
  );
}

/** From the multipliers of a solved relaxation: the worth of a unit of capacity, by group. */
export function dualBound(pool: Pool, groups: Groups, layout: Layout, solved: Solved): Bound {
  const worth = layout.capacity.map((rows, group) =>
    Float64Array.from(rows, (row) =>
      row < 0 ? 0 : Math.max(0, -(solved.dual[row] as number)) / (groups.weight[group] as number),
    ),
  );
  const { weight, segment, groupOf } = groups;
  return fromWorth(pool, worth, weight, segment, (row) => groupOf[row] as number);
}

/**
 * From a plan itself: the worth of capacity in each hour is what a little more or less of it
 * changes there. At a kink the two differ, and are mixed so that buying neither gains nor loses.
 */
export function marginalBound(pool: Pool, field: Field, amounts: Float64Array): Bound {
  const { weight, segment } = field;
  const worth = Array.from(weight, () => new Float64Array(field.columns));
  const direction = new Float64Array(field.columns);
  for (const [c, { owned }] of pool.columns.entries()) {
    direction.fill(0);
    direction[c] = 1;
    const more = rowSlopes(field, amounts, direction).map((slope) => Math.max(0, -slope));
    direction[c] = -1;
    const less = (amounts[c] ?? 0) > 0 ? rowSlopes(field, amounts, direction) : more;
    const limit = field.columnFee[c] as number;
    const low = weighted(more, weight);
    const high = weighted(less, weight);
    const share = owned || high <= low ? 0 : Math.min(Math.max((limit - low) / (high - low), 0), 1);
    for (const [row, values] of worth.entries()) {
      const right = more[row] as number;
      values[c] = Math.max(0, right + share * ((less[row] as number) - right));
    }
  }
  return fromWorth(pool, worth, weight, segment, (row) => row);
}

function weighted(values: Float64Array, weight: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    sum += (values[row] as number) * (weight[row] as number);
  }
  return sum;
}

/** The bound of given worths of a unit of each column's capacity in each group of hours. */
function fromWorth(
  pool: Pool,
  worth: Float64Array[],
  weight: Float64Array,
  segment: Int32Array,
  groupOf: (row: number) => number,
): Bound {
  const { columns, items } = pool;
  let constant = pool.ownedFees;
  for (const [c, { owned, fee, fromH, toH, amount }] of columns.entries()) {
    let total = 0;
    for (const [group, values] of worth.entries()) {
      total += (values[c] as number) * (weight[group] as number);
    }
    if (owned) {
      constant -= total * amount;
      continue;
    }
    // More than the fee would make buying endlessly pay: no bound. Scaled back, it is one again.
    const limit = fee * (toH - fromH);
    if (total > limit) {
      for (const values of worth) values[c] = ((values[c] as number) * limit) / total;
    }
  }
  const floors = worth.map((values, group) => {
    const active = pool.hours.active[segment[group] as number] as boolean[];
    const best = Float64Array.from(items, ({ price }) => price);
    for (const { column, item, need } of pool.pairs) {
      if (!active[column]) continue;
      best[item] = Math.min(best[item] as number, (values[column] as number) * need);
    }
    return best;
  });
  return withTerms(pool, constant, (row) => floors[groupOf(row)] as Float64Array);
}

/** Terms at the given floor prices of the items in each merged hour. */
function withTerms(pool: Pool, constant: number, floorOf: (row: number) => Float64Array): Bound {
  const { weight, series } = pool.hours;
  const sums = new Map<string, number>();
  const sumOf = (item: number, s: number): number => {
    const key = `${item},${s}`;
    const known = sums.get(key);
    if (known !== undefined) return known;
    const values = series[s] as Float64Array;
    let sum = 0;
    for (let row = 0; row < weight.length; row++) {
      sum += (weight[row] as number) * (values[row] as number) * (floorOf(row)[item] as number);
    }
    sums.set(key, sum);
    return sum;
  };
  return {
    constant,
    terms: pool.workloads.map(({ choices }) =>
      choices.map(
        ({ part, fixedCost }) =>
          fixedCost + (part ? part.scale * sumOf(part.item, part.series) : 0),
      ),
    ),
  };
}
