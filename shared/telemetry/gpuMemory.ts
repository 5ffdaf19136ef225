import { extreme, type FigureSink, peakNote, quality, type SummaryFacts } from './figures.ts';
import type { MetricId } from './metrics.ts';
import { groupBy, type HourlySeries, hoursIn, type HourWindow } from './series.ts';

const GiB = 2 ** 30;

/** The most memory that any GPU had in use, and what share of its memory that was. */
export function gpuMemory(
  series: readonly HourlySeries[],
  window: HourWindow,
  facts: SummaryFacts,
  sink: FigureSink,
): void {
  const devices = groupBy(
    series.filter(({ device }) => device !== null),
    ({ device }) => device ?? '',
  );
  let peak = -1;
  let share = -1;
  let unsized = 0;
  const used: HourlySeries[] = [];
  for (const of of devices.values()) {
    const inUse = of.filter(({ metric }) => metric === 'gpu_mem_used');
    const most = extreme(inUse, window, 'max');
    const percent = extreme(
      of.filter(({ metric }) => metric === 'gpu_mem_pct'),
      window,
      'max',
    );
    if (most === null && percent === null) continue;
    used.push(...(most === null ? of.filter(({ metric }) => metric === 'gpu_mem_pct') : inUse));
    peak = Math.max(peak, most ?? -1);
    const size = memorySize(of, window) ?? facts.gpuMemoryBytes ?? null;
    if (percent !== null) share = Math.max(share, percent);
    else if (most !== null && size !== null) share = Math.max(share, (100 * most) / size);
    else unsized++;
  }
  const base = quality(used, window);
  if (peak >= 0) {
    sink.set('gpu_mem_peak_gib', { value: peak / GiB, ...base, note: peakNote(used) });
  } else sink.miss('gpu_mem_peak_gib', 'no GPU memory in use was measured');
  if (unsized > 0) {
    sink.miss('gpu_mem_peak_pct', `the memory of ${unsized} GPUs is not known`);
  } else if (share >= 0) {
    sink.set('gpu_mem_peak_pct', { value: share, ...base, note: peakNote(used) });
  } else summedShare(series, window, facts, sink);
}

/**
 * A GPU's memory: as measured, else what is used, free and reserved come to. Their sum is constant,
 * so the most used, the least free and the reserved of one hour belong to one moment.
 */
function memorySize(of: readonly HourlySeries[], window: HourWindow): number | null {
  const by = (metric: MetricId) => of.filter((one) => one.metric === metric);
  const total = extreme(by('gpu_mem_total'), window, 'max');
  if (total !== null) return total > 0 ? total : null;
  let size: number | null = null;
  const free = by('gpu_mem_free')[0];
  const used = by('gpu_mem_used')[0];
  const reserved = by('gpu_mem_reserved')[0];
  if (!free || !used) return null;
  for (const [hour, most] of hoursIn(used, window)) {
    const least = free.hours.get(hour);
    if (!least) continue;
    size = Math.max(size ?? 0, most.max + least.min + (reserved?.hours.get(hour)?.max ?? 0));
  }
  return size;
}

function summedShare(
  series: readonly HourlySeries[],
  window: HourWindow,
  { gpus }: SummaryFacts,
  sink: FigureSink,
): void {
  const of = series.filter(({ metric }) => metric === 'gpu_mem_pct_sum');
  const most = extreme(of, window, 'max');
  if (most === null) sink.miss('gpu_mem_peak_pct', 'no GPU memory in use was measured');
  else if (gpus === undefined || gpus <= 0) {
    sink.miss(
      'gpu_mem_peak_pct',
      'the share is added up over GPUs, and how many there are is not known',
    );
  } else {
    const note = `added up over GPUs, divided by ${gpus}: the fullest one may be fuller`;
    sink.set('gpu_mem_peak_pct', { value: most / gpus, ...quality(of, window), note });
  }
}
