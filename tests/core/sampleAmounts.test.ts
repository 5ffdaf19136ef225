import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costDigits, plain, scaled, toCents } from '../../electron/core/sample/amounts.ts';
import { cell } from '../../electron/core/sample/columns.ts';
import { between, seedOf } from '../../electron/core/sample/noise.ts';
import { cellsOf, decimal, units } from './sampleBill.ts';

const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

const cents = (text: string): string => plain(toCents(scaled(text, costDigits)), costDigits);

describe('amounts of the sample', () => {
  test('are written as plain decimals and read back the same', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 27 }), (value, digits) => {
        const text = plain(value, digits);
        expect(scaled(text, digits)).toBe(value);
        expect(units(text)).toBe(value * 10n ** BigInt(27 - digits));
        expect(decimal(units(text))).toBe(text);
      }),
    );
  });

  test('with more decimals than are kept are refused, not rounded', () => {
    expect(() => scaled('0.0000001', 6)).toThrow('at most 6 decimals');
    expect(() => scaled('1e3', 6)).toThrow('not a decimal');
  });

  test('are rounded to cents half away from zero', () => {
    expect(cents('1.005')).toBe('1.01');
    expect(cents('1.0049999999999999')).toBe('1');
    expect(cents('-1.005')).toBe('-1.01');
  });
});

test('a cell of any text without line ends is read back from its line', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', '\u00e9', '{', '0') });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (cells) => {
      expect(cellsOf(cells.map(cell).join(','))).toEqual(cells);
    }),
  );
});

test('chance stays within its bounds, reaches them, and depends only on seed and place', () => {
  const seed = seedOf('pretrain-b1-01');
  const drawn = Array.from({ length: 2000 }, (_, place) => between(seed, place, 3, 9));
  expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([3, 9]);
  expect(between(seed, 1999, 3, 9)).toBe(drawn[1999]);
});
