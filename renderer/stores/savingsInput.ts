import type { CallInput } from '../../shared/contract/contract.ts';
import type { Choices, WhatIf } from './choices.ts';

type Input = CallInput<'savings.plan'>;

/** What holds where nothing else is chosen: the defaults of the contract, which only the core loads. */
export const advisedPolicy = { mostLoss: 0.1, maxTermMonths: 12, usage: 1 } as const;

/**
 * The question for the plan. Actions that are left out are not in it: they would be gone from the
 * list, and the others stay as they are anyway; `simulateInput` leaves them out.
 */
export function planInput({ currency, provider, whatIf }: Choices): Input {
  const { mostLoss, maxTermMonths, maxCash, usage, ends } = whatIf;
  const policy = {
    ...(mostLoss !== null && { mostLoss }),
    ...(maxTermMonths !== null && {
      maxTermMonths: maxTermMonths === 'any' ? null : maxTermMonths,
    }),
    ...(maxCash !== null && { maxCash }),
    ...(usage !== null && { usage }),
    ...(Object.keys(ends).length > 0 && { ends: { ...ends } }),
  };
  return {
    ...(currency !== undefined && currency !== null && { currency }),
    ...(provider !== null && { provider }),
    ...(Object.keys(policy).length > 0 && { policy }),
  };
}

/** The question for the same plan without what is left out, re-simulated at once. */
export function simulateInput(choices: Choices): Input {
  const input = planInput(choices);
  const { off } = choices.whatIf;
  return off.length === 0 ? input : { ...input, policy: { ...input.policy, off: [...off] } };
}

/** True where the options are those that the product advises; stated ends are facts, not options. */
export function isAdvised(whatIf: WhatIf): boolean {
  const { mostLoss, maxTermMonths, maxCash, usage, off } = whatIf;
  return [mostLoss, maxTermMonths, maxCash, usage].every((one) => one === null) && off.length === 0;
}
