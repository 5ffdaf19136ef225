import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchChromium } from '../hosts/chromium.ts';
import { elapsed, type Line, repeat, type Timing } from './measure.ts';

const runs = 7;
/** A view is settled when its page has not changed for this long; the wait itself is not counted. */
const quietMs = 300;
/** Every page with figures has a table; the virtual one has its role only. */
export const figures = 'table, [role=table], [role=grid]';

/** The window on what is loaded: first figures beside an empty page, page changes, filters. */
export async function benchWindow(root: string, dataFolder: string): Promise<Line[]> {
  const executablePath = findChromium();
  if (!executablePath) return [];
  const browser = await launchChromium(executablePath);
  try {
    const empty = await emptyPage(browser);
    const host = await serve(root, dataFolder);
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(host.url);
      await page.locator(figures).filter({ visible: true }).first().waitFor();
      const paint = await repeat(runs, () => reload(page));
      await settle(page, '#/costs');
      return [
        {
          what: 'window to first figures',
          timing: paint,
          against: { name: 'an empty page', timing: empty },
        },
        { what: 'Costs to Overview', timing: await change(page, '#/costs', '#/overview') },
        { what: 'Overview to Costs', timing: await change(page, '#/overview', '#/costs') },
        {
          what: 'a filter on Costs',
          timing: await change(page, '#/costs', '#/costs?is=service=Compute+Engine'),
        },
        {
          what: 'another month on Costs',
          timing: await change(page, '#/costs', '#/costs?period=2026-09'),
        },
        {
          what: 'Costs by resource',
          timing: await change(page, '#/costs', '#/costs?by=resource&by=sku'),
        },
      ];
    } finally {
      host.stop();
    }
  } finally {
    await browser.close();
  }
}

async function emptyPage(browser: Browser): Promise<Timing> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>empty</title><table><tr><td>1</td></tr></table>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const times = await repeat(runs, () => reload(page));
  await page.close();
  server.close();
  return times;
}

function reload(page: Page): Promise<number> {
  return elapsed(async () => {
    await page.reload();
    await page.locator(figures).filter({ visible: true }).first().waitFor();
  });
}

/** Each run is a view that the window has not cached: what was seen before is forgotten by a reload. */
function change(page: Page, from: string, to: string): Promise<Timing> {
  return repeat(runs, async () => {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, from);
    await page.reload();
    await page.locator(figures).filter({ visible: true }).first().waitFor();
    await page.waitForTimeout(quietMs);
    return settle(page, to);
  });
}

/** Milliseconds from the change of address to the last change of what is shown. */
function settle(page: Page, hash: string): Promise<number> {
  return page.evaluate(
    ({ address, quiet }) =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        let last = started;
        const observer = new MutationObserver(() => {
          last = performance.now();
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        location.hash = address;
        const look = () => {
          if (performance.now() - last < quiet) return void setTimeout(look, 20);
          observer.disconnect();
          resolve(last - started);
        };
        look();
      }),
    { address: hash, quiet: quietMs },
  );
}

/** Starts the window host of the command line and answers its one-time address. */
export async function serve(
  root: string,
  folder: string,
): Promise<{ url: string; stop: () => void }> {
  const child = spawn(
    process.execPath,
    ['build/outlay.js', 'serve', '--no-open', '--data', folder],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/#launch=\S+/.exec(line)?.[0];
    if (url) return { url, stop: () => child.kill('SIGTERM') };
  }
  throw new Error('the window host ended without an address');
}
