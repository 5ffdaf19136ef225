import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { browserCandidates } from '../electron/hosts/browser.ts';

/**
 * `npm run screenshots`: the pages of the sample company, as the README shows them. With `--all`
 * every page in both themes and two sizes, empty and full, into `--out DIR`.
 */
const { values } = parseArgs({
  options: { all: { type: 'boolean', default: false }, out: { type: 'string' } },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const out = values.out ?? join(root, 'docs');
const pages = ['overview', 'costs', 'workloads', 'savings', 'commitments', 'sources', 'settings'];
const sizes = values.all
  ? [
      { width: 1280, height: 800 },
      { width: 1920, height: 1080 },
    ]
  : [{ width: 1280, height: 800 }];
const themes = values.all ? (['light', 'dark'] as const) : (['light'] as const);

const executablePath = browserCandidates(process.platform, process.env).find((path) =>
  existsSync(path),
);
if (!executablePath) throw new Error('No Chromium, Chrome, Edge or Brave was found.');
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const folder = mkdtempSync(join(tmpdir(), 'outlay-screenshots-'));
try {
  if (values.all) await shoot('empty-');
  await run(['sample']);
  await shoot('');
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

async function shoot(prefix: string): Promise<void> {
  for (const theme of themes) {
    for (const viewport of sizes) {
      const { url, stop } = await serve();
      const page = await browser.newPage({ viewport, colorScheme: theme });
      await page.goto(url);
      await page.getByRole('navigation').first().waitFor();
      for (const [i, name] of pages.entries()) {
        await page.keyboard.press(String(i + 1));
        await page.waitForTimeout(600);
        const suffix = values.all ? `-${theme}-${viewport.width}` : '';
        if (values.all || i < 2) {
          await page.screenshot({ path: join(out, `${prefix}${name}${suffix}.png`) });
        }
      }
      await page.close();
      await stop();
    }
  }
}

function run(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['build/outlay.js', ...args, '--data', folder], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });
}

/** Starts the window host and answers the one-time address it prints. */
async function serve(): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn(
    process.execPath,
    ['build/outlay.js', 'serve', '--no-open', '--data', folder],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/#launch=\S+/.exec(line)?.[0];
    if (url) {
      return {
        url,
        stop: () => {
          child.kill('SIGTERM');
          return ended;
        },
      };
    }
  }
  throw new Error('The window host ended without an address.');
}
