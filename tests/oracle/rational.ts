/**
 * Exact fractions for the oracle. Money is summed only here: a plan that covers part of an hour
 * leaves quantities such as 8/7, which no decimal holds.
 */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

function reduced(n: bigint, d: bigint): Rational {
  if (d === 1n) return { n, d };
  if (n === 0n) return zero;
  const common = gcd(n, d);
  return common === 1n ? { n, d } : { n: n / common, d: d / common };
}

export const zero: Rational = { n: 0n, d: 1n };
export const one: Rational = { n: 1n, d: 1n };

export function fraction(n: number | bigint, d: number | bigint = 1): Rational {
  const below = BigInt(d);
  if (below === 0n) throw new RangeError('A fraction over zero.');
  return below < 0n ? reduced(-BigInt(n), -below) : reduced(BigInt(n), below);
}

/** A decimal text, or a number taken as the decimal that prints it. */
export function decimal(value: string | number): Rational {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(String(value).trim());
  if (!found || !(found[2] || found[3])) throw new TypeError(`Not a decimal: "${value}".`);
  const [, sign, whole = '', digits = '', exponent = '0'] = found;
  const scale = Number(exponent) - digits.length;
  const size = BigInt(whole + digits) * (sign === '-' ? -1n : 1n);
  return scale >= 0
    ? { n: size * 10n ** BigInt(scale), d: 1n }
    : reduced(size, 10n ** BigInt(-scale));
}

export function add(a: Rational, b: Rational): Rational {
  if (a.n === 0n) return b;
  if (b.n === 0n) return a;
  return a.d === b.d ? reduced(a.n + b.n, a.d) : reduced(a.n * b.d + b.n * a.d, a.d * b.d);
}
export const negative = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const subtract = (a: Rational, b: Rational): Rational => add(a, negative(b));
export const multiply = (a: Rational, b: Rational): Rational => reduced(a.n * b.n, a.d * b.d);
export const divide = (a: Rational, b: Rational): Rational => {
  if (b.n === 0n) throw new RangeError('Division by zero.');
  return b.n < 0n ? reduced(-a.n * b.d, -b.n * a.d) : reduced(a.n * b.d, a.d * b.n);
};
export const compare = (a: Rational, b: Rational): number => {
  const left = a.n * b.d;
  const right = b.n * a.d;
  return left < right ? -1 : left > right ? 1 : 0;
};
export const least = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b);
export const most = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);
export const sum = (values: Iterable<Rational>): Rational => {
  let total = zero;
  for (const value of values) total = add(total, value);
  return total;
};

/** Whole part towards minus infinity. */
export function floor(a: Rational): bigint {
  const whole = a.n / a.d;
  return a.n < 0n && whole * a.d !== a.n ? whole - 1n : whole;
}
export const ceiling = (a: Rational): bigint => -floor(negative(a));
export const isWhole = (a: Rational): boolean => a.d === 1n;

/** A double within one unit of its last digit (2^-60 absolute below one). */
export function toNumber(a: Rational): number {
  const size = a.n < 0n ? -a.n : a.n;
  const whole = size / a.d;
  const rest = Number(((size - whole * a.d) * 2n ** 60n) / a.d) / 2 ** 60;
  return (a.n < 0n ? -1 : 1) * (Number(whole) + rest);
}

/** A decimal text of at most `places` digits after the point, rounded half away from zero. */
export function toDecimal(a: Rational, places = 18): string {
  const scale = 10n ** BigInt(places);
  const size = a.n < 0n ? -a.n : a.n;
  const scaled = (2n * size * scale + a.d) / (2n * a.d);
  const text = scaled.toString().padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const digits = text.slice(text.length - places).replace(/0+$/, '');
  const sign = a.n < 0n && scaled !== 0n ? '-' : '';
  return `${sign}${whole}${digits ? `.${digits}` : ''}`;
}
