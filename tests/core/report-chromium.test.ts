import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { type Workspace, workspace } from '../builders/workspace.ts';
import { findChromium, launchChromium } from '../hosts/chromium.ts';

const chromium = findChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const hostile = '<script>document.title="run"</script><img src=x onerror="document.title=1">';

interface Violation {
  id: string;
  nodes: { html: string }[];
}

describe.skipIf(!chromium)('the report in a browser', () => {
  let browser: Browser;
  let work: Workspace;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    work = workspace();
    browser = await launchChromium(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('request', (request) => requests.push(request.url().slice(0, 60)));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const rows = Array.from({ length: 50 }, (_, i) =>
      focusRow({
        ServiceName: i === 3 ? hostile : `Service ${i}`,
        SubAccountName: i === 3 ? hostile : 'Research',
        SubAccountId: `00${i % 7}`,
        BillingPeriodStart: `2026-0${1 + (i % 3)}-01T00:00:00Z`,
        ChargePeriodStart: `2026-0${1 + (i % 3)}-${i % 3 === 1 ? 28 : 31}T00:00:00Z`,
        BillingCurrency: i % 10 === 9 ? 'EUR' : 'USD',
        BilledCost: `${1000 * i}.5`,
      }),
    );
    await work.load(work.file('bill.csv', focusCsv(rows)));
    const out = join(work.folder, 'report.html');
    await work.call('reports.make', { month: '2026-03', format: 'html', out });
    await page.goto(pathToFileURL(out).href);
    await page.evaluate('document.fonts.ready.then(() => undefined)');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await work.close();
  });

  it('fetches nothing but itself, runs nothing and reports nothing', async () => {
    expect(requests.filter((url) => !url.startsWith('data:font/'))).toEqual([
      expect.stringMatching(/^file:/),
    ]);
    expect(complaints).toEqual([]);
    expect(await page.title()).toBe('Cloud cost, March 2026');
    expect(await page.locator('script, img').count()).toBe(0);
  });

  it('is set in the embedded font', async () => {
    const loaded = await page.evaluate(
      "[...document.fonts].map((font) => font.family.replaceAll('\"', '') + ' ' + font.status)",
    );
    expect(loaded).toEqual(['Inter Variable loaded']);
  });

  it('has no finding of axe, at any width', async () => {
    for (const width of [1280, 800, 400]) {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(axe);
      const found = (await page.evaluate('axe.run().then((r) => r.violations)')) as Violation[];
      expect(found.map(({ id, nodes }) => [id, nodes[0]?.html.slice(0, 200)])).toEqual([]);
    }
  }, 60_000);

  it('has its headings in order and a text for every drawing', async () => {
    const levels = (await page.evaluate(
      "[...document.querySelectorAll('h1, h2, h3, h4')].map((h) => Number(h.tagName[1]))",
    )) as number[];
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0), `heading ${i}`).toBeLessThanOrEqual(1);
    });
    const drawings = page.locator('svg');
    expect(await drawings.count()).toBe(2);
    for (const drawing of await drawings.all()) {
      expect(await drawing.getAttribute('role')).toBe('img');
      expect(await drawing.getAttribute('aria-label')).toMatch(
        /^Stacked bars, 3 months from January 2026 to March 2026, stacked by: .+ tables /,
      );
    }
  });

  it('fits the width it is given', async () => {
    for (const width of [1280, 800]) {
      await page.setViewportSize({ width, height: 900 });
      const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number;
      expect(wide).toBeLessThanOrEqual(width);
    }
  });

  it('prints on A4 pages', async () => {
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    expect(boxes.length).toBeGreaterThan(2);
    for (const [, width, height] of boxes) {
      expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
    }
  });
});
