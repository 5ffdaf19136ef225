import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildElectron, isElectronBuilt } from '../../build/electron.ts';
import { linkCore } from '../../electron/main/core-link.ts';
import { buildRenderer } from '../../build/renderer.ts';
import { findChromium, launchChromium } from './chromium.ts';
import { FakeChild } from './fake-electron.ts';

const root = join(import.meta.dirname, '..', '..');
const preload = () => readFileSync(join(root, 'dist', 'preload', 'preload.cjs'), 'utf8');

beforeAll(async () => {
  await buildRenderer(root, () => {});
  if (!isElectronBuilt(root)) await buildElectron(root);
}, 120_000);

describe('the built preload', () => {
  /** Runs it as a sandboxed preload runs: with nothing but `require` of electron. */
  function run() {
    const required: string[] = [];
    const exposed = new Map<string, Record<string, (...args: never[]) => unknown>>();
    const invoked: unknown[][] = [];
    const listeners = new Map<string, Set<(...args: unknown[]) => void>>();
    const of = (channel: string) => {
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set);
      return set;
    };
    const electron = {
      contextBridge: {
        exposeInMainWorld: (name: string, api: never) => exposed.set(name, api),
      },
      ipcRenderer: {
        invoke: async (...args: unknown[]) => {
          invoked.push(args);
          return 'answer';
        },
        on: (channel: string, listener: never) => of(channel).add(listener),
        off: (channel: string, listener: never) => of(channel).delete(listener),
      },
    };
    const require = (name: string) => {
      required.push(name);
      return electron;
    };
    vm.runInNewContext(preload(), { require, exports: {}, module: { exports: {} } });
    return { required, exposed, invoked, of };
  }

  it('requires electron alone and exposes exactly call and on', () => {
    const { required, exposed } = run();
    expect(new Set(required)).toEqual(new Set(['electron']));
    expect([...exposed.keys()]).toEqual(['outlay']);
    expect(Object.keys(exposed.get('outlay') ?? {}).sort()).toEqual(['call', 'on']);
  });

  it('reaches one channel out and one in, and hands on no event object', async () => {
    const { exposed, invoked, of } = run();
    const { call, on } = exposed.get('outlay') as unknown as {
      call: (name: string, input: unknown) => Promise<unknown>;
      on: (name: string, listener: (...args: unknown[]) => void) => () => void;
    };
    expect(await call('app.info', {})).toBe('answer');
    expect(invoked).toEqual([['outlay:call', 'app.info', {}]]);
    const heard: unknown[][] = [];
    const stop = on('data.changed', (...args) => heard.push(args));
    const emit = (...args: unknown[]) => {
      for (const listener of of('outlay:event')) listener({ sender: 'secret' }, ...args);
    };
    emit('data.changed', { reason: 'import' });
    emit('job.progress', { job: 'j1' });
    stop();
    emit('data.changed', { reason: 'remove' });
    expect(heard).toEqual([[{ reason: 'import' }]]);
    expect(of('outlay:event').size).toBe(0);
  });
});

const program = findChromium();

/**
 * All of the desktop app but Electron: the real main over the fake module, the built core
 * process, the built preload and the built renderer, in the engine that Electron embeds.
 */
