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
  /**
   * Charges that fell into the slot, and those of them that deliver the measure: one and the same
   * array where all of them do.
   */
  rows: Float64Array;
  known: Float64Array;
}

/**
 * The group-by kernel: adds one measure of many cells into groups and time slots, exactly.
 * A limb is a whole number of at most 2^52 and is carried before a sum can pass 2^53, so no
 * addition ever rounds. Property-tested against DuckDB.
 */
export function groupCells(segments: Iterable<Cells>, grouping: Grouping): GroupedSums {
  const all = [...segments];
  const size = grouping.groups * grouping.slots;
  const rows = new Float64Array(size);
  const known = all.some(({ measure }) => measure.known) ? new Float64Array(size) : rows;
  const sums = emptySums(size);
  // What a single slot's limb may have reached; carried down before it can pass the limit.
  let reached = roomForCarry;
  const grow = (growth: number) => {
    // Charges spread over many slots: what they did reach is far less.
    if (reached + growth > limbLimit * 2) reached = largestSum(sums) + roomForCarry;
    if (reached + growth > limbLimit * 2) {
      carry(sums);
      reached = 2 * roomForCarry;
    }
    reached += growth;
  };
  for (const cells of all) {
    const columns = limbs.flatMap((limb) => {
      const values = cells.measure.limbs[limb];
      return values ? [{ limb, values, largest: largestMagnitude(values) }] : [];
    });
    const growth = Math.max(0, ...columns.map(({ largest }) => largest)) * cells.series.length;
    const fits = 2 * roomForCarry + growth <= limbLimit * 2;
    if (fits) grow(growth);
    const [first, ...more] = columns;
    if (fits && first) {
      addTwo(cells, grouping, cells.rows, rows, first.values, limbSums(sums, first.limb));
      for (const { limb, values } of more) addOne(cells, grouping, values, limbSums(sums, limb));
    } else {
      addOne(cells, grouping, cells.rows, rows);
      addInBlocks(cells, grouping, columns, sums, grow);
    }
    if (known !== rows) addOne(cells, grouping, cells.measure.known ?? cells.rows, known);
  }
  // Sums in nano-units alone are within the limit as they are.
  if (sums.high || sums.whole || sums.atto || sums.rest) carry(sums);
  return { sums, rows, known };
}

/** For what the limb below hands up in the next carry, and all that a carry leaves in a limb. */
const roomForCarry = 1e9;

function largestSum(sums: Sums): number {
  let largest = 0;
  for (const limb of limbs) {
    const values = sums[limb];
    if (!values) continue;
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i] as number);
      if (size > largest) largest = size;
    }
  }
  return largest;
}

function limbSums(sums: Sums, limb: Limb): Float64Array {
  return (sums[limb] ??= new Float64Array(sums.nano.length));
}

function addOne(
  cells: Cells,
  { groupOfSeries, slotOfDay, slots, firstDay }: Grouping,
  values: ColumnArray,
  into: Float64Array,
): void {
  const { day } = cells;
  const { series, starts } = runsOf(cells.series);
  const offset = cells.firstDay - firstDay;
  const days = slotOfDay.length;
  for (let run = 0; run < series.length; run++) {
    const group = groupOfSeries[series[run] as number] as number;
    if (group < 0) continue;
    const base = group * slots;
    const end = starts[run + 1] as number;
    for (let i = starts[run] as number; i < end; i++) {
      const at = (day[i] as number) + offset;
      if (at < 0 || at >= days) continue;
      const slot = slotOfDay[at] as number;
      if (slot < 0) continue;
      const target = base + slot;
      into[target] = (into[target] as number) + (values[i] as number);
    }
  }
}

/** The same with two columns at once, which takes little longer than one. */
function addTwo(
  cells: Cells,
  { groupOfSeries, slotOfDay, slots, firstDay }: Grouping,
  values: ColumnArray,
  into: Float64Array,
  otherValues: ColumnArray,
  otherInto: Float64Array,
): void {
  const { day } = cells;
  const { series, starts } = runsOf(cells.series);
  const offset = cells.firstDay - firstDay;
  const days = slotOfDay.length;
  for (let run = 0; run < series.length; run++) {
    const group = groupOfSeries[series[run] as number] as number;
    if (group < 0) continue;
    const base = group * slots;
    const end = starts[run + 1] as number;
    for (let i = starts[run] as number; i < end; i++) {
      const at = (day[i] as number) + offset;
      if (at < 0 || at >= days) continue;
      const slot = slotOfDay[at] as number;
      if (slot < 0) continue;
      const target = base + slot;
      into[target] = (into[target] as number) + (values[i] as number);
      otherInto[target] = (otherInto[target] as number) + (otherValues[i] as number);
    }
  }
}

/** Amounts so large that a sum of all of them could round: as many at a time as surely fit. */
function addInBlocks(
  cells: Cells,
  grouping: Grouping,
  columns: readonly { limb: Limb; values: ColumnArray; largest: number }[],
  sums: Sums,
  grow: (growth: number) => void,
): void {
  const target = targetSlots(cells, grouping);
  for (const { limb, values, largest } of columns) {
    const into = limbSums(sums, limb);
    const block = largest === 0 ? values.length : Math.max(1, Math.floor(limbLimit / largest));
    for (let start = 0; start < values.length; start += block) {
      const end = Math.min(start + block, values.length);
      grow(largest * (end - start));
      for (let i = start; i < end; i++) {
        const slot = target[i] as number;
        if (slot >= 0) into[slot] = (into[slot] as number) + (values[i] as number);
      }
    }
  }
}

/** Where each cell goes; -1 where nowhere. */
function targetSlots(cells: Cells, grouping: Grouping): Int32Array {
  const { series, day } = cells;
  const { groupOfSeries, slotOfDay, slots } = grouping;
  const offset = cells.firstDay - grouping.firstDay;
  const target = new Int32Array(series.length);
  for (let i = 0; i < target.length; i++) {
    const group = groupOfSeries[series[i] as number] as number;
    const slot = slotOfDay[(day[i] as number) + offset];
    target[i] = group < 0 || slot === undefined || slot < 0 ? -1 : group * slots + slot;
  }
  return target;
}

/** Neighbouring cells of one series: where each run starts, and at last where the last one ends. */
interface Runs {
  series: Uint32Array;
  starts: Uint32Array;
}

const runs = new WeakMap<ColumnArray, Runs>();

/**
 * A segment's cells lie in the order of their series, a few days of each: one look at its group
 * serves them all, and what a filter leaves out is passed over at once.
 */
function runsOf(series: ColumnArray): Runs {
  let found = runs.get(series);
  if (!found) {
    const starts = new Uint32Array(series.length + 1);
    let count = 0;
    for (let i = 0; i < series.length; i++) {
      if (i === 0 || series[i] !== series[i - 1]) starts[count++] = i;
    }
    starts[count] = series.length;
    found = {
      series: Uint32Array.from({ length: count }, (_, run) => series[starts[run] as number] ?? 0),
      starts: starts.slice(0, count + 1),
    };
    runs.set(series, found);
  }
  return found;
}

/** What the kernel keeps of cells beside them; it is found out by the first question otherwise. */
export function prepareCells(cells: Cells): void {
  runsOf(cells.series);
  for (const limb of limbs) {
    const values = cells.measure.limbs[limb];
    if (values) largestMagnitude(values);
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
