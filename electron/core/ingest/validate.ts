import type { DuckDBConnection } from '@duckdb/node-api';
import { type ErrorCode, OutlayError } from '../../../shared/contract/errors.ts';
import { type Measure, measures } from '../store/measures.ts';
import {
  amountLimits,
  amountPattern,
  type AmountShape,
  fractionDigits,
  wholeDigits,
} from './amount-sql.ts';
import { identifier, literal, queryRows, type Row } from './duck.ts';

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
): Promise<BillShape> {
  const checks: Check[] = [
    ...measures.map(
      (measure): Check => ({
        column: measure,
        bad: `${measure} IS NOT NULL AND NOT regexp_full_match(${measure}, ${literal(amountPattern)})`,
        code: 'AMOUNT_BAD',
        what: 'is not a number',
        hint: 'Amounts are plain decimals with a point, without currency sign or thousands comma.',
      }),
    ),
    {
      column: 'start',
      bad: badTime('start'),
      code: 'DATE_BAD',
      what: 'is not a date that can be read in one way only',
      hint: 'Dates are YYYY-MM-DD, with or without a time.',
    },
    {
      column: 'period start',
      bad: `"period start" IS NULL OR ${badTime('"period start"')}`,
      code: 'PERIOD_BAD',
      what: 'is not a billing period',
      hint: 'BillingPeriodStart is a date as YYYY-MM-DD, with or without a time, in every row.',
    },
    {
      column: 'currency',
      bad: "currency IS NULL OR NOT regexp_full_match(currency, '[A-Z]{3}')",
      code: 'CURRENCY_BAD',
      what: 'is not a currency code',
      hint: 'BillingCurrency is an ISO 4217 code such as USD in every row.',
    },
  ];
  const select = checks
    .map((check, i) => `min(row) FILTER (WHERE ${check.bad}) AS bad_${i}`)
    .concat(
      'count(*) AS rows',
      'count(*) FILTER (WHERE start IS NULL) AS without_start',
      ...measures.flatMap((measure) => [
        `count(*) - count(${measure}) AS ${measure}_unknown`,
        `coalesce(bool_or(contains(lower(${measure}), 'e')), false) AS ${measure}_exponent`,
      ]),
    );
  const found = (await queryRows(connection, `SELECT ${select.join(', ')} FROM ${view}`))[0] ?? {};
  for (const [i, check] of checks.entries()) {
    const row = found[`bad_${i}`];
    if (row !== null) await refuse(connection, view, file, check, row);
  }
  const exponents = measures.map((measure) => found[`${measure}_exponent`] === true);
  const digits = await digitCounts(connection, view, file, exponents);
  return {
    rows: Number(found['rows']),
    withoutStart: Number(found['without_start']),
    unknown: forMeasures((measure) => Number(found[`${measure}_unknown`])),
    amounts: forMeasures((measure, i) => ({
      exponent: exponents[i] as boolean,
      wholeDigits: Number(digits[`${measure}_whole`] ?? 0),
      decimals: Number(digits[`${measure}_decimals`] ?? 0),
    })),
  };
}

interface Check {
  column: string;
  bad: string;
  code: ErrorCode;
  what: string;
  hint: string;
}

/** Names of the canonical text columns as the file's reader knows them. */
const columnNames: Record<string, string> = {
  billed: 'BilledCost',
  effective: 'EffectiveCost',
  list: 'ListCost',
  contracted: 'ContractedCost',
  quantity: 'ConsumedQuantity or PricingQuantity',
  start: 'ChargePeriodStart',
  'period start': 'BillingPeriodStart',
  currency: 'BillingCurrency',
};

function badTime(column: string): string {
  return `${column} IS NOT NULL AND (NOT regexp_full_match(${column}, ${literal(timePattern)})
    OR try_cast(${column} AS TIMESTAMPTZ) IS NULL)`;
}

async function refuse(
  connection: DuckDBConnection,
  view: string,
  file: string,
  check: Check,
  row: unknown,
): Promise<never> {
  const [cell] = await queryRows(
    connection,
    `SELECT ${identifier(check.column)} AS cell FROM ${view} WHERE row = ${Number(row)}`,
  );
  const text = cell?.['cell'];
  const shown = typeof text === 'string' ? `"${clip(text)}"` : 'no value';
  throw new OutlayError(
    check.code,
    `${file}, row ${Number(row)}, ${columnNames[check.column]}: ${shown} ${check.what}. Nothing was changed.`,
    check.hint,
  );
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Counts digits in the text, exponents expanded; refuses an amount beyond what can be kept. */
async function digitCounts(
  connection: DuckDBConnection,
  view: string,
  file: string,
  exponents: readonly boolean[],
): Promise<Row> {
  const expressions = measures.map((measure, i) => {
    const whole = wholeDigits(measure, exponents[i] === true);
    const fraction = fractionDigits(measure, exponents[i] === true);
    return {
      measure,
      whole: `length(ltrim(${whole}, '0'))`,
      decimals: `length(rtrim(${fraction}, '0'))`,
      wild: exponents[i] ? `abs(text_exponent(${measure})) > ${amountLimits.exponent}` : 'false',
    };
  });
  const wild = expressions.map(
    (expression, i) => `min(row) FILTER (WHERE ${expression.wild}) AS wild_${i}`,
  );
  // Exponents first: expanding one of 999 digits in every row would be the attack, not the check.
  if (exponents.includes(true)) {
    const [row] = await queryRows(connection, `SELECT ${wild.join(', ')} FROM ${view}`);
    for (const [i, measure] of measures.entries()) {
      const at = row?.[`wild_${i}`];
      if (at !== null && at !== undefined) {
        await refuse(connection, view, file, outOfRange(measure), at);
      }
    }
  }
  const counts = expressions.flatMap(({ measure, whole, decimals }) => [
    `max(${whole}) AS ${measure}_whole`,
    `max(${decimals}) AS ${measure}_decimals`,
    `min(row) FILTER (WHERE ${whole} > ${amountLimits.wholeDigits} OR ${decimals} > ${amountLimits.decimals}) AS ${measure}_long`,
  ]);
  const [row = {}] = await queryRows(connection, `SELECT ${counts.join(', ')} FROM ${view}`);
  for (const measure of measures) {
    const at = row[`${measure}_long`];
    if (at !== null && at !== undefined) {
      await refuse(connection, view, file, outOfRange(measure), at);
    }
  }
  return row;
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
