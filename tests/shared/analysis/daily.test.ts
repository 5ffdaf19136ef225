import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anomaliesOf, type DailySeries } from '../../../shared/analysis/daily/anomalies.ts';
import { type DailyForecast, forecastDaily } from '../../../shared/analysis/daily/forecast.ts';
import { campaign, saw } from '../../builders/campaign.ts';
import { random } from '../../builders/random.ts';

/** Days with a weekly shape, a trend and noise; some of them unknown. */
function days(
  number: number,
  { length = 200, noise = 0.1, trend = 0, gaps = 0 } = {},
): (number | null)[] {
  const r = random(3, number);
  const level = 100 + r.below(10_000);
  const shape = Array.from({ length: 7 }, () => 0.5 + r.below(1000) / 1000);
  return Array.from({ length }, (_, day) => {
    const wave = (r.below(2001) / 1000 - 1) * noise;
    const value = level * (shape[day % 7] as number) * (1 + trend * day) * (1 + wave);
    return r.chance(gaps) ? null : value;
  });
}

const forecast = (...args: Parameters<typeof forecastDaily>): DailyForecast => {
  const found = forecastDaily(...args);
  if (!found) throw new Error('no forecast');
  return found;
};

describe('forecasts of spend by day', () => {
  test('repeat a week that repeats, with a band of nothing', () => {
    const found = forecast(days(1, { noise: 0 }), 35, [{ from: 3, to: 33 }]);
    expect(found.model).toBe('weekly-naive');
    expect(found.record).toMatchObject({ wape: 0, mase: null, coverage: 1, winkler: 0 });
    expect(found.low).toEqual(found.expected);
    expect(found.expected.slice(7, 14)).toEqual(found.expected.slice(0, 7));
    const [month] = found.periods;
    expect(month?.low).toBeCloseTo(
      found.expected.slice(3, 33).reduce((a, b) => a + b),
      6,
    );
  });

  test('another model takes over only where it wins twice', () => {
    const growing = forecast(days(2, { noise: 0.01, trend: 0.02 }), 28);
    expect(growing.model).toBe('weekly-trend');
    expect(growing.record.wape).toBeLessThan(growing.reference.wape ?? 0);
    expect(growing.record.winkler).toBeLessThan(growing.reference.winkler ?? 0);
    const short = forecast(days(2, { noise: 0.01, trend: 0.02, length: 60 }), 28);
    expect(short.record.origins).toBeLessThan(6);
    expect(short.model).toBe('weekly-naive');
  });

  test('keep their order, scale with the bill, stand gaps and repeat', () => {
    const { seed, ...run } = campaign('daily forecasts', 60);
    fc.assert(
      fc.property(fc.nat(1 << 30), fc.integer({ min: 8, max: 120 }), (number, length) => {
        const gaps = number % 3 === 0 ? 0.1 : 0;
        const history = days(number, { length, gaps, noise: 0.3 });
        const periods = [
          { from: 0, to: 7 },
          { from: 5, to: 36 },
        ];
        const found = forecastDaily(history, 40, periods);
        const known = history.filter((value) => value !== null).length;
        expect(found === null).toBe(known < 7);
        if (!found) return;
        for (const [day, value] of found.expected.entries()) {
          expect(found.low[day]).toBeLessThanOrEqual(value);
          expect(found.low[day]).toBeGreaterThanOrEqual(0);
          expect(found.high[day]).toBeGreaterThanOrEqual(value);
        }
        for (const { from, to, expected, low, high } of found.periods) {
          expect(expected).toBeCloseTo(
            found.expected.slice(from, to).reduce((a, b) => a + b),
            6,
          );
          expect(low).toBeLessThanOrEqual(expected);
          expect(high).toBeGreaterThanOrEqual(expected);
        }
        const doubled = forecast(
          history.map((value) => value && value * 2),
          40,
          periods,
        );
        expect(doubled.model).toBe(found.model);
        expect(doubled.high).toEqual(found.high.map((value) => value * 2));
        expect(forecastDaily(history, 40, periods)).toEqual(found);
      }),
      { seed, ...run },
    );
  });

  test('what is measured as coverage is what the next days then show', () => {
    const { numRuns } = campaign('daily coverage', 60);
    let within = 0;
    let count = 0;
    let claimed = 0;
    for (let number = 0; number < numRuns; number++) {
      const all = days(number, { noise: 0.25 });
      const found = forecast(all.slice(0, 172), 28);
      claimed += (found.record.coverage ?? 0) / numRuns;
      for (const [day, low] of found.low.entries()) {
        const actual = all[172 + day] as number;
        count++;
        if (low <= actual && actual <= (found.high[day] as number)) within++;
      }
    }
    const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
    saw(
      `bands of 80 %: ${percent(claimed)} measured, ${percent(within / count)} of the days after`,
    );
    expect(within / count).toBeGreaterThan(0.74);
    expect(within / count).toBeLessThan(0.88);
    expect(Math.abs(claimed - within / count)).toBeLessThan(0.05);
  });

  test('a past that is not known gives no forecast, a short one the wide prior', () => {
    expect(forecastDaily([1, 2, null, 3, null, 4, 5], 7)).toBe(null);
    const short = forecast([7, 7, 7, 7, 7, 7, 7], 1);
    expect(short).toMatchObject({ expected: [7], low: [5.25], high: [8.75] });
    expect(short.record).toMatchObject({ origins: 0, coverage: null, basis: 'pooled prior' });
  });
});

