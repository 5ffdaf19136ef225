import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../electron/core/store/migrate.ts';
import { first } from '../../electron/core/store/migrations/0010_first.ts';
import { changes } from '../../electron/core/store/migrations/0020_changes.ts';
import { detail } from '../../electron/core/store/migrations/0030_detail.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-11-24T08:00:00Z');

test('version 20 with rows becomes version 30: every row stays, and no load has lines yet', () => {
  const db = new Database(join(folder, 'outlay.db'));
  db.pragma('foreign_keys = ON');
  migrate(db, folder, now, [first, changes]);
  db.exec(`
    INSERT INTO source VALUES (1, 'files');
    INSERT INTO load (id, source_id, file, bytes, status, started_at, health)
      VALUES (7, 1, 'oct.csv', 10, 'loaded', '2026-11-01T00:00:00Z', '{}');
    INSERT INTO version VALUES (4, 'AWS', '0001', '2026-10', 2, 1, 'FOCUS', 1, '2026-11-04T00:00:00Z', 1);
    INSERT INTO segment VALUES (9, 4, 7, 1, 1, 20000, 20001);
    INSERT INTO setting VALUES ('theme', '"dark"');
  `);
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  const rows = () =>
    Object.fromEntries(tables.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));
  const before = rows();
  migrate(db, folder, now, [first, changes, detail]);
  expect(db.pragma('user_version', { simple: true })).toBe(30);
  for (const load of before['load'] ?? []) Object.assign(load as object, { reading: '{}' });
  expect(rows()).toEqual(before);
  expect(db.prepare('SELECT count(*) FROM detail').pluck().get()).toBe(0);
  expect(db.pragma('foreign_key_check')).toEqual([]);

  const add = db.prepare('INSERT INTO detail VALUES (?, ?, 1, ?, 1, 1, ?)');
  add.run(7, 'source', '{}', now.toISOString());
  expect(() => add.run(8, 'source', '{}', now.toISOString())).toThrow(/FOREIGN KEY/);
  expect(() => add.run(7, 'picture', '{}', now.toISOString())).toThrow(/CHECK/);
  db.exec('DELETE FROM segment; DELETE FROM load');
  expect(db.prepare('SELECT count(*) FROM detail').pluck().get()).toBe(0);
  db.close();
});
