import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { cleanDetail, detailFolderOf, hasLeftovers } from './detail.ts';
import { markInterrupted } from './loads.ts';
import { type ReadableDb, storeError, type WritableDb } from './open.ts';
import { takeWriteLock, type WriteLock } from './write-lock.ts';

/** For decompressed and columnar copies while an import runs. */
export function importWorkFolder(dataFolder: string): string {
  return join(dataFolder, 'work');
}

/**
 * What a killed process has left behind: loads that say "running", copies in the work folder,
 * detail that nothing needs. Whoever holds the write lock cleans up itself at its end, so nothing
 * is touched then; nor where the folder cannot be written or is full, because reading goes on.
 */
export function clearLeftovers(db: WritableDb, dataFolder: string, now: Date): void {
  const workFolder = importWorkFolder(dataFolder);
  if (!hasRunningLoads(db) && !existsSync(workFolder) && !hasStaleDetail(db, dataFolder)) return;
  whereWritable(dataFolder, () => {
    // First, because it makes room.
    rmSync(workFolder, { recursive: true, force: true });
    cleanDetail(db, detailFolderOf(dataFolder));
    markInterrupted(db, now.toISOString());
  });
}

/** Removes detail files that nothing needs; true where there were any. */
export function tidyDetail(db: WritableDb, dataFolder: string): boolean {
  if (!hasStaleDetail(db, dataFolder)) return false;
  return whereWritable(dataFolder, () => cleanDetail(db, detailFolderOf(dataFolder)));
}

function hasRunningLoads(db: ReadableDb): boolean {
  return db.prepare("SELECT 1 FROM load WHERE status = 'running' LIMIT 1").get() !== undefined;
}

function hasStaleDetail(db: ReadableDb, dataFolder: string): boolean {
  return hasLeftovers(db, detailFolderOf(dataFolder));
}

/** False where somebody writes, or nobody can. */
function whereWritable(dataFolder: string, clean: () => unknown): boolean {
  let lock: WriteLock | undefined;
  try {
    lock = takeWriteLock(dataFolder, 0);
    clean();
    return true;
  } catch (error) {
    if (storeError(error, dataFolder) instanceof OutlayError) return false;
    throw error;
  } finally {
    lock?.release();
  }
}
