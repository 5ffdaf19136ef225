import { describe, expect, test } from 'vitest';
import { highsSolver } from '../../../electron/core/analysis/solver.ts';
import { jointPlan } from '../../../shared/analysis/jointPlan.ts';
import type {
  Account,
  Candidate,
  OfferLine,
  OwnedCommitment,
  Price,
  Sku,
  Workload,
} from '../../../shared/analysis/model.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';

/** Where stand-alone savings and list prices mislead (SAVINGS.md section 7), told with numbers. */
const solver = await highsSolver();
const hours = 1000;

const sku = (name: string, family = 'f'): Sku => ({
  sku: name,
  family,
  gpus: 0,
  gpuMemGib: null,
  relTput: 1,
  sizeUnits: 1,
  vcpu: 8,
  memGib: 32,
});

const price = (name: string, onDemand: number, spot: number | null = null): Price => ({
  sku: name,
  region: 'r',
  currency: 'USD',
  onDemand,
  spot,
});

const workload = (
  id: string,
  name: string,
  units: number,
  change: Partial<Workload> = {},
): Workload => ({
  id,
  account: 'a',
  region: 'r',
  sku: name,
  currency: 'USD',
  spotNow: false,
  eligibleForCommitment: true,
  spot: {
    eligible: false,
    mttpH: 1000,
    checkpointH: 0,
    restartH: 0,
    noticeSaves: false,
    nodes: 1,
    maxFraction: 1,
  },
  usage: new Float64Array(hours).fill(units),
  spotUsage: null,
  spotCost: 0,
  ...change,
});

const plan = (
  id: string,
  kind: 'ri' | 'csp',
  change: Partial<OwnedCommitment>,
): OwnedCommitment => ({
  id,
  kind,
  offer: kind,
  amount: 1,
  sku: null,
  family: null,
  region: 'r',
  account: null,
  flex: false,
  startH: -100,
  endH: hours,
  feePerUnit: 1,
  currency: 'USD',
  ...change,
});

const offer = (
  id: string,
  kind: OfferLine['kind'],
  name: string,
  rate: number,
  starts = [0],
): OfferLine => ({
  offer: id,
  kind,
  termH: 8760,
  upfront: 0,
  starts,
  sku: name,
  region: 'r',
  currency: 'USD',
  rate,
});

const resize = (id: string, option: string, target: string, ratio = 1): Candidate => ({
  workload: id,
  option,
  sku: target,
  ratio,
});

function account(change: Partial<Account>): Account {
  const workloads = change.workloads ?? [];
  return {
    hours,
    order: 'default',
    policy: { wacc: 0, maxTermH: null, minMonthlySavings: 0 },
    fx: new Map([['USD', 1]]),
    skus: new Map(['big', 'small', 'other'].map((name) => [name, sku(name)])),
    prices: [],
    offers: [],
    owned: [],
    candidates: [],
    telemetry: new Map(
      workloads.map(({ id }) => [
        id,
        {
          lookback_days: 30,
          metric_hours: 500,
          cpu_p99_5: 0.1,
          mem_p99_5: 0.1,
          cpu_max_pct: 2,
          network_mb_day: 1,
        },
      ]),
    ),
    workloads,
    ...change,
  };
}

function outcome(change: Partial<Account>) {
  const { pools } = jointPlan(account(change), solver);
  return {
    savings: sumOf(pools.map(({ today, plan: own }) => today - own.bill)),
    actions: pools.flatMap(({ actions }) => actions.map(({ id }) => id)).sort(),
    all: pools.flatMap(({ actions }) => actions),
  };
}

