import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readBundle } from '../../electron/core/analysis/read-bundle.ts';
import { highsSolver } from '../../electron/core/analysis/solver.ts';
import { runCli } from '../../electron/hosts/cli.ts';
import { analyze } from '../../shared/analysis/analyze.ts';
import type { PlanAnswer } from '../../shared/analysis/answer.ts';
import { campaign } from '../builders/campaign.ts';
import { random } from '../builders/random.ts';
import {
  type BundleFiles,
  bundleFiles,
  charge,
  decimal,
  writeBundle,
} from '../shared/analysis/bundleFolder.ts';
import { randomAccount } from '../shared/analysis/randomAccount.ts';

const solver = await highsSolver();
const folder = mkdtempSync(join(tmpdir(), 'outlay-analyze-'));
afterAll(() => rmSync(folder, { recursive: true }));
const seed = 20_261_124;

function answer(files: BundleFiles): PlanAnswer {
  writeBundle(folder, files);
  return analyze(readBundle(folder), solver) as PlanAnswer;
}

async function cli(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await runCli(argv, {
    platform: 'linux',
    env: {},
    out: (text) => (out += text),
    err: () => {},
    buildWindow: async () => {},
  });
  return { code, out };
}

function each(name: string, cases: number, check: (number: number) => void): void {
  test(name, () => {
    const { seed: start, ...run } = campaign(name, cases, Math.ceil(1000 / cases));
    fc.assert(fc.property(fc.nat(1 << 30), check), { seed: start, ...run });
  });
}

/** Answers without what differs in the last digit when amounts pass through text. */
const decided = ({ rightsizing, spot, commitments, side }: PlanAnswer) => ({
  rightsizing,
  spot,
  commitments,
  side,
});

