import type { ProviderKey } from './accounts.ts';
import type { Step } from './months.ts';
import type { ServiceKey } from './services.ts';

/**
 * What things cost, US dollars a pricing unit, at most 7 decimals in a list price.
 *
 * Published prices, taken over or close to them: EC2 on demand in us-east-1 as of 2026-07-20 (AWS
 * price list, https://aws.amazon.com/ec2/pricing/on-demand), used in every region of the sample;
 * model prices a million tokens as of 2026-08-05 (the providers' price pages); storage, network and
 * support from the providers' price pages. Spot and committed prices are typical shares of list.
 */
export interface Sku {
  service: ServiceKey;
  /** What is metered, in the provider's own words. */
  meter: string;
  description: string;
  unit: string;
  list: string;
  /** Price under a commitment that names this SKU. */
  committed?: string;
  /** Consumed units where they differ from pricing units: so many in one pricing unit. */
  consumed?: { unit: string; per: number };
  details?: Record<string, string | number>;
}

const tokens = { unit: 'Tokens', per: 1000 };
const millionTokens = { unit: 'Tokens', per: 1_000_000 };
const requests = { unit: 'Requests', per: 1000 };

/** A machine by its own name: cores, memory in GiB, accelerators. */
function machine(
  service: ServiceKey,
  type: string,
  [cores, memory, gpus]: readonly [number, number, number],
  list: string,
  committed?: string,
): Sku {
  const base: Sku = {
    service,
    meter: `BoxUsage:${type}`,
    description: `$${list} per On Demand Linux ${type} Instance Hour`,
    unit: 'Hours',
    list,
    details: {
      InstanceType: type,
      InstanceSeries: type.split(/[.]/)[0] ?? type,
      CoreCount: cores,
      MemorySize: memory,
      ...(gpus > 0 ? { GpuCount: gpus } : {}),
      OperatingSystem: 'Linux',
    },
  };
  return committed ? { ...base, committed } : base;
}

/** The same for Google Cloud and Azure, which name series and meter apart. */
function vm(
  service: ServiceKey,
  type: string,
  series: string,
  [cores, memory, gpus]: readonly [number, number, number],
  list: string,
  committed?: string,
): Sku {
  const base = machine(service, type, [cores, memory, gpus], list, committed);
  return {
    ...base,
    meter: `${type} instance hours`,
    description: `${series} instance ${type}, Linux`,
    details: { ...base.details, InstanceSeries: series },
  };
}

/** SageMaker meters its machines by what they do, behind the code of their region. */
function sagemaker(usage: string, size: readonly [number, number, number], list: string): Sku {
  const type = usage.slice(usage.indexOf(':') + 1);
  return { ...machine('sagemaker', type, size, list), meter: usage };
}

/** Spot has its own meter: its price moves with the market, the one here is the middle. */
function spot(sku: Sku, list: string): Sku {
  const type = sku.details?.InstanceType ?? '';
  const { committed: _, ...rest } = sku;
  return {
    ...rest,
    meter: `SpotUsage:${type}`,
    description: `${type} Linux Spot Instance Hour`,
    list,
  };
}

function meter(service: ServiceKey, name: string, unit: string, list: string, text: string): Sku {
  return { service, meter: name, description: text, unit, list };
}

function model(
  service: ServiceKey,
  name: string,
  kind: 'input' | 'cached input' | 'output',
  list: string,
  perMillion: boolean,
): Sku {
  return {
    service,
    meter: `${name}, ${kind} tokens`,
    description: `${name}, ${kind} tokens`,
    unit: perMillion ? '1000000 Tokens' : '1000 Tokens',
    list,
    consumed: perMillion ? millionTokens : tokens,
    details: { x_Model: name, x_TokenType: kind },
  };
}

const objectStorage = (sku: Sku, storageClass: string): Sku => ({
  ...sku,
  details: { StorageClass: storageClass, Redundancy: 'Regional' },
});
const perRequest = (sku: Sku): Sku => ({ ...sku, consumed: requests });
const g6e12 = machine('ec2', 'g6e.12xlarge', [48, 384, 4], '10.49264', '7.6596');

