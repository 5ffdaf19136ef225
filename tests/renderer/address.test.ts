import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension, Filter } from '../../shared/contract/values.ts';
import { addDays, isDay, monthOf } from '../../shared/domain/calendar.ts';
import { addressOf, readAddress } from '../../renderer/stores/address.ts';
import { type Choices, defaultChoices, pages, withValue } from '../../renderer/stores/choices.ts';
import {
  monthOfPeriod,
  parsePeriod,
  type Period,
  periodLabel,
  periodText,
  presets,
  resolvePeriod,
  shiftPeriod,
} from '../../renderer/stores/period.ts';
import { costsInput } from '../../renderer/stores/costsInput.ts';

const loaded = { firstDay: '2025-12-01', lastDay: '2026-11-21' };

const days = fc
  .tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 400 }))
  .map(([start, length]) => {
    const from = addDays('2020-01-01', start);
    return { from, to: addDays(from, length) };
  });

const period: fc.Arbitrary<Period> = fc.oneof(
  fc.constant<Period>({ kind: 'latest' }),
  fc.constant<Period>({ kind: 'all' }),
  fc.integer({ min: 1, max: 99 }).map((months): Period => ({ kind: 'last', months })),
  days.map(({ from }): Period => ({ kind: 'month', month: monthOf(from) })),
  days.map((range): Period => ({ kind: 'days', ...range })),
);

const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  fc.constantFrom<Dimension>('service', 'account', 'charge-class', 'resource'),
  // Tag keys hold whatever people type: equals signs, ampersands, percent signs, line breaks.
  fc.string({ minLength: 1, unit: 'grapheme' }).map((key): Dimension => `tag:${key}`),
);

const value = fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null });

const filters = fc.uniqueArray(
  fc
    .record({
      dimension,
      values: fc.uniqueArray(value, { minLength: 1, maxLength: 4 }),
      not: fc.boolean(),
    })
    .map((filter): Filter => (filter.not ? filter : { ...filter, not: undefined })),
  { maxLength: 4, selector: (filter) => `${filter.not ?? false} ${filter.dimension}` },
);

const choices: fc.Arbitrary<Choices> = fc.record({
  page: fc.constantFrom(...pages),
  period,
  metric: fc.constantFrom('billed', 'effective', 'list', 'contracted'),
  currency: fc.constantFrom(undefined, null, 'USD', 'EUR'),
  by: fc.oneof(
    dimension.map((one): readonly [Dimension] => [one]),
    fc.tuple(dimension, dimension),
  ),
  granularity: fc.constantFrom('auto', 'day', 'month'),
  compare: fc.boolean(),
  filters,
  table: fc.boolean(),
  changes: fc.option(fc.constantFrom('2026-10', '2025-01'), { nil: null }),
  purpose: fc.option(fc.constantFrom('training', 'not-ai'), { nil: null }),
  workload: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null }),
  rules: fc.boolean(),
  provider: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null }),
  whatIf: fc.record({
    mostLoss: fc.option(fc.constantFrom(0.01, 0.1, 0.5), { nil: null }),
    maxTermMonths: fc.option(
      fc.oneof(fc.constant('any' as const), fc.integer({ min: 1, max: 60 })),
      {
        nil: null,
      },
    ),
    maxCash: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: null }),
    usage: fc.option(fc.constantFrom(0.1, 0.95, 1.2, 10), { nil: null }),
    off: fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 3 }),
    ends: fc.dictionary(
      fc.string({ minLength: 1, unit: 'grapheme' }).filter((id) => id !== '__proto__'),
      days.map(({ from }) => from),
      { maxKeys: 2, noNullPrototype: true },
    ),
  }),
  action: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }), { nil: null }),
  lines: fc.option(
    fc.record({
      sort: fc.constantFrom('cost' as const, 'time' as const),
      line: fc.option(fc.nat({ max: 999_999_998 }), { nil: null }),
    }),
    { nil: null },
  ),
});

/** Filters in the order of the address: "is" and "not" in the order they were set. */
function comparable(view: Choices) {
  const plain = view.filters.map((filter) => ({ ...filter, not: filter.not ?? false }));
  return { ...view, filters: plain };
}

