import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Exact, exactOf, formatExact } from '../../shared/domain/exact.ts';
import {
  credit,
  measureDays,
  measureDiscount,
  measureRate,
  type MeterUse,
  ofDays,
  ofMonth,
} from '../../shared/decisions/banked.ts';
import { campaign } from '../builders/campaign.ts';

const one = exactOf('1');
const amount = (text: string): Exact => exactOf(text);

function use(
  name: string,
  before: [cost: string, quantity: string | null],
  now: [cost: string, quantity: string | null],
  unit: string | null = 'Hours',
): MeterUse {
  const side = ([cost, quantity]: [string, string | null]) => ({
    cost: amount(cost),
    quantity: quantity === null ? null : amount(quantity),
    credited: new Map<string, Exact>(),
  });
  return { name, unit, before: side(before), now: side(now) };
}

/** A price in cents, hours before and now. */
const meter = fc.record({
  price: fc.bigInt(1n, 100_000n),
  before: fc.bigInt(1n, 1_000_000n),
  now: fc.bigInt(0n, 1_000_000n),
});
const cent = one / 100n;

describe('by the price of a unit', () => {
  test('what did not change saves nothing, however much more or less was used', () => {
    fc.assert(
      fc.property(fc.array(meter, { minLength: 1, maxLength: 6 }), (meters) => {
        const uses = meters.map(({ price, before, now }, i): MeterUse => {
          const side = (hours: bigint) => ({
            cost: price * hours * cent,
            quantity: hours * one,
            credited: new Map<string, Exact>(),
          });
          return { name: `m${i}`, unit: 'Hours', before: side(before), now: side(now) };
        });
        expect(measureRate(uses, { before: 28, now: 17 }).saved).toBe(0n);
      }),
      campaign('banked of an unchanged bill', 1000),
    );
  });

  test('usage doubled at the same price leaves what each unit saves', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ meter, price: fc.bigInt(0n, 100_000n) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.bigInt(2n, 9n),
        (meters, times) => {
          const uses = (factor: bigint) =>
            meters.map(
              ({ meter: { price, before, now }, price: today }, i): MeterUse => ({
                name: `m${i}`,
                unit: 'Hours',
                before: {
                  cost: price * before * cent,
                  quantity: before * one,
                  credited: new Map(),
                },
                now: {
                  cost: today * now * cent * factor,
                  quantity: now * one * factor,
                  credited: new Map(),
                },
              }),
            );
          const days = { before: 28, now: 30 };
          const once = measureRate(uses(1n), days);
          expect(measureRate(uses(times), days).saved).toBe(once.saved * times);
          const expected = meters.reduce(
            (sum, { meter: { price, now }, price: today }) => sum + (price - today) * now * cent,
            0n,
          );
          expect(once.saved).toBe(expected);
        },
      ),
      campaign('banked per unit', 1000),
    );
  });

  test('a spot price counts for the hours used now', () => {
    const { saved, meters } = measureRate([use('p5.48xlarge', ['1000', '10'], ['900', '20'])], {
      before: 28,
      now: 28,
    });
    expect(formatExact(saved)).toBe('1100');
    expect(formatExact(meters[0]?.expected ?? 0n)).toBe('2000');
  });

  test('what was not used before, or states no quantity, is in no figure', () => {
    const { saved, newCost, meters } = measureRate(
      [
        use('old', ['100', '10'], ['0', '0']),
        use('new', ['0', '0'], ['70', '7']),
        use('unstated', ['5', null], ['6', null], null),
      ],
      { before: 28, now: 28 },
    );
    expect(saved).toBe(0n);
    expect(formatExact(newCost)).toBe('76');
    expect(meters.map(({ saved: own }) => own)).toEqual([0n, null, null]);
  });

  test('units of the replacement count as those that they replace', () => {
    // Two of the small ones do what one of the large did.
    const resize = { from: 'large', to: 'small', ratio: [2n, 1n] as const };
    const days = { before: 28, now: 14 };
    const fresh = measureRate(
      [use('large', ['1000', '100'], ['0', '0']), use('small', ['0', '0'], ['240', '80'])],
      days,
      resize,
    );
    expect(formatExact(fresh.saved)).toBe('160');
    // 20 small ones were used before in 28 days: 10 in 14 are no replacement.
    const mixed = measureRate(
      [use('large', ['1000', '100'], ['0', '0']), use('small', ['60', '20'], ['270', '90'])],
      days,
      resize,
    );
    expect(formatExact(mixed.saved)).toBe('160');
  });
});

describe('by the days before', () => {
  test('what went on as before saves nothing, and what stopped saves its daily cost', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 9n),
        fc.integer({ min: 7, max: 28 }),
        fc.integer({ min: 7, max: 400 }),
        fc.boolean(),
        (daily, before, now, stopped) => {
          const cost = (days: number) => formatExact(daily * cent * BigInt(days));
          const { saved } = measureDays(
            [use('m', [cost(before), '1'], [stopped ? '0' : cost(now), '0'])],
            { before, now },
          );
          expect(saved).toBe(stopped ? daily * cent * BigInt(now) : 0n);
        },
      ),
      campaign('banked by days', 1000),
    );
  });
});

test('commitments: on demand less fees, the unused ones too', () => {
  const { saved } = measureDiscount([
    { use: use('m5.large', ['0', null], ['60', '100']), onDemand: amount('100') },
    { use: use('committed and not used', ['0', null], ['15', null], null), onDemand: 0n },
  ]);
  expect(formatExact(saved)).toBe('25');
});

test('what a commitment of another decision saves is not counted twice', () => {
  const covered = use('p5.48xlarge', ['1000', '10'], ['300', '10']);
  // 300 is what is paid; on demand the new price would be 500.
  covered.now.credited = new Map([['plan', amount('200')]]);
  const { saved, elsewhere } = measureRate([covered], { before: 28, now: 28 });
  expect(formatExact(saved)).toBe('700');
  const credited = credit([{ key: 'spot', saved, elsewhere }], () => null);
  expect(formatExact(credited.get('spot')?.banked ?? 0n)).toBe('500');
});

test('several decisions on the same charges are credited with what they saved together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ saved: fc.bigInt(-1000n, 100_000n), group: fc.nat(2) }), {
        minLength: 1,
        maxLength: 8,
      }),
      (decisions) => {
        const groupOf = (key: string) => decisions[Number(key.slice(1))]?.group;
        const savedBy = (key: string) => (decisions[Number(key.slice(1))]?.saved ?? 0n) * one;
        const credited = credit(
          decisions.map((_decision, i) => ({
            key: `d${i}`,
            saved: savedBy(`d${i}`),
            elsewhere: new Map<string, Exact>(),
          })),
          (earlier, later) => (groupOf(earlier) === groupOf(later) ? savedBy(later) : null),
        );
        for (const group of [0, 1, 2]) {
          const own = decisions.flatMap((decision, i) =>
            decision.group === group ? [{ ...decision, key: `d${i}` }] : [],
          );
          const together = own.reduce(
            (sum, { key }) => sum + (credited.get(key)?.banked ?? 0n),
            0n,
          );
          // Held against the days before all of them, the first one's figure is that of them all.
          expect(together).toBe((own[0]?.saved ?? 0n) * one);
        }
      },
    ),
    campaign('decisions on the same charges', 1000),
  );
});

test('a month is 730 hours', () => {
  expect(formatExact(ofDays(amount('730'), 30))).toBe('720');
  expect(formatExact(ofMonth(amount('720'), 30))).toBe('730');
});
