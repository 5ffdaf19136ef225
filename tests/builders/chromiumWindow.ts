import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { buildRenderer } from '../../build/renderer.ts';
import { type Core, openCore } from '../../electron/core/api.ts';
import { startWindowHost, type WindowHost } from '../../electron/hosts/window.ts';
import { launchChromium } from '../hosts/chromium.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const axeSource = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

export const rendererFolder = join(root, 'dist/renderer');

/**
 * The window as people get it: the built renderer over the window host and the real core, in
 * Chromium, under the real content policy. `close` ends all that it has started.
 */
export interface ChromiumWindow {
  /** The one tab, as a session lives in its tab. */
  page: Page;
  host: WindowHost;
  core: Core;
  /** The data folder. */
  folder: string;
  /**
   * Errors and warnings of the console (violations of the content policy are among them), what was
   * thrown and requests to anywhere else; a test looks at them and may empty the list.
   */
  complaints: string[];
  /** Another tab, of another person. */
  newPage: (options?: { colorScheme: 'light' | 'dark' }) => Promise<Page>;
  /** Goes to an address within the window and waits for a selector there. */
  go: (hash: string, shown?: string) => Promise<void>;
  /** The text of the first element. */
  text: (selector: string) => Promise<string>;
  /** Where the window is. */
  address: () => Promise<string>;
  axeFindings: () => Promise<string[]>;
  /** No finding of axe, light and dark; `seen` is called in each. Light afterwards. */
  axeInBothThemes: (seen?: (colorScheme: 'light' | 'dark') => Promise<void>) => Promise<void>;
  close: () => Promise<void>;
}

/** `own` is a core that the test opens and closes itself; else one of an empty folder is made. */
export async function chromiumWindow(
  program: string | null,
  own?: { core: Core; folder: string },
): Promise<ChromiumWindow> {
  await buildRenderer(root, () => {});
  const browser = await launchChromium(program ?? '');
  const folder = own?.folder ?? mkdtempSync(join(tmpdir(), 'outlay-chromium-'));
  const core =
    own?.core ??
    openCore({
      dataFolder: folder,
      workerUrl: new URL('../../electron/core/jobs/worker.ts', import.meta.url),
      appVersion: '0.0.0',
      now: () => new Date('2026-11-24T10:00:00Z'),
      log: () => {},
    });
  const host = await startWindowHost({ core, dataFolder: folder, rendererFolder, log: () => {} });
  const viewport = { width: 1280, height: 800 };
  const page = await (await browser.newContext({ viewport })).newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(host.address)) {
      complaints.push(`request to ${request.url()}`);
    }
  });
  await page.goto(host.url);
  await page.waitForSelector('.nav-foot');

  async function axeFindings(): Promise<string[]> {
    await page.evaluate(axeSource);
    return page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
    });
  }

  return {
    page,
    host,
    core,
    folder,
    complaints,
    newPage: async (options) => (await browser.newContext(options)).newPage(),
    go: async (hash, shown) => {
      await page.evaluate((address) => {
        location.hash = address;
      }, hash);
      if (shown !== undefined) await page.waitForSelector(shown);
    },
    text: (selector) => page.locator(selector).first().innerText(),
    address: () => page.evaluate(() => location.hash),
    axeFindings,
    axeInBothThemes: async (seen) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await axeFindings()).toEqual([]);
        await seen?.(colorScheme);
      }
      await page.emulateMedia({ colorScheme: 'light' });
    },
    close: async () => {
      await browser.close();
      await host.close();
      if (own) return;
      await core.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
