import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchCore } from './core.ts';
import { benchLarge } from './large.ts';
import { print } from './measure.ts';
import { benchWindow } from './window.ts';

/**
 * `npm run bench`: speed as ratios within one run, never asserted. The figures are medians; the
 * range beside them says how noisy the machine was. `--rows N` sets the size of the large bill
 * (ten million is the size the design speaks of); 0 leaves it out.
 */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(values.rows);
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
  if (rows > 0) print(await benchLarge(root, folder, rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
