import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishLoad, loadRecords } from '../../electron/core/store/loads.ts';
import { databaseVersion, migrate, migrations } from '../../electron/core/store/migrate.ts';

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

test('refusals that are there ask nothing, later ones what they lack', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  const before = migrations.filter(({ version }) => version < 60);
  migrate(db, folder, now, before);
  db.exec(`INSERT INTO source (label) VALUES ('files');
    INSERT INTO load (source_id, file, bytes, status, code, reason, hint, started_at)
    VALUES (1, 'old.csv', 1, 'refused', 'DATE_BAD', 'r', 'say --date-order', '2026-11-01');`);
  migrate(
    db,
    folder,
    now,
    migrations.filter(({ version }) => version <= 60),
  );
  expect(databaseVersion(db)).toBe(60);
  expect(loadRecords(db)[0]).not.toHaveProperty('asks');
  finishLoad(db, 1, {
    status: 'refused',
    error: { code: 'DATE_BAD', message: 'r', asks: { kind: 'dateOrder', value: '03/04/2026' } },
    now: now.toISOString(),
  });
  expect(loadRecords(db)[0]).toMatchObject({ asks: { kind: 'dateOrder', value: '03/04/2026' } });
});
