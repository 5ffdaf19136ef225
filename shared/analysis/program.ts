import type { Selection } from './field.ts';
import type { Groups } from './groups.ts';
import type { Pool } from './pool.ts';
import type { Program } from './solver.ts';

/** Where things are in the program of a pool. */
export interface Layout {
  program: Program;
  /** Constant part of the objective. */
  offset: number;
  /** Variable of each workload's each choice, and of each column (-1: owned). */
  choice: number[][];
  amount: number[];
  /** Row of each column's capacity in each group: capacity[group][column]; -1 where none. */
  capacity: Int32Array[];
}

/**
 * The plan of a pool as a mixed-integer program over grouped hours: one choice a workload, amounts
 * to buy, units covered by each pair. Covering is free here where the bill has a fixed order, so
 * its optimum is never above the bill's. With `fixed`, the choices are given.
 */
export function programOf(pool: Pool, groups: Groups, fixed: Selection | null): Layout {
  const cost: number[] = [];
  const lower: number[] = [];
  const upper: number[] = [];
  const whole: boolean[] = [];
  const variable = (price: number, from: number, to: number, integer: boolean): number => {
    cost.push(price);
    lower.push(from);
    upper.push(to);
    whole.push(integer);
    return cost.length - 1;
  };
  const rows = rowBuilder();
  const choice = pool.workloads.map(({ choices }, w) => {
    const variables = choices.map((option, o) => {
      const allowed = fixed === null || fixed[w] === o ? 1 : 0;
      let price = option.fixedCost;
      if (option.part && allowed === 1) {
        const { item, series, scale } = option.part;
        const values = groups.series[series] as Float64Array;
        let units = 0;
        for (let g = 0; g < values.length; g++) units += (groups.weight[g] ?? 0) * (values[g] ?? 0);
        price += units * scale * (pool.items[item]?.price ?? 0);
      }
      return variable(price, 0, allowed, true);
    });
    rows.add(
      1,
      1,
      variables.map((v): [number, number] => [v, 1]),
    );
    return variables;
  });
  const amount = pool.columns.map(({ owned, fee, fromH, toH, step }) =>
    owned ? -1 : variable(fee * (toH - fromH), 0, Number.POSITIVE_INFINITY, step >= 1),
  );
  const users = itemUsers(pool, fixed);
  const capacity = Array.from(groups.weight, (weight, group) => {
    const active = pool.hours.active[groups.segment[group] as number] as boolean[];
    const byItem = new Map<number, [number, number][]>();
    const byColumn = new Map<number, [number, number][]>();
    for (const { column, item, need } of pool.pairs) {
      if (!active[column]) continue;
      const used = users[item]?.some(({ series }) => (groups.series[series]?.[group] ?? 0) > 0);
      if (!used) continue;
      const price = pool.items[item]?.price ?? 0;
      const covered = variable(-weight * price, 0, Number.POSITIVE_INFINITY, false);
      push(byItem, item, [covered, 1]);
      push(byColumn, column, [covered, need]);
    }
    for (const [item, terms] of byItem) {
      for (const { workload, option, series, scale } of users[item] ?? []) {
        const units = scale * (groups.series[series]?.[group] ?? 0);
        if (units > 0) terms.push([choice[workload]?.[option] ?? 0, -units]);
      }
      rows.add(Number.NEGATIVE_INFINITY, 0, terms);
    }
    const place = new Int32Array(pool.columns.length).fill(-1);
    for (const [column, terms] of byColumn) {
      const bought = amount[column] as number;
      if (bought >= 0) terms.push([bought, -1]);
      place[column] = rows.add(
        Number.NEGATIVE_INFINITY,
        bought >= 0 ? 0 : (pool.columns[column]?.amount ?? 0),
        terms,
      );
    }
    return place;
  });
  const program: Program = {
    cost: Float64Array.from(cost),
    lower: Float64Array.from(lower),
    upper: Float64Array.from(upper),
    whole,
    ...rows.built(),
  };
  return { program, offset: pool.ownedFees, choice, amount, capacity };
}

interface User {
  workload: number;
  option: number;
  series: number;
  scale: number;
}

function itemUsers(pool: Pool, fixed: Selection | null): User[][] {
  const users: User[][] = pool.items.map(() => []);
  for (const [workload, { choices }] of pool.workloads.entries()) {
    for (const [option, { part }] of choices.entries()) {
      if (!part || (fixed !== null && fixed[workload] !== option)) continue;
      users[part.item]?.push({ workload, option, series: part.series, scale: part.scale });
    }
  }
  return users;
}

function push<T>(map: Map<number, T[]>, key: number, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function rowBuilder() {
  const rowLower: number[] = [];
  const rowUpper: number[] = [];
  const starts: number[] = [0];
  const index: number[] = [];
  const value: number[] = [];
  return {
    /** A variable occurs once in a row: a workload has one series and scale for an item. */
    add(from: number, to: number, terms: readonly [number, number][]): number {
      const merged = new Map<number, number>();
      for (const [at, factor] of terms) merged.set(at, (merged.get(at) ?? 0) + factor);
      for (const [at, factor] of merged) {
        index.push(at);
        value.push(factor);
      }
      starts.push(index.length);
      rowLower.push(from);
      return rowUpper.push(to) - 1;
    },
    built: () => ({
      rowLower: Float64Array.from(rowLower),
      rowUpper: Float64Array.from(rowUpper),
      starts: Int32Array.from(starts),
      index: Int32Array.from(index),
      value: Float64Array.from(value),
    }),
  };
}

/** Entries of the matrix at a number of groups, to choose that number by. */
export function entriesPerGroup(pool: Pool): number {
  const parts = pool.workloads.reduce(
    (sum, { choices }) => sum + choices.filter(({ part }) => part !== null).length,
    0,
  );
  return 2 * pool.pairs.length + parts + pool.columns.length;
}
