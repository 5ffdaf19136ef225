import { join } from 'node:path';
import { isFresh } from './fresh.ts';

const sources = ['renderer', 'shared', 'vite.config.ts', 'package-lock.json'];

/** Builds the window into dist/renderer unless it is there and newer than what it is made of. */
export async function buildRenderer(root: string, log: (line: string) => void): Promise<void> {
  if (isFresh(root, 'dist/renderer/index.html', sources)) return;
  log('Building the window.');
  const { build } = await import('vite');
  // A test runner sets this to "test", with which the plugin would write code for React's
  // development build into pages that hold its production build.
  const environment = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
}
