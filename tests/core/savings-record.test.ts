import { afterEach, describe, expect, test, vi } from 'vitest';
import { recordFrom } from '../../electron/core/savings/record.ts';
import { createSession } from '../../electron/core/savings/session.ts';
import {
  savingsPlan,
  type SavingsPlan,
  savingsSeries,
  savingsSimulate,
} from '../../shared/contract/savings.ts';
import { focusCsv } from '../builders/focus.ts';
import { daysFrom, machineRow } from '../builders/machineBill.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

/** The rule that buys commitments against the account's own past. */
vi.setConfig({ testTimeout: 120_000 });

const places: Workspace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
});

/** Eighteen weeks: the rule is tried 1,564 and 2,294 hours after their start. */
const days = daysFrom('2026-03-01', 126);
const fallsAt = 96;
const machines = Array.from({ length: 8 }, (_, at) => `i-${at}`);
const sheet = `provider,sku,region,currency,unit,purchase,offer,term,payment,price,valid_from,valid_to,description
aws,p4d.24xlarge,us-east-1,USD,Hour,commitment,compute-savings-plan,1y,none,14,2026-01-01,,
`;
const policy = { mostLoss: 0.5 };

/** Eight machines, of which `left` run in the last thirty days. */
async function sessionOf(left: number) {
  const place = workspace();
  places.push(place);
  const rows = days.flatMap((day, at) =>
    machines
      .slice(0, at < fallsAt ? 8 : left)
      .map((resource) => machineRow({ day, resource, hours: 24, price: 20 })),
  );
  await place.load(place.file('bill.csv', focusCsv(rows)));
  expect((await place.cli('prices', 'import', place.file('prices.csv', sheet))).code).toBe(0);
  await place.closeCore();
  return createSession(place.data, new Int32Array(1));
}

describe('the record of the rule', () => {
  test('use that stays: it never lost, and says so on the action', async () => {
    const session = await sessionOf(8);
    try {
      const answer = savingsPlan.output.parse(
        await session.answer('savings.plan', savingsPlan.input.parse({ policy })),
      );
      const [record] = answer.plan?.basis.records ?? [];
      expect(record).toMatchObject({ provider: 'AWS', months: 2, lost: 0, withheld: false });
      // Use goes on as it was, so each month brings what it promised.
      expect(Number(record?.realised)).toBeCloseTo(Number(record?.promised), 6);
      expect(Number(record?.realised)).toBeCloseTo(2 * 8 * (20 - 14) * 730, 6);
      const [bought] = answer.plan?.actions ?? [];
      expect(bought?.lever).toBe('commitment');
      expect(bought?.evidence.at(-1)).toMatchObject({
        kind: 'rule',
        value: 'lost in 0 of 2',
        threshold: 'at most 10%',
        holds: true,
      });
    } finally {
      await session.close();
    }
  });

  test('use that fell: nothing new is recommended, with the reason', async () => {
    const session = await sessionOf(5);
    try {
      const ask = async (): Promise<SavingsPlan> =>
        savingsPlan.output.parse(
          await session.answer('savings.plan', savingsPlan.input.parse({ policy })),
        );
      const answer = await ask();
      const { plan } = answer;
      const [record] = plan?.basis.records ?? [];
      expect(record).toMatchObject({ months: 2, lost: 1, withheld: true });
      expect(Number(record?.promised)).toBeCloseTo(2 * 8 * (20 - 14) * 730, 6);
      // All eight are paid for ten hours on, then while five of them run.
      const month = 10 * 8 * (20 - 14) + 720 * (5 * 20 - 8 * 14);
      expect(Number(record?.realised)).toBeCloseTo(8 * (20 - 14) * 730 + month, 6);
      expect(plan).toMatchObject({ actions: [], savings: '0', pLoss: 0, worst: '0', cash: '0' });
      expect(plan?.planned).toBe(plan?.baseline);
      expect(answer.notes[0]).toBe(
        'Nothing new is committed to at AWS: the same rule lost in 1 of 2 past months, more than the 10% that a recommendation may.',
      );
      const simulated = savingsSimulate.output.parse(
        await session.answer('savings.simulate', savingsSimulate.input.parse({ policy })),
      );
      expect(simulated?.basis).toBe('plan');
      expect(simulated?.actions.map(({ on, why }) => [on, why])).toEqual([
        [false, 'the same rule lost in 1 of 2 past months'],
      ]);
      const series = savingsSeries.output.parse(
        await session.answer('savings.series', savingsSeries.input.parse({ policy })),
      );
      expect(series.planned).toEqual(series.forecast.map(({ period, cost }) => ({ period, cost })));
      expect(await ask()).toEqual(answer);
    } finally {
      await session.close();
    }
  });

  test('one in ten may lose, one in nine may not', () => {
    const months = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        at,
        hours: 730,
        committed: 1,
        promised: 10,
        realised: at === 0 ? -4 : 9,
      }));
    expect(recordFrom('AWS', months(10))).toEqual({
      provider: 'AWS',
      months: 10,
      lost: 1,
      promised: '100',
      realised: '77',
      withheld: false,
    });
    expect(recordFrom('AWS', months(9)).withheld).toBe(true);
    expect(recordFrom('AWS', [])).toMatchObject({ months: 0, lost: 0, withheld: false });
  });
});
