import type { MetricId, Stat } from './metrics.ts';
import { emptyDistribution, type HourSketch, mergeInto } from './sketch.ts';

/** One metric of one resource as one source gives it, by hour. */
export interface HourlySeries {
  /** Key of the measured resource. */
  resource: string;
  device: string | null;
  host: string | null;
  metric: MetricId;
  stat: Stat;
  /** "dcgm:DCGM_FI_PROF_SM_ACTIVE": the kind of source, then its counter. */
  source: string;
  /** Hours since 1970-01-01 UTC -> samples. An hour without samples is not there: unknown. */
  hours: ReadonlyMap<number, HourSketch>;
}

/** Hours since 1970-01-01 UTC; `to` is the hour after the last one. */
export interface HourWindow {
  from: number;
  to: number;
}

/** The kind of source; what two kinds say of the same thing must not be added up. */
export function sourceKind(source: string): string {
  return source.slice(0, source.indexOf(':'));
}

/** What a series is of: a device where there is one, else a machine, else the resource itself. */
export function subjectOf({ device, host, resource }: HourlySeries): string {
  return device ?? host ?? resource;
}

export function* hoursIn(
  series: HourlySeries,
  window: HourWindow,
): Generator<[number, HourSketch]> {
  for (const entry of series.hours) {
    if (entry[0] >= window.from && entry[0] < window.to) yield entry;
  }
}

/** The samples of several series, hour by hour, as one distribution each. */
export function mergedHours(
  series: readonly HourlySeries[],
  window: HourWindow,
): Map<number, ReturnType<typeof emptyDistribution>> {
  const merged = new Map<number, ReturnType<typeof emptyDistribution>>();
  for (const one of series) {
    for (const [hour, sketch] of hoursIn(one, window)) {
      let into = merged.get(hour);
      if (!into) merged.set(hour, (into = emptyDistribution()));
      mergeInto(into, sketch);
    }
  }
  return merged;
}

/** The series of each device, machine or resource. */
export function bySubject(series: readonly HourlySeries[]): HourlySeries[][] {
  return [...groupBy(series, subjectOf).values()];
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
