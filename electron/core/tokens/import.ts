import { createHash } from 'node:crypto';
import { errorBody, OutlayError } from '../../../shared/contract/errors.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import type { TokenLoad, TokensImported } from '../../../shared/contract/tokens.ts';
import { expandPaths, type InputPath } from '../ingest/paths.ts';
import { assertUnchanged, type FileFacts, fileFacts } from '../ingest/source-file.ts';
import { diskFull, isDiskFull, type WritableDb } from '../store/open.ts';
import { openText } from '../telemetry/open-text.ts';
import { recordTokenLoad, tokenLoadById, type TokenLoadRow, writeCells } from './queries.ts';
import { readUsage } from './read-usage.ts';
import { gatherUsage, type UsageSink } from './usage.ts';

export interface TokensRequest {
  paths: string[];
  /** Organisation or account of what names none. */
  account?: string | undefined;
}

export interface TokensContext {
  db: WritableDb;
  now: () => Date;
  signal: AbortSignal;
  progress: (state: Partial<JobProgress>) => void;
}

/**
 * Usage exports into the store, one transaction each: a file is in wholly or not at all. Each is
 * kept as it is; which of several counts a token is asked when tokens are counted. The caller holds
 * the write lock.
 */
export async function importTokens(
  context: TokensContext,
  request: TokensRequest,
): Promise<TokensImported> {
  return await importUsageFiles(context, await expandPaths(request.paths), request.account);
}

export async function importUsageFiles(
  context: TokensContext,
  inputs: readonly InputPath[],
  account: string | undefined,
): Promise<TokensImported> {
  const { signal, progress } = context;
  progress({ step: 'reading', files: inputs.length });
  const loads: TokenLoad[] = [];
  for (const [filesDone, { path, fromFolder, refusal }] of inputs.entries()) {
    if (signal.aborted) throw cancelled();
    const startedAt = context.now().toISOString();
    let facts: FileFacts | null = null;
    try {
      if (refusal) throw refusal;
      facts = await fileFacts(path);
      progress({ step: 'reading', file: facts.name, filesDone });
      loads.push(await importFile(context, facts, account, startedAt));
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (isDiskFull(error))
        throw diskFull(error, 'The files before it are kept whole; this one is not.');
      if (!(error instanceof OutlayError)) throw error;
      const name = facts?.name ?? path.split(/[\\/]/).at(-1) ?? path;
      loads.push(refused(context, error, fromFolder, { name, facts, account, startedAt }));
    }
  }
  progress({ filesDone: inputs.length });
  return { loads };
}

async function importFile(
  context: TokensContext,
  facts: FileFacts,
  account: string | undefined,
  startedAt: string,
): Promise<TokenLoad> {
  const { db, signal } = context;
  const hash = createHash('sha256');
  const usage = gatherUsage(facts.name);
  let bytes = 0;
  const text = openText(facts, {
    hash,
    signal,
    onBytes: (count) => context.progress({ bytesDone: (bytes += count), bytes: facts.bytes }),
  });
  const { format, vendor } = await readUsage(facts.name, text, withAccount(usage, account));
  await assertUnchanged(facts);
  if (signal.aborted) throw cancelled();
  const row: TokenLoadRow = {
    file: facts.name,
    bytes: facts.bytes,
    sha256: hash.digest('hex'),
    reading: JSON.stringify({ account }),
    status: 'loaded',
    format,
    vendor,
    shape: usage.shape(),
    content: usage.content(),
    rowsRead: usage.rows(),
    days: usage.days(),
    findings: usage.findings(),
    startedAt,
    finishedAt: context.now().toISOString(),
  };
  const same = sameLoad(db, row);
  if (same === 'bytes') return record(db, { ...row, status: 'unchanged' });
  if (same !== null) {
    throw new OutlayError(
      'DUPLICATE',
      `${facts.name} holds the same requests as ${same}, which is loaded. Nothing was changed.`,
      'There is nothing to do.',
    );
  }
  context.progress({ step: 'storing' });
  const store = db.transaction(() => {
    const id = recordTokenLoad(db, row);
    writeCells(db, id, usage.cells());
    return id;
  });
  return loaded(db, store.immediate());
}

function withAccount(usage: UsageSink, account: string | undefined): UsageSink {
  if (account === undefined) return usage;
  return {
    ...usage,
    add: (cell) => usage.add({ ...cell, account: cell.account === '' ? account : cell.account }),
  };
}

/** `bytes` where the same file is loaded, told the same; the name of a log with the same requests. */
function sameLoad(db: WritableDb, { sha256, reading, content }: TokenLoadRow): string | null {
  const bytes = db
    .prepare("SELECT 1 FROM token_load WHERE sha256 = ? AND reading = ? AND status = 'loaded'")
    .get(sha256, reading);
  if (bytes) return 'bytes';
  const log = db
    .prepare("SELECT file FROM token_load WHERE content = ? AND status = 'loaded'")
    .pluck()
    .get(content);
  return (log as string | undefined) ?? null;
}

function record(db: WritableDb, row: TokenLoadRow): TokenLoad {
  return loaded(db, db.transaction(() => recordTokenLoad(db, row)).immediate());
}

function loaded(db: WritableDb, id: number): TokenLoad {
  const load = tokenLoadById(db, id);
  if (!load) throw new RangeError(`no load ${id}`);
  return load;
}

function refused(
  { db, now }: TokensContext,
  error: OutlayError,
  fromFolder: boolean,
  of: { name: string; facts: FileFacts | null; account: string | undefined; startedAt: string },
): TokenLoad {
  const { code, message, hint } = errorBody(error);
  const skipped =
    fromFolder &&
    ['UNSUPPORTED_FORMAT', 'NOT_A_BILL', 'FILE_EMPTY', 'NOT_TELEMETRY'].includes(code);
  return record(db, {
    file: of.name,
    bytes: of.facts?.bytes ?? 0,
    sha256: null,
    reading: JSON.stringify({ account: of.account }),
    status: skipped ? 'skipped' : 'refused',
    code,
    reason: message,
    hint,
    startedAt: of.startedAt,
    finishedAt: now().toISOString(),
  });
}

function cancelled(): OutlayError {
  return new OutlayError('CANCELLED', 'Cancelled. Files already stored are kept.');
}
