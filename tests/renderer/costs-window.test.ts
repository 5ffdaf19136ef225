import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRenderer } from '../../build/renderer.ts';
import { type Core, openCore } from '../../electron/core/api.ts';
import { startWindowHost, type WindowHost } from '../../electron/hosts/window.ts';
import { findChromium, launchChromium } from '../hosts/chromium.ts';

/** The Costs page while one answer gives way to another. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = findChromium();

describe.skipIf(program === null)('costs in the window', { timeout: 60_000 }, () => {
  let browser: Browser;
  let folder: string;
  let core: Core;
  let host: WindowHost;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    await buildRenderer(root, () => {});
    browser = await launchChromium(program ?? '');
    folder = mkdtempSync(join(tmpdir(), 'outlay-costs-'));
    core = openCore({
      dataFolder: folder,
      workerUrl: new URL('../../electron/core/jobs/worker.ts', import.meta.url),
      appVersion: '0.0.0',
      now: () => new Date('2026-11-24T10:00:00Z'),
      log: () => {},
    });
    await core.call('import.sample', { job: 'sample' });
    host = await startWindowHost({
      core,
      dataFolder: folder,
      rendererFolder: join(root, 'dist/renderer'),
      log: () => {},
    });
    page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(host.url);
    await page.waitForSelector('.nav-foot');
    await go('#/costs');
    await page.waitForSelector('.grid-row[aria-rowindex="2"]');
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await host.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const go = (address: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, address);
  const head = () => page.locator('.grid [role="columnheader"]').first().innerText();
  const firstRow = () => page.locator('.grid-row[aria-rowindex="2"]').innerText();
  /** The drawn pixels of the chart; equal where the same was drawn. */
  const pixels = () =>
    page
      .locator('.chart-place canvas')
      .first()
      .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

  it('keeps heads, rows and total of one answer until all of the next is there', async () => {
    await page.route('**/api/call', async (route) => {
      const slow = route.request().postData()?.includes('"by":["region"]') ?? false;
      if (slow) await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    const before = await firstRow();
    await go('#/costs?by=region');
    await page.waitForTimeout(300);
    expect(await head()).toBe('Service');
    expect(await firstRow()).toBe(before);
    await page.locator('[role="columnheader"]', { hasText: 'Region' }).waitFor();
    expect(await firstRow()).not.toBe(before);
    await page.unroute('**/api/call');
    expect(complaints).toEqual([]);
  });

  it('writes other rows into the elements that are there', async () => {
    await go('#/costs?by=service');
    await page.locator('[role="columnheader"]', { hasText: 'Service' }).waitFor();
    const marked = page.locator('.grid-row[aria-rowindex="2"]');
    await marked.evaluate((row) => row.setAttribute('data-mark', 'here'));
    const before = await firstRow();
    await go('#/costs?by=service&period=2026-09');
    await page.waitForFunction(
      (text) =>
        (document.querySelector('.grid-row[aria-rowindex="2"]') as HTMLElement).innerText !== text,
      before,
    );
    expect(await marked.getAttribute('data-mark')).toBe('here');
  });

  it('draws the chart as one that is drawn anew, whatever it showed before', async () => {
    const other = '#/costs?by=account&by=region&period=2026-08';
    const shown = '#/costs?by=service&period=2026-10&compare=no';
    await go(other);
    await page.locator('[role="columnheader"]', { hasText: 'Region' }).waitFor();
    await page.waitForTimeout(300);
    const first = await pixels();
    await go(shown);
    await page.locator('.costs-chart[aria-label]', { hasNotText: 'same days' }).waitFor();
    await page.waitForTimeout(300);
    const merged = await pixels();
    expect(merged).not.toBe(first);
    // Another page and back: a chart of its own, with nothing from before.
    await go('#/settings');
    await page.waitForSelector('.costs-chart', { state: 'detached' });
    await go(shown);
    await page.waitForSelector('.chart-place canvas');
    await page.waitForTimeout(500);
    expect(await pixels()).toBe(merged);
    await page.setViewportSize({ width: 1500, height: 900 });
    await page.waitForTimeout(300);
    const [canvas, place] = await page.evaluate(() => {
      const holder = document.querySelector('.chart-place') as HTMLElement;
      return [holder.querySelector('canvas')?.clientWidth, holder.clientWidth];
    });
    expect(canvas).toBe(place);
    expect(complaints).toEqual([]);
  });
});
