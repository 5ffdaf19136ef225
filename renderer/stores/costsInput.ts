import type { CallInput } from '../../shared/contract/contract.ts';
import { dayNumber } from '../../shared/domain/calendar.ts';
import type { Choices } from './choices.ts';
import { type Loaded, resolvePeriod } from './period.ts';

/** Days a chart of days stays readable for; longer periods are charted by month. */
const longestDaily = 92;

/** The question for the lines behind the Costs page, in the currency that it shows. */
export function linesInput(
  choices: Choices,
  loaded: Loaded,
  currency: string | null,
): CallInput<'costs.lines'> {
  const { from, to } = resolvePeriod(choices.period, loaded);
  const filters = choices.filters.map((filter) => ({ ...filter, values: [...filter.values] }));
  return {
    metric: choices.metric,
    from,
    to,
    filters: [{ dimension: 'currency', values: [currency] }, ...filters],
    sort: choices.lines?.sort ?? 'cost',
  };
}

/** The question that the Costs page asks for the choices. */
export function costsInput(choices: Choices, loaded: Loaded): CallInput<'costs.view'> {
  const { from, to } = resolvePeriod(choices.period, loaded);
  const automatic = dayNumber(to) - dayNumber(from) > longestDaily ? 'month' : 'day';
  return {
    metric: choices.metric,
    ...(choices.currency === undefined ? {} : { currency: choices.currency }),
    from,
    to,
    granularity: choices.granularity === 'auto' ? automatic : choices.granularity,
    by: [...choices.by],
    filters: choices.filters.map((filter) => ({ ...filter, values: [...filter.values] })),
    compare: choices.compare,
  };
}
