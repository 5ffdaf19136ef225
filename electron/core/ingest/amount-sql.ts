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

/** Text macros; `t` is trimmed decimal text or null. */
export const amountMacros = [
  "CREATE MACRO text_whole(t) AS regexp_extract(t, '^[+-]?([0-9]*)', 1)",
  "CREATE MACRO text_fraction(t) AS regexp_extract(t, '[.]([0-9]*)', 1)",
  "CREATE MACRO text_exponent(t) AS coalesce(try_cast(regexp_extract(t, '[eE]([+-]?[0-9]+)$', 1) AS INTEGER), 0)",
  // The point stands after `p` of the digits `d`.
  "CREATE MACRO digits_before(d, p) AS CASE WHEN p <= 0 THEN '' WHEN p >= length(d) THEN d || repeat('0', p - length(d)) ELSE left(d, p) END",
  "CREATE MACRO digits_after(d, p) AS CASE WHEN p <= 0 THEN repeat('0', -p) || d WHEN p >= length(d) THEN '' ELSE substr(d, p + 1) END",
  'CREATE MACRO whole_digits(t) AS digits_before(text_whole(t) || text_fraction(t), length(text_whole(t)) + text_exponent(t))',
  'CREATE MACRO fraction_digits(t) AS digits_after(text_whole(t) || text_fraction(t), length(text_whole(t)) + text_exponent(t))',
  "CREATE MACRO amount_sign(t) AS CASE WHEN starts_with(t, '-') THEN -1 ELSE 1 END",
  "CREATE MACRO amount_nano(t) AS amount_sign(t) * CAST('0' || whole_digits(t) || left(rpad(fraction_digits(t), 27, '0'), 9) AS HUGEINT)",
  "CREATE MACRO amount_atto(t) AS amount_sign(t) * CAST(substr(rpad(fraction_digits(t), 27, '0'), 10, 9) AS BIGINT)",
  "CREATE MACRO amount_rest(t) AS amount_sign(t) * CAST(substr(rpad(fraction_digits(t), 27, '0'), 19, 9) AS BIGINT)",
];

/** DECIMAL(18,9) holds it exactly, which sums several times faster than text digits. */
function fitsNano(shape: AmountShape): boolean {
  return !shape.exponent && shape.decimals <= 9 && shape.wholeDigits <= 9;
}

/** Sum of each limb as HUGEINT (null where no row has the amount); only limbs the column can have. */
export function limbSums(column: string, shape: AmountShape): Record<string, string> {
  if (fitsNano(shape)) {
    return {
      nano: `CAST(sum(CAST(${column} AS DECIMAL(18,9))) * 1000000000 AS HUGEINT)`,
    };
  }
  return {
    nano: `sum(amount_nano(${column}))`,
    ...(shape.decimals > 9 ? { atto: `sum(amount_atto(${column}))` } : {}),
    ...(shape.decimals > 18 ? { rest: `sum(amount_rest(${column}))` } : {}),
  };
}

/**
 * The same sum by another way, to check the cells against: one wide DECIMAL with exactly the
 * decimals the column has, as text. Null where 38 digits may not hold it; then limbs are summed.
 */
export function checkSum(column: string, shape: AmountShape, rows: number): string | null {
  const digits = shape.wholeDigits + shape.decimals + Math.ceil(Math.log10(rows + 1)) + 1;
  if (digits > 38) return null;
  return `CAST(sum(CAST(${column} AS DECIMAL(38,${shape.decimals}))) AS VARCHAR)`;
}
