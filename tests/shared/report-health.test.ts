import { expect, test } from 'vitest';
import type { HealthSheet } from '../../shared/contract/health.ts';
import { healthTable } from '../../shared/reports/monthlyHealth.ts';
import type { MonthlyFacts } from '../../shared/reports/monthlyFacts.ts';

const sheet: HealthSheet = {
  rows: 12_345,
  firstDay: '2026-10-01',
  lastDay: '2026-10-31',
  gaps: [{ from: '2026-10-04', to: '2026-10-05', days: 2 }],
  nulls: [
    { column: 'Service', rows: 0 },
    { column: 'Region', rows: 970 },
    { column: 'Tags', rows: 1 },
  ],
  rulesChecked: 20,
  findings: [{ rule: 'SkuId-C-005-C', message: 'SkuId has a value.', rows: 3 }],
  untagged: [
    { currency: 'EUR', rows: 0, billed: null, total: '7' },
    { currency: 'USD', rows: 1, billed: '1147007.95086', total: '11910358.2' },
  ],
  negativeRows: 7,
  invoices: [],
  moreInvoices: 0,
};

const table = (health: MonthlyFacts['health']) =>
  healthTable({ health } as unknown as MonthlyFacts);
const row = (changes: Partial<HealthSheet>) =>
  table([{ file: 'oct.csv', sheet: { ...sheet, ...changes } }])?.rows[0];

test('a report without sheets has no table', () => {
  expect(table([])).toBeNull();
});

test('a row says what the sheet says, with every gap in words under it', () => {
  expect(row({})?.cells.map(({ text }) => text)).toEqual([
    'oct.csv',
    '12,345',
    '2',
    '7',
    '0; $ 1,147,007.95, 9.6%',
    '1 of 20',
  ]);
  expect(row({})?.detail).toBe(
    'Without a value: region in 970 rows and tags in 1 row. SkuId-C-005-C does not hold in 3 rows.',
  );
});

test('what does not apply and what is unknown is said so; a clean file needs no words', () => {
  const clean = row({
    rulesChecked: 0,
    findings: [],
    nulls: [],
    gaps: [],
    negativeRows: 0,
    untagged: [{ currency: 'USD', rows: 1, billed: null, total: null }],
  });
  expect(clean?.cells.map(({ text }) => text).slice(2)).toEqual(['0', '0', 'unknown', 'n/a']);
  expect(clean?.detail).toBeUndefined();
});
