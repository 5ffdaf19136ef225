import { choose, useChoices } from '../stores/choices.ts';
import { type Option, Select } from './Select.tsx';

interface PlanScopeProps {
  providers: readonly string[];
  currencies: readonly string[];
  /** The one that is shown. */
  currency: string | null;
}

/** Which providers are planned for and, where several are loaded, which currency. */
export function PlanScope({ providers, currencies, currency }: PlanScopeProps) {
  const provider = useChoices((choices) => choices.provider);
  const all: Option = {
    key: 'all',
    label: 'All clouds',
    chosen: provider === null,
    choose: () => choose({ provider: null, action: null }),
  };
  const each = providers.map((name): Option => {
    return {
      key: name,
      label: name,
      chosen: name === provider,
      choose: () => choose({ provider: name, action: null }),
    };
  });
  return (
    <>
      <Select
        name="Scope"
        value={provider ?? 'All clouds'}
        groups={[{ options: [all] }, { options: each }]}
      />
      {currencies.length > 1 && (
        <Select
          name="Currency"
          value={currency ?? 'none'}
          groups={[
            {
              label: 'Planned apart, never added together',
              options: currencies.map((code) => ({
                key: code,
                label: code,
                chosen: code === currency,
                choose: () => choose({ currency: code, action: null }),
              })),
            },
          ]}
        />
      )}
    </>
  );
}
