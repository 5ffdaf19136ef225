import type { DuckDBConnection } from '@duckdb/node-api';
import { seriesDimensions } from '../store/measures.ts';
import { textColumn, valueColumn } from './amount-sql.ts';
import { billSelect, type ChargeSelect, ownerDimensions, rawColumn } from './bill-view.ts';
import { identifier, literal } from './duck.ts';
import type { ReadingOptions } from './formats/layout.ts';
import type { OpenedBill } from './open-bill.ts';

/** The charges of a file, readable as often as needed. */
export interface StagedCharges extends Pick<ChargeSelect, 'delivered'> {
  /** View of the canonical text form with `row`, `record`, days, and what is typed or raw. */
  view: string;
  /** View of what rows are grouped and summed by: amounts, times, days, what is raw, `row`. */
  lean: string;
  /** Amounts and times that can be read as the file has them, and their type there. */
  values: ReadonlyMap<string, string>;
  /** Columns whose agreement makes rows one series: those of the source, else the dimensions. */
  tuple: readonly string[];
  /** Those of them that say whose bill it is, and in which currency. */
  owner: readonly string[];
  /** They lie at `stage`, worked out; otherwise the file itself is read. */
  isCopy: boolean;
  /** Select of the series' texts, from only those charges whose `row` is in the table given. */
  onlyRows: (reader: DuckDBConnection, table: string) => Promise<string>;
}

/**
 * Makes the view. Parquet is read where it lies (a CSV file has become Parquet by now); JSON and
 * records of several charges are worked out once, into a columnar copy at `stage`.
 */
export async function stageBill(
  connection: DuckDBConnection,
  { source, layout }: OpenedBill,
  options: ReadingOptions & { asMoney?: boolean },
  id: number,
  stage: string,
): Promise<StagedCharges> {
  const view = `bill_${id}`;
  const charges = billSelect(source, layout, options);
  if (source.rowNumber === null || charges.hasRecord) {
    await connection.run(
      `COPY (SELECT ${charges.select} FROM ${charges.from}) TO ${literal(stage)}
       (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    );
    const staged = `read_parquet(${literal(stage)}, file_row_number = true)`;
    const row = `file_row_number + ${source.firstRow}`;
    const rows = charges.hasRecord ? `${row} AS row` : `${row} AS row, ${row} AS record`;
    await connection.run(
      `CREATE OR REPLACE VIEW ${view} AS SELECT *, ${rows}, ${dayColumns(new Map())} FROM ${staged}`,
    );
    return {
      view,
      lean: view,
      values: new Map(),
      tuple: seriesDimensions.map(identifier),
      owner: ownerDimensions.map(identifier),
      isCopy: true,
      delivered: charges.delivered,
      onlyRows: (_, table) =>
        Promise.resolve(`SELECT ${view}.* FROM ${view} SEMI JOIN ${table} USING (row)`),
    };
  }
  await connection.run(
    `CREATE OR REPLACE VIEW ${view} AS ${plainSelect(charges, source.firstRow)}`,
  );
  const lean = `lean_${id}`;
  await connection.run(`CREATE OR REPLACE VIEW ${lean} AS ${leanSelect(charges, source.firstRow)}`);
  const { raw, owner } = charges;
  return {
    view,
    lean,
    values: new Map([...charges.values].map(([column, { type }]) => [column, type])),
    // Without a single such column all rows are one series.
    tuple: raw.length > 0 ? raw.map((_, i) => rawColumn(i)) : ["''"],
    owner: owner.length > 0 ? owner.map(rawColumn) : ["''"],
    isCopy: false,
    delivered: charges.delivered,
    // Taken out as they are first, so that nothing is worked out for the rows that are left out.
    onlyRows: async (reader, table) => {
      const taken = `taken_${id}`;
      await reader.run(
        `CREATE OR REPLACE TEMP TABLE ${taken} AS
         SELECT ${[...charges.series.columns, 'file_row_number'].join(', ')} FROM ${source.from}
         WHERE file_row_number + ${source.firstRow} IN (SELECT row FROM ${table})`,
      );
      const { series } = billSelect({ ...source, from: taken }, layout, options);
      return `SELECT file_row_number + ${source.firstRow} AS row, ${series.select} FROM ${series.from}`;
    },
  };
}

/** One record, one charge: the canonical text form, its row, days, and what is typed or raw. */
export function plainSelect(charges: ChargeSelect, firstRow: number): string {
  const row = `file_row_number + ${firstRow}`;
  const list = [charges.select, `${row} AS row`, `${row} AS record`, ...ownColumns(charges)];
  return `SELECT *, ${dayColumns(charges.values)} FROM (SELECT ${list.join(', ')} FROM ${charges.from})`;
}

/** The same without the text of any dimension: binding those alone costs as much as many rows. */
function leanSelect({ lean, ...charges }: ChargeSelect, firstRow: number): string {
  const row = `file_row_number + ${firstRow} AS row`;
  const list = [...(lean.select === '' ? [] : [lean.select]), row, ...ownColumns(charges)];
  return `SELECT *, ${dayColumns(charges.values)} FROM (SELECT ${list.join(', ')} FROM ${lean.from})`;
}

/** Amounts and times as the source has them, and the columns behind the series. */
function ownColumns({ values, raw }: Pick<ChargeSelect, 'values' | 'raw'>): string[] {
  const typed = [...values].flatMap(([column, { sql, type }]) =>
    type === 'VARCHAR'
      ? [`${sql} AS ${textColumn(column)}`, `try_cast(${sql} AS DOUBLE) AS ${valueColumn(column)}`]
      : [`${sql} AS ${valueColumn(column)}`],
  );
  return [...typed, ...raw.map((_, i) => rawColumn(i))];
}

export function dayColumns(values: ChargeSelect['values']): string {
  return `${dayColumn('start', values)}, ${dayColumn('period start', values)}`;
}

/** The UTC day of a time; null where there is none, and for text that is no time. */
function dayColumn(time: 'start' | 'period start', values: ChargeSelect['values']): string {
  const day = values.has(time) ? `CAST(${valueColumn(time)} AS DATE)` : utcDay(identifier(time));
  return `${day} AS ${identifier(`${time} day`)}`;
}

/** Text of a time to its UTC day; where no offset stands behind the time it is UTC already. */
function utcDay(column: string): string {
  const offset = `contains(substr(${column}, 12), '+') OR contains(substr(${column}, 12), '-')`;
  return `CASE WHEN ${offset} THEN CAST(${timeOf(column)} AS DATE)
    ELSE try_cast(left(${column}, 10) AS DATE) END`;
}

/** Text of a time as such, null where it is none; the reader wants seconds before a zone. */
export function timeOf(column: string): string {
  return `try_cast(regexp_replace(${column},
    '^(.{10}[T ][0-9]{2}:[0-9]{2})( ?(Z|UTC|[+-].*))$', '\\1:00\\2') AS TIMESTAMPTZ)`;
}
