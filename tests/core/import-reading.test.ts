import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => place.close());

const file = (rows: FocusRow[], leftOut = '') =>
  place.file(
    'bill.csv',
    focusCsv(rows, { columns: Object.keys(focusRow()).filter((name) => name !== leftOut) }),
  );
const statuses = async (...args: Parameters<Workspace['load']>) =>
  (await place.load(...args)).map((load) => load.status);
const totals = async () => (await place.call('costs.query', {})).totals;

test('the same bytes read with another currency are another bill', async () => {
  const path = file([focusRow()], 'BillingCurrency');
  expect(await statuses(path, { currency: 'USD' })).toEqual(['loaded']);
  expect(await statuses(path, { currency: 'usd' })).toEqual(['unchanged']);
  // Nothing is said of them that was not said before.
  expect(await statuses(path)).toEqual(['unchanged']);
  expect(await statuses(path, { currency: 'EUR' })).toEqual(['replaced']);
  expect(await totals()).toEqual([{ currency: 'EUR', cost: '1.25', unknownRows: 0 }]);
  expect(await statuses(path, { currency: 'EUR' })).toEqual(['unchanged']);
  expect(await statuses(path)).toEqual(['unchanged']);
  expect(await statuses(path, { currency: 'USD' })).toEqual(['replaced']);
  expect(await totals()).toEqual([{ currency: 'USD', cost: '1.25', unknownRows: 0 }]);
});

test('the same bytes read with another order of dates lie on other days', async () => {
  const path = file([focusRow({ ChargePeriodStart: '03/02/2026' })]);
  expect(await statuses(path, { dateOrder: 'mdy' })).toEqual(['loaded']);
  expect(await statuses(path, { dateOrder: 'mdy' })).toEqual(['unchanged']);
  // The day it had is gone, so it asks as any restatement would.
  const [refused] = await place.load(path, { dateOrder: 'dmy' });
  expect(refused).toMatchObject({ status: 'refused', code: 'LESS_COVERAGE' });
  expect(await statuses(path, { dateOrder: 'dmy', replace: true })).toEqual(['replaced']);
  const days = await place.call('costs.query', { granularity: 'day' });
  expect(days.rows.map((row) => row.period)).toEqual(['2026-02-03']);
  expect(await statuses(path, { dateOrder: 'dmy' })).toEqual(['unchanged']);
});

test('what a file says itself is not said anew', async () => {
  const path = file([focusRow()]);
  expect(await statuses(path)).toEqual(['loaded']);
  expect(await statuses(path, { currency: 'EUR', dateOrder: 'dmy' })).toEqual(['unchanged']);
  expect(await totals()).toEqual([{ currency: 'USD', cost: '1.25', unknownRows: 0 }]);
  expect(await place.call('changes.list', {})).toEqual([]);
});
