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
const history = () => found({ history: true });

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