export const skus = {
  p5: machine('ec2', 'p5.48xlarge', [192, 2048, 8], '55.04', '41.28'),
  p4d: machine('ec2', 'p4d.24xlarge', [96, 1152, 8], '21.957642', '15.8095'),
  g6e: g6e12,
  g6eSpot: spot(g6e12, '4.72'),
  g5: machine('ec2', 'g5.12xlarge', [48, 192, 4], '5.672', '3.9704'),
  g6: machine('ec2', 'g6.2xlarge', [8, 32, 1], '0.9776', '0.6843'),
  m7i4: machine('ec2', 'm7i.4xlarge', [16, 64, 0], '0.8064', '0.5886'),
  m7i2: machine('ec2', 'm7i.2xlarge', [8, 32, 0], '0.4032', '0.2943'),
  r7i8: machine('ec2', 'r7i.8xlarge', [32, 256, 0], '2.1168', '1.5453'),
  c7i4: machine('ec2', 'c7i.4xlarge', [16, 32, 0], '0.714', '0.5212'),
  gp3: {
    ...meter('ebs', 'EBS:VolumeUsage.gp3', 'GB-Months', '0.08', 'General Purpose (gp3) storage'),
    details: { DiskType: 'SSD' },
  },
  eksCluster: meter('eks', 'AmazonEKS-Hours:perCluster', 'Hours', '0.1', 'EKS cluster hour'),
  eksAuto: meter('eks', 'EKS-Auto:p5.48xlarge', 'Hours', '3.3024', 'EKS Auto Mode, p5.48xlarge'),
  s3Standard: objectStorage(
    meter('s3', 'TimedStorage-ByteHrs', 'GB-Months', '0.021', 'S3 Standard storage over 500 TB'),
    'Standard',
  ),
  s3Infrequent: objectStorage(
    meter('s3', 'TimedStorage-SIA-ByteHrs', 'GB-Months', '0.0125', 'S3 Standard-IA storage'),
    'Infrequent Access',
  ),
  s3Write: perRequest(
    meter('s3', 'Requests-Tier1', '1000 Requests', '0.005', 'S3 PUT, COPY, POST, LIST requests'),
  ),
  s3Read: perRequest(
    meter('s3', 'Requests-Tier2', '1000 Requests', '0.0004', 'S3 GET and all other requests'),
  ),
  fsxLustre: meter('fsx', 'Lustre-250', 'GB-Months', '0.21', 'FSx for Lustre persistent SSD'),
  natHours: meter('vpc', 'NatGateway-Hours', 'Hours', '0.045', 'NAT gateway hour'),
  natBytes: meter('vpc', 'NatGateway-Bytes', 'GB', '0.045', 'NAT gateway data processed'),
  ipv4: meter('vpc', 'PublicIPv4:InUseAddress', 'Hours', '0.005', 'Public IPv4 address in use'),
  egress: meter(
    'transfer',
    'DataTransfer-Out-Bytes',
    'GB',
    '0.07',
    'Data transfer out to internet',
  ),
  interZone: meter('transfer', 'DataTransfer-Regional-Bytes', 'GB', '0.01', 'Between zones'),
  interRegion: meter('transfer', 'EU-USE1-AWS-Out-Bytes', 'GB', '0.02', 'Between regions'),
  albHours: meter('elb', 'LoadBalancerUsage', 'Hours', '0.0225', 'Application Load Balancer hour'),
  albUnits: meter('elb', 'LCUUsage', 'Units', '0.008', 'Load balancer capacity unit'),
  smTrain: sagemaker('USE1-Train:ml.p4d.24xlarge', [96, 1152, 8], '25.251288'),
  smEndpoint: sagemaker('EU-Host:ml.g5.12xlarge', [48, 192, 4], '7.09'),
  smNotebook: sagemaker('USE1-Notebk:ml.g5.2xlarge', [8, 32, 1], '1.515'),
  smProcessing: sagemaker('USE1-Processing:ml.m5.4xlarge', [16, 64, 0], '0.922'),
  sonnetIn: model('bedrock', 'Claude Sonnet 4.5', 'input', '0.003', false),
  sonnetCached: model('bedrock', 'Claude Sonnet 4.5', 'cached input', '0.0003', false),
  sonnetOut: model('bedrock', 'Claude Sonnet 4.5', 'output', '0.015', false),
  novaIn: model('bedrock', 'Nova Lite', 'input', '0.00006', false),
  novaOut: model('bedrock', 'Nova Lite', 'output', '0.00024', false),
  emrCore: meter('emr', 'BoxUsage:r7i.8xlarge', 'Hours', '0.27', 'EMR on EC2 r7i.8xlarge'),
  glueDpu: meter('glue', 'ETL-DPU-Hour', 'Hours', '0.44', 'Glue ETL, data processing unit hour'),
  searchNode: meter('opensearch', 'ESInstance:r7g.2xlarge', 'Hours', '0.669', 'Search node hour'),
  rdsNode: meter('rds', 'Multi-AZUsage:db.r7g.2xl', 'Hours', '1.914', 'PostgreSQL, Multi-AZ'),
  rdsStorage: meter('rds', 'RDS:Multi-AZ-GP3', 'GB-Months', '0.23', 'PostgreSQL storage'),
  cwLogs: meter('cloudwatch', 'DataProcessing-Bytes', 'GB', '0.5', 'Log data ingested'),
  cwMetrics: meter('cloudwatch', 'CW:MetricMonitorUsage', 'Metrics', '0.05', 'Custom metrics'),

  a3: vm('computeEngine', 'a3-highgpu-8g', 'A3', [208, 1872, 8], '88.49', '46.2'),
  g2: vm('computeEngine', 'g2-standard-48', 'G2', [48, 192, 4], '4.0008'),
  n2: vm('computeEngine', 'n2-standard-16', 'N2', [16, 64, 0], '0.7769'),
  tpu: vm('computeEngine', 'ct6e-standard-8t', 'CT6E', [360, 1440, 8], '21.6'),
  pdSsd: {
    ...meter('computeEngine', 'SSD backed PD Capacity', 'GB-Months', '0.17', 'Persistent disk SSD'),
    details: { DiskType: 'SSD' },
  },
  gkeCluster: meter('gke', 'Regional Kubernetes Clusters', 'Hours', '0.1', 'Cluster fee'),
  gcsStandard: objectStorage(
    meter('gcs', 'Standard Storage Regional', 'GB-Months', '0.02', 'Standard storage, regional'),
    'Standard',
  ),
  gcsNearline: objectStorage(
    meter('gcs', 'Nearline Storage Regional', 'GB-Months', '0.01', 'Nearline storage, regional'),
    'Infrequent Access',
  ),
  gcsOps: perRequest(
    meter('gcs', 'Regional Standard Class A Operations', '1000 Requests', '0.005', 'Class A calls'),
  ),
  gcpEgress: meter('gcpNetwork', 'Internet Data Transfer Out', 'GB', '0.085', 'To the internet'),
  gcpInterRegion: meter('gcpNetwork', 'Inter Region Data Transfer Out', 'GB', '0.02', 'To Europe'),
  gcpNat: meter('gcpNetwork', 'NAT Gateway Data Processing', 'GB', '0.045', 'Cloud NAT data'),
  proIn: model('gemini', 'Gemini 2.5 Pro', 'input', '1.25', true),
  proCached: model('gemini', 'Gemini 2.5 Pro', 'cached input', '0.125', true),
  proOut: model('gemini', 'Gemini 2.5 Pro', 'output', '10', true),
  flashIn: model('gemini', 'Gemini 2.5 Flash', 'input', '0.3', true),
  flashOut: model('gemini', 'Gemini 2.5 Flash', 'output', '2.5', true),
  vertexIn: model('vertex', 'Gemini 3 Flash', 'input', '0.5', true),
  vertexOut: model('vertex', 'Gemini 3 Flash', 'output', '3', true),
  vertexNode: vm('vertex', 'g2-standard-12', 'G2', [12, 48, 1], '1.1511'),
  bqAnalysis: meter('bigquery', 'Analysis (us)', 'TiB', '6.25', 'On demand analysis'),
  bqStorage: meter('bigquery', 'Active Logical Storage', 'GB-Months', '0.02', 'Active storage'),
  logVolume: meter('logging', 'Log Storage cost', 'GB', '0.5', 'Log volume'),

  ndH100: vm('vms', 'Standard_ND96isr_H100_v5', 'NDv5', [96, 1900, 8], '98.32', '61.45'),
  ncA100: vm('vms', 'Standard_NC24ads_A100_v4', 'NCads A100 v4', [24, 220, 1], '3.673'),
  ncT4: vm('vms', 'Standard_NC4as_T4_v3', 'NCasT4 v3', [4, 28, 1], '0.526'),
  d16: vm('vms', 'Standard_D16s_v5', 'Dsv5', [16, 64, 0], '0.768'),
  disk: {
    ...meter('disks', 'Premium SSD P50 LRS', 'Units', '16.3856', 'Premium SSD managed disk, a day'),
    details: { DiskType: 'SSD', Redundancy: 'Local' },
  },
  aksCluster: meter('aks', 'Standard Uptime SLA', 'Hours', '0.1', 'Cluster with uptime SLA'),
  blobHot: objectStorage(
    meter('blob', 'Hot LRS Data Stored', 'GB-Months', '0.0184', 'Hot block blob'),
    'Standard',
  ),
  blobCool: objectStorage(
    meter('blob', 'Cool LRS Data Stored', 'GB-Months', '0.01', 'Cool block blob'),
    'Infrequent Access',
  ),
  blobWrite: perRequest(
    meter('blob', 'Hot LRS Write Operations', '1000 Requests', '0.005', 'Write operations'),
  ),
  azEgress: meter('bandwidth', 'Standard Data Transfer Out', 'GB', '0.08', 'To the internet'),
  gpt5In: model('openai', 'GPT-5', 'input', '0.00125', false),
  gpt5Cached: model('openai', 'GPT-5', 'cached input', '0.000125', false),
  gpt5Out: model('openai', 'GPT-5', 'output', '0.01', false),
  miniIn: model('openai', 'GPT-5 mini', 'input', '0.00025', false),
  miniOut: model('openai', 'GPT-5 mini', 'output', '0.002', false),
  embedAz: model('openai', 'text-embedding-3-large', 'input', '0.00013', false),
  dbu: meter('databricks', 'Premium Jobs Compute DBU', 'Units', '0.3', 'Databricks unit, jobs'),
  azLogs: meter('monitor', 'Analytics Logs Data Ingestion', 'GB', '2.3', 'Log data ingested'),
} satisfies Record<string, Sku>;

export type SkuKey = keyof typeof skus;

/** Any SKU by its key, with the optional parts that the table leaves out. */
export function skuOf(key: SkuKey): Sku {
  return skus[key];
}

/** What the company negotiated: thousandths off list, not on spot. A service's own row comes first. */
export const contracts: readonly {
  provider: ProviderKey;
  service?: ServiceKey;
  off: readonly Step<number>[];
}[] = [
  {
    provider: 'aws',
    off: [
      ['2025-11-01', 70],
      ['2026-07-01', 90],
    ],
  },
  {
    provider: 'gcp',
    service: 'computeEngine',
    off: [
      ['2025-11-01', 300],
      ['2026-05-01', 330],
    ],
  },
  {
    provider: 'gcp',
    service: 'gemini',
    off: [
      ['2025-11-01', 0],
      ['2026-11-01', 60],
    ],
  },
  { provider: 'gcp', off: [['2025-11-01', 50]] },
  { provider: 'azure', service: 'vms', off: [['2025-11-01', 200]] },
  { provider: 'azure', off: [['2025-11-01', 50]] },
];
