import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 60_000 });

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => place.close());

const thisMonth = new Date().toISOString().slice(0, 7);
const bill = (name: string, cost: string, month = '2026-03', cells = {}) =>
  place.file(
    name,
    focusCsv([
      focusRow({
        BillingPeriodStart: `${month}-01T00:00:00Z`,
        ChargePeriodStart: `${month}-01T00:00:00Z`,
        BilledCost: cost,
        ...cells,
      }),
    ]),
  );
const overview = (month = '2026-03', metric: 'billed' | 'effective' = 'billed') =>
  place.call('overview.get', { month, metric });

describe('where a billing month stands', () => {
  test('the overview says what restatements moved of its metric and currency', async () => {
    await place.load(bill('march.csv', '1.25'));
    expect((await overview()).billing).toEqual([
      { month: '2026-03', state: 'closed', restated: 0, difference: '0' },
    ]);
    await place.load(bill('march-2.csv', '1.250000000000000000001'));
    await place.load(bill('march-3.csv', '0.75'));
    expect((await overview()).billing).toEqual([
      { month: '2026-03', state: 'restating', restated: 2, difference: '-0.5' },
    ]);
    // Of another metric nothing moved; of another currency neither.
    expect((await overview('2026-03', 'effective')).billing[0]?.difference).toBe('0');
    const sum = await place.call('changes.list', { period: '2026-03' });
    expect(sum).toHaveLength(2);
  });

  test('it is as open as the most open of those that bill it, and a part added is none', async () => {
    await place.load(bill('aws.csv', '1'));
    await place.load(bill('aws-2.csv', '2'));
    await place.load(bill('more.csv', '3', '2026-03', { SubAccountId: '7' }), { add: true });
    await place.load(bill('azure.csv', '4', '2026-03', { ProviderName: 'Azure' }), {
      source: 'azure',
    });
    const [march] = (await overview()).billing;
    expect(march).toEqual({ month: '2026-03', state: 'restating', restated: 1, difference: '1' });
    await place.load(bill('now.csv', '5', thisMonth));
    const shown = (await overview(thisMonth)).billing;
    expect(shown.at(-1)).toEqual({
      month: thisMonth,
      state: 'open',
      restated: 0,
      difference: '0',
    });
  });

  test('a side that is unknown makes the difference unknown', async () => {
    const columns = Object.keys(focusRow()).filter((name) => name !== 'EffectiveCost');
    await place.load(place.file('a.csv', focusCsv([focusRow()], { columns })));
    await place.load(place.file('b.csv', focusCsv([focusRow()])));
    expect((await overview('2026-03', 'effective')).billing[0]).toMatchObject({
      restated: 1,
      difference: null,
    });
  });

  test('the terminal says it of each load', async () => {
    await place.load([bill('march.csv', '1'), bill('now.csv', '5', thisMonth)]);
    await place.load(place.file('none.csv', 'a,b\n1,2\n'));
    const loads = await place.call('loads.list', {});
    expect(loads.map((load) => load.states)).toEqual([
      [{ period: '2026-03', state: 'closed' }],
      [{ period: thisMonth, state: 'open' }],
      [],
    ]);
    const { out } = await place.cli('loads');
    expect(out).toMatch(/march\.csv, FOCUS \S+, 2026-03 \(closed\), load 1/);
    expect(out).toContain(`${thisMonth} (open)`);
    const both = place.file(
      'both.csv',
      focusCsv([
        focusRow({ ProviderName: 'GCP' }),
        focusRow({
          ProviderName: 'GCP',
          BillingPeriodStart: `${thisMonth}-01`,
          ChargePeriodStart: `${thisMonth}-01`,
        }),
      ]),
    );
    await place.load(both, { source: 'gcp' });
    expect((await place.cli('loads')).out).toContain('(1 open, 1 closed)');
  });
});
