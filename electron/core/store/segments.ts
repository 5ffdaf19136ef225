import { metrics } from '../../../shared/contract/values.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { packColumn } from './columns.ts';
import { readSeries } from './cube.ts';
import { type Limb, limbs } from './limbs.ts';
import { knownColumn, limbColumn, type Measure, measures } from './measures.ts';
import type { ReadableDb, WritableDb } from './open.ts';

export type Amounts = Record<Metric, Exact | null>;

/** Cells of one file for one version, as they come from the reader. */
export interface NewSegment {
  loadId: number;
  series: Uint32Array;
  /** Days since 1970-01-01 UTC. */
  day: Int32Array;
  rows: Float64Array;
  measures: Record<Measure, { limbs: Partial<Record<Limb, Float64Array>>; known: Float64Array }>;
  /** What the file itself states, by currency. */
  totals: ReadonlyMap<string, { rows: number; amounts: Amounts }>;
  /** Texts of the series that the paint tables need, by series id. */
  texts: (series: number) => { currency: string; account: string; service: string };
}

/** Writes the columns of a segment; part of the transaction that writes its version. */
export function writeSegment(db: WritableDb, versionId: number, segment: NewSegment): void {
  const days = segment.day;
  const firstDay = days.reduce((low, day) => Math.min(low, day), Infinity);
  const lastDay = days.reduce((high, day) => Math.max(high, day), -Infinity);
  const chargeRows = segment.rows.reduce((sum, n) => sum + n, 0);
  const segmentId = Number(
    db
      .prepare(
        `INSERT INTO segment (version_id, load_id, cells, charge_rows, first_day, last_day)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(versionId, segment.loadId, days.length, chargeRows, firstDay, lastDay).lastInsertRowid,
  );
  const add = db.prepare('INSERT INTO segment_column VALUES (?, ?, ?, ?)');
  const write = (name: string, values: ArrayLike<number>) => {
    const { type, data } = packColumn(values);
    add.run(segmentId, name, type, data);
  };
  write('series', segment.series);
  write(
    'day',
    days.map((day) => day - firstDay),
  );
  write('rows', segment.rows);
  for (const measure of measures) {
    const columns = segment.measures[measure];
    for (const limb of limbs) {
      const values = columns.limbs[limb];
      if (values && (limb === 'nano' || values.some((value) => value !== 0))) {
        write(limbColumn(measure, limb), values);
      }
    }
    if (columns.known.some((n, i) => n !== segment.rows[i])) {
      write(knownColumn(measure), columns.known);
    }
  }
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

/** Tells of new segments whether each cell that costs anything has an invoice id. */
export function invoiceCheck(db: ReadableDb): (segments: readonly NewSegment[]) => boolean {
  const total = db
    .prepare('SELECT first_id + count FROM series ORDER BY first_id DESC LIMIT 1')
    .pluck()
    .get() as number | undefined;
  const invoices = readSeries(db, 'invoice', total ?? 0);
  return (segments) =>
    segments.every(({ series, measures: { billed } }) =>
      series.every(
        (id, cell) =>
          invoices[id] !== 0 || limbs.every((limb) => (billed.limbs[limb]?.[cell] ?? 0) === 0),
      ),
    );
}

/** Exact text for a column of the ledger; null stays null. */
export function amountText(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}
