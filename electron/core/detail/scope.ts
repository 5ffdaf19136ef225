import { existsSync } from 'node:fs';
import type { Filter } from '../../../shared/contract/values.ts';
import type { HandlerInput } from '../../../shared/contract/contract.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { type Axes, isClass, joinSame } from '../costs/scope.ts';
import type { Cube, SegmentInfo } from '../store/cube.ts';
import { type Detail, detailPath, listDetail } from '../store/detail.ts';
import { type Grouping, groupCells } from '../store/kernel.ts';
import { exactAt } from '../store/limbs.ts';
import type { SeriesDimension } from '../store/measures.ts';
import type { ReadableDb } from '../store/open.ts';
import type { VersionKey } from '../store/versions.ts';
import type { ClassTuples } from './class-tuples.ts';

/** Lines of one currency: how many, and their known sums. */
export interface LineSum {
  lines: number;
  billed: Exact | null;
  effective: Exact | null;
}
/** By currency; null stands for none. */
export type LineSums = Map<string | null, LineSum>;

/** A load with lines in the slice, and what the stored cells say of them. */
export interface LoadInSlice {
  loadId: number;
  file: string;
  source: string;
  periods: string[];
  cells: LineSums;
  lines: number;
  /** Null where its lines are not kept. */
  detail: (Detail & { path: string }) | null;
  /** The versions its lines count for; null where all of them do. */
  only: VersionKey[] | null;
}

export interface SliceDeps {
  db: ReadableDb;
  cube: Cube;
  axes: Axes;
  detailFolder: string;
}

export type Slice = Pick<HandlerInput<'costs.lines'>, 'from' | 'to' | 'period' | 'filters'> & {
  /** What filters on purposes and workloads come to. */
  classes?: ClassTuples | null;
};

/**
 * The loads behind a slice, from the cells alone: a load whose cells hold nothing of it is not
 * opened. Reads from one state of the ledger; the caller sees to that.
 */
export function loadsInSlice(deps: SliceDeps, slice: Slice): LoadInSlice[] {
  const { db, cube, axes, detailFolder } = deps;
  const segments = cube.segments().filter(({ billingPeriod }) => inPeriod(slice, billingPeriod));
  const kept = new Map(listDetail(db).map((detail) => [detail.loadId, detail]));
  const nameOf = db.prepare('SELECT file FROM load WHERE id = ?').pluck();
  const sums = sumSegments(cube, axes, segments, slice);
  const loads = new Map<number, LoadInSlice & { keys: VersionKey[] }>();
  const chargeRows = new Map<number, number>();
  for (const segment of segments) {
    const { loadId, source } = segment;
    chargeRows.set(loadId, (chargeRows.get(loadId) ?? 0) + segment.chargeRows);
    const own = sums.get(segment.id);
    if (!own) continue;
    let load = loads.get(loadId);
    if (!load) {
      const detail = kept.get(loadId);
      const path = detailPath(detailFolder, loadId);
      load = {
        loadId,
        file: nameOf.get(loadId) as string,
        source,
        periods: [],
        cells: new Map(),
        lines: 0,
        detail: detail && existsSync(path) ? { ...detail, path } : null,
        only: null,
        keys: [],
      };
      loads.set(loadId, load);
    }
    if (!load.periods.includes(segment.billingPeriod)) load.periods.push(segment.billingPeriod);
    load.keys.push(segment);
    addSums(load.cells, own);
    for (const { lines } of own.values()) load.lines += lines;
  }
  return [...loads.values()].map(({ keys, ...load }) => ({
    ...load,
    only: load.detail?.rows === chargeRows.get(load.loadId) ? null : keys,
  }));
}

/** Whether the lines of anything are kept. */
export function hasDetail(db: ReadableDb): boolean {
  return db.prepare('SELECT 1 FROM detail LIMIT 1').get() !== undefined;
}

/** Counts the charges of a load that pass filters, from its cells. */
export type CountRows = (load: LoadInSlice, filters: readonly Filter[]) => number;

/** As above, for the state of the ledger that is `revision`; Infinity once there is another. */
export function countRows({ cube, axes }: SliceDeps, revision: number): CountRows {
  return ({ loadId }, filters) => {
    if (cube.revision() !== revision) return Infinity;
    const segments = cube.segments().filter((segment) => segment.loadId === loadId);
    let rows = 0;
    for (const sums of sumSegments(cube, axes, segments, { filters: [...filters] }).values()) {
      for (const { lines } of sums.values()) rows += lines;
    }
    return rows;
  };
}

function inPeriod({ period }: Slice, billingPeriod: string): boolean {
  return period === undefined || billingPeriod === period;
}

