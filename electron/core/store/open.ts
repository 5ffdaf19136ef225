import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { migrate, refuseNewer } from './migrate.ts';

/** Statements that only read. A function that takes this cannot change the ledger. */
export interface ReadableDb {
  prepare: Database.Database['prepare'];
  pragma: Database.Database['pragma'];
}

export type WritableDb = Database.Database;

export const databaseFile = 'outlay.db';

/** A second writer waits this long for the first one's transaction. */
export const busyMs = 10_000;

/** Opens (creates, migrates) the ledger of a data folder. Close it when done. */
export function openStore(dataFolder: string, now: Date): WritableDb {
  try {
    makeFolder(dataFolder);
    const db = new Database(join(dataFolder, databaseFile), { timeout: busyMs });
    try {
      // First of all: the journal mode is written into the file.
      refuseNewer(db);
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      migrate(db, dataFolder, now);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw storeError(error, dataFolder);
  }
}

function makeFolder(dataFolder: string): void {
  try {
    mkdirSync(dataFolder, { recursive: true });
  } catch (error) {
    // What Node says of a parent on a read-only disk; a missing parent it would have made.
    throw (error as { code?: string }).code === 'ENOENT' ? readOnly(dataFolder, error) : error;
  }
}

/**
 * Functions that only read, each answering from one state of the ledger. Without it a job that
 * commits between two statements of an answer would give it cells whose series it does not know.
 */
export function inSnapshot<F extends Record<string, (input: never) => unknown>>(
  db: WritableDb,
  readers: F,
): F {
  const snapshot = db.transaction((read: (input: never) => unknown, input: never) => read(input));
  const wrapped = Object.entries(readers).map(([name, read]) => [
    name,
    (input: never) => snapshot(read, input),
  ]);
  return Object.fromEntries(wrapped) as F;
}

/** Turns what SQLite and the file system say into what a user can act on. */
export function storeError(error: unknown, dataFolder: string): unknown {
  if (isDiskFull(error)) return diskFull(error, 'Nothing was changed.');
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return error;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new OutlayError(
      'DATABASE_DAMAGED',
      `${join(dataFolder, databaseFile)} is damaged or not a database. It was not changed.`,
      `Put a copy from ${join(dataFolder, 'backups')} in its place, or move it aside and import again.`,
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES') {
    return readOnly(dataFolder, error);
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'ENOTDIR' || code === 'EEXIST') {
    return new OutlayError(
      'DATABASE_UNREADABLE',
      `${join(dataFolder, databaseFile)} cannot be opened.`,
      'Choose a data folder that can be read and written with --data DIR.',
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    return new OutlayError(
      'DATABASE_UNREADABLE',
      `The disk of ${dataFolder} does not read or write as it should (${(error as Error).message}). What was stored before is as it was.`,
      'Check the disk, then run it again; `outlay doctor` says whether the database is whole.',
      { cause: error },
    );
  }
  if (code.startsWith('SQLITE_BUSY')) return locked(error);
  return error;
}

/** What SQLite, the file system and DuckDB say when there is no room, also for a spilled block. */
export function isDiskFull(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') {
    // SHMSIZE: not even the index of the write-ahead log has room.
    return ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE', 'ENOSPC', 'EDQUOT'].includes(code);
  }
  return (
    typeof message === 'string' &&
    /^(IO Error: .*(No space left|Disk quota)|Out of Memory Error: failed to offload)/.test(message)
  );
}

/** `kept` says what became of the ledger. */
export function diskFull(cause: unknown, kept: string): OutlayError {
  return new OutlayError(
    'DISK_FULL',
    `The disk is full. ${kept}`,
    'Free space on the disk of the data folder and run it again.',
    { cause },
  );
}

export function readOnly(dataFolder: string, cause: unknown): OutlayError {
  return new OutlayError(
    'READ_ONLY',
    `${dataFolder} cannot be written. Nothing was changed.`,
    'Make the folder and the files in it writable, or choose another with --data DIR.',
    { cause },
  );
}

export function locked(cause?: unknown): OutlayError {
  return new OutlayError(
    'LOCKED',
    'Another Outlay is writing to this data folder. Nothing was changed.',
    'Wait until it has finished and run it again.',
    { cause },
  );
}
