import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { type ChangeItem, explainChange } from '../../shared/workloads/change.ts';

const item = (
  name: string,
  before: [cost: string, quantity: string | null],
  now: [cost: string, quantity: string | null],
): ChangeItem => ({
  name,
  before: { cost: exactOf(before[0]), quantity: before[1] === null ? null : exactOf(before[1]) },
  now: { cost: exactOf(now[0]), quantity: now[1] === null ? null : exactOf(now[1]) },
});
const texts = (...items: ChangeItem[]) => {
  const { price, quantity, mix, other } = explainChange(items);
  return [price, quantity, mix, other].map(formatExact);
};

describe('what changed', () => {
  test('is price where only the rate did, quantity where only the hours did', () => {
    expect(texts(item('p5', ['100', '10'], ['120', '10']))).toEqual(['20', '0', '0', '0']);
    expect(texts(item('p5', ['100', '10'], ['150', '15']))).toEqual(['0', '50', '0', '0']);
    // Rate 10 to 8 at 15 hours, 5 hours more at 10.
    expect(texts(item('p5', ['100', '10'], ['120', '15']))).toEqual(['-30', '50', '0', '0']);
  });

  test('is mix where as many hours were bought of another machine', () => {
    expect(
      texts(item('p5', ['100', '10'], ['0', '0']), item('g5', ['0', '0'], ['30', '10'])),
    ).toEqual(['0', '0', '-70', '0']);
  });

  test('is neither of them where there is no quantity', () => {
    expect(
      texts(item('p5', ['100', '10'], ['100', '10']), item('disk', ['5', null], ['9', null])),
    ).toEqual(['0', '0', '0', '4']);
    expect(texts(item('disk', ['5', null], ['9', '3']))).toEqual(['0', '0', '0', '4']);
  });

  test('adds up exactly, whole and item by item, whatever the amounts', () => {
    const amount = fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n });
    const quantity = fc.option(fc.bigInt({ min: 0n, max: 10n ** 33n }), { nil: null });
    const side = fc.record({ cost: amount, quantity });
    const items = fc.array(fc.record({ name: fc.string(), before: side, now: side }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(items, (own) => {
        const change = explainChange(own);
        expect(change.price + change.quantity + change.mix + change.other).toBe(
          change.now - change.before,
        );
        for (const one of change.items) expect(one.price + one.rest).toBe(one.now - one.before);
        const sum = (of: (one: ChangeItem) => bigint) =>
          own.reduce((total, one) => total + of(one), 0n);
        expect(change.before).toBe(sum(({ before }) => before.cost));
        expect(change.now).toBe(sum(({ now }) => now.cost));
      }),
    );
  });
});
