import { gzipSync } from 'node:zlib';
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

/** A product of the AWS price list with one price on demand. */
const product = (
  sku: string,
  attributes: Record<string, string>,
  amount: string,
  unit = 'Hrs',
) => ({
  products: { [sku]: { sku, productFamily: 'Compute Instance', attributes } },
  onDemand: {
    [sku]: {
      [`${sku}.JRTCKXETXF`]: {
        offerTermCode: 'JRTCKXETXF',
        sku,
        effectiveDate: '2026-07-01T00:00:00Z',
        priceDimensions: {
          [`${sku}.JRTCKXETXF.6YS6EN2CT7`]: {
            unit,
            beginRange: '0',
            endRange: 'Inf',
            description: `$${amount} per On Demand hour`,
            pricePerUnit: { USD: amount },
          },
        },
        termAttributes: {},
      },
    },
  },
});
const p5 = {
  instanceType: 'p5.48xlarge',
  regionCode: 'us-east-1',
  operatingSystem: 'Linux',
  tenancy: 'Shared',
  preInstalledSw: 'NA',
  licenseModel: 'No License required',
  capacitystatus: 'Used',
  usagetype: 'BoxUsage:p5.48xlarge',
};
const parts = [
  product('AAA', p5, '55.0400000000'),
  product('BBB', { ...p5, operatingSystem: 'Windows', tenancy: 'Dedicated' }, '70.5'),
  // What capacity blocks and reservations look like: an hour at 0.
  product(
    'CCC',
    { ...p5, instanceType: 'p5e.48xlarge', usagetype: 'CapacityBlock:p5e.48xlarge' },
    '0.0000000000',
  ),
  product(
    'DDD',
    { ...p5, capacitystatus: 'AllocatedCapacityReservation', usagetype: 'Reservation:p5.48xlarge' },
    '0',
  ),
  product(
    'EEE',
    { ...p5, instanceType: 'p5en.48xlarge', usagetype: 'BoxUsage:p5en.48xlarge' },
    '0',
  ),
];
const reserved = {
  AAA: {
    'AAA.R1': {
      offerTermCode: 'R1',
      sku: 'AAA',
      effectiveDate: '2026-07-01T00:00:00Z',
      priceDimensions: {
        'AAA.R1.1': { unit: 'Hrs', beginRange: '0', pricePerUnit: { USD: '17.5' } },
        'AAA.R1.2': {
          unit: 'Quantity',
          description: 'Upfront Fee',
          pricePerUnit: { USD: '153300' },
        },
      },
      termAttributes: {
        LeaseContractLength: '1yr',
        OfferingClass: 'standard',
        PurchaseOption: 'Partial Upfront',
      },
    },
    'AAA.R2': {
      offerTermCode: 'R2',
      sku: 'AAA',
      effectiveDate: '2026-07-01T00:00:00Z',
      priceDimensions: {
        'AAA.R2.1': {
          unit: 'Quantity',
          description: 'Upfront Fee',
          pricePerUnit: { USD: '700000' },
        },
      },
      termAttributes: {
        LeaseContractLength: '3yr',
        OfferingClass: 'convertible',
        PurchaseOption: 'All Upfront',
      },
    },
  },
};
const offer = {
  formatVersion: 'v1.0',
  offerCode: 'AmazonEC2',
  version: '20260720000000',
  publicationDate: '2026-07-20T00:00:00Z',
  products: Object.assign({}, ...parts.map(({ products }) => products)) as object,
  terms: {
    OnDemand: Object.assign({}, ...parts.map(({ onDemand }) => onDemand)) as object,
    Reserved: reserved,
  },
};
/** What all three forms of the AWS list below come to. */
const awsPrices = [
  {
    sku: 'p5.48xlarge',
    skuId: 'AAA',
    variant: '',
    purchase: 'on-demand',
    amount: '55.04',
    upfront: null,
    termMonths: null,
  },
  {
    sku: 'p5.48xlarge',
    skuId: 'AAA',
    variant: '',
    purchase: 'commitment',
    offer: 'reserved',
    amount: '17.5',
    upfront: '153300',
    termMonths: 12,
    payment: 'partial',
  },
  {
    sku: 'p5.48xlarge',
    skuId: 'BBB',
    variant: 'Windows; Dedicated',
    purchase: 'on-demand',
    amount: '70.5',
  },
  {
    sku: 'p5.48xlarge',
    skuId: 'AAA',
    variant: 'convertible',
    purchase: 'commitment',
    amount: '0',
    upfront: '700000',
    termMonths: 36,
    payment: 'all',
  },
];
const byText = (rows: readonly { skuId: string | null; amount: string; variant: string }[]) =>
  rows.toSorted((a, b) =>
    `${a.skuId} ${a.variant} ${a.amount}`.localeCompare(`${b.skuId} ${b.variant} ${b.amount}`),
  );

