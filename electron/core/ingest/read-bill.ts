import type { DuckDBConnection } from '@duckdb/node-api';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { metrics } from '../../../shared/contract/values.ts';
import type { Detail } from '../store/detail.ts';
import type { ColumnNames, Format, ReadingOptions } from './formats/layout.ts';
import { stageCsv } from './csv-stage.ts';
import { queryRows } from './duck.ts';
import { openBill, type OpenedBill } from './open-bill.ts';
import { readerError } from './reader-error.ts';
import { type BillTotal, groupCharges, type GroupedCharges, nameSeries } from './roll-up.ts';
import type { LyingFile } from './source-columns.ts';
import { damaged, type FileFacts, type ReadyFile } from './source-file.ts';
import { stageBill, type StagedCharges } from './stage.ts';
import { assertTextsFit } from './unpacked.ts';

export interface Warning {
  code: string;
  count: number;
  message: string;
}

/** A file read and checked as far as its rows go; its cells wait in the table `cell_N`. */
export interface GroupedBill extends GroupedCharges {
  id: number;
  format: Format;
  /** How the file is written: kind and packing. */
  form: string;
  warnings: Warning[];
  reading: LineReading;
  /** The columnar copy of its lines; null where the file itself is one. */
  lines: (Pick<Detail, 'form' | 'firstRow' | 'reading'> & { path: string }) | null;
  charges: StagedCharges;
  names: ColumnNames;
}

/** A file read and checked; its cells and series wait in the tables `cell_N` and `series_N`. */
export interface Bill extends GroupedBill {
  totals: BillTotal[];
}

/** How the lines of a file are read as charges. */
export type LineReading = ReadingOptions & { asMoney?: boolean };

/**
 * Reads a ready file into daily cells. Amounts become limbs and times UTC days. Refuses the file
 * with row and column where anything does not fit. `completeBill` comes after it, and may run
 * beside the next file's `groupBill`, on another connection.
 */
export async function groupBill(
  connection: DuckDBConnection,
  ready: ReadyFile,
  file: FileFacts,
  folder: string,
  id: number,
  options: ReadingOptions,
): Promise<GroupedBill> {
  const stage = (name: string) => join(folder, `${name}-${id}.parquet`);
  try {
    const lying = await lyingFile(connection, ready, stage('lines'), file.name);
    const bill = await openBill(connection, lying, file.name, options);
    const isNested = bill.layout.parts !== undefined;
    if (ready.kind === 'parquet' && isNested) await assertTextsFit(connection, bill.source, file);
    const read = async (reading: LineReading) => {
      const charges = await stageBill(connection, bill, reading, id, stage('bill'));
      const place = { file: file.name, names: bill.names };
      return { charges, reading, rolled: await groupCharges(connection, charges, id, place) };
    };
    const warnings: Warning[] = [...bill.findings];
    const { charges, reading, rolled } = await read(options).catch((error: unknown) => {
      if (!(error instanceof OutlayError) || error.code !== 'AMOUNT_BAD') throw error;
      // Only now, because looking for currency signs in every amount of every bill would cost more.
      warnings.push(asMoney);
      return read({ ...options, asMoney: true });
    });
    if (rolled.rows === 0) {
      throw new OutlayError(
        'FILE_EMPTY',
        `${file.name} has a header and no rows. Nothing was changed.`,
        'Export it again for days with charges.',
      );
    }
    if (ready.kind === 'json')
      await assertCounted(connection, bill, ready.shape.records, file.name);
    return {
      id,
      format: bill.format,
      form: 'packing' in ready ? `${ready.kind}.${ready.packing ?? ''}` : ready.kind,
      ...rolled,
      reading,
      warnings: [...warnings, ...rowWarnings(rolled, bill.names, charges)],
      lines: charges.isCopy
        ? { path: stage('bill'), form: 'charges', firstRow: bill.source.firstRow, reading }
        : ready.kind === 'csv'
          ? { path: stage('lines'), form: 'source', firstRow: 2, reading }
          : null,
      charges,
      names: bill.names,
    };
  } catch (error) {
    rmSync(ready.path, { force: true });
    throw readerError(error, file.name, ready.path);
  }
}

/** The rest of the bill. The ready file has served when it ends. */
export async function completeBill(
  connection: DuckDBConnection,
  bill: GroupedBill,
  ready: ReadyFile,
  file: FileFacts,
): Promise<Bill> {
  try {
    const place = { file: file.name, names: bill.names };
    return { ...bill, totals: await nameSeries(connection, bill.charges, bill, bill.id, place) };
  } catch (error) {
    throw readerError(error, file.name, ready.path);
  } finally {
    rmSync(ready.path, { force: true });
  }
}

async function lyingFile(
  connection: DuckDBConnection,
  ready: ReadyFile,
  stage: string,
  file: string,
): Promise<LyingFile> {
  if (ready.kind === 'json') return ready;
  if (ready.kind === 'parquet') return { ...ready, firstRow: 1, csv: null };
  const csv = await stageCsv(connection, ready, stage, file);
  return { kind: 'parquet', path: stage, firstRow: 2, csv };
}

const asMoney: Warning = {
  code: 'AMOUNTS_AS_MONEY',
  count: 1,
  message:
    'Amounts written as money, with a currency sign or thousands commas, were read as numbers.',
};

async function assertCounted(
  connection: DuckDBConnection,
  { source }: OpenedBill,
  counted: number,
  file: string,
): Promise<void> {
  const [row] = await queryRows(connection, `SELECT count(*) AS n FROM ${source.from}`);
  const read = Number(row?.['n']);
  if (read === counted) return;
  throw damaged(file, `${counted} rows were counted and ${read} could be read`);
}

function rowWarnings(
  { unknown, withoutStart }: GroupedCharges,
  names: OpenedBill['names'],
  { delivered }: StagedCharges,
): Warning[] {
  const warnings: Warning[] = [];
  for (const metric of metrics) {
    const count = unknown[metric];
    if (count > 0 && delivered.has(metric)) {
      const message = `${names[metric]}: no value in ${count} rows, shown as unknown there.`;
      warnings.push({ code: 'AMOUNT_UNKNOWN', count, message });
    }
  }
  if (withoutStart > 0) {
    warnings.push({
      code: 'START_MISSING',
      count: withoutStart,
      message: `${names.start}: no value in ${withoutStart} rows, kept on the first day of their billing period.`,
    });
  }
  return warnings;
}
