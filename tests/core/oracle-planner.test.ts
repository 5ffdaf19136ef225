import { describe, expect, test, vi } from 'vitest';
import { analyzeFolder } from '../../electron/core/analysis/analyze.ts';
import type { Answer } from '../oracle/answer.ts';
import {
  analyzeByProcess,
  checkPlanner,
  type PlannerCase,
  randomPlannerCases,
  specialPlannerCases,
} from '../oracle/planner-cases.ts';

/**
 * The planner behind `outlay analyze` against the brute force of tests/oracle, which shares no code
 * with it. Most of them in this process, a few as the command.
 */
vi.setConfig({ testTimeout: 120_000 });

const analyze = async (folder: string) =>
  JSON.parse(JSON.stringify(await analyzeFolder(folder))) as Answer;
const named = (cases: readonly PlannerCase[]) => cases.map((item) => [item.name, item] as const);
const random = randomPlannerCases(200);

describe('the planner and the oracle agree', () => {
  test.each(named(specialPlannerCases))('%s', async (_, item) => {
    expect(await checkPlanner(item, analyze)).toEqual([]);
  });

  test.each(named(random))('%s', async (_, item) => {
    expect(await checkPlanner(item, analyze)).toEqual([]);
  });

  test.each(named([...random.slice(0, 3), ...specialPlannerCases.slice(0, 3)]))(
    '%s, as a command',
    async (_, item) => {
      expect(await checkPlanner(item, analyzeByProcess)).toEqual([]);
    },
  );
});
