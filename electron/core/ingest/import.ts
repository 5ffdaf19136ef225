import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import type { LoadRecord } from '../../../shared/contract/sources.ts';
import {
  finishLoad,
  isUnchanged,
  loadRecords,
  setLoadHash,
  sourceId,
  startLoad,
} from '../store/loads.ts';
import { diskFull, isDiskFull, type WritableDb } from '../store/open.ts';
import { createRegistry } from '../store/registry.ts';
import { openDuck } from './duck.ts';
import type { ReadingOptions } from './formats/layout.ts';
import { drop, endLoad, type ImportContext, type Input, refuse } from './outcome.ts';
import { keepCopies } from './keep-lines.ts';
import { expandPaths, type InputPath } from './paths.ts';
import { readInputs } from './read-inputs.ts';
import { type FileFacts, fileFacts, hashFile } from './source-file.ts';
import { storePeriods } from './store-periods.ts';
import { skipTwins } from './twins.ts';

export interface ImportOptions {
  paths: readonly string[];
  /** The files behind the paths, where they are known already. */
  inputs?: readonly InputPath[];
  source: string;
  replace: boolean;
  /** Keep the parts that are there and put these beside them. */
  add?: boolean;
  reading?: ReadingOptions;
}

/**
 * Bill files into the store. All files are read and checked first; then each billing period is
 * committed in one transaction, so that whatever ends this early leaves each period wholly old or
 * wholly new. The caller holds the write lock. A refused file is an outcome, not an exception.
 */
