import { OutlayError } from '../../../shared/contract/errors.ts';
import { identifier, literal, openDuck } from '../ingest/duck.ts';
import { decimalColumns, focusColumns, timeColumns } from './columns.ts';
import type { Tally } from './tally.ts';

/** Decimals of every amount unless one has more, so that files of different days fit together. */
const usualDecimals = 12;
const mostDigits = 38;

/** Amount columns whose digits no DECIMAL holds; they stay text, exact. */
export function amountsAsText(tally: Tally): string[] {
  return decimalColumns.filter((column) => decimalType(tally, column) === null);
}

function decimalType(tally: Tally, column: string): string | null {
  const { whole = 1, decimals = 0 } = tally.digits.get(column) ?? {};
  if (whole + decimals > mostDigits) return null;
  const scale = whole + usualDecimals > mostDigits ? decimals : Math.max(decimals, usualDecimals);
  return `DECIMAL(${mostDigits}, ${scale})`;
}

/** Turns the rows that `csv` holds into a Parquet file of the same rows, typed. */
export async function writeParquet(
  csv: string,
  out: string,
  tally: Tally,
  workFolder: string,
  signal: AbortSignal,
): Promise<void> {
  const { connection, close } = await openDuck(workFolder);
  const interrupt = () => connection.interrupt();
  signal.addEventListener('abort', interrupt);
  try {
    const types = focusColumns.map((column) => `${literal(column)}: 'VARCHAR'`).join(', ');
    await connection.run(
      `COPY (SELECT ${focusColumns.map((column) => typedColumn(tally, column)).join(', ')}
         FROM read_csv(${literal(csv)}, auto_detect = false, header = true, columns = {${types}},
           delim = ',', quote = '"', escape = '"', new_line = '\\n', strict_mode = true,
           null_padding = false, ignore_errors = false, max_line_size = 16777216))
       TO ${literal(out)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
    );
  } catch (error) {
    throw writerError(error);
  } finally {
    signal.removeEventListener('abort', interrupt);
    close();
  }
}

function typedColumn(tally: Tally, column: string): string {
  const name = identifier(column);
  const type = columnType(tally, column);
  return type === null ? name : `CAST(${name} AS ${type}) AS ${name}`;
}

function columnType(tally: Tally, column: string): string | null {
  if ((timeColumns as readonly string[]).includes(column)) return 'TIMESTAMPTZ';
  if (column === 'x_ChargeCount') return 'BIGINT';
  return decimalColumns.includes(column) ? decimalType(tally, column) : null;
}

function writerError(error: unknown): unknown {
  const message = error instanceof Error ? error.message : '';
  if (/INTERRUPT/i.test(message)) return cancelled();
  if (/^IO Error.*(No space|full)/i.test(message)) {
    return Object.assign(new Error(message, { cause: error }), { code: 'ENOSPC' });
  }
  return error;
}

export function cancelled(): OutlayError {
  return new OutlayError(
    'CANCELLED',
    'Cancelled. Nothing was written, and a file that was there is as it was.',
  );
}
