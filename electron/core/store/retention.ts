import {
  firstClosedVersion,
  type MonthHistory,
  type MonthState,
  monthState,
} from '../../../shared/domain/months.ts';
import type { ReadableDb, WritableDb } from './open.ts';
import type { VersionKey } from './versions.ts';

interface VersionRow {
  id: number;
  number: number;
  source_id: number;
  at: string;
  invoiced: 0 | 1;
}

/** Where a billing period stands at `now` (UTC, ISO 8601). */
export function stateOf(db: ReadableDb, key: VersionKey, now: string): MonthState {
  return monthState(historyOf(key, versionsOf(db, key)), now);
}

/**
 * Kept are the segments of the current version, of the one before it, of the one the month first
 * closed with, and of the newest of each source, which comes back when the others are removed; of
 * the rest only the totals and the differences.
 */
export function dropOldSegments(db: WritableDb, key: VersionKey, now: string): void {
  const versions = versionsOf(db, key);
  const kept = new Set(versions.slice(-2).map(({ id }) => id));
  const closed = firstClosedVersion(historyOf(key, versions), now);
  if (closed !== null) kept.add(versions[closed]?.id ?? 0);
  const newest = new Map(versions.map(({ source_id: source, id }) => [source, id]));
  for (const id of newest.values()) kept.add(id);
  const drop = db.prepare(
    `DELETE FROM segment_column WHERE segment_id IN (SELECT id FROM segment WHERE version_id = ?)`,
  );
  for (const { id } of versions) if (!kept.has(id)) drop.run(id);
}

/** The same for every billing period. */
function dropAllOldSegments(db: WritableDb, now: string): void {
  const keys = db
    .prepare(
      `SELECT DISTINCT provider, billing_account AS billingAccount,
         billing_period AS billingPeriod FROM version`,
    )
    .all() as VersionKey[];
  for (const key of keys) dropOldSegments(db, key, now);
}

/**
 * Bytes of the stored cells, kept versions included, by `cellOwner` of source, provider and
 * billing account.
 */
export function cellBytes(db: ReadableDb): Map<string, number> {
  const rows = db
    .prepare(
      `SELECT label, provider, billing_account, sum(length(data)) FROM segment_column
       JOIN segment ON segment.id = segment_id JOIN version ON version.id = version_id
       JOIN source ON source.id = source_id GROUP BY label, provider, billing_account`,
    )
    .raw()
    .all() as [string, string, string, number][];
  return new Map(
    rows.map(([source, provider, account, bytes]) => [cellOwner(source, provider, account), bytes]),
  );
}

export function cellOwner(source: string, provider: string, billingAccount: string): string {
  return JSON.stringify([source, provider, billingAccount]);
}

/** Drops what is no longer kept and gives the free pages back to the disk. Not in a transaction. */
export function compact(db: WritableDb, now: string): void {
  db.transaction(() => dropAllOldSegments(db, now)).immediate();
  db.exec('VACUUM');
  db.pragma('wal_checkpoint(TRUNCATE)');
}

/** Bytes of the file that hold nothing since something was removed. */
export function freeBytes(db: ReadableDb): number {
  const [pages, size] = ['freelist_count', 'page_size'].map((name) =>
    Number(db.pragma(name, { simple: true })),
  );
  return (pages ?? 0) * (size ?? 0);
}

function versionsOf(db: ReadableDb, key: VersionKey): VersionRow[] {
  return db
    .prepare(
      `SELECT id, number, source_id, created_at AS at, invoiced FROM version
       WHERE provider = ? AND billing_account = ? AND billing_period = ? ORDER BY number`,
    )
    .all(key.provider, key.billingAccount, key.billingPeriod) as VersionRow[];
}

function historyOf(key: VersionKey, versions: readonly VersionRow[]): MonthHistory {
  return {
    period: key.billingPeriod,
    provider: key.provider,
    versions: versions.map(({ at, invoiced }) => ({ at, invoiced: invoiced === 1 })),
  };
}
