import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { acceleratorCount } from '../../shared/catalog/attached.ts';
import { effectiveRate, type Rate } from '../../shared/catalog/effectiveRate.ts';
import { listPrice, pricedTypes, spotAdvice } from '../../shared/catalog/listPrices.ts';
import { machineFamily, machineType, machineTypes } from '../../shared/catalog/machines.ts';
import { sources } from '../../shared/catalog/sources.ts';
import { tokenPrice, tokenPrices } from '../../shared/catalog/tokenPrices.ts';
import { isDay } from '../../shared/domain/calendar.ts';
import { exactOf, parseExact } from '../../shared/domain/exact.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';

const onDemand = (sku: string, at = '2026-07-20', region = 'us-east-1') =>
  listPrice({ provider: 'aws', sku, region, purchase: 'on-demand', at });
const tpu = (sku: string, region: string, purchase: 'on-demand' | 'spot', at = '2026-08-01') =>
  listPrice({ provider: 'google', sku, region, purchase, at });

describe('EC2 list prices', () => {
  test('every one is an exact decimal above 0 in a plausible range', () => {
    expect(pricedTypes().size).toBe(1367);
    for (const [name, amount] of pricedTypes()) {
      expect(parseExact(amount), name).not.toBeNull();
      expect(Number(amount), name).toBeGreaterThan(0.002);
      expect(Number(amount), name).toBeLessThan(500);
      // Shortest text: nothing that a double left behind.
      expect(amount).toMatch(/^\d+(\.\d*[1-9])?$/);
    }
  });

  test('a larger machine of a family costs more, and not a multiple as much a core', () => {
    let compared = 0;
    for (const family of new Set(machineTypes('aws').map((machine) => machine.family))) {
      const sizes = machineFamily('aws', family).filter(({ name }) => !name.includes('metal'));
      // One GPU is sold with few cores or many: sizes are compared at the same number of them.
      for (const size of sizes) {
        const before = sizes
          .slice(0, sizes.indexOf(size))
          .findLast(
            ({ attached }) => acceleratorCount(attached) === acceleratorCount(size.attached),
          );
        const [price, less] = [onDemand(size.name), onDemand(before?.name ?? '')];
        if (!price || !less || !before) continue;
        compared++;
        const message = `${before.name} ${less.amount}, ${size.name} ${price.amount}`;
        expect(exactOf(price.amount) >= exactOf(less.amount), message).toBe(true);
        const perCore = Number(price.amount) / (size.vcpu ?? 1);
        const perCoreBefore = Number(less.amount) / (before.vcpu ?? 1);
        expect(perCore / perCoreBefore, message).toBeLessThan(2.3);
        expect(perCore / perCoreBefore, message).toBeGreaterThan(0.3);
      }
    }
    expect(compared).toBeGreaterThan(600);
  });

  test('more GPUs of a family cost more, each about the same', () => {
    for (const family of new Set(machineTypes('aws').map((machine) => machine.family))) {
      const sizes = machineFamily('aws', family).filter(({ attached }) => attached !== null);
      for (const one of sizes) {
        for (const other of sizes) {
          const [few, many] = [acceleratorCount(one.attached), acceleratorCount(other.attached)];
          const [price, more] = [onDemand(one.name), onDemand(other.name)];
          if (!price || !more || many <= few) continue;
          const message = `${one.name} ${price.amount}, ${other.name} ${more.amount}`;
          const each = Number(more.amount) / many / (Number(price.amount) / few);
          expect(each, message).toBeGreaterThan(0.15);
          expect(each, message).toBeLessThan(4);
        }
      }
    }
  });

  test('machines without a price have none: capacity blocks are not sold at 0', () => {
    for (const name of ['p5e.48xlarge', 'trn2.48xlarge', 'dl2q.24xlarge']) {
      expect(machineType('aws', name)).not.toBeNull();
      expect(onDemand(name), name).toBeNull();
    }
  });

  test('p5 and p4d before and after June 2025', () => {
    expect(onDemand('p5.48xlarge', '2025-05-31')).toMatchObject({
      amount: '98.32',
      basis: 'held',
      from: '2024-01-01',
      to: '2025-05-31',
    });
    expect(onDemand('p5.48xlarge', '2025-06-01')).toMatchObject({
      amount: '55.04',
      basis: 'held',
      from: '2025-06-01',
    });
    expect(onDemand('p4d.24xlarge', '2025-05-31')?.amount).toBe('32.7726');
    expect(onDemand('p4d.24xlarge', '2025-06-01')?.amount).toBe('21.957642');
    // What the history ends with is what the table of July 2026 says.
    for (const name of ['p5.48xlarge', 'p4d.24xlarge']) {
      expect(onDemand(name, '2026-07-20')?.amount).toBe(pricedTypes().get(name));
    }
  });

  test('a price says where it is from and how far its day is from the one asked for', () => {
    expect(onDemand('m5.large')).toEqual({
      amount: '0.096',
      currency: 'USD',
      unit: 'hour',
      source: 'aws-price-list',
      seen: '2026-07-20',
      from: null,
      to: null,
      basis: 'held',
    });
    expect(onDemand('m5.large', '2026-07-19')?.basis).toBe('before');
    expect(onDemand('m5.large', '2026-07-21')?.basis).toBe('after');
    expect(onDemand('p5.48xlarge', '2023-12-31')?.basis).toBe('before');
    expect(onDemand('p5.48xlarge', '2026-07-29')?.basis).toBe('after');
  });

  test('what no source gives is null: other regions, spot, SageMaker, Azure, machines of Google', () => {
    expect(onDemand('m5.large', '2026-07-20', 'eu-west-1')).toBeNull();
    expect(onDemand('ml.m5.large')).toBeNull();
    expect(onDemand('p9.large')).toBeNull();
    expect(
      listPrice({
        provider: 'aws',
        sku: 'm5.large',
        region: 'us-east-1',
        purchase: 'spot',
        at: '2026-07-20',
      }),
    ).toBeNull();
    expect(
      listPrice({
        provider: 'azure',
        sku: 'Standard_ND96isr_H100_v5',
        region: 'eastus',
        purchase: 'on-demand',
        at: '2026-07-20',
      }),
    ).toBeNull();
    expect(tpu('a3-highgpu-8g', 'us-central1', 'on-demand')).toBeNull();
  });

  test('a GPU hour costs between a tenth and thirty dollars', () => {
    for (const { name, attached } of machineTypes('aws')) {
      const price = onDemand(name);
      if (!attached || !price) continue;
      const each = Number(price.amount) / acceleratorCount(attached);
      expect(each, name).toBeGreaterThan(0.1);
      expect(each, name).toBeLessThan(30);
    }
  });
});

