import type { SpotTerms } from '../../../shared/analysis/model.ts';

/** What the tags of a workload say about interrupting it. */
export interface SpotFacts {
  /** Hours between two saved states; null where not stated. */
  checkpointH: number | null;
  /** With the account's own time between preemptions; null: not in the headline. */
  terms: Omit<SpotTerms, 'eligible'> | null;
}

/** Tag names that state it, without regard to case, "-" and "_". */
const names = {
  interruptible: 'interruptible',
  checkpoint: 'checkpointminutes',
  restart: 'restartminutes',
  interruptedEvery: 'interruptedeveryhours',
} as const;

/** Hours that a restart takes where nobody has said. */
export const usualRestartH = 10 / 60;

/** Null where the tags do not allow an interruption. */
export function spotFactsOf(tagSet: string): SpotFacts | null {
  if (tagSet === '') return null;
  const tags = new Map(
    Object.entries(JSON.parse(tagSet) as Record<string, string | null>).map(([name, value]) => [
      name.toLowerCase().replaceAll(/[-_\s]/g, ''),
      value ?? '',
    ]),
  );
  if (!/^(?:yes|true|1)$/i.test(tags.get(names.interruptible) ?? '')) return null;
  const number = (name: string) => {
    const value = Number(tags.get(name) ?? Number.NaN);
    return value > 0 ? value : null;
  };
  const minutes = number(names.checkpoint);
  const checkpointH = minutes === null ? null : minutes / 60;
  const mttpH = number(names.interruptedEvery);
  const restart = number(names.restart);
  if (mttpH === null || checkpointH === null) return { checkpointH, terms: null };
  return {
    checkpointH,
    terms: {
      mttpH,
      checkpointH,
      restartH: restart === null ? usualRestartH : restart / 60,
      // Work since the last saved state is lost: its interval counts as the cost of an interruption.
      noticeSaves: true,
      nodes: 1,
      maxFraction: 1,
    },
  };
}
