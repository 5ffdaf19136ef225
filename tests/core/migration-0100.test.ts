import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseVersion, migrate, migrations } from '../../electron/core/store/migrate.ts';
import { removeAllTelemetry, removeTelemetry } from '../../electron/core/telemetry/remove.ts';

let folder: string;
let db: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'));
  db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('telemetry of before stays, cannot be taken apart, and goes with everything', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  const to = (last: number) =>
    migrate(
      db,
      folder,
      now,
      migrations.filter(({ version }) => version <= last),
    );
  to(99);
  db.exec(`
    INSERT INTO telemetry_load (id, file, bytes, reading, status, started_at, finished_at)
      VALUES (1, 'refused', 1, '{}', 'refused', '', ''), (2, 'a', 1, '{}', 'loaded', '', ''),
        (3, 'b', 1, '{}', 'loaded', '', '');
    INSERT INTO telemetry_resource VALUES (1, 'gpu a', 'gpu', 'a', NULL, '{"gpu":"0"}');
    INSERT INTO telemetry_series
      VALUES (1, 1, 'gpu_util', 'sample', 'x:y', '{"not a number":2}', 5000, 7.5);
    INSERT INTO telemetry_day VALUES (1, 20000, 3, 1, 1, 1, 0, 1, x'00');
  `);
  to(100);
  expect(databaseVersion(db)).toBe(100);
  expect(db.prepare('SELECT * FROM telemetry_load_series').raw().all()).toEqual([
    [2, 1, '{"not a number":2}', null, null, null, 5000, 7.5],
  ]);
  expect(db.prepare('SELECT * FROM telemetry_load_resource').raw().all()).toEqual([
    [2, 1, '{"gpu":"0"}'],
  ]);
  expect(() => removeTelemetry(db, 3)).toThrow(/can no longer be told apart/);
  expect(() => removeTelemetry(db, 1)).toThrow(/it is refused/);
  expect(db.prepare('SELECT count(*) FROM telemetry_day').pluck().get()).toBe(1);
  expect(removeAllTelemetry(db)).toEqual({ series: 1, days: 1 });
  for (const table of ['telemetry_day', 'telemetry_series', 'telemetry_resource'])
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  expect(db.prepare('SELECT status FROM telemetry_load').pluck().all()).toEqual([
    'refused',
    'removed',
    'removed',
  ]);
  db.exec(`INSERT INTO token_load (id, file, bytes, reading, status, started_at, finished_at)
    VALUES (1, 'u', 1, '{}', 'loaded', '', '')`);
  const use =
    "INSERT INTO token_use VALUES (1, 20000, -1, '', '', 'gpt-5', 'output', 'none', 0, 7)";
  db.exec(use);
  expect(() => db.exec(use)).toThrow(/UNIQUE/);
});
