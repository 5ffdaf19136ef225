import type { Metric } from '../../../shared/contract/values.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Cube, SegmentInfo } from '../store/cube.ts';
import { type GroupedSums, groupCells } from '../store/kernel.ts';
import { cutsNoMonth } from '../store/by-month.ts';
import {
  approximateAt,
  approximationError,
  exactAt,
  exactSum,
  exactTextAt,
} from '../store/limbs.ts';
import { timeSlots } from '../store/versions.ts';
import type { Axis } from './scope.ts';

/** Which cells, and how they are grouped. */
export interface GroupQuery {
  metric: Metric;
  axes: readonly Axis[];
  /** 1 for every series that counts. */
  mask: Uint8Array;
  segments: readonly SegmentInfo[];
  /** Days since 1970-01-01 UTC, both inclusive; all loaded days where absent. */
  firstDay?: number | undefined;
  lastDay?: number | undefined;
  granularity: 'day' | 'month' | 'none';
  /** Only these groups, by the key of `groupKey`; the others are not even summed. */
  only?: ReadonlySet<number> | undefined;
}

/** Groups with at least one charge; sums stay in limbs until a figure is asked for. */
export interface Grouped {
  periods: string[];
  /** As objects, made when first asked for; `count`, `id` and `key` serve many groups. */
  readonly groups: Group[];
  count: number;
  /** Value id on an axis, by its place. */
  id: (group: number, axis: number) => number;
  key: (group: number) => number;
  /** Null where none of the charges delivers the metric. */
  cost: (group: number, slot: number) => Exact | null;
  rows: (group: number, slot: number) => number;
  unknownRows: (group: number, slot: number) => number;
  /** The same as exact decimal text. */
  costText: (group: number, slot: number) => string | null;
  /** The nearest double, to rank by; 0 where nothing is known. */
  size: (group: number, slot: number) => number;
  /** Those of all groups, by place: -Infinity where nothing is known, NaN where no charges are. */
  sizes: (slot: number) => Float64Array;
  /** Sizes further apart than this are in the order of their costs. */
  sizeError: () => number;
  /** Exact sum over slots of these groups that are known; null where none is. */
  sum: (groups: Iterable<number>) => Exact | null;
}

export interface Group {
  /** Value id on each axis. */
  ids: number[];
  key: number;
}

export function group(cube: Cube, query: GroupQuery): Grouped {
  return groupAssigned(cube, query, assignGroups(query));
}

/** The same for groups that serve several spans of days. */
export function groupAssigned(cube: Cube, query: GroupQuery, assigned: Assigned): Grouped {
  const range = dayRange(query);
  const { slotOfDay, periods } = slotsOf(range, query.granularity);
  const segments = query.segments.filter(
    (segment) => segment.firstDay <= range.lastDay && segment.lastDay >= range.firstDay,
  );
  const answer = groupCells(cellsOf(cube, segments, query, range), {
    groupOfSeries: assigned.groupOfSeries,
    groups: assigned.count,
    slotOfDay,
    firstDay: range.firstDay,
    slots: periods.length,
  });
  return present(answer, assigned, query.axes, periods);
}

/** One slot for all days needs no calendar. */
function slotsOf(
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
  granularity: GroupQuery['granularity'],
): { slotOfDay: Int32Array; periods: string[] } {
  if (granularity !== 'none') return timeSlots(firstDay, lastDay, granularity);
  const days = Math.max(0, lastDay - firstDay + 1);
  return { slotOfDay: new Int32Array(days), periods: days > 0 ? [''] : [] };
}

function* cellsOf(
  cube: Cube,
  segments: readonly SegmentInfo[],
  { metric, granularity }: GroupQuery,
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
) {
  for (const segment of segments) {
    const byMonth = granularity !== 'day' && cutsNoMonth(segment, firstDay, lastDay);
    yield (byMonth && cube.cellsByMonth(segment, metric)) || cube.cells(segment, metric);
  }
}

/** The days that are asked for and loaded; `lastDay` before `firstDay` where there are none. */
export function dayRange(query: GroupQuery): { firstDay: number; lastDay: number } {
  let firstDay = Infinity;
  let lastDay = -Infinity;
  for (const segment of query.segments) {
    firstDay = Math.min(firstDay, segment.firstDay);
    lastDay = Math.max(lastDay, segment.lastDay);
  }
  if (firstDay > lastDay) return { firstDay: 0, lastDay: -1 };
  return {
    firstDay: Math.max(firstDay, query.firstDay ?? firstDay),
    lastDay: Math.min(lastDay, query.lastDay ?? lastDay),
  };
}

/** Groups in the order of their first series, or of `only`. */
export interface Assigned {
  groupOfSeries: Int32Array;
  count: number;
  /** The first series of each group, which has the group's value ids. */
  firstSeries: Int32Array;
  keys: Float64Array;
}

/** Up to this many tuples a table finds the group of a tuple; beyond it, hashing does. */
const denseTuples = 1_000_000;

/** Numbers the tuples of value ids that occur, densely. */
export function assignGroups({
  axes,
  mask,
  only,
}: Pick<GroupQuery, 'axes' | 'mask' | 'only'>): Assigned {
  const space = axes.reduce((product, axis) => product * axis.values.length, 1);
  const most = only ? only.size : Math.min(space, mask.length);
  const assigned: Assigned = {
    groupOfSeries: new Int32Array(mask.length),
    count: 0,
    firstSeries: new Int32Array(most).fill(-1),
    keys: new Float64Array(most),
  };
  if (space <= denseTuples) assignDense(assigned, axes, mask, only, space);
  else assignHashed(assigned, axes, mask, only);
  return assigned;
}

