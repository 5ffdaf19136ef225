import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { addDays } from '../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { billed, type DayUse } from '../builders/billedDays.ts';
import { random } from '../builders/random.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

type Forecast = CallOutput<'costs.forecast'>;

let place: Workspace;
const forecast = (input: CallInput<'costs.forecast'> = {}): Promise<Forecast> =>
  place.call('costs.forecast', input);
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** A month is what is settled of it, exact, and its days ahead. */
async function expectMonthsAddUp({ months, days, settledTo }: Forecast): Promise<void> {
  for (const { month, expected, low, high } of months) {
    const { totals } = await place.call('costs.query', {
      from: month,
      to: settledTo.startsWith(month) ? addDays(settledTo, 1) : month,
    });
    const certain = settledTo.startsWith(month) ? Number(totals[0]?.cost ?? 0) : 0;
    const ahead = days.filter(({ day }) => day.startsWith(month)).map((day) => day.expected);
    expect(certain + sumOf(ahead)).toBeCloseTo(expected, 4);
    expect(low).toBeLessThanOrEqual(expected);
    expect(high).toBeGreaterThanOrEqual(expected);
  }
}

describe('built bills', () => {
  afterEach(() => place.close());

  async function bill(from: string, to: string, usesOn: (day: string) => DayUse[]): Promise<void> {
    place = workspace();
    await billed(place, from, to, usesOn);
  }
  const fee = (price: number, category = 'Purchase'): DayUse => ({
    resource: '',
    machine: '',
    hours: 1,
    price,
    cells: { ChargeCategory: category, ServiceName: `${category} of ${price}` },
  });

  test('a steady week goes on, without a band, and the months are its sums', async () => {
    const costOf = (day: string) => (new Date(day).getUTCDay() + 1) * 90;
    await bill('2026-01-01', '2026-06-17', (day) => [{ hours: costOf(day) / 90, price: 90 }]);
    const answer = await forecast();
    expect(answer).toMatchObject({
      loadedTo: '2026-06-16',
      settledTo: '2026-06-13',
      model: 'weekly-naive',
      record: { error: 0, coverage: 1 },
      unknownRows: 0,
    });
    expect(answer.months.map(({ month }) => month)).toEqual(['2026-06', '2026-07']);
    for (const { month, expected, low, high } of answer.months) {
      let exact = 0;
      for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) {
        exact += costOf(day) + 24;
      }
      expect(expected).toBeCloseTo(exact, 6);
      expect([low, high]).toEqual([expected, expected]);
    }
    await expectMonthsAddUp(answer);
    expect(answer.months[1]?.billed).toBeNull();
    expect(answer.days[0]).toMatchObject({ day: '2026-06-14', billed: '114' });
    expect(answer.days.at(-1)).toMatchObject({ day: '2026-07-31', billed: null });
    const filtered = await forecast({
      period: '2026-08',
      filters: [{ dimension: 'workload', values: [await webKey()] }],
    });
    expect(filtered.months).toHaveLength(1);
    expect(filtered.months[0]?.expected).toBeCloseTo(31 * 24, 6);
  });

  async function webKey(): Promise<string> {
    const { rows } = await place.call('costs.query', { by: ['workload'] });
    return rows.map(({ keys }) => keys['workload'] ?? '').find((key) => key.includes('web')) ?? '';
  }

  test('fees of a month come again on their day, what came once does not', async () => {
    await bill('2026-01-01', '2026-06-17', (day) => [
      { hours: 10, price: 90 },
      ...(day.endsWith('-01') ? [fee(5000), fee(-700, 'Credit')] : []),
      ...(day.endsWith('-20') ? [fee(100, 'Tax')] : []),
      ...(day === '2026-06-02' ? [fee(99_000)] : []),
      // By the day since this month: it goes on like usage.
      ...(day >= '2026-06-01' ? [fee(11)] : []),
    ]);
    const answer = await forecast();
    const [june, july] = answer.months;
    expect(june?.recurring).toBeCloseTo(100, 6);
    expect(july?.recurring).toBeCloseTo(5000 - 700 + 100, 6);
    expect(july?.expected).toBeCloseTo(31 * (924 + 11) + 4400, 6);
    expect(june?.expected).toBeCloseTo(30 * (924 + 11) + 4400 + 99_000, 6);
    expect(answer.days.find(({ day }) => day === '2026-07-01')?.recurring).toBe(4300);
    await expectMonthsAddUp(answer);
  });

  test('a day that is not settled costs at least what it has cost', async () => {
    await bill('2026-01-01', '2026-06-17', (day) => [
      { hours: day === '2026-06-15' ? 100 : day === '2026-06-16' ? 2 : 10, price: 90 },
    ]);
    const [, spike, cut] = (await forecast()).days;
    expect(spike).toMatchObject({ day: '2026-06-15', billed: '9024', expected: 9024, low: 9024 });
    expect(cut).toMatchObject({ day: '2026-06-16', billed: '204', expected: 924 });
  });

  test('a band that was measured holds about as many days as it says', async () => {
    // Noise that no model can know.
    const r = random(11, 1);
    await bill('2025-11-01', '2026-05-28', () => [{ hours: 100 + r.below(41), price: 9 }]);
    const { record, level, months, days } = await forecast();
    expect(record?.origins).toBeGreaterThan(20);
    expect(record?.coverage).toBeGreaterThan(level - 0.1);
    expect(months[0]?.low).toBeLessThan(months[0]?.expected ?? 0);
    // A day that may still grow has a band too, whatever it has cost so far.
    for (const { billed: soFar, expected, low, high } of days) {
      expect(low).toBeGreaterThanOrEqual(Number(soFar ?? 0));
      expect(high).toBeGreaterThan(expected);
    }
  });

  test('too few days are no forecast; months that are over or far ahead are refused', async () => {
    await bill('2026-06-01', '2026-06-07', () => [{ hours: 10, price: 90 }]);
    expect(await forecast()).toMatchObject({ model: null, months: [], days: [], record: null });
    expect(await place.refusal('costs.forecast', { period: '2026-05' })).toMatchObject({
      code: 'INVALID_INPUT',
      hint: 'Choose one of 2026-06, 2026-07, 2026-08.',
    });
    expect(await place.refusal('costs.forecast', { currency: 'EUR' })).toMatchObject({
      code: 'NO_DATA',
    });
  });
});

