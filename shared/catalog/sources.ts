/** Where a fact of the catalogue was read, and as of when. */
export interface Source {
  title: string;
  /** Where anybody can look it up again. */
  url: string;
  /** Day (or month) of the source's own data; the day it was read where it bears none. */
  date: string;
}

/**
 * Every table of the catalogue names one of these. What none of them says is absent from the tables:
 * a lookup then answers null, never a guess.
 *
 * Not in any of them, and so not here: list prices of Azure and of Google Cloud machines, of EC2
 * outside us-east-1, of SageMaker, of capacity blocks; prices of commitments (the one public table
 * at hand states neither its age nor its terms); sizes of EC2 families without accelerators that came
 * after June 2025 and of Azure machines without accelerators; throughput of the B300, GB300, RTX PRO
 * and of the graphics cards of earlier years; token prices of Bedrock, Vertex AI and Azure OpenAI as
 * these clouds resell them, cache-write and batch factors. Price sheets bring what is missing.
 */
export const sources = {
  'aws-instance-types': {
    title: 'EC2 instance type labels of the Karpenter reference (accelerated types, us-east-1)',
    url: 'https://karpenter.sh/docs/reference/instance-types/',
    date: '2026-07-20',
  },
  'aws-earlier-types': {
    title: 'Amazon EC2 instance types: P2, P3, G3, DL1 and DL2q',
    url: 'https://aws.amazon.com/ec2/instance-types/',
    date: '2025-06-30',
  },
  'aws-spot-advisor': {
    title: 'AWS Spot Advisor data (copy of June 2025)',
    url: 'https://spot-bid-advisor.s3.amazonaws.com/spot-advisor-data.json',
    date: '2025-06-30',
  },
  'aws-price-list': {
    title: 'EC2 price table of the Karpenter provider, made from the AWS price list',
    url: 'https://github.com/aws/karpenter-provider-aws/tree/main/pkg/providers/pricing',
    date: '2026-07-20',
  },
  'aws-price-history': {
    title: 'Archived versions of the AWS price list, two GPU types',
    url: 'https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/index.json',
    date: '2026-07-28',
  },
  'aws-neuron': {
    title: 'AWS Neuron documentation: Trainium and Inferentia architecture',
    url: 'https://awsdocs-neuron.readthedocs-hosted.com/en/latest/about-neuron/arch/',
    date: '2025-10-03',
  },
  'aws-a10g': {
    title: 'NVIDIA A10G datasheet for AWS',
    url: 'https://d1.awsstatic.com/product-marketing/ec2/NVIDIA_AWS_A10G_DataSheet_FINAL_02_17_2022.pdf',
    date: '2022-02-17',
  },
  'google-machine-types': {
    title: 'Compute Engine machine types per zone, as the API lists them',
    url: 'https://github.com/Cyclenerd/google-cloud-pricing-cost-calculator/tree/master/tools',
    date: '2026-08-01',
  },
  'google-gpu-machines': {
    title: 'Compute Engine: GPU machine types',
    url: 'https://cloud.google.com/compute/docs/gpus',
    date: '2026-08-01',
  },
  'google-tpu-chips': {
    title: 'Cloud TPU: system architecture of each generation',
    url: 'https://cloud.google.com/tpu/docs/system-architecture-tpu-vm',
    date: '2026-08-01',
  },
  'google-tpu-prices': {
    title: 'TPU rows of the SkyPilot catalogue (part; the file bears no date)',
    url: 'https://github.com/skypilot-org/skypilot-catalog/blob/master/catalogs/v8/gcp/vms.csv',
    date: '2026-08-01',
  },
  'azure-gpu-sizes': {
    title: 'Azure virtual machine sizes, GPU accelerated (NC, ND and NV families)',
    url: 'https://learn.microsoft.com/azure/virtual-machines/sizes/overview',
    date: '2026-08-12',
  },
  'nvidia-datasheets': {
    title: 'NVIDIA data centre GPU datasheets (dense figures: half of those with sparsity)',
    url: 'https://www.nvidia.com/en-us/data-center/products/',
    date: '2025-06-30',
  },
  'nvidia-mig': {
    title: 'NVIDIA Multi-Instance GPU user guide: supported GPUs and profiles',
    url: 'https://docs.nvidia.com/datacenter/tesla/mig-user-guide/',
    date: '2026-08-01',
  },
  'amd-mi300x': {
    title: 'AMD Instinct MI300X datasheet',
    url: 'https://www.amd.com/en/products/accelerators/instinct/mi300/mi300x.html',
    date: '2023-12-06',
  },
  'llm-prices': {
    title: 'Token prices of language models, from the vendors’ price pages',
    url: 'https://github.com/simonw/llm-prices/tree/main/data',
    date: '2026-08-05',
  },
  'azure-services': {
    title: 'FinOps toolkit open data: Azure services',
    url: 'https://github.com/microsoft/finops-toolkit/tree/dev/src/open-data',
    date: '2025-06-30',
  },
} as const satisfies Record<string, Source>;

export type SourceId = keyof typeof sources;
