import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Dimension } from '../../shared/contract/values.ts';
import { type CsvForm, focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

/** Key and cost of each row by one dimension. */
async function by(
  dimension: Dimension,
  metric: 'billed' | 'effective' | 'list' | 'contracted' = 'billed',
) {
  const { rows } = await place.call('costs.query', { by: [dimension], metric });
  return Object.fromEntries(rows.map((row) => [String(row.keys[dimension]), row.cost]));
}
async function daily() {
  const { rows } = await place.call('costs.query', { granularity: 'day' });
  return Object.fromEntries(rows.map((row) => [row.period, row.cost]));
}
async function loadRows(rows: readonly FocusRow[], form: CsvForm = {}) {
  const [load] = await place.load(place.file('bill.csv', focusCsv(rows, form)));
  expect(load).toMatchObject({ status: 'loaded', rowsRead: rows.length, rowsKept: rows.length });
  return load!;
}

describe('values', () => {
  test('ids with leading zeros and ids that look like numbers stay text', async () => {
    const ids = [
      '007',
      '7',
      '1e3',
      '1000',
      '0x1F',
      '12345678901234567890',
      '1.0',
      '-5',
      'true',
      '2026-03-01',
    ];
    await loadRows(ids.map((id) => focusRow({ SubAccountId: id, BilledCost: '1' })));
    expect(Object.keys(await by('account')).sort()).toEqual([...ids].sort());
  });

  test.each(['', 'NULL', 'null', '[N/A]', ' '])('"%s" is no value', async (text) => {
    await loadRows([
      focusRow({ RegionId: text, ListCost: text, Tags: text }),
      focusRow({ RegionId: 'eu', ListCost: '0', Tags: '{"team":"a"}' }),
    ]);
    expect(await by('region', 'list')).toEqual({ null: null, eu: '0' });
    expect(await by('tag:team', 'list')).toEqual({ null: null, a: '0' });
    const { totals } = await place.call('costs.query', { metric: 'list' });
    expect(totals).toEqual([{ currency: 'USD', cost: '0', unknownRows: 1 }]);
  });

  test('0 is an amount; a metric that no charge delivers is unknown, not 0', async () => {
    const columns = Object.keys(focusRow()).filter(
      (name) => name !== 'ContractedCost' && name !== 'EffectiveCost',
    );
    const load = await loadRows([focusRow({ BilledCost: '0' }), focusRow({ BilledCost: '0.00' })], {
      columns,
    });
    expect(load.totals).toEqual([
      { currency: 'USD', billed: '0', effective: null, list: '5', contracted: null },
    ]);
    expect(load.warnings.map(({ code }) => code)).toContain('COLUMN_MISSING');
    expect((await place.call('costs.query', {})).totals).toEqual([
      { currency: 'USD', cost: '0', unknownRows: 0 },
    ]);
    expect(await place.call('costs.query', { metric: 'effective', by: ['service'] })).toEqual({
      metric: 'effective',
      rows: [{ keys: { service: 'Amazon EC2' }, currency: 'USD', cost: null }],
      totals: [{ currency: 'USD', cost: null, unknownRows: 2 }],
    });
    expect((await place.call('app.info', {})).data?.metrics).toEqual(['billed', 'list']);
  });

  test('up to 27 decimals are kept, of any size, and currencies stay apart', async () => {
    const tiny = `0.${'0'.repeat(26)}1`;
    await loadRows([
      focusRow({ BilledCost: tiny, ServiceName: 'tiny' }),
      focusRow({ BilledCost: '999999999999999.999999999999999999999999999', ServiceName: 'huge' }),
      focusRow({ BilledCost: '-1E-27', ServiceName: 'negative' }),
      focusRow({ BilledCost: '123456789012.34', BillingCurrency: 'JPY' }),
      focusRow({ BilledCost: '1.5e3', BillingCurrency: 'jpy', ServiceName: 'exponent' }),
    ]);
    expect(await by('service')).toEqual({
      tiny,
      huge: '999999999999999.999999999999999999999999999',
      negative: `-${tiny}`,
      'Amazon EC2': '123456789012.34',
      exponent: '1500',
    });
    const { totals } = await place.call('costs.query', {});
    expect(new Map(totals.map((total) => [total.currency, total.cost]))).toEqual(
      new Map([
        ['USD', '999999999999999.999999999999999999999999999'],
        ['JPY', '123456790512.34'],
      ]),
    );
  });

  test('the quick way of reading an amount is only for what it reads exactly', async () => {
    // 16 characters are one digit too many where there is no point; 1e-320 is 0 as a double.
    const exact = ['0.000000001', '999999.999999999', '-0.1', '1e3', '0.30000000000000004'];
    await loadRows(exact.map((cost, i) => focusRow({ BilledCost: cost, ServiceName: `s${i}` })));
    expect(await by('service')).toEqual({
      s0: '0.000000001',
      s1: '999999.999999999',
      s2: '-0.1',
      s3: '1000',
      s4: '0.30000000000000004',
    });
    for (const text of ['1_000', '1e-320', 'inf', '0x10', '1e-28']) {
      const rows = [focusRow({ BilledCost: '1' }), focusRow({ BilledCost: text })];
      const [load] = await place.load(place.file('other.csv', focusCsv(rows)), { replace: true });
      expect({ text, status: load?.status, code: load?.code }).toEqual({
        text,
        status: 'refused',
        code: 'AMOUNT_BAD',
      });
    }
  });

  test('tags as JSON, as a list of pairs, without braces, and unreadable ones kept', async () => {
    const load = await loadRows([
      focusRow({ Tags: '{"team":"a","n":1,"deep":{"x":true}}', BilledCost: '1' }),
      focusRow({ Tags: '[{"key":"team","value":"b"}]', BilledCost: '2' }),
      focusRow({ Tags: '"team": "c"', BilledCost: '4' }),
      focusRow({ Tags: 'team=d', BilledCost: '8' }),
      focusRow({ Tags: '{}', BilledCost: '16' }),
      focusRow({ Tags: '{"team":"","__proto__":"p"}', BilledCost: '32' }),
    ]);
    expect(await by('tag:team')).toEqual({ a: '1', b: '2', c: '4', null: '56' });
    expect(await by('tag:n')).toMatchObject({ 1: '1' });
    expect(await by('tag:deep')).toMatchObject({ '{"x":true}': '1' });
    expect(await by('tag:__proto__')).toEqual({ null: '31', p: '32' });
    expect(await by('tag:unreadable')).toMatchObject({ 'team=d': '8' });
    expect(load.warnings.map(({ code }) => code)).toContain('TAGS_UNREADABLE');
  });

  test('dimensions read the columns that the design names', async () => {
    await loadRows([
      focusRow({
        ServiceProviderName: 'Reseller',
        SubAccountId: '',
        SkuPriceDetails: '{"InstanceType":"p5.48xlarge"}',
        CommitmentDiscountId: 'sp-1',
        PricingCategory: 'Committed',
        ChargeClass: 'Correction',
        InvoiceId: 'INV-1',
        SkuId: 'SKU1',
        ConsumedQuantity: '',
        PricingQuantity: '2',
        PricingUnit: 'Hrs',
        ConsumedUnit: 'Seconds',
      }),
    ]);
    const expected: Record<string, string> = {
      provider: 'Reseller',
      account: '0001',
      'billing-account': '0001',
      instance: 'p5.48xlarge',
      commitment: 'sp-1',
      pricing: 'Committed',
      'charge-class': 'Correction',
      invoice: 'INV-1',
      sku: 'SKU1',
      unit: 'Hrs',
      charge: 'Usage',
      category: 'Compute',
    };
    for (const [dimension, value] of Object.entries(expected)) {
      expect([dimension, await by(dimension as Dimension)]).toEqual([
        dimension,
        { [value]: '1.25' },
      ]);
    }
  });
});

describe('times', () => {
  const times: [string, string][] = [
    ['2026-03-01T00:30:00+02:00', '2026-02-28'],
    ['2026-03-01T00:30:00Z', '2026-03-01'],
    ['2026-03-01T23:59:59.999Z', '2026-03-01'],
    ['2026-03-01 23:59:59.999999', '2026-03-01'],
    ['2026-03-01', '2026-03-01'],
    ['2026-03-01 00:30', '2026-03-01'],
    ['2026-03-01T00:30Z', '2026-03-01'],
    ['2026-02-28T23:30-01:00', '2026-03-01'],
    ['2026-03-01 00:30:00 UTC', '2026-03-01'],
    ['2026-03-01T20:00:00-08:00', '2026-03-02'],
    ['2026-03-01T20:00:00-0800', '2026-03-02'],
    ['2026-03-01 00:30:00+00', '2026-03-01'],
    ['2024-02-29T12:00:00Z', '2024-02-29'],
  ];
  test.each(times)('%s is on %s', async (text, day) => {
    await loadRows([focusRow({ ChargePeriodStart: text })]);
    expect(await daily()).toEqual({ [day]: '1.25' });
  });

  test('a charge without a start is kept on the first day of its billing period, and said so', async () => {
    const load = await loadRows([focusRow({ ChargePeriodStart: '' })]);
    expect(await daily()).toEqual({ '2026-03-01': '1.25' });
    expect(load.warnings).toMatchObject([{ code: 'START_MISSING', count: 1 }]);
  });

  test('an invoice month stands in for the billing period', async () => {
    const columns = [
      ...Object.keys(focusRow()).filter((name) => name !== 'BillingPeriodStart'),
      'x_InvoiceMonth',
    ];
    const load = await loadRows(
      [focusRow({ x_InvoiceMonth: '202604' }), focusRow({ x_InvoiceMonth: '2026-05' })],
      { columns },
    );
    expect(load.periods).toEqual(['2026-04', '2026-05']);
  });
});