describe('AWS price lists', () => {
  const capacity = {
    code: 'CAPACITY_BLOCK',
    count: 2,
    message: expect.stringContaining('listed at 0'),
  };

  test('an offer file: reserved parts are one price, hours at 0 are no price', async () => {
    const file = await bring(place.file('index.json', JSON.stringify(offer)));
    expect(file).toMatchObject({
      status: 'loaded',
      sheet: {
        format: 'AWS price list',
        kind: 'published',
        dated: '2026-07-20',
        prices: 4,
        leftOut: [capacity, { code: 'ZERO_PRICE', count: 1 }],
      },
    });
    expect(byText(await found())).toMatchObject(byText(awsPrices as never));
    expect(
      new Set(
        (await found()).map(
          ({ region, validFrom, currency }) => `${region} ${validFrom} ${currency}`,
        ),
      ),
    ).toEqual(new Set(['us-east-1 2026-07-01 USD']));
  });

  test('the CSV of the same offer comes to the same prices', async () => {
    const columns = [
      'SKU',
      'OfferTermCode',
      'RateCode',
      'TermType',
      'PriceDescription',
      'EffectiveDate',
      'StartingRange',
      'EndingRange',
      'Unit',
      'PricePerUnit',
      'Currency',
      'LeaseContractLength',
      'PurchaseOption',
      'OfferingClass',
      'Product Family',
      'Instance Type',
      'Tenancy',
      'Operating System',
      'License Model',
      'usageType',
      'CapacityStatus',
      'Pre Installed S/W',
      'Region Code',
    ];
    const row = (cells: Record<string, string>) =>
      columns.map((name) => `"${cells[name] ?? ''}"`).join(',');
    const base = {
      EffectiveDate: '2026-07-01',
      Currency: 'USD',
      'Instance Type': 'p5.48xlarge',
      Tenancy: 'Shared',
      'Operating System': 'Linux',
      'License Model': 'No License required',
      usageType: 'BoxUsage:p5.48xlarge',
      CapacityStatus: 'Used',
      'Pre Installed S/W': 'NA',
      'Region Code': 'us-east-1',
      Unit: 'Hrs',
      OfferTermCode: 'JRTCKXETXF',
      TermType: 'OnDemand',
      StartingRange: '0',
    };
    const r1 = {
      ...base,
      SKU: 'AAA',
      TermType: 'Reserved',
      OfferTermCode: 'R1',
      LeaseContractLength: '1yr',
      PurchaseOption: 'Partial Upfront',
      OfferingClass: 'standard',
    };
    const text = [
      '"FormatVersion","v1.0"',
      '"Disclaimer","This pricing list is for informational purposes only."',
      '"Publication Date","2026-07-20T00:00:00Z"',
      '"Version","20260720000000"',
      '"OfferCode","AmazonEC2"',
      row(Object.fromEntries(columns.map((name) => [name, name]))),
      row({ ...r1, Unit: 'Quantity', PricePerUnit: '153300', StartingRange: '' }),
      row({ ...base, SKU: 'AAA', PricePerUnit: '55.0400000000' }),
      row({
        ...base,
        SKU: 'BBB',
        'Operating System': 'Windows',
        Tenancy: 'Dedicated',
        PricePerUnit: '70.5',
      }),
      row({
        ...base,
        SKU: 'CCC',
        'Instance Type': 'p5e.48xlarge',
        usageType: 'CapacityBlock:p5e.48xlarge',
        PricePerUnit: '0.0000000000',
      }),
      row({
        ...base,
        SKU: 'DDD',
        CapacityStatus: 'AllocatedCapacityReservation',
        usageType: 'Reservation:p5.48xlarge',
        PricePerUnit: '0',
      }),
      row({ ...base, SKU: 'EEE', 'Instance Type': 'p5en.48xlarge', PricePerUnit: '0' }),
      row({ ...r1, PricePerUnit: '17.5' }),
      row({
        ...r1,
        OfferTermCode: 'R2',
        LeaseContractLength: '3yr',
        PurchaseOption: 'All Upfront',
        OfferingClass: 'convertible',
        Unit: 'Quantity',
        PricePerUnit: '700000',
        StartingRange: '',
      }),
    ].join('\n');
    expect(await bring(place.file('index.csv.gz', gzipSync(text)))).toMatchObject({
      status: 'loaded',
      sheet: {
        dated: '2026-07-20',
        prices: 4,
        leftOut: [capacity, { code: 'ZERO_PRICE', count: 1 }],
      },
    });
    expect(byText(await found())).toMatchObject(byText(awsPrices as never));
  });

  test('the query API: products as text, or one a line', async () => {
    const elements = parts.map(({ products, onDemand }) => {
      const [sku = ''] = Object.keys(products);
      return {
        product: products[sku],
        serviceCode: 'AmazonEC2',
        terms: { OnDemand: onDemand[sku], ...(sku === 'AAA' ? { Reserved: reserved.AAA } : {}) },
        version: '20260720000000',
        publicationDate: '2026-07-20T00:00:00Z',
      };
    });
    const list = {
      FormatVersion: 'aws_v1',
      PriceList: elements.map((element) => JSON.stringify(element)),
    };
    expect(await bring(place.file('products.json', JSON.stringify(list)))).toMatchObject({
      status: 'loaded',
      sheet: { dated: '2026-07-20', prices: 4 },
    });
    const before = byText(await found());
    expect(before).toMatchObject(byText(awsPrices as never));
    const lines = elements.map((element) => JSON.stringify(element)).join('\n');
    expect(await bring(place.file('products.jsonl', lines))).toMatchObject({
      sheet: { prices: 4 },
    });
    expect(byText(await found()).map(({ amount }) => amount)).toEqual(
      before.map(({ amount }) => amount),
    );
  });
});

