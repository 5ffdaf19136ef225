/**
 * What was measured. A GPU is known by its UUID wherever it is read, else by its place in a host:
 * many hosts have a GPU 0. What runs on it (pod, container, job) makes a resource of its own, so
 * that an hour in which two jobs took turns stays apart.
 */
export interface MeasuredResource {
  key: string;
  kind: 'gpu' | 'mig' | 'host' | 'pod' | 'container' | 'endpoint' | 'job' | 'model' | 'other';
  /** Shared by all resources that are the same piece of silicon; null where none is meant. */
  device: string | null;
  /** Shared by all resources of one machine; null where it is not named. */
  host: string | null;
  labels: Labels;
}

/** What a source says of a resource, under our own names; what it leaves empty is not there. */
export interface Labels {
  uuid?: string;
  gpu?: string;
  pciBus?: string;
  mig?: string;
  migProfile?: string;
  model?: string;
  host?: string;
  instanceId?: string;
  node?: string;
  namespace?: string;
  pod?: string;
  container?: string;
  job?: string;
  endpoint?: string;
  variant?: string;
  cluster?: string;
  project?: string;
  zone?: string;
  managedModel?: string;
  volume?: string;
  /** The source names nothing: the file is all there is to know it by. */
  file?: string;
  [name: `tag:${string}`]: string;
}

/** A masked UUID (all zeros) names no GPU. Exporters write it with or without "GPU-". */
export function gpuUuid(text: string): string | undefined {
  const bare = text.trim().replace(/^GPU-/i, '').toLowerCase();
  if (!/[1-9a-f]/.test(bare)) return undefined;
  return /^mig-/i.test(bare) ? bare : `GPU-${bare}`;
}

/** The resource behind what a source says. `file` is the path it was read from, for what names nothing. */
export function measuredResource(said: Labels, file: string): MeasuredResource {
  const host = said.instanceId ?? said.node ?? said.host ?? null;
  const place = said.pciBus ? pciBus(said.pciBus) : said.gpu;
  const isGpu = said.uuid !== undefined || place !== undefined;
  const nameless =
    host === null &&
    said.uuid === undefined &&
    !(['pod', 'container', 'endpoint', 'job', 'managedModel', 'volume'] as const).some(
      (name) => said[name],
    );
  const labels: Labels = nameless ? { ...said, file } : said;
  const where = host ?? (nameless ? `file ${file}` : '');
  const device = isGpu
    ? [said.uuid ?? `${where}/${place ?? ''}`, said.mig].filter(Boolean).join('/mig ')
    : null;
  const user = [said.namespace, said.pod, said.container, said.job, said.endpoint, said.variant]
    .map((part) => part ?? '')
    .join('/')
    .replace(/\/+$/, '');
  const own = said.managedModel
    ? [said.project, said.zone, said.managedModel].filter(Boolean).join('/')
    : (said.volume ?? '');
  const key = [device ? `gpu ${device}` : `host ${where}`, user, own]
    .filter((part) => part !== '')
    .join(' | ');
  return { key, kind: kindOf(said, device !== null, host !== null), device, host, labels };
}

function kindOf(said: Labels, isGpu: boolean, hasHost: boolean): MeasuredResource['kind'] {
  if (isGpu) return said.mig === undefined ? 'gpu' : 'mig';
  if (said.endpoint) return 'endpoint';
  if (said.job) return 'job';
  if (said.container) return 'container';
  if (said.pod) return 'pod';
  if (said.managedModel) return 'model';
  return hasHost ? 'host' : 'other';
}

/** "00000000:83:00.0" and "0000:83:00.0" are one place. */
function pciBus(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^0+(?=[0-9a-f]{4}:)/, '');
}

/**
 * Labels of Prometheus exporters. Where Prometheus has kept the target's own labels apart, the
 * plain `pod` is the exporter itself and `exported_pod` what ran on the GPU.
 */
