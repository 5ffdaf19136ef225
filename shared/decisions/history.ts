import type {
  Decision,
  DecisionEntry,
  DecisionItem,
  DecisionState,
  Promised,
} from '../contract/decisions.ts';
import type { SavingsLever } from '../contract/savings.ts';

/** Names of an action as the plan gave them. */
export interface ActionNames {
  key: string;
  action: string;
  title: string;
  lever: SavingsLever;
  detail: string;
}

/** What the decisions about one action come to on a day (UTC); the history is oldest first. */
export function itemOf(
  names: ActionNames,
  history: readonly DecisionEntry[],
  today: string,
): DecisionItem {
  const last = history.at(-1)?.decision ?? { kind: 'reopen' as const };
  const state = stateOf(last, today);
  const day = dayOf(last);
  return {
    ...names,
    state,
    day: state === 'open' ? null : day,
    overdue: last.kind === 'schedule' && last.on < today,
    reason: last.kind === 'dismiss' ? last.reason : null,
    promise: promiseOf(history),
    history: [...history],
  };
}

function stateOf(decision: Decision, today: string): DecisionState {
  switch (decision.kind) {
    case 'accept':
      return 'accepted';
    case 'schedule':
      return 'scheduled';
    case 'done':
      return 'done';
    case 'dismiss':
      return 'dismissed';
    case 'snooze':
      return decision.until > today ? 'snoozed' : 'open';
    case 'reopen':
      return 'open';
  }
}

function dayOf(decision: Decision): string | null {
  switch (decision.kind) {
    case 'schedule':
    case 'done':
      return decision.on;
    case 'snooze':
      return decision.until;
    case 'accept':
    case 'dismiss':
    case 'reopen':
      return null;
  }
}

/**
 * The promise that an action is held to: what stood when it was first agreed to, in the run of
 * decisions that holds now. A later plan's smaller figure does not lower the bar, nor a larger one
 * raise it. Without an agreement it is the newest there is.
 */
export function promiseOf(history: readonly DecisionEntry[]): Promised | null {
  let agreed: Promised | null = null;
  let newest: Promised | null = null;
  for (const { decision, promise } of history) {
    switch (decision.kind) {
      case 'accept':
      case 'schedule':
      case 'done':
        agreed ??= promise;
        break;
      case 'dismiss':
      case 'reopen':
        agreed = null;
        break;
      case 'snooze':
    }
    newest = promise ?? newest;
  }
  return agreed ?? newest;
}

/** Why a decision cannot be recorded on a day; null where it can. */
export function refusalOf(
  decision: Decision,
  history: readonly DecisionEntry[],
  today: string,
): string | null {
  switch (decision.kind) {
    case 'schedule':
      return decision.on < today
        ? `decision.on: ${decision.on} has passed. Schedule for today or later, or record it as done.`
        : null;
    case 'done':
      return decision.on > today
        ? `decision.on: ${decision.on} is still to come. Record it as done on that day, or schedule it.`
        : null;
    case 'snooze':
      return decision.until <= today
        ? `decision.until: ${decision.until} is not later than today, ${today}.`
        : null;
    case 'reopen':
      return history.length === 0 || history.at(-1)?.decision.kind === 'reopen'
        ? 'decision: nothing is decided about this action, so there is nothing to reopen.'
        : null;
    case 'accept':
    case 'dismiss':
      return null;
  }
}

/** The very same decision as the one that holds, made on the same plan: recording it adds nothing. */
export function repeats(
  history: readonly DecisionEntry[],
  decision: Decision,
  promise: Promised | null,
): boolean {
  const last = history.at(-1);
  return (
    last !== undefined &&
    sameDecision(last.decision, decision) &&
    (last.promise?.inputs ?? null) === (promise?.inputs ?? null)
  );
}

function sameDecision(a: Decision, b: Decision): boolean {
  return (
    a.kind === b.kind &&
    dayOf(a) === dayOf(b) &&
    (a.kind === 'dismiss' ? a.reason : null) === (b.kind === 'dismiss' ? b.reason : null)
  );
}
