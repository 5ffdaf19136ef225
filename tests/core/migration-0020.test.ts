import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../electron/core/store/migrate.ts';
import { first } from '../../electron/core/store/migrations/0010_first.ts';
import { changes } from '../../electron/core/store/migrations/0020_changes.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-11-24T08:00:00Z');

test('version 10 with rows becomes version 20: every row stays, what is new has its default', () => {
  const db = new Database(join(folder, 'outlay.db'));
  db.pragma('foreign_keys = ON');
  migrate(db, folder, now, [first]);
  db.exec(`
    INSERT INTO source VALUES (1, 'files');
    INSERT INTO load (id, source_id, file, bytes, status, started_at)
      VALUES (7, 1, 'oct.csv', 10, 'loaded', '2026-11-01T00:00:00Z');
    INSERT INTO version VALUES (3, 'AWS', '0001', '2026-10', 1, 1, 'FOCUS', 0, '2026-11-01T00:00:00Z');
    INSERT INTO version VALUES (4, 'AWS', '0001', '2026-10', 2, 1, 'FOCUS', 1, '2026-11-04T00:00:00Z');
    INSERT INTO segment VALUES (9, 4, 7, 1, 1, 20000, 20001);
    INSERT INTO segment_column VALUES (9, 'rows', 'u8', x'00');
    INSERT INTO segment_total VALUES (9, 'USD', 1, '4.2', NULL, NULL, NULL);
    INSERT INTO monthly_total VALUES (4, '2026-10', '0042', 'EC2', 'USD', 1, '4.2', NULL, NULL, NULL);
  `);
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  const rows = () =>
    Object.fromEntries(tables.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));
  const before = rows();
  migrate(db, folder, now, [first, changes]);
  expect(rows()).toEqual({
    ...before,
    load: before['load']?.map((row) => ({ ...(row as object), health: null })),
    version: before['version']?.map((row) => ({ ...(row as object), invoiced: 0 })),
  });
  for (const table of ['change', 'change_total', 'change_line', 'setting']) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  }
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});

test('the changes of a period are found by an index', () => {
  const db = new Database(':memory:');
  migrate(db, folder, now, [first, changes]);
  const plan = db
    .prepare("EXPLAIN QUERY PLAN SELECT * FROM change WHERE billing_period = '2026-10'")
    .all() as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('change_by_period');
  db.close();
});