const series = (key: string, cost: readonly number[], quantity: number[] | null = null) =>
  ({ key, cost, quantity }) satisfies DailySeries;
const flat = (value: number, length = 70) => Array.from({ length }, () => value);

describe('anomalies', () => {
  test('a jump of one service is found, split into price and quantity, and named', () => {
    const units = flat(100).with(60, 180);
    const dear = flat(200).with(60, 180 * 2.5);
    const other = flat(300);
    const total = dear.map((value, day) => value + (other[day] as number));
    const found = anomaliesOf(series('', total), [
      series('gpu', dear, units),
      series('storage', other),
    ]);
    expect(found.map(({ key, from, to }) => [key, from, to])).toEqual([
      ['', 60, 60],
      ['gpu', 60, 60],
    ]);
    expect(found[0]).toMatchObject({ cost: 750, expected: 500, impact: 250, price: null });
    expect(found[0]?.moved).toEqual([{ key: 'gpu', impact: 250, price: 90, quantity: 160 }]);
    expect(found[1]).toMatchObject({ price: 90, quantity: 160, provisional: false });
  });

  test('days in a row are one anomaly; the last days are provisional', () => {
    const cost = flat(1000).map((value, day) => (day >= 67 ? value * 2 : day === 50 ? 100 : value));
    const found = anomaliesOf(series('', cost), []);
    expect(
      found.map(({ from, to, impact, provisional }) => [from, to, impact, provisional]),
    ).toEqual([
      [67, 69, 3000, true],
      [50, 50, -900, false],
    ]);
  });

  test.each([
    ['within 10 %', flat(1000).with(60, 1099)],
    ['within 50 of the currency', flat(10).with(60, 59)],
    [
      'as usual for its weekday',
      flat(100).map((value, day) => (day % 7 === 5 ? value * 9 : value)),
    ],
    ['with too short a past', flat(1000).with(26, 9000)],
  ])('nothing that is %s', (_, cost) => {
    expect(anomaliesOf(series('', cost), [])).toEqual([]);
  });

  test('are outside their band, add up and do not depend on the order of the parts', () => {
    const { seed, ...run } = campaign('anomalies', 60);
    fc.assert(
      fc.property(fc.nat(1 << 30), (number) => {
        const r = random(5, number);
        const parts = Array.from({ length: 1 + r.below(4) }, (_, at) => {
          const quantity = days(number + at, { length: 90, gaps: r.pick([0, 0.05]) }).map(
            (value) => value && value * (r.chance(0.03) ? 4 : 1),
          );
          const cost = quantity.map((units) => units && units * (r.chance(0.02) ? 1.5 : 0.7));
          return { key: `p${at}`, cost, quantity: r.chance(0.8) ? quantity : null };
        });
        const cost = Array.from({ length: 90 }, (_, day) =>
          parts.reduce((sum, part) => sum + (part.cost[day] ?? 0), 0),
        );
        const total = { key: '', cost, quantity: null };
        const found = anomaliesOf(total, parts);
        for (const one of found) {
          expect(one.cost < one.low || one.cost > one.high).toBe(true);
          expect(one.impact).toBeCloseTo(one.cost - one.expected, 6);
          for (const { impact, price, quantity } of [one, ...one.moved]) {
            if (price !== null) expect(price + (quantity ?? 0)).toBeCloseTo(impact, 6);
          }
        }
        const ranks = found.map(({ impact }) => Math.abs(impact));
        expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
        expect(anomaliesOf(total, r.shuffled(parts))).toEqual(found);
      }),
      { seed, ...run },
    );
  });
});