function assignDense(
  assigned: Assigned,
  axes: readonly Axis[],
  mask: Uint8Array,
  only: ReadonlySet<number> | undefined,
  space: number,
): void {
  const { groupOfSeries, firstSeries, keys } = assigned;
  const keyOf = tupleKeys(axes, new Int32Array(mask.length));
  /** Groups plus one, by key. */
  const table = new Int32Array(space);
  let count = 0;
  for (const key of only ?? []) {
    keys[count++] = key;
    table[key] = count;
  }
  for (let series = 0; series < mask.length; series++) {
    const key = keyOf[series] as number;
    let index = mask[series] === 0 ? -1 : (table[key] as number) - 1;
    if (index < 0 && mask[series] !== 0 && !only) {
      index = count++;
      table[key] = count;
      keys[index] = key;
    }
    if (index >= 0 && (firstSeries[index] as number) < 0) firstSeries[index] = series;
    groupOfSeries[series] = index;
  }
  assigned.count = count;
}

function assignHashed(
  assigned: Assigned,
  axes: readonly Axis[],
  mask: Uint8Array,
  only: ReadonlySet<number> | undefined,
): void {
  const { groupOfSeries, firstSeries, keys } = assigned;
  const keyOf = tupleKeys(axes, new Float64Array(mask.length));
  // Open addressing: groups plus one by place, at most half full.
  const table = new Int32Array(2 ** Math.ceil(Math.log2(2 * keys.length + 2)));
  const places = table.length - 1;
  let count = 0;
  const find = (key: number, add: boolean): number => {
    let place = Math.imul((key | 0) ^ ((key / 4_294_967_296) | 0), -1_640_531_527);
    place = (place ^ (place >>> 15)) & places;
    for (; ; place = (place + 1) & places) {
      const taken = (table[place] as number) - 1;
      if (taken >= 0 && keys[taken] !== key) continue;
      if (taken >= 0 || !add) return taken;
      keys[count++] = key;
      table[place] = count;
      return count - 1;
    }
  };
  for (const key of only ?? []) find(key, true);
  for (let series = 0; series < mask.length; series++) {
    const index = mask[series] === 0 ? -1 : find(keyOf[series] as number, !only);
    if (index >= 0 && (firstSeries[index] as number) < 0) firstSeries[index] = series;
    groupOfSeries[series] = index;
  }
  assigned.count = count;
}

/** One number for each series' tuple of value ids. */
function tupleKeys<K extends Int32Array | Float64Array>(axes: readonly Axis[], keys: K): K {
  const [first, ...more] = axes;
  if (first) keys.set(first.ids.subarray(0, keys.length));
  for (const { ids, values } of more) {
    const factor = values.length;
    for (let series = 0; series < keys.length; series++) {
      keys[series] = (keys[series] as number) * factor + (ids[series] as number);
    }
  }
  return keys;
}

function present(
  answer: GroupedSums,
  { count: assigned, firstSeries, keys }: Assigned,
  axes: readonly Axis[],
  periods: string[],
): Grouped {
  const { sums, rows, known } = answer;
  const slots = periods.length;
  const indexes = new Int32Array(assigned);
  let count = 0;
  for (let g = 0; g < assigned; g++) {
    for (let slot = 0; slot < slots; slot++) {
      if ((rows[g * slots + slot] as number) > 0) {
        indexes[count++] = g;
        break;
      }
    }
  }
  const at = (g: number, slot: number) => (indexes[g] as number) * slots + slot;
  const id = (g: number, axis: number) =>
    axes[axis]?.ids[firstSeries[indexes[g] as number] as number] as number;
  const key = (g: number) => keys[indexes[g] as number] as number;
  let groups: Group[] | null = null;
  let error: number | null = null;
  function* knownSlots(of: Iterable<number>) {
    for (const g of of) {
      for (let slot = 0; slot < slots; slot++) {
        if ((known[at(g, slot)] as number) > 0) yield at(g, slot);
      }
    }
  }
  return {
    periods,
    get groups() {
      return (groups ??= Array.from({ length: count }, (_, g) => ({
        ids: axes.map((_axis, place) => id(g, place)),
        key: key(g),
      })));
    },
    count,
    id,
    key,
    cost: (g, slot) => ((known[at(g, slot)] as number) > 0 ? exactAt(sums, at(g, slot)) : null),
    costText: (g, slot) =>
      (known[at(g, slot)] as number) > 0 ? exactTextAt(sums, at(g, slot)) : null,
    rows: (g, slot) => rows[at(g, slot)] as number,
    unknownRows: (g, slot) => (rows[at(g, slot)] as number) - (known[at(g, slot)] as number),
    size: (g, slot) => approximateAt(sums, at(g, slot)),
    sizes: (slot) => {
      const sizes = new Float64Array(count);
      for (let g = 0; g < count; g++) {
        const i = at(g, slot);
        if ((rows[i] as number) === 0) sizes[g] = NaN;
        else sizes[g] = (known[i] as number) > 0 ? approximateAt(sums, i) : -Infinity;
      }
      return sizes;
    },
    sizeError: () => (error ??= approximationError(sums)),
    sum: (of) => {
      let any = false;
      const seen = function* () {
        for (const place of knownSlots(of)) {
          any = true;
          yield place;
        }
      };
      const total = exactSum(sums, seen());
      return any ? total : null;
    },
  };
}
