import { createHash } from 'node:crypto';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import type { TelemetryImported, TelemetryLoad } from '../../../shared/contract/telemetry.ts';
import { expandPaths, type InputPath } from '../ingest/paths.ts';
import { assertUnchanged, type FileFacts, fileFacts, hashFile } from '../ingest/source-file.ts';
import { diskFull, isDiskFull, type WritableDb } from '../store/open.ts';
import { notTelemetry } from './detect.ts';
import { type LoadRow, loadById, recordLoad } from './loads.ts';
import { openText } from './open-text.ts';
import { readTelemetry } from './read-file.ts';
import type { TelemetryReading } from './reading.ts';
import { boundParts } from './remove.ts';
import { createSampleSink } from './samples.ts';
import { createStage } from './stage.ts';
import { findingsOf, newTally, type Tally } from './tally.ts';

/** As the call has it; `at` is a moment, or each file's own time of last writing. */
export interface TelemetryRequest {
  paths: string[];
  reading: Omit<TelemetryReading, 'at' | 'place'> & {
    at: number | 'file' | undefined;
  };
}

export interface TelemetryContext {
  db: WritableDb;
  now: () => Date;
  signal: AbortSignal;
  progress: (state: Partial<JobProgress>) => void;
}

/**
 * Telemetry files into the store, one transaction each: a file is in wholly or not at all. Files
 * add to each other; a sample that is there already counts once. The caller holds the write lock.
 */
export async function importTelemetry(
  context: TelemetryContext,
  { paths, reading }: TelemetryRequest,
): Promise<TelemetryImported> {
  return await importTelemetryFiles(context, await expandPaths(paths), reading);
}

export async function importTelemetryFiles(
  context: TelemetryContext,
  inputs: readonly InputPath[],
  reading: TelemetryRequest['reading'],
): Promise<TelemetryImported> {
  const { signal, progress } = context;
  const files = await findFiles(inputs);
  const bytes = files.reduce((sum, { facts }) => sum + (facts?.bytes ?? 0), 0);
  progress({ step: 'reading', files: files.length, bytes });
  const loads: TelemetryLoad[] = [];
  let bytesBefore = 0;
  for (const [filesDone, { path, fromFolder, facts, refusal }] of files.entries()) {
    if (signal.aborted) throw cancelled();
    const startedAt = context.now().toISOString();
    progress({ step: 'reading', file: facts?.name ?? path, filesDone });
    try {
      if (!facts) throw refusal;
      const onBytes = (done: number) =>
        progress({ bytesDone: Math.min(bytesBefore + done, bytes) });
      loads.push(await importFile(context, facts, reading, startedAt, onBytes));
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (isDiskFull(error))
        throw diskFull(error, 'The files before it are kept whole; this one is not.');
      if (!(error instanceof OutlayError)) throw error;
      loads.push(
        refused(
          context,
          facts?.name ?? path,
          facts?.bytes ?? 0,
          error,
          fromFolder,
          startedAt,
          reading,
        ),
      );
    }
    bytesBefore += facts?.bytes ?? 0;
  }
  progress({ filesDone: files.length });
  return { loads };
}

interface Found {
  path: string;
  fromFolder: boolean;
  facts: FileFacts | null;
  refusal: unknown;
}

async function findFiles(inputs: readonly InputPath[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const { path, fromFolder, refusal } of inputs) {
    try {
      if (refusal) throw refusal;
      found.push({ path, fromFolder, facts: await fileFacts(path), refusal: null });
    } catch (error) {
      found.push({ path, fromFolder, facts: null, refusal: error });
    }
  }
  return found;
}

