/** What a tag key is about, whoever set it. */
export type TagRole =
  | 'purpose'
  | 'workload'
  | 'job'
  | 'endpoint'
  | 'pipeline'
  | 'cluster'
  | 'app'
  | 'project'
  | 'name';

/**
 * Keys by role, without the signs that providers put before them (user:, aws:, k8s-label/, labels.),
 * in small letters with one hyphen between words. Business units, teams, owners, environments and cost
 * centres say whose something is, not what it is for, and are in none.
 */
export const tagRoles: readonly [TagRole, readonly string[]][] = [
  [
    'purpose',
    [
      'purpose',
      'ai-purpose',
      'workload-type',
      'workload-purpose',
      'ml-stage',
      'ml-phase',
      'ai-stage',
      'job-type',
      'task-type',
    ],
  ],
  ['workload', ['workload', 'workload-name', 'workload-id', 'ai-workload', 'ml-workload']],
  [
    'job',
    [
      'job',
      'job-name',
      'job-id',
      'jobid',
      'jobname',
      'runname',
      'run-name',
      'training-job',
      'training-job-name',
      'experiment',
      'experiment-name',
      'mlflow-experiment',
      'batch-job',
      'ray-job',
      'azureml-jobname',
      'vertex-job',
      'training-operator-kubeflow-org-job-name',
      'batch-kubernetes-io-job-name',
      'slurm-job',
    ],
  ],
  [
    'endpoint',
    [
      'endpoint',
      'endpoint-name',
      'endpoint-id',
      'sagemaker-endpoint-name',
      'vertex-ai-endpoint',
      'serving-endpoint',
      'inference-service',
      'serving-kserve-io-inferenceservice',
      'deployment',
      'deployment-name',
      'azuremlendpointname',
      'azuremldeploymentname',
    ],
  ],
  [
    'pipeline',
    [
      'pipeline',
      'pipeline-name',
      'sagemaker-pipeline-name',
      'vertex-ai-pipelines-run-billing-id',
      'kubeflow-pipeline',
      'goog-dataflow-job-name',
      'dag',
      'dag-id',
      'workflow',
    ],
  ],
  [
    'cluster',
    [
      'cluster',
      'cluster-name',
      'clustername',
      'eks-cluster-name',
      'eks-eks-cluster-name',
      'goog-k8s-cluster-name',
      'aks-managed-cluster-name',
      'kubernetes-cluster',
      'kubernetescluster',
      'alpha-eksctl-io-cluster-name',
      'parallelcluster-cluster-name',
      'hyperpod-cluster',
      'sagemaker-cluster-name',
      'karpenter-sh-nodepool',
    ],
  ],
  [
    'app',
    [
      'app',
      'application',
      'app-name',
      'application-name',
      'app-kubernetes-io-name',
      'k8s-app',
      'service',
      'service-name',
      'component',
      'microservice',
      'kubernetes-deployment',
      'kubernetes-namespace',
      'k8s-namespace',
      'namespace',
      'goog-k8s-namespace',
      'eks-namespace',
      'eks-workload-name',
      'eks-deployment',
      'aks-namespace',
      'goog-k8s-workload-name',
    ],
  ],
  [
    'project',
    [
      'project',
      'project-name',
      'project-id',
      'sagemaker-project-name',
      'sagemaker-domain-id',
      'product',
      'system',
      'stack',
      'aws-cloudformation-stack-name',
      'cloudformation-stack-name',
    ],
  ],
  ['name', ['name', 'resource-name']],
];

const byKey = new Map(tagRoles.flatMap(([role, keys]) => keys.map((key) => [key, role] as const)));

const known = new Map<string, TagRole | null>();

/** The role of a tag key; null for one that says nothing of what a charge is for. */
export function tagRole(key: string): TagRole | null {
  const found = known.get(key);
  if (found !== undefined) return found;
  const plain = key
    .toLowerCase()
    .replace(/^(?:resourcetags\/|resource_tags_|labels\.)/, '')
    .replace(/^(?:user|aws|microsoft|system)[:_]/, '')
    .replace(/^k8s-label\//, '')
    .replaceAll(/[^a-z0-9]+/g, '-');
  const role = byKey.get(plain) ?? null;
  // Keys are few in any bill; a hostile one does not fill the memory.
  if (known.size < 10_000) known.set(key, role);
  return role;
}
