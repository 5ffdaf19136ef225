import { describe, expect, test } from 'vitest';
import { conformalRadius } from '../../../shared/analysis/advice/conformal.ts';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import { scenariosOf } from '../../../shared/analysis/advice/scenarios.ts';
import { economicFactor } from '../../../shared/analysis/economics.ts';
import {
  addText,
  cellNumbers,
  cellTotal,
  exactCells,
} from '../../../shared/analysis/exactCells.ts';
import { gateOf } from '../../../shared/analysis/gates.ts';
import {
  checkpointInterval,
  fallbackPrice,
  paidPerUsefulHour,
} from '../../../shared/analysis/interruption.ts';
import { localDays } from '../../../shared/analysis/localDays.ts';
import {
  type ApiWorkload,
  apiChoices,
  cacheBreakEven,
} from '../../../shared/analysis/managedApi.ts';
import type { Sku, SpotTerms } from '../../../shared/analysis/model.ts';
import {
  type StorageClass,
  type StorageSet,
  storageChoices,
} from '../../../shared/analysis/storageClass.ts';
import {
  bestCommittedUnits,
  type GoogleUsage,
  sustainedBill,
  sustainedHours,
} from '../../../shared/analysis/sustainedUse.ts';

const spot: SpotTerms = {
  eligible: true,
  mttpH: 6,
  checkpointH: 1 / 12,
  restartH: 0,
  noticeSaves: false,
  nodes: 1,
  maxFraction: 1,
};

describe('spot', () => {
  test.each([
    [24 * 60, 117],
    [6 * 60, 57],
    [15, 9.2],
  ])(
    'checkpoints of 5 minutes, a preemption every %d: every %d minutes (Daly)',
    (mean, interval) => {
      const digits = interval < 10 ? 1 : 0;
      expect(checkpointInterval(mean, 5)).toBeCloseTo(interval, digits);
    },
  );

  test('the interval is the one that pays least', () => {
    const paid = (t: number) => 6 * (Math.exp((t + 1 / 12) / 6) - 1) * (1 / t);
    const t = checkpointInterval(6, 1 / 12);
    expect(paidPerUsefulHour(spot)).toBeCloseTo(paid(t), 9);
    expect(paid(t)).toBeLessThan(paid(t * 1.01));
    expect(paid(t)).toBeLessThan(paid(t * 0.99));
  });

  test('a notice that saves loses only the checkpoint and the restart', () => {
    const saves = { ...spot, noticeSaves: true, restartH: 0.5 };
    expect(paidPerUsefulHour(saves)).toBeCloseTo(1 / (1 - (1 / 12 + 0.5) / 6), 12);
    expect(paidPerUsefulHour({ ...saves, nodes: 12 })).toBe(Number.POSITIVE_INFINITY);
  });

  test('free checkpoints and restarts waste nothing', () => {
    expect(paidPerUsefulHour({ ...spot, checkpointH: 0 })).toBe(1);
    expect(paidPerUsefulHour({ ...spot, checkpointH: 0, restartH: 3 })).toBeCloseTo(
      Math.exp(0.5),
      12,
    );
  });

  test('falling back costs on-demand hours that restart first', () => {
    const terms = { ...spot, checkpointH: 0, restartH: 0 };
    expect(fallbackPrice(terms, { spot: 1, onDemand: 3 }, { up: 6, down: 2 })).toBe(12 / 8);
  });
});

