import type { Metric } from '../../../shared/contract/values.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Cube, SegmentInfo } from '../store/cube.ts';
import { type GroupedSums, groupCells } from '../store/kernel.ts';
import { approximateAt, exactAt } from '../store/limbs.ts';
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
  groups: Group[];
  /** Null where none of the charges delivers the metric. */
  cost: (group: number, slot: number) => Exact | null;
  rows: (group: number, slot: number) => number;
  unknownRows: (group: number, slot: number) => number;
  /** The nearest double, to rank by. */
  size: (group: number, slot: number) => number;
}

export interface Group {
  /** Value id on each axis. */
  ids: number[];
  key: number;
}

export function group(cube: Cube, query: GroupQuery): Grouped {
  const range = dayRange(query);
  const { groupOfSeries, groups } = assignGroups(query);
  const { slotOfDay, periods } = timeSlots(range.firstDay, range.lastDay, query.granularity);
  const segments = query.segments.filter(
    (segment) => segment.firstDay <= range.lastDay && segment.lastDay >= range.firstDay,
  );
  const answer = groupCells(cellsOf(cube, segments, query.metric), {
    groupOfSeries,
    groups: groups.length,
    slotOfDay,
    firstDay: range.firstDay,
    slots: periods.length,
  });
  return present(answer, groups, periods);
}

function* cellsOf(cube: Cube, segments: readonly SegmentInfo[], metric: Metric) {
  for (const segment of segments) yield cube.cells(segment, metric);
}

function dayRange(query: GroupQuery): { firstDay: number; lastDay: number } {
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

/** Numbers the tuples of value ids that occur, densely. */
function assignGroups(query: GroupQuery): { groupOfSeries: Int32Array; groups: Group[] } {
  const { axes, mask, only } = query;
  const groupOfSeries = new Int32Array(mask.length).fill(-1);
  const space = axes.reduce((product, axis) => product * axis.values.length, 1);
  const dense = space <= 4_000_000 ? new Int32Array(space).fill(-1) : null;
  const sparse = new Map<number, number>();
  const groups: Group[] = [];
  for (let series = 0; series < mask.length; series++) {
    if (mask[series] === 0) continue;
    let key = 0;
    for (const axis of axes) key = key * axis.values.length + (axis.ids[series] as number);
    if (only && !only.has(key)) continue;
    let index = dense ? (dense[key] as number) : (sparse.get(key) ?? -1);
    if (index < 0) {
      index = groups.length;
      if (dense) dense[key] = index;
      else sparse.set(key, index);
      groups.push({ ids: axes.map((axis) => axis.ids[series] as number), key });
    }
    groupOfSeries[series] = index;
  }
  return { groupOfSeries, groups };
}

function present(answer: GroupedSums, all: readonly Group[], periods: string[]): Grouped {
  const slots = periods.length;
  const indexes: number[] = [];
  for (let g = 0; g < all.length; g++) {
    for (let slot = 0; slot < slots; slot++) {
      if ((answer.rows[g * slots + slot] as number) > 0) {
        indexes.push(g);
        break;
      }
    }
  }
  const at = (g: number, slot: number) => (indexes[g] as number) * slots + slot;
  return {
    periods,
    groups: indexes.map((index) => all[index] as Group),
    cost: (g, slot) =>
      (answer.known[at(g, slot)] as number) > 0 ? exactAt(answer.sums, at(g, slot)) : null,
    rows: (g, slot) => answer.rows[at(g, slot)] as number,
    unknownRows: (g, slot) =>
      (answer.rows[at(g, slot)] as number) - (answer.known[at(g, slot)] as number),
    size: (g, slot) => approximateAt(answer.sums, at(g, slot)),
  };
}
