import type { DuckDBConnection } from '@duckdb/node-api';
import { type ErrorCode, OutlayError } from '../../../shared/contract/errors.ts';
import { type Measure, measures } from '../store/measures.ts';
import {
  amountLimits,
  amountPattern,
  type AmountShape,
  fractionDigits,
  isFast,
  knownRows,
  typedColumn,
  wholeDigits,
} from './amount-sql.ts';
import { identifier, literal, queryRows } from './duck.ts';
import type { ColumnNames } from './formats/layout.ts';

/**
 * Times with `Z`, an offset, milliseconds or no zone at all (then UTC); the year comes first.
 * Years that stand for "never" (0001, 9999) would stretch every day axis over millennia.
 */
const timePattern =
  '(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?( ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?';

export interface BillShape {
  rows: number;
  amounts: Record<Measure, AmountShape>;
  /** Charges without the amount, and without a start time. */
  unknown: Record<Measure, number>;
  withoutStart: number;
}

/**
 * One pass over the text form of a bill. Refuses the file at the first cell that is not what its
 * column says, naming row and column; answers what the amounts look like.
 */
export async function validateBill(
  connection: DuckDBConnection,
  view: string,
  file: string,
  names: ColumnNames,
  typed: ReadonlySet<string>,
): Promise<BillShape> {
  const checks: Check[] = [
    ...measures.map(
      (measure): Check => ({
        column: measure,
        bad: typed.has(measure)
          ? `NOT isfinite(${typedColumn(measure)})`
          : `${measure} IS NOT NULL AND NOT regexp_full_match(${measure}, ${literal(amountPattern)})`,
        code: 'AMOUNT_BAD',
        what: 'is not a number',
        hint: 'Amounts are plain decimals with a point, without currency sign or thousands comma.',
      }),
    ),
    {
      column: 'start',
      bad: typed.has('start') ? 'false' : badTime('start'),
      code: 'DATE_BAD',
      what: 'is not a date that can be read in one way only',
      hint: 'Dates are YYYY-MM-DD, with or without a time. Where the year comes last, say with --date-order mdy or dmy what comes first.',
    },
    {
      column: 'period start',
      bad: typed.has('period start')
        ? '"period start day" IS NULL'
        : `"period start" IS NULL OR ${badTime('"period start"')}`,
      code: 'PERIOD_BAD',
      what: 'is not a billing period',
      hint: `${names['period start']} is a date as YYYY-MM-DD, with or without a time, in every row. Where the year comes last, say with --date-order mdy or dmy what comes first.`,
    },
    {
      column: 'currency',
      bad: "currency IS NULL OR NOT regexp_full_match(currency, '[A-Z]{3}')",
      code: 'CURRENCY_BAD',
      what: 'is not a currency code',
      hint: `${names.currency} is an ISO 4217 code such as USD in every row. Where the file names none, say it with --currency USD, for example.`,
    },
  ];
  const select = checks
    .map((check, i) => `min(row) FILTER (WHERE ${check.bad}) AS bad_${i}`)
    .concat(
      'count(*) AS rows',
      `count(*) - count(${typed.has('start') ? '"start day"' : 'start'}) AS without_start`,
      ...measures.flatMap((measure) => [
        `count(*) - ${knownRows(measure, typed.has(measure))} AS ${measure}_unknown`,
        `coalesce(bool_or(${isSlow(measure, typed)}), false) AS ${measure}_slow`,
      ]),
    );
  const found = (await queryRows(connection, `SELECT ${select.join(', ')} FROM ${view}`))[0] ?? {};
  for (const [i, check] of checks.entries()) {
    const row = found[`bad_${i}`];
    if (row !== null) await refuse(connection, view, file, names, check, row);
  }
  const slow = measures.filter((measure) => found[`${measure}_slow`] === true);
  const amounts = forMeasures((measure) => ({
    ...smallAmounts,
    typed: typed.has(measure),
    slow: slow.includes(measure),
  }));
  if (slow.length > 0) await measureDigits(connection, view, file, names, amounts, slow);
  return {
    rows: Number(found['rows']),
    withoutStart: Number(found['without_start']),
    unknown: forMeasures((measure) => Number(found[`${measure}_unknown`])),
    amounts,
  };
}