export function prometheusLabels(raw: Readonly<Record<string, string>>): Labels {
  const of = (...names: string[]) =>
    names.map((name) => raw[name]).find((value) => value !== undefined && value !== '');
  const apart = ['exported_pod', 'exported_namespace', 'exported_container'].some(
    (name) => name in raw,
  );
  const user = (name: string) => (apart ? of(`exported_${name}`) : of(name));
  const uuid = of('UUID', 'uuid', 'gpu_uuid');
  return compact({
    uuid: uuid === undefined ? undefined : gpuUuid(uuid),
    gpu:
      of('gpu', 'index', 'minor_number', 'gpu_index') ?? of('device')?.match(/^nvidia(\d+)$/)?.[1],
    pciBus: of('pci_bus_id'),
    mig: of('GPU_I_ID'),
    migProfile: of('GPU_I_PROFILE'),
    model: of('modelName', 'gpu_name') ?? (uuid === undefined ? undefined : of('name')),
    instanceId: of('instance_id', 'InstanceId') ?? instanceIdIn(of('provider_id', 'providerID')),
    node: of('node', 'kubernetes_node', 'nodename', 'node_name'),
    host: of('Hostname', 'hostname', 'host') ?? scrapeHost(of('instance')),
    namespace: user('namespace'),
    pod: user('pod'),
    container: user('container'),
    job: of('hpc_job', 'slurm_job_id', 'slurm_job', 'jobid'),
    cluster: of('cluster', 'cluster_name', 'k8s_cluster'),
    managedModel: of('model_name'),
  });
}

/** The address that was scraped, without its port. */
function scrapeHost(instance: string | undefined): string | undefined {
  return instance?.replace(/:\d+$/, '') || undefined;
}

/** "aws:///eu-west-1a/i-0123456789abcdef0" and the like. */
export function instanceIdIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /\bi-[0-9a-f]{8,17}\b/.exec(text)?.[0];
}

/** CloudWatch dimensions. A training job's host is "JOB/algo-1". */
export function cloudWatchLabels(dimensions: Readonly<Record<string, string>>): Labels {
  const of = (name: string) => dimensions[name] || undefined;
  const host = of('Host');
  return compact({
    instanceId: of('InstanceId'),
    host: of('InstanceId') ? undefined : host,
    gpu: of('index') ?? of('GpuDevice')?.match(/\d+$/)?.[0],
    model: of('InstanceId') || of('GpuDevice') ? of('name') : undefined,
    endpoint: of('EndpointName'),
    variant: of('VariantName'),
    job: host?.includes('/')
      ? host.slice(0, host.indexOf('/'))
      : (of('TrainingJobName') ?? of('ProcessingJobName')),
    cluster: of('ClusterName'),
    namespace: of('Namespace'),
    pod: of('PodName'),
    container: of('ContainerName'),
    node: of('NodeName'),
    managedModel: of('ModelId'),
    volume: of('VolumeId'),
  });
}

/** Labels of a Cloud Monitoring time series: its resource's and its metric's. */
export function cloudMonitoringLabels(
  resource: Readonly<Record<string, string>>,
  metric: Readonly<Record<string, string>>,
): Labels {
  const of = (name: string) => resource[name] || undefined;
  const ofMetric = (name: string) => metric[name] || undefined;
  const uuid = ofMetric('uuid') ?? ofMetric('UUID');
  const base = uuid || ofMetric('gpu') ? prometheusLabels(metric) : {};
  return compact({
    ...base,
    uuid: uuid === undefined ? undefined : gpuUuid(uuid),
    gpu: ofMetric('gpu_number') ?? ofMetric('accelerator_id') ?? base.gpu,
    model: ofMetric('model') ?? base.model,
    instanceId: of('instance_id'),
    host: ofMetric('instance_name'),
    node: of('node_name') ?? of('node_id') ?? base.node,
    namespace: of('namespace_name') ?? base.namespace,
    pod: of('pod_name') ?? base.pod,
    container: of('container_name') ?? base.container,
    cluster: of('cluster_name') ?? of('cluster'),
    endpoint: of('endpoint_id'),
    managedModel: of('model_user_id'),
    variant: of('model_user_id') && ofMetric('request_type'),
    job: of('job_id'),
    project: of('project_id'),
    zone: of('zone') ?? of('location'),
  });
}

/** Labels of Azure Monitor: the resource's id and the dimensions of a series, names in lower case. */
export function azureMonitorLabels(
  id: string,
  dimensions: Readonly<Record<string, string>>,
): Labels {
  const of = (name: string) => dimensions[name] || undefined;
  const account = /\/accounts\/([^/]+)/i.exec(id)?.[1];
  const deployment = of('modeldeploymentname');
  return compact({
    managedModel: of('modelname') ?? deployment,
    endpoint: account,
    variant: of('modelname') && deployment,
  });
}

function compact(labels: { [K in keyof Labels]: string | undefined }): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([, value]) => value !== undefined),
  ) as Labels;
}