describe('what list prices do not tell', () => {
  const prices = [price('big', 2), price('small', 1.5), price('other', 3, 1)];

  test('an owned reservation makes a resize worthless until it expires', () => {
    const change = {
      prices,
      workloads: [workload('w', 'big', 1)],
      candidates: [resize('w', 'down', 'small')],
    };
    const owned = plan('own', 'ri', { sku: 'big', feePerUnit: 1.2 });
    expect(outcome({ ...change, owned: [owned] })).toMatchObject({ savings: 0, actions: [] });
    const expires = outcome({ ...change, owned: [{ ...owned, endH: 500 }] });
    // From hour 500 on it saves 0.5 an hour; before, it would pay 1.5 for what is covered.
    expect(expires).toMatchObject({ savings: 0, actions: [] });
    const early = outcome({ ...change, owned: [{ ...owned, endH: 100 }] });
    expect(early.savings).toBeCloseTo(900 * 0.5 - 100 * 1.5, 9);
  });

  test('a freed commitment covers something else', () => {
    const found = outcome({
      prices,
      workloads: [workload('w', 'big', 1), workload('x', 'other', 1)],
      candidates: [resize('w', 'stop', '', 0)],
      offers: [offer('csp', 'csp', 'big', 1.2, []), offer('csp', 'csp', 'other', 2, [])],
      owned: [plan('own', 'csp', { amount: 1.2 })],
    });
    // Stopping w saves nothing by itself: its plan is paid. It frees 1.2 for 0.6 units of x.
    expect(found.actions).toEqual(['stop:w']);
    expect(found.savings).toBeCloseTo(0.6 * 3 * hours, 6);
  });

  test('an unused reservation makes a dearer type free', () => {
    const found = outcome({
      prices,
      workloads: [workload('w', 'small', 1)],
      candidates: [resize('w', 'up', 'big')],
      owned: [plan('own', 'ri', { sku: 'big', feePerUnit: 1.2 })],
    });
    expect(found).toMatchObject({ actions: ['resize:w:up'] });
    expect(found.savings).toBeCloseTo(1.5 * hours, 9);
  });

  test('a committed rate beats spot', () => {
    const spot = { ...workload('w', 'other', 2).spot, eligible: true, mttpH: 2, restartH: 1 };
    const change = { prices, workloads: [workload('w', 'other', 2, { spot })] };
    // Spot costs e^0.5 a useful hour, 1.65.
    expect(outcome(change).actions).toEqual(['spot:w']);
    const committed = outcome({ ...change, offers: [offer('year', 'ri', 'other', 1.4)] });
    expect(committed.actions).toEqual(['commit:year:other@r:USD:0']);
    expect(committed.savings).toBeCloseTo(2 * 1.6 * hours, 6);
  });

  test('a renewal starts at an expiry, not before', () => {
    const found = outcome({
      prices,
      workloads: [workload('w', 'big', 1)],
      offers: [offer('year', 'ri', 'big', 1.2, [400])],
      owned: [plan('own', 'ri', { sku: 'big', feePerUnit: 1.2, endH: 400 })],
    });
    expect(found.actions).toEqual(['commit:year:big@r:USD:400']);
    expect(found.savings).toBeCloseTo(600 * 0.8, 9);
  });

  test('alternatives exclude each other, and the amount bought is that of the new shape', () => {
    const found = outcome({
      prices,
      workloads: [workload('w', 'big', 1)],
      candidates: [resize('w', 'down', 'small'), resize('w', 'half', 'big', 0.5)],
      offers: [offer('flexible', 'csp', 'big', 1.6), offer('flexible', 'csp', 'small', 1)],
    });
    expect(found.actions).toEqual(['commit:flexible::USD:0', 'resize:w:half']);
    expect(found.savings).toBeCloseTo((2 - 0.8) * hours, 6);
    const [first, second] = found.all;
    expect((first?.marginal ?? 0) + (second?.marginal ?? 0)).toBeCloseTo(found.savings, 6);
  });

  test('what saves less than is material is left out', () => {
    const change = {
      prices: [price('big', 2), price('small', 1.99)],
      workloads: [workload('w', 'big', 1)],
      candidates: [resize('w', 'down', 'small')],
    };
    const policy = { wacc: 0, maxTermH: null };
    // 0.01 an hour is 7.30 a month.
    expect(
      outcome({ ...change, policy: { ...policy, minMonthlySavings: 7.2 } }).actions,
    ).toHaveLength(1);
    expect(outcome({ ...change, policy: { ...policy, minMonthlySavings: 7.4 } }).actions).toEqual(
      [],
    );
  });

  test('money of one currency covers nothing billed in another', () => {
    const euro = { currency: 'EUR' };
    const found = outcome({
      fx: new Map([
        ['USD', 1],
        ['EUR', 1.1],
      ]),
      prices: [...prices, ...prices.map((one) => ({ ...one, ...euro }))],
      workloads: [workload('w', 'big', 1), workload('x', 'big', 1, euro)],
      offers: [offer('csp', 'csp', 'big', 1, [])],
      owned: [plan('own', 'csp', { amount: 2 })],
    });
    expect(found).toMatchObject({ savings: 0, actions: [] });
  });
});