const smallAmounts: AmountShape = {
  typed: false,
  slow: false,
  exponent: false,
  wholeDigits: 9,
  decimals: 9,
};

function isSlow(measure: Measure, typed: ReadonlySet<string>): string {
  // Null where there is no amount, which counts as false.
  return `NOT ${isFast(measure, typed.has(measure))}`;
}

interface Check {
  column: keyof ColumnNames;
  bad: string;
  code: ErrorCode;
  what: string;
  hint: string;
}

function badTime(column: string): string {
  return `${column} IS NOT NULL AND (NOT regexp_full_match(${column}, ${literal(timePattern)})
    OR try_cast(${column} AS TIMESTAMPTZ) IS NULL)`;
}

async function refuse(
  connection: DuckDBConnection,
  view: string,
  file: string,
  names: ColumnNames,
  check: Check,
  row: unknown,
): Promise<never> {
  const [cell] = await queryRows(
    connection,
    `SELECT ${identifier(check.column)} AS cell, record FROM ${view} WHERE row = ${Number(row)}`,
  );
  const text = cell?.['cell'];
  const shown = typeof text === 'string' ? `"${clip(text)}"` : 'no value';
  throw new OutlayError(
    check.code,
    `${file}, row ${Number(cell?.['record'])}, ${names[check.column]}: ${shown} ${check.what}. Nothing was changed.`,
    check.hint,
  );
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/**
 * Counts digits in the text of the amounts that no cheap cast holds, exponents expanded, into
 * `amounts`; refuses an amount beyond what can be kept.
 */
async function measureDigits(
  connection: DuckDBConnection,
  view: string,
  file: string,
  names: ColumnNames,
  amounts: Record<Measure, AmountShape>,
  slow: readonly Measure[],
): Promise<void> {
  const slowText = (measure: Measure) =>
    `CASE WHEN NOT ${isFast(measure, amounts[measure].typed)} THEN ${measure} END`;
  // Exponents first: expanding one of 999 digits in every row would be the attack, not the check.
  const exponents = slow.flatMap((measure) => [
    `coalesce(bool_or(contains(lower(${slowText(measure)}), 'e')), false) AS ${measure}_exponent`,
    `min(CASE WHEN abs(text_exponent(${slowText(measure)})) > ${amountLimits.exponent} THEN row END) AS ${measure}_wild`,
  ]);
  const [wild = {}] = await queryRows(connection, `SELECT ${exponents.join(', ')} FROM ${view}`);
  for (const measure of slow) {
    amounts[measure].exponent = wild[`${measure}_exponent`] === true;
    const at = wild[`${measure}_wild`];
    if (at !== null) await refuse(connection, view, file, names, outOfRange(measure), at);
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
    const at = digits[`${measure}_long`];
    if (at !== null) await refuse(connection, view, file, names, outOfRange(measure), at);
    amounts[measure].wholeDigits = Math.max(9, Number(digits[`${measure}_whole`]));
    amounts[measure].decimals = Math.max(9, Number(digits[`${measure}_decimals`]));
  }
}

function outOfRange(measure: Measure): Check {
  const limits = amountLimits;
  return {
    column: measure,
    bad: '',
    code: 'AMOUNT_BAD',
    what: `has more than ${limits.wholeDigits} digits before or ${limits.decimals} after the point`,
    hint: 'Outlay keeps amounts exactly or not at all. Check how the file was made.',
  };
}

function forMeasures<T>(make: (measure: Measure, index: number) => T): Record<Measure, T> {
  return Object.fromEntries(measures.map((measure, i) => [measure, make(measure, i)])) as Record<
    Measure,
    T
  >;
}
