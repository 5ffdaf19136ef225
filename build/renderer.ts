import { join } from 'node:path';
import { isFresh } from './fresh.ts';

const sources = ['renderer', 'shared', 'vite.config.ts', 'package-lock.json'];

/** Builds the window into dist/renderer unless it is there and newer than what it is made of. */
export async function buildRenderer(root: string, log: (line: string) => void): Promise<void> {
  if (isFresh(root, 'dist/renderer/index.html', sources)) return;
  log('Building the window.');
  const { build } = await import('vite');
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' });
}
