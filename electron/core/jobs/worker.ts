import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import { exportLedger } from '../export/export.ts';
import { importFiles } from '../ingest/import.ts';
import type { ImportContext } from '../ingest/outcome.ts';
import { importSheets } from '../prices/import-sheets.ts';
import { loadSample } from '../sample/load.ts';
import { cleanDetail, detailFolderOf } from '../store/detail.ts';
import { importWorkFolder } from '../store/leftovers.ts';
import { markInterrupted } from '../store/loads.ts';
import { openToRead } from '../store/open-copy.ts';
import { storeError, type WritableDb } from '../store/open.ts';
import { takeWriteLock } from '../store/write-lock.ts';
import { importTelemetry } from '../telemetry/import.ts';
import { classifyLedger } from '../workloads/classify-ledger.ts';
import type { FromWorker, JobAnswer, ToWorker, WorkerData } from './messages.ts';

/** The job thread: one request, one answer, then it ends. */
const { dataFolder, request } = workerData as WorkerData;
const abort = new AbortController();
const post = (message: FromWorker) => parentPort?.postMessage(message);
parentPort?.on('message', (message: ToWorker) => {
  if (message === 'cancel') abort.abort();
});

try {
  post({ kind: 'done', answer: await run() });
} catch (error) {
  const mapped = storeError(error, dataFolder);
  const defect = mapped instanceof OutlayError ? null : describe(mapped);
  post({ kind: 'failed', error: errorBody(mapped), defect });
}
parentPort?.close();

async function run(): Promise<JobAnswer> {
  const { db, refusal } = openToRead(dataFolder, new Date());
  const progress = paced((state) => post({ kind: 'progress', state }));
  try {
    if (request.kind === 'export') {
      const folder = refusal ? tmpdir() : dataFolder;
      return await exportLedger(
        { db, dataFolder: folder, signal: abort.signal, progress },
        request,
      );
    }
    if (refusal) throw refusal;
    const lock = takeWriteLock(dataFolder);
    try {
      if (request.kind === 'prices') {
        const now = () => new Date();
        return await importSheets({ db, now, signal: abort.signal, progress }, request);
      }
      if (request.kind === 'telemetry') {
        const now = () => new Date();
        return await importTelemetry({ db, now, signal: abort.signal, progress }, request);
      }
      markInterrupted(db, new Date().toISOString());
      const detailFolder = detailFolderOf(dataFolder);
      cleanDetail(db, detailFolder);
      const context: ImportContext = {
        db,
        workFolder: importWorkFolder(dataFolder),
        detailFolder,
        now: () => new Date(),
        signal: abort.signal,
        progress,
        changed: () => post({ kind: 'changed' }),
      };
      const answer =
        request.kind === 'import'
          ? await importFiles(context, request)
          : await loadSample(context, join(dataFolder, 'work-sample'));
      if (cleanDetail(db, detailFolder)) context.changed();
      await classify(db);
      return answer;
    } finally {
      lock.release();
    }
  } finally {
    db.close();
  }
}

/** What everything is for, worked out here once. Where that fails whoever asks works it out, or is told. */
async function classify(db: WritableDb): Promise<void> {
  try {
    await classifyLedger(db, abort.signal);
  } catch {
    // The bill is in, and whole.
  }
}

/** Byte counts at most ten times a second; steps, files and outcomes at once. */
function paced(send: ImportContext['progress']): ImportContext['progress'] {
  let sentAt = 0;
  return (state) => {
    const now = performance.now();
    if (Object.keys(state).some((key) => key !== 'bytesDone') || now - sentAt > 100) {
      sentAt = now;
      send(state);
    }
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
