import { afterEach, beforeEach, expect, test } from 'vitest';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
beforeEach(async () => {
  place = workspace();
  const path = place.file(
    'march.csv',
    focusCsv([
      focusRow({ BilledCost: '1.5', ResourceId: 'i-1' }),
      focusRow({ BilledCost: '1234.000000001', ResourceId: 'i-2', ServiceName: '' }),
      focusRow({ BilledCost: '', ResourceId: 'i-3', BillingCurrency: 'EUR' }),
    ]),
  );
  await place.load(path);
});
afterEach(() => place.close());

test('outlay lines: each line with file and row, what they add up to, and whether it ties out', async () => {
  const { code, out, err } = await place.cli('lines');
  expect([code, err]).toEqual([0, '']);
  expect(out.trimEnd().split('\n')).toEqual([
    'day         service     resource          billed  effective       file       row',
    '2026-03-05  (no value)  i-2       1234.000000001       1.20  USD  march.csv  3',
    '2026-03-05  Amazon EC2  i-1                  1.5       1.20  USD  march.csv  2',
    '2026-03-05  Amazon EC2  i-3              unknown       1.20  EUR  march.csv  4',
    '2 lines, billed 1235.500000001, effective 2.4 USD',
    '1 line, billed unknown, effective 1.2 EUR',
    'Ties out to what is stored.',
  ]);
});

test('a page of a slice; an empty slice; a bad question', async () => {
  const page = await place.cli(
    'lines',
    '--filter',
    'currency=USD',
    '--limit',
    '1',
    '--offset',
    '1',
  );
  expect(page.out).toContain(
    'march.csv  2\n2 lines, billed 1235.500000001, effective 2.4 USD (1 shown)',
  );
  expect(page.out).not.toContain('i-2');
  expect(await place.cli('lines', '--filter', 'resource=i-9')).toMatchObject({
    code: 0,
    out: 'No lines match.\n',
  });
  expect(await place.cli('lines', '--limit', 'many')).toMatchObject({ code: 2, out: '' });
  expect((await place.cli('lines', '--filter', 'resource')).err).toContain('Usage: outlay lines');
  expect((await place.cli('--help')).out).toContain('  lines [--metric M]');
});

test('where lines are not kept the command says of which file, and how much', async () => {
  await place.call('settings.set', { detail: false });
  const { code, out } = await place.cli('lines', '--filter', 'currency=USD');
  expect([code, out]).toEqual([
    0,
    'Not kept: march.csv, 2 lines, billed 1235.500000001, effective 2.4 USD\n',
  ]);
});
