import type Database from 'better-sqlite3';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { SavingsAction } from '../../shared/contract/savings.ts';
import { dayNumber } from '../../shared/domain/calendar.ts';
import { campaign } from '../builders/campaign.ts';
import { billed } from '../builders/billedDays.ts';
import { doneDecisions } from '../builders/decisionCalls.ts';
import { plannedAction } from '../builders/plannedAction.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
let db: Database.Database | null = null;
const closeAll = async () => {
  db?.close();
  db = null;
  await place.close();
};
afterEach(closeAll);

async function done(at: string, ...actions: [on: string, Partial<SavingsAction>][]) {
  await place.closeCore();
  const calls = await doneDecisions(place.data, at, ...actions);
  ({ db } = calls);
  return calls;
}

const spot = { id: 'spot:trainer', title: 'Run trainer on Spot', marginal: '730' };

describe('spot', () => {
  test('the hours of now at the price before, less what they cost', async () => {
    place = workspace();
    await billed(place, '2026-01-01', '2026-04-01', (day) => [
      day < '2026-03-01' ? { hours: 10, price: 90 } : { hours: 20, price: 40 },
    ]);
    const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-01', spot]);
    const { items, totals, countedTo } = await banked();
    // 31 days of 20 hours, 50 less an hour.
    expect(items).toMatchObject([
      {
        status: 'measured',
        measure: 'rate',
        doneOn: '2026-03-01',
        before: { from: '2026-02-01', to: '2026-03-01', days: 28 },
        counted: { from: '2026-03-01', to: '2026-04-01', days: 31 },
        promisedMonthly: '730',
        promised: '744',
        banked: '31000',
        unit: 'Hours',
        quantityBefore: '280',
        quantityNow: '620',
        perUnitBefore: '90',
        perUnitNow: '40',
        savedPerUnit: '50',
        newCost: '0',
        meters: [{ name: 'p5.48xlarge', expected: '55800', costNow: '24800', saved: '31000' }],
      },
    ]);
    expect(countedTo).toBe('2026-04-01');
    expect(totals).toEqual([
      { currency: 'USD', promised: '744', banked: '31000', items: 1, left: 0 },
    ]);
    const february = await banked({ from: '2026-03', to: '2026-03-15' });
    expect(february.items).toMatchObject([{ banked: '14000', counted: { days: 14 } }]);
    expect((await banked({ to: '2026-03' })).items).toEqual([]);
  });

  test('an unchanged price banks 0, whatever was used', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 59, maxLength: 59 }),
        fc.integer({ min: 1, max: 9999 }),
        async (hours, price) => {
          place = workspace();
          try {
            await billed(place, '2026-02-01', '2026-04-01', (day) => [
              { hours: hours[dayNumber(day) - dayNumber('2026-02-01')] ?? 1, price: price / 100 },
            ]);
            const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-01', spot]);
            const { items } = await banked();
            expect(items).toMatchObject([
              { status: 'measured', banked: '0', bankedMonthly: '0', savedPerUnit: '0' },
            ]);
          } finally {
            await closeAll();
          }
        },
      ),
      campaign('unchanged bills', 6, 10),
    );
    place = workspace();
  }, 120_000);
});

describe('what the bill does not show is not 0', () => {
  test('a bill that ends too early is waited for, its last days may still grow', async () => {
    place = workspace();
    await billed(place, '2026-02-01', '2026-03-12', () => [{ hours: 10, price: 90 }]);
    const { banked } = await done('2026-03-12T00:00:00Z', ['2026-03-03', spot]);
    expect((await banked()).items).toMatchObject([
      {
        status: 'waiting',
        banked: null,
        promised: null,
        reason: 'The bill shows 6 days in a row from 2026-03-03; 7 are needed.',
      },
    ]);
    expect((await banked()).totals).toEqual([
      { currency: 'USD', promised: '0', banked: '0', items: 0, left: 1 },
    ]);
  });

  test('without a bill of the days before nothing says what it would have cost', async () => {
    place = workspace();
    await billed(place, '2026-03-01', '2026-04-01', () => [{ hours: 10, price: 90 }]);
    const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-01', spot]);
    expect((await banked()).items).toMatchObject([
      {
        status: 'unknown',
        banked: null,
        reason: expect.stringMatching(/^No day before 2026-03-01 is loaded/),
      },
    ]);
  });

  test('a month that is not loaded is no month without cost', async () => {
    place = workspace();
    await billed(place, '2026-01-01', '2026-03-01', () => [{ hours: 10, price: 90 }]);
    await billed(place, '2026-04-01', '2026-05-01', () => []);
    const stop = { id: 'stop:trainer', lever: 'stop' as const, title: 'Stop trainer' };
    const { banked } = await done('2026-05-20T00:00:00Z', ['2026-02-08', stop]);
    expect((await banked()).items).toMatchObject([
      { status: 'measured', banked: '0', counted: { to: '2026-03-01' } },
    ]);
  });

  test('another machine than before has no price to be held against', async () => {
    place = workspace();
    await billed(place, '2026-02-01', '2026-04-01', (day) => [
      day < '2026-03-01'
        ? { hours: 10, price: 90 }
        : { machine: 'p4d.24xlarge', hours: 10, price: 20 },
    ]);
    const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-01', spot]);
    expect((await banked()).items).toMatchObject([{ status: 'unknown', banked: null }]);
  });
});

