import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, posix, resolve, sep, win32 } from 'node:path';
import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiveUpload, safeParts, sweepInbox } from '../../electron/hosts/upload.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'outlay-upload-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

describe('safeParts', () => {
  it.each([
    ['november.csv.gz', ['november.csv.gz']],
    ['bills/2026/11.parquet', ['bills', '2026', '11.parquet']],
    ['..\\..\\windows\\system.ini', ['windows', 'system.ini']],
    ['../../etc/passwd', ['etc', 'passwd']],
    ['/etc/passwd', ['etc', 'passwd']],
    ['C:\\bills\\a.csv', ['C_', 'bills', 'a.csv']],
    ['a.csv:stream', ['a.csv_stream']],
    ['nul.csv', ['_nul.csv']],
    ['COM1', ['_COM1']],
    ['console.csv', ['console.csv']],
    ['a\u0000b\n.csv', ['a_b_.csv']],
    ['Rechnung Oktober é.csv', ['Rechnung Oktober é.csv']],
    ['.hidden.csv', ['.hidden.csv']],
    ['a.csv. . ', ['a.csv']],
    ['', ['file']],
    ['././..', ['file']],
  ])('%j', (name, parts) => {
    expect(safeParts(name)).toEqual(parts);
  });

  it('keeps the last 16 parts of a deep path', () => {
    const parts = Array.from({ length: 40 }, (_none, index) => `f${index}`);
    expect(safeParts(parts.join('/'))).toEqual(parts.slice(24));
  });

  it('cuts a long name at its start, so that the ending still names the format', () => {
    const [name = ''] = safeParts(`${'ü'.repeat(400)}.csv.gz`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name.endsWith('ü.csv.gz')).toBe(true);
    for (const shift of ['', 'a', 'ab', 'abc']) {
      const [pairs = ''] = safeParts(`${'😀'.repeat(300)}${shift}.csv`);
      expect(pairs.isWellFormed()).toBe(true);
      expect(Buffer.byteLength(pairs)).toBeGreaterThan(190);
      expect(Buffer.byteLength(pairs)).toBeLessThanOrEqual(200);
    }
  });

  it('never leads out of a folder, on any platform, whatever the name', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', 'C:', '\u0000', 'con', ' ', '...', '%2e%2e', '~'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }).map((list) => list.join('')),
        (name) => {
          const parts = safeParts(name);
          expect(parts.length).toBeGreaterThan(0);
          for (const path of [posix, win32]) {
            const root = path === posix ? '/data/inbox/1-a' : 'C:\\data\\inbox\\1-a';
            const full = path.resolve(root, ...parts);
            expect(full.startsWith(root + path.sep)).toBe(true);
            expect(path.relative(root, full).split(path.sep)).toEqual(parts);
          }
        },
      ),
      { numRuns: 3000, seed: 7 },
    );
  });
});

it('makes every name a file inside its own folder of the inbox', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (name) => {
      const path = await receiveUpload(data, name, Readable.from(['x']));
      expect(isAbsolute(path) && existsSync(path)).toBe(true);
      expect(resolve(path).startsWith(join(data, 'inbox') + sep)).toBe(true);
    }),
    { numRuns: 150, seed: 7 },
  );
});

describe('a refusal of the system', () => {
  const failing = (code: string) =>
    Readable.from(
      (async function* () {
        yield 'x';
        throw Object.assign(new Error('write failed'), { code });
      })(),
    );

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EROFS', 'READ_ONLY'],
    ['EACCES', 'READ_ONLY'],
  ])('%s answers %s and leaves nothing', async (code, expected) => {
    await expect(receiveUpload(data, 'a.csv', failing(code))).rejects.toMatchObject({
      code: expected,
      message: expect.stringMatching(/nothing was changed/i),
      hint: expect.any(String),
    });
    expect(readdirSync(join(data, 'inbox'))).toEqual([]);
  });

  it('that is a defect passes through', async () => {
    writeFileSync(join(data, 'inbox'), 'a file where the folder should be');
    await expect(receiveUpload(data, 'a.csv', Readable.from(['x']))).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
  });
});

describe('sweepInbox', () => {
  const folder = (name: string, ageMs = 0) => {
    const path = join(data, 'inbox', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'a.csv'), 'x');
    const time = (Date.now() - ageMs) / 1000;
    utimesSync(path, time, time);
  };
  /** The number of a process that has ended. */
  const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

  it('removes what ended processes, this one and nobody left, and old folders', async () => {
    folder(`${deadPid()}-dead`);
    folder(`${process.pid}-own`);
    folder('stray');
    folder(`${process.ppid}-old`, 25 * 3_600_000);
    folder(`${process.ppid}-working`);
    await sweepInbox(data, Date.now());
    expect(readdirSync(join(data, 'inbox'))).toEqual([`${process.ppid}-working`]);
  });

  it('is content with no inbox at all', async () => {
    await sweepInbox(data, Date.now());
    expect(existsSync(join(data, 'inbox'))).toBe(false);
  });
});
