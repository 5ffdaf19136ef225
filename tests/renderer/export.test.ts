import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRenderer } from '../../build/renderer.ts';
import { type Core, openCore } from '../../electron/core/api.ts';
import { startWindowHost, type WindowHost } from '../../electron/hosts/window.ts';
import { findChromium, launchChromium } from '../hosts/chromium.ts';

/** The export from the Sources page, in Chromium over the real core. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const program = findChromium();

describe.skipIf(program === null)('export from the window', { timeout: 60_000 }, () => {
  let browser: Browser;
  let folder: string;
  let core: Core;
  let host: WindowHost;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    await buildRenderer(root, () => {});
    browser = await launchChromium(program ?? '');
    folder = mkdtempSync(join(tmpdir(), 'outlay-export-'));
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
    await page.evaluate(() => {
      location.hash = '#/sources';
    });
    await page.waitForSelector('.opener');
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await host.close();
    await core.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function axeInBothThemes(): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axeSource);
      const findings = await page.evaluate(async () => {
        const { axe } = window as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(findings).toEqual([]);
      await shoot(colorScheme);
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }
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
    await axeInBothThemes();
    await page.getByRole('menuitem', { name: 'CSV, gzip' }).press('Enter');
    await page.waitForSelector('.export-facts', { timeout: 30_000 });
    const file = join(folder, 'exports', 'focus-2026-11-24.csv.gz');
    expect(existsSync(file)).toBe(true);
    const shown = await page.locator('.export-facts').innerText();
    expect(shown).toContain(file);
    expect(shown).toContain('PublisherName, InvoiceIssuerName, ChargeDescription: empty');
    await axeInBothThemes();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.waitForSelector('.export-facts', { state: 'detached' });
    expect(complaints).toEqual([]);
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
    expect(readdirSync(join(folder, 'exports'))).toEqual(['focus-2026-11-24.csv.gz']);
    expect(complaints).toEqual([]);
  });
});
