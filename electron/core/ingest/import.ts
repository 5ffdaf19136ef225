import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import type { ImportAnswer } from '../../../shared/contract/sources.ts';
import { recordChange, versionSide } from '../store/changes.ts';
import {
  finishLoad,
  isUnchanged,
  loadRecords,
  setLoadHash,
  sourceId,
  startLoad,
} from '../store/loads.ts';
import type { WritableDb } from '../store/open.ts';
import { createRegistry, type Registry } from '../store/registry.ts';
import { dropOldSegments } from '../store/retention.ts';
import { invoiceCheck, type NewSegment } from '../store/segments.ts';
import { currentVersion, writeVersion } from '../store/versions.ts';
import { amountMacros } from './amount-sql.ts';
import { readSegment, registerSeries } from './cells.ts';
import { openDuck } from './duck.ts';
import type { ReadingOptions } from './formats/layout.ts';
import { healthOf } from './health.ts';
import { drop, endLoad, type ImportContext, type Input, recordContent, refuse } from './outcome.ts';
import { expandPaths } from './paths.ts';
import { type PlannedVersion, planVersions } from './plan.ts';
import { readBill } from './read-bill.ts';
import { assertUnchanged, type FileFacts, fileFacts, hashFile, makeReady } from './source-file.ts';
import { skipTwins } from './twins.ts';

