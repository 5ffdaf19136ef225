import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addDecision, allDecided, decidedAbout } from '../../electron/core/decisions/queries.ts';
import { migrate, migrations } from '../../electron/core/store/migrate.ts';

let folder: string;
let db: Database.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'));
  db = new Database(':memory:');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a ledger of before has no decisions, keeps its settings, and takes decisions for good', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  const upTo = (newest: number) =>
    migrate(
      db,
      folder,
      now,
      migrations.filter(({ version }) => version <= newest),
    );
  upTo(70);
  db.exec(`INSERT INTO setting VALUES ('theme', '"dark"')`);
  upTo(90);
  expect(db.prepare('SELECT * FROM setting').all()).toEqual([{ name: 'theme', value: '"dark"' }]);
  expect(allDecided(db)).toEqual([]);

  const names = {
    key: 'USD stop:rerank',
    action: 'stop:rerank',
    title: 'Stop rerank',
    detail: '2 × p4d.24xlarge',
    lever: 'stop' as const,
  };
  const at = '2026-11-24T08:00:00.000Z';
  addDecision(db, names, { at, decision: { kind: 'accept' }, promise: null }, null);
  const entry = { id: 1, at, decision: { kind: 'accept' }, promise: null };
  expect(decidedAbout(db, names.key)).toMatchObject({ names, history: [entry], scope: null });
  expect(() => db.exec('DELETE FROM decision')).toThrow(/never removed/);
  expect(() => db.exec("UPDATE decision SET at = ''")).toThrow(/never changed/);
});

test('the newest entry of a key is found by its index', () => {
  migrate(db, folder, new Date('2026-11-24T00:00:00Z'));
  const plan = db
    .prepare('EXPLAIN QUERY PLAN SELECT * FROM decision WHERE key = ? ORDER BY id')
    .all('USD x') as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toMatch(/USING INDEX decision_key/);
});
