import type { Counter } from '../../../shared/telemetry/counters.ts';
import type { MeasuredResource } from '../../../shared/telemetry/identity.ts';
import type { MetricId, Stat } from '../../../shared/telemetry/metrics.ts';
import { type BlankReason, isDcgmBlank, outOfPlace } from '../../../shared/telemetry/values.ts';
import type { Reading, TelemetryStage } from './stage.ts';
import { count, type Tally } from './tally.ts';

export interface SeriesFacts {
  resource: MeasuredResource;
  metric: MetricId;
  stat: Stat;
  source: string;
}

/** Where the readers of all formats bring what they read. */
export interface SampleSink {
  tally: Tally;
  /** The number of a series in this file. */
  series: (facts: SeriesFacts) => number;
  /** A value as the source writes it, at UTC milliseconds. */
  value: (series: number, counter: Counter, time: number, value: number) => void;
  blank: (series: number, reason: BlankReason) => void;
  notUsed: (name: string, values?: number) => void;
}

/** Before 1990 or after 2100 a time is misread, whatever it says. */
const earliest = Date.UTC(1990, 0);
const latest = Date.UTC(2100, 0);

/** Twice the hour that a sample is kept in. */
const longestStep = 2 * 3_600_000;

/** A file that lies before what is stored stands for itself. */
export function canStep(before: Reading | null, time: number): boolean {
  return before !== null && time > before.time && time - before.time <= longestStep;
}

/** A counter that fell has begun again from 0. */
export function stepOf(before: number, value: number): number {
  return value < before ? value : value - before;
}

export function isPossibleTime(ms: number): boolean {
  return ms >= earliest && ms < latest;
}

export function createSampleSink(stage: TelemetryStage, tally: Tally): SampleSink {
  const numbers = new Map<string, number>();
  const facts: SeriesFacts[] = [];
  /** Rising counters that this file has a reading of. */
  const begun = new Set<number>();

  function blank(series: number, reason: BlankReason): void {
    tally.read++;
    count(tally.blanks, reason);
    stage.blank(series, reason);
  }

  /**
   * The step of a counter that rises; one that fell has begun again from 0. Over a long gap it
   * would say nothing of the hour it ends in: there the series begins anew.
   */
  function step(series: number, time: number, value: number, factor: number): number | null {
    const first = !begun.has(series);
    begun.add(series);
    const before = stage.lastReading(series);
    if (before && time <= before.time && !first) {
      if (time === before.time) tally.duplicates++;
      else tally.outOfOrder++;
      return null;
    }
    stage.setReading(series, { time, value });
    const steps = canStep(before, time);
    if (first) stage.begin(series, { time: Math.floor(time), value }, factor, steps);
    if (!before || !steps) {
      tally.starts++;
      return null;
    }
    if (value < before.value) tally.resets++;
    return stepOf(before.value, value);
  }

  return {
    tally,
    series: (of) => {
      const key = [of.resource.key, of.metric, of.stat, of.source].join('\n');
      const known = numbers.get(key);
      if (known !== undefined) return known;
      const number = facts.push(of) - 1;
      numbers.set(key, number);
      stage.open(number, of);
      return number;
    },
    value: (series, counter, time, raw) => {
      const of = facts[series];
      if (!of) throw new RangeError(`no series ${series}`);
      if (of.source.includes('DCGM_') && isDcgmBlank(raw)) return blank(series, 'no value (DCGM)');
      const wrong = outOfPlace(counter.metric, raw * counter.factor);
      if (wrong) return blank(series, wrong);
      tally.read++;
      const value = counter.rises ? step(series, time, raw, counter.factor) : raw;
      if (value !== null) stage.add(series, Math.floor(time), value * counter.factor);
    },
    blank,
    notUsed: (name, values = 1) => {
      tally.read += values;
      count(tally.notUsed, name, values);
    },
  };
}
