import { appendFileSync } from 'node:fs';

/** Fixed for `npm test`, so that a failure repeats; OUTLAY_SEED takes another. */
const defaultSeed = 20_261_124;

export const endurance = process.env['OUTLAY_ENDURANCE'] === '1';

/** What build/endurance.ts reads, a line each. */
export type CampaignRecord = { name: string; seed: number; cases: number } | { saw: string };

/** Seed and number of cases of a campaign, printed; the endurance run makes `factor` times more. */
export function campaign(
  name: string,
  cases: number,
  factor = 20,
): { seed: number; numRuns: number; endOnFailure: boolean } {
  const seed = Number(process.env['OUTLAY_SEED'] ?? defaultSeed);
  const numRuns = endurance ? cases * factor : cases;
  console.info(`${name}: seed ${seed}, ${numRuns} cases`);
  record({ name, seed, cases: numRuns });
  return { seed, numRuns, endOnFailure: false };
}

/** What came of a campaign, in figures. */
export function saw(text: string): void {
  console.info(text);
  record({ saw: text });
}

function record(line: CampaignRecord): void {
  const file = process.env['OUTLAY_CAMPAIGNS'];
  if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
}
