import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChromiumWindow, chromiumWindow } from '../builders/chromiumWindow.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { findChromium } from '../hosts/chromium.ts';

/** What the window asks of a person at an import, and what it says of months that were restated. */
const program = findChromium();

describe.skipIf(program === null)('sources in the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ page, complaints } = opened);
    await page.waitForSelector('.first-run');
  }, 120_000);

  afterAll(() => opened.close());

  beforeEach(() => {
    complaints.length = 0;
  });

  const go = (address: string, shown: string) => opened.go(address, shown);

  /** Chooses a bill as the file dialog would hand it over. */
  async function choose(name: string, rows: FocusRow[], columns?: string[]) {
    const text = focusCsv(rows, columns ? { columns } : {});
    await page
      .locator('input[aria-label="Bill files"]')
      .setInputFiles([{ name, mimeType: 'text/csv', buffer: Buffer.from(text) }]);
  }
  /** The words of the last import's files and notes. */
  const result = () => page.locator('.import').innerText();
  const loads = async () => {
    const answer = await opened.core.call('loads.list', {});
    return answer.ok ? answer.value : [];
  };
  /** How the newest import ended; the window shows it a moment later. */
  const ended = async (words: string) => {
    await page.locator('.import .apart', { hasText: words }).first().waitFor();
  };

  const axeInBothThemes = (name: string) =>
    opened.axeInBothThemes(async (colorScheme) => {
      const at = process.env['OUTLAY_SHOTS'];
      if (!at) return;
      for (const [width, height] of [
        [1280, 800],
        [1920, 1080],
      ] as const) {
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(250);
        await page.screenshot({ path: join(at, `${name}-${colorScheme}-${width}.png`) });
      }
      await page.setViewportSize({ width: 1280, height: 800 });
    });

  it('asks for the currency that a file lacks, and imports it with the answer under its label', async () => {
    await go('#/sources', '.source-field');
    await page.locator('.source-field input').fill('oracle');
    const columns = Object.keys(focusRow()).filter((column) => column !== 'BillingCurrency');
    await choose('march.csv', [focusRow()], columns);
    await ended('Needs your answer');
    await page.getByText('Which currency are its amounts in?').waitFor();
    expect(await result()).toContain('march.csv lacks the column BillingCurrency');
    expect(await result()).toContain('Which currency are its amounts in?');
    expect(await result()).not.toContain('--currency');
    await axeInBothThemes('currency');

    const other = page.getByLabel('Another currency, ISO 4217 code');
    const submit = page.locator('.import-question button[type=submit]');
    await other.fill('QQQ');
    expect(await submit.isDisabled()).toBe(true);
    await other.fill('chf');
    expect(await submit.innerText()).toBe('Import as CHF');
    await other.press('Enter');
    await ended('Loaded, difference 0.00');
    expect((await loads()).at(-1)).toMatchObject({
      status: 'loaded',
      source: 'oracle',
      totals: [{ currency: 'CHF', billed: '1.25' }],
    });
    expect(complaints).toEqual([]);
  });

  it('asks what comes first in a date, shows both readings, and keeps what was answered before', async () => {
    const columns = Object.keys(focusRow()).filter((column) => column !== 'BillingCurrency');
    const row = focusRow({
      ProviderName: 'Azure',
      BillingPeriodStart: '04/01/2026',
      ChargePeriodStart: '04/03/2026',
    });
    await choose('april.csv', [row], columns);
    await ended('Needs your answer');
    await page.getByRole('button', { name: 'EUR', exact: true }).click();
    await page.getByText('Which comes first in').waitFor();
    expect(await page.locator('.import-question').innerText()).toContain('“04/03/2026”');
    await axeInBothThemes('date-order');
    expect(await page.locator('.import-question button').allInnerTexts()).toEqual([
      'Month first: 3 Apr 2026',
      'Day first: 4 Mar 2026',
    ]);
    await page.getByRole('button', { name: /^Month first/ }).click();
    await ended('Loaded, difference 0.00');
    expect((await loads()).at(-1)).toMatchObject({
      source: 'oracle',
      periods: ['2026-04'],
      totals: [{ currency: 'EUR' }],
    });
    expect(complaints).toEqual([]);
  });

  it('says on the overview what was restated, and leads to what changed', async () => {
    await page.locator('.source-field input').fill('aws');
    const bill = (cost: string) => [
      focusRow({
        BillingPeriodStart: '2026-10-01T00:00:00Z',
        ChargePeriodStart: '2026-10-05T00:00:00Z',
        BilledCost: cost,
      }),
    ];
    await choose('october.csv', bill('1250'));
    await ended('Loaded, difference 0.00');
    await go('#/overview?period=2026-10&currency=USD', '.figure-label span[title]');
    expect(await page.locator('.figure').first().innerText()).toMatch(/Closed/);

    await go('#/sources', '.source-field');
    await choose('october-2.csv', bill('1310.50'));
    await ended('Replaced, difference 0.00');
    await go('#/overview?period=2026-10&currency=USD', '.figure-label a');
    const mention = page.locator('.figure-label a').first();
    expect(await mention.innerText()).toBe('Restated +61');
    expect(await mention.getAttribute('title')).toBe(
      'Restated 1 time, +60.50 in all; what changed',
    );
    await axeInBothThemes('overview-restated');
    await mention.click();
    await page.locator('h2', { hasText: 'Restated in October 2026' }).waitFor();
    expect(await page.evaluate(() => location.hash)).toContain('changes=2026-10');
    const change = page.locator('section.change');
    expect(await change.innerText()).toContain('AWS, Payer: Restated on');
    expect(await change.innerText()).toContain('+60.50');
    await axeInBothThemes('sources-restated');
    await page.getByRole('button', { name: 'Close' }).last().click();
    expect(complaints).toEqual([]);
  });

  it('exports by key and by palette, says where the file lies and saves a copy of it', async () => {
    await go('#/sources', '.sources-figures');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('e');
    await page.waitForSelector('.export-facts', { timeout: 30_000 });
    const file = join(opened.folder, 'exports', 'focus-2026-11-24.csv.gz');
    expect(await page.locator('.export-facts').innerText()).toContain(file);
    await axeInBothThemes('exported');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save a copy' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('focus-2026-11-24.csv.gz');
    expect(readFileSync((await download.path()) ?? '')).toEqual(readFileSync(file));

    // Gone since: the window says so and goes on.
    rmSync(file);
    complaints.length = 0;
    await page.getByRole('button', { name: 'Save a copy' }).click();
    await page.waitForSelector('.failure');
    expect(await page.locator('.failure').innerText()).toContain('There is no export');
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
    complaints.length = 0;

    await go('#/costs?period=2026-10&currency=USD', '.grid');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('focus');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.export-facts', { timeout: 30_000 });
    expect(await page.evaluate(() => location.hash)).toContain('#/sources');
    expect(complaints).toEqual([]);
  });
});
