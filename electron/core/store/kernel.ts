import type { ColumnArray } from './columns.ts';
import { carry, emptySums, limbLimit, type Limb, limbs, type Sums } from './limbs.ts';

/** One measure of a segment's cells: its limbs (absent: all zero) and the count of known charges. */
export interface MeasureColumns {
  limbs: Partial<Record<Limb, ColumnArray>>;
  /** Charges of the cell that deliver the measure; null where that is all of `rows`. */
  known: ColumnArray | null;
}

/** Daily cells of one file's share of a version, column by column. */
export interface Cells {
  series: ColumnArray;
  /** Days since 1970-01-01 UTC, counted from `firstDay`. */
  day: ColumnArray;
  firstDay: number;
  rows: ColumnArray;
  measure: MeasureColumns;
}

export interface Grouping {
  /** Group of each series; negative leaves the series out. */
  groupOfSeries: Int32Array;
  groups: number;
  /** Time slot of each day, from `firstDay`; negative or out of range leaves the day out. */
  slotOfDay: Int32Array;
  firstDay: number;
  slots: number;
}

/** Answer by group and slot: index `group * slots + slot`. */
export interface GroupedSums {
  sums: Sums;
  /** Charges that fell into the slot, and those of them that deliver the measure. */
  rows: Float64Array;
  known: Float64Array;
}

/**
 * The group-by kernel: adds one measure of many cells into groups and time slots, exactly.
 * A limb is a whole number of at most 2^52 and is carried before a sum can pass 2^53, so no
 * addition ever rounds. Property-tested against DuckDB.
 */
export function groupCells(segments: Iterable<Cells>, grouping: Grouping): GroupedSums {
  const size = grouping.groups * grouping.slots;
  const answer: GroupedSums = {
    sums: emptySums(size),
    rows: new Float64Array(size),
    known: new Float64Array(size),
  };
  // What a single slot's limb may have reached; carried down to 1e9 before it can pass the limit.
  let reached = 1e9;
  for (const cells of segments) {
    const columns = limbs.flatMap((limb) => {
      const values = cells.measure.limbs[limb];
      return values ? [{ limb, values, largest: largestMagnitude(values) }] : [];
    });
    const [only] = columns;
    if (only && columns.length === 1) {
      const growth = only.largest * only.values.length;
      if (reached + growth <= limbLimit * 2) {
        addOneLimb(cells, only.values, grouping, answer, limbSums(answer.sums, only.limb));
        reached += growth;
        continue;
      }
    }
    const target = targetSlots(cells, grouping);
    if (target === null) continue;
    addCounts(target, cells, answer);
    for (const { limb, values, largest } of columns) {
      const sums = limbSums(answer.sums, limb);
      const block = largest === 0 ? values.length : Math.max(1, Math.floor(limbLimit / largest));
      for (let start = 0; start < values.length; start += block) {
        const end = Math.min(start + block, values.length);
        const growth = largest * (end - start);
        if (reached + growth > limbLimit * 2) {
          carry(answer.sums);
          reached = 1e9;
        }
        for (let i = start; i < end; i++) {
          const slot = target[i] as number;
          if (slot >= 0) sums[slot] = (sums[slot] as number) + (values[i] as number);
        }
        reached += growth;
      }
    }
  }
  carry(answer.sums);
  return answer;
}

function limbSums(sums: Sums, limb: Limb): Float64Array {
  return (sums[limb] ??= new Float64Array(sums.nano.length));
}

/** The usual cells, which have one limb and small amounts, in a single pass. */
function addOneLimb(
  cells: Cells,
  values: ColumnArray,
  grouping: Grouping,
  answer: GroupedSums,
  sums: Float64Array,
): void {
  const { series, day, rows } = cells;
  const known = cells.measure.known ?? rows;
  const { groupOfSeries, slotOfDay, slots } = grouping;
  const { rows: rowSums, known: knownSums } = answer;
  const offset = cells.firstDay - grouping.firstDay;
  const days = slotOfDay.length;
  for (let i = 0; i < values.length; i++) {
    const group = groupOfSeries[series[i] as number] as number;
    if (group < 0) continue;
    const at = (day[i] as number) + offset;
    if (at < 0 || at >= days) continue;
    const slot = slotOfDay[at] as number;
    if (slot < 0) continue;
    const target = group * slots + slot;
    sums[target] = (sums[target] as number) + (values[i] as number);
    rowSums[target] = (rowSums[target] as number) + (rows[i] as number);
    knownSums[target] = (knownSums[target] as number) + (known[i] as number);
  }
}

/** Where each cell goes; null where none goes anywhere. */
function targetSlots(cells: Cells, grouping: Grouping): Int32Array | null {
  const { series, day } = cells;
  const { groupOfSeries, slotOfDay, slots } = grouping;
  const offset = cells.firstDay - grouping.firstDay;
  const target = new Int32Array(series.length);
  let any = false;
  for (let i = 0; i < target.length; i++) {
    const group = groupOfSeries[series[i] as number] as number;
    const slot = slotOfDay[(day[i] as number) + offset];
    if (group < 0 || slot === undefined || slot < 0) {
      target[i] = -1;
    } else {
      target[i] = group * slots + slot;
      any = true;
    }
  }
  return any ? target : null;
}

function addCounts(target: Int32Array, cells: Cells, answer: GroupedSums): void {
  const known = cells.measure.known ?? cells.rows;
  for (let i = 0; i < target.length; i++) {
    const slot = target[i] as number;
    if (slot < 0) continue;
    answer.rows[slot] = (answer.rows[slot] as number) + (cells.rows[i] as number);
    answer.known[slot] = (answer.known[slot] as number) + (known[i] as number);
  }
}

const magnitudes = new WeakMap<ColumnArray, number>();

function largestMagnitude(values: ColumnArray): number {
  let largest = magnitudes.get(values);
  if (largest === undefined) {
    largest = 0;
    for (let i = 0; i < values.length; i++) {
      const magnitude = Math.abs(values[i] as number);
      if (magnitude > largest) largest = magnitude;
    }
    magnitudes.set(values, largest);
  }
  return largest;
}
