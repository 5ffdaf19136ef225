import type { DuckDBConnection } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { metrics, type Metric } from '../../../shared/contract/values.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { type Exact, exactOf } from '../../../shared/domain/exact.ts';
import type { Limb } from '../store/limbs.ts';
import { measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import { checkSums, limbSums } from './amount-sql.ts';
import { billSelect, openColumns, type SourceColumn } from './bill-view.ts';
import { assertDistinct, detectFormat, type Format, lookup } from './detect.ts';
import { identifier, literal, queryRows } from './duck.ts';
import { focusColumns, focusCosts } from './focus.ts';
import { damaged, type FileFacts, type ReadyFile } from './source-file.ts';
import { type BillShape, validateBill } from './validate.ts';

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
  form: 'csv' | 'csv.gz' | 'parquet';
  rows: number;
  totals: BillTotal[];
  warnings: Warning[];
  /** Limbs that the cells have, by measure. */
  cellLimbs: Record<string, Limb[]>;
}

/**
 * Reads a ready file into daily cells. Every cell of the file passes as text; amounts become
 * limbs, times become UTC days, and the totals per period and currency are summed a second time
 * by another way. Refuses the file with row and column where anything does not fit.
 */
export async function readBill(
  connection: DuckDBConnection,
  ready: ReadyFile,
  file: FileFacts,
  folder: string,
  id: number,
): Promise<Bill> {
  try {
    const { from, columns } = await openColumns(connection, ready);
    const names = columns.map((column) => column.name);
    const format = detectFormat(file.name, names);
    assertDistinct(file.name, names);
    const view = `bill_${id}`;
    const stage = join(folder, `bill-${id}.parquet`);
    await stageBill(connection, ready, from, columns, view, stage);
    const shape = await validateBill(connection, view, file.name);
    if (shape.rows === 0) {
      throw new OutlayError(
        'FILE_EMPTY',
        `${file.name} has a header and no rows. Nothing was changed.`,
        'Export it again for days with charges.',
      );
    }
    if (ready.kind === 'csv' && shape.rows !== ready.shape.records) {
      throw damaged(
        file.name,
        `${ready.shape.records} rows were counted and ${shape.rows} could be read`,
      );
    }
    const cellLimbs = await rollUp(connection, view, id, shape);
    const totals = await billTotals(connection, view, shape);
    await connection.run(`DROP VIEW ${view}`);
    rmSync(stage, { force: true });
    return {
      id,
      format,
      form: ready.kind === 'csv' && ready.gzip ? 'csv.gz' : ready.kind,
      rows: shape.rows,
      totals,
      warnings: [...columnWarnings(names), ...rowWarnings(shape, lookup(names))],
      cellLimbs,
    };
  } catch (error) {
    throw readerError(error, file.name, ready.path);
  }
}

/** Makes the view of canonical text; CSV is parsed once, into a columnar file beside. */
async function stageBill(
  connection: DuckDBConnection,
  ready: ReadyFile,
  from: string,
  columns: readonly SourceColumn[],
  view: string,
  stage: string,
): Promise<void> {
  const select = billSelect(columns);
  if (ready.kind === 'csv') {
    await connection.run(
      `COPY (SELECT ${select} FROM ${from}) TO ${literal(stage)} (FORMAT parquet, COMPRESSION snappy)`,
    );
    // Row 1 is the header, as a spreadsheet counts.
    await connection.run(
      `CREATE VIEW ${view} AS SELECT *, file_row_number + 2 AS row
       FROM read_parquet(${literal(stage)}, file_row_number = true)`,
    );
  } else {
    await connection.run(
      `CREATE VIEW ${view} AS SELECT ${select}, file_row_number + 1 AS row
       FROM read_parquet(${literal(ready.path)}, file_row_number = true)`,
    );
  }
}

/** Text of a time to its UTC day; where no offset stands behind the time it is UTC already. */
function utcDay(column: string): string {
  const offset = `contains(substr(${column}, 12), '+') OR contains(substr(${column}, 12), '-')`;
  return `CASE WHEN ${offset} THEN CAST(CAST(${column} AS TIMESTAMPTZ) AS DATE)
    ELSE CAST(left(${column}, 10) AS DATE) END`;
}

const dayOf = `datediff('day', DATE '1970-01-01', ${utcDay('coalesce(start, "period start")')})`;
const periodOf = `left(CAST(${utcDay('"period start"')} AS VARCHAR), 7)`;

const keyColumns = `coalesce(provider, '') AS provider,
  coalesce("billing-account", '') AS billing_account,
  ${periodOf} AS period`;

const dimensionList = seriesDimensions.map(identifier).join(', ');

