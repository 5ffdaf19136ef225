import type { Exact } from '../../../shared/domain/exact.ts';
import { cutsNoMonth } from '../store/by-month.ts';
import type { Cube, SegmentInfo } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { type Cells, groupCells, type GroupedSums } from '../store/kernel.ts';
import { approximateAt, exactAt } from '../store/limbs.ts';
import type { Measure } from '../store/measures.ts';
import { timeSlots } from '../store/versions.ts';

/** The charges an answer is about. */
export interface Span {
  segments: readonly SegmentInfo[];
  /** Days since 1970-01-01 UTC, both inclusive. */
  firstDay: number;
  lastDay: number;
  /** Days whose telemetry belongs to the charges, where a few charges lie outside of them. */
  measuredDays?: { firstDay: number; lastDay: number };
}

/** Sums of groups of series by period; a group is a number that each series has. */
export interface SeriesSums {
  periods: string[];
  /** Null where none of the charges delivers the measure. */
  exact: (group: number, slot: number) => Exact | null;
  rows: (group: number, slot: number) => number;
  unknownRows: (group: number, slot: number) => number;
  /** The nearest double; 0 where nothing is known. */
  size: (group: number, slot: number) => number;
}

/** Cells that are added up in one step. */
const cellsAtOnce = 250_000;

/**
 * Adds a measure of all series with a group (negative: left out) into groups and periods, exactly, in
 * steps of a few milliseconds: the sums of some segments after the other.
 */
export async function sumSeries(
  cube: Cube,
  span: Span,
  measure: Measure,
  { of, count }: { of: Int32Array; count: number },
  granularity: 'day' | 'month' | 'none',
): Promise<SeriesSums> {
  const { firstDay, lastDay } = span;
  const { slotOfDay, periods } = timeSlots(firstDay, lastDay, granularity);
  const parts: GroupedSums[] = [];
  const add = (cells: readonly Cells[]) =>
    parts.push(
      groupCells(cells, {
        groupOfSeries: of,
        groups: count,
        slotOfDay,
        firstDay,
        slots: periods.length,
      }),
    );
  let waiting: Cells[] = [];
  let size = 0;
  for (const cells of cellsOf(cube, span, measure, granularity)) {
    waiting.push(cells);
    size += cells.series.length;
    if (size < cellsAtOnce) continue;
    add(waiting);
    [waiting, size] = [[], 0];
    await giveWay();
  }
  if (waiting.length > 0 || parts.length === 0) add(waiting);
  await giveWay();
  const at = (group: number, slot: number) => group * periods.length + slot;
  return {
    periods,
    exact: (group, slot) => {
      let sum: Exact | null = null;
      for (const { sums, known } of parts) {
        if ((known[at(group, slot)] as number) === 0) continue;
        const part = exactAt(sums, at(group, slot));
        sum = sum === null ? part : sum + part;
      }
      return sum;
    },
    rows: (group, slot) =>
      parts.reduce((sum, { rows }) => sum + (rows[at(group, slot)] as number), 0),
    unknownRows: (group, slot) =>
      parts.reduce(
        (sum, { rows, known }) =>
          sum + (rows[at(group, slot)] as number) - (known[at(group, slot)] as number),
        0,
      ),
    size: (group, slot) =>
      parts.reduce((sum, { sums }) => sum + approximateAt(sums, at(group, slot)), 0),
  };
}

function* cellsOf(
  cube: Cube,
  { segments, firstDay, lastDay }: Span,
  measure: Measure,
  granularity: 'day' | 'month' | 'none',
): Generator<Cells> {
  for (const segment of segments) {
    if (segment.firstDay > lastDay || segment.lastDay < firstDay) continue;
    const byMonth = granularity !== 'day' && cutsNoMonth(segment, firstDay, lastDay);
    yield (byMonth && cube.cellsByMonth(segment, measure)) || cube.cells(segment, measure);
  }
}

/** Over all slots of a group; null where nothing is known. */
export function totalOf(sums: SeriesSums, group: number): Exact | null {
  let total: Exact | null = null;
  for (let slot = 0; slot < sums.periods.length; slot++) {
    const part = sums.exact(group, slot);
    if (part !== null) total = (total ?? 0n) + part;
  }
  return total;
}

export function rowsOf(sums: SeriesSums, group: number): { rows: number; unknownRows: number } {
  let rows = 0;
  let unknownRows = 0;
  for (let slot = 0; slot < sums.periods.length; slot++) {
    rows += sums.rows(group, slot);
    unknownRows += sums.unknownRows(group, slot);
  }
  return { rows, unknownRows };
}

/** The days or months of a span, in order. */
export function timePeriods({ firstDay, lastDay }: Span, granularity: 'day' | 'month'): string[] {
  return timeSlots(firstDay, lastDay, granularity).periods;
}

/** First and last day with a charge of each group; no charge: the first day is Infinity. */
export function daysOf(
  cube: Cube,
  { segments, firstDay, lastDay }: Span,
  { of, count }: { of: Int32Array; count: number },
): { first: Float64Array; last: Float64Array } {
  const first = new Float64Array(count).fill(Infinity);
  const last = new Float64Array(count).fill(-Infinity);
  for (const segment of segments) {
    if (segment.firstDay > lastDay || segment.lastDay < firstDay) continue;
    const { series, day } = cube.cells(segment, 'billed');
    for (let i = 0; i < series.length; i++) {
      const group = of[series[i] as number] as number;
      if (group < 0) continue;
      const at = segment.firstDay + (day[i] as number);
      if (at < firstDay || at > lastDay) continue;
      if (at < (first[group] as number)) first[group] = at;
      if (at > (last[group] as number)) last[group] = at;
    }
  }
  return { first, last };
}
