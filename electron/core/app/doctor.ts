import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DoctorCheck } from '../../../shared/contract/app.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { group } from '../costs/group.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { databaseVersion, newestVersion } from '../store/migrate.ts';
import { databaseFile, type ReadableDb, type WritableDb } from '../store/open.ts';

export interface DoctorDeps {
  db: WritableDb;
  cube: Cube;
  axes: Axes;
  dataFolder: string;
  appVersion: string;
}

/** Versions, integrity of the database, and every stored total against every cell. */
export function examine(deps: DoctorDeps): DoctorCheck[] {
  const { db, dataFolder } = deps;
  const sqlite = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  return [
    ok('outlay', deps.appVersion),
    ok('node', process.versions.node),
    ok('sqlite', sqlite),
    ok('data folder', dataFolder),
    ok('database version', `${databaseVersion(db)} of ${newestVersion}`),
    integrity(db, dataFolder),
    foreignKeys(db),
    cells(deps),
    duckdb(),
  ];
}

function ok(name: string, detail: string): DoctorCheck {
  return { name, status: 'ok', detail };
}

function failed(name: string, detail: string): DoctorCheck {
  return { name, status: 'failed', detail };
}

function integrity(db: ReadableDb, dataFolder: string): DoctorCheck {
  const found = (db.pragma('integrity_check') as { integrity_check: string }[]).map(
    (row) => row.integrity_check,
  );
  if (found.length === 1 && found[0] === 'ok') return ok('database integrity', databaseFile);
  return failed(
    'database integrity',
    `${join(dataFolder, databaseFile)}: ${found[0]}. Put a copy from ${join(dataFolder, 'backups')} in its place.`,
  );
}

function foreignKeys(db: ReadableDb): DoctorCheck {
  const broken = (db.pragma('foreign_key_check') as unknown[]).length;
  return broken === 0
    ? ok('references', 'all hold')
    : failed('references', `${broken} rows point at something that is gone`);
}

/** Sums the cells of each current version and compares them with what its files state. */
function cells({ db, cube, axes }: DoctorDeps): DoctorCheck {
  const currency = axes.axis('currency');
  const versions = new Map<number, ReturnType<Cube['segments']>[number][]>();
  for (const segment of cube.segments()) {
    versions.set(segment.versionId, [...(versions.get(segment.versionId) ?? []), segment]);
  }
  const stated = db.prepare(
    `SELECT currency, ${metrics.join(', ')} FROM segment_total
     JOIN segment ON segment.id = segment_id WHERE version_id = ?`,
  );
  for (const [id, segments] of versions) {
    const rows = stated.all(id) as Record<string, string | null>[];
    for (const metric of metrics) {
      const grouped = group(cube, {
        metric,
        axes: [currency],
        mask: axes.mask([]),
        segments,
        granularity: 'none',
      });
      for (const [g, { ids }] of grouped.groups.entries()) {
        const code = currency.values[ids[0] ?? 0] ?? '';
        const texts = rows.filter((row) => row['currency'] === code).map((row) => row[metric]);
        const known = texts.filter((text) => text !== null && text !== undefined);
        const inFile = known.length === 0 ? null : known.reduce((sum, t) => sum + exactOf(t), 0n);
        const stored = grouped.cost(g, 0);
        if (inFile !== stored) {
          const [a, b] = [stored, inFile].map((x) => (x === null ? 'unknown' : formatExact(x)));
          const { provider, billingPeriod } = segments[0] as (typeof segments)[number];
          return failed(
            'totals',
            `${provider || 'no provider'} ${billingPeriod}, ${metric} ${code}: ${a} stored, ${b} in the file. Remove and import this period again.`,
          );
        }
      }
    }
  }
  return ok(
    'totals',
    `${versions.size} of ${versions.size} billing periods tie out to their files`,
  );
}

function duckdb(): DoctorCheck {
  const name = 'bill reader';
  const found = existsSync(new URL(import.meta.resolve('@duckdb/node-api')));
  return found ? ok(name, 'DuckDB is installed') : failed(name, 'DuckDB is missing: run npm ci');
}