describe('the sample company', () => {
  beforeAll(async () => {
    place = workspace();
    await place.call('import.sample', { job: 'sample' });
  });
  afterAll(() => place.close());

  test.each(['billed', 'effective'] as const)('%s: what was billed is exact', async (metric) => {
    const answer = await forecast({ metric });
    const [open] = answer.months;
    const { totals } = await place.call('costs.query', {
      metric,
      from: open?.month,
      to: '2027-01',
    });
    expect(open?.billed).toBe(totals[0]?.cost);
    const late = answer.days.flatMap(({ day, billed: cost }) =>
      cost === null ? [] : [[day, cost]],
    );
    expect(late.length).toBeGreaterThan(0);
    for (const [day = '', cost] of late) {
      const one = await place.call('costs.query', { metric, from: day, to: addDays(day, 1) });
      expect(one.totals[0]?.cost).toBe(cost);
    }
    if (metric === 'billed') await expectMonthsAddUp(answer);
  });

  test('services one by one add up to the whole in what was billed', async () => {
    const whole = await forecast();
    const { rows } = await place.call('costs.query', { by: ['provider'] });
    const parts = [];
    for (const { keys } of rows) {
      const values = [keys['provider'] ?? null];
      parts.push(await forecast({ filters: [{ dimension: 'provider', values }] }));
    }
    const sum = parts.reduce((all, { months }) => all + exactOf(months[0]?.billed ?? '0'), 0n);
    expect(formatExact(sum)).toBe(whole.months[0]?.billed);
  });
});
