import Database from 'better-sqlite3';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { migrate, migrations } from '../../electron/core/store/migrate.ts';
import { openToRead } from '../../electron/core/store/open-copy.ts';
import { databaseFile } from '../../electron/core/store/open.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { canMount, smallDisk } from '../builders/mounts.ts';
import { finished, outlayProcess, spawnOutlay } from '../builders/process.ts';
import { openTestCore, workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 240_000 });

/** Rights do not bind root: then the commands run as the user "nobody". */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const mountable = canMount();
let user: typeof nobody = {};

/** False where rights are another thing, or "nobody" may not even read the program. */
async function rightsBind(): Promise<boolean> {
  if (process.platform === 'win32') return false;
  const { code } = await finished(spawnOutlay(['--help'], {}, nobody)).catch(() => ({ code: 1 }));
  if (code !== 0) console.warn('SKIPPED: tests of rights, because no other user can run Outlay.');
  return code === 0;
}
const withRights = await rightsBind();

let place: Workspace;
let ledger: string;
let newer: string;

beforeAll(async () => {
  place = workspace();
  // Whoever the commands run as must get here.
  chmodSync(place.folder, 0o755);
  ledger = join(place.folder, 'ledger');
  const older = place.file('older.csv', focusCsv([focusRow({ BilledCost: '0.125' })]));
  newer = place.file('newer.csv', focusCsv([focusRow({ BilledCost: '0.25' })]));
  expect((await outlayProcess(['import', older, '--data', ledger])).code).toBe(0);
});
afterAll(async () => {
  // What may not be written cannot be removed either.
  setModes(place.folder, 0o755, 0o644);
  await place.close();
});

/** A copy of the ledger; `folderMode` and `fileMode` bind whoever the commands run as. */
function copyOf(name: string, folderMode: number, fileMode: number): string {
  const data = join(place.folder, name);
  cpSync(ledger, data, { recursive: true });
  setModes(data, folderMode, fileMode);
  return data;
}

function setModes(folder: string, folderMode: number, fileMode: number): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setModes(path, folderMode, fileMode);
    else chmodSync(path, fileMode);
  }
  chmodSync(folder, folderMode);
}

async function run(...argv: string[]): Promise<{ code: number; answer: unknown }> {
  const { code, out } = await finished(spawnOutlay([...argv, '--json'], {}, user));
  return { code, answer: answerOf(out) };
}

/** Without the time that it took. */
function answerOf(out: string): unknown {
  return JSON.parse(out, (key, value: unknown) => (key === 'elapsedMs' ? undefined : value));
}

/** Names, sizes and times of all that is in a folder. */
function listing(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => [String(name), statSync(join(folder, String(name)))] as const)
    .map(([name, { size, mtimeMs }]) => `${name} ${size} ${mtimeMs}`)
    .sort();
}

const questions = [
  ['costs', '--by', 'service,resource'],
  ['loads'],
  ['changes'],
  ['lines'],
  ['loads', '--health', '1'],
];
const changesOf = () => [
  ['import', newer, '--replace'],
  ['import', newer],
  ['sample'],
  ['remove', '--source', 'files'],
];

/** Every question is answered as ever, every change refused, and nothing is touched. */
async function onlyReads(data: string): Promise<void> {
  const before = listing(data);
  for (const question of questions) {
    const asEver = await outlayProcess([...question, '--json', '--data', ledger]);
    expect(await run(...question, '--data', data), question.join(' ')).toEqual({
      code: 0,
      answer: answerOf(asEver.out),
    });
  }
  const doctor = await run('doctor', '--data', data);
  expect(doctor.code, JSON.stringify(doctor.answer)).toBe(0);
  const out = join(place.folder, 'out');
  mkdirSync(out, { recursive: true });
  chmodSync(out, 0o777);
  for (const form of ['csv', 'parquet']) {
    const file = join(out, `all.${form}`);
    const exported = await run('export', 'focus', '--out', file, '--data', data);
    expect(exported).toMatchObject({ code: 0, answer: { rows: 1 } });
  }
  for (const change of changesOf()) {
    expect(await run(...change, '--data', data), change.join(' ')).toEqual({
      code: 1,
      answer: {
        error: {
          code: 'READ_ONLY',
          message: `${data} cannot be written. Nothing was changed.`,
          hint: expect.stringContaining('writable'),
        },
      },
    });
  }
  expect(listing(data)).toEqual(before);
}

