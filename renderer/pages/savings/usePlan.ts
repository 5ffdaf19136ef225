import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { decidedActions, type DecisionItem, setAside } from '../../data/decided.ts';
import { useApi } from '../../data/useApi.ts';
import { type Live, useSimulated } from '../../data/useSimulated.ts';
import { choose, useChoices, type WhatIf } from '../../stores/choices.ts';
import { planInput, simulateInput } from '../../stores/savingsInput.ts';
import type { Answer, Figures } from './words.ts';

export interface Plan {
  answer: Answer | null;
  error: ErrorBody | null;
  /** What is shown: of the plan, or re-simulated within other options. */
  figures: Figures | null;
  /** The re-simulation that is shown; null where the plan itself is. */
  live: Live | null;
  /** Another plan is being made. */
  planning: boolean;
  /** Options as they stand on the controls. */
  whatIf: WhatIf;
  /** Tries options that are planned anew once they rest. */
  move: (whatIf: WhatIf) => void;
  /** Chooses options at once. */
  settle: (whatIf: WhatIf) => void;
  decisions: ReadonlyMap<string, DecisionItem>;
  /** Today, UTC. */
  today: string | null;
}

/** After this rest the options count as chosen, and are planned anew. */
const chosenAfterMs = 800;

/** The plan of the choices, what becomes of it while options move, and what was decided. */
export function usePlan(): Plan {
  const choices = useChoices();
  const [draft, setDraft] = useState<WhatIf | null>(null);
  const whatIf = draft ?? choices.whatIf;
  const asked = useApi('savings.plan', planInput(choices));
  const listed = useApi('decisions.list', {});
  // Drawn in slices, between which the window answers.
  const answered = useDeferredValue(asked.answered);
  const answer = answered?.data ?? null;

  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      choose({ whatIf: draft });
      setDraft(null);
    }, chosenAfterMs);
    return () => clearTimeout(timer);
  }, [draft]);

  const decisions = useMemo(
    () => decidedActions(answer, listed.data?.items ?? []),
    [answer, listed.data],
  );
  const off = [...new Set([...whatIf.off, ...setAside(decisions)])].sort();
  const wanted = { ...choices, whatIf: { ...whatIf, off } };
  const same = JSON.stringify(answered?.input) === JSON.stringify(planInput(wanted));
  const needed = answer?.plan && (!same || off.length > 0);
  const live = useSimulated(needed ? simulateInput(wanted) : null, answer?.inputs ?? null);

  return {
    answer,
    error: asked.error,
    figures: live ?? answer?.plan ?? null,
    live,
    planning: asked.pending || draft !== null,
    whatIf,
    move: setDraft,
    settle: (chosen) => {
      setDraft(null);
      choose({ whatIf: chosen });
    },
    decisions,
    today: listed.data?.today ?? null,
  };
}
