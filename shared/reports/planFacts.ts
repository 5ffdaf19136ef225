import type { BankedItem, DecisionItem } from '../contract/decisions.ts';
import type { SavingsPlan, SavingsPlanned, SavingsSimulated } from '../contract/savings.ts';
import { decisionKey } from '../decisions/decisionKey.ts';

/** What the report says of the savings plan of one currency, or why it says nothing. */
export type PlanFacts =
  | {
      kind: 'plan';
      /** Of the billing period and everything before it. */
      answer: SavingsPlan;
      plan: SavingsPlanned;
      /** What was decided about actions in this currency, the latest first. */
      decisions: DecisionItem[];
      /** Of what is done: promised beside banked, the latest first. */
      banked: BankedItem[];
    }
  | {
      kind: 'none';
      /** One sentence. */
      why: string;
    };

/** Actions that a person does not want now: no figure has them in it, as on the page Savings. */
export function leftOut(
  currency: string | null,
  decisions: readonly DecisionItem[],
): DecisionItem[] {
  return decisions.filter(
    ({ key, action, state }) =>
      key === decisionKey(currency, action) && (state === 'dismissed' || state === 'snoozed'),
  );
}

/** A plan without the actions left out, with the figures of its bill simulated anew. */
export function withoutThem(
  answer: SavingsPlan,
  simulated: NonNullable<SavingsSimulated>,
  left: readonly DecisionItem[],
): SavingsPlan {
  if (answer.plan === null) return answer;
  const { actions: simulatedActions, basis: _, milliseconds: __, ...figures } = simulated;
  const states = new Map(simulatedActions.map((action) => [action.id, action]));
  const actions = answer.plan.actions.flatMap((action) => {
    const own = states.get(action.id);
    if (!own) return [action];
    const { on, marginal, standalone, lastIn } = own;
    return on ? [{ ...action, marginal, standalone, lastIn }] : [];
  });
  const titles = left.map(({ title }) => title);
  return {
    ...answer,
    plan: { ...answer.plan, ...figures, actions },
    notes: [`Left out, because dismissed or snoozed: ${titles.join('; ')}.`, ...answer.notes],
  };
}

/** The facts of an answer; without a plan the reason in one sentence. */
export function planFacts(
  answer: SavingsPlan,
  decisions: readonly DecisionItem[],
  banked: readonly BankedItem[],
): PlanFacts {
  const { currency, plan, status } = answer;
  if (status === 'ready' && plan !== null) {
    return {
      kind: 'plan',
      answer,
      plan,
      decisions: decisions.filter(({ key, action }) => key === decisionKey(currency, action)),
      banked: banked.filter((item) => item.currency === currency),
    };
  }
  return { kind: 'none', why: withoutPlan(answer) };
}

function withoutPlan({ status, reconciliation, missing }: SavingsPlan): string {
  const failed =
    reconciliation.find(({ holds, provider }) => !holds && provider === null) ??
    reconciliation.find(({ holds }) => !holds);
  if (status === 'withheld' && failed) {
    const of = failed.provider === null ? 'the bill' : `the bill of ${failed.provider}`;
    return `No savings plan: the simulated bill, ${failed.simulated}, is not the effective cost of ${of}, ${failed.effective}; the difference is ${failed.difference}, and advice is given up to ${failed.limit * 100}% only.`;
  }
  const [blocks = missing[0]] = missing.filter((input) => input.blocks);
  return blocks === undefined
    ? 'No savings plan: nothing of this bill can be planned.'
    : `No savings plan: ${blocks.effect} ${blocks.ask}`;
}
