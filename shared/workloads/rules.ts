import type { ServiceKey } from '../catalog/services.ts';
import type { SagemakerPart, Usage } from '../catalog/usageTypes.ts';
import type { Derived } from './facts.ts';
import type { Purpose } from './purposes.ts';

/** Conditions, all of which hold. A list is met by any of its members. */
export interface When {
  services?: readonly ServiceKey[] | undefined;
  usage?: readonly Usage['kind'][] | undefined;
  sagemaker?: readonly SagemakerPart[] | undefined;
  charge?: readonly string[] | undefined;
  /** Tried on the meter, then the operation, then the description. */
  meter?: RegExp | undefined;
  resource?: RegExp | undefined;
  /** A tag that asks for the purpose answers it. */
  told?: true | undefined;
  /** Names or tags speak of one of these; `any` of AI at all. */
  hint?: readonly Purpose[] | 'any' | undefined;
  accelerators?: 'any' | readonly string[] | undefined;
  ai?: true | undefined;
  foreign?: true | undefined;
}

export interface PurposeRule {
  id: string;
  when: When;
  /** `told` and `hint` take what the tag or the name says. */
  purpose: Purpose | 'told' | 'hint';
  /** For people; {service}, {meter}, {machine}, {accelerator}, {word}, {where} are filled in. */
  reason: string;
}

const storage: readonly ServiceKey[] = ['object-storage', 'file-storage', 'block-storage'];
const modelApis: readonly ServiceKey[] = [
  'bedrock',
  'azure-openai',
  'gemini-api',
  'anthropic',
  'openai',
  'azure-ai',
];

/**
 * What a charge is for: the first rule that holds decides, and the last holds for all. What is metered
 * comes before what things are called; only a tag that states the purpose comes before both.
 */
