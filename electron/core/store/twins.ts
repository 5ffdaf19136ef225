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

/** True where a stored segment has as many charges of each series on each day. */
export function holdsSameCells(db: ReadableDb, segmentId: number, segment: NewSegment): boolean {
  const stored = db
    .prepare('SELECT cells, first_day AS firstDay FROM segment WHERE id = ?')
    .get(segmentId) as { cells: number; firstDay: number };
  if (stored.cells !== segment.day.length) return false;
  const query = db.prepare(
    'SELECT type, data FROM segment_column WHERE segment_id = ? AND name = ?',
  );
  const same = (name: string, values: ArrayLike<number>, from: number) => {
    const { type, data } = query.get(segmentId, name) as { type: ColumnType; data: Buffer };
    const column = unpackColumn(type, data, stored.cells);
    return column.every((value, i) => value + from === values[i]);
  };
  return (
    same('series', segment.series, 0) &&
    same('day', segment.day, stored.firstDay) &&
    same('rows', segment.rows, 0)
  );
}
