import type { CallInput } from '../../shared/contract/contract.ts';
import type { Choices } from './choices.ts';
import { costsInput } from './costsInput.ts';
import type { Loaded } from './period.ts';

/** The question that the AI workloads page asks for the choices: the span of the Costs page. */
export function workloadsInput(choices: Choices, loaded: Loaded): CallInput<'workloads.overview'> {
  const { metric, currency, from, to, granularity } = costsInput(choices, loaded);
  return { metric, ...(currency === undefined ? {} : { currency }), from, to, granularity };
}
