import { activityMetrics } from './activity.ts';
import type { MetricId } from './metrics.ts';
import { type HourlySeries, hoursIn, type HourWindow } from './series.ts';
import { type Distribution, emptyDistribution, mergeInto } from './sketch.ts';

/** The metrics of a workload in an analysis bundle (SAVINGS.md, section 10). */
export const figureIds = [
  'lookback_days',
  'metric_hours',
  'gpu_util_p95',
  'gpu_mem_peak_gib',
  'gpu_mem_peak_pct',
  'gpu_active_share',
  'busy_gpus_max',
  'cpu_p99_5',
  'mem_p99_5',
  'cpu_max_pct',
  'network_mb_day',
  'invocations_14d',
] as const;
export type FigureId = (typeof figureIds)[number];

export interface Figure {
  value: number;
  /** Counters behind it, as their sources name them. */
  sources: string[];
  /** Of those: hours with samples, over all devices or machines. */
  hours: number;
  samples: number;
  /** What a reader must know to judge it; empty where there is nothing to say. */
  note: string;
}

/** Facts of the billed resource that turn shares added up over processors into shares. */
export interface SummaryFacts {
  gpus?: number;
  vcpus?: number;
  gpuMemoryBytes?: number;
}

export interface TelemetrySummary {
  /**
   * Percentages from 0 to 100; `gpu_active_share` from 0 to 1. Over several GPUs or machines each
   * level is that of the busiest one; network and invocations are their sum.
   */
  figures: Partial<Record<FigureId, Figure>>;
  /** What is not known, and why. Never 0 instead. */
  missing: { figure: FigureId; reason: string }[];
}

/** What the figures are made of; what else is kept need not be read for them. */
export const figureMetrics: readonly MetricId[] = [
  ...activityMetrics,
  'gpu_util_sum',
  'gpu_mem_free',
  'gpu_mem_reserved',
  'gpu_mem_total',
  'gpu_mem_pct',
  'gpu_mem_pct_sum',
  'cpu_util',
  'cpu_util_sum',
  'mem_util',
  'mem_available',
  'mem_total',
  'network_bytes',
  'invocations',
];

export interface FigureSink {
  set: (id: FigureId, figure: Figure) => void;
  miss: (id: FigureId, reason: string) => void;
}

export function totalOf(series: readonly HourlySeries[], window: HourWindow): Distribution {
  const total = emptyDistribution();
  for (const one of series) for (const [, sketch] of hoursIn(one, window)) mergeInto(total, sketch);
  return total;
}

export function quality(
  series: readonly HourlySeries[],
  window: HourWindow,
): Pick<Figure, 'sources' | 'hours' | 'samples'> {
  let hours = 0;
  let samples = 0;
  for (const one of series) {
    for (const [, sketch] of hoursIn(one, window)) {
      hours++;
      samples += sketch.count;
    }
  }
  return { sources: [...new Set(series.map(({ source }) => source))].sort(), hours, samples };
}

export function extreme(
  of: readonly HourlySeries[],
  window: HourWindow,
  which: 'min' | 'max',
): number | null {
  let found: number | null = null;
  for (const one of of) {
    for (const [, sketch] of hoursIn(one, window)) {
      found = found === null ? sketch[which] : Math[which](found, sketch[which]);
    }
  }
  return found;
}

/** Between two readings it may have been more; of averages certainly. */
export function peakNote(of: readonly HourlySeries[]): string {
  return of.length > 0 && of.every(({ stat }) => stat === 'average')
    ? 'the largest of averages, the peak may be higher'
    : '';
}
