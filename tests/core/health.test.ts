import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { focusRules } from '../../electron/core/ingest/health-rules.ts';
import { loadsHealth } from '../../shared/contract/health.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { randomCharge } from '../builders/randomBill.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';
import { readTable } from './reportReader.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

async function sheetOf(rows: readonly FocusRow[], name = 'bill.csv') {
  const [load] = await place.load(place.file(name, focusCsv(rows)), { replace: true });
  if (!load || load.status === 'refused') throw new Error(load?.reason);
  return (await place.call('loads.health', { load: load.id })).sheet;
}

const nulls = (sheet: Awaited<ReturnType<typeof sheetOf>>) =>
  Object.fromEntries(
    sheet.nulls.filter(({ rows }) => rows > 0).map(({ column, rows }) => [column, rows]),
  );
const found = (sheet: Awaited<ReturnType<typeof sheetOf>>) =>
  Object.fromEntries(sheet.findings.map(({ rule, rows }) => [rule, rows]));

/** A charge that follows every rule that is checked. */
const clean = (cells: FocusRow = {}) =>
  focusRow({
    RegionId: 'eu-1',
    RegionName: 'Europe',
    SkuId: 'sku',
    ResourceId: 'i-1',
    PricingCategory: 'Standard',
    InvoiceId: 'inv-1',
    Tags: '{"team":"a"}',
    ...cells,
  });

/** One charge that breaks a rule, and how many rows are in doubt because of it. */
const broken: [rule: string, cells: FocusRow, rows: number][] = [
  ['ProviderName-C-003-M', { ProviderName: '' }, 1],
  ['BillingAccountId-C-001-M', { BillingAccountId: '' }, 1],
  ['ServiceName-C-003-M', { ServiceName: '' }, 1],
  ['ServiceCategory-C-002-M', { ServiceCategory: '', ServiceName: 'other' }, 1],
  ['ServiceCategory-C-003-M', { ServiceCategory: 'Computing', ServiceName: 'other' }, 1],
  ['ChargeCategory-C-002-M', { ChargeCategory: '' }, 1],
  ['ChargeCategory-C-003-M', { ChargeCategory: 'usage' }, 1],
  ['ChargeClass-C-005-C', { ChargeClass: 'Refund' }, 1],
  ['PricingCategory-C-007-M', { PricingCategory: 'On-Demand' }, 1],
  ['PricingCategory-C-003-C', { ChargeCategory: 'Tax', SkuId: '' }, 1],
  ['PricingCategory-C-004-C', { PricingCategory: '' }, 1],
  ['SkuId-C-004-C', { ChargeCategory: 'Tax', PricingCategory: '' }, 1],
  ['SkuId-C-005-C', { SkuId: '' }, 1],
  ['CommitmentDiscountStatus-C-003-C', { CommitmentDiscountStatus: 'Used' }, 1],
  ['CommitmentDiscountStatus-C-004-C', { CommitmentDiscountId: 'c-1' }, 1],
  ['BilledCost-C-003-M', { BilledCost: '' }, 1],
  ['EffectiveCost-C-003-M', { EffectiveCost: '' }, 1],
  ['ListCost-C-003-M', { ListCost: '' }, 1],
  ['ContractedCost-C-003-M', { ContractedCost: '' }, 1],
  // Both rows of the service are in doubt.
  ['ServiceName-C-005-C', { ServiceCategory: 'Storage' }, 2],
];

