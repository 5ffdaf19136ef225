import { dayText } from '../domain/calendar.ts';
import { type DeviceHour, deviceHours, levelHours } from './activity.ts';
import { metricOf, type MetricId } from './metrics.ts';
import { type HourlySeries, type HourWindow, mergedHours } from './series.ts';
import { activeShare, meanOf, quantile } from './sketch.ts';

export interface HeatCell {
  /** Mean over the devices or machines that have samples; their sum for what adds up. */
  value: number;
  /** Of the busiest one. */
  p95: number;
  max: number;
  /** Share of active samples, mean over them. */
  activeShare: number;
  samples: number;
  /** Devices or machines with samples in the hour. */
  subjects: number;
}

export interface HeatMap {
  /** Days in order, UTC. */
  days: string[];
  /** One row a day, 24 hours each; null is unknown. */
  cells: (HeatCell | null)[][];
  /** Devices or machines that have samples anywhere in the window. */
  subjects: number;
  /** Metrics that the values were taken from. */
  metrics: MetricId[];
}

/**
 * Hour by day of a resource or workload; `activity` takes the best counter of each GPU and hour.
 * `subjects` gives the series of one device or machine after the other, so that those of a thousand
 * GPUs need not be held at once.
 */
export function heatMap(
  subjects: Iterable<readonly HourlySeries[]>,
  window: HourWindow,
  metric: MetricId | 'activity',
): HeatMap {
  const sums = new Map<number, HeatCell>();
  const metrics = new Set<MetricId>();
  let known = 0;
  for (const of of subjects) {
    let found = false;
    for (const [hour, level] of hoursOf(of, window, metric)) {
      found = true;
      metrics.add(level.metric);
      const { of: samples } = level;
      const cell = sums.get(hour) ?? {
        value: 0,
        p95: 0,
        max: 0,
        activeShare: 0,
        samples: 0,
        subjects: 0,
      };
      const additive = 'additive' in metricOf(level.metric);
      cell.value += additive ? samples.sum : (meanOf(samples) ?? 0);
      cell.p95 = Math.max(cell.p95, quantile(samples, level.metric, 0.95) ?? 0);
      cell.max = Math.max(cell.max, samples.max);
      cell.activeShare += activeShare(samples) ?? 0;
      cell.samples += samples.count;
      cell.subjects++;
      sums.set(hour, cell);
    }
    if (found) known++;
  }
  const days: string[] = [];
  const cells: (HeatCell | null)[][] = [];
  for (let day = Math.floor(window.from / 24); day * 24 < window.to; day++) {
    days.push(dayText(day));
    cells.push(
      Array.from({ length: 24 }, (_, hour) => finished(sums.get(day * 24 + hour), metrics)),
    );
  }
  return { days, cells, subjects: known, metrics: [...metrics] };
}

function finished(cell: HeatCell | undefined, metrics: ReadonlySet<MetricId>): HeatCell | null {
  if (!cell) return null;
  const additive = [...metrics].some((id) => 'additive' in metricOf(id));
  return {
    ...cell,
    value: additive ? cell.value : cell.value / cell.subjects,
    activeShare: cell.activeShare / cell.subjects,
  };
}

function* hoursOf(
  of: readonly HourlySeries[],
  window: HourWindow,
  metric: MetricId | 'activity',
): Generator<[number, NonNullable<DeviceHour['work']>]> {
  if (metric === 'activity') {
    for (const [hour, { work }] of deviceHours(of, window)) if (work) yield [hour, work];
    return;
  }
  const hours =
    'additive' in metricOf(metric)
      ? mergedHours(
          of.filter((one) => one.metric === metric && one.stat !== 'average'),
          window,
        )
      : levelHours(of, metric, window);
  for (const [hour, samples] of hours) yield [hour, { metric, of: samples }];
}
