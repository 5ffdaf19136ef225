import type { Exact } from '../../../shared/domain/exact.ts';
import { type Measure, measures } from '../store/measures.ts';
import type { Row } from './duck.ts';

/**
 * Exact amounts in the reader: decimal text to limbs of whole numbers (nano, atto, rest; see
 * store/limbs.ts), without ever passing through a rounding cast.
 */

/**
 * What one amount column of a file looks like. Most rows of most files are small enough for a
 * cheap cast that is exact; which ones is decided row by row from the digits, never by trying.
 */
export interface AmountShape {
  /** What the source has; null where only the canonical text is to be had. */
  value: ValueType | null;
  /** Some rows need their digits taken from the text; the rest describes those. */
  slow: boolean;
  exponent: boolean;
  /** Most digits before and after the point, leading and trailing zeros not counted. */
  wholeDigits: number;
  decimals: number;
}

/** Of text in a source nothing is known yet: it may have blanks, or be a word for no value. */
export type ValueType = 'DOUBLE' | 'VARCHAR';

export type AmountShapes = Record<Measure, AmountShape>;

/** What is taken for granted until a row says otherwise. */
export function quickAmounts(values: ReadonlyMap<string, string>): AmountShapes {
  const shapes = measures.map((measure): [Measure, AmountShape] => {
    const type = values.get(measure);
    const value = type === 'DOUBLE' || type === 'VARCHAR' ? type : null;
    return [measure, { value, slow: false, exponent: false, wholeDigits: 9, decimals: 9 }];
  });
  return Object.fromEntries(shapes) as AmountShapes;
}

/** Digits an amount may have; more is refused by name of the row. */
export const amountLimits = { wholeDigits: 15, decimals: 27, exponent: 60 } as const;

export const amountPattern = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?';

/** Text macros for amounts with an exponent; `t` is trimmed decimal text or null. */
export const amountMacros = [
  "CREATE MACRO text_whole(t) AS regexp_extract(t, '^[+-]?([0-9]*)', 1)",
  "CREATE MACRO text_fraction(t) AS regexp_extract(t, '[.]([0-9]*)', 1)",
  "CREATE MACRO text_exponent(t) AS coalesce(try_cast(regexp_extract(t, '[eE]([+-]?[0-9]+)$', 1) AS INTEGER), 0)",
  // The point stands after `p` of the digits `d`.
  "CREATE MACRO digits_before(d, p) AS CASE WHEN p <= 0 THEN '' WHEN p >= length(d) THEN d || repeat('0', p - length(d)) ELSE left(d, p) END",
  "CREATE MACRO digits_after(d, p) AS CASE WHEN p <= 0 THEN repeat('0', -p) || d WHEN p >= length(d) THEN '' ELSE substr(d, p + 1) END",
  'CREATE MACRO moved_whole(t) AS digits_before(text_whole(t) || text_fraction(t), length(text_whole(t)) + text_exponent(t))',
  'CREATE MACRO moved_fraction(t) AS digits_after(text_whole(t) || text_fraction(t), length(text_whole(t)) + text_exponent(t))',
];

/** Digits before and after the point as text; plain decimals are split, exponents expanded. */
export function wholeDigits(column: string, exponent: boolean): string {
  return exponent ? `moved_whole(${column})` : `split_part(ltrim(${column}, '+-'), '.', 1)`;
}

export function fractionDigits(column: string, exponent: boolean): string {
  return exponent ? `moved_fraction(${column})` : `split_part(${column}, '.', 2)`;
}

function sign(column: string): string {
  return `CASE WHEN starts_with(${column}, '-') THEN -1 ELSE 1 END`;
}

/** Nine decimals, from the `from`-th on, as digits. */
function nine(column: string, shape: AmountShape, from: number): string {
  return `substr(rpad(${fractionDigits(column, shape.exponent)}, 27, '0'), ${from}, 9)`;
}

/** The amount as a double, and the text of the source that it was read from, if it was. */
export function valueColumn(measure: string): string {
  return `"${measure} value"`;
}

