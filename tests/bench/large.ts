import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type CommandRun, runImport } from './command.ts';
import { elapsed, type Line, repeat, type Timing, timing } from './measure.ts';
import { type BillForm, makeBill } from './ten-million.ts';

const runs = 5;
/** Of what takes a minute each. */
const longRuns = 3;

/**
 * Imports of large bills in whole commands with fresh data folders, each beside what it is held
 * against, in turn. Files are warm: each was read just before.
 */
export async function* benchLarge(
  root: string,
  folder: string,
  rows: number,
): AsyncGenerator<Line> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duck = await instance.connect();
  await duck.run("SET TimeZone = 'UTC'");
  const beside = async (form: BillForm, files: readonly string[], times: number, isHeld = true) => {
    const data = join(folder, `data-${form}`);
    const read: number[] = [];
    const own: CommandRun[] = [];
    for (let i = 0; i < times; i++) {
      if (isHeld) read.push(await elapsed(() => readAll(root, form, files)));
      rmSync(data, { recursive: true, force: true });
      own.push(await runImport(root, files, data));
    }
    return { read: timing(read), own, data };
  };
  const what = (form: string, count = rows) =>
    `import of ${count.toLocaleString('en')} rows as ${form}`;
  const duckName = 'DuckDB reading every column';

  const parquetFiles = await makeBill(duck, folder, 'parquet', rows);
  const parquet = await beside('parquet', parquetFiles, runs);
  yield* [
    against(`${what('Parquet')}, to all totals shown`, shown(parquet.own), duckName, parquet.read),
    { what: '  the whole command, lines kept', timing: whole(parquet.own) },
    peak(parquet.own),
  ];

  const csvFiles = await makeBill(duck, folder, 'csv', rows);
  const csv = await beside('csv', csvFiles, longRuns);
  yield* [
    against(`${what('CSV')} with lines`, whole(csv.own), duckName, csv.read),
    peak(csv.own),
    await sizes(duck, folder, parquetFiles, csv.data),
  ];
  const gz = await beside('csv.gz', await makeBill(duck, folder, 'csv.gz', rows), longRuns, false);
  yield* [
    against(`${what('CSV.gz')} with lines`, whole(gz.own), 'the same as CSV', whole(csv.own)),
  ];
  rmSync(gz.data, { recursive: true, force: true });

  const month = 1_000_000;
  const [monthCsv = ''] = await makeBill(duck, folder, 'csv', month, 1);
  const monthly = await beside('csv', [monthCsv], runs);
  const sqlite = await repeat(runs, () => elapsed(() => sqliteImport(folder, monthCsv)));
  yield* [
    against(
      `${what('CSV, one file', month)}, lines included`,
      whole(monthly.own),
      '`sqlite3 .import`',
      sqlite,
    ),
    peak(monthly.own),
  ];

  yield await replaceMonth(root, duck, folder, parquet.data, month);
  duck.closeSync();
  instance.closeSync();
}

/** DuckDB looks at every value of the files, in a process of its own as the import is. */
function readAll(root: string, form: BillForm, files: readonly string[]): void {
  const args = ['tests/bench/read-all.ts', reading(form, files)];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

function reading(form: BillForm, files: readonly string[]): string {
  const list = files.map((file) => `'${file}'`).join(', ');
  return form === 'parquet' ? `read_parquet([${list}])` : `read_csv([${list}])`;
}

/** A month of the large ledger comes again in other bytes, each time as a new version. */
async function replaceMonth(
  root: string,
  duck: DuckDBConnection,
  folder: string,
  ledger: string,
  rows: number,
): Promise<Line> {
  const data = join(folder, 'data-month');
  rmSync(data, { recursive: true, force: true });
  cpSync(ledger, data, { recursive: true });
  const [first = ''] = await makeBill(duck, folder, 'parquet', rows, 1);
  const second = join(folder, 'restated.parquet');
  await duck.run(`COPY (FROM '${first}') TO '${second}' (FORMAT parquet, COMPRESSION zstd)`);
  await runImport(root, [second], data);
  const read: number[] = [];
  const own: CommandRun[] = [];
  for (let i = 0; i < runs; i++) {
    const file = i % 2 === 0 ? first : second;
    read.push(await elapsed(() => readAll(root, 'parquet', [file])));
    own.push(await runImport(root, [file], data));
  }
  return against(
    `one month of ${rows.toLocaleString('en')} rows replaced, to all totals shown`,
    shown(own),
    'DuckDB reading every column of it',
    timing(read),
  );
}

/** `.import` into a table without an index, as the shell of SQLite does it. */
function sqliteImport(folder: string, file: string): void {
  const database = join(folder, 'raw.db');
  rmSync(database, { force: true });
  const { status, error } = spawnSync('sqlite3', [database, '.mode csv', `.import '${file}' bill`]);
  if (status !== 0) throw error ?? new Error('sqlite3 could not import the file');
}

/** Bytes of the ledger, without and with its lines, beside the bill as others keep it. */
async function sizes(
  duck: DuckDBConnection,
  folder: string,
  parquetFiles: readonly string[],
  data: string,
): Promise<Line> {
  const [, ...others] = parquetFiles;
  const [first = ''] = parquetFiles;
  const packed = join(folder, 'source.zstd.parquet');
  await duck.run(`COPY (FROM '${first}') TO '${packed}' (FORMAT parquet, COMPRESSION zstd)`);
  const csv = join(folder, 'source.csv');
  await duck.run(`COPY (FROM '${first}') TO '${csv}' (FORMAT csv, HEADER true)`);
  sqliteImport(folder, csv);
  // The files of the months are alike: one of them stands for all.
  const months = others.length + 1;
  const raw = statSync(join(folder, 'raw.db')).size * months;
  const zstd = statSync(packed).size * months;
  const ledger = bytesIn(data, /^outlay\.db/);
  const lines = bytesIn(join(data, 'detail'), /./);
  for (const path of [packed, csv, join(folder, 'raw.db')]) rmSync(path);
  return {
    what: 'bytes',
    said: `database ${megabytes(ledger)}, 1/${Math.round(raw / ledger)} of a raw SQLite table (${megabytes(raw)}); with lines ${megabytes(ledger + lines)}, ${((ledger + lines) / zstd).toFixed(2)}x the source as Parquet with zstd (${megabytes(zstd)})`,
  };
}

function bytesIn(folder: string, name: RegExp): number {
  return readdirSync(folder)
    .filter((file) => name.test(file))
    .reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

function shown(own: readonly CommandRun[]): Timing {
  return timing(own.map((run) => run.shown));
}

function whole(own: readonly CommandRun[]): Timing {
  return timing(own.map((run) => run.whole));
}

function peak(own: readonly CommandRun[]): Line {
  const { median } = timing(own.map(({ memory }) => memory));
  return { what: '  peak memory', said: megabytes(median) };
}

function against(what: string, own: Timing, name: string, base: Timing): Line {
  return { what, timing: own, against: { name, timing: base } };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
