import type { CloudProvider } from './machines.ts';

/** What the AI services of the clouds are, whatever a bill calls them. */
export const aiServices = [
  'sagemaker',
  'bedrock',
  'vertex',
  'gemini-api',
  'tpu',
  'azure-openai',
  'azure-ai',
  'azure-ml',
  'databricks',
  'anthropic',
  'openai',
] as const;
export type AiService = (typeof aiServices)[number];

/** Services that are not AI by themselves but carry it: machines, their disks, storage, data work. */
export const carrierServices = [
  'compute',
  'kubernetes',
  'containers',
  'serverless',
  'block-storage',
  'object-storage',
  'file-storage',
  'data-processing',
  'warehouse',
  'search',
  'database',
  'network',
  'observability',
  'support',
  'commitment',
] as const;
export type CarrierService = (typeof carrierServices)[number];

export type ServiceKey = AiService | CarrierService;

export interface ServiceName {
  provider: CloudProvider | null;
  service: ServiceKey;
}

/**
 * Names as bills write them: FOCUS ServiceName, the product code and product name of AWS cost and
 * usage reports, service descriptions of Google Cloud exports, Azure meter categories. Letter case is
 * ignored. Azure names: source `azure-services`; the others are those of the bills and examples under
 * test, and of the providers' billing documentation.
 */
export const serviceTable: readonly [CloudProvider | null, ServiceKey, string][] = [
  [
    'aws',
    'sagemaker',
    'Amazon SageMaker|AmazonSageMaker|Amazon SageMaker AI|SageMaker|Amazon SageMaker Studio|Amazon SageMaker HyperPod',
  ],
  [
    'aws',
    'bedrock',
    'Amazon Bedrock|AmazonBedrock|AmazonBedrockService|AmazonBedrockFoundationModels|Amazon Bedrock Service|Amazon Bedrock AgentCore|AmazonBedrockAgentCore',
  ],
  [
    'aws',
    'compute',
    'Amazon Elastic Compute Cloud|AmazonEC2|Amazon EC2|EC2 - Other|Amazon Elastic Compute Cloud - Compute|EC2 - Compute',
  ],
  [
    'aws',
    'kubernetes',
    'Amazon Elastic Kubernetes Service|AmazonEKS|Amazon Elastic Container Service for Kubernetes',
  ],
  [
    'aws',
    'containers',
    'Amazon Elastic Container Service|AmazonECS|Amazon EC2 Container Registry (ECR)|AmazonECR|AWS Batch',
  ],
  ['aws', 'serverless', 'AWS Lambda|AWSLambda|AWS Step Functions|AmazonStates'],
  ['aws', 'block-storage', 'Amazon Elastic Block Store|AmazonEBS'],
  ['aws', 'object-storage', 'Amazon Simple Storage Service|AmazonS3|Amazon S3'],
  ['aws', 'file-storage', 'Amazon FSx|AmazonFSx|Amazon Elastic File System|AmazonEFS'],
  [
    'aws',
    'data-processing',
    'Amazon EMR|ElasticMapReduce|Amazon Elastic MapReduce|AWS Glue|AWSGlue|Amazon Kinesis|AmazonKinesis',
  ],
  ['aws', 'warehouse', 'Amazon Redshift|AmazonRedshift|Amazon Athena|AmazonAthena'],
  ['aws', 'search', 'Amazon OpenSearch Service|AmazonES'],
  [
    'aws',
    'database',
    'Amazon Relational Database Service|AmazonRDS|Amazon DynamoDB|AmazonDynamoDB|Amazon ElastiCache|AmazonElastiCache',
  ],
  [
    'aws',
    'network',
    'Amazon Virtual Private Cloud|AmazonVPC|AWS Data Transfer|AWSDataTransfer|Elastic Load Balancing|AWSELB|Amazon CloudFront|AmazonCloudFront',
  ],
  ['aws', 'observability', 'Amazon CloudWatch|AmazonCloudWatch|AWS CloudTrail|AWSCloudTrail'],
  [
    'aws',
    'support',
    'AWS Support (Enterprise)|AWS Support (Business)|AWSSupportEnterprise|AWSSupportBusiness|AWS Support',
  ],
  [
    'aws',
    'commitment',
    'Savings Plans for AWS Compute usage|ComputeSavingsPlans|Savings Plans for AWS Machine Learning|MachineLearningSavingsPlans|Savings Plans for AWS Database usage',
  ],
  ['google', 'vertex', 'Vertex AI|Cloud Machine Learning Engine|AI Platform|Vertex AI API'],
  ['google', 'gemini-api', 'Gemini API|Generative Language API'],
  ['google', 'tpu', 'Cloud TPU|TPU'],
  ['google', 'compute', 'Compute Engine'],
  ['google', 'kubernetes', 'Kubernetes Engine|Google Kubernetes Engine'],
  ['google', 'serverless', 'Cloud Run|Cloud Functions|Cloud Run Functions'],
  ['google', 'containers', 'Artifact Registry|Container Registry'],
  ['google', 'object-storage', 'Cloud Storage'],
  ['google', 'file-storage', 'Cloud Filestore|Filestore|Parallelstore'],
  ['google', 'data-processing', 'Cloud Dataflow|Dataflow|Cloud Dataproc|Dataproc|Cloud Composer'],
  ['google', 'warehouse', 'BigQuery|BigQuery Storage API|BigQuery Reservation API'],
  ['google', 'database', 'Cloud SQL|Cloud Spanner|Cloud Bigtable|AlloyDB'],
  ['google', 'network', 'Networking|Cloud NAT'],
  [
    'google',
    'observability',
    'Cloud Logging|Stackdriver Logging|Cloud Monitoring|Stackdriver Monitoring',
  ],
  ['azure', 'azure-openai', 'Azure OpenAI|Azure OpenAI Service|OpenAI Service'],
  [
    'azure',
    'azure-ai',
    'Azure AI Services|Cognitive Services|Azure Cognitive Services|Foundry Models|Azure AI Foundry|Foundry Tools|Azure AI Foundry Models|Azure Applied AI Services',
  ],
  [
    'azure',
    'azure-ml',
    'Azure Machine Learning|Machine Learning service|Azure Machine Learning service',
  ],
  ['azure', 'databricks', 'Azure Databricks|Databricks'],
  [
    'azure',
    'compute',
    'Virtual Machines|Virtual Machine Scale Sets|Virtual Machines Licenses|Azure Compute Fleet|Azure Batch|Azure Dedicated Host',
  ],
  ['azure', 'kubernetes', 'Azure Kubernetes Service'],
  [
    'azure',
    'containers',
    'Azure Container Registry|Container Registry|Azure Container Instances|Container Instances|Azure Container Apps',
  ],
  ['azure', 'serverless', 'Azure Functions|Functions'],
  ['azure', 'block-storage', 'Azure Disk Storage'],
  ['azure', 'object-storage', 'Storage Accounts|Storage|Azure Data Lake Storage'],
  ['azure', 'file-storage', 'Azure NetApp Files|Azure Managed Lustre'],
  [
    'azure',
    'data-processing',
    'Azure Data Factory|Azure Data Factory v2|HDInsight|Azure Stream Analytics',
  ],
  ['azure', 'warehouse', 'Azure Synapse Analytics|Azure Data Explorer|Microsoft Fabric'],
  ['azure', 'search', 'Azure AI Search|Azure Cognitive Search'],
  [
    'azure',
    'database',
    'Azure SQL Database|SQL Database|Azure Cosmos DB|Azure Database for PostgreSQL',
  ],
  ['azure', 'network', 'Bandwidth|Virtual Network|Load Balancer|Azure Front Door Service'],
  ['azure', 'observability', 'Azure Monitor|Log Analytics'],
  [null, 'anthropic', 'Claude API|Anthropic|Anthropic API'],
  [null, 'openai', 'OpenAI|OpenAI API'],
  [null, 'databricks', 'Databricks Data Intelligence Platform'],
];

