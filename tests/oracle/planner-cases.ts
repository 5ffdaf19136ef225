import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outlayProcess } from '../builders/process.ts';
import type { Answer } from './answer.ts';
import { writeBundle } from './bundle.ts';
import { compareWithPlanner } from './compare.ts';
import { bundleOf, type Draft } from './draft.ts';
import { randomDraft } from './random-cases.ts';
import { specialCases } from './special-cases.ts';

/** How a planner is asked: the folder of a bundle in, its answer out. */
export type Analyze = (folder: string) => Promise<Answer>;

/** `outlay analyze FOLDER --json` as a process of its own. */
export const analyzeByProcess: Analyze = async (folder) => {
  const { code, out, err } = await outlayProcess(['analyze', folder, '--json']);
  if (code !== 0) throw new Error(`outlay analyze ended with ${code}: ${out}${err}`);
  return JSON.parse(out) as Answer;
};

export interface PlannerCase {
  name: string;
  draft: () => Draft;
}

export function randomPlannerCases(count: number): PlannerCase[] {
  return Array.from({ length: count }, (_, number) => ({
    name: `random ${number}`,
    draft: () => randomDraft(number),
  }));
}

export const specialPlannerCases: PlannerCase[] = specialCases.map(({ name, draft }) => ({
  name,
  draft: () => draft,
}));

/** Writes the case, asks the planner and compares: what is wrong with its answer. */
export async function checkPlanner(
  { draft }: PlannerCase,
  analyze: Analyze = analyzeByProcess,
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-oracle-'));
  try {
    writeBundle(folder, bundleOf(draft()));
    return compareWithPlanner(folder, await analyze(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
