import type { TokenLoad, TokenVendor } from '../../../shared/contract/tokens.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import type { TokenCell } from './usage.ts';

/** A load as it is written; what it does not say stays empty. */
export interface TokenLoadRow {
  file: string;
  bytes: number;
  sha256: string | null;
  /** JSON. */
  reading: string;
  status: TokenLoad['status'];
  format?: string;
  vendor?: TokenVendor;
  shape?: string;
  content?: string | null;
  code?: string;
  reason?: string;
  hint?: string | undefined;
  rowsRead?: number;
  days?: { first: number; last: number } | null;
  findings?: TokenLoad['findings'];
  startedAt: string;
  finishedAt: string;
}

export function recordTokenLoad(db: WritableDb, row: TokenLoadRow): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO token_load (file, bytes, sha256, reading, status, format, vendor, shape, content,
         code, reason, hint, rows_read, first_day, last_day, findings, started_at, finished_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      row.file,
      row.bytes,
      row.sha256,
      row.reading,
      row.status,
      row.format ?? null,
      row.vendor ?? null,
      row.shape ?? null,
      row.content ?? null,
      row.code ?? null,
      row.reason ?? null,
      row.hint ?? null,
      row.rowsRead ?? 0,
      row.days?.first ?? null,
      row.days?.last ?? null,
      JSON.stringify(row.findings ?? []),
      row.startedAt,
      row.finishedAt,
    );
  return Number(lastInsertRowid);
}

export function writeCells(db: WritableDb, load: number, cells: Iterable<TokenCell>): void {
  const insert = db.prepare('INSERT INTO token_use VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const { day, hour, account, key, model, direction, cache, batch, tokens } of cells) {
    // As a bigint: a number goes into the statement as a double.
    const whole = BigInt(tokens);
    insert.run(load, day, hour, account, key, model, direction, cache, batch ? 1 : 0, whole);
  }
}

interface Stored {
  id: number;
  file: string;
  bytes: number;
  sha256: string | null;
  format: string | null;
  vendor: TokenVendor | null;
  status: TokenLoad['status'];
  code: string | null;
  reason: string | null;
  hint: string | null;
  rowsRead: number;
  tokens: string;
  firstDay: number | null;
  lastDay: number | null;
  findings: string;
  startedAt: string;
  finishedAt: string;
}

const columns = `id, file, bytes, sha256, format, vendor, status, code, reason, hint,
  rows_read AS rowsRead, first_day AS firstDay, last_day AS lastDay, findings,
  CAST((SELECT coalesce(sum(tokens), 0) FROM token_use WHERE load_id = id) AS TEXT) AS tokens,
  started_at AS startedAt, finished_at AS finishedAt`;

export function tokenLoadById(db: ReadableDb, id: number): TokenLoad | null {
  const row = db.prepare(`SELECT ${columns} FROM token_load WHERE id = ?`).get(id);
  return row ? shown(row as Stored) : null;
}

/** The newest first. */
export function listTokenLoads(db: ReadableDb, limit: number): TokenLoad[] {
  const rows = db.prepare(`SELECT ${columns} FROM token_load ORDER BY id DESC LIMIT ?`).all(limit);
  return (rows as Stored[]).map(shown);
}

function shown({ code, reason, hint, firstDay, lastDay, findings, ...row }: Stored): TokenLoad {
  return {
    ...row,
    ...(code === null ? {} : { code }),
    ...(reason === null ? {} : { reason }),
    ...(hint === null ? {} : { hint }),
    firstDay: firstDay === null ? null : dayText(firstDay),
    lastDay: lastDay === null ? null : dayText(lastDay),
    findings: JSON.parse(findings) as TokenLoad['findings'],
  };
}

/** A load that counts, with the days it speaks of. */
export interface CountingLoad {
  id: number;
  format: string;
  vendor: TokenVendor;
  shape: string;
  firstDay: number;
  lastDay: number;
  /** Each of its requests counts by itself: it adds to every other log. */
  log: boolean;
}

/** The oldest first. */
export function countingLoads(db: ReadableDb): CountingLoad[] {
  const rows = db
    .prepare(
      `SELECT id, format, vendor, shape, first_day AS firstDay, last_day AS lastDay,
         content IS NOT NULL AS log
       FROM token_load WHERE status = 'loaded' AND first_day IS NOT NULL ORDER BY id`,
    )
    .all() as (Omit<CountingLoad, 'log'> & { log: number })[];
  return rows.map((row) => ({ ...row, log: row.log === 1 }));
}

/** The counts of one load on some days, both inclusive. */
export function* cellsOfLoad(
  db: ReadableDb,
  load: number,
  firstDay: number,
  lastDay: number,
): Generator<TokenCell> {
  const rows = db
    .prepare(
      `SELECT day, hour, account, key, model, direction, cache, batch, tokens FROM token_use
       WHERE load_id = ? AND day BETWEEN ? AND ?`,
    )
    .iterate(load, firstDay, lastDay) as IterableIterator<
    Omit<TokenCell, 'batch'> & { batch: number }
  >;
  for (const row of rows) yield { ...row, batch: row.batch === 1 };
}