let index: Map<string, ServiceName> | null = null;

/** The service that a bill's name stands for; null for one that the catalogue does not know. */
export function serviceOf(name: string): ServiceName | null {
  index ??= new Map(
    serviceTable.flatMap(([provider, service, names]) =>
      names.split('|').map((text) => [text.toLowerCase(), { provider, service }] as const),
    ),
  );
  const key = name.trim().toLowerCase();
  const found = index.get(key);
  if (found) return found;
  // AWS writes a product of its own for each model sold through the marketplace.
  if (key.endsWith('(amazon bedrock edition)')) return { provider: 'aws', service: 'bedrock' };
  return null;
}

export function isAiService(service: ServiceKey): service is AiService {
  return (aiServices as readonly string[]).includes(service);
}

/** FOCUS provider names and what bills of each cloud call themselves. */
const providerNames = new Map<string, CloudProvider>(
  Object.entries({
    aws: 'aws',
    'amazon web services': 'aws',
    'amazon web services, inc.': 'aws',
    google: 'google',
    gcp: 'google',
    'google cloud': 'google',
    'google cloud platform': 'google',
    microsoft: 'azure',
    azure: 'azure',
    'microsoft azure': 'azure',
  }),
);

/** The cloud of a ProviderName or ServiceProviderName; null for any other. */
export function providerOf(name: string): CloudProvider | null {
  return providerNames.get(name.trim().toLowerCase()) ?? null;
}
