/** Fixed for `npm test`, so that a failure repeats; OUTLAY_SEED takes another. */
const defaultSeed = 20_261_124;

export const endurance = process.env['OUTLAY_ENDURANCE'] === '1';

/** Seed and number of cases of a campaign, printed; the endurance run makes `factor` times more. */
export function campaign(
  name: string,
  cases: number,
  factor = 20,
): { seed: number; numRuns: number; endOnFailure: boolean } {
  const seed = Number(process.env['OUTLAY_SEED'] ?? defaultSeed);
  const numRuns = endurance ? cases * factor : cases;
  console.info(`${name}: seed ${seed}, ${numRuns} cases`);
  return { seed, numRuns, endOnFailure: false };
}
