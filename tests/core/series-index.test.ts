import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeriesIndex } from '../../electron/core/store/series-index.ts';
import { campaign } from '../builders/campaign.ts';

test('a row has one number, that of its first time, however many there are', () => {
  const value = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  const rows = fc.array(fc.tuple(value, value), { maxLength: 60 });
  fc.assert(
    fc.property(rows, rows, (stored, more) => {
      const distinct = [...new Map(stored.map((row) => [row.join(), row])).values()];
      const index = createSeriesIndex([0, 1].map((c) => distinct.map((row) => row[c] as number)));
      const numbers = new Map(distinct.map((row, i) => [row.join(), i]));
      for (const row of more) {
        const key = row.join();
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        expect(index.numberOf(Uint32Array.from(row))).toBe(numbers.get(key));
      }
      expect(index.count()).toBe(numbers.size);
      const kept = [...numbers.keys()]
        .slice(distinct.length)
        .map((key) => Number(key.split(',')[1]));
      expect([...index.column(1, distinct.length)]).toEqual(kept);
    }),
    campaign('series index', 200),
  );
});

test('it grows beyond its first size', () => {
  const index = createSeriesIndex([[], []]);
  for (let i = 0; i < 5000; i++) expect(index.numberOf(Uint32Array.from([i % 70, i]))).toBe(i);
  for (let i = 0; i < 5000; i++) expect(index.numberOf(Uint32Array.from([i % 70, i]))).toBe(i);
});
