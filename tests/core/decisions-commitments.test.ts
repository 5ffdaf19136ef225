import type Database from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { SavingsAction } from '../../shared/contract/savings.ts';
import { billed } from '../builders/billedDays.ts';
import { doneDecisions } from '../builders/decisionCalls.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
let db: Database.Database | null = null;
afterEach(async () => {
  db?.close();
  db = null;
  await place.close();
});

async function done(at: string, ...actions: [on: string, Partial<SavingsAction>][]) {
  await place.closeCore();
  const calls = await doneDecisions(place.data, at, ...actions);
  ({ db } = calls);
  return calls;
}

const commit = {
  id: 'commit:csp-1y',
  lever: 'commitment' as const,
  title: 'Buy a Compute Savings Plan',
  workload: null,
};

test('a commitment saves what its usage would cost on demand, less its fees', async () => {
  place = workspace();
  await billed(place, '2026-02-01', '2026-04-01', (day) =>
    day < '2026-03-02'
      ? [{ hours: 10, price: 90 }]
      : [
          { hours: 8, price: 60, onDemand: 90, commitment: 'sp-new' },
          { hours: 1, price: 60, commitment: 'sp-new', status: 'Unused' },
        ],
  );
  const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-02', commit]);
  // 30 days: 8 hours save 30 each, one hour of 60 is lost.
  expect((await banked()).items).toMatchObject([
    {
      status: 'measured',
      measure: 'discount',
      banked: '5400',
      unit: 'Hours',
      savedPerUnit: '22.5',
    },
  ]);
});

test('a commitment that the bill does not name yet is waited for', async () => {
  place = workspace();
  await billed(place, '2026-02-01', '2026-04-01', () => [
    { hours: 10, price: 60, onDemand: 90, commitment: 'sp-old' },
  ]);
  const { banked } = await done('2026-04-20T00:00:00Z', ['2026-03-02', commit]);
  expect((await banked()).items).toMatchObject([
    {
      status: 'waiting',
      banked: null,
      reason: 'The bill names no commitment of AWS that began since 2026-03-02.',
    },
  ]);
});

test('two commitments of one day are told apart by their type', async () => {
  place = workspace();
  await billed(place, '2026-02-01', '2026-04-01', (day) =>
    day < '2026-03-02'
      ? [{ hours: 10, price: 90 }]
      : [
          { hours: 5, price: 60, onDemand: 90, commitment: 'savingsplan/compute-1' },
          { hours: 5, price: 80, onDemand: 90, commitment: 'savingsplan/sagemaker-1' },
        ],
  );
  const offered = (offer: string): Partial<SavingsAction> => ({
    ...commit,
    id: `commit:${offer}`,
    commitment: {
      kind: 'csp',
      offer: `AWS|${offer}|12 months|no upfront`,
      amount: 1,
      unit: 'USD an hour',
      termMonths: 12,
      upfront: 0,
      cash: '0',
      committed: '8760',
      starts: '2026-03-02',
      ends: '2027-03-02',
      renews: null,
      scope: {},
      purchases: [{ day: '2026-03-02', amount: 1 }],
      breakEven: 0.7,
      tranches: [],
    },
  });
  const { banked } = await done(
    '2026-04-20T00:00:00Z',
    ['2026-03-02', offered('compute-savings-plan')],
    ['2026-03-02', offered('sagemaker-savings-plan')],
  );
  const { items } = await banked();
  expect(Object.fromEntries(items.map(({ key, banked: own }) => [key, own]))).toEqual({
    'USD commit:compute-savings-plan': '4500',
    'USD commit:sagemaker-savings-plan': '1500',
  });
});