describe('TPU prices', () => {
  test('the placeholder of 700 is nowhere', () => {
    expect(tpu('tpu-v6e-1', 'us-central2', 'on-demand')).toBeNull();
    expect(tpu('tpu-v6e-1', 'us-central2-b', 'spot')).toBeNull();
    expect(tpu('tpu-v6e-1', 'southamerica-west1', 'spot')).toBeNull();
    expect(tpu('tpu-v6e-1', 'southamerica-west1', 'on-demand')?.amount).toBe('2.7');
  });

  test('a slice costs its chips, and spot is below on demand', () => {
    for (const [slice, region] of [
      ['v6e-4', 'us-central1'],
      ['v6e-8', 'europe-west4'],
      ['tpu-v6e-256', 'us-central1'],
      ['v5p-12288', 'us-east5'],
    ] as const) {
      const [price, spot] = [tpu(slice, region, 'on-demand'), tpu(slice, region, 'spot')];
      const chips = machineType('google', slice)?.attached?.devices ?? 0;
      const each = Number(price?.amount) / chips;
      expect(each, slice).toBeGreaterThan(2);
      expect(each, slice).toBeLessThan(5);
      expect(Number(spot?.amount)).toBeLessThan(Number(price?.amount));
    }
    expect(tpu('v6e-8', 'us-central1', 'on-demand')?.amount).toBe('21.6');
    expect(tpu('v6e-8', 'us-central1-a', 'on-demand')?.amount).toBe('21.6');
    expect(tpu('v6e-8', 'mars-1', 'on-demand')).toBeNull();
  });
});

