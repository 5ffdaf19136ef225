import type { DuckDBConnection } from '@duckdb/node-api';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { CsvShape } from './csv-scan.ts';
import { identifier, literal, queryRows } from './duck.ts';
import { damaged, type ReadyCsv } from './source-file.ts';

/** Most files have no longer line; small buffers keep both of the reader's threads at work. */
const usualLine = { line: 2 ** 21, buffer: 2 ** 22 };
const longLine = { line: 2 ** 24, buffer: 2 ** 25 };

/**
 * How lines are kept. Small row groups are written faster, and let drill-down pass over most of the
 * file. A dictionary takes in as many values as a row group has resources; where its limit is set at
 * all the writer makes room for it in every column, so that files of very many columns go without.
 */
export function linesFormat(columns: number): string {
  const dictionaries = columns <= 200 ? ', DICTIONARY_SIZE_LIMIT 2000' : '';
  return `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 20480,
    WRITE_BLOOM_FILTER false${dictionaries}`;
}

/**
 * Parses a CSV file once, into a Parquet copy of its cells as text under their own header names;
 * from there on it is read like any Parquet file, and the copy is what drill-down looks into.
 * A plain file is copied while it is counted, and once more where the count finds that its text
 * must be normalised first. Refuses a file of which the reader sees another number of records.
 */
export async function stageCsv(
  connection: DuckDBConnection,
  ready: ReadyCsv,
  stage: string,
  file: string,
): Promise<CsvShape> {
  const early = ready.head ? copy(connection, ready.path, ready.head, stage) : null;
  early?.catch(() => {});
  let shape: CsvShape;
  try {
    shape = await ready.counted;
    assertRowsFit(file, shape);
  } catch (error) {
    connection.interrupt();
    await early?.catch(() => {});
    throw error;
  }
  if (early && isAsRead(shape)) await early;
  else {
    await early?.catch(() => {});
    await copy(connection, ready.path, shape, stage);
  }
  const [row] = await queryRows(
    connection,
    `SELECT count(*) AS n FROM read_parquet(${literal(stage)})`,
  );
  const read = Number(row?.['n']);
  if (read === shape.records) return shape;
  throw damaged(file, `${shape.records} rows were counted and ${read} could be read`);
}

function assertRowsFit(file: string, { longest }: CsvShape): void {
  if (longest < longLine.line) return;
  throw new OutlayError(
    'FILE_TOO_LARGE',
    `${file} holds a row of more than ${longLine.line / 2 ** 20} MiB. Nothing was changed.`,
    'Shorten that row, or leave out the column that makes it so long.',
  );
}

/** True where the copy that began before the count was made of the right text in the right way. */
function isAsRead({ needsRewrite, surplusName, longest }: CsvShape): boolean {
  return !needsRewrite && surplusName === null && longest < usualLine.line;
}

async function copy(
  connection: DuckDBConnection,
  path: string,
  shape: Pick<CsvShape, 'header' | 'delimiter'> & Partial<CsvShape>,
  stage: string,
): Promise<void> {
  const names = readerNames(shape.header);
  const types = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const start = (shape.surplusName ?? null) === null ? 'header = true' : 'header = false, skip = 1';
  const { line, buffer } = (shape.longest ?? 0) < usualLine.line ? usualLine : longLine;
  const from = `read_csv(${literal(path)}, auto_detect = false, ${start},
    columns = {${types}}, delim = ${literal(shape.delimiter)}, quote = '"', escape = '"',
    new_line = '\\n', strict_mode = true, null_padding = false, ignore_errors = false,
    max_line_size = ${line}, buffer_size = ${buffer})`;
  await connection.run(
    `COPY (SELECT ${names.map(identifier).join(', ')} FROM ${from}) TO ${literal(stage)}
     (${linesFormat(names.length)})`,
  );
}

/** The header's names, made distinct as the reader compares them; a file must not have twins. */
function readerNames(header: readonly string[]): string[] {
  const seen = new Set(['file_row_number']);
  return header.map((name, i) => {
    const own = name === '' || seen.has(name.toLowerCase()) ? `${name} (column ${i + 1})` : name;
    seen.add(own.toLowerCase());
    return own;
  });
}