async function importFile(
  context: TelemetryContext,
  facts: FileFacts,
  told: TelemetryRequest['reading'],
  startedAt: string,
  onBytes: (done: number) => void,
): Promise<TelemetryLoad> {
  const { db, signal } = context;
  const readingText = JSON.stringify(told);
  const base = { file: facts.name, bytes: facts.bytes, reading: readingText, startedAt };
  const known = await sameBytes(context, facts, readingText);
  if (known) {
    const row: LoadRow = {
      ...base,
      sha256: known,
      status: 'unchanged',
      finishedAt: context.now().toISOString(),
    };
    return loadById(db, db.transaction(() => recordLoad(db, row)).immediate());
  }
  const hash = createHash('sha256');
  const tally = newTally();
  const stage = createStage(db, tally);
  try {
    let done = 0;
    const text = openText(facts, {
      hash,
      signal,
      onBytes: (bytes) => onBytes((done += bytes)),
    });
    const reading = {
      ...told,
      at: told.at === 'file' ? facts.modifiedMs : told.at,
      place: facts.path,
    };
    const format = await readTelemetry(facts.name, text, reading, createSampleSink(stage, tally));
    await assertUnchanged(facts);
    if (tally.read > 0 && tally.read === unused(tally)) throw nothingUsed(facts.name, tally);
    if (signal.aborted) throw cancelled();
    context.progress({ step: 'storing' });
    const store = db.transaction(() => {
      const id = recordLoad(db, {
        ...base,
        sha256: hash.digest('hex'),
        format,
        status: 'loaded',
        finishedAt: context.now().toISOString(),
      });
      const { resources, firstMs, lastMs } = stage.commit(id);
      db.prepare(
        `UPDATE telemetry_load SET samples_read = ?, samples_kept = ?, resources = ?, first_ms = ?,
         last_ms = ?, findings = ?, removable = 1 WHERE id = ?`,
      ).run(
        tally.read,
        tally.kept,
        resources,
        firstMs,
        lastMs,
        JSON.stringify(findingsOf(tally)),
        id,
      );
      boundParts(db);
      return id;
    });
    return loadById(db, store.immediate());
  } finally {
    stage.close();
  }
}

function unused({ notUsed }: Tally): number {
  return [...notUsed.values()].reduce((sum, values) => sum + values, 0);
}

function nothingUsed(file: string, { notUsed }: Tally): OutlayError {
  const names = [...notUsed.keys()];
  return notTelemetry(
    `${file} holds no counter that a figure uses: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}. Nothing was changed.`,
    'Export counters of GPU and CPU use, memory in use, network traffic, invocations or tokens.',
  );
}

/** The hash, where a file of these bytes was loaded and told to be read the same way. */
async function sameBytes(
  { db, signal }: TelemetryContext,
  facts: FileFacts,
  reading: string,
): Promise<string | null> {
  const alike = db.prepare(
    "SELECT 1 FROM telemetry_load WHERE bytes = ? AND status = 'loaded' LIMIT 1",
  );
  if (!alike.get(facts.bytes)) return null;
  const hash = createHash('sha256');
  await hashFile(facts, { hash, onBytes: () => {}, signal });
  const sha256 = hash.digest('hex');
  const same = db
    .prepare("SELECT 1 FROM telemetry_load WHERE sha256 = ? AND reading = ? AND status = 'loaded'")
    .get(sha256, reading);
  return same ? sha256 : null;
}

function refused(
  { db, now }: TelemetryContext,
  file: string,
  bytes: number,
  error: OutlayError,
  fromFolder: boolean,
  startedAt: string,
  reading: TelemetryRequest['reading'],
): TelemetryLoad {
  const { code, message, hint } = errorBody(error);
  const skipped =
    fromFolder && (code === 'NOT_TELEMETRY' || code === 'NOT_A_BILL' || code === 'FILE_EMPTY');
  const row: LoadRow = {
    file,
    bytes,
    reading: JSON.stringify(reading),
    sha256: null,
    status: skipped ? 'skipped' : 'refused',
    code,
    reason: message,
    hint,
    startedAt,
    finishedAt: now().toISOString(),
  };
  return loadById(db, db.transaction(() => recordLoad(db, row)).immediate());
}

function cancelled(): OutlayError {
  return new OutlayError('CANCELLED', 'Cancelled. Files already stored are kept.');
}
