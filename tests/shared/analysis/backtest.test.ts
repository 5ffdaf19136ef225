import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { highsSolver } from '../../../electron/core/analysis/solver.ts';
import { decisionDays, holds, scoreOf } from '../../bench/backtest.ts';
import { type Demand, hasDemand, readDemand, useShare } from '../../bench/backtest-data.ts';
import { decide, type Reading, readings, rules } from '../../bench/backtest-rules.ts';

/**
 * The command that makes docs/backtest.md looks at every decision; this at those around the months
 * in which the main type of either region was replaced.
 */
const solver = await highsSolver();
const [main] = readings as readonly [Reading, ...Reading[]];
const without = 'the demand data (shared/data/vm-demand beside the repository) is not there';
if (!hasDemand) console.warn(`Skipped, because ${without}: the back-test of the advice.`);

describe.skipIf(!hasDemand)(`the back-test on three years of demand`, () => {
  let demand: Demand[] = [];
  beforeAll(() => {
    demand = readDemand();
  });

  test('the data is what the document says', () => {
    const often = demand.filter((one) => useShare(one) >= 0.6);
    expect(often.map(({ region, type }) => `${region}${type}`)).toEqual(['1A', '1I', '2A', '2I']);
    expect(holds.map((hold) => decisionDays(1095, hold).length * 2)).toEqual([60, 42]);
  });

  test('the advice saves where a trailing optimum loses', {
    timeout: 120_000,
  }, () => {
    const days = decisionDays(1095, 90).filter((day) => day >= 450 && day <= 660);
    const outcomes = days.flatMap((day) =>
      decide(demand, day, 90, main, solver, ['advice', 'trailing 7']),
    );
    const advice = scoreOf(outcomes.filter(({ rule }) => rule === 'advice'));
    const trailing = scoreOf(outcomes.filter(({ rule }) => rule === 'trailing 7'));
    expect(advice.decisions).toBe(16);
    expect(advice.losing).toBeLessThanOrEqual(2);
    expect(trailing.losing).toBeGreaterThanOrEqual(4);
    expect(advice.buying).toBeGreaterThan(6);
    expect(advice.saved).toBeGreaterThan(200_000);
    expect(trailing.saved).toBeLessThan(0);
  });

  test('a year is risked for little on two types', { timeout: 120_000 }, () => {
    const outcomes = [180, 480].flatMap((day) =>
      decide(demand, day, 365, main, solver, ['advice', 'trailing 7']),
    );
    const saved = (name: string) =>
      outcomes.flatMap(({ rule, saved: own }) => (rule === name ? [own] : []));
    expect(Math.min(...saved('advice'))).toBeGreaterThan(-50_000);
    expect(Math.min(...saved('trailing 7'))).toBeLessThan(-400_000);
  });

  test('no decision knows what comes after it', { timeout: 120_000 }, () => {
    const r = (hour: number) => (hour * 7919) % 400;
    const changed = demand.map((one) => ({
      ...one,
      // Not the share of the file in use: which series there are is given.
      units: one.units.map((units, hour) => (hour >= 300 * 24 && units > 0 ? 1 + r(hour) : units)),
    }));
    const rule = ['advice', 'trailing 30'] as const;
    const bought = (of: readonly Demand[]) =>
      decide(of, 300, 90, main, solver, rule).map((one) => [one.scope, [...one.bought]]);
    expect(bought(changed)).toEqual(bought(demand));
    expect(bought(demand).flat(2).length).toBeGreaterThan(4);
  });
});

describe('docs/backtest.md', () => {
  const text = readFileSync(new URL('../../../docs/backtest.md', import.meta.url), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => /^\| \d+ days/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const number = (cell: string | undefined) =>
    Number((cell ?? '').replaceAll(',', '').replace('−', '-').replace(' %', ''));

  test('has every rule, hold and reading, and other lives of types', () => {
    expect(rows).toHaveLength(readings.length * holds.length * rules.length + 2 * holds.length);
  });

  test.each(holds)('shows what is claimed of the first reading for %i days', (hold) => {
    const own = rows
      .slice(0, holds.length * rules.length)
      .filter((row) => row[1] === `${hold} days`);
    const [advice, ...others] = own;
    expect(advice?.[2]).toBe('advice');
    expect(number(advice?.[6])).toBeLessThanOrEqual(10);
    const trailing = others.filter((row) => row[2]?.startsWith('trailing'));
    expect(trailing).toHaveLength(3);
    for (const row of trailing) expect(number(advice?.[7])).toBeGreaterThan(number(row[7]));
  });
});
