import type { DuckDBConnection } from '@duckdb/node-api';
import type { CsvShape } from './csv-scan.ts';
import { identifier, literal, queryRows } from './duck.ts';
import type { ReadyJson } from './source-file.ts';

/** Texts that mean "no value" in the exports of one provider or another. */
const nullTexts = ['', 'NULL', 'null', '[N/A]', 'N/A'];

export interface SourceColumn {
  /** As the file spells it; a field of a record in a column is `column.field`. */
  name: string;
  /** The reader's own column in which it stands. */
  column: string;
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
  firstRow: 1 | 2;
  /** SQL of the record's number where the reader knows it by itself. */
  rowNumber: string | null;
}

/** A file whose records the reader can go through as often as needed. */
export type LyingFile =
  /** `csv` where it is the copy of a CSV file, all text; its first record is row 2 there. */
  { kind: 'parquet'; path: string; firstRow: 1 | 2; csv: CsvShape | null } | ReadyJson;

/** The file's own columns. */
export async function openColumns(connection: DuckDBConnection, file: LyingFile): Promise<Source> {
  return file.kind === 'json'
    ? await openJson(connection, file)
    : await openParquet(connection, file.path, file.firstRow);
}

async function openJson(connection: DuckDBConnection, { path, shape }: ReadyJson): Promise<Source> {
  const size = Math.max(1 << 24, shape.longest + 1024);
  const from = `read_json_objects(${literal(path)}, format = 'newline_delimited',
    compression = 'uncompressed', maximum_object_size = ${size})`;
  const keys = await queryRows(
    connection,
    `SELECT DISTINCT key FROM (SELECT unnest(json_keys(json)) AS key FROM ${from}) ORDER BY key`,
  );
  const columns = keys.map((row) => {
    const name = String(row['key']);
    return { name, column: 'json', text: '', source: jsonPointer([name]), type: 'JSON' };
  });
  return { from, columns, firstRow: 1, rowNumber: null };
}

/** Where in a record a value stands. */
export function jsonPointer(path: readonly string[]): string {
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

async function openParquet(
  connection: DuckDBConnection,
  path: string,
  firstRow: 1 | 2,
): Promise<Source> {
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
        column: prefix === '' ? own : select.slice(0, -2),
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
    firstRow,
    rowNumber: 'file_row_number',
  };
}

function parquetCell(own: string, type: string): Omit<SourceColumn, 'name' | 'column'> {
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
  // JSON as a type of Parquet is text; the same word stands for pointers into a JSON file here.
  const plain = type === 'JSON' ? 'VARCHAR' : type;
  return { source: own, type: plain, text: wordless ? text : asText(text) };
}

/** Text that is no value as null. Not with IN: the reader makes a join of it, even where unused. */
export function asText(expression: string): string {
  // Their length first: most values are longer, and trimming each would cost more than reading it.
  return `CASE WHEN strlen(${expression}) < 12 AND list_contains([${nullTexts.map(literal).join(', ')}], trim(${expression})) THEN NULL ELSE ${expression} END`;
}
