import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { findChromium } from '../hosts/chromium.ts';

/** The Costs page while one answer gives way to another. */
const program = findChromium();

describe.skipIf(program === null)('costs in the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let page: Page;

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ page } = opened);
    await opened.core.call('import.sample', { job: 'sample' });
    await page.reload();
    await page.waitForSelector('.nav-foot');
    await go('#/costs');
    await page.waitForSelector('.grid-row[aria-rowindex="2"]');
  }, 120_000);

  afterAll(() => opened.close());

  const go = (address: string) => opened.go(address);
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
    expect(opened.complaints).toEqual([]);
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
    expect(opened.complaints).toEqual([]);
  });
});