describe('the sheet of one file', () => {
  test('a clean file has no gap and no finding', async () => {
    const sheet = await sheetOf([clean(), clean({ ChargePeriodStart: '2026-03-06' })]);
    expect(nulls(sheet)).toEqual({});
    expect(sheet.findings).toEqual([]);
    expect(sheet).toMatchObject({
      rows: 2,
      firstDay: '2026-03-05',
      lastDay: '2026-03-06',
      gaps: [],
      rulesChecked: focusRules.length,
      untagged: [{ currency: 'USD', rows: 0, billed: null, total: '2.5' }],
      invoices: [{ invoice: 'inv-1', period: '2026-03', currency: 'USD', rows: 2, billed: '2.5' }],
      moreInvoices: 0,
    });
  });

  test('days without a charge are named from the first to the last of each gap', async () => {
    const days = ['2026-03-01', '2026-03-03', '2026-03-07'];
    const sheet = await sheetOf(days.map((day) => clean({ ChargePeriodStart: day })));
    expect(sheet.gaps).toEqual([
      { from: '2026-03-02', to: '2026-03-02', days: 1 },
      { from: '2026-03-04', to: '2026-03-06', days: 3 },
    ]);
  });

  test('untagged spend and invoices are exact, a currency each', async () => {
    const sheet = await sheetOf([
      clean({ BilledCost: '0.1', Tags: '' }),
      clean({ BilledCost: '0.000000000000000000000000001', Tags: '{}' }),
      clean({ BilledCost: '-5', InvoiceId: '' }),
      clean({ BilledCost: '', Tags: '', BillingCurrency: 'EUR', InvoiceId: 'inv-2' }),
    ]);
    expect(sheet.untagged).toEqual([
      { currency: 'EUR', rows: 1, billed: null, total: null },
      {
        currency: 'USD',
        rows: 2,
        billed: '0.100000000000000000000000001',
        total: '-4.899999999999999999999999999',
      },
    ]);
    expect(
      sheet.invoices.map(({ invoice, currency, billed }) => [invoice, currency, billed]),
    ).toEqual([
      [null, 'USD', '-5'],
      ['inv-1', 'USD', '0.100000000000000000000000001'],
      ['inv-2', 'EUR', null],
    ]);
  });

  test.each(broken)(
    '%s counts the rows that break it, and nothing else is found',
    async (rule, cells, rows) => {
      const rowsOfFile = [clean({ CommitmentDiscountStatus: '' }), clean(cells)];
      expect(found(await sheetOf(rowsOfFile))).toEqual({
        [rule]: rows,
      });
    },
  );

  test('every rule that is checked has its case', () => {
    expect(broken.map(([rule]) => rule).sort()).toEqual(focusRules.map(({ id }) => id).sort());
  });

  test('corrections need no SKU and no pricing category', async () => {
    const correction = clean({ ChargeClass: 'Correction', SkuId: '', PricingCategory: '' });
    expect(found(await sheetOf([correction]))).toEqual({});
  });

  test('an unchanged file has the sheet of the load that stored it', async () => {
    const file = place.file('bill.csv', focusCsv([clean()]));
    await place.load(file);
    const [again] = await place.load(file);
    expect(again?.status).toBe('unchanged');
    const health = await place.call('loads.health', { load: again?.id ?? 0 });
    expect(health).toMatchObject({ load: again?.id, file: 'bill.csv', sheet: { rows: 1 } });
  });

  test('a load that is not there, and one that was never read', async () => {
    const [load] = await place.load(place.file('bad.csv', 'a,b\n1,2\n'));
    expect(load?.status).toBe('refused');
    const refusal = await place.refusal('loads.health', { load: load?.id ?? 0 });
    expect(refusal).toMatchObject({ code: 'NO_DATA', message: expect.stringContaining('bad.csv') });
    expect((await place.refusal('loads.health', { load: 99 })).code).toBe('NOT_FOUND');
  });
});

test('the terminal says the same as the call', async () => {
  await sheetOf([clean({ Tags: '' }), clean({ ServiceName: '' })]);
  const json = await place.cli('loads', '--health', '1', '--json');
  expect(loadsHealth.output.parse(JSON.parse(json.out))).toEqual(
    await place.call('loads.health', { load: 1 }),
  );
  const text = (await place.cli('loads', '--health', '1')).out;
  for (const said of ['1.25 of 2.5 USD, 1 rows', 'Service: 1', 'ServiceName-C-003-M', 'inv-1']) {
    expect(text).toContain(said);
  }
  expect(await place.cli('loads', '--health', 'x', '--json')).toMatchObject({ code: 2 });
});

