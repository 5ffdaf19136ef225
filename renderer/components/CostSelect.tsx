import { choose, useChoices } from '../stores/choices.ts';
import { metricNames, noValue } from '../stores/words.ts';
import type { Metric } from '../../shared/contract/values.ts';
import { type Option, Select } from './Select.tsx';

interface CostSelectProps {
  metrics: readonly Metric[];
  currencies: readonly (string | null)[];
  /** The currency that is shown. */
  currency: string | null | undefined;
}

/** Which cost column and, where several are loaded, which currency; they are never added. */
export function CostSelect({ metrics, currencies, currency }: CostSelectProps) {
  const metric = useChoices((choices) => choices.metric);
  const groups: { label: string; options: Option[] }[] = [
    {
      label: 'Cost column',
      options: metrics.map((name) => ({
        key: name,
        label: metricNames[name],
        chosen: name === metric,
        choose: () => choose({ metric: name }),
      })),
    },
  ];
  if (currencies.length > 1) {
    groups.push({
      label: 'Currency, never added together',
      options: currencies.map((code) => ({
        key: `currency ${code ?? ''}`,
        label: code ?? noValue,
        chosen: code === currency,
        choose: () => choose({ currency: code }),
      })),
    });
  }
  const shown = currency === undefined ? '' : `, ${currency ?? noValue}`;
  return <Select name="Cost" value={metricNames[metric] + shown} groups={groups} />;
}
