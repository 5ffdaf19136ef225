/**
 * Money and quantities of the sample are whole numbers, so that no cell carries float noise:
 * quantities count 1e-6, unit prices 1e-10, and their product, a cost, 1e-16.
 */
export const quantityDigits = 6;
export const priceDigits = 10;
export const costDigits = quantityDigits + priceDigits;

/** A plain decimal as a whole number of 10^-digits. Throws where it has more decimals than that. */
export function scaled(text: string, digits: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  if (!match || fraction.length > digits)
    throw new Error(`${text} is not a decimal of at most ${digits} decimals`);
  const value = BigInt(`${match[2]}${fraction.padEnd(digits, '0')}`);
  return match[1] ? -value : value;
}

export const price = (text: string): bigint => scaled(text, priceDigits);
export const quantity = (text: string): bigint => scaled(text, quantityDigits);
export const cost = (text: string): bigint => scaled(text, costDigits);

/** The plain decimal of a whole number of 10^-digits: no exponent, no trailing zeros. */
export function plain(value: bigint, digits: number): string {
  if (value === 0n) return '0';
  const text = (value < 0n ? -value : value).toString().padStart(digits + 1, '0');
  let end = text.length;
  const point = text.length - digits;
  while (end > point && text.charCodeAt(end - 1) === 48) end -= 1;
  const whole = text.slice(0, point);
  const sign = value < 0n ? '-' : '';
  return end === point ? sign + whole : `${sign}${whole}.${text.slice(point, end)}`;
}

const cent = 10n ** BigInt(costDigits - 2);

/** A cost rounded half away from zero to whole cents, as an invoice states a tax. */
export function toCents(value: bigint): bigint {
  const half = value < 0n ? -cent / 2n : cent / 2n;
  return ((value + half) / cent) * cent;
}
