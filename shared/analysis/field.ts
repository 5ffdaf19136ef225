import type { Pool, PoolChoice } from './pool.ts';

/** One choice for each workload of the pool, by its number. */
export type Selection = readonly number[];

/**
 * A pool with the choices made: hourly usage of the items in use, row after row, and for each
 * segment the pairs that apply. Amounts of the columns are what is still open.
 */
export interface Field {
  /** Costs that amounts do not change: spot, usage no commitment covers, owned fees. */
  fixed: number;
  items: number;
  price: Float64Array;
  /** usage[hour * items + item] */
  usage: Float64Array;
  weight: Float64Array;
  segment: Int32Array;
  /** Pairs of each segment, in the order of application. */
  segments: PairList[];
  columns: number;
  /** Of one unit over the window. */
  columnFee: Float64Array;
  /** Item numbers in the pool. */
  itemIds: number[];
  /** Elementary steps that scans of this field took: effort is counted, not timed. */
  steps: number;
}

export interface PairList {
  column: Int32Array;
  item: Int32Array;
  need: Float64Array;
}

export function choiceOf(pool: Pool, selection: Selection, workload: number): PoolChoice {
  const choice = pool.workloads[workload]?.choices[selection[workload] ?? -1];
  if (!choice) throw new RangeError(`no choice ${selection[workload]} of workload ${workload}`);
  return choice;
}

export function fieldOf(pool: Pool, selection: Selection): Field {
  const { hours } = pool;
  const itemIds: number[] = [];
  let fixed = pool.ownedFees;
  for (const [w] of pool.workloads.entries()) {
    const { part, fixedCost } = choiceOf(pool, selection, w);
    fixed += fixedCost;
    if (part && !itemIds.includes(part.item)) itemIds.push(part.item);
  }
  const items = itemIds.length;
  const rows = hours.weight.length;
  const usage = new Float64Array(rows * items);
  for (const [w] of pool.workloads.entries()) {
    const { part } = choiceOf(pool, selection, w);
    if (!part) continue;
    const at = itemIds.indexOf(part.item);
    const values = hours.series[part.series] as Float64Array;
    for (let row = 0; row < rows; row++) {
      const place = row * items + at;
      usage[place] = (usage[place] ?? 0) + part.scale * (values[row] ?? 0);
    }
  }
  const used = pool.pairs.flatMap(({ column, item, need }) => {
    const at = itemIds.indexOf(item);
    return at < 0 ? [] : [{ column, item: at, need }];
  });
  return {
    fixed,
    items,
    price: Float64Array.from(itemIds, (id) => pool.items[id]?.price ?? 0),
    usage,
    weight: hours.weight,
    segment: hours.segment,
    segments: hours.active.map((active) => pairList(used.filter(({ column }) => active[column]))),
    columns: pool.columns.length,
    columnFee: Float64Array.from(pool.columns, ({ owned, fee, fromH, toH }) =>
      owned ? 0 : fee * (toH - fromH),
    ),
    itemIds,
    steps: 0,
  };
}

export function pairList(
  pairs: readonly { column: number; item: number; need: number }[],
): PairList {
  return {
    column: Int32Array.from(pairs, ({ column }) => column),
    item: Int32Array.from(pairs, ({ item }) => item),
    need: Float64Array.from(pairs, ({ need }) => need),
  };
}

/** Amounts with nothing bought: what is owned, 0 for the rest. */
export function ownedAmounts(pool: Pool): Float64Array {
  return Float64Array.from(pool.columns, ({ amount }) => amount);
}
