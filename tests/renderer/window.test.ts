import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/api.ts';
import { startWindowHost } from '../../electron/hosts/window.ts';
import { formatExact, parseExact } from '../../shared/domain/exact.ts';
import { type ChromiumWindow, chromiumWindow, rendererFolder } from '../builders/chromiumWindow.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { findChromium } from '../hosts/chromium.ts';

/** The window from the first run on; the first test loads the sample company for all others. */
const program = findChromium();

describe.skipIf(program === null)('the window', { timeout: 60_000 }, () => {
  let opened: ChromiumWindow;
  let core: Core;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    opened = await chromiumWindow(program);
    ({ core, page, complaints } = opened);
  }, 60_000);

  afterAll(() => opened.close());

  beforeEach(() => {
    complaints.length = 0;
  });
  // Console errors, violations of the content policy and requests to anywhere else.
  afterEach(() => {
    // oxlint-disable-next-line vitest/no-standalone-expect
    expect(complaints).toEqual([]);
  });

  const go = (hash: string, shown: string) => opened.go(hash, shown);
  const text = (selector: string) => opened.text(selector);
  const address = () => opened.address();
  const axeFindings = () => opened.axeFindings();

  it('starts with one obvious action and opens the sample company in one click', async () => {
    await page.waitForSelector('.first-run');
    expect(await text('.first-run h2')).toBe('Start with a bill');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Choose files');
    expect(await axeFindings()).toEqual([]);
    await page.getByRole('button', { name: 'Open the sample company' }).click();
    await page.waitForSelector('.import-links', { timeout: 50_000 });
    expect(await text('.import tbody td:last-child')).toBe('Loaded, difference 0.00');
    await page.getByRole('link', { name: 'Open Overview' }).click();
    await page.waitForSelector('.overview-side');
    const info = await core.call('app.info', {});
    const data = info.ok ? info.value.data : null;
    expect(data?.tiedOut).toBe(data?.periods);
    expect(await text('.nav-foot')).toContain(`${data?.tiedOut} of ${data?.periods}`);
  });

  it('shows on Overview what the core answers, and opens each figure', async () => {
    await go('#/overview', '.overview-side');
    const answer = await core.call('overview.get', {});
    const spent = answer.ok ? (answer.value.spent.cost ?? '') : '';
    const shown = (await text('.figure-value')).replace(/[$,]/g, '');
    expect(Math.abs(Number(shown) - Number(spent))).toBeLessThanOrEqual(0.5);
    await page.locator('.figure-value').first().click();
    await page.waitForSelector('.grid');
    expect(await address()).toMatch(/^#\/costs/);
    expect((await text('.summary-total')).replace(/[$,]/g, '')).toBe(shown);
  });

  it.each([
    ['#/overview', '.overview-side'],
    ['#/overview?view=table', '.numbers'],
    ['#/costs', '.grid-row[aria-rowindex="2"]'],
    ['#/costs?period=all&by=resource', '.grid-row[aria-rowindex="2"]'],
    ['#/costs?is=service=nothing-like-this', '.nothing'],
    ['#/sources', '.opener'],
    ['#/settings', '.settings'],
  ])('has no finding of axe at %s, light and dark', async (hash, shown) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await go(hash, shown);
      expect(await axeFindings()).toEqual([]);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it.each([
    ['button:has-text("Period")', '.period-picker'],
    ['.add-filter', '[role="menu"]'],
    ['button:has-text("Group by")', '[role="menuitemradio"]'],
    ['button:has-text("Cost")', '[role="menuitemradio"]'],
    ['button:has-text("Search or command")', '[role="listbox"]'],
  ])(
    'has no finding of axe with %s opened, and Escape gives the focus back',
    async (what, shown) => {
      await go('#/costs', '.grid');
      await page.locator(what).first().click();
      await page.waitForSelector(shown);
      expect(await axeFindings()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.waitForSelector(shown, { state: 'detached' });
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
    },
  );

  it('is walked by keys: pages, rows, filter by a row, comparison, table, period', async () => {
    await go('#/overview', '.overview-side');
    await page.keyboard.press('2');
    await page.waitForSelector('.grid-row[aria-rowindex="2"]');
    await page.locator('.grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(
      await page.locator('.grid-row[aria-selected="true"]').getAttribute('aria-rowindex'),
    ).toBe('3');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.chip');
    await expect.poll(() => page.locator('.chip').count()).toBe(2);
    await expect.poll(() => text('.grid-row.total')).toContain('Total of 1 row');
    expect(await address()).toMatch(/is=service.*is=account/);
    await page.keyboard.press('c');
    await expect.poll(address).toContain('compare=no');
    await page.keyboard.press('t');
    await page.waitForSelector('.numbers');
    await page.keyboard.press('[');
    await expect.poll(address).toMatch(/period=\d{4}-\d\d/);
    const before = await address();
    await page.reload();
    await page.waitForSelector('.numbers');
    expect(await address()).toBe(before);
  });

  it('reads the chart aloud under the arrow keys', async () => {
    await go('#/costs', '.chart canvas');
    await page.locator('.chart').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.locator('.chart [aria-live]').innerText())
      .toMatch(/^2 \w{3} \d{4}: .+ [\d,]+, /);
    await page.waitForSelector('.chart-tip');
    await page.keyboard.press('Escape');
  });

  it('adds a filter with the keyboard alone and turns it round', async () => {
    await go('#/costs', '.grid');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('/');
    await page.getByRole('menuitem', { name: /^Service \d/ }).press('Enter');
    await page.locator('.filter-editor label').first().click();
    await expect.poll(address).toContain('is=service');
    const excluded = await text('.summary-total');
    await page.getByRole('button', { name: 'is not', exact: true }).click();
    await expect.poll(address).toContain('not=service');
    await expect.poll(() => text('.summary-total')).not.toBe(excluded);
    await page.keyboard.press('Escape');
    await page.locator('.chip .remove').click();
    await expect.poll(address).toBe('#/costs');
  });

  it('finds a value from anywhere with the palette', async () => {
    await go('#/overview', '.overview-side');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('[role="combobox"]:focus');
    await page.keyboard.type('Compute Engine');
    const found = page.locator('.palette-item:has-text("Compute Engine"):has-text("service")');
    await found.first().waitFor();
    await found.first().click();
    await page.waitForSelector('.chip');
    expect(await text('.chip')).toContain('Compute Engine');
  });

  it('exports the rows with every digit, and their sum is the total of the core', async () => {
    await go('#/costs', '.grid');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    const shown = /Total of ([\d,]+) rows/.exec(await text('.grid-row.total'))?.[1];
    expect(String(lines.length - 1)).toBe(shown?.replace(/,/g, ''));
    expect(lines[0]).toMatch(/^Service,Service name,Account,Account name,Currency,billed /);
    // No name of the sample holds a comma or a quote, so a line splits at its commas.
    const costs = lines.slice(1).map((line) => parseExact(line.split(',')[5] ?? '') ?? 0n);
    const answer = await core.call('costs.query', { from: '2026-11-01', to: '2026-12-01' });
    const total = answer.ok ? (answer.value.totals[0]?.cost ?? null) : null;
    expect(formatExact(costs.reduce((sum, cost) => sum + cost, 0n))).toBe(total);
  });

  it('saves the report of the month as one file without a script', async () => {
    await go('#/overview', '.overview-side');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Make report' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/2026-11.*\.html$/);
    const html = readFileSync(await download.path(), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).not.toContain('<script');
  });

  it('imports files that are dropped anywhere', async () => {
    await go('#/overview', '.overview-side');
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['not,a,bill'], 'notes.csv'));
      const target = document.querySelector('.overview');
      for (const type of ['dragover', 'drop']) {
        target?.dispatchEvent(
          new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }),
        );
      }
    });
    await page.waitForSelector('.import-note', { timeout: 20_000 });
    expect(await text('.import-note')).toContain('notes.csv');
    expect(await address()).toBe('#/sources');
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('says what is wrong with a file that is no bill, and keeps what is loaded', async () => {
    await go('#/sources', '.opener');
    const before = await text('.sources-figures');
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({
        name: 'invoice.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4'),
      });
    await page.waitForSelector('.import-note', { timeout: 20_000 });
    expect(await text('.import tbody td:last-child')).toBe('Refused');
    expect(await text('.import-note')).toContain('invoice.pdf');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.waitForSelector('.import', { state: 'detached' });
    expect((await text('.sources-figures')).split('\n').slice(0, 6)).toEqual(
      before.split('\n').slice(0, 6),
    );
  });

  const choose = async (name: string, ...rows: FocusRow[]) => {
    const content = focusCsv(rows.map((cells) => focusRow({ ProviderName: 'Acme', ...cells })));
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) });
    await page.waitForSelector('.import-note, .import-links', { timeout: 20_000 });
  };
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

  it('asks before a month is replaced, and shows what a further part has changed', async () => {
    await go('#/sources', '.opener');
    await choose('acme-1.csv', { BilledCost: '10' });
    await press('Close');
    const part = { BilledCost: '2.005', SubAccountId: '0043', ChargePeriodStart: '2026-03-06' };
    await choose('acme-2.csv', part);
    expect(await text('.import-note')).toContain('acme-2.csv lacks account 0042 (10 USD)');
    expect(await axeFindings()).toEqual([]);
    await press('Skip this file');
    expect(await text('.import-note')).toContain('Skipped; the version that is loaded stays.');
    await press('Close');
    await choose('acme-2.csv', part);
    await press('Add as a further part');
    await page.waitForSelector('.import-links');
    await press('Close');
    await page
      .getByRole('row', { name: /files Acme/ })
      .getByRole('button', { name: 'files' })
      .press('Enter');
    await page.getByRole('button', { name: 'Mar 2026 v2, restated' }).press('Enter');
    await page.waitForSelector('.change tbody tr');
    const cells = await page.locator('.change tbody tr').allInnerTexts();
    expect(cells.map((row) => row.split('\t'))).toEqual([
      ['Research', 'Amazon EC2', 'new', '2.01', '+2.01'],
      ['Whole month', '10.00', '12.01', '+2.01'],
    ]);
    const shown = page.locator('.change .total td').last();
    expect(await shown.getAttribute('title')).toBe('2.005');
    await opened.axeInBothThemes();
    await core.call('sources.remove', { source: 'files' });
  });

  it('opens the data health of a load by keyboard, and says what the core answers', async () => {
    await go('#/sources', '.opener');
    const button = page.getByRole('button', { name: 'Data health of aws-focus-1.2.csv' }).last();
    await button.press('Enter');
    await page.waitForSelector('.health');
    const answer = await core.call('loads.health', { load: 1 });
    const sheet = answer.ok ? answer.value.sheet : null;
    const rows = sheet?.rows.toLocaleString('en-US') ?? '';
    expect(await text('.health')).toContain(rows);
    expect(await text('.health')).toContain(`${sheet?.rulesChecked} rules checked, no finding.`);
    await opened.axeInBothThemes();
    await button.press('Enter');
    expect(await page.locator('.health').count()).toBe(0);
  });

  it('keeps the theme that was chosen', async () => {
    await go('#/settings', '.settings');
    await page.getByRole('button', { name: 'Dark', exact: true }).click();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await background()).toBe('rgb(20, 23, 27)');
    await page.reload();
    await page.waitForSelector('.settings');
    expect(await background()).toBe('rgb(20, 23, 27)');
    await page.getByRole('button', { name: 'As the system' }).click();
    expect(await background()).toBe('rgb(255, 255, 255)');
  });

  it('keeps the theme when the window host starts again at another address', async () => {
    await go('#/settings', '.settings');
    await press('Dark');
    await expect
      .poll(() => core.call('settings.get', {}))
      .toMatchObject({ value: { theme: 'dark' } });
    const again = await startWindowHost({
      core,
      dataFolder: mkdtempSync(join(opened.folder, 'second-')),
      rendererFolder,
      log: () => {},
    });
    try {
      const other = await opened.newPage({ colorScheme: 'light' });
      await other.goto(again.url);
      await other.waitForSelector('.nav-foot');
      await expect
        .poll(() => other.evaluate(() => getComputedStyle(document.body).backgroundColor))
        .toBe('rgb(20, 23, 27)');
    } finally {
      await again.close();
      await press('As the system');
    }
  });

  it('gives the space of a removed source back to the disk', async () => {
    await go('#/sources', '.opener');
    await choose('acme-1.csv', { BilledCost: '10' });
    await press('Close');
    await core.call('sources.remove', { source: 'sample' });
    const figures = page.locator('.sources-figures');
    await expect.poll(() => figures.innerText()).toContain('Free in the file');
    expect(await axeFindings()).toEqual([]);
    await press('Compact');
    await expect.poll(() => figures.innerText()).not.toContain('Free in the file');
  });
});
