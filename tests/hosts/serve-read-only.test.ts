import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { canMount, smallDisk, type SmallDisk } from '../builders/mounts.ts';
import { outlayProcess } from '../builders/process.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

const mountable = canMount();

let place: Workspace;
let disk: SmallDisk;
let data: string;
let child: ChildProcess;
let said = '';

beforeEach(async () => {
  place = workspace();
  mkdirSync(join(place.folder, 'renderer'));
  writeFileSync(join(place.folder, 'renderer', 'index.html'), '<head></head><body>page</body>');
});
afterEach(async () => {
  if (child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  disk.close();
  await place.close();
});

/** The window host in a process of its own; answers once it has printed where it is. */
async function start(...args: string[]): Promise<{ address: string; launch: string }> {
  said = '';
  child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'run-serve.ts'),
      `--data=${data}`,
      `--renderer=${join(place.folder, 'renderer')}`,
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  }
  await expect.poll(() => said, { timeout: 30_000 }).toMatch(/#launch=[\w-]{43}\b/);
  const [, address = '', launch = ''] = /(http:\S+)\/#launch=(\S+)/.exec(said) ?? [];
  return { address, launch };
}

describe.skipIf(!mountable)('the window host on a disk that is mounted read-only', () => {
  test('shows what is loaded, says so, and refuses changes in the words of the terminal', async () => {
    const ledger = join(place.folder, 'ledger');
    const bill = place.file('bill.csv', focusCsv([focusRow({ BilledCost: '0.125' })]));
    expect((await outlayProcess(['import', bill, '--data', ledger])).code).toBe(0);
    disk = smallDisk(join(place.folder, 'disk'), 16 * 2 ** 20);
    data = join(disk.folder, 'data');
    cpSync(ledger, data, { recursive: true });
    // What a killed window host left behind; it cannot be swept now.
    mkdirSync(join(data, 'inbox', '1-dead'), { recursive: true });
    disk.forbidWriting();
    const before = readdirSync(data, { recursive: true }).map(String).sort();

    const { address, launch } = await start();
    expect(said).toContain('read only');
    const post = async (path: string, body: string, headers: Record<string, string>) => {
      const response = await fetch(`${address}${path}`, {
        method: 'POST',
        headers: { origin: address, ...headers },
        body,
      });
      return (await response.json()) as Record<string, unknown>;
    };
    const json = { 'content-type': 'application/json' };
    const { session } = await post('/api/session', JSON.stringify({ launch }), json);
    const headers = { ...json, 'x-outlay-session': String(session) };
    const call = (name: string, input: unknown) =>
      post('/api/call', JSON.stringify({ name, input }), headers);

    expect(await call('app.info', {})).toMatchObject({ value: { readOnly: 'READ_ONLY' } });
    expect(await call('costs.query', {})).toMatchObject({
      value: { totals: [{ cost: '0.125' }] },
    });
    const { out } = await outlayProcess(['import', bill, '--replace', '--json', '--data', data]);
    const refused = JSON.parse(out) as { error: unknown };
    expect(refused.error).toMatchObject({ code: 'READ_ONLY' });
    expect(
      await post('/api/upload?name=more.csv', 'text', {
        'content-type': 'application/octet-stream',
        'x-outlay-session': String(session),
      }),
    ).toEqual(refused);
    expect(await call('import.run', { job: 'a', paths: [bill], replace: true })).toMatchObject({
      ok: false,
      ...refused,
    });

    child.kill('SIGTERM');
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
    expect(readdirSync(data, { recursive: true }).map(String).sort()).toEqual(before);
  });
});
