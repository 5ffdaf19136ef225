import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  databaseVersion,
  migrate,
  type Migration,
  migrations,
  newestVersion,
} from '../../electron/core/store/migrate.ts';
import { openStore } from '../../electron/core/store/open.ts';
import { OutlayError } from '../../shared/contract/errors.ts';

const now = new Date('2026-11-24T08:00:00Z');
const first: Migration = {
  version: 10,
  name: 'first',
  up: 'CREATE TABLE charge (id INTEGER PRIMARY KEY, cost TEXT NOT NULL) STRICT;',
};
const second: Migration = {
  version: 20,
  name: 'second',
  up: `ALTER TABLE charge ADD COLUMN currency TEXT NOT NULL DEFAULT 'USD';
       CREATE INDEX charge_by_currency ON charge (currency);`,
};

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outlay-migrate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = () => join(folder, 'outlay.db');
const backups = () =>
  existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')) : [];
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof OutlayError) return error.code;
    throw error;
  }
  return null;
};

test('an empty folder gets the newest version, strict tables and no backup', () => {
  const db = openStore(folder, now);
  expect(databaseVersion(db)).toBe(newestVersion);
  const loose = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  expect(loose).toEqual([]);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
  db.close();
  expect(backups()).toEqual([]);
});

test('versions are in tens and rise', () => {
  const versions = migrations.map((migration) => migration.version);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  expect(versions.every((version) => version > 0 && version % 10 === 0)).toBe(true);
});

test('an older database is copied first, then migrated with its rows', () => {
  const db = new Database(path());
  migrate(db, folder, now, [first]);
  db.exec("INSERT INTO charge VALUES (1, '4.17345945343')");
  migrate(db, folder, now, [first, second]);
  expect(databaseVersion(db)).toBe(20);
  expect(db.prepare('SELECT * FROM charge').all()).toEqual([
    { id: 1, cost: '4.17345945343', currency: 'USD' },
  ]);
  db.close();
  expect(backups()).toEqual(['outlay-20261124T080000-v10.db']);
  const copy = new Database(join(folder, 'backups', backups()[0] ?? ''), { readonly: true });
  expect(databaseVersion(copy)).toBe(10);
  expect(copy.prepare('SELECT * FROM charge').all()).toEqual([{ id: 1, cost: '4.17345945343' }]);
  copy.close();
});

test('a database that is up to date is not copied', () => {
  const db = new Database(path());
  migrate(db, folder, now, [first]);
  migrate(db, folder, now, [first]);
  db.close();
  expect(backups()).toEqual([]);
});

test('a step that fails leaves version, tables and rows as they were', () => {
  const db = new Database(path());
  migrate(db, folder, now, [first]);
  db.exec("INSERT INTO charge VALUES (1, '1')");
  const broken: Migration = {
    version: 30,
    name: 'broken',
    up: 'CREATE TABLE x (a TEXT) STRICT; SELECT missing;',
  };
  expect(() => migrate(db, folder, now, [first, second, broken])).toThrow(/no such column/);
  expect(databaseVersion(db)).toBe(10);
  expect(db.prepare('SELECT * FROM charge').all()).toEqual([{ id: 1, cost: '1' }]);
  expect(db.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'x'").pluck().get()).toBe(0);
  db.close();
});

test('three backups are kept, the newest ones', () => {
  const db = new Database(path());
  const steps = [10, 20, 30, 40, 50].map((version) => ({
    version,
    name: `step ${version}`,
    up: `CREATE TABLE t${version} (a) STRICT;`.replace('(a)', '(a TEXT)'),
  }));
  for (const [i] of steps.entries()) {
    migrate(db, folder, new Date(now.getTime() + i * 1000), steps.slice(0, i + 1));
  }
  db.close();
  expect(backups().sort()).toEqual([
    'outlay-20261124T080002-v20.db',
    'outlay-20261124T080003-v30.db',
    'outlay-20261124T080004-v40.db',
  ]);
});

test('a database of a newer Outlay is refused and not touched', () => {
  const db = new Database(path());
  db.exec('CREATE TABLE future (a TEXT) STRICT; PRAGMA user_version = 9990;');
  db.close();
  const before = readFileSync(path());
  expect(codeOf(() => openStore(folder, now))).toBe('DATABASE_NEWER');
  expect(readFileSync(path()).equals(before)).toBe(true);
  expect(backups()).toEqual([]);
});

test('a file that is not a database is refused and not touched', () => {
  writeFileSync(path(), 'dear diary, this is not a database. '.repeat(300));
  const before = readFileSync(path());
  expect(codeOf(() => openStore(folder, now))).toBe('DATABASE_DAMAGED');
  expect(readFileSync(path()).equals(before)).toBe(true);
});

test('a data folder that is a file is refused with what to do', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(codeOf(() => openStore(join(folder, 'file'), now))).toBe('DATABASE_UNREADABLE');
});

test('a restored backup opens as the database it was', () => {
  openStore(folder, now).close();
  const db = new Database(path());
  db.exec("INSERT INTO source (label) VALUES ('kept')");
  db.prepare('VACUUM INTO ?').run(join(folder, 'copy.db'));
  db.close();
  const restored = join(folder, 'restored');
  openStore(restored, now).close();
  for (const end of ['', '-wal', '-shm'])
    rmSync(join(restored, `outlay.db${end}`), { force: true });
  copyFileSync(join(folder, 'copy.db'), join(restored, 'outlay.db'));
  const again = openStore(restored, now);
  expect(again.prepare('SELECT label FROM source').pluck().all()).toEqual(['kept']);
  again.close();
});
