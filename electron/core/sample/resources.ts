import { type AccountKey, accounts, type RegionKey } from './accounts.ts';
import { digits, hex, token } from './noise.ts';

/**
 * How each kind of resource is named. In the patterns {a} is the account, {r} the region, {z} the
 * zone, {n} the given name, {x} hexadecimal signs and {d} digits, as many as the number says.
 */
const kinds = {
  instance: ['arn:aws:ec2:{r}:{a}:instance/i-0{x16}', 'Instance'],
  volume: ['arn:aws:ec2:{r}:{a}:volume/vol-0{x16}', 'Volume'],
  bucket: ['arn:aws:s3:::{n}', 'Bucket'],
  filesystem: ['arn:aws:fsx:{r}:{a}:file-system/fs-0{x16}', 'File system'],
  nat: ['arn:aws:ec2:{r}:{a}:natgateway/nat-0{x16}', 'NAT gateway'],
  address: ['arn:aws:ec2:{r}:{a}:elastic-ip/eipalloc-0{x16}', 'Elastic IP address'],
  balancer: ['arn:aws:elasticloadbalancing:{r}:{a}:loadbalancer/app/{n}/{x16}', 'Load balancer'],
  eks: ['arn:aws:eks:{r}:{a}:cluster/{n}', 'Cluster'],
  trainingJob: ['arn:aws:sagemaker:{r}:{a}:training-job/{n}', 'Training job'],
  processingJob: ['arn:aws:sagemaker:{r}:{a}:processing-job/{n}', 'Processing job'],
  notebookInstance: ['arn:aws:sagemaker:{r}:{a}:notebook-instance/{n}', 'Notebook instance'],
  endpoint: ['arn:aws:sagemaker:{r}:{a}:endpoint/{n}', 'Endpoint'],
  profile: ['arn:aws:bedrock:{r}:{a}:application-inference-profile/{x12}', 'Inference profile'],
  emr: ['arn:aws:elasticmapreduce:{r}:{a}:cluster/j-{d13}', 'Cluster'],
  glue: ['arn:aws:glue:{r}:{a}:job/{n}', 'Job'],
  search: ['arn:aws:es:{r}:{a}:domain/{n}', 'Domain'],
  database: ['arn:aws:rds:{r}:{a}:db:{n}', 'Database'],
  logGroup: ['arn:aws:logs:{r}:{a}:log-group:/{n}', 'Log group'],

  gce: ['//compute.googleapis.com/projects/{a}/zones/{z}/instances/{d19}', 'Instance'],
  gceDisk: ['//compute.googleapis.com/projects/{a}/zones/{z}/disks/{d19}', 'Disk'],
  gke: ['//container.googleapis.com/projects/{a}/locations/{r}/clusters/{n}', 'Cluster'],
  gcs: ['//storage.googleapis.com/{n}', 'Bucket'],
  vertexEndpoint: [
    '//aiplatform.googleapis.com/projects/{a}/locations/{r}/endpoints/{d19}',
    'Endpoint',
  ],
  dataset: ['//bigquery.googleapis.com/projects/{a}/datasets/{n}', 'Dataset'],
  router: ['//compute.googleapis.com/projects/{a}/regions/{r}/routers/{n}', 'Router'],

  vm: ['{a}/resourceGroups/{n}-rg/providers/Microsoft.Compute/virtualMachines/{n}', 'VM'],
  disk: ['{a}/resourceGroups/{n}-rg/providers/Microsoft.Compute/disks/{n}', 'Disk'],
  aks: [
    '{a}/resourceGroups/{n}-rg/providers/Microsoft.ContainerService/managedClusters/{n}',
    'AKS',
  ],
  storage: [
    '{a}/resourceGroups/data-rg/providers/Microsoft.Storage/storageAccounts/{n}',
    'Storage',
  ],
  cognitive: [
    '{a}/resourceGroups/{n}-rg/providers/Microsoft.CognitiveServices/accounts/{n}',
    'Azure OpenAI account',
  ],
  databricks: [
    '{a}/resourceGroups/{n}-rg/providers/Microsoft.Databricks/workspaces/{n}',
    'Workspace',
  ],
  workspace: [
    '{a}/resourceGroups/ops-rg/providers/Microsoft.OperationalInsights/workspaces/{n}',
    'Log Analytics workspace',
  ],
} as const;

export type ResourceKind = keyof typeof kinds;

export interface Resource {
  id: string;
  name: string;
  type: string;
}

/** The resource of a kind and name; the same wherever it is asked for. */
export function resource(
  kind: ResourceKind,
  name: string,
  place: { account: AccountKey; region: RegionKey; zone: string },
): Resource {
  const [pattern, type] = kinds[kind];
  const seed = `${kind}/${place.account}/${place.region}/${name}`;
  const id = pattern.replace(/\{([arznxd])(\d*)\}/g, (_, part: string, length: string) => {
    if (part === 'a') return accounts[place.account].id;
    if (part === 'r') return place.region;
    if (part === 'z') return place.zone;
    if (part === 'n') return name;
    // An identifier of digits never starts with a zero.
    if (part === 'd') return token(`1${seed}`, Number(length), digits).replace(/^0/, '7');
    return token(seed, Number(length), hex);
  });
  return { id, name, type };
}
