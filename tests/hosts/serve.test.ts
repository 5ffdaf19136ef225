import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readInstance } from '../../electron/hosts/instance.ts';
import { findChromium } from './chromium.ts';

const program = findChromium();

let root: string;
let data: string;
let children: ChildProcess[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'outlay-serve-'));
  data = join(root, 'data');
  children = [];
  mkdirSync(join(root, 'renderer'));
  writeFileSync(join(root, 'renderer', 'index.html'), '<head></head><body>page</body>');
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
});

/** Attaching to a browser whose first tab is just being opened can hang: then it is tried again. */
async function attached(address: string, tries = 4): Promise<Browser> {
  try {
    return await chromium.connectOverCDP(address, { timeout: 8_000 });
  } catch (error) {
    if (tries === 1) throw error;
    return await attached(address, tries - 1);
  }
}

interface Run {
  child: ChildProcess;
  text: () => string;
  /** The first launch address in the output, as soon as it is there. */
  url: () => Promise<string>;
  exit: () => Promise<number | NodeJS.Signals | null>;
}

/** Starts the window host in a process of its own; `browser` stands for a browser's program. */
function start(options: { browser?: string; args?: string[] } = {}): Run {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'run-serve.ts'),
      `--data=${data}`,
      `--renderer=${join(root, 'renderer')}`,
      ...(options.args ?? []),
    ],
    {
      env: { PATH: '/nowhere', DISPLAY: ':0', HOME: root, OUTLAY_BROWSER: options.browser ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  return {
    child,
    text: () => text,
    exit: () => ended,
    async url() {
      await expect
        .poll(() => text, { timeout: 10_000 })
        .toMatch(/http:\/\/127\.0\.0\.1:\d+\/#launch=[\w-]{43}\b/);
      return /http:\S+#launch=\S+/.exec(text)?.[0] ?? '';
    },
  };
}

/** A program that writes down its address, then does what the script says. */
function browser(script: string): string {
  const path = join(root, 'browser');
  const notes = `for a; do case $a in --app=*) echo "$a" >> '${root}/opened';; esac; done`;
  writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${notes}\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
const staying = () =>
  browser(`trap "echo x > '${root}/ended'; exit 0" TERM\nwhile :; do sleep 0.1; done`);
const opened = () =>
  existsSync(join(root, 'opened'))
    ? readFileSync(join(root, 'opened'), 'utf8').trim().replaceAll('--app=', '').split('\n')
    : [];

async function session(url: string): Promise<Response> {
  const { origin } = new URL(url);
  return fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ launch: url.split('#launch=')[1] }),
  });
}

