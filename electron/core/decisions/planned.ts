import type { Promised } from '../../../shared/contract/decisions.ts';
import type { SavingsAction, SavingsPlan } from '../../../shared/contract/savings.ts';
import { decisionKey } from '../../../shared/decisions/decisionKey.ts';
import type { ActionNames } from '../../../shared/decisions/history.ts';

/** What of the bill an action changes. */
export interface ActionScope {
  currency: string | null;
  provider: string;
  /** Of the workloads page; null where the action is about no single one. */
  workload: string | null;
  /** As the bill names them; null where it is about several. */
  account: string | null;
  region: string | null;
  /** As the bill names them. */
  resources: string[];
  /** What is bought, in the words of its price list; null where nothing is. */
  offer: string | null;
  /** Machine that another one replaces, `ratio` units of it for each; null where none does. */
  resize: { from: string; to: string; ratio: number } | null;
}

/** An action as a plan shows it. */
export interface PlannedAction {
  names: ActionNames;
  promise: Promised;
  scope: ActionScope;
}

/** The action of a plan that a decision is about; null where the plan does not advise it. */
export function plannedAction(answer: SavingsPlan, key: string): PlannedAction | null {
  const { plan, window, currency } = answer;
  if (answer.status !== 'ready' || plan === null || window === null) return null;
  const action = plan.actions.find(({ id }) => decisionKey(currency, id) === key);
  if (!action) return null;
  return {
    names: {
      key,
      action: action.id,
      title: action.title,
      detail: action.detail,
      lever: action.lever,
    },
    promise: {
      currency,
      monthly: action.marginal,
      standalone: action.standalone,
      lastIn: action.lastIn,
      interval: { low: action.low, high: action.high, level: plan.level },
      pLoss: action.pLoss,
      window: { from: window.from, to: window.to },
      inputs: answer.inputs,
      prices: pricesOf(action),
    },
    scope: {
      currency,
      provider: action.provider,
      workload: action.workload,
      resources: [...new Set(action.evidence.flatMap(({ link }) => link?.resources ?? []))].sort(),
      account: action.account,
      region: action.region,
      offer: action.commitment?.offer ?? null,
      resize: action.resize,
    },
  };
}

/** Price lists behind an action, each with its date, once. */
function pricesOf(action: SavingsAction): Promised['prices'] {
  const found = new Map<string, Promised['prices'][number]>();
  for (const { kind, source, date } of action.evidence) {
    if (kind === 'price') found.set(`${source} ${date ?? ''}`, { source, date });
  }
  return [...found.values()];
}