/** Sums by currency of each segment that has charges in the slice. */
function sumSegments(
  cube: Cube,
  axes: Axes,
  segments: readonly SegmentInfo[],
  { from, to, filters }: Slice,
): Map<number, LineSums> {
  const currency = axes.axis('currency');
  const few = fewSeries(cube, filters);
  const accounts = few && accountsOf(cube, few);
  const groupOfSeries = currencyOfSeries(cube, axes, few ?? axes.mask(filters));
  const first = Math.max(
    segments.reduce((low, segment) => Math.min(low, segment.firstDay), Infinity),
    from === undefined ? -Infinity : dayNumber(from),
  );
  const last = Math.min(
    segments.reduce((high, segment) => Math.max(high, segment.lastDay), -Infinity),
    to === undefined ? Infinity : dayNumber(to) - 1,
  );
  const grouping: Grouping = {
    groupOfSeries,
    groups: currency.values.length,
    slotOfDay: new Int32Array(Math.max(0, last - first + 1)),
    firstDay: first,
    slots: 1,
  };
  const found = new Map<number, LineSums>();
  for (const segment of segments) {
    if (segment.firstDay > last || segment.lastDay < first) continue;
    if (accounts && !accounts.has(segment.billingAccount)) continue;
    // The amounts of a segment are unpacked only where it has something of the slice.
    if (!holdsAny(cube.seriesIn(segment), groupOfSeries)) continue;
    const billed = groupCells([cube.cells(segment, 'billed')], grouping);
    if (billed.rows.every((count) => count === 0)) continue;
    const effective = groupCells([cube.cells(segment, 'effective')], grouping);
    const known = (answer: typeof billed, id: number) =>
      (answer.known[id] as number) > 0 ? exactAt(answer.sums, id) : null;
    const sums: LineSums = new Map();
    for (const [id, lines] of billed.rows.entries()) {
      if (lines === 0) continue;
      sums.set(id === 0 ? null : (currency.values[id] ?? null), {
        lines,
        billed: known(billed, id),
        effective: known(effective, id),
      });
    }
    found.set(segment.id, sums);
  }
  return found;
}

/** Id of the currency of each series that passes, -1 for the others; given as ids or as a mask. */
function currencyOfSeries(cube: Cube, axes: Axes, passing: number[] | Uint8Array): Int32Array {
  const currencies = axes.axis('currency').ids;
  const groups = new Int32Array(cube.seriesCount()).fill(-1);
  if (Array.isArray(passing)) {
    for (const id of passing) groups[id] = currencies[id] as number;
  } else {
    for (let id = 0; id < groups.length; id++) {
      if (passing[id] !== 0) groups[id] = currencies[id] as number;
    }
  }
  return groups;
}

/** Whose bills the series are in. */
function accountsOf(cube: Cube, series: readonly number[]): Set<string> {
  const ids = cube.series('billing-account');
  const values = cube.values('billing-account');
  return new Set(series.map((id) => values[ids[id] as number] ?? ''));
}

/** More values than a person picks are looked up among all of them. */
const mostLookedUp = 16;

/**
 * The series that pass filters each of which names values to have: the way from one resource to
 * its lines, without the texts of all resources. Null where the filters are of another kind.
 */
function fewSeries(cube: Cube, filters: readonly Filter[]): number[] | null {
  const joined = joinSame(filters);
  const isPlain = joined.every(
    ({ dimension, not, values }) =>
      !not && !dimension.startsWith('tag:') && !isClass(dimension) && values.length <= mostLookedUp,
  );
  if (!isPlain) return null;
  const [first, ...others] = joined.map(({ dimension, values }) => ({
    ids: cube.series(dimension as SeriesDimension),
    wanted: values.map((value) => cube.idOf(dimension as SeriesDimension, value ?? '')),
  }));
  if (!first) return null;
  return placesOf(first.ids, first.wanted).filter((id) =>
    others.every(({ ids, wanted }) => wanted.includes(ids[id] as number)),
  );
}

function placesOf(ids: ArrayLike<number>, wanted: readonly number[]): number[] {
  const places: number[] = [];
  for (let i = 0; i < ids.length; i++) if (wanted.includes(ids[i] as number)) places.push(i);
  return places;
}

function holdsAny(series: ArrayLike<number>, groupOfSeries: Int32Array): boolean {
  for (let i = 0; i < series.length; i++) {
    if ((groupOfSeries[series[i] as number] as number) >= 0) return true;
  }
  return false;
}

export function addSums(into: LineSums, more: LineSums): void {
  for (const [currency, sum] of more) {
    const own = into.get(currency) ?? { lines: 0, billed: null, effective: null };
    into.set(currency, {
      lines: own.lines + sum.lines,
      billed: plus(own.billed, sum.billed),
      effective: plus(own.effective, sum.effective),
    });
  }
}

function plus(a: Exact | null, b: Exact | null): Exact | null {
  return a === null ? b : b === null ? a : a + b;
}
