/**
 * Exact amounts. An amount is a whole number of 1e-27 units held in a bigint, so sums never
 * round; text is parsed and formatted without passing through a double.
 */
export type Exact = bigint;

/** Decimals kept after the point; an amount with more is refused, never rounded. */
export const exactDecimals = 27;
const unit = 10n ** BigInt(exactDecimals);
/** A power costs more than the rest of reading a decimal; these are the usual ones. */
const powers = Array.from({ length: exactDecimals + 1 }, (_, exponent) => 10n ** BigInt(exponent));

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Reads decimal text, with or without exponent ("4.17", "-.5", "8e-07").
 * Null where the text is not a decimal or has more than 27 decimals.
 */
export function parseExact(text: string): Exact | null {
  const match = pattern.exec(text);
  if (!match) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const shift = exactDecimals - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  let value: bigint;
  if (shift >= 0) {
    value = digits * (powers[shift] ?? 10n ** BigInt(shift));
  } else {
    const divisor = 10n ** BigInt(-shift);
    if (digits % divisor !== 0n) return null;
    value = digits / divisor;
  }
  return sign === '-' ? -value : value;
}

/** Writes the shortest exact decimal, without exponent: "4.17345945343", "-0.5", "0". */
export function formatExact(value: Exact): string {
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  const whole = (magnitude / unit).toString();
  const fraction = (magnitude % unit).toString().padStart(exactDecimals, '0').replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative ? `-${text}` : text;
}

/** Reads text that this program wrote itself; anything else is a defect. */
export function exactOf(text: string): Exact {
  const value = parseExact(text);
  if (value === null) throw new RangeError(`not an exact decimal: ${text}`);
  return value;
}

/** The nearest double, for drawing and sorting by size only; never for a figure shown. */
export function toNumber(value: Exact): number {
  return Number(formatExact(value));
}
