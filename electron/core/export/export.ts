import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { ExportAnswer, ExportForm } from '../../../shared/contract/export.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import { storeError, type WritableDb } from '../store/open.ts';
import { factsOf, writeInPlace, writeStream, type FileFacts } from './out-file.ts';
import { amountsAsText, cancelled, writeParquet } from './parquet.ts';
import { focusRows, segmentBytes } from './rows.ts';
import { findingsOf, newTally } from './tally.ts';

export interface ExportContext {
  db: WritableDb;
  dataFolder: string;
  signal: AbortSignal;
  progress: (state: Partial<JobProgress>) => void;
}

export interface ExportRequest {
  /** Full path of the file; its folder is there. */
  out: string;
  form: ExportForm;
}

/** Writes what is loaded as FOCUS 1.2. The file is there whole or not at all. */
export async function exportLedger(
  { db, dataFolder, signal, progress }: ExportContext,
  { out, form }: ExportRequest,
): Promise<ExportAnswer> {
  const tally = newTally();
  const rows = () => focusRows(db, tally, progress);
  // One state of the ledger for all of it, whatever is imported meanwhile.
  db.exec('BEGIN');
  try {
    const bytes = [...segmentBytes(db).values()].reduce((sum, n) => sum + n, 0);
    if (bytes === 0) {
      throw new OutlayError(
        'NO_DATA',
        'Nothing is loaded. Nothing was written.',
        'Import a bill first.',
      );
    }
    progress({ step: 'reading', file: basename(out), files: 1, bytes });
    const facts = await writeInPlace(out, async (part): Promise<FileFacts> => {
      if (form !== 'parquet') {
        return await writeStream(part, rows(), { gzip: form === 'csv.gz', signal });
      }
      return await inWorkFolder(dataFolder, async (folder) => {
        const csv = join(folder, 'rows.csv');
        await writeStream(csv, rows(), { gzip: false, signal }).catch((error: unknown) => {
          throw storeError(error, dataFolder);
        });
        progress({ step: 'storing' });
        await writeParquet(csv, part, tally, folder, signal);
        return await factsOf(part, signal);
      });
    });
    const asText = form === 'parquet' ? amountsAsText(tally) : [];
    return { file: out, rows: tally.rows, ...facts, findings: findingsOf(tally, asText) };
  } catch (error) {
    throw signal.aborted ? cancelled() : error;
  } finally {
    db.exec('ROLLBACK');
  }
}

const workName = 'work-export-';
const oneDayMs = 86_400_000;

/** A folder of its own: an export needs no lock, so another process may be exporting as well. */
async function inWorkFolder<T>(
  dataFolder: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  removeLeftovers(dataFolder);
  const folder = mkdtempSync(join(dataFolder, workName));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of exports that were killed; a younger one may still be running. */
function removeLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    if (!name.startsWith(workName)) continue;
    const path = join(dataFolder, name);
    const info = statSync(path, { throwIfNoEntry: false });
    if (info && Date.now() - info.mtimeMs > oneDayMs) {
      rmSync(path, { recursive: true, force: true });
    }
  }
}

/** Where an export goes that nobody named a file for; the folder is made. */
export function ownExportFile(dataFolder: string, form: ExportForm, day: string): string {
  const file = join(dataFolder, 'exports', `focus-${day}.${form}`);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
