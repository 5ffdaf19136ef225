import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { findChromium } from '../hosts/chromium.ts';

/** The export from the Sources page, in Chromium over the real core. */
const program = findChromium();

describe.skipIf(program === null)('export from the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let page: Page;

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ page } = opened);
    await opened.core.call('import.sample', { job: 'sample' });
    await page.reload();
    await page.waitForSelector('.nav-foot');
    await opened.go('#/sources', '.opener');
  }, 120_000);

  afterAll(() => opened.close());

  let shots = 0;
  const shoot = async (name: string) => {
    const at = process.env['OUTLAY_SHOTS'];
    if (at) await page.screenshot({ path: join(at, `export-${++shots}-${name}.png`) });
  };

  it('offers three forms and writes the one chosen by the keyboard alone', async () => {
    await page.getByRole('button', { name: 'Export' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role="menuitem"]');
    expect(await page.locator('[role="menuitem"]').allInnerTexts()).toEqual([
      'CSV',
      'CSV, gzip',
      'Parquet',
    ]);
    await opened.axeInBothThemes(shoot);
    await page.getByRole('menuitem', { name: 'CSV, gzip' }).press('Enter');
    await page.waitForSelector('.export-facts', { timeout: 30_000 });
    const file = join(opened.folder, 'exports', 'focus-2026-11-24.csv.gz');
    expect(existsSync(file)).toBe(true);
    const shown = await page.locator('.export-facts').innerText();
    expect(shown).toContain(file);
    expect(shown).toContain('PublisherName, InvoiceIssuerName, ChargeDescription: empty');
    await opened.axeInBothThemes(shoot);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.waitForSelector('.export-facts', { state: 'detached' });
    expect(opened.complaints).toEqual([]);
  });

  it('is cancelled from the page, which leaves no file and says so', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'Parquet' }).click();
    await page.waitForSelector('[role="progressbar"]');
    await shoot('running');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForSelector('.failure');
    expect(await page.locator('.failure').innerText()).toContain('Nothing was written');
    await page.getByRole('button', { name: 'Close' }).click();
    expect(readdirSync(join(opened.folder, 'exports'))).toEqual(['focus-2026-11-24.csv.gz']);
    expect(opened.complaints).toEqual([]);
  });
});