export async function importFiles(
  context: ImportContext,
  options: ImportOptions,
): Promise<{ loads: LoadRecord[] }> {
  const { db, workFolder, signal, progress } = context;
  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  const loadIds: number[] = [];
  let duck: Awaited<ReturnType<typeof openDuck>> | null = null;
  try {
    const inputs = await startLoads(context, options, loadIds);
    const bytes = inputs.reduce((sum, input) => sum + input.file.bytes, 0);
    progress({ step: 'reading', files: loadIds.length, bytes });
    // A file of a size that no other one has is no file that is known; its hash is taken as it is read.
    const alike = inputs.filter((input) => mayBeKnown(db, input, inputs));
    const work = bytes + alike.reduce((sum, input) => sum + input.file.bytes, 0);
    let bytesRead = 0;
    const onBytes = (count: number) => {
      bytesRead += count;
      progress({ bytesDone: Math.min((bytesRead / work) * bytes, bytes) });
    };
    await hashInputs(context, inputs, alike, onBytes);
    const { toRead, unchanged } = splitUnchanged(context, inputs, options);
    duck = toRead.length > 0 ? await openDuck(workFolder) : null;
    if (duck) {
      signal.addEventListener('abort', () => duck?.interrupt());
      const registry = createRegistry(db);
      const reading = options.reading ?? {};
      await readInputs(context, duck, registry, toRead, reading, onBytes);
      // A file that is already shown belongs to what replaces it when they come together.
      const together = unchanged.filter((input) => sharesPeriod(db, input, toRead));
      await readInputs(context, duck, registry, together, reading, onBytes);
      const rest = unchanged.filter((input) => !together.includes(input));
      for (const input of rest) endLoad(context, input, 'unchanged');
      const parts = [...together, ...toRead];
      skipTwins(context, parts);
      const unreadable = loadRecords(db, loadIds).filter((load) => load.status === 'refused');
      await storePeriods(context, registry, parts, {
        ...options,
        add: options.add === true,
        unreadable: unreadable.map((load) => load.file),
      });
      await keepCopies(context, duck.connection, parts);
    } else {
      for (const input of unchanged) endLoad(context, input, 'unchanged');
    }
    return { loads: loadRecords(db, loadIds) };
  } catch (error) {
    const cancelled = signal.aborted;
    const failure = isDiskFull(error) ? diskFull(error, whatIsKept(db, loadIds)) : error;
    const body = cancelled
      ? { code: 'CANCELLED' as const, message: 'Cancelled before it was stored.' }
      : errorBody(failure);
    try {
      for (const record of loadRecords(db, loadIds)) {
        if (record.status !== 'running') continue;
        const status = cancelled ? 'cancelled' : 'interrupted';
        finishLoad(db, record.id, { status, error: body, now: context.now().toISOString() });
      }
    } catch (again) {
      // No room even for this: the next start finds them running and says so.
      if (!isDiskFull(again)) throw again;
    }
    if (cancelled) {
      throw new OutlayError('CANCELLED', 'Cancelled. Periods already stored are kept.');
    }
    throw failure;
  } finally {
    duck?.close();
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function startLoads(
  context: ImportContext,
  options: ImportOptions,
  loadIds: number[],
): Promise<Input[]> {
  const { db } = context;
  const inputs: Input[] = [];
  for (const { path, fromFolder, refusal } of options.inputs ??
    (await expandPaths(options.paths))) {
    const now = context.now().toISOString();
    let file: FileFacts | null = null;
    let error: unknown = refusal ?? null;
    try {
      if (!refusal) file = await fileFacts(path);
    } catch (caught) {
      error = caught;
    }
    const loadId = db.transaction(() =>
      startLoad(db, {
        sourceId: sourceId(db, options.source),
        file: basename(path),
        bytes: file?.bytes ?? 0,
        reading: options.reading ?? {},
        now,
      }),
    )();
    loadIds.push(loadId);
    if (file) {
      inputs.push({
        loadId,
        fromFolder,
        file,
        sha256: '',
        bill: null,
        shares: [],
        health: null,
        replaced: false,
        rowsKept: 0,
      });
    } else {
      refuse(context, loadId, error, fromFolder);
    }
  }
  return inputs;
}

/** True where another file of the command, or one that was loaded before, has as many bytes. */
function mayBeKnown(db: WritableDb, { file, loadId }: Input, inputs: readonly Input[]): boolean {
  return (
    inputs.some((other) => other.loadId !== loadId && other.file.bytes === file.bytes) ||
    db
      .prepare('SELECT 1 FROM load WHERE bytes = ? AND sha256 IS NOT NULL LIMIT 1')
      .get(file.bytes) !== undefined
  );
}

/** Hashes the files that may be known already; of equal ones in one command the first is read. */
async function hashInputs(
  context: ImportContext,
  inputs: Input[],
  alike: readonly Input[],
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { db, signal } = context;
  const seen = new Map<string, string>();
  for (const input of alike) {
    const hash = createHash('sha256');
    try {
      await hashFile(input.file, { onBytes, hash, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      drop(inputs, input);
      refuse(context, input.loadId, error);
      continue;
    }
    input.sha256 = hash.digest('hex');
    setLoadHash(db, input.loadId, input.sha256);
    const twin = seen.get(input.sha256);
    if (twin === undefined) {
      seen.set(input.sha256, input.file.name);
      continue;
    }
    drop(inputs, input);
    const reason = `Same bytes as ${twin}, which came with it.`;
    endLoad(context, input, 'skipped', reason);
  }
}

function splitUnchanged(
  context: ImportContext,
  inputs: readonly Input[],
  { source, reading = {} }: ImportOptions,
): { toRead: Input[]; unchanged: Input[] } {
  const together = new Set(inputs.map((input) => input.sha256));
  const toRead: Input[] = [];
  const unchanged: Input[] = [];
  for (const input of inputs) {
    const same = isUnchanged(context.db, source, { sha256: input.sha256, reading }, together);
    (same ? unchanged : toRead).push(input);
  }
  return { toRead, unchanged };
}

/** True where an input that is already shown holds a period that the newly read files hold too. */
function sharesPeriod(db: WritableDb, input: Input, read: readonly Input[]): boolean {
  const periods = new Set(
    read.flatMap(({ bill }) => bill?.totals.map((total) => total.billingPeriod) ?? []),
  );
  const own = db
    .prepare(
      'SELECT DISTINCT billing_period FROM load JOIN load_total ON load_id = id WHERE sha256 = ?',
    )
    .pluck()
    .all(input.sha256) as string[];
  return own.some((period) => periods.has(period));
}

function whatIsKept(db: WritableDb, loadIds: readonly number[]): string {
  const stored = db
    .prepare(
      `SELECT count(DISTINCT billing_period) FROM version JOIN segment ON version_id = version.id
       WHERE load_id IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .get(JSON.stringify(loadIds)) as number;
  if (stored === 0) return 'Nothing was changed.';
  const periods = stored === 1 ? 'One billing period' : `${stored} billing periods`;
  return `${periods} had been stored whole and ${stored === 1 ? 'is' : 'are'} kept; the others are as they were.`;
}
