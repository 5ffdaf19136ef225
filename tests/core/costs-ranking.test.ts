import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Grouped } from '../../electron/core/costs/group.ts';
import { rankByCost } from '../../electron/core/costs/ranking.ts';
import { createTextIndex } from '../../electron/core/costs/text-index.ts';
import { cutsNoMonth, sumByMonth } from '../../electron/core/store/by-month.ts';
import { type Cells, groupCells, type Grouping } from '../../electron/core/store/kernel.ts';
import {
  approximateAt,
  approximationError,
  exactAt,
  exactSum,
  exactTextAt,
  type Limb,
  limbLimit,
  limbs,
  type Sums,
} from '../../electron/core/store/limbs.ts';
import { timeSlots } from '../../electron/core/store/versions.ts';
import { dayNumber } from '../../shared/domain/calendar.ts';
import { formatExact } from '../../shared/domain/exact.ts';
import { campaign } from '../builders/campaign.ts';

/** Amounts as they are after a carry: equal ones, neighbours that a double cannot tell, both signs. */
const carried: fc.Arbitrary<Record<Limb, number> | null> = fc.option(
  fc.record({
    high: fc.constantFrom(0, 0, 0, 3, -2),
    whole: fc.constantFrom(0, 1, 999_999_999, -999_999_999, 17),
    nano: fc.constantFrom(0, 1, 999_999_999, -1, 250_000_000),
    atto: fc.constantFrom(0, 0, 1, -1),
    rest: fc.constantFrom(0, 0, 1),
  }),
  { freq: 8 },
);

/** Amounts in nano-units alone, which the kernel leaves as large as they come. */
const uncarried: typeof carried = fc.option(
  fc
    .oneof(
      fc.maxSafeInteger(),
      fc.integer({ min: -9_007_198, max: 9_007_198 }).map((n) => n * 1e9),
      fc.integer({ min: -9_007_198, max: 9_007_198 }).map((n) => n * 1e9 - 1),
    )
    .map((nano) => ({ high: 0, whole: 0, nano, atto: 0, rest: 0 })),
  { freq: 8 },
);
const someAmounts = (size: { minLength?: number; maxLength: number }) =>
  fc.oneof(fc.array(carried, size), fc.array(uncarried, size));

function sumsOf(amounts: readonly (Record<Limb, number> | null)[]): Sums {
  const column = (limb: Limb) => Float64Array.from(amounts, (amount) => amount?.[limb] ?? 0);
  if (
    amounts.every((amount) => !amount?.high && !amount?.whole && !amount?.atto && !amount?.rest)
  ) {
    return { high: null, whole: null, nano: column('nano'), atto: null, rest: null };
  }
  return {
    high: column('high'),
    whole: column('whole'),
    nano: column('nano'),
    atto: column('atto'),
    rest: column('rest'),
  };
}

function groupedOf(amounts: readonly (Record<Limb, number> | null)[], sums: Sums): Grouped {
  return {
    count: amounts.length,
    cost: (g: number) => (amounts[g] === null ? null : exactAt(sums, g)),
    sizes: () =>
      Float64Array.from(amounts, (amount, g) =>
        amount === null ? -Infinity : approximateAt(sums, g),
      ),
    sizeError: () => approximationError(sums),
  } as unknown as Grouped;
}

test.each([
  ['few', 0, 500],
  ['many', 500, 50],
])(
  '%s groups are ranked by exact cost, unknown last, ties by the order asked for',
  (size, fewest, cases) => {
    fc.assert(
      fc.property(
        someAmounts({ minLength: fewest, maxLength: fewest + 60 }),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        (amounts, most) => {
          const sums = sumsOf(amounts);
          const naive = amounts
            .map((amount, g) => ({ g, cost: amount === null ? null : exactAt(sums, g) }))
            .sort((a, b) => {
              if (a.cost === b.cost) return b.g - a.g;
              if (a.cost === null || b.cost === null) return a.cost === null ? 1 : -1;
              return a.cost > b.cost ? -1 : 1;
            })
            .map(({ g }) => g)
            .slice(0, most);
          expect(rankByCost(groupedOf(amounts, sums), 0, (a, b) => b - a, most)).toEqual(naive);
        },
      ),
      campaign(`ranking ${size} groups: against sorting exact amounts`, cases),
    );
  },
);

test('a sum as text, and sums of them, are those of whole numbers', () => {
  fc.assert(
    fc.property(someAmounts({ minLength: 1, maxLength: 40 }), (amounts) => {
      const sums = sumsOf(amounts);
      const exact = amounts.map((_, i) => exactAt(sums, i));
      expect(exact.map((_, i) => exactTextAt(sums, i))).toEqual(exact.map(formatExact));
      expect(exactSum(sums, amounts.keys())).toBe(exact.reduce((sum, value) => sum + value, 0n));
    }),
    campaign('limbs: text and sums', 300),
  );
});

