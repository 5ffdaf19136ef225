/**
 * The metrics that are kept, each in one unit whatever the source writes. `scale` says how a value
 * is binned (see sketch.ts): percentages in half points, everything else in steps of 2 %.
 */
export interface Metric {
  label: string;
  unit: '%' | 'bytes' | 'W' | 'J' | 'MHz' | 'C' | 'count';
  scale: 'linear' | 'log';
  /** A sample from here on counts as active. */
  activeFrom: number;
  /** Values add up over time (bytes sent, requests) instead of describing a moment. */
  additive?: true;
  /** Above this a value is not what the counter means, and unknown. */
  most?: number;
}

const share = { unit: '%', scale: 'linear', activeFrom: 1, most: 101 } as const;
/** Shares of CPU may pass 100 where a machine bursts. */
const cpuShare = { unit: '%', scale: 'linear', activeFrom: 5, most: 1_000 } as const;
/** Added up over the processors of a machine, as SageMaker writes it. */
const summedShare = { unit: '%', scale: 'linear', activeFrom: 1, most: 100_000 } as const;
const bytes = { unit: 'bytes', scale: 'log', activeFrom: 1 } as const;
const total = { scale: 'log', activeFrom: Number.MIN_VALUE, additive: true } as const;

export const telemetryMetrics = {
  gpu_util: { label: 'GPU utilisation (time with a kernel)', ...share },
  sm_active: { label: 'SM active', ...share },
  gr_engine_active: { label: 'Graphics engine active', ...share },
  tensor_active: { label: 'Tensor pipe active', ...share },
  dram_active: { label: 'DRAM active', ...share },
  sm_occupancy: { label: 'SM occupancy', ...share },
  gpu_util_sum: { label: 'GPU utilisation, added up over GPUs', ...summedShare },
  mem_copy_util: { label: 'Memory controller utilisation', ...share },
  encoder_util: { label: 'Encoder utilisation', ...share },
  decoder_util: { label: 'Decoder utilisation', ...share },
  gpu_mem_used: { label: 'GPU memory used', ...bytes },
  gpu_mem_free: { label: 'GPU memory free', ...bytes },
  gpu_mem_reserved: { label: 'GPU memory reserved', ...bytes },
  gpu_mem_total: { label: 'GPU memory', ...bytes },
  gpu_mem_pct: { label: 'GPU memory used', ...share },
  gpu_mem_pct_sum: { label: 'GPU memory used, added up over GPUs', ...summedShare },
  gpu_power: { label: 'GPU power', unit: 'W', scale: 'log', activeFrom: 1 },
  gpu_energy: { label: 'GPU energy', unit: 'J', ...total },
  sm_clock: { label: 'SM clock', unit: 'MHz', scale: 'log', activeFrom: 1 },
  mem_clock: { label: 'Memory clock', unit: 'MHz', scale: 'log', activeFrom: 1 },
  gpu_temp: { label: 'GPU temperature', unit: 'C', scale: 'log', activeFrom: 1 },
  mem_temp: { label: 'GPU memory temperature', unit: 'C', scale: 'log', activeFrom: 1 },
  cpu_util: { label: 'CPU utilisation', ...cpuShare },
  cpu_util_sum: { label: 'CPU utilisation, added up over vCPUs', ...summedShare },
  mem_util: { label: 'Memory used', ...share },
  mem_available: { label: 'Memory available', ...bytes },
  mem_total: { label: 'Memory', ...bytes },
  network_bytes: { label: 'Network, in and out', unit: 'bytes', ...total },
  invocations: { label: 'Invocations', unit: 'count', ...total },
  tokens_input: { label: 'Input tokens', unit: 'count', ...total },
  tokens_output: { label: 'Output tokens', unit: 'count', ...total },
  tokens_cache_read: { label: 'Input tokens read from the cache', unit: 'count', ...total },
  tokens_cache_write: { label: 'Input tokens written to the cache', unit: 'count', ...total },
  tokens_total: { label: 'Tokens', unit: 'count', ...total },
} as const satisfies Record<string, Metric>;

export type MetricId = keyof typeof telemetryMetrics;
export const metricIds = Object.keys(telemetryMetrics) as MetricId[];

export function metricOf(id: MetricId): Metric {
  return telemetryMetrics[id];
}

export function isMetricId(text: string): text is MetricId {
  return Object.hasOwn(telemetryMetrics, text);
}

/**
 * What one stored number is of its moment or interval: an instant (`sample`) or what the source had
 * already drawn together. A maximum of averages is not a maximum, so they never share a series.
 */
export const stats = ['sample', 'average', 'maximum', 'minimum', 'sum', 'count', 'other'] as const;
export type Stat = (typeof stats)[number];
