import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contract } from '../../shared/contract/contract.ts';
import { billed } from '../builders/billedDays.ts';
import { type Workspace, workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let place: Workspace;
beforeAll(async () => {
  place = workspace();
  await billed(place, '2026-01-01', '2026-06-17', (day) => [
    { hours: day === '2026-05-12' ? 100.123 : 10, price: 90 },
    ...(day.endsWith('-01')
      ? [{ hours: 1, price: 5000, cells: { ChargeCategory: 'Purchase' } }]
      : []),
  ]);
  await place.closeCore();
});
afterAll(() => place.close());

test('forecast: the document of the contract, and months and days as text', async () => {
  const { out, code, err } = await place.cli('forecast', '--json');
  expect([code, err]).toEqual([0, '']);
  const answer = contract['costs.forecast'].output.parse(JSON.parse(out));
  expect(answer.months.map(({ month }) => month)).toEqual(['2026-06', '2026-07']);
  const text = await place.cli('forecast', '--period', '2026-07', '--metric', 'effective');
  expect(text.out).toMatch(
    /^Forecast, effective, USD\. Settled to 13 Jun 2026; .* an estimate\.\n/,
  );
  expect(text.out).toMatch(/July 2026 +33,644\.00 /);
  expect(text.out).toMatch(/Model: each weekday as /);
  expect(text.out).toContain('5,000.00 USD in July 2026');
  const days = await place.cli('forecast', '--days', '--filter', 'workload=', '--json');
  expect(days.code).toBe(0);
  const byDay = await place.cli('forecast', '--days');
  expect(byDay.out).toMatch(/14 Jun 2026 +924 +924\.00/);
});

test('anomalies: the document of the contract, and as text with every digit of what was billed', async () => {
  const { out, code, err } = await place.cli('anomalies', '--json', '--limit', '1');
  expect([code, err]).toEqual([0, '']);
  const answer = contract['costs.anomalies'].output.parse(JSON.parse(out));
  expect(answer.parts).toMatchObject([{ cost: '9011.07', from: '2026-05-12' }]);
  const text = await place.cli('anomalies', '--period', '2026-05');
  expect(text.out).toMatch(/^May 2026, billed cost of usage, USD\.\n/);
  expect(text.out).toMatch(
    /12 May 2026 +Amazon EC2 +trainer +9011\.07 +900\.00 +\+8,111\.07 +0\.00 +\+8,111\.07\n/,
  );
  expect(text.out).toMatch(
    /12 May 2026 +9035\.07 +924\.00 +\+8,111\.07 +most: Amazon EC2, trainer/,
  );
  const none = await place.cli('anomalies', '--by', 'account', '--filter', 'tag:workload=web');
  expect(none.out).toContain('No day of any part left the band of the same weekdays before.');
});

test.each([
  [['forecast', 'x'], 'USAGE'],
  [['forecast', '--period', '2026-04'], 'INVALID_INPUT'],
  [['forecast', '--period', 'May'], 'INVALID_INPUT'],
  [['forecast', '--filter', 'service'], 'USAGE'],
  [['anomalies', '--limit', '0'], 'USAGE'],
  [['anomalies', '--metric', 'cost'], 'INVALID_INPUT'],
  [['anomalies', '--by', 'service,account,sku'], 'INVALID_INPUT'],
  [['anomalies', '--period', '2025-01'], 'NO_DATA'],
])('%j is refused with %s', async (argv, code) => {
  const answer = await place.cli(...argv, '--json');
  expect(answer.code).toBe(2);
  expect(JSON.parse(answer.out).error).toMatchObject({ code });
});
