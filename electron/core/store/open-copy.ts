import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { databaseFile, openStore, readOnly, type WritableDb } from './open.ts';

/** A ledger to read from, and why it cannot be written where that is so. */
export interface Opened {
  db: WritableDb;
  refusal: OutlayError | null;
}

const cannotBeWritten = new Set<string>(['READ_ONLY', 'DATABASE_UNREADABLE', 'DISK_FULL']);

/**
 * Opens the ledger; readers always work. Where the folder cannot be written (a read-only disk or
 * share, another person's folder) or has no room left, SQLite cannot even read beside a
 * write-ahead log: then it is read from a copy in memory, and every change is refused with what
 * stood in the way. Such a copy does not see what others write later.
 */
export function openToRead(dataFolder: string, now: Date): Opened {
  try {
    return { db: openStore(dataFolder, now), refusal: null };
  } catch (error) {
    if (!(error instanceof OutlayError) || !cannotBeWritten.has(error.code)) throw error;
    const db = openCopy(dataFolder, now);
    if (!db) throw error;
    return { db, refusal: error.code === 'DISK_FULL' ? error : readOnly(dataFolder, error) };
  }
}

/** Null where no copy can be made; what stood in the way at first then says more. */
function openCopy(dataFolder: string, now: Date): WritableDb | null {
  let folder = '';
  try {
    folder = mkdtempSync(join(tmpdir(), 'outlay-read-'));
    if (!copyFiles(dataFolder, folder)) return null;
    // Takes in the write-ahead log and brings an older database up to date, in the copy.
    const copy = openStore(folder, now);
    copy.pragma('journal_mode = DELETE');
    copy.close();
    return new Database(readFileSync(join(folder, databaseFile)), { readonly: true });
  } catch {
    return null;
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

const attempts = 5;

/** Copies the database and its log as they were at one moment; false where somebody keeps writing. */
function copyFiles(from: string, to: string): boolean {
  const names = [databaseFile, `${databaseFile}-wal`];
  const state = () =>
    names
      .map((name) => statSync(join(from, name), { throwIfNoEntry: false }))
      .map((info) => `${info?.size} ${info?.mtimeMs}`)
      .join();
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = state();
    for (const name of names) {
      const copy = join(to, name);
      rmSync(copy, { force: true });
      try {
        copyFileSync(join(from, name), copy);
      } catch (error) {
        const isLog = name !== databaseFile;
        if (!isLog || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        continue;
      }
      // The rights were copied too.
      chmodSync(copy, 0o600);
    }
    if (state() === before) return true;
  }
  return false;
}
