import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSession } from '../../electron/core/savings/session.ts';
import { savingsPlan, type SavingsPlan } from '../../shared/contract/savings.ts';
import { type Exact, exactOf, formatExact } from '../../shared/domain/exact.ts';
import { campaign } from '../builders/campaign.ts';
import { type FocusRow, focusCsv } from '../builders/focus.ts';
import { daysFrom, machineRow, unusedRow } from '../builders/machineBill.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

const places: Workspace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
});

/** The plan of a bill, by the code that the thread of the plan runs. */
async function planOf(rows: readonly FocusRow[], input: object = {}): Promise<SavingsPlan> {
  const place = workspace();
  places.push(place);
  const loads = await place.load(place.file('bill.csv', focusCsv(rows)));
  expect(loads.map(({ status }) => status)).toEqual(['loaded']);
  await place.closeCore();
  const session = createSession(place.data, new Int32Array(1));
  try {
    const answer = await session.answer('savings.plan', savingsPlan.input.parse(input));
    return savingsPlan.output.parse(answer);
  } finally {
    await session.close();
  }
}

const sum = (amounts: readonly string[]): string =>
  formatExact(amounts.reduce<Exact>((total, one) => total + exactOf(one), 0n));
const days = daysFrom('2026-03-01', 28);
const plan = 'arn:aws:savingsplans::1:savingsplan/one';

function machine(
  resource: string,
  more: Partial<Parameters<typeof machineRow>[0]> = {},
): FocusRow[] {
  return days.map((day) => machineRow({ day, resource, hours: 24, price: 20, ...more }));
}

describe('without enough to plan with', () => {
  test('nothing is loaded: a bill is asked for', async () => {
    const place = workspace();
    places.push(place);
    const answer = await place.call('savings.plan', {});
    expect(answer).toMatchObject({ status: 'missing', plan: null, window: null });
    expect(answer.missing).toMatchObject([{ id: 'bill', what: 'A bill', blocks: true }]);
    expect(await place.call('savings.simulate', {})).toBeNull();
    expect((await place.call('commitments.overview', {})).owned).toEqual([]);
    expect((await place.call('savings.series', {})).history).toEqual([]);
  });

  test('a week of bill is no plan', async () => {
    const answer = await planOf(machine('i-1').slice(0, 7));
    expect(answer.status).toBe('missing');
    expect(answer.missing[0]?.effect).toBe('Only 7 days are loaded; a plan needs 14.');
  });
});

describe('every missing input is asked for', () => {
  test('metrics, commitment prices, the end of a commitment, how often spot is interrupted', async () => {
    const covered = { id: plan, rate: 14 };
    const answer = await planOf([
      ...machine('i-1', { tags: { workload: 'embed', interruptible: 'yes' } }),
      ...machine('i-2', { covered, type: 'p5.48xlarge', price: 50 }),
    ]);
    expect(answer.status).toBe('ready');
    const ids = answer.missing.map(({ id }) => id);
    expect(ids.some((id) => id.startsWith('metrics:workload:embed|p4d.24xlarge'))).toBe(true);
    expect(ids).toContain('offers:AWS');
    expect(ids).toContain(`end:${plan}`);
    expect(ids.some((id) => id.startsWith('spot:workload:embed'))).toBe(true);
    for (const { what, effect, ask } of answer.missing) {
      expect(`${what} ${effect} ${ask}`).not.toMatch(/undefined|NaN|null/);
      expect(ask).toMatch(/\S/);
    }
    expect(answer.plan?.actions).toEqual([]);
  });

  test('an end that its owner states is not asked for again', async () => {
    const rows = machine('i-2', { covered: { id: plan, rate: 14 } });
    const answer = await planOf(rows, { policy: { ends: { [plan]: '2026-05-01' } } });
    expect(answer.missing.map(({ id }) => id)).not.toContain(`end:${plan}`);
  });

  test('machines that run for part of the day in day rows: their hours', async () => {
    const answer = await planOf(machine('i-1', { hours: 9 }));
    expect(answer.missing.map(({ id }) => id)).toContain('hours:AWS');
    expect(answer.window?.hourlyShare).toBe(0);
  });

  test('hour rows are not asked for where the bill has them', async () => {
    const rows = days.flatMap((day) =>
      Array.from({ length: 9 }, (_, at) =>
        machineRow({ day, hour: 8 + at, resource: 'i-1', hours: 1, price: 20 }),
      ),
    );
    const answer = await planOf(rows);
    expect(answer.missing.map(({ id }) => id)).not.toContain('hours:AWS');
    expect(answer.window?.hourlyShare).toBe(1);
  });
});

