import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

let jobs = 0;
const bring = async (path: string, options: object = {}) => {
  const { sheets } = await place.call('prices.import', {
    job: `layout-${++jobs}`,
    paths: [path],
    ...options,
  });
  return sheets[0];
};
const found = async (filter: object = {}) => (await place.call('prices.list', filter)).prices;
const history = () => found({ history: true });

describe('hostile lists', () => {
  const hostile: readonly object[] = [
    { skus: [null] },
    { skus: 'none' },
    {
      skus: [
        { skuId: 'A', pricingInfo: [{ pricingExpression: { tieredRates: [{ unitPrice: [] }] } }] },
      ],
    },
    { Items: [1] },
    { Items: [{ armSkuName: {}, retailPrice: '1' }] },
    { BillingCurrency: {}, Items: [] },
    { products: [], terms: {} },
    { products: {}, terms: { OnDemand: { A: { B: null } } } },
    { products: { A: { attributes: { instanceType: {} } } }, terms: {} },
    { PriceList: [1] },
    { PriceList: ['{"product":1,"terms":{}}'] },
    { PriceList: ['{'] },
    { vendor: 'x', models: [{ id: 'y', price_history: [{ input: {} }] }] },
    { 'some-model': { litellm_provider: 'x', input_cost_per_token: [] } },
    { skus: [] },
    { __proto__: null, constructor: 1 },
  ];
  test.each(hostile.map((list) => [list] as const))(
    '%j is refused, and is no defect',
    async (list) => {
      const answer = await bring(place.file('hostile.json', JSON.stringify(list)), {
        date: '2026-01-01',
      });
      expect(answer).toMatchObject({ status: 'refused', sheet: null });
      expect(answer?.reason).toMatch(/^hostile\.json.*Nothing was changed\.$/);
    },
  );

  test('names of built-in properties are only names', async () => {
    const commitment = {
      skuId: 'A',
      description: 'constructor',
      category: { usageType: 'constructor' },
      pricingInfo: [
        {
          pricingExpression: {
            usageUnit: 'h',
            tieredRates: [{ unitPrice: { currencyCode: 'USD', units: '1', nanos: 500000000 } }],
          },
        },
      ],
    };
    await bring(place.file('names.json', JSON.stringify({ skus: [commitment] })));
    expect(await found()).toMatchObject([
      { sku: 'constructor', purchase: 'on-demand', termMonths: null, amount: '1.5' },
    ]);
  });
});

