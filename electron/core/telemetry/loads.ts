import type { TelemetryLoad } from '../../../shared/contract/telemetry.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';

/** A load as it is written; what it does not say stays empty. */
export interface LoadRow {
  file: string;
  bytes: number;
  sha256: string | null;
  /** JSON. */
  reading: string;
  format?: string;
  status: TelemetryLoad['status'];
  code?: string;
  reason?: string;
  hint?: string | undefined;
  startedAt: string;
  finishedAt: string;
}

export function recordLoad(db: WritableDb, row: LoadRow): number {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO telemetry_load
       (file, bytes, sha256, reading, format, status, code, reason, hint, started_at, finished_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      row.file,
      row.bytes,
      row.sha256,
      row.reading,
      row.format ?? null,
      row.status,
      row.code ?? null,
      row.reason ?? null,
      row.hint ?? null,
      row.startedAt,
      row.finishedAt,
    );
  return Number(lastInsertRowid);
}

interface Stored {
  id: number;
  file: string;
  bytes: number;
  sha256: string | null;
  format: string | null;
  status: TelemetryLoad['status'];
  code: string | null;
  reason: string | null;
  hint: string | null;
  samplesRead: number;
  samplesKept: number;
  resources: number;
  firstMs: number | null;
  lastMs: number | null;
  findings: string;
  removable: number;
  startedAt: string;
  finishedAt: string;
}

const columns = `id, file, bytes, sha256, format, status, code, reason, hint,
  samples_read AS samplesRead, samples_kept AS samplesKept, resources,
  first_ms AS firstMs, last_ms AS lastMs, findings, removable,
  started_at AS startedAt, finished_at AS finishedAt`;

export function loadById(db: ReadableDb, id: number): TelemetryLoad {
  return shown(db.prepare(`SELECT ${columns} FROM telemetry_load WHERE id = ?`).get(id) as Stored);
}

/** The newest first. */
export function listTelemetryLoads(db: ReadableDb, limit: number): TelemetryLoad[] {
  const rows = db
    .prepare(`SELECT ${columns} FROM telemetry_load ORDER BY id DESC LIMIT ?`)
    .all(limit);
  return (rows as Stored[]).map(shown);
}

function shown(stored: Stored): TelemetryLoad {
  const { code, reason, hint, firstMs, lastMs, findings, removable, ...row } = stored;
  return {
    ...row,
    removable: removable === 1 && row.status === 'loaded',
    ...(code === null ? {} : { code }),
    ...(reason === null ? {} : { reason }),
    ...(hint === null ? {} : { hint }),
    firstAt: firstMs === null ? null : new Date(firstMs).toISOString(),
    lastAt: lastMs === null ? null : new Date(lastMs).toISOString(),
    findings: JSON.parse(findings) as TelemetryLoad['findings'],
  };
}
