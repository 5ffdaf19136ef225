import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseVersion, migrate, migrations } from '../../electron/core/store/migrate.ts';
import { readClassification, readRuleText } from '../../electron/core/workloads/queries.ts';

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

test('a ledger of before has no rules and no classification, and names go on changing', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  migrate(
    db,
    folder,
    now,
    migrations.filter(({ version }) => version < 70),
  );
  db.exec(`INSERT INTO value_name VALUES ('sku', 1, 'BoxUsage'), ('account', 1, 'vision')`);
  migrate(
    db,
    folder,
    now,
    migrations.filter(({ version }) => version <= 70),
  );
  expect(databaseVersion(db)).toBe(70);
  expect(readClassification(db)).toBeNull();
  expect(readRuleText(db)).toEqual({ id: 0, text: '', setAt: null, previous: null });

  const stored = () => db.prepare('SELECT count(*) FROM classification').pluck().get();
  const rename = (dimension: string) =>
    db.prepare("UPDATE value_name SET name = name || 'x' WHERE dimension = ?").run(dimension);
  db.exec("INSERT INTO classification VALUES (1, 's', 'v', 0, '{}', x'00')");
  rename('account');
  expect(stored()).toBe(1);
  rename('sku');
  expect(stored()).toBe(0);
});
