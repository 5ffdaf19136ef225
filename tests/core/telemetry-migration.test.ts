import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, migrations } from '../../electron/core/store/migrate.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a database of before with rows gets the telemetry tables and keeps its rows', () => {
  const db = new Database(join(folder, 'outlay.db'));
  db.pragma('foreign_keys = ON');
  const now = new Date('2026-11-24T08:00:00Z');
  migrate(
    db,
    folder,
    now,
    migrations.filter(({ version }) => version < 50),
  );
  db.exec(
    "INSERT INTO source VALUES (1, 'files'); INSERT INTO setting VALUES ('theme', '\"dark\"')",
  );
  migrate(
    db,
    folder,
    now,
    migrations.filter(({ version }) => version <= 50),
  );
  expect(db.pragma('user_version', { simple: true })).toBe(50);
  expect(db.prepare('SELECT label FROM source').pluck().all()).toEqual(['files']);
  expect(db.prepare('SELECT value FROM setting').pluck().all()).toEqual(['"dark"']);

  db.exec(`
    INSERT INTO telemetry_load (id, file, bytes, reading, status, started_at, finished_at)
      VALUES (1, 'a', 1, '{}', 'loaded', '', '');
    INSERT INTO telemetry_resource VALUES (1, 'gpu a', 'gpu', 'a', NULL, '{}');
    INSERT INTO telemetry_series (id, resource_id, metric, stat, source) VALUES (1, 1, 'gpu_util', 'sample', 'x:y');
    INSERT INTO telemetry_day VALUES (1, 20000, 1, 1, 1, 1, 0, 1, x'00');
  `);
  const again =
    "INSERT INTO telemetry_series (resource_id, metric, stat, source) VALUES (1, 'gpu_util', 'sample', 'x:y')";
  expect(() => db.exec(again)).toThrow(/UNIQUE/);
  expect(() =>
    db.exec("INSERT INTO telemetry_day VALUES (1, 20001, 9, 1, 1, 1, 0, 1, x'00')"),
  ).toThrow(/FOREIGN KEY/);
  db.exec('DELETE FROM telemetry_resource');
  expect(db.prepare('SELECT count(*) FROM telemetry_day').pluck().get()).toBe(0);
  db.close();
});