export const purposeRules: readonly PurposeRule[] = [
  { id: 'tag-purpose', when: { told: true }, purpose: 'told', reason: 'The {where} states it.' },
  {
    id: 'model-tuning',
    when: { usage: ['fine-tuning'] },
    purpose: 'fine-tuning',
    reason: '{meter} is the tuning of a managed model.',
  },
  {
    id: 'model-tokens',
    when: { usage: ['tokens'] },
    purpose: 'managed-api',
    reason: '{meter} counts tokens of a model.',
  },
  {
    id: 'model-provisioned',
    when: { usage: ['provisioned-model'] },
    purpose: 'managed-api',
    reason: '{meter} is throughput of a model, paid ahead.',
  },
  {
    id: 'sagemaker-tuning',
    when: {
      services: ['sagemaker'],
      sagemaker: ['training', 'cluster', 'other'],
      hint: ['fine-tuning'],
    },
    purpose: 'fine-tuning',
    reason: 'SageMaker hours, and {where} says "{word}".',
  },
  {
    id: 'sagemaker-training',
    when: { sagemaker: ['training'] },
    purpose: 'training',
    reason: '{meter} is a SageMaker training job.',
  },
  {
    id: 'sagemaker-hosting',
    when: { sagemaker: ['hosting', 'serverless', 'transform'] },
    purpose: 'inference',
    reason: '{meter} is a SageMaker endpoint or batch transform.',
  },
  {
    id: 'sagemaker-notebook',
    when: { sagemaker: ['notebook'] },
    purpose: 'notebook',
    reason: '{meter} is a SageMaker notebook or studio.',
  },
  {
    id: 'sagemaker-processing',
    when: { sagemaker: ['processing'] },
    purpose: 'data-preparation',
    reason: '{meter} is a SageMaker processing job.',
  },
  {
    id: 'ai-resource-tuning',
    when: {
      ai: true,
      resource: /(?:training-job|customjobs|trainingpipelines|\/jobs)\//i,
      hint: ['fine-tuning'],
    },
    purpose: 'fine-tuning',
    reason: 'A training job of {service}, and {where} says "{word}".',
  },
  {
    id: 'ai-resource-training',
    when: {
      ai: true,
      resource: /(?:training-job|hyper-parameter-tuning-job|customjobs|trainingpipelines)\//i,
    },
    purpose: 'training',
    reason: 'Its resource is a training job of {service}.',
  },
  {
    id: 'ai-resource-endpoint',
    when: {
      ai: true,
      resource:
        /(?:endpoints?|inference-component|transform-job|batchpredictionjobs|onlineendpoints|batchendpoints)\//i,
    },
    purpose: 'inference',
    reason: 'Its resource is an endpoint of {service}.',
  },
  {
    id: 'ai-resource-notebook',
    when: {
      ai: true,
      resource: /(?:notebook-instance|notebookruntimes?|app\/.*jupyter|workbench)/i,
    },
    purpose: 'notebook',
    reason: 'Its resource is a notebook of {service}.',
  },
  {
    id: 'platform-prediction',
    when: {
      services: ['vertex', 'azure-ml', 'databricks'],
      meter: /predict|inference|model serving|endpoint/i,
    },
    purpose: 'inference',
    reason: '{meter} is serving on {service}.',
  },
  {
    id: 'platform-training',
    when: { services: ['vertex', 'azure-ml', 'databricks', 'sagemaker'], meter: /training/i },
    purpose: 'training',
    reason: '{meter} is training on {service}.',
  },
  {
    id: 'platform-notebook',
    when: {
      services: ['vertex', 'azure-ml', 'databricks', 'sagemaker'],
      meter: /notebook|workbench|colab|studio/i,
    },
    purpose: 'notebook',
    reason: '{meter} is a notebook on {service}.',
  },
  {
    id: 'platform-data',
    when: {
      services: ['vertex', 'azure-ml', 'sagemaker'],
      meter: /feature ?store|data ?label|ground ?truth|wrangler|processing/i,
    },
    purpose: 'data-preparation',
    reason: '{meter} is data preparation on {service}.',
  },
  {
    id: 'model-service',
    when: { services: modelApis },
    purpose: 'managed-api',
    reason: '{service} sells models by the call.',
  },
  {
    id: 'platform-named',
    when: {
      services: ['sagemaker', 'vertex', 'azure-ml', 'databricks'],
      hint: ['training', 'fine-tuning', 'inference', 'notebook', 'data-preparation'],
    },
    purpose: 'hint',
    reason: '{service}, and {where} says "{word}".',
  },
  {
    id: 'databricks-jobs',
    when: { services: ['databricks'], meter: /jobs? compute|delta live|dlt|sql/i },
    purpose: 'data-preparation',
    reason: '{meter} is data work on Databricks.',
  },
  {
    id: 'platform',
    when: { services: ['sagemaker', 'vertex', 'azure-ml', 'databricks'] },
    purpose: 'ai-platform',
    reason: '{service} is an AI platform, and nothing says which part of it.',
  },
  {
    id: 'ai-commitment',
    when: { services: ['commitment'], meter: /machine ?learning|sagemaker/i },
    purpose: 'ai-platform',
    reason: 'A commitment to SageMaker machines.',
  },
  {
    id: 'commitment-fee',
    when: { charge: ['Purchase'], services: ['commitment'] },
    purpose: 'not-ai',
    reason: 'A fee for a commitment; what it covers carries the purpose.',
  },
  {
    id: 'graphics',
    when: { meter: /virtual workstation|\bvws\b|appstream|workspaces/i },
    purpose: 'not-ai',
    reason: '{meter} is a workstation for graphics.',
  },
  {
    id: 'marketplace-ai',
    when: { foreign: true, hint: 'any' },
    purpose: 'licence',
    reason: 'Sold by somebody else than the provider, and {where} says "{word}".',
  },
  {
    id: 'marketplace-ai-product',
    when: {
      foreign: true,
      meter: /\b(?:experiment track|model|llm|ml|gpu|nvidia|machine learning|vector)\w*/i,
    },
    purpose: 'licence',
    reason: 'Sold by somebody else than the provider: {meter}.',
  },
  {
    id: 'storage-named',
    when: { services: storage, hint: 'any' },
    purpose: 'ai-storage',
    reason: 'Storage, and {where} says "{word}".',
  },
  {
    id: 'disk-named',
    when: { usage: ['storage'], hint: 'any' },
    purpose: 'ai-storage',
    reason: 'Storage, and {where} says "{word}".',
  },
  {
    id: 'accelerator-named',
    when: {
      accelerators: 'any',
      hint: ['training', 'fine-tuning', 'inference', 'notebook', 'data-preparation'],
    },
    purpose: 'hint',
    reason: '{machine} has {accelerator}, and {where} says "{word}".',
  },
  {
    id: 'inference-chip',
    when: { accelerators: ['inferentia', 'inferentia2', 'qualcomm-ai100'] },
    purpose: 'inference',
    reason: '{machine} has {accelerator}, a chip for inference.',
  },
  {
    id: 'training-chip',
    when: { accelerators: ['trainium', 'trainium2', 'gaudi'] },
    purpose: 'training',
    reason: '{machine} has {accelerator}, a chip for training.',
  },
  {
    id: 'accelerator',
    when: { accelerators: 'any' },
    purpose: 'other-ai',
    reason: '{machine} has {accelerator}, and nothing says what for.',
  },
  {
    id: 'data-named',
    when: { services: ['data-processing', 'warehouse'], hint: 'any' },
    purpose: 'data-preparation',
    reason: '{service} processes data, and {where} says "{word}".',
  },
  {
    id: 'named-data',
    when: { hint: ['ai-storage'] },
    purpose: 'data-preparation',
    reason: '{service}, and {where} says "{word}".',
  },
  {
    id: 'named',
    when: { hint: 'any' },
    purpose: 'hint',
    reason: '{service}, and {where} says "{word}".',
  },
  {
    id: 'ai-category',
    when: { ai: true },
    purpose: 'other-ai',
    reason: 'The bill counts {service} to AI and machine learning.',
  },
  { id: 'not-ai', when: {}, purpose: 'not-ai', reason: 'Nothing about it speaks of AI.' },
];

