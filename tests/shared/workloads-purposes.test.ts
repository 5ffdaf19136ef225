import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createClassifier, reasonOf } from '../../shared/workloads/classify.ts';
import type { ChargeFacts } from '../../shared/workloads/facts.ts';
import { hintOf } from '../../shared/workloads/hints.ts';
import { purposes, purposeTitles } from '../../shared/workloads/purposes.ts';
import { type PurposeRule, purposeRules } from '../../shared/workloads/rules.ts';

const classify = createClassifier();
const aws = (facts: ChargeFacts): ChargeFacts => ({
  provider: 'AWS',
  publisher: 'Amazon Web Services',
  ...facts,
});
const google = (facts: ChargeFacts): ChargeFacts => ({ provider: 'Google Cloud', ...facts });
const azure = (facts: ChargeFacts): ChargeFacts => ({ provider: 'Microsoft', ...facts });
const ec2 = 'Amazon Elastic Compute Cloud';

describe('rules', () => {
  test('have ids of their own, a reason that is a sentence, and end with one for everything', () => {
    const ids = purposeRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { reason } of purposeRules) expect(reason).toMatch(/^[A-Z{].*\.$/);
    expect(purposeRules.at(-1)).toMatchObject({ id: 'not-ai', when: {} });
    expect(Object.keys(purposeTitles)).toEqual([...purposes]);
  });

  test.each([
    [
      aws({ service: 'Amazon SageMaker', meter: 'USE1-Train:ml.p4d.24xlarge' }),
      'training',
      'sagemaker-training',
    ],
    [
      aws({
        service: 'Amazon SageMaker',
        meter: 'USE1-Train:ml.p4d.24xlarge',
        resourceName: 'llama-sft-nightly',
      }),
      'fine-tuning',
      'sagemaker-tuning',
    ],
    [
      aws({ service: 'AmazonSageMaker', meter: 'USE1-Host:ml.g5.12xlarge' }),
      'inference',
      'sagemaker-hosting',
    ],
    [
      aws({ service: 'AmazonSageMaker', meter: 'EU-Notebk:ml.t3.medium' }),
      'notebook',
      'sagemaker-notebook',
    ],
    [
      aws({ service: 'AmazonSageMaker', meter: 'USE1-Processing:ml.m5.xlarge' }),
      'data-preparation',
      'sagemaker-processing',
    ],
    [aws({ service: 'AmazonSageMaker', meter: 'USE1-Something' }), 'ai-platform', 'platform'],
    [
      aws({
        service: 'Amazon SageMaker',
        resourceId: 'arn:aws:sagemaker:us-east-1:1:endpoint/chat',
      }),
      'inference',
      'ai-resource-endpoint',
    ],
    [
      aws({
        service: 'Amazon SageMaker',
        resourceId: 'arn:aws:sagemaker:us-east-1:1:training-job/x',
      }),
      'training',
      'ai-resource-training',
    ],
    [
      aws({ service: 'Amazon Bedrock', meter: 'USE1-NovaPro-input-tokens' }),
      'managed-api',
      'model-tokens',
    ],
    [
      aws({
        service: 'Claude Sonnet 4.6 (Amazon Bedrock Edition)',
        meter: 'USE1-MP:USE1_OutputTokenCount-Units',
        publisher: 'Anthropic',
      }),
      'managed-api',
      'model-tokens',
    ],
    [
      aws({ service: 'Amazon Bedrock', meter: 'USE1-Customization-Storage' }),
      'fine-tuning',
      'model-tuning',
    ],
    [
      aws({ service: 'Amazon Bedrock', meter: 'USE1-Guardrail-ContentPolicyUnits' }),
      'managed-api',
      'model-service',
    ],
    [
      aws({ service: ec2, meter: 'BoxUsage:p5.48xlarge', tags: { workload: 'llm-pretrain' } }),
      'training',
      'accelerator-named',
    ],
    [
      aws({ service: ec2, instance: 'g6.2xlarge', resourceName: 'vllm-03' }),
      'inference',
      'accelerator-named',
    ],
    [
      aws({ service: ec2, meter: 'SpotUsage:g5.xlarge', tags: { 'user:Name': 'jupyter-anna' } }),
      'notebook',
      'accelerator-named',
    ],
    [aws({ service: ec2, meter: 'BoxUsage:inf2.xlarge' }), 'inference', 'inference-chip'],
    [aws({ service: ec2, meter: 'BoxUsage:trn1.32xlarge' }), 'training', 'training-chip'],
    [aws({ service: ec2, meter: 'BoxUsage:p4d.24xlarge' }), 'other-ai', 'accelerator'],
    [aws({ service: ec2, meter: 'BoxUsage:g6f.large' }), 'other-ai', 'accelerator'],
    [aws({ service: ec2, meter: 'BoxUsage:m5.large' }), 'not-ai', 'not-ai'],
    [
      aws({ service: ec2, meter: 'BoxUsage:m5.large', tags: { purpose: 'Serving' } }),
      'inference',
      'tag-purpose',
    ],
    [
      aws({ service: ec2, meter: 'BoxUsage:p5.48xlarge', tags: { purpose: 'not-ai' } }),
      'not-ai',
      'tag-purpose',
    ],
    [
      aws({
        service: 'Amazon Simple Storage Service',
        meter: 'TimedStorage-ByteHrs',
        resourceId: 'arn:aws:s3:::acme-checkpoints',
      }),
      'ai-storage',
      'storage-named',
    ],
    [
      aws({
        service: 'Amazon Simple Storage Service',
        meter: 'TimedStorage-ByteHrs',
        resourceId: 'acme-invoices',
      }),
      'not-ai',
      'not-ai',
    ],
    [
      aws({ service: ec2, meter: 'EBS:VolumeUsage.gp3', resourceName: 'trainer-03-disk' }),
      'ai-storage',
      'disk-named',
    ],
    [
      aws({ service: 'AWS Glue', meter: 'ETL-DPU-Hour', resourceName: 'tokenize-web' }),
      'data-preparation',
      'data-named',
    ],
    [aws({ service: 'ComputeSavingsPlans', charge: 'Purchase' }), 'not-ai', 'commitment-fee'],
    [
      aws({ service: 'Savings Plans for AWS Compute usage', charge: 'Purchase' }),
      'not-ai',
      'commitment-fee',
    ],
    [
      aws({ service: 'Savings Plans for AWS Machine Learning', charge: 'Purchase' }),
      'ai-platform',
      'ai-commitment',
    ],
    [
      aws({
        service: 'Weights & Biases',
        publisher: 'Weights and Biases, Inc.',
        meter: 'Experiment tracking seats',
      }),
      'licence',
      'marketplace-ai-product',
    ],
    [
      aws({
        service: 'Red Hat OpenShift Service on AWS',
        publisher: 'Red Hat',
        meter: 'worker hours',
      }),
      'not-ai',
      'not-ai',
    ],
    [
      google({ service: 'Compute Engine', meter: 'Nvidia H100 80GB GPU running in Iowa' }),
      'other-ai',
      'accelerator',
    ],
    [
      google({
        service: 'Compute Engine',
        meter: 'Nvidia L4 Virtual Workstation GPU running in Iowa',
      }),
      'not-ai',
      'graphics',
    ],
    [
      google({ service: 'Vertex AI', meter: 'Gemini 2.5 Flash GA Text Input - Predictions' }),
      'managed-api',
      'model-tokens',
    ],
    [
      google({ service: 'Vertex AI', meter: 'Online Prediction N1 Predefined Instance Core' }),
      'inference',
      'platform-prediction',
    ],
    [
      google({ service: 'Vertex AI', meter: 'Custom Training Nvidia A100 GPU' }),
      'training',
      'platform-training',
    ],
    [
      google({ service: 'Vertex AI', meter: 'Vertex Workbench management fee' }),
      'notebook',
      'platform-notebook',
    ],
    [
      google({
        service: 'Compute Engine',
        instance: 'ct6e-standard-8t',
        resourceName: 'distill-02',
      }),
      'training',
      'accelerator-named',
    ],
    [
      azure({ service: 'Azure OpenAI', meter: 'gpt 4o ft training glbl Tokens' }),
      'fine-tuning',
      'model-tuning',
    ],
    [
      azure({ service: 'Azure OpenAI', meter: 'gpt-4o-0806-Outp-glbl Tokens' }),
      'managed-api',
      'model-tokens',
    ],
    [
      azure({
        service: 'Virtual Machines',
        meter: 'ND96isr H100 v5',
        resourceName: 'rank-nd-01',
        tags: { Project: 'ranker-training' },
      }),
      'training',
      'accelerator-named',
    ],
    [
      azure({ service: 'Azure Databricks', meter: 'Premium Jobs Compute DBU' }),
      'data-preparation',
      'databricks-jobs',
    ],
    [
      azure({ service: 'Azure Databricks', meter: 'Premium Serverless Real-time Inference DBU' }),
      'inference',
      'platform-prediction',
    ],
    [
      {
        provider: 'Solora AI',
        service: 'Solora Generative AI API',
        meter: 'Cache Read Input Tokens',
      },
      'managed-api',
      'model-tokens',
    ],
    [
      { provider: 'Other', service: 'Vision', category: 'AI and Machine Learning' },
      'other-ai',
      'ai-category',
    ],
    [{}, 'not-ai', 'not-ai'],
  ] as const)('%j is %s by %s', (facts, purpose, rule) => {
    const answer = classify(facts);
    expect([answer.purpose, answer.rule]).toEqual([purpose, rule]);
    expect(reasonOf(answer)).toMatch(/^[^{}]+\.$/);
  });

  test('whose something is does not say what it is for', () => {
    const tags = {
      team: 'training',
      business_unit: 'ViennaAI',
      owner: 'ml-platform',
      environment: 'inference',
    };
    expect(classify(aws({ service: ec2, meter: 'BoxUsage:m5.large', tags }))).toMatchObject({
      purpose: 'not-ai',
      workload: null,
    });
  });

  test('words are whole words, in any spelling', () => {
    for (const name of [
      'drain-07',
      'constrained',
      'observing',
      'html',
      'fragments',
      'trail',
      'storage',
      'prom-raytrace',
      'email',
      '',
    ]) {
      expect(hintOf(name), name).toBeNull();
    }
    expect(
      [
        'chatServing_v2',
        'PRETRAIN.B',
        'fine-tuning',
        'FineTune',
        'dataset',
        'training-data',
        'model_weights',
        'JupyterHub',
        'rerank',
        'mlflow',
      ].map((name) => hintOf(name)?.purpose),
    ).toEqual([
      'inference',
      'training',
      'fine-tuning',
      'fine-tuning',
      'ai-storage',
      'ai-storage',
      'ai-storage',
      'notebook',
      'inference',
      'ai-platform',
    ]);
  });

  test('further rules stand before the built-in ones, and move nothing else', () => {
    const mine: PurposeRule = {
      id: 'mine',
      when: { services: ['network'], resource: /nat-gpu/ },
      purpose: 'inference',
      reason: 'We said so.',
    };
    const own = createClassifier([mine]);
    const moved = aws({
      service: 'Amazon Virtual Private Cloud',
      meter: 'NatGateway-Bytes',
      resourceId: 'nat-gpu-1',
    });
    expect(own(moved)).toMatchObject({
      purpose: 'inference',
      workload: null,
      rule: 'mine',
      by: { reason: 'We said so.' },
    });
    expect(classify(moved).purpose).toBe('other-ai');
    const other = aws({ service: ec2, meter: 'BoxUsage:m5.large' });
    expect(own(other)).toEqual(classify(other));
  });

  test('any charge gets one purpose and a reason, the same whenever it is asked', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(
        ec2,
        'BoxUsage:p5.48xlarge',
        'training',
        'Vertex AI',
        'ml.g5.xlarge',
        '__proto__',
        '{where}',
      ),
    );
    const facts = fc.record(
      {
        provider: fc.oneof(fc.constantFrom('AWS', 'Microsoft', 'Google Cloud'), text),
        publisher: text,
        service: text,
        category: text,
        charge: text,
        operation: text,
        meter: text,
        description: text,
        instance: text,
        resourceId: text,
        resourceName: text,
        tags: fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('purpose', 'workload', 'Name')),
          text,
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(facts, (some) => {
        const answer = classify(some);
        expect(purposes).toContain(answer.purpose);
        expect(reasonOf(answer).length).toBeGreaterThan(5);
        expect(createClassifier()(some)).toEqual(answer);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('speed', () => {
  test('a hundred thousand distinct charges cost no more than 10 microseconds of processor time each', () => {
    const fresh = createClassifier();
    const all = Array.from({ length: 100_000 }, (_, i) =>
      aws({
        service: [ec2, 'Amazon SageMaker', 'Amazon Bedrock', 'AmazonS3'][i % 4],
        meter: [
          'BoxUsage:p5.48xlarge',
          'USE1-Train:ml.p4d.24xlarge',
          'USE1-NovaPro-input-tokens',
          'TimedStorage-ByteHrs',
        ][i % 4],
        resourceId: `arn:aws:ec2:us-east-1:1:instance/i-0${i.toString(16).padStart(16, '0')}`,
        tags: { team: `team-${i % 97}`, application: `app-${i}`, workload: `w-${i}` },
      }),
    );
    const before = process.cpuUsage();
    for (const facts of all) fresh(facts);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / all.length).toBeLessThan(10);
  });
});
