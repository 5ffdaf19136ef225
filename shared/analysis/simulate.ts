import type { Field, PairList } from './field.ts';
import { add, emptySum, total } from './sums.ts';

/**
 * The bill of a field at given amounts, hour by hour (SAVINGS.md section 3): commitments cover
 * usage in the order of the pairs, what an hour does not use is lost, the rest is on demand.
 */
export function billOf(field: Field, amounts: Float64Array): number {
  const sum = emptySum();
  add(sum, field.fixed);
  for (let column = 0; column < field.columns; column++) {
    add(sum, (field.columnFee[column] ?? 0) * (amounts[column] ?? 0));
  }
  applyHours(field, amounts, (cost, row) => add(sum, cost * (field.weight[row] ?? 0)));
  return total(sum);
}

/** Only pairs of commitments that have an amount. */
export function livePairs(list: PairList, live: (column: number) => boolean): PairList {
  const keep: number[] = [];
  for (const [at, column] of list.column.entries()) if (live(column)) keep.push(at);
  if (keep.length === list.column.length) return list;
  return {
    column: Int32Array.from(keep, (at) => list.column[at] ?? 0),
    item: Int32Array.from(keep, (at) => list.item[at] ?? 0),
    need: Float64Array.from(keep, (at) => list.need[at] ?? 0),
  };
}

type HourVisitor = (
  onDemand: number,
  row: number,
  /** Scratch, overwritten by the next hour: what is left uncovered, and unused. */
  rest: Float64Array,
  unused: Float64Array,
) => void;

export function applyHours(field: Field, amounts: Float64Array, visit: HourVisitor): void {
  const { items, usage, price, segment } = field;
  const lists = field.segments.map((list) => livePairs(list, (c) => (amounts[c] ?? 0) > 0));
  const rest = new Float64Array(items);
  const unused = new Float64Array(field.columns);
  const rows = field.weight.length;
  for (let row = 0; row < rows; row++) {
    const base = row * items;
    for (let item = 0; item < items; item++) rest[item] = usage[base + item] as number;
    unused.set(amounts);
    const list = lists[segment[row] as number] as PairList;
    const { column, item: itemOf, need } = list;
    for (let at = 0; at < column.length; at++) {
      const c = column[at] as number;
      const have = unused[c] as number;
      if (have <= 0) continue;
      const item = itemOf[at] as number;
      const units = rest[item] as number;
      if (units <= 0) continue;
      const wants = units * (need[at] as number);
      if (wants <= have) {
        rest[item] = 0;
        unused[c] = have - wants;
      } else {
        rest[item] = units - have / (need[at] as number);
        unused[c] = 0;
      }
    }
    let onDemand = 0;
    for (let item = 0; item < items; item++) {
      onDemand += (rest[item] as number) * (price[item] as number);
    }
    visit(onDemand, row, rest, unused);
  }
}
