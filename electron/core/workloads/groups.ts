import type { Exact } from '../../../shared/domain/exact.ts';
import { createSeriesIndex } from '../store/series-index.ts';

/** Series by tuples of numbers: a group for each tuple that occurs. */
export interface SeriesGroups {
  of: Int32Array;
  count: number;
  /** A series of each group. */
  first: number[];
}

/** Groups the series that `keep` by what `columns` give for each. */
export function groupSeries(
  series: number,
  keep: (series: number) => boolean,
  columns: readonly ((series: number) => number)[],
): SeriesGroups {
  const of = new Int32Array(series).fill(-1);
  const index = createSeriesIndex(columns.map(() => []));
  const first: number[] = [];
  const key = new Uint32Array(columns.length);
  for (let i = 0; i < series; i++) {
    if (!keep(i)) continue;
    for (let c = 0; c < columns.length; c++) key[c] = (columns[c] as (of: number) => number)(i);
    const number = columns.length === 0 ? 0 : index.numberOf(key);
    if (first.length === number) first.push(i);
    of[i] = number;
  }
  return { of, count: first.length, first };
}

/** Descending by cost, unknown last. */
export function byCost(a: { cost: Exact | null }, b: { cost: Exact | null }): number {
  if (a.cost === b.cost) return 0;
  if (a.cost === null) return 1;
  if (b.cost === null) return -1;
  return a.cost > b.cost ? -1 : 1;
}