test('the report of a month carries the sheets of its files', async () => {
  await sheetOf([clean({ Tags: '' }), clean({ ServiceName: '' })]);
  const { text } = await place.call('reports.make', { month: '2026-03', format: 'html' });
  const table = readTable(text ?? '', 'Data health');
  expect(table.rows[0]?.texts).toEqual([
    'bill.csv',
    '2',
    '0',
    '0',
    '$ 1.25, 50.0%',
    `1 of ${focusRules.length}`,
  ]);
});

test('random bills: counted again in another way', async () => {
  let file = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(randomCharge, { minLength: 1, maxLength: 12 }), async (rows) => {
      const sheet = await sheetOf(rows, `bill-${++file}.csv`);
      const without = (...columns: string[]) =>
        rows.filter((row) => columns.every((column) => (row[column] ?? '') === '')).length;
      expect(nulls(sheet)).toMatchObject(
        positive({
          Service: without('ServiceName'),
          Account: without('SubAccountId', 'BillingAccountId'),
          Region: without('RegionId'),
          Resource: without('ResourceId'),
          'Service category': without('ServiceCategory'),
          'Billed cost': without('x_billed'),
          'List cost': without('x_list'),
        }),
      );
      expect(found(sheet)['EffectiveCost-C-003-M'] ?? 0).toBe(without('x_effective'));
      const isUntagged = (row: FocusRow) => row['Tags'] === '' || row['Tags'] === '{}';
      for (const { currency, rows: count, billed, total } of sheet.untagged) {
        const own = rows.filter((row) => row['BillingCurrency']?.toUpperCase() === currency);
        expect(count).toBe(own.filter(isUntagged).length);
        expect(total).toBe(billedSum(own));
        expect(billed).toBe(billedSum(own.filter(isUntagged)));
      }
      const days = new Set(rows.map((row) => row['x_day'] ?? ''));
      expect([sheet.firstDay, sheet.lastDay]).toEqual([
        [...days].sort()[0],
        [...days].sort().at(-1),
      ]);
      const missing = sheet.gaps.reduce((sum, gap) => sum + gap.days, 0);
      const span =
        1 + (Date.parse(sheet.lastDay ?? '') - Date.parse(sheet.firstDay ?? '')) / 86_400_000;
      expect(days.size + missing).toBe(span);
    }),
    campaign('health of random bills', 12),
  );
});

function positive(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function billedSum(rows: readonly FocusRow[]): string | null {
  const known = rows.map((row) => row['x_billed'] ?? '').filter((text) => text !== '');
  if (known.length === 0) return null;
  return formatExact(known.reduce((sum, text) => sum + exactOf(text), 0n));
}

test('rows below zero: the sign counts, whatever the spelling; minus nothing is nothing', async () => {
  const texts = ['-1', '-0.5', '-.5', '-0', '-0.00', '-0e5', '1', '0', '', '-1e-9', '-00.07'];
  const sheet = await sheetOf(texts.map((text) => clean({ BilledCost: text })));
  expect(sheet.negativeRows).toBe(5);
  // The same where no amount needs a second look.
  const plain = await sheetOf(['-1', ' -2', '-0', '3'].map((text) => clean({ BilledCost: text })));
  expect(plain.negativeRows).toBe(2);
});

sampleDataTest('every rule is in the requirements model of FOCUS 1.2', async () => {
  const model = JSON.parse(
    readFileSync(sampleDataPath('focus-spec', 'requirements-model-1.2.json'), 'utf8'),
  ) as { ModelRules: Record<string, unknown> };
  expect(focusRules.filter(({ id }) => !Object.hasOwn(model.ModelRules, id))).toEqual([]);
});