describe('a bill that does not reconcile', () => {
  test('is withheld, with the difference to the last digit', async () => {
    // The plan leaves half of itself unused beside use that it would cover: sharing is off.
    const rows = [
      ...machine('i-1', { account: '1', covered: { id: plan, rate: 14 } }),
      ...machine('i-2', { account: '2' }),
      ...days.map((day) => unusedRow(day, plan, 24 * 14)),
    ];
    const answer = await planOf(rows);
    expect(answer).toMatchObject({ status: 'withheld', plan: null });
    const [all, aws] = answer.reconciliation;
    expect(aws).toMatchObject({
      provider: 'AWS',
      holds: false,
      effective: sum(rows.map((row) => row['EffectiveCost'] ?? '0')),
    });
    expect(sum([aws?.effective ?? '0', aws?.difference ?? '0'])).toBe(aws?.simulated);
    // Today the second machine costs 20 an hour for 28 days; simulated, the unused half covers it.
    expect(Number(all?.difference)).toBeCloseTo(-20 * 24 * 28, 6);
  });
});

describe('any bill', () => {
  const day = fc.record({
    resource: fc.constantFrom('i-1', 'i-2', 'i-3'),
    type: fc.constantFrom('p4d.24xlarge', 'g5.12xlarge', 'm7i.4xlarge'),
    account: fc.constantFrom('1', '2'),
    hours: fc.integer({ min: 1, max: 24 }),
    day: fc.constantFrom(...days),
    price: fc.constantFrom(1, 2.5, 20),
    kind: fc.constantFrom('on-demand', 'covered', 'spot', 'credit', 'tax', 'unused'),
  });

  test('reconciles with parts that add up, or is withheld with the difference', async () => {
    const seen = { ready: 0, withheld: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(day, { minLength: 3, maxLength: 40 }), async (parts) => {
        const rows = [
          // The window is these four weeks, whatever else there is.
          ...machine('i-first').filter((_row, at) => at === 0 || at === 27),
          ...parts.map((part): FocusRow => {
            if (part.kind === 'unused') return unusedRow(part.day, plan, part.hours);
            const row = machineRow({
              ...part,
              spot: part.kind === 'spot',
              ...(part.kind === 'covered' ? { covered: { id: plan, rate: part.price * 0.7 } } : {}),
            });
            if (part.kind === 'credit') {
              return {
                ...row,
                ChargeCategory: 'Credit',
                EffectiveCost: '-3.3',
                BilledCost: '-3.3',
                ResourceId: '',
              };
            }
            return part.kind === 'tax' ? { ...row, ChargeCategory: 'Tax' } : row;
          }),
        ];
        const answer = await planOf(rows);
        expect(answer.status).not.toBe('missing');
        const holds = answer.reconciliation.every((row) => row.holds);
        expect(answer.status).toBe(holds ? 'ready' : 'withheld');
        seen[holds ? 'ready' : 'withheld']++;
        expect(answer.plan === null).toBe(!holds);
        const effective = sum(rows.map((row) => row['EffectiveCost'] ?? '0'));
        expect(answer.window?.effective).toBe(effective);
        for (const row of answer.reconciliation) {
          expect(row.effective).toBe(effective);
          expect(sum(row.parts.map(({ cost }) => cost))).toBe(row.simulated);
          expect(sum([row.effective, row.difference])).toBe(row.simulated);
          const off = Math.abs(Number(row.difference));
          expect(row.holds).toBe(off <= 0.001 * Math.abs(Number(row.effective)) + 1e-6);
        }
        if (answer.plan) {
          const { baseline, planned, savings, actions, waterfall } = answer.plan;
          expect(sum([planned, savings])).toBe(baseline);
          expect(sum(actions.map(({ marginal }) => marginal))).toBe(savings);
          expect(waterfall.at(-1)?.to).toBe(planned);
        }
      }),
      campaign('bills that a plan is made from', 25),
    );
    expect(seen.ready).toBeGreaterThan(0);
    expect(seen.withheld).toBeGreaterThan(0);
  });
});
