import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { isDiskFull, type ReadableDb, type WritableDb } from './open.ts';
import { cellOwner } from './retention.ts';

/**
 * The lines behind the cells: one Parquet file a load. A load is one file of, as a rule, one
 * billing period, and lines come and go with it; files of several loads would have to be written
 * again whenever one of them is replaced.
 */

/** What of a file is kept: its own columns as it has them, or the charges it was read as. */
export type DetailForm = 'source' | 'charges';

/** How the import read the file; the same mapping gives the same amounts again. */
export interface DetailReading {
  currency?: string | undefined;
  dateOrder?: 'mdy' | 'dmy' | undefined;
  asMoney?: boolean | undefined;
}

/** The detail of one load that is there. */
export interface Detail {
  loadId: number;
  form: DetailForm;
  /** Number of the first record as the loaded file counts them: behind a CSV header it is 2. */
  firstRow: 1 | 2;
  reading: DetailReading;
  /** Charges. */
  rows: number;
  bytes: number;
}

export interface DetailStore {
  db: WritableDb;
  detailFolder: string;
  now: () => Date;
}

export function detailFolderOf(dataFolder: string): string {
  return join(dataFolder, 'detail');
}

export function detailPath(detailFolder: string, loadId: number): string {
  return join(detailFolder, `${loadId}.parquet`);
}

/** False where a person has switched it off. */
export function detailWanted(db: ReadableDb): boolean {
  return db.prepare("SELECT value FROM setting WHERE name = 'detail'").pluck().get() !== 'false';
}

/**
 * Takes the Parquet file at `path` (on the disk of the data folder) as the lines of a load whose
 * periods are committed, or of the earlier load that shows the same bytes and has no lines yet.
 * The caller holds the write lock. Nothing is kept, and `path` is removed, where detail is switched
 * off, no current version is of the load, or the disk is full: the load itself stands in any case.
 * Answers whether the lines are kept.
 */
export function keepDetail(
  { db, detailFolder, now }: DetailStore,
  { path, ...detail }: Omit<Detail, 'bytes'> & { path: string },
): boolean {
  // A link would lead to the user's own file.
  if (!lstatSync(path).isFile()) throw new RangeError('the detail of a load is a file of ours');
  const loadId = detailWanted(db) ? shownLoad(db, detail.loadId) : null;
  if (loadId === null) {
    rmSync(path);
    return false;
  }
  const kept = detailPath(detailFolder, loadId);
  try {
    mkdirSync(detailFolder, { recursive: true });
    sync(path);
    renameSync(path, kept);
    sync(detailFolder);
    db.prepare('INSERT OR REPLACE INTO detail VALUES (?, ?, ?, ?, ?, ?, ?)').run(
      loadId,
      detail.form,
      detail.firstRow,
      JSON.stringify(detail.reading),
      detail.rows,
      statSync(kept).size,
      now().toISOString(),
    );
    return true;
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    rmSync(path, { force: true });
    rmSync(kept, { force: true });
    return false;
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    // A folder cannot be flushed everywhere; the next start would find a file without a row.
    if ((error as { code?: string }).code !== 'EPERM') throw error;
  } finally {
    closeSync(handle);
  }
}

/** The load that is shown: the given one, or one of the same bytes and totals without lines. */
function shownLoad(db: ReadableDb, loadId: number): number | null {
  if (currentLoads(db).has(loadId)) return loadId;
  const totals = db.prepare(
    `SELECT json_group_array(json_array(billing_period, currency, charge_rows, billed, effective,
       list, contracted)) FROM (SELECT * FROM load_total WHERE load_id = ? ORDER BY 2, 3)`,
  );
  const sha256 = db.prepare('SELECT sha256 FROM load WHERE id = ?').pluck().get(loadId);
  // Read in another way (another currency stated, say), the lines would not be those of the cells.
  const alike = loadsWithoutDetail(db, String(sha256)).find(
    (other) => totals.pluck().get(other) === totals.pluck().get(loadId),
  );
  return alike ?? null;
}

