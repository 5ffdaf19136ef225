import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MetricId, metricOf } from '../../shared/telemetry/metrics.ts';
import { decodeDay, encodeDay } from '../../shared/telemetry/sketch-bytes.ts';
import {
  addSamples,
  emptyDistribution,
  emptyHour,
  type HourSketch,
  hourMs,
  mergeInto,
  quantile,
} from '../../shared/telemetry/sketch.ts';
import { campaign } from '../builders/campaign.ts';

interface Sample {
  time: number;
  value: number;
}

const time = fc.integer({ min: 0, max: hourMs - 1 });
const percent = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.double({ min: 0, max: 100, noNaN: true }),
);
const amount = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 2 ** 40 }),
  fc.double({ min: 1e-6, max: 1e15, noNaN: true }),
);
const samplesOf = (value: fc.Arbitrary<number>) =>
  fc.array(fc.record({ time, value }), { maxLength: 200 });
const anySamples = fc.oneof(
  samplesOf(percent).map((samples) => ({ metric: 'sm_active' as MetricId, samples })),
  samplesOf(amount).map((samples) => ({ metric: 'gpu_mem_used' as MetricId, samples })),
);

function hourOf(metric: MetricId, samples: readonly Sample[]): HourSketch {
  const hour = emptyHour();
  addSamples(hour, metric, samples);
  return hour;
}

/** One value a moment, the largest: what the sketch must be of. */
function distinct(samples: readonly Sample[]): Map<number, number> {
  const values = new Map<number, number>();
  for (const { time: at, value } of samples) {
    values.set(at, Math.max(values.get(at) ?? -Infinity, value));
  }
  return values;
}

function nearestRank(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil(q * sorted.length - 1e-9)) - 1] ?? NaN;
}

const shape = (hour: HourSketch) => ({
  ...hour,
  sum: undefined,
});

test('counts, active samples, minimum and maximum are exact; every sample counts once', () => {
  fc.assert(
    fc.property(anySamples, ({ metric, samples }) => {
      const hour = emptyHour();
      const { added, duplicates, conflicts } = addSamples(hour, metric, samples);
      const values = [...distinct(samples).values()];
      expect(added).toBe(values.length);
      expect(added + duplicates).toBe(samples.length);
      expect(conflicts).toBeLessThanOrEqual(duplicates);
      expect(hour.count).toBe(values.length);
      expect(hour.times).toEqual([...distinct(samples).keys()].sort((a, b) => a - b));
      expect(hour.active).toBe(values.filter((v) => v >= metricOf(metric).activeFrom).length);
      if (values.length > 0) {
        expect([hour.min, hour.max]).toEqual([Math.min(...values), Math.max(...values)]);
      }
      expect(hour.bins.numbers).toEqual([...new Set(hour.bins.numbers)].sort((a, b) => a - b));
      expect(hour.bins.samples.reduce((sum, n) => sum + n, 0)).toBe(values.length);
    }),
    campaign('sketch: exact counts', 300),
  );
});

test('a quantile is off by at most a quarter point, or 1 %', () => {
  fc.assert(
    fc.property(
      anySamples,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ metric, samples }, q) => {
        const values = [...distinct(samples).values()];
        const found = quantile(hourOf(metric, samples), metric, q);
        if (values.length === 0) {
          expect(found).toBeNull();
          return;
        }
        const exact = nearestRank(values, q);
        const error = Math.abs((found ?? NaN) - exact);
        const allowed = metricOf(metric).scale === 'linear' ? 0.25 : exact * 0.01;
        expect(error).toBeLessThanOrEqual(allowed + 1e-9);
      },
    ),
    campaign('sketch: quantiles', 500),
  );
});

test('whole percentages are exact at every quantile', () => {
  const whole = samplesOf(fc.integer({ min: 0, max: 100 }));
  fc.assert(
    fc.property(whole, fc.double({ min: 0, max: 1, noNaN: true }), (samples, q) => {
      const values = [...distinct(samples).values()];
      fc.pre(values.length > 0);
      expect(quantile(hourOf('gpu_util', samples), 'gpu_util', q)).toBe(nearestRank(values, q));
    }),
    campaign('sketch: whole percentages', 300),
  );
});

test('in any order, in any parts and once or twice: the same sketch', () => {
  fc.assert(
    fc.property(
      samplesOf(fc.integer({ min: 0, max: 100 })),
      fc.array(fc.nat(200), { maxLength: 4 }),
      fc.nat(),
      (raw, cuts, turn) => {
        // One value a moment: which one of several stays is not a question of order here.
        const samples = [...distinct(raw)].map(([at, value]) => ({ time: at, value }));
        const whole = hourOf('gpu_util', samples);
        const turned = samples.map((_, i) => samples[(i + turn) % samples.length] as Sample);
        const parts = emptyHour();
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), samples.length]) {
          addSamples(parts, 'gpu_util', turned.slice(from, cut));
          from = Math.min(Math.max(from, cut), samples.length);
        }
        const again = addSamples(parts, 'gpu_util', turned);
        expect(again).toEqual({ added: 0, duplicates: samples.length, conflicts: 0 });
        expect(shape(parts)).toEqual(shape(whole));
        expect(parts.sum).toBe(whole.sum);
      },
    ),
    campaign('sketch: parts', 300),
  );
});

test('merging sketches is adding all their samples', () => {
  const three = fc.array(samplesOf(fc.integer({ min: 0, max: 100 })), {
    minLength: 3,
    maxLength: 3,
  });
  fc.assert(
    fc.property(three, (groups) => {
      const hours = groups.map((samples) => hourOf('gpu_util', samples));
      const left = emptyDistribution();
      for (const hour of hours) mergeInto(left, hour);
      const right = emptyDistribution();
      for (const hour of hours.toReversed()) mergeInto(right, hour);
      const values = groups.flatMap((samples) => [...distinct(samples).values()]);
      for (const merged of [left, right]) {
        expect(merged.count).toBe(values.length);
        expect(merged.sum).toBe(values.reduce((sum, v) => sum + v, 0));
        for (const q of [0, 0.5, 0.95, 0.995, 1]) {
          expect(quantile(merged, 'gpu_util', q)).toBe(
            values.length === 0 ? null : nearestRank(values, q),
          );
        }
      }
    }),
    campaign('sketch: merging', 300),
  );
});

test('a day is written and read back without a difference', () => {
  const day = fc.dictionary(fc.integer({ min: 0, max: 23 }).map(String), anySamples);
  fc.assert(
    fc.property(day, (hours) => {
      const sketch = new Map(
        Object.entries(hours)
          .filter(([, { samples }]) => samples.length > 0)
          .map(([hour, { metric, samples }]) => [Number(hour), hourOf(metric, samples)] as const)
          .sort(([a], [b]) => a - b),
      );
      const read = decodeDay(encodeDay(sketch));
      expect([...read].map(([hour, of]) => [hour, shape(of), of.sum])).toEqual(
        [...sketch].map(([hour, of]) => [hour, shape(of), of.sum]),
      );
    }),
    campaign('sketch: bytes', 200),
  );
});

test('a minute of samples each takes few bytes: equal steps are written once', () => {
  const samples = Array.from({ length: 60 }, (_, i) => ({ time: i * 60_000, value: 98 }));
  expect(encodeDay(new Map([[3, hourOf('gpu_util', samples)]])).length).toBeLessThan(45);
});