export interface ImportOptions {
  paths: readonly string[];
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
): Promise<ImportAnswer> {
  const { db, workFolder, signal, progress } = context;
  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  const loadIds: number[] = [];
  let duck: Awaited<ReturnType<typeof openDuck>> | null = null;
  try {
    const inputs = await startLoads(context, options, loadIds);
    const bytes = inputs.reduce((sum, input) => sum + input.file.bytes, 0);
    // Every byte is read twice: once for its hash, once for its rows.
    let bytesRead = 0;
    const onBytes = (count: number) => {
      bytesRead += count;
      progress({ bytesDone: Math.min(bytesRead / 2, bytes) });
    };
    progress({ step: 'reading', files: loadIds.length, bytes });
    await hashInputs(context, inputs, onBytes);
    const { toRead, unchanged } = splitUnchanged(context, inputs, options.source);
    duck = toRead.length > 0 ? await openDuck(workFolder) : null;
    const connection = duck?.connection;
    if (connection) {
      signal.addEventListener('abort', () => connection.interrupt());
      for (const macro of amountMacros) await connection.run(macro);
      const registry = createRegistry(db);
      await readInputs(context, connection, registry, toRead, options.reading ?? {}, onBytes);
      // A file that is already shown belongs to what replaces it when they come together.
      const together = unchanged.filter((input) => sharesPeriod(db, input, toRead));
      await readInputs(context, connection, registry, together, options.reading ?? {}, onBytes);
      const rest = unchanged.filter((input) => !together.includes(input));
      for (const input of rest) endLoad(context, input, 'unchanged');
      const parts = [...together, ...toRead];
      await skipTwins(context, connection, parts);
      const unreadable = loadRecords(db, loadIds).filter((load) => load.status === 'refused');
      await storePeriods(context, connection, registry, parts, {
        ...options,
        add: options.add === true,
        unreadable: unreadable.map((load) => load.file),
      });
    } else {
      for (const input of unchanged) endLoad(context, input, 'unchanged');
    }
    return { loads: loadRecords(db, loadIds) };
  } catch (error) {
    const cancelled = signal.aborted;
    const body = cancelled
      ? { code: 'CANCELLED' as const, message: 'Cancelled before it was stored.' }
      : errorBody(error);
    for (const record of loadRecords(db, loadIds)) {
      if (record.status !== 'running') continue;
      const status = cancelled ? 'cancelled' : 'interrupted';
      finishLoad(db, record.id, { status, error: body, now: context.now().toISOString() });
    }
    if (cancelled) {
      throw new OutlayError('CANCELLED', 'Cancelled. Periods already stored are kept.');
    }
    throw error;
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
  for (const { path, fromFolder, refusal } of await expandPaths(options.paths)) {
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
        series: null,
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

async function hashInputs(
  context: ImportContext,
  inputs: Input[],
  onBytes: (bytes: number) => void,
): Promise<void> {
  const seen = new Map<string, string>();
  for (const input of inputs.slice()) {
    try {
      input.sha256 = await hashFile(input.file, onBytes, context.signal);
    } catch (error) {
      if (context.signal.aborted) throw error;
      drop(inputs, input);
      refuse(context, input.loadId, error);
      continue;
    }
    setLoadHash(context.db, input.loadId, input.sha256);
    const twin = seen.get(input.sha256);
    if (twin === undefined) {
      seen.set(input.sha256, input.file.name);
      continue;
    }
    drop(inputs, input);
    endLoad(context, input, 'skipped', `Same bytes as ${twin}, which came with it.`);
  }
}

function splitUnchanged(
  context: ImportContext,
  inputs: readonly Input[],
  source: string,
): { toRead: Input[]; unchanged: Input[] } {
  const together = new Set(inputs.map((input) => input.sha256));
  const toRead: Input[] = [];
  const unchanged: Input[] = [];
  for (const input of inputs) {
    const same = isUnchanged(context.db, source, input.sha256, together);
    (same ? unchanged : toRead).push(input);
  }
  return { toRead, unchanged };
}

/** Reads each input; one that is refused ends there, the others go on. */
async function readInputs(
  context: ImportContext,
  connection: DuckDBConnection,
  registry: Registry,
  inputs: Input[],
  reading: ReadingOptions,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { workFolder, signal, progress } = context;
  for (const input of inputs.slice()) {
    const { file, loadId } = input;
    try {
      progress({ step: 'reading', file: file.name });
      const ready = await makeReady(file, workFolder, loadId, reading, onBytes, signal);
      if (ready.kind === 'parquet') onBytes(file.bytes);
      progress({ step: 'checking' });
      const bill = await readBill(connection, ready, file, workFolder, loadId, reading);
      await assertUnchanged(file);
      rmSync(ready.path, { force: true });
      input.bill = bill;
      input.series = await registerSeries(connection, bill, registry);
      input.health = await healthOf(connection, bill);
      progress({ rows: bill.rows });
    } catch (error) {
      if (signal.aborted || !(error instanceof OutlayError)) throw error;
      drop(inputs, input);
      refuse(context, loadId, error, input.fromFolder);
    }
  }
}

/** One transaction a billing period, oldest first. */
async function storePeriods(
  context: ImportContext,
  connection: DuckDBConnection,
  registry: Registry,
  inputs: Input[],
  options: Parameters<typeof planVersions>[3],
): Promise<void> {
  const { db, signal, progress } = context;
  progress({ step: 'storing', file: null });
  const planned = await planVersions(context, connection, inputs, options);
  const periods = [...new Set(planned.map(({ key }) => key.billingPeriod))].sort();
  for (const billingPeriod of periods) {
    const versions: (PlannedVersion & { segments: NewSegment[] })[] = [];
    for (const plan of planned.filter(({ key }) => key.billingPeriod === billingPeriod)) {
      const segments: NewSegment[] = [];
      for (const input of plan.inputs) {
        if (!input.bill || !input.series) continue;
        segments.push(
          await readSegment(connection, input.bill, input.series, plan.key, input.loadId),
        );
      }
      versions.push({ ...plan, segments });
    }
    if (signal.aborted) throw new OutlayError('CANCELLED', 'Cancelled.');
    db.transaction(() => {
      registry.flush();
      const invoiced = invoiceCheck(db);
      for (const { key, inputs: parts, format, adds, segments } of versions) {
        for (const input of parts) recordContent(context, input);
        const now = context.now().toISOString();
        const previous = currentVersion(db, key);
        const before = previous && versionSide(db, previous.id);
        const id = writeVersion(
          db,
          {
            ...key,
            sourceId: sourceId(db, options.source),
            format,
            adds,
            invoiced: invoiced(segments),
            now,
          },
          segments,
        );
        if (before) {
          const kind = adds ? 'added' : 'restated';
          recordChange(db, { kind, key, before, after: versionSide(db, id), at: now });
        }
        dropOldSegments(db, key, now);
        for (const [i, input] of parts.entries()) {
          input.rowsKept += segments[i]?.rows.reduce((sum, n) => sum + n, 0) ?? 0;
          if (before !== null && !adds) input.replaced = true;
        }
      }
    }).immediate();
    context.changed();
  }
  for (const input of inputs) {
    if (input.rowsKept > 0) {
      endLoad(context, input, input.replaced ? 'replaced' : 'loaded');
    } else {
      db.transaction(() => recordContent(context, input))();
      endLoad(context, input, 'unchanged');
    }
  }
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

export function importWorkFolder(dataFolder: string): string {
  return join(dataFolder, 'work');
}
