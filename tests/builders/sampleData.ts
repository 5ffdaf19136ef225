import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'vitest';
import { sampleDataMark } from './sampleDataMark.ts';

/** Real files to try, beside the checkout; a clone alone does not have them. */
const folder = fileURLToPath(new URL('../../../shared/data', import.meta.url));

export function sampleDataPath(...parts: string[]): string {
  return join(folder, ...parts);
}

/** A test on real files: skipped, and said so, where the folder is absent. */
export function sampleDataTest(name: string, run: () => Promise<void>): void {
  const present = existsSync(folder);
  if (!present) console.warn(`SKIPPED, no sample data folder: ${name}`);
  test.skipIf(!present)(sampleDataMark + name, run);
}