/** Conditions with a place for each. */
export function whole(when: When): When {
  return {
    told: undefined,
    ai: undefined,
    foreign: undefined,
    services: undefined,
    usage: undefined,
    sagemaker: undefined,
    charge: undefined,
    hint: undefined,
    accelerators: undefined,
    resource: undefined,
    meter: undefined,
    ...when,
  };
}

/** Whether a rule holds for a charge. */
export function holds(when: When, charge: Derived): boolean {
  const { facts, usage, hint } = charge;
  if (when.told && !charge.told) return false;
  if (when.ai && !charge.ai) return false;
  if (when.foreign && !charge.foreign) return false;
  if (when.services && !(charge.service && when.services.includes(charge.service))) return false;
  if (when.usage && !(usage && when.usage.includes(usage.kind))) return false;
  if (when.sagemaker && !(usage?.kind === 'sagemaker' && when.sagemaker.includes(usage.part)))
    return false;
  if (when.charge && !when.charge.includes(facts.charge ?? '')) return false;
  if (when.hint === 'any' ? !hint : when.hint && !(hint && when.hint.includes(hint.purpose)))
    return false;
  if (when.accelerators) {
    const name = charge.accelerator?.name;
    if (name === undefined) return false;
    if (when.accelerators !== 'any' && !when.accelerators.includes(name)) return false;
  }
  if (when.resource && !when.resource.test(facts.resourceId ?? '')) return false;
  if (when.meter) {
    const { meter = '', operation = '', description = '', service = '' } = facts;
    const pattern = when.meter;
    const fits = (text: string) => text !== '' && pattern.test(text);
    if (!fits(meter) && !fits(operation) && !fits(description) && !fits(service)) return false;
  }
  return true;
}
