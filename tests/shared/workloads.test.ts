import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { createClassifier } from '../../shared/workloads/classify.ts';
import type { ChargeFacts } from '../../shared/workloads/facts.ts';
import { hintOf } from '../../shared/workloads/hints.ts';
import { purposes, purposeTitles } from '../../shared/workloads/purposes.ts';
import { type PurposeRule, purposeRules } from '../../shared/workloads/rules.ts';
import { tagRole } from '../../shared/workloads/tagKeys.ts';
import { workloadOf } from '../../shared/workloads/workload.ts';
import { cellsOf, charges } from '../core/sampleBill.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';

vi.setConfig({ testTimeout: 120_000 });

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
    expect(answer.reason).toMatch(/^[^{}]+\.$/);
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
      reason: 'We said so.',
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
        expect(answer.reason.length).toBeGreaterThan(5);
        expect(createClassifier()(some)).toEqual(answer);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('workloads', () => {
  test.each([
    [
      { tags: { team: 'x', workload: 'chat-serving' }, resourceName: 'node-1' },
      'workload',
      'chat-serving',
    ],
    [{ tags: { 'user:Application': 'Chat', 'kubernetes-namespace': 'serving' } }, 'app', 'Chat'],
    [{ tags: { 'eks:cluster-name': 'prod' } }, 'cluster', 'prod'],
    [
      { tags: { 'k8s-label/app.kubernetes.io/name': 'ranker', 'goog-k8s-cluster-name': 'prod' } },
      'app',
      'ranker',
    ],
    [{ tags: { 'sagemaker:project-name': 'churn' } }, 'project', 'churn'],
    [
      { tags: { 'sagemaker:pipeline-name': 'churn-nightly', project: 'churn' } },
      'pipeline',
      'churn-nightly',
    ],
    [{ tags: { JobId: '17', ClusterName: 'etl' } }, 'job', '17'],
    [
      {
        resourceId: 'arn:aws:sagemaker:us-east-1:1:training-job/sft-nightly',
        tags: { project: 'llm' },
      },
      'job',
      'sft-nightly',
    ],
    [{ resourceId: 'arn:aws:sagemaker:us-east-1:1:endpoint/claims' }, 'endpoint', 'claims'],
    [
      {
        resourceId:
          '/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/onlineEndpoints/ranker',
      },
      'endpoint',
      'ranker',
    ],
    [
      {
        resourceId: '//aiplatform.googleapis.com/projects/p/locations/l/endpoints/1234567',
        resourceName: 'claims-classifier',
      },
      'fleet',
      'claims-classifier',
    ],
    [{ resourceName: 'pretrain-b1-03' }, 'fleet', 'pretrain-b1'],
    [{ resourceName: 'pretrain-b1-disk-03' }, 'fleet', 'pretrain-b1'],
    [{ resourceName: 'ranker-5d8f9c7b6-x2x9z' }, 'fleet', 'ranker'],
    [{ tags: { Name: 'web-12' } }, 'fleet', 'web'],
  ] as const)('%j is the %s %s', (facts, kind, name) => {
    expect(workloadOf(facts)).toMatchObject({ kind, name });
  });

  test.each([
    [{}],
    [{ resourceId: 'arn:aws:ec2:us-east-1:1:instance/i-0abc', tags: { team: 'a', env: 'prod' } }],
    [{ resourceName: 'i-0123456789abcdef0' }],
    [{ resourceName: '12345' }],
    [{ tags: { workload: '  ', project: '' } }],
  ] as const)('%j belongs to none', (facts) => {
    expect(workloadOf(facts)).toBeNull();
  });

  test('tag keys by role, whatever a provider puts before them', () => {
    expect(
      ['user:Purpose', 'resource_tags_user_purpose', 'labels.purpose', 'Workload_Type'].map(
        tagRole,
      ),
    ).toEqual(['purpose', 'purpose', 'purpose', 'purpose']);
    expect(['team', 'cost-center', 'env', 'owner', 'aws:createdBy', ''].map(tagRole)).toEqual([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the sample company', () => {
  const facts = (charge: Record<string, string>): ChargeFacts => ({
    provider: charge['ProviderName'],
    publisher: charge['PublisherName'],
    service: charge['ServiceName'],
    category: charge['ServiceCategory'],
    charge: charge['ChargeCategory'],
    meter: charge['SkuMeter'],
    description: charge['ChargeDescription'],
    instance: (JSON.parse(charge['SkuPriceDetails'] || '{}') as { InstanceType?: string })
      .InstanceType,
    resourceId: charge['ResourceId'],
    resourceName: charge['ResourceName'],
    tags: JSON.parse(charge['Tags'] || '{}') as Record<string, string>,
  });

  test('every charge has a purpose, the purposes add up to the bill, and most AI cost says what for', () => {
    let total = 0n;
    const sums = new Map<string, bigint>();
    const byWorkload = new Map<string, Map<string, bigint>>();
    for (const { charge } of charges()) {
      const { purpose, workload } = classify(facts(charge));
      const cost = exactOf(charge['EffectiveCost'] ?? '');
      total += cost;
      sums.set(purpose, (sums.get(purpose) ?? 0n) + cost);
      const of = byWorkload.get(workload?.name ?? '') ?? new Map<string, bigint>();
      byWorkload.set(workload?.name ?? '', of.set(purpose, (of.get(purpose) ?? 0n) + cost));
    }
    const sum = [...sums.values()].reduce((all, cost) => all + cost, 0n);
    expect(formatExact(sum)).toBe(formatExact(total));
    expect([...sums.keys()].toSorted()).toEqual([...purposes].toSorted());
    const main = (name: string) =>
      [...(byWorkload.get(name) ?? [])].toSorted((a, b) => (a[1] > b[1] ? -1 : 1))[0]?.[0];
    expect(
      [
        'llm-pretrain-b',
        'sft-tuning',
        'research-notebooks',
        'chat-serving-eu',
        'vision-serving',
        'embed-batch',
        'moderation',
        'code-assist',
        'feature-store',
        'training-data',
        'checkpoints',
        'support-assist',
        'distill-tpu',
        'rank-train',
        'doc-extract',
        'shared-network',
        'warehouse',
      ].map(main),
    ).toEqual([
      'training',
      'fine-tuning',
      'notebook',
      'inference',
      'inference',
      'inference',
      'managed-api',
      'managed-api',
      'data-preparation',
      'ai-storage',
      'ai-storage',
      'managed-api',
      'training',
      'training',
      'managed-api',
      'not-ai',
      'not-ai',
    ]);
    // Of accelerators nobody named the purpose of, little is left.
    expect(Number(((sums.get('other-ai') ?? 0n) * 1000n) / total)).toBeLessThan(30);
  });
});

describe('real bills', () => {
  const rowsOf = (text: string): Record<string, string>[] => {
    const [head = '', ...lines] = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .filter((line) => line !== '');
    const names = cellsOf(head);
    return lines.map((line) => {
      const cells = cellsOf(line);
      return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
    });
  };
  const counted = (all: readonly ChargeFacts[]) => {
    const counts: Record<string, number> = {};
    for (const facts of all) {
      const { purpose } = classify(facts);
      counts[purpose] = (counts[purpose] ?? 0) + 1;
    }
    return counts;
  };

  sampleDataTest(
    'the FOCUS sample has next to no AI in it, whatever its teams are called',
    async () => {
      const rows = rowsOf(
        readFileSync(sampleDataPath('focus-sample', 'focus_1.0_sample_a.csv'), 'utf8'),
      );
      expect(rows).toHaveLength(568);
      const of = (text: string | undefined) => (text === 'NULL' ? '' : text);
      const facts = rows.map((row) => ({
        provider: of(row['ProviderName']),
        publisher: of(row['PublisherName']),
        service: of(row['ServiceName']),
        category: of(row['ServiceCategory']),
        charge: of(row['ChargeCategory']),
        description: of(row['ChargeDescription']),
        resourceId: of(row['ResourceId']),
        resourceName: of(row['ResourceName']),
        tags: JSON.parse(of(row['Tags']) || '{}') as Record<string, string>,
      }));
      const found = facts
        .map((one) => [classify(one), one] as const)
        .filter(([{ purpose }]) => purpose !== 'not-ai');
      // Two functions with "gpu" in their names, scaling what stands elsewhere.
      expect(found.map(([{ rule, purpose }, { service }]) => [rule, purpose, service])).toEqual([
        ['named', 'other-ai', 'AWS Lambda'],
        ['named', 'other-ai', 'AWS Lambda'],
      ]);
      // Most of the tagged ones belong to an application.
      const applications = facts.filter((one) => classify(one).workload?.kind === 'app').length;
      expect(applications).toBe(facts.filter(({ tags }) => tags['application']).length);
    },
  );

  sampleDataTest('the two AWS reports: no accelerator, no model, nothing AI', async () => {
    const account = rowsOf(
      readFileSync(sampleDataPath('aws-cur-legacy', 'anonymous-ca-2023-11.csv'), 'utf8'),
    );
    const generated = rowsOf(
      gunzipSync(
        readFileSync(
          sampleDataPath(
            'aws-cur-legacy',
            'generated-2018',
            '20180801-20180901',
            '16e57707-f9e3-49be-8be6-b84e684b5194',
            'koku-local-1.csv.gz',
          ),
        ),
      ).toString(),
    );
    for (const rows of [account, generated]) {
      const facts = rows.map((row) => ({
        provider: 'AWS',
        service: row['lineItem/ProductCode'],
        meter: row['lineItem/UsageType'],
        operation: row['lineItem/Operation'],
        description: row['lineItem/LineItemDescription'],
        instance: row['product/instanceType'],
        resourceId: row['lineItem/ResourceId'],
        tags: Object.fromEntries(
          Object.entries(row).filter(
            ([name, value]) => name.startsWith('resourceTags/') && value !== '',
          ),
        ),
      }));
      expect(facts.length).toBeGreaterThan(1000);
      expect(counted(facts)).toEqual({ 'not-ai': facts.length });
    }
  });

  sampleDataTest('the Google export is egress', async () => {
    const lines = readFileSync(
      sampleDataPath('gcp-billing-export', 'nested_2022-08.ndjson'),
      'utf8',
    )
      .trim()
      .split('\n');
    const facts = lines.map((line) => {
      const row = JSON.parse(line) as {
        service: { description: string };
        sku: { description: string };
      };
      return {
        provider: 'Google Cloud',
        service: row.service.description,
        meter: row.sku.description,
      };
    });
    expect(counted(facts)).toEqual({ 'not-ai': 9 });
  });

  sampleDataTest(
    'the FOCUS examples of models are model APIs, in every direction and cache class',
    async () => {
      for (const name of [
        'ai_model_identity_a',
        'ai_prompt_caching_a',
        'multi_model_usage',
        'csp_served_frontier_model_first_party',
        'cached_tokens_via_csp_marketplace',
      ]) {
        const rows = rowsOf(
          readFileSync(
            sampleDataPath('focus-spec', 'examples-1.3-and-later', `${name}.csv`),
            'utf8',
          ),
        );
        const facts = rows.map((row) => ({
          provider: row['ServiceProviderName'],
          service: row['ServiceName'],
          category: row['ServiceCategory'],
          meter: row['SkuMeter'],
          description: row['ChargeDescription'],
        }));
        expect(facts.length).toBeGreaterThan(0);
        expect(counted(facts), name).toEqual({ 'managed-api': facts.length });
      }
    },
  );
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
