import type { DuckDBConnection } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { metrics, type Metric } from '../../../shared/contract/values.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Limb } from '../store/limbs.ts';
import { measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import { knownRows, limbSums, typedColumn } from './amount-sql.ts';
import { billSelect, type ChargeSelect, rawColumn } from './bill-view.ts';
import { identifier, literal, queryRows } from './duck.ts';
import type { Format, ReadingOptions } from './formats/layout.ts';
import { openBill, type OpenedBill } from './open-bill.ts';
import { damaged, type FileFacts, type ReadyFile } from './source-file.ts';
import { type BillShape, validateBill } from './validate.ts';
import { negativeRowsOf } from './health.ts';

export interface BillKey {
  provider: string;
  billingAccount: string;
  billingPeriod: string;
}

/** What a file states for one billing period and currency; null where no charge has the amount. */
export interface BillTotal extends BillKey {
  currency: string;
  rows: number;
  amounts: Record<Metric, Exact | null>;
}

export interface Warning {
  code: string;
  count: number;
  message: string;
}

/** A file read, checked and rolled up; its cells wait in the tables `cell_N` and `series_N`. */
export interface Bill {
  id: number;
  format: Format;
  /** How the file is written: kind and packing. */
  form: string;
  rows: number;
  /** That cost less than nothing. */
  negativeRows: number;
  totals: BillTotal[];
  warnings: Warning[];
  /** Limbs that the cells have, by measure. */
  cellLimbs: Record<string, Limb[]>;
}

/**
 * Reads a ready file into daily cells. Amounts become limbs, times become UTC days, and the totals
 * per period and currency are grouped a second time, from the rows, to hold the cells against.
 * Refuses the file with row and column where anything does not fit.
 */
export async function readBill(
  connection: DuckDBConnection,
  ready: ReadyFile,
  file: FileFacts,
  folder: string,
  id: number,
  options: ReadingOptions,
): Promise<Bill> {
  try {
    const bill = await openBill(connection, ready, file.name, options);
    const stage = join(folder, `bill-${id}.parquet`);
    const warnings: Warning[] = [...bill.findings];
    let charges = await stageBill(connection, ready, bill, options, id, stage);
    let shape: BillShape;
    try {
      shape = await validateBill(connection, charges.view, file.name, bill.names, charges.typed);
    } catch (error) {
      if (!(error instanceof OutlayError) || error.code !== 'AMOUNT_BAD') throw error;
      // Only now, because looking for currency signs in every amount of every bill would cost more.
      charges = await stageBill(connection, ready, bill, { ...options, asMoney: true }, id, stage);
      shape = await validateBill(connection, charges.view, file.name, bill.names, charges.typed);
      warnings.push(asMoney);
    }
    if (shape.rows === 0) {
      throw new OutlayError(
        'FILE_EMPTY',
        `${file.name} has a header and no rows. Nothing was changed.`,
        'Export it again for days with charges.',
      );
    }
    if (ready.kind !== 'parquet') {
      const read = charges.hasParts ? await countRecords(connection, bill.source.from) : shape.rows;
      if (read !== ready.shape.records) {
        throw damaged(
          file.name,
          `${ready.shape.records} rows were counted and ${read} could be read`,
        );
      }
    }
    const cellLimbs = await rollUp(connection, charges, id, shape);
    const totals = await billTotals(connection, charges.view, shape);
    const typedCost = charges.typed.has('billed');
    const negativeRows = await negativeRowsOf(connection, charges.view, typedCost);
    await connection.run(`DROP VIEW ${charges.view}`);
    rmSync(stage, { force: true });
    return {
      id,
      format: bill.format,
      form: 'packing' in ready ? `${ready.kind}.${ready.packing ?? ''}` : ready.kind,
      rows: shape.rows,
      negativeRows,
      totals,
      warnings: [...warnings, ...rowWarnings(shape, bill.names, charges)],
      cellLimbs,
    };
  } catch (error) {
    throw readerError(error, file.name, ready.path);
  }
}

const asMoney: Warning = {
  code: 'AMOUNTS_AS_MONEY',
  count: 1,
  message:
    'Amounts written as money, with a currency sign or thousands commas, were read as numbers.',
};

async function countRecords(connection: DuckDBConnection, from: string): Promise<number> {
  const [row] = await queryRows(connection, `SELECT count(*) AS n FROM ${from}`);
  return Number(row?.['n']);
}

/** The charges of a file, readable as often as needed. */
interface StagedCharges extends Pick<ChargeSelect, 'delivered'> {
  /** View of the canonical text form with `row`, `record`, days, and what is typed or raw. */
  view: string;
  /** What can be read as the type it has in the file. */
  typed: ReadonlySet<string>;
  /** Columns whose agreement makes rows one series: those of the source, else the dimensions. */
  tuple: readonly string[];
  /** A record may hold several charges. */
  hasParts: boolean;
  /** Select over only those charges whose `row` is in the table given. */
  onlyRows: (table: string) => Promise<string>;
}

/**
 * Makes the view. Parquet is read where it lies; CSV is parsed once, into a columnar copy of its
 * cells; other sources and records of several charges are worked out once, into such a copy.
 */
async function stageBill(
  connection: DuckDBConnection,
  ready: ReadyFile,
  { source, layout }: OpenedBill,
  options: ReadingOptions & { asMoney?: boolean },
  id: number,
  stage: string,
): Promise<StagedCharges> {
  const view = `bill_${id}`;
  const staged = `read_parquet(${literal(stage)}, file_row_number = true)`;
  const copy = (select: string, from: string) =>
    connection.run(
      `COPY (SELECT ${select} FROM ${from}) TO ${literal(stage)} (FORMAT parquet, COMPRESSION snappy)`,
    );
  const charges = billSelect(source, layout, options);
  if (ready.kind === 'json' || charges.hasRecord) {
    await copy(charges.select, charges.from);
    const row = `file_row_number + ${source.firstRow}`;
    const rows = charges.hasRecord ? `${row} AS row` : `${row} AS row, ${row} AS record`;
    await connection.run(
      `CREATE OR REPLACE VIEW ${view} AS SELECT *, ${rows}, ${dayColumns(new Map())} FROM ${staged}`,
    );
    return {
      view,
      typed: new Set(),
      tuple: seriesDimensions.map(identifier),
      hasParts: charges.hasRecord,
      delivered: charges.delivered,
      onlyRows: (table) =>
        Promise.resolve(`SELECT ${view}.* FROM ${view} SEMI JOIN ${table} USING (row)`),
    };
  }
  const columnar = ready.kind === 'parquet' ? source : { ...source, from: staged };
  if (ready.kind === 'csv' && options.asMoney !== true) await copy('*', source.from);
  const lying = { ...columnar, rowNumber: 'file_row_number' };
  const read = billSelect(lying, layout, options);
  await connection.run(`CREATE OR REPLACE VIEW ${view} AS ${plainSelect(read, source.firstRow)}`);
  return {
    view,
    typed: new Set(read.typed.keys()),
    // Without a single such column all rows are one series.
    tuple: read.raw.length > 0 ? read.raw.map((_, i) => rawColumn(i)) : ["''"],
    hasParts: false,
    delivered: read.delivered,
    // Taken out as they are first, so that nothing is worked out for the rows that are left out.
    onlyRows: async (table) => {
      await connection.run(
        `CREATE OR REPLACE TEMP TABLE taken_${id} AS SELECT *, file_row_number FROM ${columnar.from}
         WHERE file_row_number + ${source.firstRow} IN (SELECT row FROM ${table})`,
      );
      return plainSelect(
        billSelect({ ...lying, from: `taken_${id}` }, layout, options),
        source.firstRow,
      );
    },
  };
}

/** One record, one charge: the canonical text form, its row, days, and what is typed or raw. */
function plainSelect({ select, from, typed, raw }: ChargeSelect, firstRow: number): string {
  const values = measures.flatMap((measure) => {
    const value = typed.get(measure);
    return value === undefined ? [] : [`${value} AS ${typedColumn(measure)}`];
  });
  const times = (['start', 'period start'] as const).flatMap((time) => {
    const value = typed.get(time);
    return value === undefined ? [] : [`${value} AS ${identifier(`${time} value`)}`];
  });
  const row = `file_row_number + ${firstRow}`;
  const own = raw.map((_, i) => rawColumn(i));
  const list = [select, `${row} AS row`, `${row} AS record`, ...values, ...times, ...own];
  return `SELECT *, ${dayColumns(typed)} FROM (SELECT ${list.join(', ')} FROM ${from})`;
}

function dayColumns(typed: ChargeSelect['typed']): string {
  return `${dayColumn('start', typed)}, ${dayColumn('period start', typed)}`;
}

/** The UTC day of a time; text that is no time gives an error, so it is checked before. */
function dayColumn(time: 'start' | 'period start', typed: ChargeSelect['typed']): string {
  const day = typed.has(time)
    ? `CAST(${identifier(`${time} value`)} AS DATE)`
    : utcDay(identifier(time));
  return `${day} AS ${identifier(`${time} day`)}`;
}

/** Text of a time to its UTC day; where no offset stands behind the time it is UTC already. */
function utcDay(column: string): string {
  const offset = `contains(substr(${column}, 12), '+') OR contains(substr(${column}, 12), '-')`;
  return `CASE WHEN ${offset} THEN CAST(CAST(${column} AS TIMESTAMPTZ) AS DATE)
    ELSE CAST(left(${column}, 10) AS DATE) END`;
}

const dayNumber = `datediff('day', DATE '1970-01-01', coalesce("start day", "period start day"))`;
/** Months are numbers while they are grouped by, and text afterwards. */
const monthNumber = `datediff('month', DATE '1970-01-01', "period start day")`;
const monthText = "strftime(DATE '1970-01-01' + to_months(CAST(month AS INTEGER)), '%Y-%m')";

/** Groups by two 64-bit hashes of the series tuple, which is several times faster than by texts. */
async function rollUp(
  connection: DuckDBConnection,
  { view, tuple, onlyRows }: StagedCharges,
  id: number,
  shape: BillShape,
): Promise<Bill['cellLimbs']> {
  const sums = measures.map((measure) => ({
    measure,
    limbs: limbSums(measure, shape.amounts[measure]),
  }));
  const columns = sums.flatMap(({ measure, limbs }) => [
    ...Object.entries(limbs).map(([limb, sql]) => `${sql} AS ${measure}_${limb}`),
    `${knownRows(measure, shape.amounts[measure].typed)} AS ${measure}_known`,
  ]);
  // Each cell is hashed once; the tuple's hash and its check are made of those.
  const hashes = tuple.map((column, i) => `hash(${column}) AS h${i}`);
  const forward = tuple.map((_, i) => `h${i}`);
  await connection.run(`
    CREATE TEMP TABLE cell_${id} AS
    SELECT * EXCLUDE (month), ${monthText} AS period FROM (
      SELECT hash(${forward.join(', ')}) AS h, ${monthNumber} AS month, ${dayNumber} AS day,
        count(*) AS rows, ${columns.join(', ')}, min(row) AS first_row,
        min(hash('', ${forward.toReversed().join(', ')})) AS check_low,
        max(hash('', ${forward.toReversed().join(', ')})) AS check_high
      FROM (SELECT *, ${hashes.join(', ')} FROM ${view})
      GROUP BY h, month, day)`);
  const [collision] = await queryRows(
    connection,
    `SELECT count(*) AS n FROM (SELECT h FROM cell_${id} GROUP BY h
       HAVING min(check_low) <> max(check_high))`,
  );
  if (Number(collision?.['n']) > 0) {
    throw new RangeError('two series have one hash; the file cannot be grouped by it');
  }
  const texts = [
    ...seriesDimensions.map(identifier),
    ...namedDimensions.map((dimension) => identifier(`${dimension} name`)),
  ];
  await connection.run(`CREATE TEMP TABLE first_${id} AS
    SELECT h, min(first_row) AS row FROM cell_${id} GROUP BY h`);
  await connection.run(`
    CREATE TEMP TABLE series_${id} AS
    SELECT h, ${texts.join(', ')} FROM (${await onlyRows(`first_${id}`)}) JOIN first_${id} USING (row)`);
  return Object.fromEntries(
    sums.map(({ measure, limbs }) => [measure, Object.keys(limbs) as Limb[]]),
  );
}

async function billTotals(
  connection: DuckDBConnection,
  view: string,
  shape: BillShape,
): Promise<BillTotal[]> {
  const sums = metrics.flatMap((metric) => [
    ...Object.entries(limbSums(metric, shape.amounts[metric])).map(
      ([limb, sql]) => `CAST(${sql} AS VARCHAR) AS ${metric}_${limb}`,
    ),
    `${knownRows(metric, shape.amounts[metric].typed)} AS ${metric}_known`,
  ]);
  const rows = await queryRows(
    connection,
    `SELECT * EXCLUDE (month), ${monthText} AS period FROM (
       SELECT coalesce(provider, '') AS provider, coalesce("billing-account", '') AS billing_account,
         ${monthNumber} AS month, currency, count(*) AS rows, ${sums.join(', ')}
       FROM ${view} GROUP BY 1, 2, 3, 4) ORDER BY provider, billing_account, period, currency`,
  );
  return rows.map((row) => ({
    provider: String(row['provider']),
    billingAccount: String(row['billing_account']),
    billingPeriod: String(row['period']),
    currency: String(row['currency']),
    rows: Number(row['rows']),
    amounts: Object.fromEntries(
      metrics.map((metric) => [metric, totalOf(row, metric)]),
    ) as BillTotal['amounts'],
  }));
}

function totalOf(row: Record<string, unknown>, metric: Metric): Exact | null {
  if (Number(row[`${metric}_known`]) === 0) return null;
  const limb = (name: string) => BigInt((row[`${metric}_${name}`] as string | null) ?? 0);
  return limb('nano') * 10n ** 18n + limb('atto') * 10n ** 9n + limb('rest');
}

function rowWarnings(
  shape: BillShape,
  names: OpenedBill['names'],
  { delivered }: StagedCharges,
): Warning[] {
  const warnings: Warning[] = [];
  for (const metric of metrics) {
    const count = shape.unknown[metric];
    if (count > 0 && delivered.has(metric)) {
      const message = `${names[metric]}: no value in ${count} rows, shown as unknown there.`;
      warnings.push({ code: 'AMOUNT_UNKNOWN', count, message });
    }
  }
  if (shape.withoutStart > 0) {
    warnings.push({
      code: 'START_MISSING',
      count: shape.withoutStart,
      message: `${names.start}: no value in ${shape.withoutStart} rows, kept on the first day of their billing period.`,
    });
  }
  return warnings;
}

/** What the reader itself says about a file that is cut, damaged or not what it claims to be. */
function readerError(error: unknown, name: string, path: string): unknown {
  if (error instanceof OutlayError || !(error instanceof Error)) return error;
  const message = error.message.split('\n')[0] ?? '';
  if (/INTERRUPT/i.test(message))
    return new OutlayError('CANCELLED', 'Cancelled. Nothing was changed.');
  if (/^IO Error.*(No space|full)/i.test(message)) {
    return new OutlayError(
      'DISK_FULL',
      'The disk is full. Nothing was changed.',
      'Free space and import again.',
      { cause: error },
    );
  }
  if (/not utf-8 encoded|Invalid unicode/i.test(error.message)) {
    const line = /Line: (\d+)/.exec(message)?.[1];
    return new OutlayError(
      'FILE_DAMAGED',
      `${name}${line ? `, line ${line}` : ''}: the text is not UTF-8. Nothing was changed.`,
      'Save it as UTF-8 and import it again.',
      { cause: error },
    );
  }
  if (
    /^(Invalid Input|IO|TransactionContext|Conversion|Invalid|Serialization) Error/i.test(message)
  ) {
    // In the user's words: without the kind of error and the name under which it was read.
    const what = message.replace(/^[\w ]+ Error: /, '').replaceAll(`'${path}'`, 'the file');
    const refusal = damaged(
      name,
      what.replaceAll(path, name).replaceAll(/\s+/g, ' ').slice(0, 200),
    );
    refusal.cause = error;
    return refusal;
  }
  return error;
}
