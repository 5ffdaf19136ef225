import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal, queryRows } from './duck.ts';
import type { ReadyFile } from './source-file.ts';

/** Texts that mean "no value" in the exports of one provider or another. */
const nullTexts = ['', 'NULL', 'null', '[N/A]', 'N/A'];

export interface SourceColumn {
  /** As the file spells it; a field of a record in a column is `column.field`. */
  name: string;
  /** Expression that gives its text, null where there is no value; none in JSON. */
  text: string;
  /** Expression that gives the cell as the reader has it, and its type there; a pointer in JSON. */
  source: string;
  type: string;
  /** A field of a record, not a column of its own. */
  isField?: boolean;
}

/** A source as the reader sees it, one row a record. */
export interface Source {
  from: string;
  columns: SourceColumn[];
  /** Number of the first record, as a message counts it; a header is row 1. */
  firstRow: number;
  /** SQL of the record's number where the reader knows it by itself. */
  rowNumber: string | null;
}

/** The reader's table function over a ready file, every column as text. */
export async function openColumns(connection: DuckDBConnection, ready: ReadyFile): Promise<Source> {
  switch (ready.kind) {
    case 'csv':
      return openCsv(ready);
    case 'json':
      return await openJson(connection, ready);
    case 'parquet':
      return await openParquet(connection, ready.path);
  }
}

function openCsv({ path, shape }: ReadyFile & { kind: 'csv' }): Source {
  const { header, delimiter } = shape;
  const columns = header.map((name, i) => ({
    name,
    text: asText(`c${i}`),
    source: `c${i}`,
    type: 'VARCHAR',
  }));
  const types = header.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  const start = shape.surplusName === null ? 'header = true' : 'header = false, skip = 1';
  const from = `read_csv(${literal(path)}, auto_detect = false, ${start},
      columns = {${types}}, delim = ${literal(delimiter)}, quote = '"', escape = '"',
      new_line = '\\n', strict_mode = true, null_padding = false, ignore_errors = false,
      max_line_size = 16777216)`;
  return { from, columns, firstRow: 2, rowNumber: null };
}

async function openJson(
  connection: DuckDBConnection,
  { path, shape }: ReadyFile & { kind: 'json' },
): Promise<Source> {
  const size = Math.max(1 << 24, shape.longest + 1024);
  const from = `read_json_objects(${literal(path)}, format = 'newline_delimited',
    compression = 'uncompressed', maximum_object_size = ${size})`;
  const keys = await queryRows(
    connection,
    `SELECT DISTINCT key FROM (SELECT unnest(json_keys(json)) AS key FROM ${from}) ORDER BY key`,
  );
  const columns = keys.map((row) => {
    const name = String(row['key']);
    return { name, text: '', source: jsonPointer([name]), type: 'JSON' };
  });
  return { from, columns, firstRow: 1, rowNumber: null };
}

/** Where in a record a value stands. */
export function jsonPointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

async function openParquet(connection: DuckDBConnection, path: string): Promise<Source> {
  const table = `read_parquet(${literal(path)}`;
  const columns: SourceColumn[] = [];
  const open = async (prefix: string, select: string) => {
    const described = await queryRows(connection, `DESCRIBE SELECT ${select} FROM ${table})`);
    for (const row of described) {
      const field = String(row['column_name']);
      const type = String(row['column_type']);
      const own = prefix === '' ? identifier(field) : `${select.slice(0, -2)}.${identifier(field)}`;
      const column = {
        name: prefix + field,
        ...parquetCell(own, type),
        ...(prefix === '' ? {} : { isField: true }),
      };
      columns.push(column);
      const isRecord = type.startsWith('STRUCT') && !type.endsWith(']') && column.source === own;
      if (isRecord && prefix === '') await open(`${field}.`, `${own}.*`);
    }
  };
  await open('', '*');
  return {
    from: `${table}, file_row_number = true)`,
    columns,
    firstRow: 1,
    rowNumber: 'file_row_number',
  };
}

function parquetCell(own: string, type: string): Omit<SourceColumn, 'name'> {
  // BigQuery writes a list as a record with one field, itself a list of records of one field.
  const wrapped = /^STRUCT\("?list"? STRUCT\("?(element|item)"? (.*)\)\[\]\)$/.exec(type);
  if (wrapped) {
    const source = `list_transform(${own}."list", lambda entry: entry."${wrapped[1]}")`;
    return { source, type: `${wrapped[2]}[]`, text: asText(`CAST(to_json(${source}) AS VARCHAR)`) };
  }
  const nested = /^(MAP|STRUCT)|\]$/.test(type);
  const text = `CAST(${nested ? `to_json(${own})` : own} AS VARCHAR)`;
  // A number or a time is never the word for no value.
  const wordless = /^(DOUBLE|FLOAT|DECIMAL|U?(TINY|SMALL|BIG|HUGE)?INT|DATE|TIME|BOOLEAN)/.test(
    type,
  );
  return { source: own, type, text: wordless ? text : asText(text) };
}

export function asText(expression: string): string {
  const nulls = nullTexts.map(literal).join(', ');
  // Their length first: most values are longer, and trimming each would cost more than reading it.
  return `CASE WHEN strlen(${expression}) < 12 AND trim(${expression}) IN (${nulls}) THEN NULL ELSE ${expression} END`;
}