describe.skipIf(!withRights)('without the right to write', () => {
  beforeAll(() => {
    user = nobody;
  });
  afterAll(() => {
    user = {};
  });

  test('a data folder is read, and no change is made to it', () =>
    onlyReads(copyOf('folder', 0o555, 0o444)));

  test('a database file is read, and no change is made to it', async () => {
    const data = copyOf('file', 0o777, 0o666);
    chmodSync(join(data, databaseFile), 0o444);
    const { answer } = await run('costs', '--data', data);
    expect(answer).toMatchObject({ totals: [{ cost: '0.125' }] });
    for (const change of changesOf()) {
      expect(await run(...change, '--data', data), change.join(' ')).toMatchObject({
        code: 1,
        answer: { error: { code: 'READ_ONLY', message: expect.stringContaining(data) } },
      });
    }
    expect((await run('costs', '--data', data)).answer).toEqual(answer);
  });

  test('what is only in the write-ahead log of a killed process is read too', async () => {
    const data = join(place.folder, 'killed');
    cpSync(ledger, data, { recursive: true });
    const holder = new Database(join(data, databaseFile));
    holder.pragma('wal_autocheckpoint = 0');
    // Held open, so that the import that ends does not fold its log into the file.
    holder.prepare('SELECT count(*) FROM load').get();
    expect((await outlayProcess(['import', newer, '--replace', '--data', data])).code).toBe(0);
    const found = join(place.folder, 'killed-copy');
    mkdirSync(found);
    for (const name of [databaseFile, `${databaseFile}-wal`]) {
      copyFileSync(join(data, name), join(found, name));
    }
    holder.close();
    expect(statSync(join(found, `${databaseFile}-wal`)).size).toBeGreaterThan(0);
    setModes(found, 0o555, 0o444);
    expect((await run('costs', '--data', found)).answer).toMatchObject({
      totals: [{ cost: '0.25' }],
    });
    expect(readdirSync(found).sort()).toEqual([databaseFile, `${databaseFile}-wal`]);
  });

  test('a folder that cannot be read either says so', async () => {
    const data = copyOf('closed', 0o755, 0o644);
    chmodSync(data, 0o000);
    expect(await run('costs', '--data', data)).toMatchObject({
      code: 1,
      answer: { error: { code: 'DATABASE_UNREADABLE', message: expect.stringContaining(data) } },
    });
    chmodSync(data, 0o755);
  });

  test('a bill that cannot be read is refused, the others come in', async () => {
    const data = copyOf('source', 0o777, 0o666);
    const secret = place.file('bills/secret.csv', focusCsv([focusRow({ BilledCost: '9' })]));
    chmodSync(secret, 0o000);
    const alone = await run('import', secret, '--data', data);
    expect(alone).toMatchObject({
      code: 2,
      answer: {
        loads: [
          {
            status: 'refused',
            code: 'FILE_UNREADABLE',
            reason: 'secret.csv cannot be read: no permission.',
            hint: expect.stringContaining('permission'),
          },
        ],
      },
    });
    expect((await run('costs', '--data', data)).answer).toMatchObject({
      totals: [{ cost: '0.125' }],
    });
    const february = { BillingPeriodStart: '2020-02-01', ChargePeriodStart: '2020-02-02' };
    const other = place.file('bills/other.csv', focusCsv([focusRow(february)]));
    const both = await run('import', other, secret, '--data', data);
    expect(both).toMatchObject({
      code: 3,
      answer: { loads: [{ status: 'loaded' }, { status: 'refused', code: 'FILE_UNREADABLE' }] },
    });
  });
});

describe.skipIf(!mountable)('on a disk that is mounted read-only', () => {
  test('everything is read, and no change is made', async () => {
    const disk = smallDisk(join(place.folder, 'disk'), 16 * 2 ** 20);
    try {
      const data = join(disk.folder, 'data');
      cpSync(ledger, data, { recursive: true });
      setModes(data, 0o755, 0o644);
      disk.forbidWriting();
      await onlyReads(data);
      expect(await run('costs', '--data', join(disk.folder, 'new'))).toMatchObject({
        code: 1,
        answer: { error: { code: 'READ_ONLY' } },
      });
      // In one process too, whose job thread has to refuse.
      const core = openTestCore(data);
      const refused = await core.call('import.run', { job: 'a', paths: [newer] });
      const kept = await core.call('settings.set', { theme: 'dark' });
      const costs = await core.call('costs.query', {});
      await core.close();
      expect(refused).toMatchObject({ ok: false, error: { code: 'READ_ONLY' } });
      expect(kept).toMatchObject({ ok: false, error: { code: 'READ_ONLY' } });
      expect(costs).toMatchObject({ ok: true, value: { totals: [{ cost: '0.125' }] } });
    } finally {
      disk.close();
    }
  });

  test('a database of an older version is brought up to date in the copy', () => {
    const disk = smallDisk(join(place.folder, 'disk'), 16 * 2 ** 20);
    try {
      const db = new Database(join(disk.folder, databaseFile));
      db.pragma('journal_mode = WAL');
      migrate(db, disk.folder, new Date(), migrations.slice(0, 1));
      db.prepare('INSERT INTO source (label) VALUES (?)').run('kept');
      db.close();
      const before = listing(disk.folder);
      disk.forbidWriting();
      const opened = openToRead(disk.folder, new Date());
      expect(opened.refusal?.code).toBe('READ_ONLY');
      expect(opened.db.prepare('SELECT label FROM source').pluck().get()).toBe('kept');
      expect(opened.db.prepare('SELECT count(*) FROM detail').pluck().get()).toBe(0);
      opened.db.close();
      expect(listing(disk.folder)).toEqual(before);
    } finally {
      disk.close();
    }
  });
});
