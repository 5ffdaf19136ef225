import type { Candidate, Sku, Telemetry } from './model.ts';

/**
 * Whether telemetry allows another shape for a workload. Each answer carries what was compared
 * with what, so that a recommendation or a refusal can show its numbers.
 */
export interface Gate {
  allowed: boolean;
  rule: 'idle-gpu' | 'idle-endpoint' | 'idle-cpu' | 'gpu-fit' | 'cpu-fit' | 'data';
  checks: Check[];
}

export interface Check {
  what: string;
  /** Null: not measured. */
  observed: number | null;
  limit: number;
  holds: boolean;
}

/** Thresholds of SAVINGS.md section 6; shares are 0 to 1. */
export const gateDefaults = {
  lookbackDays: 14,
  sampleHours: 30,
  idleActiveShare: 0.01,
  idlePercent: 5,
  idleNetworkMb: 5,
  gpuMemory: 0.9,
  gpuBusy: 0.8,
  cpu: 0.8,
};
export type GateLimits = typeof gateDefaults;

/** Floating-point room: 0.8 of a limit computed from decimals may come out as 0.8000000000000002. */
const room = 1e-9;

export function gateOf(
  candidate: Candidate,
  skus: { current: Sku; target: Sku | null },
  telemetry: Telemetry,
  limits: GateLimits = gateDefaults,
): Gate {
  const checks: Check[] = [
    atLeast('days looked back', telemetry['lookback_days'], limits.lookbackDays),
    atLeast('hours with samples', telemetry['metric_hours'], limits.sampleHours),
  ];
  if (!checks.every(({ holds }) => holds)) return { allowed: false, rule: 'data', checks };
  const rule = ruleOf(candidate, skus, telemetry, limits);
  const all = [...checks, ...rule.checks];
  return { allowed: all.every(({ holds }) => holds), rule: rule.rule, checks: all };
}

function ruleOf(
  candidate: Candidate,
  { current, target }: { current: Sku; target: Sku | null },
  telemetry: Telemetry,
  limits: GateLimits,
): Pick<Gate, 'rule' | 'checks'> {
  if (candidate.ratio === 0) return idleRule(current, telemetry, limits);
  if (!target) return { rule: 'data', checks: [atLeast('target in skus.csv', undefined, 1)] };
  return current.gpus > 0
    ? gpuFit(candidate.ratio, current, target, telemetry, limits)
    : cpuFit(candidate.ratio, current, target, telemetry, limits);
}

function idleRule(current: Sku, telemetry: Telemetry, limits: GateLimits) {
  const invocations = telemetry['invocations_14d'];
  const machine =
    current.gpus > 0
      ? [
          atMost(
            'share of time the GPU is active',
            telemetry['gpu_active_share'],
            limits.idleActiveShare,
          ),
          below('GPU memory peak, %', telemetry['gpu_mem_peak_pct'], limits.idlePercent),
          below('CPU maximum, %', telemetry['cpu_max_pct'], limits.idlePercent),
          below('network, MB a day', telemetry['network_mb_day'], limits.idleNetworkMb),
        ]
      : [
          below('CPU maximum, %', telemetry['cpu_max_pct'], limits.idlePercent),
          below('network, MB a day', telemetry['network_mb_day'], limits.idleNetworkMb),
        ];
  // An endpoint that nobody calls is idle, however busy its idle loop looks.
  if (invocations === 0 && !machine.every(({ holds }) => holds)) {
    return { rule: 'idle-endpoint' as const, checks: [atMost('calls in 14 days', invocations, 0)] };
  }
  const rule = current.gpus > 0 ? ('idle-gpu' as const) : ('idle-cpu' as const);
  return { rule, checks: machine };
}

function gpuFit(
  ratio: number,
  current: Sku,
  target: Sku,
  telemetry: Telemetry,
  limits: GateLimits,
) {
  const peak = telemetry['gpu_mem_peak_gib'];
  const busyShare = telemetry['gpu_util_p95'];
  const busy = telemetry['busy_gpus_max'] ?? current.gpus;
  // Sharers see every GPU of the unit they share; what they leave each other is memory and time.
  const available = target.gpus * Math.max(1, ratio);
  const memory = peak === undefined ? undefined : peak / Math.min(1, ratio);
  const load =
    busyShare === undefined || current.relTput === null || target.relTput === null
      ? undefined
      : (busyShare * busy * current.relTput) / (target.relTput * target.gpus * ratio);
  return {
    rule: 'gpu-fit' as const,
    checks: [
      atMost('GPU memory peak, GiB', memory, limits.gpuMemory * (target.gpuMemGib ?? 0)),
      atMost('busy GPUs', busy, available),
      atMost('P95 load of the target', load, limits.gpuBusy),
    ],
  };
}

function cpuFit(
  ratio: number,
  current: Sku,
  target: Sku,
  telemetry: Telemetry,
  limits: GateLimits,
) {
  const scaled = (observed: number | undefined, have: number | null, get: number | null) =>
    observed === undefined || have === null || get === null
      ? undefined
      : (observed * have) / (get * ratio);
  const cpu = atMost(
    'P99.5 CPU of the target',
    scaled(telemetry['cpu_p99_5'], current.vcpu, target.vcpu),
    limits.cpu,
  );
  const memory = scaled(telemetry['mem_p99_5'], current.memGib, target.memGib);
  const shrinks =
    current.memGib === null || target.memGib === null || target.memGib * ratio < current.memGib;
  if (memory === undefined && !shrinks) return { rule: 'cpu-fit' as const, checks: [cpu] };
  return {
    rule: 'cpu-fit' as const,
    checks: [cpu, atMost('P99.5 memory of the target', memory, limits.cpu)],
  };
}

function atLeast(what: string, observed: number | undefined, limit: number): Check {
  return check(what, observed, limit, (value) => value >= limit);
}

function atMost(what: string, observed: number | undefined, limit: number): Check {
  return check(what, observed, limit, (value) => value <= limit + room * Math.max(1, limit));
}

function below(what: string, observed: number | undefined, limit: number): Check {
  return check(what, observed, limit, (value) => value < limit);
}

function check(
  what: string,
  observed: number | undefined,
  limit: number,
  holds: (value: number) => boolean,
): Check {
  return observed === undefined
    ? { what, observed: null, limit, holds: false }
    : { what, observed, limit, holds: holds(observed) };
}
