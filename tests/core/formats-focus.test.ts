import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { detectFormat } from '../../electron/core/ingest/detect.ts';
import type { Dimension } from '../../shared/contract/values.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

async function by(dimension: Dimension, metric: 'billed' | 'effective' = 'billed') {
  const { rows } = await place.call('costs.query', { by: [dimension], metric });
  return Object.fromEntries(rows.map((row) => [String(row.keys[dimension]), row.cost]));
}

describe('versions', () => {
  sampleDataTest('the columns of each version of the specification name it', async () => {
    const text = readFileSync(sampleDataPath('focus-spec', 'columns-by-version.csv'), 'utf8');
    const columns = new Map<string, string[]>();
    for (const line of text.trim().split('\n').slice(1)) {
      const [version = '', column = ''] = line.split(',');
      columns.set(version, [...(columns.get(version) ?? []), column]);
    }
    expect([...columns.keys()]).toEqual('0.5 1.0-preview 1.0 1.1 1.2 1.3 1.4 1.5-draft'.split(' '));
    for (const [version, names] of columns) {
      const { format, layout } = detectFormat('bill.csv', names);
      expect(format).toEqual({ family: 'FOCUS', version });
      expect(layout.findings(names).filter(({ code }) => code === 'COLUMN_UNKNOWN')).toEqual([]);
    }
  });

  sampleDataTest('the columns that Azure delivers are FOCUS, with its extensions', async () => {
    for (const [file, version] of [
      ['FocusCost_1.0.json', '1.0'],
      ['FocusCost_1.2-preview.json', '1.2'],
    ] as const) {
      const { Columns } = JSON.parse(readFileSync(sampleDataPath('azure-focus', file), 'utf8')) as {
        Columns: { ColumnName: string }[];
      };
      const names = Columns.map(({ ColumnName }) => ColumnName);
      const { format, layout } = detectFormat(file, names);
      expect(format).toEqual({ family: 'FOCUS', version });
      expect(layout.findings(names).map(({ code }) => code)).toEqual(['COLUMN_EXTENSION']);
    }
  });

  test('0.5: the amortised cost is the effective one, and the old names are read', async () => {
    const {
      EffectiveCost: _e,
      ListCost: _l,
      ContractedCost: _c,
      ChargeCategory: _g,
      ...old
    } = focusRow({ AmortizedCost: '0.75', ChargeType: 'Usage', Region: 'eu-1' });
    const [load] = await place.load(place.file('old.csv', focusCsv([old])));
    expect(load).toMatchObject({
      status: 'loaded',
      version: '0.5',
      totals: [{ billed: '1.25', effective: '0.75', list: null, contracted: null }],
    });
    expect(await by('region')).toEqual({ 'eu-1': '1.25' });
    expect(await by('charge')).toEqual({ Usage: '1.25' });
  });

  test('1.0-preview: usage quantity and what the subcategory says', async () => {
    const { ContractedCost: _, ...row } = focusRow({
      Region: 'eu-1',
      UsageQuantity: '3',
      UsageUnit: 'Hours',
      ChargeSubcategory: 'Used Commitment',
    });
    const refund = { ...row, ChargeSubcategory: 'Refund', BilledCost: '-1' };
    const [load] = await place.load(place.file('preview.csv', focusCsv([row, refund])));
    expect(load).toMatchObject({ status: 'loaded', version: '1.0-preview' });
    expect(await by('unit')).toEqual({ Hours: '0.25' });
    expect(await by('charge-class')).toEqual({ Correction: '-1', null: '1.25' });
  });
});

describe('amounts as people write them', () => {
  test('a currency sign and thousands commas are read where they mean one thing only', async () => {
    const amounts: [string, string][] = [
      ['$10,000.00 ', '10000'],
      ['10,000.00', '10000'],
      ['-$5.50', '-5.5'],
      ['$-5.50', '-5.5'],
      ['1,234,567', '1234567'],
      ['$505', '505'],
      ['12.5', '12.5'],
    ];
    const rows = amounts.map(([text], i) => focusRow({ BilledCost: text, ServiceName: `${i}` }));
    const [load] = await place.load(place.file('money.csv', focusCsv(rows)));
    expect(load).toMatchObject({ status: 'loaded', rowsKept: amounts.length });
    expect(load?.warnings.map(({ code }) => code)).toContain('AMOUNTS_AS_MONEY');
    expect(await by('service')).toEqual(
      Object.fromEntries(amounts.map(([, value], i) => [`${i}`, value])),
    );
  });

  test('the sign must be that of the currency of the row', async () => {
    const euro = focusRow({ BilledCost: '€1,000.50', BillingCurrency: 'EUR' });
    expect(await place.load(place.file('euro.csv', focusCsv([euro])))).toMatchObject([
      { status: 'loaded', totals: [{ currency: 'EUR', billed: '1000.5' }] },
    ]);
    const wrong = focusCsv([{ ...euro, BillingCurrency: 'USD' }]);
    const [load] = await place.load(place.file('wrong.csv', wrong));
    expect(load).toMatchObject({ status: 'refused', code: 'AMOUNT_BAD' });
    expect(load?.reason).toContain('row 2, BilledCost: "€1,000.50"');
  });
});

