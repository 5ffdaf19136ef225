import type { DuckDBConnection } from '@duckdb/node-api';
import { type Asks, type ErrorCode, OutlayError } from '../../../shared/contract/errors.ts';
import { type Measure } from '../store/measures.ts';
import {
  amountLimits,
  amountPattern,
  type AmountShapes,
  fractionDigits,
  isFast,
  valueColumn,
  wholeDigits,
} from './amount-sql.ts';
import { identifier, literal, queryRows } from './duck.ts';
import type { ColumnNames } from './formats/layout.ts';
import { type StagedCharges, timeOf } from './stage.ts';

/**
 * Times with `Z`, an offset, milliseconds or no zone at all (then UTC); the year comes first.
 * Years that stand for "never" (0001, 9999) would stretch every day axis over millennia.
 */
const timePattern =
  '(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?';

/** What a refusal says of where it was: the file, and where amounts, times and currency come from. */
export interface Place {
  file: string;
  names: ColumnNames;
}

interface Check {
  column: keyof ColumnNames;
  code: ErrorCode;
  what: string;
  hint: string;
  /** What a person can say of a cell so refused; null is one without a value. */
  asks?: (cell: string | null) => Asks | undefined;
}

const dateOrderOf = (cell: string | null): Asks | undefined =>
  cell === null ? undefined : { kind: 'dateOrder', value: cell.trim() };

const startCheck: Check = {
  column: 'start',
  code: 'DATE_BAD',
  what: 'is not a date that can be read in one way only',
  hint: 'Dates are YYYY-MM-DD, with or without a time. Where the year comes last, say with --date-order mdy or dmy what comes first.',
  asks: dateOrderOf,
};

const periodCheck = ({ names }: Place): Check => ({
  column: 'period start',
  code: 'PERIOD_BAD',
  what: 'is not a billing period',
  hint: `${names['period start']} is a date as YYYY-MM-DD, with or without a time, in every row. Where the year comes last, say with --date-order mdy or dmy what comes first.`,
  asks: dateOrderOf,
});

/** Refuses the file at the first time that is none; a file has few distinct ones. */
export async function assertTimes(
  connection: DuckDBConnection,
  charges: StagedCharges,
  place: Place,
): Promise<void> {
  for (const check of [startCheck, periodCheck(place)]) {
    if (charges.values.has(check.column)) continue;
    const column = identifier(check.column);
    const bad = `NOT regexp_full_match(${column}, ${literal(timePattern)})
      OR ${timeOf(column)} IS NULL`;
    const [found] = await queryRows(
      connection,
      `SELECT min(row) AS row FROM (SELECT ${column}, min(row) AS row FROM ${charges.lean}
         GROUP BY ${column}) WHERE ${column} IS NOT NULL AND (${bad})`,
    );
    if (typeof found?.['row'] === 'bigint')
      await refuse(connection, charges, place, check, found['row']);
  }
}

/** Refuses the file at its first charge without a day that can be; null where all have one. */
export async function assertDays(
  connection: DuckDBConnection,
  charges: StagedCharges,
  place: Place,
  rows: { start: unknown; period: unknown },
): Promise<void> {
  if (rows.start !== null) await refuse(connection, charges, place, startCheck, rows.start);
  if (rows.period !== null) {
    await refuse(connection, charges, place, periodCheck(place), rows.period);
  }
}

/** Refuses the file at its first currency that is none; `series` has one row a series. */
export async function assertCurrencies(
  connection: DuckDBConnection,
  charges: StagedCharges,
  place: Place,
  series: string,
): Promise<void> {
  const [found] = await queryRows(
    connection,
    `SELECT min(row) AS row FROM ${series}
     WHERE currency IS NULL OR NOT regexp_full_match(currency, '[A-Z]{3}')`,
  );
  if (typeof found?.['row'] !== 'bigint') return;
  const check: Check = {
    column: 'currency',
    code: 'CURRENCY_BAD',
    what: 'is not a currency code',
    hint: `${place.names.currency} is an ISO 4217 code such as USD in every row. Where the file names none, say it with --currency USD, for example.`,
    // A code that is there and none is the file's own; saying another one would not replace it.
    asks: (cell) => (cell === null ? { kind: 'currency' } : undefined),
  };
  await refuse(connection, charges, place, check, found['row']);
}

/**
 * Counts digits in the text of the amounts that no cheap cast holds, exponents expanded; refuses
 * what is no number (AMOUNT_BAD), and what has more digits than can be kept.
 */
