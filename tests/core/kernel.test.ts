import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Cells, groupCells, type Grouping } from '../../electron/core/store/kernel.ts';
import {
  approximateAt,
  carry,
  emptySums,
  exactAt,
  type Limb,
  limbLimit,
  limbs,
  type Sums,
} from '../../electron/core/store/limbs.ts';
import { campaign } from '../builders/campaign.ts';

const weights: Record<Limb, bigint> = {
  high: 10n ** 36n,
  whole: 10n ** 27n,
  nano: 10n ** 18n,
  atto: 10n ** 9n,
  rest: 1n,
};

/** Limbs up to the limit the kernel promises to add, most of them right below it. */
const nearLimit = fc.oneof(
  fc.integer({ min: 0, max: 1000 }).map((less) => limbLimit - less),
  fc.maxSafeInteger().map((n) => n % limbLimit),
  fc.constant(0),
);
const signed = fc.tuple(nearLimit, fc.boolean()).map(([n, negative]) => (negative ? -n : n));

interface Cell {
  series: number;
  day: number;
  rows: number;
  unknown: number;
  amounts: Record<Limb, number>;
}

const cell: fc.Arbitrary<Cell> = fc.record({
  series: fc.integer({ min: 0, max: 7 }),
  day: fc.integer({ min: 0, max: 9 }),
  rows: fc.integer({ min: 1, max: 5 }),
  unknown: fc.integer({ min: 0, max: 1 }),
  amounts: fc.record({
    high: fc.integer({ min: -1_000_000, max: 1_000_000 }),
    whole: signed,
    nano: signed,
    atto: signed,
    rest: signed,
  }),
});

const segment = fc.record({
  firstDay: fc.integer({ min: 20_000, max: 20_012 }),
  present: fc.uniqueArray(fc.constantFrom(...limbs)),
  cells: fc.array(cell, { maxLength: 60 }),
});

function columns({
  firstDay,
  present,
  cells,
}: {
  firstDay: number;
  present: Limb[];
  cells: Cell[];
}): Cells {
  return {
    firstDay,
    series: Uint8Array.from(cells, (c) => c.series),
    day: Uint8Array.from(cells, (c) => c.day),
    rows: Uint8Array.from(cells, (c) => c.rows),
    measure: {
      limbs: Object.fromEntries(
        present.map((limb) => [limb, Float64Array.from(cells, (c) => c.amounts[limb])]),
      ),
      known: Uint8Array.from(cells, (c) => c.rows - c.unknown),
    },
  };
}

test('sums are those of whole numbers without a limit, whatever has to be carried', () => {
  fc.assert(
    fc.property(
      fc.array(segment, { maxLength: 6 }),
      fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 8, maxLength: 8 }),
      fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 12, maxLength: 12 }),
      (segments, groupOf, slotOf) => {
        const grouping: Grouping = {
          groupOfSeries: Int32Array.from(groupOf),
          groups: 3,
          slotOfDay: Int32Array.from(slotOf),
          firstDay: 20_004,
          slots: 4,
        };
        const sums = Array.from({ length: 12 }, () => 0n);
        const rows = Array.from({ length: 12 }, () => 0);
        const known = Array.from({ length: 12 }, () => 0);
        for (const { firstDay, present, cells } of segments) {
          for (const c of cells) {
            const group = groupOf[c.series] ?? -1;
            const slot = slotOf[firstDay + c.day - grouping.firstDay] ?? -1;
            if (group < 0 || slot < 0) continue;
            const at = group * 4 + slot;
            for (const limb of present) {
              sums[at] = (sums[at] ?? 0n) + BigInt(c.amounts[limb]) * weights[limb];
            }
            rows[at] = (rows[at] ?? 0) + c.rows;
            known[at] = (known[at] ?? 0) + c.rows - c.unknown;
          }
        }
        const answer = groupCells(segments.map(columns), grouping);
        expect(sums.map((_, at) => exactAt(answer.sums, at))).toEqual(sums);
        expect([...answer.rows]).toEqual(rows);
        expect([...answer.known]).toEqual(known);
      },
    ),
    campaign('kernel: against BigInt', 400),
  );
});

test('many cells at the limit in one slot are carried before they could round', () => {
  const cells = 10_000;
  const values = Float64Array.from({ length: cells }, (_, i) => limbLimit - (i % 3));
  const expected = values.reduce((sum, value) => sum + BigInt(value), 0n) * 2n * weights.nano;
  const one: Cells = {
    firstDay: 0,
    series: new Uint8Array(cells),
    day: new Uint8Array(cells),
    rows: new Uint8Array(cells).fill(1),
    measure: { limbs: { nano: values }, known: null },
  };
  const answer = groupCells([one, one], {
    groupOfSeries: Int32Array.of(0),
    groups: 1,
    slotOfDay: Int32Array.of(0),
    firstDay: 0,
    slots: 1,
  });
  expect(exactAt(answer.sums, 0)).toBe(expected);
  expect(answer.rows[0]).toBe(2 * cells);
  expect(answer.known[0]).toBe(2 * cells);
});

test('carrying changes the limbs and never the value', () => {
  // The kernel carries before a limb can come nearer to 2^53 than the 1e9 that a carry leaves.
  const limb = fc.maxSafeInteger().map((n) => Math.trunc(n * (1 - 1e-6)));
  fc.assert(
    fc.property(
      fc.record({ whole: limb, nano: limb, atto: fc.option(limb), rest: fc.option(limb) }),
      ({ whole, nano, atto, rest }) => {
        const sums: Sums = {
          high: null,
          whole: Float64Array.of(whole),
          nano: Float64Array.of(nano),
          atto: atto === null ? null : Float64Array.of(atto),
          rest: rest === null ? null : Float64Array.of(rest),
        };
        const before = exactAt(sums, 0);
        carry(sums);
        expect(exactAt(sums, 0)).toBe(before);
        for (const lower of [sums.whole, sums.nano, sums.atto, sums.rest]) {
          expect(Math.abs(lower?.[0] ?? 0)).toBeLessThan(1e9);
        }
        const scale = Number(before) / 1e27;
        expect(Math.abs(approximateAt(sums, 0) - scale)).toBeLessThanOrEqual(
          Math.abs(scale) * 1e-12 + 1e-17,
        );
      },
    ),
    campaign('limbs: carry', 400),
  );
});

test('nothing to add answers zeros', () => {
  const grouping = {
    groupOfSeries: new Int32Array(0),
    groups: 1,
    slotOfDay: Int32Array.of(0),
    firstDay: 0,
    slots: 1,
  };
  const answer = groupCells([], grouping);
  expect(exactAt(answer.sums, 0)).toBe(0n);
  expect(exactAt(emptySums(1), 0)).toBe(0n);
});
