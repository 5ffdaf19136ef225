import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { apportion } from '../../shared/workloads/split.ts';

const divided = (amount: string, ...weights: number[]) =>
  apportion(exactOf(amount), weights.map(BigInt)).map(formatExact);

describe('shares of an amount', () => {
  test('get what is left by the largest remainder, in the last decimal', () => {
    expect(divided('10', 1, 1, 1)).toEqual(['3.333333334', '3.333333333', '3.333333333']);
    expect(divided('0.000000002', 3, 2)).toEqual(['0.000000001', '0.000000001']);
    expect(divided('0.0000000000001', 1, 1, 1, 7)).toEqual(['0', '0', '0', '0.0000000000001']);
    expect(divided('-10', 2, 1)).toEqual(['-6.666666667', '-3.333333333']);
  });

  test('of weights that are not above zero are none, and of no weight above zero equal', () => {
    expect(divided('9', 1, 0, -5, 2)).toEqual(['3', '0', '0', '6']);
    expect(divided('9', 0, 0, -1)).toEqual(['3', '3', '3']);
    expect(divided('9')).toEqual([]);
  });

  test('always add up to it, each within one unit of its part', () => {
    const amounts = fc.tuple(
      fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n }),
      fc.constantFrom(1n, 10n ** 9n, 10n ** 18n, 10n ** 27n),
    );
    const weights = fc.array(fc.bigInt({ min: -3n, max: 10n ** 30n }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(amounts, weights, ([count, unit], own) => {
        const amount = count * unit;
        const shares = apportion(amount, own);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(amount);
        const positive = own.map((weight) => (weight > 0n ? weight : 0n));
        const sum = positive.reduce((total, weight) => total + weight, 0n);
        const step = 10n ** 18n;
        for (const [place, share] of shares.entries()) {
          const [part, whole] = sum > 0n ? [positive[place] ?? 0n, sum] : [1n, BigInt(own.length)];
          const off = share * whole - amount * part;
          expect(off < 0n ? -off : off).toBeLessThanOrEqual(step * whole);
        }
      }),
    );
  });
});
