import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import { exportLedger } from '../export/export.ts';
import type { ImportContext } from '../ingest/outcome.ts';
import { importAny } from './import-any.ts';
import { importSheets } from '../prices/import-sheets.ts';
import { loadSample } from '../sample/load.ts';
import { cleanDetail, detailFolderOf } from '../store/detail.ts';
import { importWorkFolder } from '../store/leftovers.ts';
import { markInterrupted } from '../store/loads.ts';
import { openToRead } from '../store/open-copy.ts';
import { storeError, type WritableDb } from '../store/open.ts';
import { takeWriteLock } from '../store/write-lock.ts';
import { importTelemetry } from '../telemetry/import.ts';
import { removeAllTelemetry, removeTelemetry } from '../telemetry/remove.ts';
import { importTokens } from '../tokens/import.ts';
import { classifyLedger } from '../workloads/classify-ledger.ts';
import { keepGpuHours } from '../workloads/keep-gpu-hours.ts';
import type { FromWorker, JobAnswer, JobRequest, ToWorker, WorkerData } from './messages.ts';

/** The job thread: one request, one answer, then it ends. The thread of the plan stays. */
const { dataFolder, request: asked } = workerData as WorkerData;
const abort = new AbortController();
const post = (message: FromWorker) => parentPort?.postMessage(message);
parentPort?.on('message', (message: ToWorker) => {
  if (message === 'cancel') abort.abort();
});

if (asked.kind === 'savings') {
  const { answerQuestions } = await import('../savings/session.ts');
  answerQuestions(dataFolder, asked.state);
} else {
  try {
    post({ kind: 'done', answer: await run(asked) });
  } catch (error) {
    const mapped = storeError(error, dataFolder);
    const defect = mapped instanceof OutlayError ? null : describe(mapped);
    post({ kind: 'failed', error: errorBody(mapped), defect });
  }
  parentPort?.close();
}

async function run(request: JobRequest): Promise<JobAnswer> {
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
      if (request.kind === 'tokens') {
        const now = () => new Date();
        return await importTokens({ db, now, signal: abort.signal, progress }, request);
      }
      if (request.kind === 'telemetry-remove') {
        const { load } = request;
        const removed = load === undefined ? removeAllTelemetry(db) : removeTelemetry(db, load);
        return { load: load ?? null, ...removed };
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
          ? await importAny(context, request)
          : { ...(await loadSample(context, join(dataFolder, 'work-sample'))), others: [] };
      if (cleanDetail(db, detailFolder)) context.changed();
      return answer;
    } finally {
      await workOut(db);
      lock.release();
    }
  } finally {
    db.close();
  }
}

/**
 * What everything is for and how busy GPUs were, worked out here once for what the job has brought or
 * taken away. Where that fails whoever asks works it out, or is told: what was brought is in, and whole.
 */
async function workOut(db: WritableDb): Promise<void> {
  for (const work of [classifyLedger, keepGpuHours]) {
    try {
      await work(db, abort.signal);
    } catch {
      // As said above.
    }
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