/** Current loads of a file with these bytes whose lines are wanted and not there. */
export function loadsWithoutDetail(db: ReadableDb, sha256: string): number[] {
  if (!detailWanted(db)) return [];
  return db
    .prepare(
      `SELECT DISTINCT load_id FROM segment JOIN version ON version.id = version_id
       JOIN load ON load.id = load_id
       WHERE is_current = 1 AND sha256 = ?
         AND load_id NOT IN (SELECT load_id FROM detail) ORDER BY load_id`,
    )
    .pluck()
    .all(sha256) as number[];
}

/** The loads that a current version is made of. */
function currentLoads(db: ReadableDb): Set<number> {
  const ids = db
    .prepare(
      `SELECT DISTINCT load_id FROM segment JOIN version ON version.id = version_id
       WHERE is_current = 1`,
    )
    .pluck()
    .all() as number[];
  return new Set(ids);
}

/** Rows without a use or a whole file, and files without a row of use. */
function leftovers(
  db: ReadableDb,
  detailFolder: string,
): { rows: readonly number[]; files: readonly string[] } {
  const shown = detailWanted(db) ? currentLoads(db) : new Set<number>();
  const kept = new Set<string>();
  const rows: number[] = [];
  for (const { loadId, bytes } of listDetail(db)) {
    const path = detailPath(detailFolder, loadId);
    const isWhole = statSync(path, { throwIfNoEntry: false })?.size === bytes;
    if (shown.has(loadId) && isWhole) kept.add(path);
    else rows.push(loadId);
  }
  return { rows, files: filesIn(detailFolder).filter((path) => !kept.has(path)) };
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

/** True where `cleanDetail` would remove something. */
export function hasLeftovers(db: ReadableDb, detailFolder: string): boolean {
  const { rows, files } = leftovers(db, detailFolder);
  return rows.length + files.length > 0;
}

/**
 * Removes the detail of what is not current any more, all of it where it is switched off, and
 * what an ended process left behind; true where there was any. The caller holds the write lock.
 */
export function cleanDetail(db: WritableDb, detailFolder: string): boolean {
  const { rows, files } = leftovers(db, detailFolder);
  if (rows.length + files.length === 0) return false;
  const remove = db.prepare('DELETE FROM detail WHERE load_id = ?');
  db.transaction(() => {
    for (const id of rows) remove.run(id);
  }).immediate();
  for (const path of files) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Someone reads it, on a system that does not delete what is open: a leftover, then.
    }
  }
  return true;
}

export function listDetail(db: ReadableDb): Detail[] {
  const rows = db
    .prepare(
      `SELECT load_id AS loadId, form, first_row AS firstRow, reading, rows, bytes FROM detail
       ORDER BY load_id`,
    )
    .all() as (Omit<Detail, 'reading'> & { reading: string })[];
  return rows.map((row) => ({ ...row, reading: JSON.parse(row.reading) as DetailReading }));
}

export function detailBytes(db: ReadableDb): number {
  return db.prepare('SELECT coalesce(sum(bytes), 0) FROM detail').pluck().get() as number;
}

/**
 * Bytes of the detail by `cellOwner` of source, provider and billing account. A file that holds
 * several accounts is shared out by its rows.
 */
export function detailBytesByOwner(db: ReadableDb): Map<string, number> {
  const rows = db
    .prepare(
      `SELECT label, provider, billing_account, sum(1.0 * bytes * charge_rows / rows)
       FROM detail JOIN segment ON segment.load_id = detail.load_id
       JOIN version ON version.id = version_id JOIN source ON source.id = version.source_id
       WHERE is_current = 1 AND rows > 0 GROUP BY label, provider, billing_account`,
    )
    .raw()
    .all() as [string, string, string, number][];
  return new Map(
    rows.map(([source, provider, account, bytes]) => [
      cellOwner(source, provider, account),
      Math.round(bytes),
    ]),
  );
}
