import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../electron/core/store/migrate.ts';
import { first } from '../../electron/core/store/migrations/0010_first.ts';
import { changes } from '../../electron/core/store/migrations/0020_changes.ts';
import { detail } from '../../electron/core/store/migrations/0030_detail.ts';
import { prices } from '../../electron/core/store/migrations/0040_prices.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date('2026-11-24T08:00:00Z');

test('version 30 with rows becomes version 40: every row stays, and there are no prices yet', () => {
  const db = new Database(join(folder, 'outlay.db'));
  db.pragma('foreign_keys = ON');
  migrate(db, folder, now, [first, changes, detail]);
  db.exec(`
    INSERT INTO source VALUES (1, 'files');
    INSERT INTO load (id, source_id, file, bytes, status, started_at, health, reading)
      VALUES (7, 1, 'oct.csv', 10, 'loaded', '2026-11-01T00:00:00Z', '{}', '{"currency":"EUR"}');
    INSERT INTO version VALUES (4, 'AWS', '0001', '2026-10', 2, 1, 'FOCUS', 1, '2026-11-04T00:00:00Z', 1);
    INSERT INTO segment VALUES (9, 4, 7, 1, 1, 20000, 20001);
    INSERT INTO detail VALUES (7, 'source', 1, '{}', 1, 1, '2026-11-01T00:00:00Z');
    INSERT INTO setting VALUES ('theme', '"dark"');
  `);
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  const rows = () =>
    Object.fromEntries(tables.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all()]));
  const before = rows();
  migrate(db, folder, now, [first, changes, detail, prices]);
  expect(db.pragma('user_version', { simple: true })).toBe(40);
  expect(rows()).toEqual(before);
  expect(db.prepare('SELECT count(*) FROM price').pluck().get()).toBe(0);

  const sheet = db.prepare(
    `INSERT INTO price_sheet VALUES (?, 'a.csv', 'Outlay price sheet', ?, '2026-01-01', ?, '{}', 1, 1, '[]', '')`,
  );
  sheet.run(1, 'negotiated', 'a');
  expect(() => sheet.run(2, 'negotiated', 'a')).toThrow(/UNIQUE/);
  expect(() => sheet.run(2, 'guessed', 'b')).toThrow(/CHECK/);
  const price = db.prepare(
    `INSERT INTO price VALUES (?, 1, 'aws', 'P5.48xlarge', '', '', '', 'USD', 'Hour', ?, '', 0, '', '0', '1', NULL, '', NULL)`,
  );
  price.run(1, 'on-demand');
  expect(() => price.run(3, 'on-demand')).toThrow(/FOREIGN KEY/);
  expect(() => price.run(1, 'gift')).toThrow(/CHECK/);
  const question = "SELECT count(*) FROM price WHERE sku = 'p5.48XLARGE'";
  expect(db.prepare(question).pluck().get()).toBe(1);
  expect(JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${question}`).all())).toContain(
    'price_by_sku',
  );
  db.exec('DELETE FROM price_sheet');
  expect(db.prepare('SELECT count(*) FROM price').pluck().get()).toBe(0);
  db.close();
});