describe('the address', () => {
  it('reopens every view', () => {
    fc.assert(
      fc.property(choices, (view) => {
        const address = addressOf(view);
        expect(address).toMatch(/^#\/[a-z]+(\?[\x21-\x7e]*)?$/);
        expect(comparable(readAddress(address))).toEqual(comparable(view));
      }),
    );
  });

  it('is short for the view that opens first', () => {
    expect(addressOf(defaultChoices)).toBe('#/overview');
  });

  it('falls back to the default for whatever it does not know', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (noise) => {
        const view = readAddress(`#${noise}`);
        expect(readAddress(addressOf(view))).toEqual(view);
      }),
    );
    expect(readAddress('#/nowhere?period=2026-13&metric=free&by=colour&is=%ZZ=x')).toEqual(
      defaultChoices,
    );
    expect(readAddress('#launch=abc')).toEqual(defaultChoices);
  });
});

describe('periods', () => {
  it('read back from their text', () => {
    fc.assert(
      fc.property(period, (chosen) => {
        expect(parsePeriod(periodText(chosen))).toEqual(chosen);
      }),
    );
    expect(parsePeriod('2026-02-30..2026-03-01')).toBeNull();
    expect(parsePeriod('2026-03-02..2026-03-01')).toBeNull();
  });

  it('resolve to days that exist, the end after the start', () => {
    fc.assert(
      fc.property(period, (chosen) => {
        const { from, to } = resolvePeriod(chosen, loaded);
        expect(isDay(from) && isDay(to)).toBe(true);
        expect(from < to).toBe(true);
      }),
    );
  });

  it('move by their own length and back again, and stay where nothing is loaded', () => {
    const march: Period = { kind: 'month', month: '2026-03' };
    expect(shiftPeriod(march, -1, loaded)).toEqual({ kind: 'month', month: '2026-02' });
    expect(shiftPeriod({ kind: 'latest' }, 1, loaded)).toEqual({ kind: 'latest' });
    expect(shiftPeriod({ kind: 'month', month: '2025-12' }, -1, loaded)).toEqual({
      kind: 'month',
      month: '2025-12',
    });
    expect(shiftPeriod({ kind: 'last', months: 3 }, -1, loaded)).toEqual({
      kind: 'days',
      from: '2026-06-01',
      to: '2026-08-31',
    });
    const week: Period = { kind: 'days', from: '2026-11-08', to: '2026-11-14' };
    const before = shiftPeriod(week, -1, loaded);
    expect(before).toEqual({ kind: 'days', from: '2026-11-01', to: '2026-11-07' });
    expect(shiftPeriod(before, 1, loaded)).toEqual(week);
  });

  it('are labelled with the days that are loaded', () => {
    expect(periodLabel({ kind: 'latest' }, loaded)).toBe('1 to 21 Nov 2026');
    expect(periodLabel({ kind: 'month', month: '2026-10' }, loaded)).toBe('October 2026');
    expect(monthOfPeriod({ kind: 'last', months: 3 }, loaded)).toBe('2026-11');
  });

  it('offer only spans and months that are loaded', () => {
    const offered = presets({ firstDay: '2026-09-05', lastDay: '2026-11-21' });
    expect(offered.map((preset) => preset.label)).toEqual([
      'Last 3 months',
      'All loaded days',
      'November 2026',
      'October 2026',
      'September 2026',
    ]);
  });
});

describe('filters', () => {
  it('take one more value of a dimension, and narrow to one they already hold', () => {
    const one = withValue([], 'service', 'EC2');
    expect(one).toEqual([{ dimension: 'service', values: ['EC2'] }]);
    const two = withValue(one, 'service', null);
    expect(two).toEqual([{ dimension: 'service', values: ['EC2', null] }]);
    expect(withValue(two, 'service', 'EC2')).toEqual(one);
    expect(withValue(one, 'service', 'EC2')).toBe(one);
    const not: Filter = { dimension: 'service', values: ['Tax'], not: true };
    expect(withValue([not], 'service', 'EC2')).toEqual([not, ...one]);
  });
});

describe('the question of the Costs page', () => {
  it('charts long periods by month unless asked otherwise', () => {
    expect(costsInput(defaultChoices, loaded)).toMatchObject({
      from: '2026-11-01',
      to: '2026-12-01',
      granularity: 'day',
    });
    const year: Choices = { ...defaultChoices, period: { kind: 'all' } };
    expect(costsInput(year, loaded).granularity).toBe('month');
    expect(costsInput({ ...year, granularity: 'day' }, loaded).granularity).toBe('day');
  });

  it('names a currency only when one was chosen; none is a choice too', () => {
    expect(costsInput(defaultChoices, loaded)).not.toHaveProperty('currency');
    expect(costsInput({ ...defaultChoices, currency: null }, loaded).currency).toBeNull();
  });
});
