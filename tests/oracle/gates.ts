import type { Row } from './bundle.ts';
import type { Model, Offer, Sku } from './model.ts';
import {
  compare,
  decimal,
  divide,
  fraction,
  most,
  multiply,
  one,
  type Rational,
} from './rational.ts';
import { paidHours } from './spot.ts';

/** A gate says why it is closed, or null where it is open. */
type Verdict = string | null;
type Metrics = Map<string, Rational>;

const above = (a: Rational, b: Rational) => compare(a, b) > 0;
const share = (percent: number) => fraction(percent, 100);

function dataGate(metrics: Metrics): Verdict {
  const days = metrics.get('lookback_days');
  const hours = metrics.get('metric_hours');
  if (!days || above(fraction(14), days)) return 'fewer than 14 days of metrics';
  if (!hours || above(fraction(30), hours)) return 'fewer than 30 hours of samples';
  return null;
}

/** Peak GPU memory in GiB per GPU of the current type. */
function peakMemory(metrics: Metrics, sku: Sku): Rational | undefined {
  const peak = metrics.get('gpu_mem_peak_gib');
  const percent = metrics.get('gpu_mem_peak_pct');
  return peak ?? (percent && divide(multiply(percent, sku.gpuMemory), fraction(100)));
}

function gpuFit(metrics: Metrics, from: Sku, to: Sku, ratio: Rational): Verdict {
  const peak = peakMemory(metrics, from);
  const busy95 = metrics.get('gpu_util_p95');
  if (!peak || !busy95) return 'GPU memory or utilisation was not measured';
  const sharing = above(one, ratio) ? divide(peak, ratio) : peak;
  if (above(sharing, multiply(share(90), to.gpuMemory))) return 'GPU memory does not fit';
  const busy = metrics.get('busy_gpus_max') ?? from.gpus;
  // A workload that shares a unit still sees all its GPUs (README-readings.md).
  if (above(busy, multiply(to.gpus, most(one, ratio)))) return 'too few GPUs';
  const work = multiply(multiply(busy95, busy), from.throughput);
  const capacity = multiply(to.throughput, multiply(to.gpus, ratio));
  if (above(work, multiply(share(80), capacity))) return 'too slow';
  return null;
}

function cpuFit(metrics: Metrics, from: Sku, to: Sku, ratio: Rational): Verdict {
  const cpu = metrics.get('cpu_p99_5');
  if (!cpu) return 'CPU was not measured';
  if (above(multiply(cpu, from.vcpu), multiply(share(80), multiply(to.vcpu, ratio)))) {
    return 'CPU does not fit';
  }
  const memory = metrics.get('mem_p99_5');
  const room = multiply(to.memory, ratio);
  if (!memory) return above(from.memory, room) ? 'memory was not measured' : null;
  return above(multiply(memory, from.memory), multiply(share(80), room))
    ? 'memory does not fit'
    : null;
}

function idle(metrics: Metrics, sku: Sku): Verdict {
  const invocations = metrics.get('invocations_14d');
  if (invocations) return invocations.n === 0n ? null : 'it is invoked';
  const below = (metric: string, limit: Rational): Verdict => {
    const value = metrics.get(metric);
    if (!value) return `${metric} was not measured`;
    return compare(value, limit) < 0 ? null : `${metric} is too high`;
  };
  const machine = below('cpu_max_pct', fraction(5)) ?? below('network_mb_day', fraction(5));
  if (machine !== null || sku.gpus.n === 0n) return machine;
  const active = metrics.get('gpu_active_share');
  const peak = peakMemory(metrics, sku);
  if (!active || !peak) return 'GPU activity or memory was not measured';
  if (above(active, share(1))) return 'the GPU is active';
  return compare(peak, multiply(share(5), sku.gpuMemory)) < 0 ? null : 'GPU memory is in use';
}

/** Whether a candidate of candidates.csv may be chosen (SAVINGS.md section 6). */
export function optionGate(model: Model, candidate: Row<'candidates'>): Verdict {
  const workload = model.workloads.find(({ facts }) => facts.id === candidate.workload)?.facts;
  if (!workload) return 'no such workload';
  const from = model.skus.get(workload.sku);
  const metrics = model.telemetry.get(workload.id) ?? new Map<string, Rational>();
  if (!from) return 'the current type is unknown';
  const data = dataGate(metrics);
  if (data !== null) return data;
  const ratio = decimal(candidate.ratio);
  if (ratio.n === 0n) return idle(metrics, from);
  const to = model.skus.get(candidate.target_sku);
  if (!to) return 'the target type is unknown';
  if (!model.price(to.id, workload.region, workload.currency)) return 'the target has no price';
  return from.gpus.n === 0n ? cpuFit(metrics, from, to, ratio) : gpuFit(metrics, from, to, ratio);
}

/** Whether a workload may be moved to spot with its chosen type. Replay asks no more than this. */
export function spotGate(model: Model, workloadId: string, sku: string): Verdict {
  const workload = model.workloads.find(({ facts }) => facts.id === workloadId)?.facts;
  if (!workload?.spot?.eligible) return 'not marked interruptible';
  if (!model.price(sku, workload.region, workload.currency)?.spot) return 'no spot price';
  return paidHours(workload.spot) === null ? 'it never finishes' : null;
}

/** Policy limits are hard. */
export function offerGate(model: Model, offer: Offer): Verdict {
  const limit = model.scenario.policy?.max_term_h;
  return limit !== undefined && offer.termHours > limit ? 'the term is too long' : null;
}
