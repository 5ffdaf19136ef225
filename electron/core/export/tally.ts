import type { ExportFinding } from '../../../shared/contract/export.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { decimalColumns, notKept, requiredColumns } from './columns.ts';

/** What is counted while the rows go by. */
export interface Tally {
  rows: number;
  /** Rows without a value, by column of `requiredColumns`. */
  empty: Map<string, number>;
  /** Rows of usage or purchase that have no PricingQuantity. */
  unpriced: number;
  /** Rows whose amount leaves out charges that do not deliver it, by column. */
  partly: Map<string, number>;
  /** Rows of a series with a unit that have no quantity to go with it. */
  unitsLeftOut: number;
  /** Most digits before and after the point, by column. */
  digits: Map<string, { whole: number; decimals: number }>;
}

export function newTally(): Tally {
  return {
    rows: 0,
    empty: new Map(),
    unpriced: 0,
    partly: new Map(),
    unitsLeftOut: 0,
    digits: new Map(decimalColumns.map((column) => [column, { whole: 1, decimals: 0 }])),
  };
}

export function count(counts: Map<string, number>, column: string, rows = 1): void {
  counts.set(column, (counts.get(column) ?? 0) + rows);
}

export function measureDigits(tally: Tally, column: string, text: string): void {
  const most = tally.digits.get(column);
  if (!most) throw new RangeError(`${column} is no amount`);
  const point = text.indexOf('.');
  const sign = text.startsWith('-') ? 1 : 0;
  const whole = (point < 0 ? text.length : point) - sign;
  const decimals = point < 0 ? 0 : text.length - point - 1;
  if (whole > most.whole) most.whole = whole;
  if (decimals > most.decimals) most.decimals = decimals;
}

/** What the file lacks by the rules of FOCUS, in words; `asText` are amounts of a Parquet file. */
export function findingsOf(tally: Tally, asText: readonly string[]): ExportFinding[] {
  const rows = (n: number) => (n === 1 ? '1 row' : `${formatCount(n)} rows`);
  return [
    {
      code: 'NOT_KEPT',
      count: notKept.length,
      message: `${notKept.join(', ')}: empty, because Outlay does not keep them; unit prices are left out for the same reason.`,
    },
    ...[...tally.empty].map(([column, n]): ExportFinding => {
      const rule = requiredColumns[column] ?? '';
      return {
        code: 'VALUE_UNKNOWN',
        count: n,
        message: `${column}: no value in ${rows(n)}, left empty rather than filled in (FOCUS ${rule}).`,
      };
    }),
    ...some(tally.unpriced, (n) => ({
      code: 'VALUE_UNKNOWN',
      count: n,
      message: `PricingQuantity: no value in ${rows(n)} of usage or purchases, where only the consumed quantity is kept or none (FOCUS PricingQuantity-C-005-C).`,
    })),
    ...[...tally.partly].map(
      ([column, n]): ExportFinding => ({
        code: 'PARTLY_UNKNOWN',
        count: n,
        message: `${column}: ${rows(n)} leave out charges without such an amount; x_UnknownAmounts counts them.`,
      }),
    ),
    ...some(tally.unitsLeftOut, (n) => ({
      code: 'UNIT_LEFT_OUT',
      count: n,
      message: `ConsumedUnit, PricingUnit: ${rows(n)} have a unit but no quantity, and FOCUS has no unit alone.`,
    })),
    ...asText.map(
      (column): ExportFinding => ({
        code: 'AMOUNT_AS_TEXT',
        count: tally.rows - (tally.empty.get(column) ?? 0),
        message: `${column}: text, because its digits do not fit DECIMAL(38).`,
      }),
    ),
  ];
}

function some(n: number, make: (n: number) => ExportFinding): ExportFinding[] {
  return n === 0 ? [] : [make(n)];
}
