import { choiceOf, fieldOf, type PairList, type Selection } from './field.ts';
import type { Pool } from './pool.ts';

/** One line of a simulated bill: what an hour's units of something cost. */
export interface BillRow {
  hour: number;
  /** The workload whose spot or uncoverable usage it is; usage that is pooled has none. */
  workload: string | null;
  item: number | null;
  column: number | null;
  kind: 'on-demand' | 'committed' | 'unused' | 'fixed';
  units: number;
  cost: number;
}

/**
 * The simulated bill of a pool as rows; they add up to it. Spot and usage that no commitment may
 * cover is one row a workload, in the first hour.
 */
export function billRows(pool: Pool, selection: Selection, amounts: Float64Array): BillRow[] {
  const rows: BillRow[] = [];
  for (const [w, { id }] of pool.workloads.entries()) {
    const cost = choiceOf(pool, selection, w).fixedCost;
    const none = { item: null, column: null, kind: 'fixed' as const, units: 0 };
    if (cost !== 0) rows.push({ ...none, hour: 0, workload: id, cost });
  }
  const field = fieldOf(pool, selection);
  for (const [hour, row] of pool.hours.mergedOf.entries()) {
    const segment = field.segment[row] as number;
    const active = pool.hours.active[segment] as boolean[];
    const list = field.segments[segment] as PairList;
    const rest = field.usage.slice(row * field.items, (row + 1) * field.items);
    const unused = Float64Array.from(amounts);
    for (let at = 0; at < list.column.length; at++) {
      const column = list.column[at] as number;
      const item = list.item[at] as number;
      const need = list.need[at] as number;
      const units = Math.min(rest[item] as number, (unused[column] as number) / need);
      if (units <= 0) continue;
      rest[item] = Math.max(0, (rest[item] as number) - units);
      unused[column] = Math.max(0, (unused[column] as number) - units * need);
      const cost = units * need * (pool.columns[column]?.fee ?? 0);
      const itemId = field.itemIds[item] as number;
      rows.push({ hour, workload: null, item: itemId, column, kind: 'committed', units, cost });
    }
    for (let item = 0; item < field.items; item++) {
      const units = rest[item] as number;
      const cost = units * (field.price[item] as number);
      const itemId = field.itemIds[item] as number;
      const none = { hour, workload: null, column: null, kind: 'on-demand' as const };
      if (units > 0) rows.push({ ...none, item: itemId, units, cost });
    }
    for (const [column, { fee }] of pool.columns.entries()) {
      const units = unused[column] as number;
      if (!active[column] || units <= 0) continue;
      const none = { hour, workload: null, item: null, kind: 'unused' as const };
      rows.push({ ...none, column, units, cost: units * fee });
    }
  }
  return rows;
}
