import { createHash } from 'node:crypto';
import { metrics } from '../../../shared/contract/values.ts';
import { type ColumnType, unpackColumn } from './columns.ts';
import type { ReadableDb } from './open.ts';
import { type Amounts, amountText, type NewSegment } from './segments.ts';

export interface StoredSegment {
  id: number;
  file: string;
}

/** Segments of a version that state the same rows and totals. */
export function segmentsLike(
  db: ReadableDb,
  versionId: number,
  totals: readonly { currency: string; rows: number; amounts: Amounts }[],
): StoredSegment[] {
  const stored = db
    .prepare(
      'SELECT segment.id, file FROM segment JOIN load ON load.id = load_id WHERE version_id = ?',
    )
    .all(versionId) as StoredSegment[];
  const stated = db
    .prepare(
      `SELECT currency, charge_rows, billed, effective, list, contracted FROM segment_total
       WHERE segment_id = ? ORDER BY currency`,
    )
    .raw();
  const incoming = totals
    .map(({ currency, rows, amounts }) => [
      currency,
      rows,
      ...metrics.map((metric) => amountText(amounts[metric])),
    ])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
  const wanted = JSON.stringify(incoming);
  return stored.filter(({ id }) => JSON.stringify(stated.all(id)) === wanted);
}

/** Equal where two segments have as many charges of each series on each day. */
export function cellsFingerprint({
  series,
  day,
  rows,
}: Pick<NewSegment, 'series' | 'day' | 'rows'>): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of [series, day, rows]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/** The same of a segment that is stored. */
export function storedFingerprint(db: ReadableDb, segmentId: number): string {
  const { cells, firstDay } = db
    .prepare('SELECT cells, first_day AS firstDay FROM segment WHERE id = ?')
    .get(segmentId) as { cells: number; firstDay: number };
  const query = db.prepare(
    'SELECT type, data FROM segment_column WHERE segment_id = ? AND name = ?',
  );
  const column = (name: string) => {
    const { type, data } = query.get(segmentId, name) as { type: ColumnType; data: Buffer };
    return unpackColumn(type, data, cells);
  };
  return cellsFingerprint({
    series: Uint32Array.from(column('series')),
    day: Int32Array.from(column('day'), (day) => day + firstDay),
    rows: Float64Array.from(column('rows')),
  });
}