/** Groups by two 64-bit hashes of the series tuple, which is several times faster than by texts. */
async function rollUp(
  connection: DuckDBConnection,
  view: string,
  id: number,
  shape: BillShape,
): Promise<Bill['cellLimbs']> {
  const reversed = [...seriesDimensions].reverse().map(identifier).join(', ');
  await connection.run(`
    CREATE TEMP TABLE series_${id} AS
    SELECT hash(${dimensionList}) AS h,
      ${seriesDimensions.map((d) => `first(${identifier(d)}) AS ${identifier(d)}`).join(', ')},
      ${namedDimensions.map((d) => `max(${identifier(`${d} name`)}) AS ${identifier(`${d} name`)}`).join(', ')},
      min(hash('', ${reversed})) AS check_low, max(hash('', ${reversed})) AS check_high
    FROM ${view} GROUP BY h`);
  const [collision] = await queryRows(
    connection,
    `SELECT count(*) AS n FROM series_${id} WHERE check_low <> check_high`,
  );
  if (Number(collision?.['n']) > 0) {
    throw new RangeError('two series have one hash; the file cannot be grouped by it');
  }
  const sums = measures.map((measure) => ({
    measure,
    limbs: limbSums(measure, shape.amounts[measure]),
  }));
  const columns = sums.flatMap(({ measure, limbs }) => [
    ...Object.entries(limbs).map(([limb, sql]) => `${sql} AS ${measure}_${limb}`),
    `count(${measure}) AS ${measure}_known`,
  ]);
  await connection.run(`
    CREATE TEMP TABLE cell_${id} AS
    SELECT hash(${dimensionList}) AS h,
      ${periodOf} AS period, ${dayOf} AS day,
      count(*) AS rows, ${columns.join(', ')}
    FROM ${view} GROUP BY ALL`);
  return Object.fromEntries(
    sums.map(({ measure, limbs }) => [measure, Object.keys(limbs) as Limb[]]),
  );
}

async function billTotals(
  connection: DuckDBConnection,
  view: string,
  shape: BillShape,
): Promise<BillTotal[]> {
  const sums = metrics.flatMap((metric) =>
    Object.entries(checkSums(metric, shape.amounts[metric])).map(
      ([part, sql]) => `${sql} AS ${metric}_${part}`,
    ),
  );
  const rows = await queryRows(
    connection,
    `SELECT ${keyColumns}, currency, count(*) AS rows, ${sums.join(', ')}
     FROM ${view} GROUP BY ALL ORDER BY ALL`,
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

/** Each part is a sum of its own; 1e-9 and 1e-18 lie between them. */
function totalOf(row: Record<string, unknown>, metric: Metric): Exact | null {
  const part = (name: string) => {
    const text = row[`${metric}_${name}`];
    return typeof text === 'string' ? exactOf(text) : 0n;
  };
  if (typeof row[`${metric}_whole`] !== 'string') return null;
  const [nano, atto, rest] = [part('nano'), part('atto'), part('rest')];
  return part('whole') + nano + atto / 10n ** 9n + rest / 10n ** 18n;
}

function columnWarnings(names: readonly string[]): Warning[] {
  const has = lookup(names);
  const isFocus = lookup([...focusColumns]);
  const missing = Object.values(focusCosts).filter((column) => !has(column));
  const unknown = names.filter((name) => !isFocus(name) && !/^x_/i.test(name));
  const provider = names.filter((name) => /^x_/i.test(name));
  const warnings: Warning[] = [];
  if (missing.length > 0) {
    warnings.push({
      code: 'COLUMN_MISSING',
      count: missing.length,
      message: `${missing.join(', ')}: not in the file, shown as unknown.`,
    });
  }
  if (unknown.length > 0) {
    warnings.push({
      code: 'COLUMN_UNKNOWN',
      count: unknown.length,
      message: `${unknown.join(', ')}: not a FOCUS column, not kept.`,
    });
  }
  if (provider.length > 0) {
    warnings.push({
      code: 'COLUMN_EXTENSION',
      count: provider.length,
      message: `${provider.join(', ')}: extension of the provider, not kept.`,
    });
  }
  return warnings;
}

function rowWarnings(shape: BillShape, has: (name: string) => boolean): Warning[] {
  const warnings: Warning[] = [];
  for (const [metric, column] of Object.entries(focusCosts) as [Metric, string][]) {
    const count = shape.unknown[metric];
    if (count > 0 && has(column)) {
      const message = `${column}: no value in ${count} rows, shown as unknown there.`;
      warnings.push({ code: 'AMOUNT_UNKNOWN', count, message });
    }
  }
  if (shape.withoutStart > 0) {
    warnings.push({
      code: 'START_MISSING',
      count: shape.withoutStart,
      message: `ChargePeriodStart: no value in ${shape.withoutStart} rows, kept on the first day of their billing period.`,
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
