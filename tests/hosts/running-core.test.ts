import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Core } from '../../electron/core/api.ts';
import { runCli } from '../../electron/hosts/cli.ts';
import { readInstance } from '../../electron/hosts/instance.ts';
import { runningCore } from '../../electron/hosts/running-core.ts';
import { appVersion } from '../../electron/hosts/version.ts';
import type { JobProgress } from '../../shared/contract/sources.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';

vi.setConfig({ testTimeout: 60_000 });

let root: string;
let data: string;
let host: ChildProcess;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'outlay-running-'));
  data = join(root, 'data');
  mkdirSync(join(root, 'renderer'));
  writeFileSync(join(root, 'renderer', 'index.html'), '<head></head><body>page</body>');
  const args = [`--data=${data}`, `--renderer=${join(root, 'renderer')}`];
  host = spawn(process.execPath, [join(import.meta.dirname, 'run-serve.ts'), ...args], {
    stdio: 'ignore',
  });
  await vi.waitFor(() => expect(readInstance(data)).not.toBeNull(), 20_000);
});
afterEach(async () => {
  if (host.exitCode === null && host.signalCode === null) {
    host.kill('SIGKILL');
    await once(host, 'exit');
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

function bill(name: string, rows: number): string {
  const path = join(root, name);
  const charge = (i: number) => focusRow({ ResourceId: `${name}-${i}`, BilledCost: '0.25' });
  writeFileSync(path, focusCsv(Array.from({ length: rows }, (_, i) => charge(i))));
  return path;
}

async function reached(): Promise<Core> {
  const core = await runningCore(data, appVersion());
  if (!core) throw new Error('the running window was not reached');
  return core;
}

/** One command in this process; whose core did the work is seen in the host. */
async function command(...argv: string[]): Promise<{ code: number; value: unknown; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli([...argv, '--data', data, '--json'], {
    platform: process.platform,
    env: process.env,
    out: (text) => (out += text),
    err: (text) => (err += text),
    buildWindow: async () => {},
  });
  return { code, value: JSON.parse(out), err };
}

test('a command that writes is done by the window that is open, and tells of its own jobs', async () => {
  const one = await reached();
  const other = await reached();
  const told: JobProgress[] = [];
  other.on('job.progress', (state) => told.push(state));
  await vi.waitFor(async () => {
    await other.call('import.run', { job: 'two', paths: [join(root, 'none.csv')] });
    expect(told).not.toEqual([]);
  }, 20_000);
  const [first, second] = await Promise.all([
    one.call('import.run', { job: 'one', paths: [bill('a.csv', 2000)] }),
    other.call('import.run', { job: 'two', paths: [bill('b.csv', 3)], add: true }),
  ]);
  expect(first.ok && first.value.loads.map(({ status }) => status)).toEqual(['loaded']);
  expect(second.ok).toBe(true);
  expect(new Set(told.map(({ job }) => job))).toEqual(new Set(['two']));
  await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ step: 'done', rows: 3 }));
  const listed = await one.call('jobs.list', {});
  expect(listed.ok && listed.value.jobs.every(({ job }) => job === 'one')).toBe(true);
  await Promise.all([one.close(), other.close()]);
});

test('the terminal hands its import over: no lock of its own, and the same answer', async () => {
  const path = bill('a.csv', 4);
  const done = await command('import', path);
  expect(done).toMatchObject({ code: 0, value: { loads: [{ status: 'loaded' }] } });
  const again = await command('import', path);
  expect(again).toMatchObject({ code: 0, value: { loads: [{ status: 'unchanged' }] } });
  expect(await command('import', join(root, 'none.csv'))).toMatchObject({ code: 2 });
  expect(await command('remove', '--source', 'files')).toMatchObject({ code: 0 });
  // Nothing of this process ever took the lock: a host of another version would not be asked.
  expect(await runningCore(data, '0.0.0-other')).toBeNull();
});

test('a window that is closed meanwhile ends the command with what became of it', async () => {
  const core = await reached();
  const answer = core.call('import.run', { job: 'long', paths: [bill('a.csv', 60_000)] });
  host.kill('SIGKILL');
  await expect(answer).rejects.toMatchObject({ code: 'CANCELLED' });
  // Its file is still there, and nobody answers: the command does the work itself.
  expect(readInstance(data)).not.toBeNull();
  expect(await runningCore(data, appVersion())).toBeNull();
  expect(await command('import', bill('b.csv', 2))).toMatchObject({ code: 0 });
});