describe.skipIf(program === null)('the desktop app in Chromium', { timeout: 120_000 }, () => {
  /** Stands for app://outlay, which only Electron knows. */
  const site = 'https://outlay.invalid';
  let browser: Browser;
  let page: Page;
  let data: string;
  let complaints: string[];
  let quit: () => Promise<void>;

  beforeAll(async () => {
    browser = await launchChromium(program ?? '');
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'outlay-desktop-'));
    vi.stubEnv('OUTLAY_DATA', data);
    vi.resetModules();
    const { record } = await import('./fake-electron.ts');
    record.app.root = root;
    record.startChild = startCore;
    await import('../../electron/main/main.ts');
    await vi.waitUntil(() => record.windows[0]?.shown);
    const contents = record.windows[0]!.webContents;

    complaints = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('console', (message) => {
      if (message.type() === 'error' || /Content Security/.test(message.text())) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.route('**/*', async (route) => {
      const request = route.request();
      const url = request.url();
      if (!url.startsWith(`${site}/`)) return route.abort();
      const body = request.postDataBuffer();
      const answer = await record.protocols.get('app')!(
        new Request(url.replace(site, 'app://outlay'), {
          method: request.method(),
          ...(body ? { body: new Uint8Array(body) } : {}),
        }),
      );
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      });
    });
    const answerCall = record.ipc.get('outlay:call') as unknown as (...args: unknown[]) => unknown;
    await page.exposeFunction('mainAnswers', (name: unknown, input: unknown) =>
      answerCall({ senderFrame: contents.mainFrame }, name, input),
    );
    contents.send = (...message: unknown[]) => {
      void page
        .evaluate((sent) => (window as unknown as Bridge).mainSends?.(...sent), message)
        .catch(() => {});
    };
    await page.addInitScript(`(() => {
      const listeners = new Set();
      const mainAnswers = window.mainAnswers;
      window.mainSends = (channel, ...args) => {
        for (const listener of listeners) listener({}, ...args);
      };
      const electron = {
        contextBridge: { exposeInMainWorld: (name, api) => { window[name] = api; } },
        ipcRenderer: {
          invoke: (channel, ...args) => mainAnswers(...args),
          on: (channel, listener) => listeners.add(listener),
          off: (channel, listener) => listeners.delete(listener),
        },
      };
      (function (require, exports, module) { ${preload()} })(() => electron, {}, {});
    })()`);
    await page.goto(`${site}/`);
    quit = async () => {
      record.app.quit();
      await vi.waitUntil(() => record.app.exitCode !== null, { timeout: 20_000 });
    };
  });
  afterEach(async () => {
    await quit();
    await page.close();
    vi.unstubAllEnvs();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  });

  it('opens on the first run, loads the sample company and shows it', async () => {
    await page.getByRole('heading', { name: 'Start with a bill' }).waitFor();
    await page.getByRole('button', { name: 'Open the sample company' }).click();
    await expect
      .poll(
        () =>
          page.evaluate(async () => {
            const answer = await (window as unknown as Bridge).outlay.call('app.info', {});
            return answer.value.data?.periods ?? 0;
          }),
        { timeout: 60_000 },
      )
      .toBeGreaterThan(0);
    await page.keyboard.press('1');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const chart = page.locator('canvas').first();
    await chart.waitFor();
    // A tooltip in HTML would break the policy here.
    await chart.hover();
    await page.mouse.move(600, 400);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
  });

  it('imports a file that the page uploads, and says why it is none', async () => {
    const answer = await page.evaluate(async () => {
      const response = await fetch('/api/upload?name=notes.csv', {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: 'just,some\nnotes,here\n',
      });
      const { path } = (await response.json()) as { path: string };
      const { outlay } = window as unknown as Bridge;
      return { path, result: await outlay.call('import.run', { job: 'j1', paths: [path] }) };
    });
    expect(answer.path.startsWith(join(data, 'inbox'))).toBe(true);
    expect(JSON.stringify(answer.result)).toContain('notes.csv');
    // The copy is gone with the answer.
    expect(readdirSync(join(data, 'inbox'))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

it('the built core process answers why the data cannot be opened, and still ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-refused-'));
  const file = join(folder, 'data');
  writeFileSync(file, 'a file where the data folder should be');
  const logged: string[] = [];
  const child = startCore(join(root, 'dist', 'main', 'core-process.js'), [file, '0.1.0']);
  const core = linkCore(
    child as never,
    () => {},
    (line) => logged.push(line),
  );
  expect(await core.call('app.info', {})).toEqual({
    ok: false,
    error: expect.objectContaining({ code: expect.stringMatching(/^(READ_ONLY|DATABASE_\w+)$/) }),
  });
  await core.close();
  expect(logged).toEqual([]);
  rmSync(folder, { recursive: true });
}, 20_000);

interface Bridge {
  outlay: {
    call: (
      name: string,
      input: unknown,
    ) => Promise<{ ok: boolean; value: { data: { periods: number } | null } }>;
  };
  mainSends?: (...message: unknown[]) => void;
}

/** The built core process in plain Node, over the same messages. */
function startCore(path: string, args: readonly string[]): FakeChild {
  const child = new FakeChild();
  const port = join(import.meta.dirname, 'parent-port.js');
  const node = fork(path, [...args], {
    execArgv: ['--import', `file://${port}`],
    serialization: 'advanced',
  });
  child.on('posted', (message) => node.send(message as never));
  node.on('message', (message) => child.emit('message', message));
  node.on('exit', (code) => child.emit('exit', code ?? -1));
  return child;
}
