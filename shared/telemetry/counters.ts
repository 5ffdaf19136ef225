import { isMetricId, type MetricId, type Stat } from './metrics.ts';

/** What a source's counter is in our terms. */
export interface Counter {
  metric: MetricId;
  /** Into the unit of the metric. */
  factor: number;
  /** Counts up until it is reset: what counts is the step from one reading to the next. */
  rises?: true;
}

const MiB = 2 ** 20;

/** name -> [metric, factor, rises] */
type Row = readonly [metric: MetricId, factor?: number, rises?: 'rises'];

/**
 * Counters of Prometheus exporters. Sources: NVIDIA DCGM field identifiers and dcgm-exporter's
 * etc/*.csv (units in their help texts), utkuozdemir/nvidia_gpu_exporter, Prometheus node_exporter
 * and kubelet cAdvisor; read 2026-11.
 */
const prometheus: Record<string, Row> = {
  DCGM_FI_DEV_GPU_UTIL: ['gpu_util'],
  DCGM_FI_DEV_MEM_COPY_UTIL: ['mem_copy_util'],
  DCGM_FI_DEV_ENC_UTIL: ['encoder_util'],
  DCGM_FI_DEV_DEC_UTIL: ['decoder_util'],
  DCGM_FI_PROF_SM_ACTIVE: ['sm_active', 100],
  DCGM_FI_PROF_SM_OCCUPANCY: ['sm_occupancy', 100],
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: ['gr_engine_active', 100],
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: ['tensor_active', 100],
  DCGM_FI_PROF_DRAM_ACTIVE: ['dram_active', 100],
  DCGM_FI_DEV_FB_USED: ['gpu_mem_used', MiB],
  DCGM_FI_DEV_FB_FREE: ['gpu_mem_free', MiB],
  DCGM_FI_DEV_FB_RESERVED: ['gpu_mem_reserved', MiB],
  DCGM_FI_DEV_FB_TOTAL: ['gpu_mem_total', MiB],
  DCGM_FI_DEV_FB_USED_PERCENT: ['gpu_mem_pct', 100],
  DCGM_FI_DEV_POWER_USAGE: ['gpu_power'],
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: ['gpu_energy', 0.001, 'rises'],
  DCGM_FI_DEV_SM_CLOCK: ['sm_clock'],
  DCGM_FI_DEV_MEM_CLOCK: ['mem_clock'],
  DCGM_FI_DEV_GPU_TEMP: ['gpu_temp'],
  DCGM_FI_DEV_MEMORY_TEMP: ['mem_temp'],
  nvidia_smi_utilization_gpu_ratio: ['gpu_util', 100],
  nvidia_smi_utilization_memory_ratio: ['mem_copy_util', 100],
  nvidia_smi_utilization_encoder_ratio: ['encoder_util', 100],
  nvidia_smi_utilization_decoder_ratio: ['decoder_util', 100],
  nvidia_smi_memory_used_bytes: ['gpu_mem_used'],
  nvidia_smi_memory_free_bytes: ['gpu_mem_free'],
  nvidia_smi_memory_reserved_bytes: ['gpu_mem_reserved'],
  nvidia_smi_memory_total_bytes: ['gpu_mem_total'],
  nvidia_smi_power_draw_watts: ['gpu_power'],
  nvidia_smi_temperature_gpu: ['gpu_temp'],
  nvidia_smi_temperature_memory: ['mem_temp'],
  nvidia_smi_clocks_current_sm_clock_hz: ['sm_clock', 1e-6],
  nvidia_smi_clocks_current_memory_clock_hz: ['mem_clock', 1e-6],
  node_memory_MemAvailable_bytes: ['mem_available'],
  node_memory_MemTotal_bytes: ['mem_total'],
  node_network_receive_bytes_total: ['network_bytes', 1, 'rises'],
  node_network_transmit_bytes_total: ['network_bytes', 1, 'rises'],
  container_network_receive_bytes_total: ['network_bytes', 1, 'rises'],
  container_network_transmit_bytes_total: ['network_bytes', 1, 'rises'],
  'vllm:request_success_total': ['invocations', 1, 'rises'],
  'vllm:prompt_tokens_total': ['tokens_input', 1, 'rises'],
  'vllm:generation_tokens_total': ['tokens_output', 1, 'rises'],
};

