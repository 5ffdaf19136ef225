import { metrics } from '../../../shared/contract/values.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { type PackedColumn, packColumnLater } from './columns.ts';
import { giveWay } from './give-way.ts';
import { type Limb, limbs } from './limbs.ts';
import { knownColumn, limbColumn, type Measure, measures } from './measures.ts';
import type { WritableDb } from './open.ts';
import { spanOf } from './spans.ts';

export type Amounts = Record<Metric, Exact | null>;

/** Cells of one file for one version, as they come from the reader. */
export interface NewSegment {
  loadId: number;
  series: Uint32Array;
  /** Days since 1970-01-01 UTC. */
  day: Int32Array;
  rows: Float64Array;
  measures: Record<
    Measure,
    /** `known` is null where all charges of each cell deliver the amount. */
    { limbs: Partial<Record<Limb, Float64Array>>; known: Float64Array | null }
  >;
  /** What the file itself states, by currency. */
  totals: ReadonlyMap<string, { rows: number; amounts: Amounts }>;
  /** Texts of the series that the paint tables need, by series id. */
  texts: (series: number) => { currency: string; account: string; service: string };
}

/** A segment as it will lie in the database. */
export interface PackedSegment extends Pick<NewSegment, 'loadId' | 'totals'> {
  cells: number;
  chargeRows: number;
  firstDay: number;
  lastDay: number;
  columns: ({ name: string } & PackedColumn)[];
}

/** Packs the columns of a segment, the compression on other threads. */
export async function packSegment(segment: NewSegment): Promise<PackedSegment> {
  const { day, rows } = segment;
  const { low: firstDay, high: lastDay } = spanOf(day);
  const wanted: [name: string, values: ArrayLike<number>][] = [
    ['series', segment.series],
    ['day', day.map((value) => value - firstDay)],
    ['rows', rows],
  ];
  for (const measure of measures) {
    const { limbs: own, known } = segment.measures[measure];
    for (const limb of limbs) {
      const values = own[limb];
      if (values && (limb === 'nano' || values.some((value) => value !== 0))) {
        wanted.push([limbColumn(measure, limb), values]);
      }
    }
    if (known?.some((n, i) => n !== rows[i])) wanted.push([knownColumn(measure), known]);
  }
  return {
    loadId: segment.loadId,
    totals: segment.totals,
    cells: day.length,
    chargeRows: rows.reduce((sum, n) => sum + n, 0),
    firstDay,
    lastDay,
    columns: await packAll(wanted),
  };
}

async function packAll(wanted: [name: string, values: ArrayLike<number>][]) {
  const packing: Promise<{ name: string } & PackedColumn>[] = [];
  for (const [name, values] of wanted) {
    packing.push(packColumnLater(values).then((packed) => ({ name, ...packed })));
    await giveWay();
  }
  return await Promise.all(packing);
}

/** Writes a segment; part of the transaction that writes its version. */
export function writeSegment(db: WritableDb, versionId: number, segment: PackedSegment): void {
  const segmentId = Number(
    db
      .prepare(
        `INSERT INTO segment (version_id, load_id, cells, charge_rows, first_day, last_day)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(
        versionId,
        segment.loadId,
        segment.cells,
        segment.chargeRows,
        segment.firstDay,
        segment.lastDay,
      ).lastInsertRowid,
  );
  const add = db.prepare('INSERT INTO segment_column VALUES (?, ?, ?, ?)');
  for (const { name, type, data } of segment.columns) add.run(segmentId, name, type, data);
  const addTotal = db.prepare('INSERT INTO segment_total VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const [currency, { rows, amounts }] of segment.totals) {
    addTotal.run(
      segmentId,
      currency,
      rows,
      ...metrics.map((metric) => amountText(amounts[metric])),
    );
  }
}

/** Gives a version the segments of another one as its own, as they are. */
export function copySegments(db: WritableDb, from: number, to: number): void {
  const ids = db
    .prepare('SELECT id FROM segment WHERE version_id = ? ORDER BY id')
    .pluck()
    .all(from) as number[];
  const copy = db.prepare(
    `INSERT INTO segment (version_id, load_id, cells, charge_rows, first_day, last_day)
     SELECT ?, load_id, cells, charge_rows, first_day, last_day FROM segment WHERE id = ?`,
  );
  const columns = db.prepare(
    'INSERT INTO segment_column SELECT ?, name, type, data FROM segment_column WHERE segment_id = ?',
  );
  const totals = db.prepare(
    `INSERT INTO segment_total SELECT ?, currency, charge_rows, billed, effective, list, contracted
     FROM segment_total WHERE segment_id = ?`,
  );
  for (const id of ids) {
    const copied = Number(copy.run(to, id).lastInsertRowid);
    columns.run(copied, id);
    totals.run(copied, id);
  }
}

/** Exact text for a column of the ledger; null stays null. */
export function amountText(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}