describe('spot advice', () => {
  test('is a percentage and a band, never a price', () => {
    expect(spotAdvice('p4d.24xlarge', 'us-east-1')).toEqual({
      savings: 67,
      band: 2,
      label: '10-15%',
      source: 'aws-spot-advisor',
      seen: '2025-06-30',
    });
    expect(spotAdvice('ml.p4d.24xlarge', 'us-east-1')?.savings).toBe(67);
    expect([spotAdvice('p4d.24xlarge', 'mars-1'), spotAdvice('m5.large', 'us-east-1')]).toEqual([
      null,
      null,
    ]);
  });

  sampleDataTest('is what the file says, for every accelerated type and region', async () => {
    const { spot_advisor: advisor } = JSON.parse(
      readFileSync(sampleDataPath('prices', 'aws-spot-advisor-2025-06.json'), 'utf8'),
    ) as {
      spot_advisor: Record<string, { Linux?: Record<string, { s: number; r: number }> }>;
    };
    let checked = 0;
    for (const [region, { Linux = {} }] of Object.entries(advisor)) {
      for (const [name, { s, r }] of Object.entries(Linux)) {
        const advice = spotAdvice(name, region);
        if (advice === null) continue;
        expect([advice.savings, advice.band]).toEqual([s, r]);
        // In June 2025 the spot price of one stood above the new price on demand.
        expect(s > -100 && s < 100).toBe(true);
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(750);
  });
});

describe('token prices', () => {
  test('are exact, above 0, cached below uncached, spans in order and without overlap', () => {
    expect(tokenPrices().length).toBe(148);
    const spans = new Map<string, ReturnType<typeof tokenPrices>[number][]>();
    for (const price of tokenPrices()) {
      const { id, input, output, cachedInput, from, to } = price;
      for (const amount of [input, output]) expect(exactOf(amount) > 0n, id).toBe(true);
      expect(exactOf(output) >= exactOf(input), id).toBe(true);
      if (cachedInput !== null) expect(exactOf(cachedInput) <= exactOf(input), id).toBe(true);
      for (const day of [from, to]) if (day !== null) expect(isDay(day)).toBe(true);
      if (from !== null && to !== null) expect(from < to).toBe(true);
      spans.set(`${price.vendor} ${id}`, [...(spans.get(`${price.vendor} ${id}`) ?? []), price]);
    }
    for (const [id, list] of spans) {
      const sorted = list.toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? ''));
      for (const [i, { to }] of sorted.entries()) {
        const next = sorted[i + 1];
        if (next) expect([id, to]).toEqual([id, next.from]);
      }
    }
  });

  test('by id or name, on a day', () => {
    expect(tokenPrice('claude-sonnet-5', '2026-08-31')).toMatchObject({
      input: '2',
      output: '10',
      to: '2026-09-01',
    });
    expect(tokenPrice('Claude Sonnet 5', '2026-09-01')).toMatchObject({
      input: '3',
      output: '15',
      from: '2026-09-01',
    });
    expect(tokenPrice('gpt-5.6-luna', '2026-07-29')?.input).toBe('1.0');
    expect(tokenPrice('gpt-5.6-luna', '2026-07-30')?.input).toBe('0.2');
    expect(tokenPrice('no such model', '2026-07-30')).toBeNull();
  });

  sampleDataTest('are those of the files', async () => {
    const names = [
      'amazon',
      'anthropic',
      'deepseek',
      'google',
      'meta-ai',
      'minimax',
      'mistral',
      'moonshot-ai',
      'openai',
      'qwen',
      'xai',
    ];
    const inFiles = names.flatMap((name) => {
      const list = JSON.parse(
        readFileSync(sampleDataPath('prices', 'llm', `${name}.json`), 'utf8'),
      ) as {
        models: {
          id: string;
          price_history: { input: number; output: number; input_cached: number | null }[];
        }[];
      };
      return list.models.flatMap(({ id, price_history: spans }) =>
        spans.map(({ input, output, input_cached: cached }) => [id, input, output, cached]),
      );
    });
    const ours = tokenPrices().map(({ id, input, output, cachedInput }) => [
      id,
      Number(input),
      Number(output),
      cachedInput === null ? null : Number(cachedInput),
    ]);
    expect(ours).toEqual(inFiles);
  });
});

describe('the effective rate', () => {
  const rate = (amount: string, more: Partial<Rate> = {}): Rate => ({
    amount,
    currency: 'USD',
    unit: 'Hour',
    date: '2026-07-01',
    from: 'somewhere',
    ...more,
  });

  test('the bill wins over the sheet, the sheet over the list, and it says why', () => {
    const [bill, sheet, list] = [rate('49', { from: 'october.csv' }), rate('50'), rate('55.04')];
    expect(effectiveRate({ bill, sheet, list })).toEqual({
      ...bill,
      basis: 'bill',
      reason:
        'The rate on your own bill of 2026-07-01 (october.csv); it comes before the price sheet of 2026-07-01, 50 USD and the list price of 2026-07-01, 55.04 USD.',
    });
    expect(effectiveRate({ bill: null, sheet, list })).toMatchObject({
      amount: '50',
      basis: 'sheet',
    });
    expect(effectiveRate({ bill: null, sheet: null, list })).toMatchObject({
      amount: '55.04',
      basis: 'list',
      reason: 'The list price of 2026-07-01 (somewhere).',
    });
    expect(effectiveRate({ bill: null, sheet: null, list: null })).toBeNull();
  });

  test('a rate of 0 on the bill is a rate; another currency or unit is not compared with', () => {
    expect(
      effectiveRate({
        bill: rate('0'),
        sheet: rate('50', { currency: 'EUR' }),
        list: rate('1', { unit: 'Month' }),
      }),
    ).toMatchObject({
      amount: '0',
      basis: 'bill',
      reason: 'The rate on your own bill of 2026-07-01 (somewhere).',
    });
  });

  test('never makes an amount up, never prefers the lower one', () => {
    const maybe = fc.option(fc.bigInt(0n, 10n ** 12n).map((value) => rate(String(value))));
    fc.assert(
      fc.property(maybe, maybe, maybe, (bill, sheet, list) => {
        const answer = effectiveRate({ bill, sheet, list });
        expect(answer?.amount ?? null).toBe((bill ?? sheet ?? list)?.amount ?? null);
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test('every source that a price names exists', () => {
    for (const id of ['aws-price-list', 'aws-price-history', 'google-tpu-prices', 'llm-prices']) {
      expect(Object.keys(sources)).toContain(id);
    }
  });
});
