import { join } from 'node:path';
import Database from 'better-sqlite3';
import { busyMs, locked } from './open.ts';

export interface WriteLock {
  release: () => void;
}

/**
 * One writing job a data folder, across processes. The lock is an exclusive transaction on a
 * small database of its own, so the operating system releases it when its holder dies.
 * Throws LOCKED after `waitMs`.
 */
export function takeWriteLock(dataFolder: string, waitMs: number = busyMs): WriteLock {
  const db = new Database(join(dataFolder, 'write.lock'), { timeout: waitMs });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ? locked(error) : error;
  }
  return { release: () => db.close() };
}