describe('real files', () => {
  const prices = (...name: string[]) => sampleDataPath('prices', ...name);

  sampleDataTest(
    'the Google SKU list of 2023: a price a region, nanos exact, both spellings of the time',
    async () => {
      expect(await bring(sampleDataPath('gcp-catalog', 'skus_response.json'))).toMatchObject({
        status: 'loaded',
        sheet: {
          format: 'Google Cloud SKU list',
          dated: '2023-08-10',
          prices: 17,
          leftOut: [{ code: 'MORE_PAGES', count: 1 }],
        },
      });
      const rows = await history();
      const lines = rows.map(({ skuId, region, currency, amount, unit, validFrom }) =>
        [skuId, region, currency, amount, unit, validFrom].join(' '),
      );
      expect(lines).toContain('039F-D0DA-4055 us-central1 USD 2.933908 h 2023-03-24');
      expect(lines).toContain('2390-DCAF-DA38 us-west1 USD 0.004237 GiBy.h 2023-03-24');
      expect(lines).toContain('4756-01E4-0F32 asia-southeast1 IDR 68.204999658 GiBy.h 2023-08-10');
      expect(lines).toContain('CF4E-A0C7-E3BF us-east1 IDR 327.173848364 h 2023-08-09');
      expect(new Set(rows.map(({ purchase }) => purchase))).toEqual(new Set(['on-demand']));
    },
  );

  sampleDataTest(
    'the EC2 tables want a region and then hold what they say; empty prices are none',
    async () => {
      const table = prices('aws-ec2-on-demand-us-east-1.csv');
      expect(await bring(table)).toMatchObject({
        status: 'refused',
        code: 'COLUMN_MISSING',
        hint: expect.stringContaining('--region'),
      });
      const told = { region: 'us-east-1', date: '2026-07-20' };
      expect(await bring(table, told)).toMatchObject({
        sheet: { prices: 1367, dated: '2026-07-20', leftOut: [] },
      });
      expect(await bring(prices('aws-ec2-accelerated-us-east-1.csv'), told)).toMatchObject({
        sheet: { prices: 80, leftOut: [{ code: 'NO_PRICE', count: 3 }] },
      });
      expect(
        await bring(prices('aws-ec2-gpu-price-history-us-east-1.csv'), { region: 'us-east-1' }),
      ).toMatchObject({
        sheet: { format: 'EC2 price history', prices: 16, dated: '2026-07-01' },
      });
      const priceOn = async (at: string) =>
        (await found({ sku: 'p5.48xlarge', at })).map(({ amount }) => amount);
      expect(await priceOn('2023-12-31')).toEqual([]);
      expect(await priceOn('2025-05-31')).toEqual(['98.32']);
      expect(await priceOn('2025-06-01')).toEqual(['55.04']);
      expect(await found({ sku: 'p5e.48xlarge' })).toEqual([]);
    },
  );

  sampleDataTest('the TPU table: 700.0 is no price', async () => {
    expect(await bring(prices('gcp-tpu-sample.csv'))).toMatchObject({
      sheet: { prices: 53, leftOut: [{ code: 'PLACEHOLDER', count: 3 }] },
    });
    const rows = await history();
    expect(rows.filter(({ amount }) => amount === '700')).toEqual([]);
    expect(await found({ region: 'us-central2-b' })).toEqual([]);
    expect(
      (await found({ region: 'southamerica-west1-a' })).map(({ purchase, amount }) => [
        purchase,
        amount,
      ]),
    ).toEqual([['on-demand', '2.7']]);
  });

  sampleDataTest('model prices with their history; a list without a day asks for one', async () => {
    await bring(prices('llm', 'openai.json'));
    const luna = async (at: string) =>
      (await found({ sku: 'gpt-5.6-luna', at })).map(({ variant, amount }) => [variant, amount]);
    expect(await luna('2026-07-29')).toEqual([
      ['cached input', '0.1'],
      ['input', '1'],
      ['output', '6'],
    ]);
    expect(await luna('2026-07-30')).toEqual([
      ['cached input', '0.02'],
      ['input', '0.2'],
      ['output', '1.2'],
    ]);
    const list = prices('llm-model-prices-all.json');
    expect(await bring(list)).toMatchObject({
      code: 'COLUMN_MISSING',
      hint: expect.stringContaining('--date'),
    });
    expect(await bring(list, { date: '2025-09-01' })).toMatchObject({
      sheet: { prices: 3159, leftOut: [{ code: 'ZERO_PRICE', count: 288 }] },
    });
    expect(
      (await found({ sku: 'anthropic.claude-sonnet-4-20250514-v1:0' })).map(
        ({ variant, amount }) => [variant, amount],
      ),
    ).toEqual([
      ['cache write', '0.00000375'],
      ['cached input', '0.0000003'],
      ['input', '0.000003'],
      ['output', '0.000015'],
    ]);
  });

  sampleDataTest('files that look like price lists say why they are none', async () => {
    expect(await bring(prices('aws-spot-advisor-2025-06.json'))).toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('no prices'),
    });
    expect(await bring(prices('aws-ec2-reserved-hourly-by-region.json'))).toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      reason: expect.stringContaining('term'),
    });
    expect(await bring(sampleDataPath('gcp-catalog', 'error_response.json'))).toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    });
    expect(await bring(sampleDataPath('focus-sample', 'focus_1.0_sample_a.csv'))).toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
    });
    expect(
      await bring(sampleDataPath('focus-sample', 'focus_1.0_sample_a.snappy.parquet')),
    ).toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
  });
});
