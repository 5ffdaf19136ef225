import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { elapsed, type Line, repeat } from './measure.ts';
import { type BillForm, makeBill } from './ten-million.ts';

const runs = 3;

/** Import of the large bill, whole command and fresh data folder, beside DuckDB reading the same files. */
export async function benchLarge(root: string, folder: string, rows: number): Promise<Line[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duck = await instance.connect();
  await duck.run("SET TimeZone = 'UTC'");
  const lines: Line[] = [];
  for (const form of ['parquet', 'csv'] as const) {
    const files = await makeBill(duck, folder, form, rows);
    const from = reading(form, files);
    const described = await duck.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
    const columns = described.getRowsJS().map(([name]) => `max("${name as string}")`);
    const readAll = await repeat(runs, () =>
      elapsed(() => duck.run(`SELECT ${columns.join(', ')} FROM ${from}`)),
    );
    const data = join(folder, `data-${form}`);
    const imports = await repeat(runs, () => {
      rmSync(data, { recursive: true, force: true });
      return elapsed(() => {
        const args = ['build/outlay.js', 'import', ...files, '--data', data];
        const { status, stderr } = spawnSync(process.execPath, args, {
          cwd: root,
          encoding: 'utf8',
        });
        if (status !== 0) throw new Error(stderr);
      });
    });
    lines.push({
      what: `import of ${rows} rows as ${form} (${megabytes(files)}; database ${megabytes(databaseFiles(data))})`,
      timing: imports,
      against: { name: 'DuckDB reading every column', timing: readAll },
    });
  }
  duck.closeSync();
  instance.closeSync();
  return lines;
}

function reading(form: BillForm, files: readonly string[]): string {
  const list = files.map((file) => `'${file}'`).join(', ');
  return form === 'parquet' ? `read_parquet([${list}])` : `read_csv([${list}], all_varchar = true)`;
}

function databaseFiles(data: string): string[] {
  return readdirSync(data)
    .filter((name) => name.startsWith('outlay.db'))
    .map((name) => join(data, name));
}

function megabytes(files: readonly string[]): string {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
