import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchCore } from './core.ts';
import { print } from './measure.ts';
import { benchWindow } from './window.ts';

/**
 * `npm run bench`: speed as ratios within one run, never asserted. The figures are medians; the
 * range beside them says how noisy the machine was.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'outlay-bench-'));
try {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, ${memory}, Node ${process.versions.node}`,
  );
  const data = join(folder, 'data');
  print(await benchCore(root, folder, data));
  print(await benchWindow(root, data));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