describe('sustained use', () => {
  const bill: GoogleUsage = {
    usage: Array.from({ length: 720 }, () => 3),
    price: 1,
    cudPrice: 0.63,
    tiers: 'n1',
    monthHours: 720,
  };

  test.each<['n1' | 'n2', number, number]>([
    ['n1', 180, 1],
    ['n1', 360, 0.9],
    ['n1', 540, 0.8],
    ['n1', 720, 0.7],
    ['n2', 360, 0.9339],
    ['n2', 540, 0.8669333333],
    ['n2', 720, 0.8002],
  ])('%s for %d of 720 hours: %d of the price', (tiers, hours, factor) => {
    expect(sustainedHours(hours, 720, tiers) / hours).toBeCloseTo(factor, 9);
  });

  test('a commitment is compared with the sustained price, not with list', () => {
    expect(sustainedBill(bill, 0)).toBeCloseTo(3 * 720 * 0.7, 9);
    expect(bestCommittedUnits(bill)).toBe(3);
    expect(bestCommittedUnits({ ...bill, cudPrice: 0.72 })).toBe(0);
  });

  test('slot k counts the hours in which uncovered usage exceeds k', () => {
    const usage = Array.from({ length: 720 }, (_, h) => (h < 180 ? 3 : 1));
    expect(sustainedBill({ ...bill, usage }, 1)).toBeCloseTo(720 * 0.63 + 2 * 180, 9);
    expect(sustainedBill({ ...bill, usage }, 0)).toBeCloseTo(720 * 0.7 + 2 * 180, 9);
  });

  test('the best number of units is the best of all', () => {
    const usage = Array.from({ length: 1440 }, (_, h) => (h * 7919) % 11);
    const costs = Array.from({ length: 12 }, (_, units) =>
      sustainedBill({ ...bill, usage }, units),
    );
    expect(sustainedBill({ ...bill, usage }, bestCommittedUnits({ ...bill, usage }))).toBe(
      Math.min(...costs),
    );
  });
});

describe('storage', () => {
  const hot: StorageClass = {
    gbMonth: 0.023,
    retrievalGb: 0,
    minDays: 0,
    minObjectKb: 0,
    overheadKb: 0,
    monitorPer1000: 0,
    getPer1000: 4e-4,
    transitionPer1000: 0,
    firstByteS: 0.1,
  };
  const cold: StorageClass = {
    gbMonth: 0.004,
    retrievalGb: 0.01,
    minDays: 90,
    minObjectKb: 128,
    overheadKb: 40,
    monitorPer1000: 0.0025,
    getPer1000: 0.001,
    transitionPer1000: 0.02,
    firstByteS: 0.2,
  };
  const set: StorageSet = {
    id: 's',
    gb: 1e3,
    objects: 1e6,
    readsGbPerMonth: 10,
    readsPerMonth: 5e3,
    current: 'hot',
    months: 12,
    deleteAfterMonths: null,
    maxFirstByteS: 1,
    classes: new Map([
      ['hot', hot],
      ['cold', cold],
      [
        'deep',
        {
          ...cold,
          firstByteS: 4e4,
        },
      ],
    ]),
  };

  test('compares every class that is fast enough, over the horizon', () => {
    const overhead = (1e6 * 40) / 2 ** 20;
    // 1,000 GB in 1e6 objects is 1,049 KB an object, above the smallest size.
    const costs = Object.fromEntries(storageChoices(set).map(({ option, cost }) => [option, cost]));
    expect(costs['hot']).toBeCloseTo(1000 * 0.023 * 12 + 5 * 0.0004 * 12, 9);
    expect(costs['cold']).toBeCloseTo(
      (1000 + overhead) * 0.004 * 12 +
        1000 * 0.0025 * 12 +
        10 * 0.01 * 12 +
        5 * 0.001 * 12 +
        1000 * 0.02,
      9,
    );
    expect(costs['deep']).toBeUndefined();
  });

  test('small objects are billed at the smallest size, short lives at the shortest duration', () => {
    const small = { ...set, gb: 1, deleteAfterMonths: 1 };
    const cost = storageChoices(small).find(({ option }) => option === 'cold')?.cost ?? 0;
    const gb = (1e6 * (128 + 40)) / 2 ** 20;
    expect(cost).toBeCloseTo(gb * 0.004 * 3 + 1000 * 0.0025 + 0.1 + 0.005 + 20, 9);
  });
});

