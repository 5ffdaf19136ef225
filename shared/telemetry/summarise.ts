import { deviceHours } from './activity.ts';
import {
  type FigureSink,
  type FigureId,
  figureIds,
  quality,
  type SummaryFacts,
  type TelemetrySummary,
  totalOf,
} from './figures.ts';
import { gpuMemory } from './gpuMemory.ts';
import { hostFigures } from './hostFigures.ts';
import { requestFigures } from './requestFigures.ts';
import type { MetricId } from './metrics.ts';
import { groupBy, type HourlySeries, hoursIn, type HourWindow } from './series.ts';
import { emptyDistribution, mergeInto, quantile } from './sketch.ts';

/** Everything that right-sizing and idle rules ask of telemetry, for one workload and window. */
export function summarise(
  series: readonly HourlySeries[],
  window: HourWindow,
  facts: SummaryFacts = {},
): TelemetrySummary {
  const figures: TelemetrySummary['figures'] = {};
  const missing = new Map<FigureId, string>();
  const sink: FigureSink = {
    set: (id, figure) => (figures[id] = figure),
    miss: (id, reason) => missing.set(id, reason),
  };
  gpuFigures(series, window, facts, sink);
  gpuMemory(series, window, facts, sink);
  hostFigures(series, window, facts, sink);
  requestFigures(series, window, sink);
  spanFigures(series, window, figures, sink);
  for (const id of figureIds) if (!figures[id] && !missing.has(id)) missing.set(id, 'no samples');
  return {
    figures,
    missing: [...missing].map(([figure, reason]) => ({ figure, reason })),
  };
}

function gpuFigures(
  series: readonly HourlySeries[],
  window: HourWindow,
  facts: SummaryFacts,
  sink: FigureSink,
): void {
  const devices = groupBy(
    series.filter(({ device }) => device !== null),
    ({ device }) => device ?? '',
  );
  const busyByHour = new Map<number, number>();
  const used = new Set<string>();
  let p95 = -1;
  let active = -1;
  let hours = 0;
  let samples = 0;
  let contradictions = 0;
  for (const of of devices.values()) {
    const total = emptyDistribution();
    let metric: MetricId = 'gpu_util';
    let share = 0;
    let known = 0;
    for (const [hour, { work, everActive, contradiction }] of deviceHours(of, window)) {
      if (contradiction) contradictions++;
      if (!work || everActive === null) continue;
      known++;
      mergeInto(total, work.of);
      metric = work.metric;
      share += everActive;
      for (const { source } of of.filter((one) => one.metric === work.metric)) used.add(source);
      busyByHour.set(hour, (busyByHour.get(hour) ?? 0) + (everActive > 0 ? 1 : 0));
    }
    if (known === 0) continue;
    hours += known;
    samples += total.count;
    p95 = Math.max(p95, quantile(total, metric, 0.95) ?? 0);
    active = Math.max(active, share / known);
  }
  if (hours === 0) {
    if (!summedGpuFigures(series, window, facts, sink)) {
      const reason = gpuReason(devices.size, contradictions);
      for (const id of ['gpu_util_p95', 'gpu_active_share', 'busy_gpus_max'] as const)
        sink.miss(id, reason);
    }
    return;
  }
  const note =
    contradictions === 0
      ? ''
      : `${contradictions} hours left out: GPU-Util above 0 with no memory in use`;
  const base = { sources: [...used].sort(), hours, samples };
  const onlyUtil = base.sources.every((source) => /util|duty/i.test(source));
  sink.set('gpu_util_p95', {
    value: p95,
    ...base,
    note: [note, onlyUtil ? 'GPU-Util: time with a kernel, an upper bound of the work done' : '']
      .filter(Boolean)
      .join('; '),
  });
  sink.set('gpu_active_share', { value: active, ...base, note });
  sink.set('busy_gpus_max', {
    value: Math.max(...busyByHour.values()),
    ...base,
    note: 'GPUs active within the same hour, an upper bound of those active at once',
  });
}

function gpuReason(devices: number, contradictions: number): string {
  if (contradictions > 0) {
    return `GPU-Util is above 0 with no GPU memory in use in all ${contradictions} hours, and no better counter is there`;
  }
  return devices === 0
    ? 'no GPU was measured'
    : 'no counter of GPU activity has samples (MIG hides GPU-Util; export DCGM_FI_PROF_GR_ENGINE_ACTIVE)';
}

/** SageMaker's share is added up over the GPUs of the instance: how many must be known. */
function summedGpuFigures(
  series: readonly HourlySeries[],
  window: HourWindow,
  { gpus }: SummaryFacts,
  sink: FigureSink,
): boolean {
  const of = series.filter(({ metric }) => metric === 'gpu_util_sum');
  if (of.length === 0) return false;
  const total = totalOf(of, window);
  if (total.count === 0) return false;
  const base = quality(of, window);
  if (gpus === undefined || gpus <= 0) {
    sink.miss(
      'gpu_util_p95',
      'the share is added up over GPUs, and how many there are is not known',
    );
  } else {
    const value = (quantile(total, 'gpu_util_sum', 0.95) ?? 0) / gpus;
    sink.set('gpu_util_p95', { value, ...base, note: `GPU-Util, divided by ${gpus} GPUs` });
  }
  sink.set('gpu_active_share', { value: total.active / total.count, ...base, note: 'of any GPU' });
  sink.miss('busy_gpus_max', 'GPUs are not measured one by one');
  return true;
}

function spanFigures(
  series: readonly HourlySeries[],
  window: HourWindow,
  figures: TelemetrySummary['figures'],
  sink: FigureSink,
): void {
  const hours = new Set(series.flatMap((one) => [...hoursIn(one, window)].map(([hour]) => hour)));
  if (hours.size === 0) return;
  const base = quality(series, window);
  const first = Math.min(...hours);
  const last = Math.max(...hours);
  sink.set('lookback_days', { value: (last + 1 - first) / 24, ...base, note: '' });
  const measured = (['gpu_util_p95', 'gpu_mem_peak_gib', 'cpu_p99_5', 'mem_p99_5'] as const)
    .filter((id) => figures[id])
    .map((id) => ({ id, hours: distinctHours(series, window, figures[id]?.sources ?? []) }));
  const fewest = measured.reduce<{ id: string; hours: number } | null>(
    (least, one) => (least && least.hours <= one.hours ? least : one),
    null,
  );
  sink.set('metric_hours', {
    value: fewest?.hours ?? hours.size,
    ...base,
    note: fewest ? `fewest of the levels that are known: ${fewest.id}` : '',
  });
}

function distinctHours(
  series: readonly HourlySeries[],
  window: HourWindow,
  sources: readonly string[],
): number {
  const hours = new Set<number>();
  for (const one of series) {
    if (!sources.includes(one.source)) continue;
    for (const [hour] of hoursIn(one, window)) hours.add(hour);
  }
  return hours.size;
}
