import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { focusCsv, focusRow, type FocusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const row = (cells: FocusRow): FocusRow =>
  focusRow({
    ProviderName: 'Solora AI',
    ServiceName: 'Solora Generative AI API',
    ServiceCategory: 'AI and Machine Learning',
    SkuId: cells['SkuMeter'] ?? '',
    ...cells,
  });

/** Cost and quantity by unit, as the lines have them in the ledger. */
async function byUnit() {
  const { rows } = await place.call('costs.query', { by: ['unit', 'currency'], metric: 'billed' });
  return rows.map(({ keys, currency, cost }) => [keys['unit'], currency, cost]);
}

test('a virtual currency is a unit of quantity, and is never added to money', async () => {
  const rows = [
    row({
      BilledCost: '20',
      SkuMeter: 'Warehouse credits',
      PricingCurrency: 'Credits',
      PricingCurrencyEffectiveCost: '12.5',
      ConsumedQuantity: '3',
      ConsumedUnit: 'Hours',
    }),
    row({
      BilledCost: '2',
      SkuMeter: 'Input Tokens',
      PricingCurrency: 'Credits',
      PricingCurrencyEffectiveCost: '1.25',
      ConsumedQuantity: '400000',
      ConsumedUnit: 'Tokens',
    }),
    row({
      BilledCost: '5',
      SkuMeter: 'Support',
      PricingCurrency: 'EUR',
      PricingCurrencyEffectiveCost: '4.6',
      ConsumedQuantity: '1',
      ConsumedUnit: 'Months',
    }),
    row({
      BilledCost: '1',
      SkuMeter: 'DBUs',
      PricingCurrency: 'DBU',
      PricingCurrencyEffectiveCost: '7',
    }),
  ];
  const [load] = await place.load(place.file('saas.csv', focusCsv(rows)));
  expect(load).toMatchObject({ status: 'loaded', version: '1.2' });
  expect(load?.totals).toMatchObject([{ currency: 'USD', billed: '28' }]);
  expect(load?.warnings).toContainEqual({
    code: 'VIRTUAL_CURRENCY',
    count: 3,
    message: expect.stringMatching(/^Priced in (Credits, DBU|DBU, Credits): shown as quantities/),
  });
  expect(await byUnit()).toEqual([
    ['Credits', 'USD', '20'],
    ['Months', 'USD', '5'],
    ['Tokens', 'USD', '2'],
    ['DBU', 'USD', '1'],
  ]);
  const { rows: lines } = await place.call('costs.lines', { metric: 'billed' });
  expect(lines.map(({ quantity, dimensions }) => [quantity, dimensions['unit']])).toEqual([
    ['12.5', 'Credits'],
    ['1', 'Months'],
    ['400000', 'Tokens'],
    ['7', 'DBU'],
  ]);
  const { rows: tokens } = await place.call('workloads.tokens', { metric: 'billed' });
  expect(tokens).toMatchObject([{ tokens: '400000', perMillion: '5' }]);
});

test('national currencies change nothing, and are no finding', async () => {
  const [load] = await place.load(
    place.file(
      'eur.csv',
      focusCsv([
        row({
          SkuMeter: 'Support',
          PricingCurrency: 'EUR',
          PricingCurrencyEffectiveCost: '1',
          ConsumedQuantity: '1',
          ConsumedUnit: 'Months',
        }),
      ]),
    ),
  );
  expect(load?.warnings.map(({ code }) => code)).not.toContain('VIRTUAL_CURRENCY');
  expect(await byUnit()).toEqual([['Months', 'USD', '1.25']]);
});

test('token rows: model, direction and cache from the details of the SKU, whoever keeps them', async () => {
  const tokens = (meter: string, details: FocusRow, quantity: string) =>
    row({
      BilledCost: '1',
      EffectiveCost: '1',
      SkuMeter: meter,
      SkuId: JSON.stringify([meter, details]),
      ConsumedQuantity: quantity,
      ConsumedUnit: 'Tokens',
      ...details,
    });
  const json = (of: Record<string, string>) => JSON.stringify(of);
  const rows = [
    tokens(
      'Tokens',
      { SkuPriceDetails: json({ ModelId: 'atlas-5', TokenDirection: 'Input' }) },
      '10',
    ),
    tokens(
      'Tokens',
      {
        SkuPriceDetails: json({
          ModelId: 'atlas-5',
          TokenDirection: 'Input',
          TokenCacheAction: 'Read',
        }),
      },
      '20',
    ),
    tokens(
      'Input Tokens',
      { SkuPriceDetails: json({ ModelFamily: 'Atlas Mini', TokenCacheAction: 'Write' }) },
      '30',
    ),
    tokens('Output Tokens', { x_SkuDetails: json({ ModelId: 'atlas-4' }) }, '40'),
    tokens('Batch Output Tokens', { SkuPriceDetails: json({ ModelId: 'atlas-5' }) }, '50'),
  ];
  await place.load(place.file('tokens.csv', focusCsv(rows)));
  const { rows: found } = await place.call('workloads.tokens', { metric: 'billed' });
  expect(
    found
      .map(({ model, tokenClass, batch, tokens: of }) => [of, model, tokenClass, batch])
      .sort(([a], [b]) => Number(a) - Number(b)),
  ).toEqual([
    ['10', 'atlas-5', 'uncached', false],
    ['20', 'atlas-5', 'cache-read', false],
    ['30', 'Atlas Mini', 'cache-write', false],
    ['40', 'atlas-4', 'output', false],
    ['50', 'atlas-5', 'output', true],
  ]);
});
