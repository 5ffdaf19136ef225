/**
 * Exact amounts in the reader: decimal text to limbs of whole numbers (nano, atto, rest; see
 * store/limbs.ts), without ever passing through a rounding cast.
 */

/** What one amount column of a file looks like; decides which cast is exact. */
export interface AmountShape {
  exponent: boolean;
  /** Most digits before and after the point, leading and trailing zeros not counted. */
  wholeDigits: number;
  decimals: number;
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

/** Sum of each limb as HUGEINT (null where no row has the amount); only limbs the column can have. */
export function limbSums(column: string, shape: AmountShape): Record<string, string> {
  if (!shape.exponent && shape.decimals <= 9 && shape.wholeDigits <= 9) {
    // DECIMAL(18,9) holds it exactly, which sums several times faster than text digits.
    return { nano: `CAST(sum(CAST(${column} AS DECIMAL(18,9))) * 1000000000 AS HUGEINT)` };
  }
  const integer = shape.wholeDigits <= 9 ? 'BIGINT' : 'HUGEINT';
  const whole = wholeDigits(column, shape.exponent);
  const limb = (digits: string, type: string) =>
    `sum(${sign(column)} * CAST('0' || ${digits} AS ${type}))`;
  return {
    nano: limb(`${whole} || ${nine(column, shape, 1)}`, integer),
    ...(shape.decimals > 9 ? { atto: limb(nine(column, shape, 10), 'BIGINT') } : {}),
    ...(shape.decimals > 18 ? { rest: limb(nine(column, shape, 19), 'BIGINT') } : {}),
  };
}

/**
 * The same sum by another way, to check the cells against: decimals of the whole part and of each
 * nine decimals, apart. Columns to be selected, and how their texts become one sum.
 */
export function checkSums(column: string, shape: AmountShape): Record<string, string> {
  const part = (digits: string, type: string) =>
    `CAST(sum(${sign(column)} * CAST(${digits} AS ${type})) AS VARCHAR)`;
  const whole = `'0' || ${wholeDigits(column, shape.exponent)}`;
  const decimals = (from: number) => part(`'0.' || ${nine(column, shape, from)}`, 'DECIMAL(18,9)');
  return {
    whole: part(whole, 'DECIMAL(18,0)'),
    nano: decimals(1),
    ...(shape.decimals > 9 ? { atto: decimals(10) } : {}),
    ...(shape.decimals > 18 ? { rest: decimals(19) } : {}),
  };
}
