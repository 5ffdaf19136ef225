import { existsSync } from 'node:fs';
import type { Filter } from '../../../shared/contract/values.ts';
import type { HandlerInput } from '../../../shared/contract/contract.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { type Axes, assertAvailable } from '../costs/scope.ts';
import type { Cube, SegmentInfo } from '../store/cube.ts';
import { type Detail, detailPath, listDetail } from '../store/detail.ts';
import { type Grouping, groupCells } from '../store/kernel.ts';
import { exactAt } from '../store/limbs.ts';
import type { ReadableDb } from '../store/open.ts';
import type { VersionKey } from '../store/versions.ts';

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

export type Slice = Pick<HandlerInput<'costs.lines'>, 'from' | 'to' | 'period' | 'filters'>;

/**
 * The loads behind a slice, from the cells alone: a load whose cells hold nothing of it is not
 * opened. Reads from one state of the ledger; the caller sees to that.
 */
export function loadsInSlice(deps: SliceDeps, slice: Slice): LoadInSlice[] {
  const { db, cube, axes, detailFolder } = deps;
  for (const { dimension } of slice.filters) assertAvailable(dimension);
  const segments = cube.segments().filter(({ billingPeriod }) => inPeriod(slice, billingPeriod));
  const kept = new Map(listDetail(db).map((detail) => [detail.loadId, detail]));
  const nameOf = db.prepare('SELECT file FROM load WHERE id = ?').pluck();
  const sums = sumSegments(cube, axes, segments, slice);
  const loads = new Map<number, LoadInSlice & { keys: VersionKey[]; chargeRows: number }>();
  for (const segment of segments) {
    const own = sums.get(segment.id);
    if (!own) continue;
    const { loadId, source } = segment;
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
        chargeRows: 0,
      };
      loads.set(loadId, load);
    }
    if (!load.periods.includes(segment.billingPeriod)) load.periods.push(segment.billingPeriod);
    load.keys.push(segment);
    load.chargeRows += segment.chargeRows;
    addSums(load.cells, own);
    for (const { lines } of own.values()) load.lines += lines;
  }
  return [...loads.values()].map(({ keys, chargeRows, ...load }) => ({
    ...load,
    only: load.detail?.rows === chargeRows ? null : keys,
  }));
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
  const mask = axes.mask(filters);
  const first = Math.max(
    segments.reduce((low, segment) => Math.min(low, segment.firstDay), Infinity),
    from === undefined ? -Infinity : dayNumber(from),
  );
  const last = Math.min(
    segments.reduce((high, segment) => Math.max(high, segment.lastDay), -Infinity),
    to === undefined ? Infinity : dayNumber(to) - 1,
  );
  const grouping: Grouping = {
    groupOfSeries: Int32Array.from(mask, (counts, id) =>
      counts === 0 ? -1 : (currency.ids[id] as number),
    ),
    groups: currency.values.length,
    slotOfDay: new Int32Array(Math.max(0, last - first + 1)),
    firstDay: first,
    slots: 1,
  };
  const found = new Map<number, LineSums>();
  for (const segment of segments) {
    if (segment.firstDay > last || segment.lastDay < first) continue;
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