describe('managed APIs', () => {
  const api: ApiWorkload = {
    id: 'a',
    priceIn: 3,
    priceOut: 15,
    requests: 1e3,
    prefixTokens: 2e3,
    suffixTokens: 500,
    outTokens: 300,
    deferrableShare: 0.5,
    ttlGroups: [
      {
        requests: 10,
        times: 100,
      },
    ],
    batchDiscount: 0.5,
    cacheWriteMult: 1.25,
    cacheReadMult: 0.1,
    minPrefix: 1024,
    stack: true,
  };
  const costs = (one: ApiWorkload) =>
    Object.fromEntries(apiChoices(one).map(({ option, cost }) => [option, cost]));

  test('prices every option', () => {
    const rest = 1000 * (500 * 3e-6 + 300 * 15e-6);
    const keep = rest + 1000 * 2000 * 3e-6;
    const cache = rest + 100 * 2000 * (1.25 + 0.1 * 9) * 3e-6;
    const own = costs(api);
    expect(own['keep']).toBeCloseTo(keep, 9);
    expect(own['batch']).toBeCloseTo(keep * 0.75, 9);
    expect(own['cache']).toBeCloseTo(cache, 9);
    expect(own['batch+cache']).toBeCloseTo(cache * 0.75, 9);
    expect(costs({ ...api, stack: false })['batch+cache']).toBeCloseTo(
      keep * 0.25 + cache * 0.5,
      9,
    );
  });

  test('a short prefix is not cached, and caching pays from the break-even on', () => {
    expect(Object.keys(costs({ ...api, prefixTokens: 1000 }))).toEqual(['keep', 'batch']);
    const at = cacheBreakEven(1.25, 0.1);
    const one = (requests: number) =>
      costs({ ...api, requests, ttlGroups: [{ requests, times: 1 }] });
    expect(one(at)['cache']).toBeCloseTo(one(at)['keep'] ?? 0, 12);
    expect(one(2)['cache']).toBeLessThan(one(2)['keep'] ?? 0);
    expect(one(1)['cache']).toBeGreaterThan(one(1)['keep'] ?? 0);
  });
});

describe('money and time', () => {
  test('cells add decimals exactly, whatever their size', () => {
    const cells = exactCells(2);
    for (const text of [
      '0.1',
      '0.2',
      '-0.3',
      '12345678901234567.000000001',
      '-12345678901234567',
    ]) {
      expect(addText(cells, 0, text)).toBe(true);
    }
    expect(addText(cells, 1, '1e-12')).toBe(true);
    expect([...cellNumbers(cells)]).toEqual([1e-9, 1e-12]);
    expect(cellTotal(cells)).toBe(1.001e-9);
    for (const text of ['', '-', '.', '1.2.3', 'abc', '1,5'])
      expect(addText(cells, 0, text)).toBe(false);
  });

  test('paying upfront costs its capital', () => {
    expect(economicFactor(0, 8760, 0.1)).toBe(1);
    expect(economicFactor(1, 8760, 0)).toBe(1);
    const m = 1.1 ** (1 / 12) - 1;
    expect(economicFactor(1, 8760, 0.1)).toBeCloseTo((12 * m) / (1 - (1 + m) ** -12), 12);
    expect(economicFactor(0.5, 8760, 0.1)).toBeCloseTo(0.5 + (6 * m) / (1 - (1 + m) ** -12), 12);
  });

  test.each<[string, number, number, number[]]>([
    ['Europe/Berlin', Date.UTC(2026, 1, 28, 23), 743, [23]],
    ['Europe/Berlin', Date.UTC(2026, 8, 30, 22), 745, [25]],
    ['America/New_York', Date.UTC(2026, 2, 1, 5), 743, [23]],
    ['UTC', Date.UTC(2026, 1, 1), 672, []],
  ])('days of a month in %s', (zone, start, hours, odd) => {
    const lengths = localDays(start, hours, zone).map(({ from, to }) => to - from);
    expect(lengths.filter((length) => length !== 24)).toEqual(odd);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(hours);
  });
});

