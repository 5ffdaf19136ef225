import { accessSync, constants } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { browserCandidates } from '../../electron/hosts/browser.ts';

/**
 * The Chromium for browser tests: `CHROMIUM_PATH`, else where the window host would find one.
 * Null: these tests are skipped with a loud line, and fail where `CI` is set.
 */
export function findChromium(): string | null {
  const { platform, env } = process;
  for (const path of [env['CHROMIUM_PATH'] ?? '', ...browserCandidates(platform, env)]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  if (env['CI']) throw new Error('No Chromium for the browser tests; install one.');
  console.warn('SKIPPED: no Chromium was found, so the browser tests do not run (CHROMIUM_PATH).');
  return null;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
