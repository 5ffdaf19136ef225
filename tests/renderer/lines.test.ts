import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { detailFolderOf } from '../../electron/core/store/detail.ts';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';
import { findChromium } from '../hosts/chromium.ts';

/** From a figure of the Costs page to the lines behind it, in Chromium over the real core. */
const program = findChromium();
const many = 900;

describe.skipIf(program === null)('lines in the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let place: Workspace;
  let page: Page;
  let april: number;

  beforeAll(async () => {
    place = workspace();
    const march = Array.from({ length: many }, (_, i) =>
      focusRow({
        BilledCost: `${many - i}.000000001`,
        ResourceId: `i-${i % 3}`,
        ServiceName: i % 2 === 0 ? 'Amazon EC2' : 'Amazon S3',
        x_Place: `place ${i}`,
      }),
    );
    const dates = { BillingPeriodStart: '2026-04-01', ChargePeriodStart: '2026-04-02' };
    for (const [name, rows] of [
      ['march.csv', march],
      ['april.csv', [focusRow({ ...dates, BilledCost: '7.5' })]],
    ] as const) {
      const path = place.file(name, focusCsv(rows));
      const [load] = await place.load(path);
      april = load?.id ?? 0;
    }
    opened = await chromiumWindow(program, { core: place.core(), folder: place.data });
    ({ page } = opened);
  }, 120_000);

  afterAll(async () => {
    await opened.close();
    await place.close();
  });

  afterEach(() => {
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(opened.complaints.splice(0)).toEqual([]);
  });

  const go = (hash: string, shown: string) => opened.go(hash, shown);
  const text = (selector: string) => opened.text(selector);
  const address = () => opened.address();
  const firstLine = '.lines-grid .grid-row[aria-rowindex="2"]';

  it('opens the lines of a row by its figure; they add up to it and tie out', async () => {
    await go('#/costs?period=2026-03&by=resource', '.grid-row[aria-rowindex="2"] .figure-link');
    const shown = await text('.grid-row[aria-rowindex="2"] .figure-link');
    await page.locator('.grid-row[aria-rowindex="2"] .figure-link').click();
    await page.waitForSelector(firstLine);
    expect(await address()).toMatch(/is=resource.*i-0.*lines=cost|lines=cost.*is=resource.*i-0/);
    const sums = await text('.lines-head .num');
    expect(sums).toMatch(/^300 lines, 135,450\.00 USD, ties out$/);
    expect(shown).toBe('135,450');
    expect(await text(firstLine)).toMatch(/i-0[\s\S]*900\.000000001[\s\S]*march\.csv[\s\S]*2$/);
    await page.goBack();
    await page.waitForSelector('.costs-chart');
    expect(await address()).toBe('#/costs?period=2026-03&by=resource');
  });

  it('is walked by keys alone: lines, a line, its cells, and back', async () => {
    await go('#/costs?period=2026-03', '.grid-row[aria-rowindex="2"]');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('l');
    await page.waitForSelector(firstLine);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.line-sheet');
    expect(await address()).toContain('line=2');
    expect(await text('.line-sheet h3')).toBe('Row 3 of march.csv');
    expect(await text('.line-cells')).toContain('place 1');
    await opened.axeInBothThemes();
    // The last of all lines, which was in no page that was asked for.
    await page.keyboard.press('End');
    await expect.poll(() => text('.line-sheet h3')).toBe(`Row ${many + 1} of march.csv`);
    expect(await text('.line-cells')).toContain(`place ${many - 1}`);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.line-sheet', { state: 'detached' });
    await page.keyboard.press('Escape');
    await page.waitForSelector('.costs-chart');
    expect(await address()).toBe('#/costs?period=2026-03');
  });

  it('reopens a line from its address, in the order of time too', async () => {
    await go('#/costs?period=2026-03&lines=time&line=700', '.line-sheet');
    await page.reload();
    await page.waitForSelector('.line-sheet');
    expect(await text('.line-sheet h3')).toBe('Row 701 of march.csv');
    expect(await page.locator('.grid-row[aria-selected="true"]').count()).toBe(1);
    expect(await text('.lines-head .select')).toContain('Earliest start');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.waitForSelector('.costs-chart');
  });

  it('says which lines are not kept, and how much they are', async () => {
    rmSync(join(detailFolderOf(place.data), `${april}.parquet`));
    await go('#/costs?period=all&lines=cost', firstLine);
    await page.waitForSelector('.lines-without');
    expect(await text('.lines-without')).toMatch(
      /^1 line is not kept, 7\.50 USD billed: april\.csv\. Import the file again in Sources/,
    );
    expect(await text('.lines-head .num')).toContain('900 of 901 lines, 405,450.00 USD, ties out');
    await opened.axeInBothThemes();
    await go('#/costs?period=2026-04&lines=cost', '.lines-without');
    expect(await text('.lines-head')).toContain('none kept');
  });

  it('shows what lines take on disk, and deletes them only when told twice', async () => {
    await go('#/sources', '.opener');
    expect(await text('.sources-figures')).toMatch(/Lines\s+\d+ kB/);
    await go('#/settings', '.segmented');
    await page.getByRole('button', { name: 'Off' }).click();
    expect(await text('.dialog')).toContain('Delete the lines?');
    await opened.axeInBothThemes();
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    expect((await place.call('settings.get', {})).detail).toBe(true);
    expect((await place.call('costs.lines', { period: '2026-03' })).lines).toBe(many);
    await page.getByRole('button', { name: 'Off' }).click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => text('main')).toContain('None are kept.');
    expect(await place.call('costs.lines', {})).toMatchObject({ lines: 0 });
    await go('#/costs?period=2026-03&lines=cost', '.lines-without');
    expect(await text('.lines-without')).toContain('Keeping lines is switched off in Settings.');
    expect(await text('.summary-total')).toBe('$405,450');
  });
});
