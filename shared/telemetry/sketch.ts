import { metricOf, type MetricId } from './metrics.ts';

/**
 * What is kept of samples: counts, extremes and sum as they are, and a histogram. Percentages fall
 * into bins of half a point (a quantile is off by at most 0.25 points, and whole and half points
 * are exact), everything else into bins of 2 % (off by at most 1 %). Count, active, minimum and
 * maximum are exact. Merging adds bins, so it gives the same in any order and grouping; only the
 * last digits of `sum` may differ where values are no whole numbers.
 */
export interface Distribution {
  count: number;
  /** Samples from the metric's `activeFrom` on. */
  active: number;
  /** Infinity while empty. */
  min: number;
  /** Minus infinity while empty. */
  max: number;
  sum: number;
  bins: Bins;
}

/** Bins with samples by rising number, and how many each has: a month of a thousand GPUs is many. */
export interface Bins {
  numbers: number[];
  samples: number[];
}

/** The samples of one hour, with the moment of each: a sample that comes again is known by it. */
export interface HourSketch extends Distribution {
  /** Milliseconds since the start of the hour, rising; as many as `count`. */
  times: number[];
}

export const hourMs = 3_600_000;

export function emptyDistribution(): Distribution {
  return {
    count: 0,
    active: 0,
    min: Infinity,
    max: -Infinity,
    sum: 0,
    bins: { numbers: [], samples: [] },
  };
}

export function emptyHour(): HourSketch {
  return { ...emptyDistribution(), times: [] };
}

const logBase = Math.log(1.02);
/** Keeps the bins of values below 1 apart from bin 0, which is the value 0. */
const logOffset = 100_000;

export function binOf(metric: MetricId, value: number): number {
  if (metricOf(metric).scale === 'linear') return Math.round(value * 2);
  return value === 0 ? 0 : Math.round(Math.log(value) / logBase) + logOffset;
}

export function binValue(metric: MetricId, bin: number): number {
  if (metricOf(metric).scale === 'linear') return bin / 2;
  return bin === 0 ? 0 : Math.exp((bin - logOffset) * logBase);
}

function addValue(into: Distribution, metric: MetricId, value: number): void {
  into.count++;
  if (value >= metricOf(metric).activeFrom) into.active++;
  if (value < into.min) into.min = value;
  if (value > into.max) into.max = value;
  into.sum += value;
  addToBin(into.bins, binOf(metric, value), 1);
}

function addToBin({ numbers, samples }: Bins, bin: number, more: number): void {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] ?? 0) < bin) from = middle + 1;
    else to = middle;
  }
  if (numbers[from] === bin) samples[from] = (samples[from] ?? 0) + more;
  else {
    numbers.splice(from, 0, bin);
    samples.splice(from, 0, more);
  }
}

export interface Added {
  added: number;
  /** Samples whose moment was there already. */
  duplicates: number;
  /** Of the duplicates, those that came together with another value; the larger one was kept. */
  conflicts: number;
}

/**
 * Adds samples of one hour in any order. A moment counts once: of several values that come
 * together the largest stays, and one that is stored already stays as it is.
 */
export function addSamples(
  hour: HourSketch,
  metric: MetricId,
  samples: readonly { time: number; value: number }[],
): Added {
  const known = new Set(hour.times);
  const fresh = new Map<number, number>();
  let duplicates = 0;
  let conflicts = 0;
  for (const { time, value } of samples) {
    const before = fresh.get(time);
    if (known.has(time)) duplicates++;
    else if (before === undefined) fresh.set(time, value);
    else {
      duplicates++;
      if (before !== value) conflicts++;
      if (value > before) fresh.set(time, value);
    }
  }
  for (const [time, value] of fresh) {
    addValue(hour, metric, value);
    hour.times.push(time);
  }
  if (fresh.size > 0) hour.times.sort((a, b) => a - b);
  return { added: fresh.size, duplicates, conflicts };
}

/** Adds what `from` holds to `into`. Samples that both hold are counted twice: it keeps no values. */
export function mergeInto(into: Distribution, from: Readonly<Distribution>): void {
  into.count += from.count;
  into.active += from.active;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  into.sum += from.sum;
  if (into.bins.numbers.length === 0) {
    into.bins = { numbers: [...from.bins.numbers], samples: [...from.bins.samples] };
    return;
  }
  for (const [i, bin] of from.bins.numbers.entries()) {
    addToBin(into.bins, bin, from.bins.samples[i] ?? 0);
  }
}

/**
 * The value at or below which a share `q` of the samples lies (nearest rank); null without
 * samples. The lowest and the highest rank are exact.
 */
export function quantile(of: Readonly<Distribution>, metric: MetricId, q: number): number | null {
  if (of.count === 0) return null;
  const rank = Math.max(1, Math.ceil(q * of.count - 1e-9));
  if (rank >= of.count) return of.max;
  if (rank === 1) return of.min;
  let seen = 0;
  const { numbers, samples } = of.bins;
  for (let i = 0; i < numbers.length; i++) {
    seen += samples[i] ?? 0;
    if (seen >= rank) return Math.min(of.max, Math.max(of.min, binValue(metric, numbers[i] ?? 0)));
  }
  return of.max;
}

export function meanOf({ count, sum }: Readonly<Distribution>): number | null {
  return count === 0 ? null : sum / count;
}

export function activeShare({ count, active }: Readonly<Distribution>): number | null {
  return count === 0 ? null : active / count;
}