describe('analyze', () => {
  each('1: the baseline reconciles with EffectiveCost', 25, (number) => {
    const account = randomAccount(seed, number, { hours: 24 });
    const found = answer(bundleFiles(account));
    expect(found.withheld).toBe(null);
    for (const { simulated, effective } of found.reconciliation) {
      expect(simulated).toBeCloseTo(effective, 6);
    }
    const marginals = found.claimed?.actions.reduce((sum, { marginal }) => sum + marginal, 0);
    expect(marginals).toBeCloseTo(found.claimed?.joint_savings ?? Number.NaN, 6);
  });

  each('7: credits, tax and fees change the bill and never the savings', 20, (number) => {
    const account = randomAccount(seed, number, { hours: 24 });
    const files = bundleFiles(account);
    const before = answer(files);
    const extra = random(8, number).below(100_000) / 100;
    files.charges.push(
      charge(3, {
        ChargeCategory: 'Credit',
        EffectiveCost: -extra,
        ResourceId: account.workloads[0]?.id,
      }),
      charge(0, { ChargeCategory: 'Tax', EffectiveCost: 17.5 }),
      charge(0, { ChargeCategory: 'Purchase', EffectiveCost: 0, BilledCost: 900 }),
    );
    const after = answer(files);
    expect(decided(after)).toEqual(decided(before));
    expect(after.claimed?.joint_savings).toBe(before.claimed?.joint_savings);
    expect(after.claimed?.baseline).toBeCloseTo((before.claimed?.baseline ?? 0) + 17.5 - extra, 6);
  });

  each('12 and 14: the order of rows changes nothing, byte for byte', 15, (number) => {
    const files = bundleFiles(randomAccount(seed, number, { hours: 24 }));
    const r = random(9, number);
    const shuffled = {
      ...files,
      charges: r.shuffled(files.charges),
      prices: r.shuffled(files.prices),
      skus: r.shuffled(files.skus),
      commitments: r.shuffled(files.commitments),
      candidates: r.shuffled(files.candidates),
      telemetry: r.shuffled(files.telemetry),
    };
    expect(JSON.stringify(answer(shuffled))).toBe(JSON.stringify(answer(files)));
  });

  each('13: a row with its correction is clean data', 15, (number) => {
    const files = bundleFiles(randomAccount(seed, number, { hours: 24 }));
    const r = random(10, number);
    const wrong = files.charges.flatMap((row) => {
      if (!r.chance(0.2)) return [row];
      const factor = r.pick([2, 3, 10]);
      const times = (column: string, by: number) =>
        row[column] === undefined ? undefined : exactTimes(String(row[column]), by);
      const scaled = (by: number, cells: Record<string, string>) => ({
        ...row,
        ...cells,
        PricingQuantity: times('PricingQuantity', by),
        EffectiveCost: times('EffectiveCost', by),
      });
      return [scaled(factor, {}), scaled(1 - factor, { ChargeClass: 'Correction' })];
    });
    expect(JSON.stringify(answer({ ...files, charges: wrong }))).toBe(
      JSON.stringify(answer(files)),
    );
  });

  each('9: days of any zone add up to the window', 10, (number) => {
    // March 2026: New York and Los Angeles lose an hour on the 8th.
    const files = bundleFiles(randomAccount(seed, number, { hours: 240 }));
    const zones = ['America/New_York', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata'];
    files.scenario['timezone'] = random(11, number).pick(zones);
    const { claimed } = answer(files);
    const days = Object.entries(claimed?.daily ?? {});
    expect(days.length).toBe(11);
    expect(days.reduce((sum, [, cost]) => sum + cost, 0)).toBeCloseTo(claimed?.baseline ?? 0, 6);
  });

  test('9: a month that begins an hour earlier and loses one on the 29th has 743 hours', () => {
    const files = bundleFiles(randomAccount(seed, 5, { hours: 744 }));
    files.scenario['timezone'] = 'Europe/Berlin';
    const { claimed } = answer(files);
    const days = Object.entries(claimed?.daily ?? {});
    expect(days.length).toBe(32);
    expect(days.reduce((sum, [, cost]) => sum + cost, 0)).toBeCloseTo(claimed?.baseline ?? 0, 6);
  });

  test('answers on the command line, and refuses a bad bundle with its place', async () => {
    const files = bundleFiles(randomAccount(seed, 3, { hours: 24 }));
    writeBundle(folder, files);
    const good = await cli('analyze', folder, '--json');
    expect(good.code).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({ id: 'case', mode: 'hindsight' });
    files.charges[4] = { ...files.charges[4], EffectiveCost: '1,5'.replace(',', ';') };
    writeBundle(folder, files);
    const refused = await cli('analyze', folder, '--json');
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.out).error.message).toBe(
      'charges.csv, row 6, EffectiveCost: "1;5" is not a decimal.',
    );
  });

  test.each<[string, (files: BundleFiles) => void, string]>([
    [
      'a time',
      (f) => (f.charges[0] = { ...f.charges[0], ChargePeriodStart: 'noon' }),
      'charges.csv, row 2, ChargePeriodStart: "noon" is not a time.',
    ],
    [
      'a kind',
      (f) => f.commitments.push({ id: 'x', kind: 'sp', start_h: 0, end_h: 1, currency: 'USD' }),
      `commitments.csv, row`,
    ],
    [
      'a rate',
      (f) =>
        f.prices.push({
          sku: 'x',
          region: 'r',
          currency: 'USD',
          on_demand: 1,
          offer_id: 'o',
          kind: 'ri',
          term_h: 10,
          rate: 0,
        }),
      'rate: must be above 0.',
    ],
    [
      'a workload',
      (f) => f.candidates.push({ workload: 'nobody', option_id: 'o', target_sku: 's', ratio: 1 }),
      'workload: "nobody" is not in scenario.json.',
    ],
    ['a field', (f) => (f.scenario['hours'] = -1), 'scenario.json, hours'],
    ['a zone', (f) => (f.scenario['timezone'] = 'Mars/Olympus'), 'scenario.json, timezone'],
  ])('refuses %s that does not fit', (_what, change, message) => {
    const files = bundleFiles(randomAccount(seed, 3, { hours: 24 }));
    change(files);
    expect(() => answer(files)).toThrow(message);
  });

  test('withholds a plan where the bill does not reconcile', () => {
    const files = bundleFiles(randomAccount(seed, 3, { hours: 24 }));
    const before = answer(files);
    expect(before.claimed?.joint_savings).toBeGreaterThan(0);
    files.charges[0] = {
      ...files.charges[0],
      EffectiveCost: decimal((before.claimed?.baseline ?? 0) * 0.01),
    };
    const after = answer(files);
    expect(after.withheld).toContain('Recommendations are withheld.');
    expect(after.claimed?.joint_savings).toBe(0);
    expect(after.commitments).toEqual([]);
  });
});

/** Decimal text times a small whole number, exactly. */
function exactTimes(text: string, by: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = BigInt(whole + fraction.padEnd(15, '0')) * BigInt(by);
  const sign = digits < 0n ? '-' : '';
  const all = String(digits < 0n ? -digits : digits).padStart(16, '0');
  return `${sign}${all.slice(0, -15)}.${all.slice(-15)}`;
}
