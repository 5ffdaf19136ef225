import type { ProviderKey } from './accounts.ts';

/** A service as its provider names it, with the FOCUS category it belongs to. */
interface Service {
  provider: ProviderKey;
  name: string;
  category: string;
  subcategory: string;
  /** Where somebody else than the provider publishes it. */
  publisher?: string;
}

const ai = 'AI and Machine Learning';

export const services = {
  ec2: aws('Amazon Elastic Compute Cloud', 'Compute', 'Virtual Machines'),
  savingsPlans: aws('Savings Plans for AWS Compute usage', 'Compute', 'Other (Compute)'),
  eks: aws('Amazon Elastic Kubernetes Service', 'Compute', 'Containers'),
  ebs: aws('Amazon Elastic Block Store', 'Storage', 'Block Storage'),
  s3: aws('Amazon Simple Storage Service', 'Storage', 'Object Storage'),
  fsx: aws('Amazon FSx', 'Storage', 'File Storage'),
  vpc: aws('Amazon Virtual Private Cloud', 'Networking', 'Network Infrastructure'),
  transfer: aws('AWS Data Transfer', 'Networking', 'Network Connectivity'),
  elb: aws('Elastic Load Balancing', 'Networking', 'Application Networking'),
  sagemaker: aws('Amazon SageMaker', ai, 'AI Platforms'),
  bedrock: aws('Amazon Bedrock', ai, 'Generative AI'),
  emr: aws('Amazon EMR', 'Analytics', 'Data Processing'),
  glue: aws('AWS Glue', 'Analytics', 'Data Processing'),
  opensearch: aws('Amazon OpenSearch Service', 'Analytics', 'Search'),
  rds: aws('Amazon Relational Database Service', 'Databases', 'Relational Databases'),
  cloudwatch: aws('Amazon CloudWatch', 'Management and Governance', 'Observability'),
  awsSupport: aws('AWS Support (Enterprise)', 'Management and Governance', 'Support'),
  tracker: {
    ...aws('Halyard Experiment Tracker', 'Developer Tools', 'Developer Platforms'),
    publisher: 'Halyard Software',
  },

  computeEngine: gcp('Compute Engine', 'Compute', 'Virtual Machines'),
  gke: gcp('Kubernetes Engine', 'Compute', 'Containers'),
  gcs: gcp('Cloud Storage', 'Storage', 'Object Storage'),
  gcpNetwork: gcp('Networking', 'Networking', 'Network Connectivity'),
  gemini: gcp('Gemini API', ai, 'Generative AI'),
  vertex: gcp('Vertex AI', ai, 'AI Platforms'),
  bigquery: gcp('BigQuery', 'Databases', 'Data Warehouses'),
  logging: gcp('Cloud Logging', 'Management and Governance', 'Observability'),
  gcpSupport: gcp('Support', 'Management and Governance', 'Support'),

  vms: azure('Virtual Machines', 'Compute', 'Virtual Machines'),
  aks: azure('Azure Kubernetes Service', 'Compute', 'Containers'),
  blob: azure('Storage Accounts', 'Storage', 'Storage Platforms'),
  disks: azure('Azure Disk Storage', 'Storage', 'Block Storage'),
  bandwidth: azure('Bandwidth', 'Networking', 'Network Connectivity'),
  openai: azure('Azure OpenAI', ai, 'Generative AI'),
  databricks: azure('Azure Databricks', 'Analytics', 'Data Processing'),
  monitor: azure('Azure Monitor', 'Management and Governance', 'Observability'),
  azureSupport: azure('Support', 'Management and Governance', 'Support'),
} satisfies Record<string, Service>;

export type ServiceKey = keyof typeof services;

function aws(name: string, category: string, subcategory: string): Service {
  return { provider: 'aws', name, category, subcategory };
}
function gcp(name: string, category: string, subcategory: string): Service {
  return { provider: 'gcp', name, category, subcategory };
}
function azure(name: string, category: string, subcategory: string): Service {
  return { provider: 'azure', name, category, subcategory };
}
