import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ColumnType,
  packColumn,
  packTexts,
  unpackColumn,
  unpackTexts,
} from '../../electron/core/store/columns.ts';
import { campaign } from '../builders/campaign.ts';

test.each<[ColumnType, number[]]>([
  ['u8', [0, 255]],
  ['u8', []],
  ['u16', [0, 256, 65_535]],
  ['u32', [65_536, 4_294_967_295]],
  ['i32', [-1, 2_147_483_647]],
  ['i32', [-2_147_483_648, 0]],
  ['f64', [-2_147_483_649, 0]],
  ['f64', [-1, 2_147_483_648]],
  ['f64', [4_294_967_296]],
  ['f64', [2 ** 52, -(2 ** 52), 2 ** 53]],
  ['u32x1000', [0, 4_294_967_295_000]],
  ['u8x1000000000', [255_000_000_000, 0]],
  ['i32x10', [-21_474_836_480, 10]],
  ['f64', [4_294_967_295_001, 1000]],
])('the narrowest type is %s for %j', (type, values) => {
  const packed = packColumn(values);
  expect(packed.type).toBe(type);
  expect([...unpackColumn(packed.type, packed.data, values.length)]).toEqual(values);
});

test('what is packed comes back, whatever the numbers', () => {
  const whole = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer(), fc.maxSafeInteger());
  const scale = fc.constantFrom(1, 10, 1000, 1_000_000, 1_000_000_000);
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 200 }), scale, (numbers, times) => {
      const values = numbers.map((n) => (Math.abs(n * times) < 2 ** 53 ? n * times : n));
      const { type, data } = packColumn(values);
      expect([...unpackColumn(type, data, values.length)]).toEqual(values.map((v) => v + 0));
    }),
    campaign('columns: round trip', 300),
  );
});

test('a BLOB that starts at an odd offset is read right', () => {
  for (const values of [
    [1, 2, 70_000],
    [2 ** 40, 3],
    [-5, 6],
    [300, 301],
  ]) {
    const { type, data } = packColumn(values);
    for (let shift = 1; shift < 9; shift++) {
      const wide = Buffer.alloc(data.length + shift);
      data.copy(wide, shift);
      expect([...unpackColumn(type, wide.subarray(shift), values.length)]).toEqual(values);
    }
  }
});

test('a column of another length and a damaged BLOB are errors, not numbers', () => {
  const { type, data } = packColumn([1, 2, 3]);
  expect(() => unpackColumn(type, data, 4)).toThrow(RangeError);
  expect(() => unpackColumn('u16', data, 3)).toThrow(RangeError);
  expect(() => unpackColumn(type, data.subarray(0, -2), 3)).toThrow();
});

test('texts come back in order, empty and odd ones too', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
      expect(unpackTexts(packTexts(texts))).toEqual(texts);
    }),
    campaign('columns: texts', 100),
  );
});