/** Columns of `nvidia-smi --query-gpu=... --format=csv`, without the unit in their header. */
const nvidiaSmi: Record<string, Row> = {
  'utilization.gpu': ['gpu_util'],
  'utilization.memory': ['mem_copy_util'],
  'utilization.encoder': ['encoder_util'],
  'utilization.decoder': ['decoder_util'],
  'memory.used': ['gpu_mem_used'],
  'memory.free': ['gpu_mem_free'],
  'memory.reserved': ['gpu_mem_reserved'],
  'memory.total': ['gpu_mem_total'],
  'power.draw': ['gpu_power'],
  'clocks.current.sm': ['sm_clock'],
  'clocks.sm': ['sm_clock'],
  'clocks.current.memory': ['mem_clock'],
  'clocks.mem': ['mem_clock'],
  'temperature.gpu': ['gpu_temp'],
  'temperature.memory': ['mem_temp'],
};

/**
 * CloudWatch metrics by name. Sources: the metric lists of EC2, SageMaker, Bedrock, Container
 * Insights and the CloudWatch agent; read 2026-11. SageMaker adds its CPU and GPU shares up over
 * the processors of the instance: they have names of their own here (see `summed`).
 */
const cloudWatch: Record<string, Row> = {
  CPUUtilization: ['cpu_util'],
  NetworkIn: ['network_bytes'],
  NetworkOut: ['network_bytes'],
  GPUUtilization: ['gpu_util_sum'],
  GPUMemoryUtilization: ['gpu_mem_pct_sum'],
  MemoryUtilization: ['mem_util'],
  Invocations: ['invocations'],
  InputTokenCount: ['tokens_input'],
  OutputTokenCount: ['tokens_output'],
  CacheReadInputTokenCount: ['tokens_cache_read'],
  CacheWriteInputTokenCount: ['tokens_cache_write'],
  TotalTokenCount: ['tokens_total'],
  nvidia_smi_utilization_gpu: ['gpu_util'],
  nvidia_smi_utilization_memory: ['mem_copy_util'],
  nvidia_smi_memory_used: ['gpu_mem_used', MiB],
  nvidia_smi_memory_free: ['gpu_mem_free', MiB],
  nvidia_smi_memory_total: ['gpu_mem_total', MiB],
  nvidia_smi_power_draw: ['gpu_power'],
  mem_used_percent: ['mem_util'],
  node_gpu_utilization: ['gpu_util'],
  pod_gpu_utilization: ['gpu_util'],
  container_gpu_utilization: ['gpu_util'],
  node_gpu_memory_used: ['gpu_mem_used'],
  pod_gpu_memory_used: ['gpu_mem_used'],
  container_gpu_memory_used: ['gpu_mem_used'],
  node_gpu_memory_total: ['gpu_mem_total'],
  pod_gpu_memory_total: ['gpu_mem_total'],
  container_gpu_memory_total: ['gpu_mem_total'],
  node_cpu_utilization: ['cpu_util'],
  pod_cpu_utilization: ['cpu_util'],
  node_memory_utilization: ['mem_util'],
  pod_memory_utilization: ['mem_util'],
};

/** Under these namespaces CPUUtilization is added up over vCPUs too. */
const sageMaker = /^\/aws\/sagemaker\//;

