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
  const range = dayRange(query);
  const assigned = assignGroups(query);
  const { slotOfDay, periods } = timeSlots(range.firstDay, range.lastDay, query.granularity);
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

/** Groups in the order of their first series. */
interface Assigned {
  groupOfSeries: Int32Array;
  count: number;
  /** The first series of each group, which has the group's value ids. */
  firstSeries: Int32Array;
  keys: Float64Array;
}

/** Up to this many tuples a table finds the group of a tuple; beyond it, hashing does. */
const denseTuples = 1_000_000;

/** Numbers the tuples of value ids that occur, densely. */
function assignGroups({ axes, mask, only }: GroupQuery): Assigned {
  const space = axes.reduce((product, axis) => product * axis.values.length, 1);
  const groupOfSeries = new Int32Array(mask.length);
  const keys = tupleKeys(axes, mask.length);
  const firstSeries = new Int32Array(mask.length);
  const groupKeys = new Float64Array(mask.length);
  let count = 0;
  if (space <= denseTuples) {
    const table = new Int32Array(space);
    for (let series = 0; series < mask.length; series++) {
      const key = keys[series] as number;
      if (mask[series] === 0 || (only && !only.has(key))) {
        groupOfSeries[series] = -1;
        continue;
      }
      let index = (table[key] as number) - 1;
      if (index < 0) {
        index = count++;
        table[key] = count;
        firstSeries[index] = series;
        groupKeys[index] = key;
      }
      groupOfSeries[series] = index;
    }
    return { groupOfSeries, count, firstSeries, keys: groupKeys };
  }
  // Open addressing: groups by place, at most half full.
  const places = 2 ** Math.ceil(Math.log2(2 * mask.length + 2));
  const table = new Int32Array(places);
  for (let series = 0; series < mask.length; series++) {
    const key = keys[series] as number;
    if (mask[series] === 0 || (only && !only.has(key))) {
      groupOfSeries[series] = -1;
      continue;
    }
    let place = Math.imul((key | 0) ^ ((key / 4_294_967_296) | 0), -1_640_531_527);
    place = (place ^ (place >>> 15)) & (places - 1);
    let index = -1;
    for (; index < 0; place = (place + 1) & (places - 1)) {
      const taken = table[place] as number;
      if (taken === 0) {
        index = count++;
        table[place] = count;
        firstSeries[index] = series;
        groupKeys[index] = key;
      } else if (groupKeys[taken - 1] === key) {
        index = taken - 1;
      }
    }
    groupOfSeries[series] = index;
  }
  return { groupOfSeries, count, firstSeries, keys: groupKeys };
}

/** One number for each series' tuple of value ids. */
function tupleKeys(axes: readonly Axis[], length: number): Float64Array {
  const keys = new Float64Array(length);
  for (const { ids, values } of axes) {
    const factor = values.length;
    for (let series = 0; series < length; series++) {
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
    sizeError: () => approximationError(sums),
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