export async function measureAmounts(
  connection: DuckDBConnection,
  charges: StagedCharges,
  place: Place,
  quick: AmountShapes,
  slow: readonly Measure[],
): Promise<AmountShapes> {
  const { view } = charges;
  const amounts = { ...quick };
  // Text of the source is only good for what is plain in every row.
  for (const measure of slow) {
    const { value } = quick[measure];
    amounts[measure] = { ...quick[measure], slow: true, value: value === 'DOUBLE' ? value : null };
  }
  const slowText = (measure: Measure) =>
    `CASE WHEN NOT ${isFast(measure, amounts[measure])} THEN ${measure} END`;
  // Exponents first: expanding one of 999 digits in every row would be the attack, not the check.
  const exponents = slow.flatMap((measure) => {
    const bad =
      amounts[measure].value !== null
        ? `NOT isfinite(${valueColumn(measure)})`
        : `NOT regexp_full_match(${measure}, ${literal(amountPattern)})`;
    return [
      `min(CASE WHEN ${bad} THEN row END) AS ${measure}_bad`,
      `coalesce(bool_or(contains(lower(${slowText(measure)}), 'e')), false) AS ${measure}_exponent`,
      `min(CASE WHEN abs(text_exponent(${slowText(measure)})) > ${amountLimits.exponent} THEN row END) AS ${measure}_wild`,
    ];
  });
  const [first = {}] = await queryRows(connection, `SELECT ${exponents.join(', ')} FROM ${view}`);
  for (const measure of slow) {
    const bad = first[`${measure}_bad`];
    if (bad !== null) await refuse(connection, charges, place, notANumber(measure), bad);
    const wild = first[`${measure}_wild`];
    if (wild !== null) await refuse(connection, charges, place, outOfRange(measure), wild);
    amounts[measure].exponent = first[`${measure}_exponent`] === true;
  }
  const counts = slow.flatMap((measure) => {
    const text = `${measure}_text`;
    const whole = `length(ltrim(${wholeDigits(text, amounts[measure].exponent)}, '0'))`;
    const decimals = `length(rtrim(${fractionDigits(text, amounts[measure].exponent)}, '0'))`;
    const { wholeDigits: mostWhole, decimals: mostDecimals } = amountLimits;
    return [
      `max(${whole}) AS ${measure}_whole`,
      `max(${decimals}) AS ${measure}_decimals`,
      `min(CASE WHEN ${whole} > ${mostWhole} OR ${decimals} > ${mostDecimals} THEN row END) AS ${measure}_long`,
    ];
  });
  const texts = slow.map((measure) => `${slowText(measure)} AS ${measure}_text`);
  const [digits = {}] = await queryRows(
    connection,
    `SELECT ${counts.join(', ')} FROM (SELECT row, ${texts.join(', ')} FROM ${view})`,
  );
  for (const measure of slow) {
    const long = digits[`${measure}_long`];
    if (long !== null) await refuse(connection, charges, place, outOfRange(measure), long);
    amounts[measure].wholeDigits = Math.max(9, Number(digits[`${measure}_whole`]));
    amounts[measure].decimals = Math.max(9, Number(digits[`${measure}_decimals`]));
  }
  return amounts;
}

function notANumber(measure: Measure): Check {
  return {
    column: measure,
    code: 'AMOUNT_BAD',
    what: 'is not a number',
    hint: 'Amounts are plain decimals with a point, without currency sign or thousands comma.',
  };
}

function outOfRange(measure: Measure): Check {
  const limits = amountLimits;
  return {
    column: measure,
    code: 'AMOUNT_BAD',
    what: `has more than ${limits.wholeDigits} digits before or ${limits.decimals} after the point`,
    hint: 'Outlay keeps amounts exactly or not at all. Check how the file was made.',
  };
}

async function refuse(
  connection: DuckDBConnection,
  { view }: StagedCharges,
  { file, names }: Place,
  check: Check,
  row: unknown,
): Promise<never> {
  const [cell] = await queryRows(
    connection,
    `SELECT ${identifier(check.column)} AS cell, record FROM ${view} WHERE row = ${Number(row)}`,
  );
  const text = cell?.['cell'];
  const asks = check.asks?.(typeof text === 'string' ? text : null);
  const shown = typeof text === 'string' ? `"${clip(text)}"` : 'no value';
  throw new OutlayError(
    check.code,
    `${file}, row ${Number(cell?.['record'])}, ${names[check.column]}: ${shown} ${check.what}. Nothing was changed.`,
    check.hint,
    { asks },
  );
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
