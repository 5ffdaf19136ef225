import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { buildCli } from '../../build/cli.ts';
import { benchAnalysis } from './analysis.ts';
import { benchCore } from './core.ts';
import { benchLarge } from './large.ts';
import { benchLines } from './lines.ts';
import { benchLedger } from './ledger.ts';
import { print } from './measure.ts';
import { makeBill } from './ten-million.ts';
import { benchWindowThread } from './window-thread.ts';
import { benchWindow } from './window.ts';
import { benchWorkloads } from './workloads.ts';

/**
 * `npm run bench`: speed as ratios within one run, never asserted. The figures are medians; the
 * range beside them says how noisy the machine was. `--rows N` sets the size of the large bill
 * (ten million is the size the design speaks of); 0 leaves it out. `--folder DIR` keeps the bills
 * that were made there for the next run.
 */
const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, folder: { type: 'string' } },
});
const rows = Number(values.rows);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'outlay-bench-'));
mkdirSync(folder, { recursive: true });
try {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, ${memory}, Node ${process.versions.node}`,
  );
  // Commands are measured as a user has them.
  await buildCli(root);
  const data = join(folder, 'data');
  print(await benchAnalysis());
  print(await benchCore(root, folder, data));
  print(await benchWindow(root, data));
  if (rows > 0) {
    for await (const line of benchLarge(root, folder, rows)) print([line]);
    // The ledger of the last Parquet import, and the files it came from.
    const large = join(folder, 'data-parquet');
    print(await benchLedger(root, large, await parquetFiles()));
    print(await benchWindowThread(root, large));
    print(await benchWorkloads(root, large));
    print(await benchLines(root, join(folder, 'data-csv')));
  }
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

async function parquetFiles(): Promise<string[]> {
  const instance = await DuckDBInstance.create();
  const duck = await instance.connect();
  const files = await makeBill(duck, folder, 'parquet', rows);
  duck.closeSync();
  instance.closeSync();
  return files;
}