describe('Azure retail prices', () => {
  const item = {
    currencyCode: 'USD',
    tierMinimumUnits: 0,
    retailPrice: 98.32,
    unitPrice: 98.32,
    armRegionName: 'eastus',
    location: 'US East',
    effectiveStartDate: '2023-08-01T00:00:00Z',
    meterId: 'm',
    meterName: 'ND96isr H100 v5',
    productId: 'p',
    skuId: 'DZH318Z0FQ4C/00HD',
    productName: 'Virtual Machines NDsr H100 v5 Series',
    skuName: 'ND96isr H100 v5',
    serviceName: 'Virtual Machines',
    unitOfMeasure: '1 Hour',
    type: 'Consumption',
    isPrimaryMeterRegion: true,
    armSkuName: 'Standard_ND96isr_H100_v5',
  };
  const page = (items: object[], more: object = {}) =>
    JSON.stringify({
      BillingCurrency: 'USD',
      CustomerEntityId: 'Default',
      Items: items,
      NextPageLink: null,
      Count: items.length,
      ...more,
    });

  test('pay as you go, spot, Windows, reservations of a whole term, savings plans', async () => {
    const path = place.file(
      'azure.json',
      page(
        [
          {
            ...item,
            savingsPlan: [
              { unitPrice: 60.1, retailPrice: 60.1, term: '3 Years' },
              { unitPrice: 75, retailPrice: 75, term: '1 Year' },
            ],
          },
          {
            ...item,
            skuName: 'ND96isr H100 v5 Spot',
            meterName: 'ND96isr H100 v5 Spot',
            retailPrice: 24.5,
          },
          {
            ...item,
            productName: 'Virtual Machines NDsr H100 v5 Series Windows',
            retailPrice: 102.736,
          },
          { ...item, type: 'Reservation', reservationTerm: '1 Year', retailPrice: 537972 },
          { ...item, isPrimaryMeterRegion: false, retailPrice: 1 },
          { ...item, type: 'DevTestConsumption', retailPrice: 50 },
          { ...item, armSkuName: 'Standard_X', retailPrice: 0 },
          {
            ...item,
            armSkuName: '',
            meterName: 'gpt-4o-0806-Inp-glbl Tokens',
            skuName: 'gpt-4o-0806-Inp-glbl',
            retailPrice: 0.0025,
            unitOfMeasure: '1K',
          },
        ],
        { NextPageLink: 'https://example.com/next' },
      ),
    );
    expect(await bring(path)).toMatchObject({
      status: 'loaded',
      sheet: {
        format: 'Azure retail prices',
        prices: 7,
        leftOut: [
          { code: 'SECOND_METER', count: 1 },
          { code: 'DEV_TEST', count: 1 },
          { code: 'ZERO_PRICE', count: 1 },
          { code: 'MORE_PAGES', count: 1 },
        ],
      },
    });
    const rows = await history();
    const one = (amount: string) => rows.find((price) => price.amount === amount);
    expect(one('98.32')).toMatchObject({
      sku: 'Standard_ND96isr_H100_v5',
      region: 'eastus',
      purchase: 'on-demand',
      unit: '1 Hour',
      validFrom: '2023-08-01',
    });
    expect(one('60.1')).toMatchObject({
      purchase: 'commitment',
      offer: 'savings-plan',
      termMonths: 36,
      payment: 'none',
    });
    expect(one('75')).toMatchObject({ termMonths: 12 });
    expect(one('24.5')).toMatchObject({ purchase: 'spot', variant: '' });
    expect(one('102.736')).toMatchObject({ variant: 'Windows', purchase: 'on-demand' });
    // 537972 for an hour would be the known mistake.
    expect(one('0')).toMatchObject({
      offer: 'reserved',
      termMonths: 12,
      upfront: '537972',
      payment: 'all',
    });
    expect(one('0.0025')).toMatchObject({ sku: 'gpt-4o-0806-Inp-glbl Tokens', unit: '1K' });
  });

  test('of two prices of the same thing neither is taken, and it says so', async () => {
    const other = { ...item, armRegionName: 'westus', retailPrice: 99 };
    const items = [item, { ...item, retailPrice: 97 }, item, other, other];
    expect(await bring(place.file('unclear.json', page(items)))).toMatchObject({
      status: 'loaded',
      sheet: { prices: 1, leftOut: [{ code: 'UNCLEAR', count: 3 }] },
    });
    expect((await history()).map(({ amount }) => amount)).toEqual(['99']);
  });

  test('digits that a double would lose are kept', async () => {
    const text = page([item]).replaceAll('98.32', '98.320000000000000001');
    await bring(place.file('exact.json', text));
    expect((await history()).map(({ amount }) => amount)).toEqual(['98.320000000000000001']);
  });

  test.each([
    ['a price that is none', { ...item, retailPrice: 'free' }, /Items|row 1, column retailPrice/],
    [
      'a day that is none',
      { ...item, effectiveStartDate: 'yesterday' },
      /row 1, column effectiveStartDate/,
    ],
    ['a currency that is none', { ...item, currencyCode: '$' }, /row 1, column currencyCode/],
  ])('%s is refused by its place', async (_, bad, reason) => {
    expect(await bring(place.file('bad.json', page([bad])))).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  test('a file that is cut, and one of two lists', async () => {
    expect(await bring(place.file('cut.json', page([item]).slice(0, 200)))).toMatchObject({
      code: 'FILE_DAMAGED',
    });
    const two = `${JSON.stringify(item)}\n${JSON.stringify({ skus: [] })}`;
    expect(await bring(place.file('two.json', two))).toMatchObject({ code: 'UNSUPPORTED_FORMAT' });
  });
});

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
