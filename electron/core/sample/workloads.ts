import type { Workload } from './workload.ts';
import { awsGpuWorkloads } from './workloadsAwsGpu.ts';
import { awsServiceWorkloads } from './workloadsAwsServices.ts';
import { azureWorkloads } from './workloadsAzure.ts';
import { gcpWorkloads } from './workloadsGcp.ts';

/** Everything the company runs: workload, its meters, their resources; GPU counts are in prices. */
export const workloads: readonly Workload[] = [
  ...awsGpuWorkloads,
  ...awsServiceWorkloads,
  ...gcpWorkloads,
  ...azureWorkloads,
];
