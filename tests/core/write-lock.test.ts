import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeWriteLock } from '../../electron/core/store/write-lock.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace } from '../builders/workspace.ts';

const lockModule = new URL('../../electron/core/store/write-lock.ts', import.meta.url).href;

let folder: string;
let holder: ChildProcess | null = null;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outlay-lock-'))));
afterEach(() => {
  holder?.kill('SIGKILL');
  holder = null;
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the lock until it is killed. */
async function holdElsewhere(dataFolder: string): Promise<ChildProcess> {
  const code = `
    const { takeWriteLock } = await import(${JSON.stringify(lockModule)});
    // Held by a name: what nothing refers to is closed when memory is tidied up.
    globalThis.lock = takeWriteLock(${JSON.stringify(dataFolder)}, 0);
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  holder = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout!, 'data');
  return holder;
}

const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof OutlayError ? error.code : String(error);
  }
  return null;
};

test('a second taker waits its time, then is told', async () => {
  await holdElsewhere(folder);
  const started = performance.now();
  expect(codeOf(() => takeWriteLock(folder, 300))).toBe('LOCKED');
  expect(performance.now() - started).toBeGreaterThanOrEqual(290);
});

test('the lock of a killed process is free at once', async () => {
  const killed = await holdElsewhere(folder);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const lock = takeWriteLock(folder, 0);
  expect(codeOf(() => takeWriteLock(folder, 0))).toBe('LOCKED');
  lock.release();
  takeWriteLock(folder, 0).release();
});

test('an import beside a writing process waits and then answers LOCKED; readers go on', {
  timeout: 60_000,
}, async () => {
  const place = workspace();
  try {
    await place.load(place.file('a.csv', focusCsv([focusRow()])));
    await holdElsewhere(place.data);
    const started = performance.now();
    const later = place.refusal('import.run', {
      job: 'locked',
      paths: [place.file('b.csv', focusCsv([focusRow()]))],
    });
    const answer = await place.call('costs.query', {});
    expect(answer.totals).toEqual([{ currency: 'USD', cost: '1.25', unknownRows: 0 }]);
    expect((await later).code).toBe('LOCKED');
    expect(performance.now() - started).toBeGreaterThanOrEqual(9_900);
    const cli = await place.cli('loads', '--json');
    expect(cli.code).toBe(0);
  } finally {
    await place.close();
  }
});
