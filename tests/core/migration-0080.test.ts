import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { keep, kept } from '../../electron/core/savings/plan-store.ts';
import { databaseVersion, migrate, migrations } from '../../electron/core/store/migrate.ts';

test('a ledger of before has no plans; those that are kept are the last forty', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-migration-'));
  const db = new Database(':memory:');
  try {
    const now = new Date('2026-11-24T00:00:00Z');
    const upTo = (last: number) => migrations.filter(({ version }) => version <= last);
    migrate(db, folder, now, upTo(70));
    db.exec(`INSERT INTO setting VALUES ('detail', 'false')`);
    migrate(db, folder, now, upTo(80));
    expect(databaseVersion(db)).toBe(80);
    expect(db.prepare('SELECT value FROM setting').pluck().all()).toEqual(['false']);
    expect(kept(db, 'key 1')).toBeNull();
    for (let n = 1; n <= 41; n++) {
      const plan = { status: 'missing', notes: [`plan ${n}`] };
      await keep(db, `key ${n}`, plan, new Date(now.getTime() + n));
    }
    expect(kept(db, 'key 1')).toBeNull();
    expect(kept(db, 'key 2')).toMatchObject({ notes: ['plan 2'] });
    expect(db.prepare('SELECT count(*) FROM savings_plan').pluck().get()).toBe(40);
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
