import type { CallOutput } from '../../shared/contract/contract.ts';
import type { DecisionState } from '../../shared/contract/decisions.ts';
import { decisionKey } from '../../shared/decisions/decisionKey.ts';

export type DecisionItem = CallOutput<'decisions.list'>['items'][number];

/** What was decided about the actions of a plan, by their id. */
export function decidedActions(
  answer: CallOutput<'savings.plan'> | null,
  items: readonly DecisionItem[],
): Map<string, DecisionItem> {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const found = new Map<string, DecisionItem>();
  for (const { id } of answer?.plan?.actions ?? []) {
    const item = byKey.get(decisionKey(answer?.currency ?? null, id));
    if (item) found.set(id, item);
  }
  return found;
}

/** Dismissed and snoozed actions are in no figure. */
export function isAside(state: DecisionState | undefined): boolean {
  return state === 'dismissed' || state === 'snoozed';
}

/** Ids of the actions that decisions have set aside. */
export function setAside(decisions: ReadonlyMap<string, DecisionItem>): string[] {
  return [...decisions].filter(([, { state }]) => isAside(state)).map(([id]) => id);
}
