import { type Exact, formatExact } from '../../../shared/domain/exact.ts';

/**
 * How an exact amount lies in typed arrays: a value is the sum of its limbs, each a whole number
 * in a double. Limbs of one amount have one sign; sums of limbs may mix them, the value holds.
 */
export const limbs = ['high', 'whole', 'nano', 'atto', 'rest'] as const;
export type Limb = (typeof limbs)[number];

/** Limb weights in 1e-27 units. */
const weight: Record<Limb, bigint> = {
  high: 10n ** 36n,
  whole: 10n ** 27n,
  nano: 10n ** 18n,
  atto: 10n ** 9n,
  rest: 1n,
};

/** A cell's limb never exceeds this, so that two of them always add up exactly in a double. */
export const limbLimit = 2 ** 52;
const base = 1e9;

/** Sums of one measure a slot; limbs that no scanned cell has are absent. */
export interface Sums {
  high: Float64Array | null;
  /** Absent where the nano limb alone holds the sums: then it may be as large as 2^53. */
  whole: Float64Array | null;
  nano: Float64Array;
  atto: Float64Array | null;
  rest: Float64Array | null;
}

export function emptySums(slots: number): Sums {
  return {
    high: null,
    whole: null,
    nano: new Float64Array(slots),
    atto: null,
    rest: null,
  };
}

/** Moves what exceeds 1e9 of each lower limb into the next higher one; the value is unchanged. */
export function carry(sums: Sums): void {
  if (sums.rest) sums.atto ??= new Float64Array(sums.nano.length);
  if (sums.rest && sums.atto) carryInto(sums.rest, sums.atto);
  if (sums.atto) carryInto(sums.atto, sums.nano);
  const whole = (sums.whole ??= new Float64Array(sums.nano.length));
  carryInto(sums.nano, whole);
  // Few bills have amounts of that size; the others do without the limb.
  if (whole.some((value) => value >= base || value <= -base)) {
    sums.high ??= new Float64Array(whole.length);
  }
  if (sums.high) carryInto(whole, sums.high);
}

function carryInto(lower: Float64Array, higher: Float64Array): void {
  for (let i = 0; i < lower.length; i++) {
    const value = lower[i] as number;
    if (value >= base || value <= -base) {
      const excess = Math.trunc(value / base);
      higher[i] = (higher[i] as number) + excess;
      lower[i] = value - excess * base;
    }
  }
}

export function exactAt(sums: Sums, i: number): Exact {
  return (
    BigInt(sums.high?.[i] ?? 0) * weight.high +
    BigInt(sums.whole?.[i] ?? 0) * weight.whole +
    BigInt(sums.nano[i] as number) * weight.nano +
    BigInt(sums.atto?.[i] ?? 0) * weight.atto +
    BigInt(sums.rest?.[i] ?? 0) * weight.rest
  );
}

/** Shortest exact decimal of a sum, as `formatExact` writes it. */
export function exactTextAt(sums: Sums, i: number): string {
  const own = sums.nano[i] as number;
  const carried = Math.trunc(own / base);
  const nano = own - carried * base;
  const whole = (sums.whole?.[i] ?? 0) + carried;
  const plain = !sums.high?.[i] && !sums.atto?.[i] && !sums.rest?.[i];
  // Limbs of different signs borrow from each other.
  if (!plain || whole * nano < 0) return formatExact(exactAt(sums, i));
  const sign = whole < 0 || nano < 0 ? '-' : '';
  const fraction = Math.abs(nano);
  if (fraction === 0) return `${sign}${Math.abs(whole)}`;
  let end = 9;
  let digits = fraction;
  while (digits % 10 === 0) {
    digits /= 10;
    end--;
  }
  return `${sign}${Math.abs(whole)}.${String(digits).padStart(end, '0')}`;
}

/** Exact sum of sums. */
export function exactSum(sums: Sums, indexes: Iterable<number>): Exact {
  let total = 0n;
  let [whole, nano, added] = [0, 0, 0];
  for (const i of indexes) {
    if (sums.high?.[i] || sums.atto?.[i] || sums.rest?.[i]) {
      total += exactAt(sums, i);
      continue;
    }
    const own = sums.nano[i] as number;
    const carried = Math.trunc(own / base);
    whole += (sums.whole?.[i] ?? 0) + carried;
    nano += own - carried * base;
    // Each is below 1.1e9 in magnitude, so a million of them stay far below 2^53.
    if (++added < 1_000_000) continue;
    total += BigInt(whole) * weight.whole + BigInt(nano) * weight.nano;
    [whole, nano, added] = [0, 0, 0];
  }
  return total + BigInt(whole) * weight.whole + BigInt(nano) * weight.nano;
}

/**
 * How far `approximateAt` can be from the value at worst: amounts further apart are in the
 * order of their doubles.
 */
export function approximationError(sums: Sums): number {
  let largest = 1;
  for (let i = 0; i < sums.nano.length; i++) {
    const size =
      Math.abs(sums.high?.[i] ?? 0) * base +
      Math.abs(sums.whole?.[i] ?? 0) +
      Math.abs(sums.nano[i] as number) / base +
      1;
    if (size > largest) largest = size;
  }
  // A few additions, each within half a unit in the last place of at most this much.
  return largest * 2 ** -49;
}

/** The nearest double, to rank by. */
export function approximateAt(sums: Sums, i: number): number {
  return (
    (sums.high?.[i] ?? 0) * base +
    (sums.whole?.[i] ?? 0) +
    (sums.nano[i] as number) / 1e9 +
    (sums.atto?.[i] ?? 0) / 1e18
  );
}
