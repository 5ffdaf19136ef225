import { describe, expect, test } from 'vitest';
import { highsSolver } from '../../../electron/core/analysis/solver.ts';
import {
  losingShare,
  ownRecord,
  promiseErrors,
} from '../../../shared/analysis/advice/ownRecord.ts';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import type { Account } from '../../../shared/analysis/model.ts';
import { randomAccount } from './randomAccount.ts';

const solver = await highsSolver();
const settings = { ...adviceDefaults, scenarios: 120 };
const hours = 168 * 26;

/** Half a year of a level, then what the function says. */
function account(units: (hour: number) => number): Account {
  const base = randomAccount(1, 1, { hours: 24 });
  const [workload] = base.workloads;
  if (!workload) throw new Error('one workload');
  const { region, currency } = workload;
  return {
    ...base,
    hours,
    order: 'default',
    policy: { wacc: 0, maxTermH: null, minMonthlySavings: 0 },
    prices: [{ sku: workload.sku, region, currency, onDemand: 1, spot: null }],
    offers: [
      {
        offer: 'quarter',
        kind: 'csp',
        termH: 2160,
        upfront: 0,
        starts: [0],
        sku: workload.sku,
        region,
        currency,
        rate: 0.6,
      },
    ],
    owned: [],
    candidates: [],
    workloads: [
      {
        ...workload,
        spotNow: false,
        spotUsage: null,
        spotCost: 0,
        eligibleForCommitment: true,
        usage: Float64Array.from({ length: hours }, (_, hour) => units(hour)),
      },
    ],
  };
}

describe('the record of the rule on the account itself', () => {
  test('what was promised at a steady level is what came', () => {
    const record = ownRecord(
      account(() => 10),
      solver,
      settings,
      2160,
    );
    expect(record.length).toBe(4);
    for (const { at, hours: followed, promised, realised, committed } of record) {
      expect(at + followed).toBeLessThanOrEqual(hours);
      expect(committed).toBeGreaterThan(0);
      expect(realised).toBeGreaterThan(0);
      expect(realised).toBeCloseTo(promised, 6);
    }
    expect(losingShare(record)).toBe(0);
    for (const error of promiseErrors(record)) expect(error).toBeCloseTo(0, 9);
  });

  test('a level that ends makes the last decisions before it lose', () => {
    const end = hours - 1000;
    const record = ownRecord(
      account((hour) => (hour < end ? 10 : 0)),
      solver,
      settings,
      2160,
    );
    const losing = record.filter(({ realised }) => realised < 0);
    expect(losing.length).toBeGreaterThan(0);
    expect(losingShare(record)).toBe(losing.length / record.length);
    for (const { at } of losing) expect(at).toBeLessThan(end);
    expect(Math.min(...promiseErrors(losing))).toBeLessThan(-1);
  });

  test('a decision does not change with what came after it', () => {
    const before = ownRecord(
      account(() => 10),
      solver,
      settings,
      2160,
    );
    const after = ownRecord(
      account((hour) => (hour < hours - 730 ? 10 : 3)),
      solver,
      settings,
      2160,
    );
    expect(after.map(({ at, committed }) => [at, committed])).toEqual(
      before.map(({ at, committed }) => [at, committed]),
    );
  });

  test('too short a past has no record', () => {
    const short = { ...account(() => 10), hours: 168 * 8 };
    expect(ownRecord(short, solver, settings)).toEqual([]);
    expect(losingShare([])).toBe(null);
  });
});
