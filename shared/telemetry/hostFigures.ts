import { levelHours } from './activity.ts';
import {
  extreme,
  type Figure,
  type FigureId,
  type FigureSink,
  peakNote,
  quality,
  type SummaryFacts,
} from './figures.ts';
import type { MetricId } from './metrics.ts';
import { groupBy, type HourlySeries, type HourWindow, subjectOf } from './series.ts';
import { emptyDistribution, mergeInto, quantile } from './sketch.ts';

/** CPU and memory of the busiest machine, pod or endpoint. */
export function hostFigures(
  series: readonly HourlySeries[],
  window: HourWindow,
  { vcpus }: SummaryFacts,
  sink: FigureSink,
): void {
  const cpu = series.filter(({ metric }) => metric === 'cpu_util');
  const summed = series.filter(({ metric }) => metric === 'cpu_util_sum');
  if (cpu.length > 0) {
    setLevel(cpu, 'cpu_util', 'cpu_p99_5', window, 1, sink);
    setPeak(cpu, window, 1, sink);
  } else if (summed.length > 0 && vcpus !== undefined && vcpus > 0) {
    setLevel(summed, 'cpu_util_sum', 'cpu_p99_5', window, vcpus, sink);
    setPeak(summed, window, vcpus, sink);
  } else {
    const reason =
      summed.length > 0
        ? 'the share is added up over vCPUs, and how many there are is not known'
        : 'no CPU utilisation was measured';
    sink.miss('cpu_p99_5', reason);
    sink.miss('cpu_max_pct', reason);
  }
  const memory = series.filter(({ metric }) => metric === 'mem_util');
  if (memory.length > 0) setLevel(memory, 'mem_util', 'mem_p99_5', window, 1, sink);
  else setFromAvailable(series, window, sink);
}

function setLevel(
  of: readonly HourlySeries[],
  metric: MetricId,
  id: FigureId,
  window: HourWindow,
  divisor: number,
  sink: FigureSink,
): void {
  let level = -1;
  for (const group of groupBy(of, subjectOf).values()) {
    const total = emptyDistribution();
    for (const hour of levelHours(group, metric, window).values()) mergeInto(total, hour);
    level = Math.max(level, quantile(total, metric, 0.995) ?? -1);
  }
  if (level < 0) return;
  const note = of.every(({ stat }) => stat === 'average') ? 'of averages over intervals' : '';
  sink.set(id, { value: level / divisor, ...quality(of, window), note });
}

function setPeak(
  of: readonly HourlySeries[],
  window: HourWindow,
  divisor: number,
  sink: FigureSink,
): void {
  const most = extreme(of, window, 'max');
  if (most === null) return;
  sink.set('cpu_max_pct', { value: most / divisor, ...quality(of, window), note: peakNote(of) });
}

/** node_exporter tells what is left: the least left of 200 is the most used of 200. */
function setFromAvailable(
  series: readonly HourlySeries[],
  window: HourWindow,
  sink: FigureSink,
): void {
  let best: Figure | null = null;
  for (const group of groupBy(series, subjectOf).values()) {
    const left = group.filter(({ metric }) => metric === 'mem_available');
    const size = extreme(
      group.filter(({ metric }) => metric === 'mem_total'),
      window,
      'max',
    );
    if (left.length === 0 || size === null || size === 0) continue;
    const total = emptyDistribution();
    for (const hour of levelHours(left, 'mem_available', window).values()) mergeInto(total, hour);
    const least = quantile(total, 'mem_available', 0.005);
    if (least === null) continue;
    const value = Math.max(0, 100 * (1 - least / size));
    if (!best || value > best.value) best = { value, ...quality(left, window), note: '' };
  }
  if (best) sink.set('mem_p99_5', best);
  else sink.miss('mem_p99_5', 'no memory use of the machine was measured');
}