/** Cloud Monitoring metric types. Source: Google Cloud metrics list, read 2026-11. */
const cloudMonitoring: Record<string, Row> = {
  'compute.googleapis.com/instance/cpu/utilization': ['cpu_util', 100],
  'compute.googleapis.com/instance/network/received_bytes_count': ['network_bytes'],
  'compute.googleapis.com/instance/network/sent_bytes_count': ['network_bytes'],
  'agent.googleapis.com/gpu/utilization': ['gpu_util'],
  'agent.googleapis.com/gpu/memory/bytes_used': ['gpu_mem_used'],
  'agent.googleapis.com/memory/percent_used': ['mem_util'],
  'kubernetes.io/container/accelerator/duty_cycle': ['gpu_util'],
  'kubernetes.io/container/accelerator/memory_used': ['gpu_mem_used'],
  'kubernetes.io/container/accelerator/memory_total': ['gpu_mem_total'],
  'kubernetes.io/node/accelerator/duty_cycle': ['gpu_util'],
  'kubernetes.io/node/accelerator/memory_used': ['gpu_mem_used'],
  'kubernetes.io/node/accelerator/memory_total': ['gpu_mem_total'],
  'kubernetes.io/node/cpu/allocatable_utilization': ['cpu_util', 100],
  'tpu.googleapis.com/accelerator/duty_cycle': ['gpu_util'],
  'tpu.googleapis.com/accelerator/memory_used': ['gpu_mem_used'],
  'tpu.googleapis.com/accelerator/memory_total': ['gpu_mem_total'],
  'tpu.googleapis.com/cpu/utilization': ['cpu_util'],
  'aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle': ['gpu_util', 100],
  'aiplatform.googleapis.com/prediction/online/accelerator/memory/bytes_used': ['gpu_mem_used'],
  'aiplatform.googleapis.com/prediction/online/cpu/utilization': ['cpu_util', 100],
  'aiplatform.googleapis.com/publisher/online_serving/model_invocation_count': ['invocations'],
  'aiplatform.googleapis.com/prediction/online/prediction_count': ['invocations'],
};

function counterAt(table: Record<string, Row>, name: string): Counter | null {
  const row = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!row) return null;
  const [metric, factor = 1, rises] = row;
  return rises ? { metric, factor, rises: true } : { metric, factor };
}

/** One of ours passes under its own name: what a recording rule or a query has already made. */
export function prometheusCounter(name: string): Counter | null {
  return counterAt(prometheus, name) ?? (isMetricId(name) ? { metric: name, factor: 1 } : null);
}

export function nvidiaSmiCounter(column: string): Counter | null {
  return counterAt(nvidiaSmi, column);
}

export function cloudWatchCounter(name: string, namespace: string | null): Counter | null {
  if (name === 'CPUUtilization' && namespace !== null && sageMaker.test(namespace)) {
    return { metric: 'cpu_util_sum', factor: 1 };
  }
  return counterAt(cloudWatch, name);
}

/**
 * Metrics of Azure OpenAI and Foundry models in Azure Monitor, by name. Source: the supported metrics of
 * Microsoft.CognitiveServices/accounts, read 2026-11. The prompt tokens hold the cached ones.
 */
const azureMonitor: Record<string, Row> = {
  ProcessedPromptTokens: ['tokens_input'],
  GeneratedTokens: ['tokens_output'],
  InputTokens: ['tokens_input'],
  OutputTokens: ['tokens_output'],
  TokenTransaction: ['tokens_total'],
  TotalTokens: ['tokens_total'],
  AzureOpenAIRequests: ['invocations'],
  ModelRequests: ['invocations'],
};

export function azureMonitorCounter(name: string): Counter | null {
  return counterAt(azureMonitor, name);
}

export const cloudWatchNames: readonly string[] = Object.keys(cloudWatch);

/** Models that Vertex AI serves for their publishers; the kind of token is a label. */
const vertexTokens = 'aiplatform.googleapis.com/publisher/online_serving/token_count';
const vertexKinds: Record<string, MetricId> = {
  input: 'tokens_input',
  output: 'tokens_output',
};

/** Managed Prometheus writes the exporter's name between its own prefix and the kind. */
export function cloudMonitoringCounter(type: string, kind?: string): Counter | null {
  if (type === vertexTokens) {
    const metric = Object.hasOwn(vertexKinds, kind ?? '') ? vertexKinds[kind ?? ''] : undefined;
    return metric ? { metric, factor: 1 } : null;
  }
  const own = /^prometheus\.googleapis\.com\/(.+)\/(gauge|counter|unknown)(:\w+)?$/.exec(type);
  // A cumulative series comes as its running total, which rises as the exporter's own counter does.
  return own ? prometheusCounter(own[1] ?? '') : counterAt(cloudMonitoring, type);
}

const cloudWatchStats: Record<string, Stat> = {
  Average: 'average',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Sum: 'sum',
  SampleCount: 'count',
};

/** A percentile (p95, tm99) is kept apart from everything else. */
export function cloudWatchStat(name: string): Stat {
  return Object.hasOwn(cloudWatchStats, name) ? (cloudWatchStats[name] ?? 'other') : 'other';
}

export const cloudWatchStatNames: readonly string[] = Object.keys(cloudWatchStats);
