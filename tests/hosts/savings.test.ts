import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { focusCsv } from '../builders/focus.ts';
import { daysFrom, machineRow } from '../builders/machineBill.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

/** `outlay savings` on a bill of two machines, one of which could be committed to. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const days = daysFrom('2026-03-01', 56);
const sheet = `provider,sku,region,currency,unit,purchase,offer,term,payment,price,valid_from,valid_to,description
aws,p4d.24xlarge,us-east-1,USD,Hour,commitment,compute-savings-plan,1y,none,10,2026-01-01,,
`;
let place: Workspace;
beforeAll(async () => {
  place = workspace();
  const bill = focusCsv(
    days.flatMap((day) =>
      ['i-1', 'i-2', 'i-3', 'i-4'].map((resource) =>
        machineRow({ day, resource, hours: 24, price: 20, tags: { workload: 'embed' } }),
      ),
    ),
  );
  expect((await place.cli('import', place.file('bill.csv', bill))).code).toBe(0);
  expect((await place.cli('prices', 'import', place.file('prices.csv', sheet))).code).toBe(0);
});
afterAll(() => place.close());

describe('outlay savings', () => {
  test('--json is one document like that of analyze, with all that is known beside it', async () => {
    const { code, out, err } = await place.cli('savings', '--json', '--risk', '0.5');
    expect([code, err]).toEqual([0, '']);
    const answer = JSON.parse(out) as {
      claimed: {
        baseline: number;
        optimized: number;
        joint_savings: number;
        actions: { id: string; marginal: number }[];
      };
      commitments: { kind: string; amount: number; start_h: number }[];
      plan: { baseline: string };
    };
    expect(answer).toMatchObject({
      id: 'ledger',
      mode: 'advice',
      status: 'ready',
      withheld: null,
      rightsizing: {},
      spot: {},
      side: {},
    });
    // Four machines at 20 an hour, 730 hours a month.
    expect(answer.claimed.baseline).toBeCloseTo(4 * 20 * 730, 6);
    expect(answer.claimed.baseline - answer.claimed.optimized).toBeCloseTo(
      answer.claimed.joint_savings,
      6,
    );
    const [bought] = answer.commitments;
    expect(bought).toMatchObject({ kind: 'csp', start_h: 0 });
    // Use never changes: each committed dollar of plan replaces two of on demand, for the whole year.
    expect(answer.claimed.joint_savings).toBeCloseTo((bought?.amount ?? 0) * 730, 3);
    expect(answer.claimed.actions.map(({ id }) => id)).toEqual([
      'commit:AWS|compute-savings-plan|12 months|no upfront||',
    ]);
  });

  test('as text: what it saves, what to do, what the bill ties out to, what is missing', async () => {
    const { code, out } = await place.cli('savings', '--risk', '0.5');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^The plan saves [\d,]+ USD a month, [\d.]+% of 58,400\.\n(?:.+\n)+29 Mar to 25 Apr 2026, effective: 53,760 USD from 112 charges\n\n/,
    );
    expect(out).toMatch(/\n1\. Compute Savings Plan, 1 year, [\d.]+ USD an hour, 4 steps/);
    expect(out).toContain('Commit ');
    expect(out).toMatch(/\nAWS +53,760\.00 +53,760\.00 +0\.00 +0\.000% +ties out/);
    expect(out).toMatch(
      /\nMissing, dearest first:\n- GPU metrics of embed, p4d\.24xlarge \(58,400 a month\)\./,
    );
    expect(out).not.toMatch(/undefined|NaN/);
    expect(out.split('\n').every((line) => line.length <= 140)).toBe(true);
    const details = await place.cli('savings', '--details', '--risk', '0.5');
    expect(details.out).toContain('   Evidence:');
    expect(details.out).toMatch(
      /- p4d\.24xlarge, us-east-1: committed against on demand: 10\.0000 against 20\.0000 \(50\.0%\)/,
    );
  });

  test('options narrow it: a term too long, an action left out', async () => {
    const short = await place.cli('savings', '--json', '--max-term', '6');
    expect((JSON.parse(short.out) as { commitments: unknown[] }).commitments).toEqual([]);
    const off = await place.cli(
      'savings',
      '--off',
      'commit:AWS|compute-savings-plan|12 months|no upfront||',
    );
    expect(off.out).toContain('There is nothing to do.');
    const twice = await place.cli('savings', '--json', '--usage', '2');
    expect(
      (JSON.parse(twice.out) as { claimed: { baseline: number } }).claimed.baseline,
    ).toBeCloseTo(8 * 20 * 730, 6);
  });

  test('levers and kinds of commitments that it may use', async () => {
    const policyOf = async (...flags: string[]) => {
      const { code, out } = await place.cli('savings', '--json', '--risk', '0.5', ...flags);
      expect(code).toBe(0);
      const { policy, commitments } = JSON.parse(out) as {
        policy: { levers: string[]; commitments: string[] };
        commitments: { kind: string }[];
      };
      return { ...policy, bought: commitments.map(({ kind }) => kind) };
    };
    expect(await policyOf('--levers', 'resize, stop')).toMatchObject({
      levers: ['stop', 'resize'],
      bought: [],
    });
    expect(await policyOf('--levers', 'none')).toMatchObject({ levers: [], bought: [] });
    expect(await policyOf('--kinds', 'ri,isp')).toMatchObject({
      commitments: ['ri', 'isp'],
      bought: [],
    });
    expect(await policyOf('--kinds', 'csp')).toMatchObject({
      commitments: ['csp'],
      bought: ['csp'],
    });
  });

  test.each([
    [
      ['--levers', 'stop,sleep'],
      '--levers is none, or some of stop,resize,storage,api,spot,commitment, not "sleep".',
    ],
    [['--kinds', 'cud'], '--kinds is none, or some of ri,isp,csp, not "cud".'],
    [['--risk', 'reckless'], '--risk is a number, not "reckless".'],
    [['--risk', '0.9'], '--risk is low, medium, high, or a chance of loss from 0.01 to 0.5.'],
    [['--max-term', 'long'], '--max-term is a number of months, years as 1y, or any.'],
    [['--cash', 'some'], '--cash is a number, not "some".'],
    [['--ends', '2026-12-09'], '--ends is COMMITMENT=DAY, not "2026-12-09".'],
  ])('%j is bad usage', async (flags, message) => {
    const { code, err } = await place.cli('savings', ...flags);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('an end that is no day is refused by name', async () => {
    const { code, err } = await place.cli('savings', '--ends', 'x=soon');
    expect(code).toBe(2);
    expect(err).toContain('policy.ends');
  });

  test('without a bill it says what to import', async () => {
    const empty = workspace();
    try {
      const { code, out } = await empty.cli('savings');
      expect(code).toBe(0);
      expect(out).toContain('- A bill. There is nothing to plan with. Import billing exports');
    } finally {
      await empty.close();
    }
  });
});