describe('dates with the year last', () => {
  const bill = (start: string, period = '03/01/2026') =>
    focusCsv([focusRow({ ChargePeriodStart: start, BillingPeriodStart: period })]);

  test('are refused, and the hint names the option', async () => {
    const [load] = await place.load(place.file('d.csv', bill('3/5/26')));
    expect(load).toMatchObject({ status: 'refused', code: 'DATE_BAD' });
    expect(load?.hint).toContain('--date-order mdy or dmy');
  });

  test.each([
    ['3/5/26', 'mdy', '2026-03-05'],
    ['3/5/26', 'dmy', '2026-05-03'],
    ['12/31/2025', 'mdy', '2025-12-31'],
    ['31.12.2025', 'dmy', '2025-12-31'],
    ['31-12-2025 14:30', 'dmy', '2025-12-31'],
    ['12/31/2025 11:59:00 PM', 'mdy', '2025-12-31'],
    ['2026-03-05T23:00:00-05:00', 'mdy', '2026-03-06'],
  ] as const)('%s read as %s is %s', async (text, dateOrder, day) => {
    const period = dateOrder === 'mdy' ? '03/01/2026' : '01/03/2026';
    const [load] = await place.load(place.file('d.csv', bill(text, period)), { dateOrder });
    expect(load).toMatchObject({ status: 'loaded', periods: ['2026-03'] });
    const { rows } = await place.call('costs.query', { granularity: 'day' });
    expect(rows.map((row) => row.period)).toEqual([day]);
  });

  test('a month that does not exist is refused, not read the other way round', async () => {
    const loads = await place.load(place.file('d.csv', bill('13/1/2026')), { dateOrder: 'mdy' });
    expect(loads).toMatchObject([{ status: 'refused', code: 'DATE_BAD' }]);
    expect(loads[0]?.reason).toContain('"13/1/2026"');
  });

  test('the command line takes the option, and no other word for it', async () => {
    const path = place.file('d.csv', bill('3/5/26'));
    expect(await place.cli('import', path, '--date-order', 'ymd')).toMatchObject({ code: 2 });
    expect(await place.cli('import', path, '--date-order', 'mdy')).toMatchObject({ code: 0 });
  });
});

describe('a currency that the file does not name', () => {
  const columns = Object.keys(focusRow()).filter((name) => name !== 'BillingCurrency');

  test('is asked for, and taken from the option', async () => {
    const path = place.file('none.csv', focusCsv([focusRow()], { columns }));
    const [load] = await place.load(path);
    expect(load).toMatchObject({ status: 'refused', code: 'COLUMN_MISSING' });
    expect(load?.hint).toContain('--currency');
    const answer = await place.cli('import', path, '--currency', 'chf');
    expect(answer.code).toBe(0);
    expect((await place.call('costs.query', {})).totals).toMatchObject([{ currency: 'CHF' }]);
  });

  test('never replaces one that a row names, and a bad one is no option', async () => {
    const rows = [focusRow({ BillingCurrency: '' }), focusRow({ BillingCurrency: 'EUR' })];
    const path = place.file('some.csv', focusCsv(rows));
    expect(await place.load(path)).toMatchObject([{ status: 'refused', code: 'CURRENCY_BAD' }]);
    const [load] = await place.load(path, { currency: 'USD' });
    expect(load?.totals.map(({ currency }) => currency).sort()).toEqual(['EUR', 'USD']);
    const wrong = await place.cli('import', path, '--currency', 'dollars');
    expect(wrong.code).toBe(2);
  });
});

describe('a header with one name too many', () => {
  const lines = focusCsv([focusRow(), focusRow({ BilledCost: '2' })])
    .trimEnd()
    .split('\n');
  const text = (surplus: string, rows = lines.slice(1)) =>
    [`${lines[0]},${surplus}`, ...rows].join('\n');

  test('is read without its last name, and said so', async () => {
    const [load] = await place.load(place.file('more.csv', text('Surplus')));
    expect(load).toMatchObject({ status: 'loaded', rowsKept: 2, totals: [{ billed: '3.25' }] });
    const found = load?.warnings.find(({ code }) => code === 'HEADER_SURPLUS');
    expect(found?.message).toContain('Surplus');
    expect((await by('region'))['null']).toBe('3.25');
  });

  test('a column that totals need is not left out', async () => {
    const header = lines[0]?.replace('BilledCost', 'Other');
    const loads = await place.load(
      place.file('needed.csv', [`${header},BilledCost`, ...lines.slice(1)].join('\n')),
    );
    expect(loads).toMatchObject([{ status: 'refused', code: 'COLUMN_MISSING' }]);
  });

  test('one row alone, or a row that has the cell, is a damaged file', async () => {
    const [one] = await place.load(place.file('one.csv', text('S', lines.slice(1, 2))));
    expect(one).toMatchObject({ status: 'refused', code: 'ROW_BAD' });
    const mixed = text('S', [...lines.slice(1), `${lines[1]},x`]);
    const [two] = await place.load(place.file('mixed.csv', mixed));
    expect(two).toMatchObject({ status: 'refused', code: 'ROW_BAD' });
    expect(two?.reason).toContain('row 2 (line 2): 15 cells, the header has 16');
  });
});