export function textColumn(measure: string): string {
  return `"${measure} text"`;
}

/** The double in whole nano-units, as BIGINT; null where they are too many for one. */
export function nanoUnits(measure: string): string {
  return `try_cast(${valueColumn(measure)} * 1e9 AS BIGINT)`;
}

/** Counts the rows that deliver a measure. */
export function knownRows(measure: string, { value }: AmountShape): string {
  return `count(${value === null ? measure : valueColumn(measure)})`;
}

/**
 * True where the cheap cast is exact; null where there is no amount. A double is a whole number of
 * nano-units below 1e15, because up to 15 digits no two decimals share a double, so that number is
 * the double's shortest decimal; and text of so few digits is that decimal. Canonical text has at
 * most nine digits on either side of the point.
 */
export function isFast(
  measure: string,
  { value }: AmountShape,
  nanos = nanoUnits(measure),
): string {
  if (value === null) {
    return `regexp_full_match(${measure}, '[+-]?[0-9]{1,9}([.][0-9]{0,9}0*)?')`;
  }
  const own = valueColumn(measure);
  const isNano = `abs(${own}) < 1e6 AND ${nanos} / 1e9 = ${own}`;
  if (value === 'DOUBLE') return `(${isNano})`;
  const text = textColumn(measure);
  // 15 digits and a point. The reader's cast skips an underscore, and makes 0 of what is too small.
  return `CASE WHEN ${text} IS NULL THEN NULL
    WHEN ${own} = 0 THEN regexp_full_match(${text}, '[+-]?[0.]+')
    ELSE coalesce(strlen(${text}) <= 16 AND NOT contains(${text}, '_') AND ${isNano}, false) END`;
}

/** Sum as HUGEINT where the cheap cast is exact; `where` says in which rows, null in all. */
export function cheapSum(
  measure: string,
  { value }: AmountShape,
  where: string | null,
  nanos = nanoUnits(measure),
): string {
  const only = (sql: string) => (where === null ? sql : `CASE WHEN ${where} THEN ${sql} END`);
  return value === null
    ? `CAST(sum(${only(`CAST(${measure} AS DECIMAL(18,9))`)}) * 1000000000 AS HUGEINT)`
    : `CAST(sum(${only(nanos)}) AS HUGEINT)`;
}

/** Sum of whole nano-units as a double, which is exact below 2^53. */
export function doubleSum(measure: string): string {
  return `sum(round(${valueColumn(measure)} * 1e9))`;
}

/** Sum of each limb as HUGEINT (null where no row has the amount); only limbs the column can have. */
export function limbSums(measure: string, shape: AmountShape): Record<string, string> {
  const fast = isFast(measure, shape);
  const cheap = cheapSum(measure, shape, shape.slow ? fast : null);
  if (!shape.slow) return { nano: cheap };
  const integer = shape.wholeDigits <= 9 ? 'BIGINT' : 'HUGEINT';
  const limb = (digits: string, type: string) =>
    `sum(CASE WHEN NOT ${fast} THEN ${sign(measure)} * CAST('0' || ${digits} AS ${type}) END)`;
  const whole = wholeDigits(measure, shape.exponent);
  const nano = limb(`${whole} || ${nine(measure, shape, 1)}`, integer);
  return {
    nano: `coalesce(${cheap}, 0) + coalesce(${nano}, 0)`,
    ...(shape.decimals > 9 ? { atto: limb(nine(measure, shape, 10), 'BIGINT') } : {}),
    ...(shape.decimals > 18 ? { rest: limb(nine(measure, shape, 19), 'BIGINT') } : {}),
  };
}

/** The amount behind `<measure>_<limb>` sums as text; null where `<measure>_known` rows are none. */
export function exactSum(row: Row, measure: string): Exact | null {
  if (Number(row[`${measure}_known`]) === 0) return null;
  const limb = (name: string) => BigInt((row[`${measure}_${name}`] as string | null) ?? 0);
  return limb('nano') * 10n ** 18n + limb('atto') * 10n ** 9n + limb('rest');
}
