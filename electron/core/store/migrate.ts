import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { first } from './migrations/0010_first.ts';
import { changes } from './migrations/0020_changes.ts';
import { detail } from './migrations/0030_detail.ts';
import { prices } from './migrations/0040_prices.ts';
import { telemetry } from './migrations/0050_telemetry.ts';
import { asks } from './migrations/0060_asks.ts';
import { workloads } from './migrations/0070_workloads.ts';
import { savings } from './migrations/0080_savings.ts';
import { decisions } from './migrations/0090_decisions.ts';
import { undoAndTokens } from './migrations/0100_undo_and_tokens.ts';
import { gpuHours } from './migrations/0110_gpu_hours.ts';

export interface Migration {
  /** In tens; never edited after a release. */
  version: number;
  name: string;
  up: string;
}

export const migrations: readonly Migration[] = [
  first,
  changes,
  detail,
  prices,
  telemetry,
  asks,
  workloads,
  savings,
  decisions,
  undoAndTokens,
  gpuHours,
];

const backupsKept = 3;

/** Version of the newest database this program understands. */
export const newestVersion = migrations.at(-1)?.version ?? 0;

export function databaseVersion(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** Refuses a database that a newer Outlay has written; called before anything is set on it. */
export function refuseNewer(db: Database, newest: number = newestVersion): void {
  const version = databaseVersion(db);
  if (version <= newest) return;
  throw new OutlayError(
    'DATABASE_NEWER',
    `The database is of version ${version}; this Outlay reads up to version ${newest}. Nothing was changed.`,
    'Use the newer Outlay, or another data folder (--data DIR).',
  );
}

/** Brings a database up to date: all steps in one transaction, after a copy in `backups/`. */
export function migrate(
  db: Database,
  dataFolder: string,
  now: Date,
  steps: readonly Migration[] = migrations,
): void {
  const version = databaseVersion(db);
  const newest = steps.at(-1)?.version ?? 0;
  refuseNewer(db, newest);
  if (version === newest) return;
  if (version > 0) backup(db, dataFolder, version, now);
  db.transaction(() => {
    // Another process may have migrated between the look above and the lock.
    const locked = databaseVersion(db);
    for (const step of steps) if (step.version > locked) db.exec(step.up);
    db.pragma(`user_version = ${newest}`);
  }).immediate();
}

function backup(db: Database, dataFolder: string, version: number, now: Date): void {
  const folder = join(dataFolder, 'backups');
  mkdirSync(folder, { recursive: true });
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').slice(0, 15);
  const copy = join(folder, `outlay-${stamp}-v${version}.db`);
  // Another process that opens the folder in the same second makes the same copy.
  if (!existsSync(copy)) db.prepare('VACUUM INTO ?').run(copy);
  const copies = readdirSync(folder)
    .filter((name) => /^outlay-.*\.db$/.test(name))
    .sort();
  for (const name of copies.slice(0, -backupsKept)) rmSync(join(folder, name));
}
