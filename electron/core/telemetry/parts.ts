import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { decodeDay, type DaySketch, encodeDay } from '../../../shared/telemetry/sketch-bytes.ts';
import {
  addSamples,
  emptyHour,
  hourMs,
  type HourSketch,
  mergeInto,
} from '../../../shared/telemetry/sketch.ts';
import type { MetricId } from '../../../shared/telemetry/metrics.ts';

export const dayMs = 24 * hourMs;

export function packDay(sketch: DaySketch): Buffer {
  return zstdCompressSync(encodeDay(sketch));
}

export function unpackDay(data: Buffer, withTimes = true): DaySketch {
  return decodeDay(zstdDecompressSync(data), withTimes);
}

/** A sample by its moment in the day, in milliseconds. */
export interface DaySample {
  time: number;
  value: number;
}

/** Samples of a load whose moments an earlier load has: null for none. */
export function packSamples(samples: readonly DaySample[]): Buffer | null {
  if (samples.length === 0) return null;
  const doubles = Float64Array.from(samples.flatMap(({ time, value }) => [time, value]));
  return zstdCompressSync(Buffer.from(doubles.buffer));
}

export function unpackSamples(data: Buffer | null): DaySample[] {
  if (!data) return [];
  const bytes = zstdDecompressSync(data);
  const samples: DaySample[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    samples.push({ time: bytes.readDoubleLE(at), value: bytes.readDoubleLE(at + 8) });
  }
  return samples;
}

export function hourAt(sketch: DaySketch, time: number): { hour: HourSketch; offset: number } {
  const number = Math.floor(time / hourMs);
  let hour = sketch.get(number);
  if (!hour) sketch.set(number, (hour = emptyHour()));
  return { hour, offset: time - number * hourMs };
}

/** What one load brought to a day. */
export interface DayPart {
  load: number;
  own: DaySketch;
  shadowed: DaySample[];
  /** The step from an earlier load's last reading to its first one; in no `own`. */
  step: DaySample | null;
}

/**
 * The day that loads make together, in the order of the imports. A sample that was shadowed by a
 * load that is gone becomes its load's own. Answers the loads whose part has changed by that.
 */
export function mergeParts(
  metric: MetricId,
  parts: readonly DayPart[],
): { merged: DaySketch; changed: Set<number> } {
  const merged: DaySketch = new Map();
  const moments = new Set<number>();
  const changed = new Set<number>();
  for (const part of parts) {
    const { load, own, shadowed, step } = part;
    part.shadowed = shadowed.filter(({ time, value }) => {
      if (moments.has(time)) return true;
      const { hour, offset } = hourAt(own, time);
      addSamples(hour, metric, [{ time: offset, value }]);
      changed.add(load);
      return false;
    });
    for (const [number, hour] of own) {
      const { hour: into } = hourAt(merged, number * hourMs);
      mergeInto(into, hour);
      into.times = [...into.times, ...hour.times].sort((a, b) => a - b);
      for (const time of hour.times) moments.add(number * hourMs + time);
    }
    if (step && !moments.has(step.time)) {
      const { hour, offset } = hourAt(merged, step.time);
      addSamples(hour, metric, [{ time: offset, value: step.value }]);
      moments.add(step.time);
    }
  }
  return { merged, changed };
}

export function totalsOf(sketch: DaySketch) {
  const all = { samples: 0, active: 0, min: Infinity, max: -Infinity };
  for (const hour of sketch.values()) {
    all.samples += hour.count;
    all.active += hour.active;
    all.min = Math.min(all.min, hour.min);
    all.max = Math.max(all.max, hour.max);
  }
  return all;
}
