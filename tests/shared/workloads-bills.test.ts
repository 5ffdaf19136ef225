import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { createClassifier } from '../../shared/workloads/classify.ts';
import type { ChargeFacts } from '../../shared/workloads/facts.ts';
import { purposes } from '../../shared/workloads/purposes.ts';
import { cellsOf, charges } from '../core/sampleBill.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';

vi.setConfig({ testTimeout: 120_000 });

const classify = createClassifier();

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