test('what was stopped saves what its days cost, and only that', async () => {
  place = workspace();
  await billed(place, '2026-02-01', '2026-04-01', (day) => [
    ...(day < '2026-03-01' ? [{ resource: 'rerank', hours: 24, price: 2 }] : []),
    { resource: 'chat', hours: day < '2026-03-01' ? 24 : 48, price: 2 },
  ]);
  const stop = {
    id: 'stop:rerank',
    lever: 'stop' as const,
    title: 'Stop rerank',
    evidence: [
      {
        ...(plannedAction().evidence[0] as SavingsAction['evidence'][number]),
        kind: 'bill' as const,
        link: { from: '2026-02-01', to: '2026-03-01', resources: ['rerank'] },
      },
    ],
  };
  const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-01', stop]);
  // 31 days of 48.
  expect((await banked()).items).toMatchObject([
    { status: 'measured', measure: 'days', banked: '1488', unit: null, perUnitNow: null },
  ]);
});

const commit = {
  id: 'commit:csp-1y',
  lever: 'commitment' as const,
  title: 'Buy a Compute Savings Plan',
  workload: null,
};

test('a smaller machine saves what the larger one would have cost for its hours', async () => {
  place = workspace();
  await billed(place, '2026-02-01', '2026-04-01', (day) =>
    day < '2026-03-01'
      ? [{ hours: 24, price: 90 }]
      : [{ resource: 'i-2', machine: 'p5.4xlarge', hours: 12, price: 20 }],
  );
  const resize = {
    id: 'resize:trainer',
    lever: 'resize' as const,
    resize: { from: 'p5.48xlarge', to: 'p5.4xlarge', ratio: 0.5 },
  };
  const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-01', resize]);
  // 31 days: 12 hours stand for 24 of the larger one, 2,160 less 240.
  expect((await banked()).items).toMatchObject([
    { status: 'measured', measure: 'rate', banked: '59520', newCost: '0' },
  ]);
});

test('decisions on the same charges bank together what they saved together', async () => {
  place = workspace();
  // Spot halves the price from 1 March, a plan covers half of it from the 15th.
  await billed(place, '2026-02-01', '2026-05-01', (day) =>
    day < '2026-03-01'
      ? [{ hours: 10, price: 100 }]
      : day < '2026-03-15'
        ? [{ hours: 10, price: 50 }]
        : [
            { hours: 5, price: 50 },
            { hours: 5, price: 30, onDemand: 50, commitment: 'sp-new' },
          ],
  );
  const { banked } = await done(
    '2026-05-20T00:00:00Z',
    ['2026-03-01', spot],
    ['2026-03-15', commit],
  );
  const { items, totals } = await banked();
  // 61 days of 10 hours that were 100; 47 days of 5 hours 20 cheaper by the plan.
  expect(items).toMatchObject([
    { key: 'USD commit:csp-1y', banked: '4700' },
    {
      key: 'USD spot:trainer',
      banked: '30500',
      elsewhere: [{ key: 'USD commit:csp-1y', amount: '-4700' }],
    },
  ]);
  expect(totals).toMatchObject([{ banked: '35200', items: 2, left: 0 }]);
});

test('a second price cut is credited to the second decision', async () => {
  place = workspace();
  await billed(place, '2026-01-01', '2026-05-01', (day) => [
    { hours: 10, price: day < '2026-02-01' ? 100 : day < '2026-03-15' ? 60 : 45 },
  ]);
  const second = { ...spot, id: 'spot:trainer-zones', title: 'Use more zones' };
  const { banked } = await done(
    '2026-05-20T00:00:00Z',
    ['2026-02-01', spot],
    ['2026-03-15', second],
  );
  const { items, totals } = await banked();
  // 89 days of 400 and 47 of 150 more; 47 days of the second alone.
  expect(items).toMatchObject([
    { banked: '7050' },
    { banked: '35600', elsewhere: [{ key: 'USD spot:trainer-zones', amount: '-7050' }] },
  ]);
  expect(totals).toMatchObject([{ banked: '42650' }]);
});

test('two on one day are shown as one, and both promises stand beside it', async () => {
  place = workspace();
  await billed(place, '2026-02-01', '2026-04-01', (day) => [
    { hours: 10, price: day < '2026-03-01' ? 90 : 40 },
  ]);
  const zones = { ...spot, id: 'spot:trainer-zones', title: 'Use more zones' };
  const { banked } = await done(
    '2026-04-20T00:00:00Z',
    ['2026-03-01', spot],
    ['2026-03-01', zones],
  );
  const { items, totals } = await banked();
  const measured = items.find(({ status }) => status === 'measured');
  expect(measured).toMatchObject({
    banked: '15500',
    together: [{ key: 'USD spot:trainer-zones' }],
  });
  expect(items.find(({ status }) => status === 'unknown')?.reason).toMatch(/counted there/);
  expect(totals).toEqual([
    { currency: 'USD', promised: '1488', banked: '15500', items: 2, left: 0 },
  ]);
});