describe.skipIf(process.platform === 'win32')('serve', { timeout: 30_000 }, () => {
  it('prints an address that opens one window, and ends on a signal leaving nothing', async () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const run = start();
      const url = await run.url();
      const answer = await session(url);
      expect(answer.status).toBe(200);
      const headers = {
        origin: new URL(url).origin,
        'content-type': 'application/json',
        'x-outlay-session': ((await answer.json()) as { session: string }).session,
      };
      const body = JSON.stringify({ name: 'app.info', input: {} });
      const call = await fetch(new URL('/api/call', url), { method: 'POST', headers, body });
      expect(await call.json()).toMatchObject({
        ok: true,
        value: { dataFolder: data, data: null },
      });
      expect(readInstance(data)?.pid).toBe(run.child.pid);
      run.child.kill(signal);
      expect(await run.exit()).toBe(0);
      expect(readInstance(data)).toBeNull();
      await expect(session(url)).rejects.toThrow('fetch failed');
    }
  });

  it('opens the browser, and the end of one is the end of the other', async () => {
    const first = start({ browser: staying(), args: ['--open'] });
    await expect.poll(opened, { timeout: 10_000 }).toHaveLength(1);
    await expect.poll(() => first.text()).toContain('Outlay runs at http://127.0.0.1:');
    // The launch token goes to the browser alone.
    expect(first.text()).not.toContain('#launch=');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    first.child.kill('SIGTERM');
    expect(await first.exit()).toBe(0);
    expect(existsSync(join(root, 'ended'))).toBe(true);
    const second = start({ browser: browser('sleep 3.5'), args: ['--open'] });
    expect(await second.exit()).toBe(0);
    expect(opened()).toHaveLength(2);
  });

  it('hands a second start over to the running server', async () => {
    const first = start();
    const url = await first.url();
    const second = start();
    const other = await second.url();
    expect(await second.exit()).toBe(0);
    expect(second.text()).toContain('already runs');
    expect(new URL(other).origin).toBe(new URL(url).origin);
    expect((await session(other)).status).toBe(200);
    const third = start({ browser: browser('exit 0'), args: ['--open'] });
    expect(await third.exit()).toBe(0);
    expect(new URL(opened()[0] ?? '').origin).toBe(new URL(url).origin);
    expect(readInstance(data)?.pid).toBe(first.child.pid);
  });

  it('takes over from a server that was killed, and clears what it had received', async () => {
    const first = start();
    const url = await first.url();
    const left = join(data, 'inbox', `${first.child.pid}-0123456789abcdef01234567`);
    mkdirSync(left, { recursive: true });
    first.child.kill('SIGKILL');
    await first.exit();
    expect(readInstance(data)?.pid).toBe(first.child.pid);
    const second = start();
    const other = await second.url();
    expect((await session(other)).status).toBe(200);
    expect(other).not.toBe(url);
    expect(readInstance(data)?.pid).toBe(second.child.pid);
    expect(readdirSync(join(data, 'inbox'))).toEqual([]);
  });

  it('prints the address where there is no browser, and where it does not start', async () => {
    const none = start({ args: ['--open'] });
    expect((await session(await none.url())).status).toBe(200);
    expect(none.text()).toContain('OUTLAY_BROWSER');
    none.child.kill('SIGTERM');
    expect(await none.exit()).toBe(0);
    const broken = start({ browser: browser('exit 7'), args: ['--open'] });
    expect((await session(await broken.url())).status).toBe(200);
    expect(broken.text()).toContain('did not start');
  });

  it('says what to do where the window is not built', async () => {
    rmSync(join(root, 'renderer', 'index.html'));
    const run = start();
    expect(await run.exit()).toBe(1);
    expect(JSON.parse(run.text())).toMatchObject({
      code: 'NOT_AVAILABLE',
      hint: expect.stringContaining('npm run build'),
    });
    expect(existsSync(data)).toBe(false);
  });

  // A whole browser with its windows, drawn nowhere: it hands over and quits as on a desktop.
  it.skipIf(program === null || process.platform !== 'linux')(
    'shares one Chromium between starts and ends with its last window',
    async () => {
      const path = browser(
        `exec '${program}' --ozone-platform=headless --disable-gpu --remote-debugging-port=0 "$@"`,
      );
      const first = start({ browser: path, args: ['--open'] });
      const portFile = join(data, 'profile', 'DevToolsActivePort');
      await expect.poll(() => existsSync(portFile), { timeout: 15_000 }).toBe(true);
      const port = readFileSync(portFile, 'utf8').split('\n')[0];
      const cdp = await attached(`http://127.0.0.1:${port}`);
      const pages = () => cdp.contexts().flatMap((context) => context.pages());
      const origin = () => new URL(readInstance(data)?.address ?? '').origin;
      await expect.poll(() => pages().map((page) => page.url())).toEqual([`${opened()[0]}`]);
      // The first browser has settled by now, so the window belongs to the first start.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      const second = start({ browser: path, args: ['--open'] });
      expect(await second.exit()).toBe(0);
      expect(second.text()).not.toContain('did not start');
      await expect
        .poll(() => pages().map((page) => new URL(page.url()).origin))
        .toEqual([origin(), origin()]);
      for (const page of pages()) await page.close();
      expect(await first.exit()).toBe(0);
      expect(readInstance(data)).toBeNull();
    },
    // A whole browser beside another test's browser, on two cores.
    90_000,
  );
});
