import { billSelect } from '../ingest/bill-view.ts';
import { detectFormat } from '../ingest/detect.ts';
import { identifier, literal } from '../ingest/duck.ts';
import { cellsOf } from '../ingest/source-cells.ts';
import { openColumns } from '../ingest/source-columns.ts';
import { dayColumns, plainSelect } from '../ingest/stage.ts';
import type { Detail } from '../store/detail.ts';
import { type SeriesDimension, seriesDimensions } from '../store/measures.ts';
import type { Asking } from './reader.ts';

/** Detail files of one shape, and how their rows are read as charges: as the import read them. */
export interface OpenedDetail {
  /** Select of all rows of files, with `file_row_number`; see `rowsOfFile`. */
  rowsOf: (paths: readonly string[]) => string;
  firstRow: number;
  /** Select of the canonical charges over a table of the file's columns. */
  charges: (table: string) => string;
  /** Measures that the charges have as DOUBLE beside their text. */
  doubles: ReadonlySet<string>;
  /** The file's own columns with SQL of their text; null where it holds charges. */
  own: readonly { name: string; text: string }[] | null;
  /**
   * Own columns of which one must hold a value of the dimension as it is, so that the reader can
   * leave out parts of the file by its statistics; none where that is not known.
   */
  plain: (dimension: string) => readonly string[];
}

/**
 * No file has so many rows. Where several are read together, the rows of the second are numbered
 * from here on, those of the third from twice as many on.
 */
const rowsOfFile = 2 ** 40;

/** Which of several files a row number is of. */
export function fileOfRow(row: number, firstRow: number): number {
  return Math.floor((row - firstRow) / rowsOfFile);
}

/** Its number in that file. */
export function rowInFile(row: number): number {
  return row % rowsOfFile;
}

/** Files that a connection has looked at: one of a load never changes. */
const known = new WeakMap<Asking['connection'], Map<string, OpenedDetail>>();

export async function openDetail(
  { connection }: Asking,
  detail: Detail & { path: string },
  fileName: string,
): Promise<OpenedDetail> {
  const files = known.get(connection) ?? new Map<string, OpenedDetail>();
  known.set(connection, files);
  const opened = files.get(detail.path) ?? (await look(connection, detail, fileName));
  files.set(detail.path, opened);
  return opened;
}

async function look(
  connection: Asking['connection'],
  detail: Detail & { path: string },
  fileName: string,
): Promise<OpenedDetail> {
  const { path, firstRow, reading } = detail;
  const source = await openColumns(connection, {
    kind: 'parquet',
    path,
    firstRow,
    csv: null,
  });
  const names = source.columns.map(({ name }) => name);
  if (detail.form === 'charges') {
    const record = names.includes('record') ? '' : `, file_row_number + ${firstRow} AS record`;
    return {
      rowsOf,
      firstRow,
      charges: (table) =>
        `SELECT *, file_row_number + ${firstRow} AS row${record}, ${dayColumns(new Map())} FROM ${table}`,
      doubles: new Set(),
      own: null,
      plain: (dimension) => (isSeriesDimension(dimension) ? [identifier(dimension)] : []),
    };
  }
  const cells = cellsOf(source);
  const detected = detectFormat(fileName, names, reading, cells.has).layout;
  const layout = detected.careful ?? detected;
  const charge = layout.charge(cells);
  const plainColumns = new Set(
    source.columns
      .filter(({ source: own, column, type }) => own === column && type === 'VARCHAR')
      .map(({ column }) => column),
  );
  const select = (table: string) =>
    billSelect({ ...source, from: table }, layout, {
      ...reading,
      asMoney: reading.asMoney === true,
    });
  return {
    rowsOf,
    firstRow,
    charges: (table) => plainSelect(select(table), firstRow),
    doubles: new Set(
      [...select(source.from).values]
        .filter(([, { type }]) => type === 'DOUBLE')
        .map(([name]) => name),
    ),
    own: source.columns
      .filter(({ isField }) => !isField)
      .map(({ name, source: own, type }) => ({
        name,
        text: `CAST(${/^(MAP|STRUCT)|\]$/.test(type) ? `to_json(${own})` : own} AS VARCHAR)`,
      })),
    plain: (dimension) => {
      const sql = isSeriesDimension(dimension) ? (charge[dimension] ?? '') : '';
      // The currency is changed on its way, and a choice by other cells is no plain choice.
      if (dimension === 'currency' || !/^(cell_\d+|coalesce\([\s,]*(cell_\d+[\s,]*)+\))$/.test(sql))
        return [];
      const columns = cells.columns(sql);
      return columns.every((column) => plainColumns.has(column)) ? columns : [];
    },
  };
}

function rowsOf(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  if (others.length === 0)
    return `SELECT * FROM read_parquet(${literal(first)}, file_row_number = true)`;
  return `SELECT * REPLACE (file_row_number + ${rowsOfFile} * file_index AS file_row_number)
    FROM read_parquet([${paths.map(literal).join(', ')}], file_row_number = true)`;
}

/** Which of the files each have the columns and types that their neighbour before them has. */
export async function likeTheOneBefore(
  { rows }: Asking,
  paths: readonly string[],
): Promise<boolean[]> {
  const found = await rows(
    `SELECT file_name, CAST(to_json((name, type, type_length, repetition_type, num_children,
       converted_type, scale, precision, logical_type)) AS VARCHAR) AS field
     FROM parquet_schema([${paths.map(literal).join(', ')}])`,
  );
  const shapes = new Map(paths.map((path) => [path, '']));
  for (const { file_name: path, field } of found as { file_name: string; field: string }[])
    shapes.set(path, `${shapes.get(path)}\n${field}`);
  return paths.map((path, i) => i > 0 && shapes.get(path) === shapes.get(paths[i - 1] ?? ''));
}

function isSeriesDimension(name: string): name is SeriesDimension {
  return (seriesDimensions as readonly string[]).includes(name);
}