describe('gates', () => {
  const sku = (change: Partial<Sku>): Sku => ({
    sku: 's',
    family: 'f',
    gpus: 8,
    gpuMemGib: 80,
    relTput: 1,
    sizeUnits: 1,
    vcpu: 96,
    memGib: 1152,
    ...change,
  });
  const data = { lookback_days: 14, metric_hours: 30 };
  const to = (ratio: number) => ({ workload: 'w', option: 'o', sku: 't', ratio });
  const busy = { ...data, gpu_mem_peak_gib: 20, gpu_util_p95: 0.3, busy_gpus_max: 2 };

  test('memory binds before utilisation does', () => {
    const target = sku({ gpus: 2, gpuMemGib: 24 });
    expect(gateOf(to(1), { current: sku({}), target }, busy).allowed).toBe(true);
    const high = { ...busy, gpu_mem_peak_gib: 21.7 };
    expect(gateOf(to(1), { current: sku({}), target }, high).allowed).toBe(false);
    const half = gateOf(to(0.5), { current: sku({}), target: sku({ gpuMemGib: 40 }) }, busy);
    expect(half.checks.find(({ what }) => what.startsWith('GPU memory'))?.observed).toBe(40);
    expect(half.allowed).toBe(false);
  });

  test('all GPUs are busy where nobody measured', () => {
    const { busy_gpus_max: _busy, ...unmeasured } = busy;
    const target = sku({ gpus: 2 });
    expect(gateOf(to(1), { current: sku({}), target }, unmeasured).allowed).toBe(false);
    expect(gateOf(to(4), { current: sku({}), target }, unmeasured).allowed).toBe(true);
  });

  test('too little data is no data', () => {
    const target = sku({ gpus: 2 });
    const short = gateOf(to(1), { current: sku({}), target }, { ...busy, lookback_days: 13 });
    expect(short).toMatchObject({ allowed: false, rule: 'data' });
    expect(gateOf(to(1), { current: sku({}), target }, {}).allowed).toBe(false);
  });

  test('idle means every sign of it, or an endpoint nobody calls', () => {
    const idle = {
      ...data,
      gpu_active_share: 0.01,
      gpu_mem_peak_pct: 4.9,
      cpu_max_pct: 4.9,
      network_mb_day: 4.9,
    };
    const stop = (metrics: Record<string, number>) =>
      gateOf(to(0), { current: sku({}), target: null }, metrics);
    expect(stop(idle)).toMatchObject({ allowed: true, rule: 'idle-gpu' });
    for (const metric of Object.keys(idle).slice(2)) {
      expect(stop({ ...idle, [metric]: 5 }).allowed).toBe(false);
    }
    expect(stop({ ...data, invocations_14d: 0 })).toMatchObject({
      allowed: true,
      rule: 'idle-endpoint',
    });
    expect(stop({ ...data, invocations_14d: 1 }).allowed).toBe(false);
  });

  test('less CPU memory needs measured memory', () => {
    const current = sku({ gpus: 0, vcpu: 8, memGib: 32 });
    const half = sku({ gpus: 0, vcpu: 4, memGib: 16 });
    const same = sku({ gpus: 0, vcpu: 4, memGib: 32 });
    expect(gateOf(to(1), { current, target: half }, { ...data, cpu_p99_5: 0.4 }).allowed).toBe(
      false,
    );
    expect(gateOf(to(1), { current, target: same }, { ...data, cpu_p99_5: 0.4 }).allowed).toBe(
      true,
    );
    expect(
      gateOf(to(1), { current, target: half }, { ...data, cpu_p99_5: 0.4, mem_p99_5: 0.4 }).allowed,
    ).toBe(true);
    expect(
      gateOf(to(1), { current, target: half }, { ...data, cpu_p99_5: 0.41, mem_p99_5: 0.4 })
        .allowed,
    ).toBe(false);
  });
});

describe('uncertainty', () => {
  test('the radius is the ceil((n + 1) 0.8)-th smallest error', () => {
    const errors = [0.1, -0.5, 0.2, -0.3, 0.05, 0.4, 0.15, 0.25, 0.35];
    expect(conformalRadius(errors, 0.8)).toEqual({
      radius: 0.4,
      decisions: 9,
      basis: 'own decisions',
    });
    expect(conformalRadius(errors.slice(0, 7), 0.8).basis).toBe('pooled prior');
  });

  test('scenarios repeat, and every sixth stress case is of a kind', () => {
    const levels = Array.from({ length: 20 }, (_, week) => 10 + (week % 5));
    const made = scenariosOf(levels, 52, adviceDefaults);
    expect(made).toEqual(scenariosOf(levels, 52, adviceDefaults));
    expect(made.length).toBe(1000);
    const kinds = Map.groupBy(made, ({ stress }) => stress);
    expect(kinds.get(null)?.length).toBe(800);
    expect(
      [...kinds.values()]
        .map((list) => list.length)
        .sort((a, b) => a - b)
        .slice(0, 6),
    ).toEqual([33, 33, 33, 33, 34, 34]);
    const ends = kinds.get('ends')?.[0];
    expect(ends?.weeks.findIndex(({ level }) => level === 0)).toBe(18);
  });
});
