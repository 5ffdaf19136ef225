import type { MetricId, Stat } from './metrics.ts';
import { type HourlySeries, type HourWindow, mergedHours } from './series.ts';
import { activeShare, type Distribution, emptyDistribution, quantile } from './sketch.ts';

/**
 * Which counter says how much work a GPU did, the best first:
 *
 * 1. `sm_active` (DCGM_FI_PROF_SM_ACTIVE): share of time in which a multiprocessor had work,
 *    averaged over all of them.
 * 2. `gr_engine_active` (DCGM_FI_PROF_GR_ENGINE_ACTIVE): share of time in which the engine had work.
 *    All that MIG leaves beside the next two.
 * 3. `tensor_active`, `dram_active` (DCGM_FI_PROF_PIPE_TENSOR_ACTIVE, DCGM_FI_PROF_DRAM_ACTIVE): one
 *    part of the GPU each, so the busier one of the hour counts.
 * 4. `gpu_util` (NVML's GPU-Util and what is made of it): share of time in which any kernel ran, one
 *    thread of it or a hundred thousand. Taken only where no better counter has samples.
 *
 * The choice is made hour by hour. Whether a GPU was used at all is another question: there every
 * counter is a witness, and one that saw activity is enough (`everActive`), so that no trainer is
 * called idle because one of its counters is.
 */
export const workCounters: readonly (readonly MetricId[])[] = [
  ['sm_active'],
  ['gr_engine_active'],
  ['tensor_active', 'dram_active'],
  ['gpu_util'],
];

/** All that `deviceHours` looks at. */
export const activityMetrics: readonly MetricId[] = [...workCounters.flat(), 'gpu_mem_used'];

/** What describes moments or short intervals, before what is a maximum over longer ones. */
const levelStats: readonly Stat[] = ['sample', 'average', 'maximum'];

export interface DeviceHour {
  /** The chosen counter; null where none has samples that can be believed. */
  work: { metric: MetricId; of: Distribution } | null;
  /** The largest share of active samples that any counter has; null as above. */
  everActive: number | null;
  /** GPU-Util says busy while no memory is in use: no kernel runs without any. */
  contradiction: boolean;
}

/** The hours of one device. Series of other devices must not be among them. */
export function deviceHours(
  series: readonly HourlySeries[],
  window: HourWindow,
): Map<number, DeviceHour> {
  const levels = new Map<MetricId, Map<number, Distribution>>();
  for (const metric of workCounters.flat()) levels.set(metric, levelHours(series, metric, window));
  const memory = mergedHours(
    series.filter(({ metric }) => metric === 'gpu_mem_used'),
    window,
  );
  const hours = new Map<number, DeviceHour>();
  for (const hour of new Set([...levels.values()].flatMap((of) => [...of.keys()]))) {
    const at = (metric: MetricId) => levels.get(metric)?.get(hour);
    const used = memory.get(hour);
    const util = at('gpu_util');
    const contradiction =
      util !== undefined && util.max > 0 && used !== undefined && used.max === 0;
    const believed = (metric: MetricId) =>
      metric === 'gpu_util' && contradiction ? undefined : at(metric);
    const shares = workCounters
      .flat()
      .map((metric) => activeShare(believed(metric) ?? emptyDistribution()))
      .filter((share) => share !== null);
    hours.set(hour, {
      work: chosen(believed),
      everActive: shares.length === 0 ? null : Math.max(...shares),
      contradiction,
    });
  }
  return hours;
}

function chosen(at: (metric: MetricId) => Distribution | undefined): DeviceHour['work'] {
  for (const group of workCounters) {
    let best: DeviceHour['work'] = null;
    for (const metric of group) {
      const of = at(metric);
      if (!of) continue;
      const level = quantile(of, metric, 0.95) ?? 0;
      if (!best || level > (quantile(best.of, best.metric, 0.95) ?? 0)) best = { metric, of };
    }
    if (best) return best;
  }
  return null;
}

/** A metric's hours from the statistic that says most about its level, chosen hour by hour. */
export function levelHours(
  series: readonly HourlySeries[],
  metric: MetricId,
  window: HourWindow,
): Map<number, Distribution> {
  const hours = new Map<number, Distribution>();
  for (const stat of levelStats) {
    const of = series.filter((one) => one.metric === metric && one.stat === stat);
    for (const [hour, merged] of mergedHours(of, window)) {
      if (!hours.has(hour)) hours.set(hour, merged);
    }
  }
  return hours;
}
