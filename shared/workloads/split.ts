import { type Exact, exactDecimals } from '../domain/exact.ts';

/** Amounts are divided to the ninth decimal, or to their own last one where that is finer. */
const nano = 10n ** BigInt(exactDecimals - 9);

/**
 * Divides an amount by weights so that the shares add up to it exactly: each gets its share rounded
 * down to the last decimal, and what is left goes one by one to those with the largest remainder, the
 * first of equals first. A weight below 0 counts as 0; where none is above it all are equal.
 */
export function apportion(amount: Exact, weights: readonly bigint[]): Exact[] {
  if (weights.length === 0) return [];
  const positive = weights.map((weight) => (weight > 0n ? weight : 0n));
  const sum = positive.reduce((total, weight) => total + weight, 0n);
  const own = sum > 0n ? positive : weights.map(() => 1n);
  const whole = sum > 0n ? sum : BigInt(weights.length);
  const negative = amount < 0n;
  const unit = lastDecimal(amount);
  const units = (negative ? -amount : amount) / unit;
  const shares = own.map((weight) => (units * weight) / whole);
  let left = units - shares.reduce((total, share) => total + share, 0n);
  const remainders = own.map((weight, place) => ({ rest: (units * weight) % whole, place }));
  remainders.sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest < b.rest ? 1 : -1));
  for (const { place } of remainders) {
    if (left === 0n) break;
    shares[place] = (shares[place] ?? 0n) + 1n;
    left--;
  }
  return shares.map((share) => (negative ? -share : share) * unit);
}

function lastDecimal(amount: Exact): Exact {
  let unit = nano;
  while (amount % unit !== 0n) unit /= 10n;
  return unit;
}