const firstDay = dayNumber('2026-01-20');
const lastDay = dayNumber('2026-03-10');
const days = lastDay - firstDay + 1;
const cells = fc.record({
  present: fc.uniqueArray(fc.constantFrom(...limbs)),
  cells: fc.array(
    fc.record({
      series: fc.integer({ min: 0, max: 5 }),
      day: fc.integer({ min: 0, max: days - 1 }),
      rows: fc.integer({ min: 1, max: 9 }),
      amount: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: -1e9, max: 1e9 }) },
        { weight: 1, arbitrary: fc.constantFrom(limbLimit, -limbLimit) },
      ),
    }),
    { minLength: 1, maxLength: 80 },
  ),
});

test('cells by month group like the daily cells wherever no month is cut', () => {
  let summed = 0;
  fc.assert(
    fc.property(
      cells,
      fc.constantFrom('2026-01-01', '2026-01-20', '2026-01-25', '2026-02-01', '2026-02-02'),
      fc.constantFrom('2026-01-31', '2026-02-28', '2026-02-27', '2026-03-10', '2026-12-31'),
      fc.constantFrom('month' as const, 'none' as const),
      ({ present, cells: list }, from, to, granularity) => {
        const range = [
          Math.max(firstDay, dayNumber(from)),
          Math.min(lastDay, dayNumber(to)),
        ] as const;
        const daily: Cells = {
          firstDay,
          series: Uint32Array.from(list, (cell) => cell.series),
          day: Uint16Array.from(list, (cell) => cell.day),
          rows: Float64Array.from(list, (cell) => cell.rows),
          measure: {
            limbs: Object.fromEntries(
              present.map((limb) => [limb, Float64Array.from(list, (cell) => cell.amount)]),
            ),
            known: Float64Array.from(list, (cell) => cell.rows - 1),
          },
        };
        const byMonth = sumByMonth(daily, lastDay);
        if (byMonth === null || range[0] > range[1]) return;
        if (!cutsNoMonth({ firstDay, lastDay }, ...range)) return;
        summed++;
        const { slotOfDay, periods } = timeSlots(...range, granularity);
        const grouping: Grouping = {
          groupOfSeries: Int32Array.of(0, 1, 2, -1, 1, 0),
          groups: 3,
          slotOfDay,
          firstDay: range[0],
          slots: periods.length,
        };
        const [left, right] = [groupCells([byMonth], grouping), groupCells([daily], grouping)];
        const all = Array.from({ length: 3 * periods.length }, (_, i) => i);
        expect([...left.rows]).toEqual([...right.rows]);
        expect([...left.known]).toEqual([...right.known]);
        expect(all.map((i) => exactAt(left.sums, i))).toEqual(
          all.map((i) => exactAt(right.sums, i)),
        );
      },
    ),
    campaign('cells by month: against days', 500),
  );
  expect(summed).toBeGreaterThan(100);
});

test('a sum that could round is left to the daily cells', () => {
  const at = (values: number[]): Cells => ({
    firstDay: 0,
    series: new Uint32Array(values.length),
    day: Uint16Array.from(values, (_, i) => i),
    rows: new Float64Array(values.length).fill(1),
    measure: { limbs: { nano: Float64Array.from(values) }, known: null },
  });
  expect(sumByMonth(at([limbLimit, 1]), 30)).toBeNull();
  expect(sumByMonth(at([limbLimit / 2, limbLimit / 2]), 30)?.measure.limbs.nano).toEqual(
    Float64Array.of(limbLimit),
  );
});

const word = fc.string({
  unit: fc.constantFrom('a', 'B', 'i', '-', '0', '1', 'É', '/', 'ü', 'İ'),
  maxLength: 7,
});

test.each([
  ['few', 0],
  ['so many that they are sorted', 2100],
])('the text index finds what looking at every text finds, among %s', (_, more) => {
  // Long common beginnings and ends, as resource ids have them.
  const fill = Array.from({ length: more }, (__, i) => `a-${i % 2 ? 'B/i' : 'ü0'}-${i % 300}1a`);
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 80 }),
      fc.array(word, { minLength: 1, maxLength: 5 }),
      (own, searches) => {
        const texts = [...own, ...fill];
        const index = createTextIndex(texts);
        for (const needle of searches.map((search) => search.toLowerCase())) {
          if (needle === '') continue;
          const bits = index.find(needle);
          const found = texts.map((__, i) => ((bits[i >>> 5] as number) & (1 << (i & 31))) !== 0);
          expect(found).toEqual(texts.map((text) => text.toLowerCase().includes(needle)));
          const beyond = (bits.at(-1) ?? 0) >>> (((texts.length - 1) & 31) + 1);
          expect(texts.length % 32 === 0 ? 0 : beyond).toBe(0);
        }
      },
    ),
    campaign('text index: against a scan', more > 0 ? 40 : 500),
  );
});
