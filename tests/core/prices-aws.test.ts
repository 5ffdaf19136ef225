import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
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
