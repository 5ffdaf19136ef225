import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from './chromium.ts';
import { infoAnswer, stubCore } from './stub-core.ts';
import { type Fixture, startFixture } from './window-fixture.ts';

/** A page of the least size over the real transport, with its own style tag as Mantine adds it. */
const script = `
import { connect } from ${JSON.stringify(join(import.meta.dirname, '../../renderer/data/transport.ts'))};
const transport = await connect();
window.transport = transport;
window.heard = [];
transport.on('data.changed', (body) => window.heard.push(body));
const nonce = document.querySelector('meta[name="csp-nonce"]').content;
for (const [colour, given] of [['rgb(1, 2, 3)', nonce], ['rgb(9, 9, 9)', '']]) {
  const style = document.createElement('style');
  if (given) style.setAttribute('nonce', given);
  style.textContent = 'body { color: ' + colour + ' }';
  document.head.append(style);
}
document.body.dataset.ready = 'yes';
`;

const program = findChromium();

describe.skipIf(program === null)('the window host in Chromium', { timeout: 30_000 }, () => {
  let browser: Browser;
  let host: Fixture;
  let page: Page;
  let complaints: string[];
  let violations: string[];

  beforeAll(async () => {
    browser = await launchChromium(program ?? '');
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    host = await startFixture(
      stubCore({
        'app.info': () => infoAnswer,
        'import.run': (input) => {
          const texts = input.paths.map((path) => readFileSync(path, 'utf8'));
          return { loads: [{ ...load, reason: texts.join('|') }], others: [] };
        },
      }),
    );
    const source = join(host.rendererFolder, 'source.js');
    writeFileSync(source, script);
    await build({
      configFile: false,
      logLevel: 'error',
      root: host.rendererFolder,
      build: {
        emptyOutDir: false,
        outDir: 'assets',
        target: 'chrome140',
        lib: { entry: source, formats: ['es'], fileName: () => 'page.js' },
      },
    });
    writeFileSync(
      join(host.rendererFolder, 'index.html'),
      `<!doctype html><html><head><title>Outlay</title><link rel="icon" href="data:,">
      <script type="module" src="/assets/page.js"></script></head><body>page</body></html>`,
    );
    complaints = [];
    violations = [];
    page = await (await browser.newContext()).newPage();
    page.on('console', (message) => {
      const text = message.text();
      if (/Content Security Policy/.test(text)) violations.push(text);
      else if (message.type() === 'error') complaints.push(text);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    await page.context().close();
    await host.close();
  });

  const open = async (url: string) => {
    await page.goto(url);
    await page.waitForSelector('body[data-ready]');
  };
  const info = () =>
    page.evaluate(() => (window as unknown as Probe).transport.call('app.info', {}));

  it('opens with the token, loses it from the address and lives through a refresh', async () => {
    await open(host.url);
    expect(page.url()).toBe(`${host.address}/`);
    expect(await info()).toEqual({ ok: true, value: infoAnswer });
    await page.reload();
    await page.waitForSelector('body[data-ready]');
    expect(await info()).toEqual({ ok: true, value: infoAnswer });
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(complaints).toEqual([]);
  });

  it('hears events and imports an uploaded file, whose copy then goes', async () => {
    await open(host.url);
    host.core.emit('data.changed', { reason: 'import' });
    await expect
      .poll(() => page.evaluate(() => (window as unknown as Probe).heard))
      .toEqual([{ reason: 'import' }]);
    const answer = await page.evaluate(async () => {
      const { upload, call } = (window as unknown as Probe).transport;
      const path = await upload(new File(['BilledCost'], 'a.csv'), 'bills/a.csv');
      return { path, result: await call('import.run', { job: 'j1', paths: [path] }) };
    });
    expect(answer.result).toMatchObject({ ok: true, value: { loads: [{ reason: 'BilledCost' }] } });
    expect(existsSync(answer.path)).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('lets a style with the nonce in, and nothing inline beside it', async () => {
    await open(host.url);
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(1, 2, 3)');
    expect(violations).toHaveLength(1);
    const ran = await page.evaluate(() => {
      const element = document.createElement('script');
      element.textContent = 'window.inline = true';
      document.head.append(element);
      const button = document.createElement('button');
      button.setAttribute('onclick', 'window.inline = true');
      button.click();
      return 'inline' in window;
    });
    expect(ran).toBe(false);
    const out = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'sent',
        () => 'refused',
      ),
    );
    expect(out).toBe('refused');
    expect(violations.some((text) => text.includes('connect-src'))).toBe(true);
  });

  describe('beside a page of another site on this machine', () => {
    let other: Server;
    beforeEach(async () => {
      other = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<title>other</title>');
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    });
    afterEach(() => {
      other.closeAllConnections();
      other.close();
    });

    it('is neither read nor called nor framed nor opened by a link', async () => {
      const { port } = other.address() as AddressInfo;
      await page.goto(`http://127.0.0.1:${port}/`);
      const { address } = host;
      const launch = host.url.split('#launch=')[1];
      const tried = await page.evaluate(
        async ([server, token]) => {
          const ask = (path: string, init: RequestInit) =>
            fetch(server + path, init).then(
              (answer) => `${answer.type} ${answer.status}`,
              () => 'refused',
            );
          return {
            read: await ask('/', {}),
            blind: await ask('/', { mode: 'no-cors' }),
            session: await ask('/api/session', {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ launch: token }),
            }),
            form: await ask('/api/session', {
              method: 'POST',
              mode: 'no-cors',
              body: JSON.stringify({ launch: token }),
            }),
          };
        },
        [address, launch ?? ''],
      );
      // A blind request may be sent, but CORP keeps even its opaque answer out.
      expect(tried).toEqual({
        read: 'refused',
        blind: 'refused',
        session: 'refused',
        form: 'refused',
      });
      const answers: string[] = [];
      page.on('response', (response) => {
        if (response.url().startsWith(address)) {
          const kind = response.frame() === page.mainFrame() ? 'link' : 'frame';
          answers.push(`${kind} ${response.status()}`);
        }
      });
      await page.evaluate((server) => {
        const frame = document.createElement('iframe');
        frame.src = `${server}/`;
        document.body.append(frame);
      }, address);
      await expect.poll(() => answers).toEqual(['frame 403']);
      await page.evaluate((server) => {
        const link = document.createElement('a');
        link.href = `${server}/`;
        document.body.append(link);
        link.click();
      }, address);
      await expect.poll(() => answers).toEqual(['frame 403', 'link 403']);
      // The token was never spent; a page of its own, for only the fragment differs.
      page = await page.context().newPage();
      await open(host.url);
      expect(await info()).toEqual({ ok: true, value: infoAnswer });
    });
  });
});

interface Probe {
  transport: Awaited<ReturnType<typeof import('../../renderer/data/transport.ts').connect>>;
  heard: unknown[];
}

const load = {
  id: 1,
  source: 'files',
  file: 'a.csv',
  format: 'FOCUS',
  version: '1.2',
  status: 'loaded' as const,
  bytes: 1,
  sha256: null,
  rowsRead: 1,
  rowsKept: 1,
  periods: [],
  totals: [],
  warnings: [],
  startedAt: '2026-11-24T00:00:00Z',
  finishedAt: null,
};
