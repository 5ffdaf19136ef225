import { amountLimits } from '../amount-sql.ts';

const decimals = 20;

/**
 * SQL of the exact sum or difference of two decimal texts. DECIMAL(38,20) holds both; an amount
 * with more digits makes a text that is no number, so that the row is refused by name instead of
 * being rounded. Null where either is null.
 */
export function addAmounts(a: string, b: string, sign: '+' | '-' = '+'): string {
  const fits = (text: string) =>
    `length(rtrim(moved_fraction(${text}), '0')) <= ${decimals}
     AND length(ltrim(moved_whole(${text}), '0')) <= ${amountLimits.wholeDigits}`;
  const cast = (text: string) => `try_cast(${text} AS DECIMAL(38,${decimals}))`;
  const wild = (text: string) => `abs(text_exponent(${text})) > ${amountLimits.exponent}`;
  const asText = `${a} || ' ${sign} ' || ${b}`;
  // Exponents first: expanding a huge one would be the attack, not the check.
  return `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL
    WHEN ${wild(a)} OR ${wild(b)} THEN ${asText}
    ELSE CASE WHEN ${fits(a)} AND ${fits(b)} AND ${cast(a)} IS NOT NULL AND ${cast(b)} IS NOT NULL
      THEN CAST(${cast(a)} ${sign} ${cast(b)} AS VARCHAR) ELSE ${asText} END END`;
}
