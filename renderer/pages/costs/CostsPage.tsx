import { memo, useDeferredValue } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Dimension } from '../../../shared/contract/values.ts';
import { CostSelect } from '../../components/CostSelect.tsx';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { PeriodPicker } from '../../components/PeriodPicker.tsx';
import { type Option, Select } from '../../components/Select.tsx';
import { UnknownCost } from '../../components/UnknownCost.tsx';
import { exportCosts } from '../../data/actions.ts';
import { useApi, useConnection } from '../../data/useApi.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { costsInput } from '../../stores/costsInput.ts';
import { setFailed } from '../../stores/overlays.ts';
import { dimensionName } from '../../../shared/domain/dimensions.ts';
import { formatRange } from '../../../shared/domain/format.ts';
import { CostsChart } from './CostsChart.tsx';
import { CostsTable } from './CostsTable.tsx';
import { FilterBar } from './FilterBar.tsx';
import { Lines } from './Lines.tsx';
import { Nothing } from './Nothing.tsx';
import { Summary } from './Summary.tsx';
import '../../components/grid.css';
import './costs.css';

type Data = NonNullable<CallOutput<'app.info'>['data']>;
type Dimensions = CallOutput<'costs.dimensions'>['dimensions'];

/** Any slice of the bill: filters, two groupings, total, chart and table. */
export default function CostsPage({ data }: { data: Data }) {
  const api = useConnection();
  const choices = useChoices();
  const asked = useApi('costs.view', costsInput(choices, data));
  const dimensions = useApi('costs.dimensions', {}).data?.dimensions ?? [];
  // Drawn in slices, between which the window answers, and shown when all of it is ready.
  const answered = useDeferredValue(asked.answered);
  const view = answered?.data ?? null;

  return (
    <>
      <Header
        title="Costs"
        end={
          <button
            type="button"
            className="button"
            onClick={() => void exportCosts(api, data).then(setFailed)}
          >
            Export
          </button>
        }
      >
        <PeriodPicker loaded={data} />
        <Select
          name="Compare"
          value={choices.compare ? comparedWith(view) : 'off'}
          groups={[
            {
              options: [
                {
                  key: 'on',
                  label: 'Same days before',
                  chosen: choices.compare,
                  choose: () => choose({ compare: true }),
                },
                {
                  key: 'off',
                  label: 'Off',
                  chosen: !choices.compare,
                  choose: () => choose({ compare: false }),
                },
              ],
            },
          ]}
        />
        <CostSelect
          metrics={data.metrics}
          currencies={view?.currencies ?? data.currencies}
          currency={view?.currency}
        />
      </Header>
      <main className="content costs">
        <div className="costs-bar">
          <FilterBar dimensions={dimensions} loaded={data} />
          <div className="groupings">
            {choices.lines === null && (
              <>
                <Grouping dimensions={dimensions} />
                <button
                  type="button"
                  className="button lines-button"
                  onClick={() => choose({ lines: { sort: 'cost', line: null } })}
                >
                  Lines <kbd className="kbd">L</kbd>
                </button>
              </>
            )}
          </div>
        </div>
        <LastFailure />
        {asked.error ? (
          <Failure error={asked.error} kept="What was loaded is unchanged." />
        ) : (
          <Summary view={view} />
        )}
        {view &&
          (view.rowCount === 0 ? (
            <Nothing view={view} />
          ) : (
            <Slice view={view} by={answered?.input.by ?? []} data={data} />
          ))}
      </main>
    </>
  );
}

function comparedWith(view: CallOutput<'costs.view'> | null): string {
  if (!view) return '–';
  const days = view.compareRange;
  return days ? formatRange(days.from, days.to) : 'not loaded';
}

interface SliceProps {
  view: CallOutput<'costs.view'>;
  /** The groupings of the answer; those that are chosen now may wait for theirs. */
  by: readonly Dimension[];
  data: Data;
}

const Slice = memo(function Slice({ view, by, data }: SliceProps) {
  const lines = useChoices((choices) => choices.lines);
  if (lines) return <Lines currency={view.currency} chosen={lines} loaded={data} />;
  return (
    <>
      {view.total.cost === null ? (
        <UnknownCost metric={view.metric} currency={view.currency} />
      ) : (
        <CostsChart view={view} by={by} />
      )}
      <CostsTable view={view} by={by} />
    </>
  );
});

/** Group by one dimension, then by another. */
function Grouping({ dimensions }: { dimensions: Dimensions }) {
  const [first, second] = useChoices((choices) => choices.by);
  const options = (chosen: Dimension | undefined, pick: (name: Dimension) => void): Option[] =>
    dimensions.map(({ id, label }) => ({
      key: id,
      label,
      chosen: id === chosen,
      choose: () => pick(id),
    }));
  const none: Option = {
    key: 'none',
    label: 'nothing',
    chosen: second === undefined,
    choose: () => choose({ by: [first] }),
  };
  return (
    <>
      <Select
        name="Group by"
        value={dimensionName(first)}
        groups={[
          {
            options: options(first, (name) =>
              // The same grouping twice says nothing; the two change places.
              choose({
                by: second === undefined ? [name] : [name, name === second ? first : second],
              }),
            ),
          },
        ]}
      />
      <Select
        name="then"
        value={second === undefined ? 'nothing' : dimensionName(second)}
        groups={[
          { options: [none] },
          {
            options: options(second, (name) =>
              choose({ by: name === first ? [second ?? first] : [first, name] }),
            ),
          },
        ]}
      />
    </>
  );
}
