import { useDeferredValue, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { purposeTitles } from '../../../shared/workloads/purposes.ts';
import { CostSelect } from '../../components/CostSelect.tsx';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { PeriodPicker } from '../../components/PeriodPicker.tsx';
import { type Option, Select } from '../../components/Select.tsx';
import { UnknownCost } from '../../components/UnknownCost.tsx';
import { exportWorkloads } from '../../data/exportWorkloads.ts';
import { useApi, useConnection } from '../../data/useApi.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { setFailed } from '../../stores/overlays.ts';
import { workloadsInput } from '../../stores/workloadsInput.ts';
import { Detail } from './Detail.tsx';
import { Figures } from './Figures.tsx';
import { GpuHeat } from './GpuHeat.tsx';
import { InTurn } from './InTurn.tsx';
import { NoAi } from './NoAi.tsx';
import { PurposeChart } from './PurposeChart.tsx';
import { Rules } from './Rules.tsx';
import { Unassigned } from './Unassigned.tsx';
import { WorkloadsTable } from './WorkloadsTable.tsx';
import { type Overview, withoutGpu } from './words.ts';
import '../../components/grid.css';
import './workloads.css';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

/** What AI costs, for what, by which workload, and how well its GPUs are used. */
export default function WorkloadsPage({ data }: { data: Data }) {
  const api = useConnection();
  const choices = useChoices();
  const [opened, setOpened] = useState<string | null>(null);
  const { workload, rules } = choices;
  if (workload !== null && workload !== opened) setOpened(workload);
  const asked = useApi('workloads.overview', workloadsInput(choices, data));
  // Drawn in slices, between which the window answers.
  const overview = useDeferredValue(asked.data);

  return (
    <>
      <Header
        title="AI workloads"
        end={
          !rules && (
            <button
              type="button"
              className="button"
              onClick={() => void exportWorkloads(api, data).then(setFailed)}
            >
              Export CSV
            </button>
          )
        }
      >
        {!rules && (
          <>
            <PeriodPicker loaded={data} />
            {workload === null && <PurposeSelect overview={overview} />}
            <CostSelect
              metrics={data.metrics}
              currencies={overview?.currencies ?? data.currencies}
              currency={overview?.currency}
            />
            <button type="button" className="button" onClick={() => choose({ rules: true })}>
              Rules
            </button>
          </>
        )}
      </Header>
      <main className="content workloads">
        <LastFailure />
        {rules ? (
          <Rules />
        ) : workload !== null ? (
          <Detail key={workload} id={workload} loaded={data} />
        ) : (
          <>
            {asked.error && <Failure error={asked.error} kept="What was loaded is unchanged." />}
            {overview === null && !asked.error && <Figures overview={null} />}
            {overview && !asked.error && (
              <Whole
                overview={overview}
                opened={opened}
                effective={data.metrics.includes('effective')}
              />
            )}
          </>
        )}
      </main>
    </>
  );
}

interface WholeProps {
  overview: Overview;
  opened: string | null;
  effective: boolean;
}

function Whole({ overview, opened, effective }: WholeProps) {
  if (overview.ai.cost === null && overview.ai.unknownRows > 0) {
    return <UnknownCost metric={overview.metric} currency={overview.currency} />;
  }
  if (!overview.purposes.some(({ ai }) => ai)) return <NoAi overview={overview} />;
  const use = overview.telemetry.level !== 'none' || !withoutGpu(overview);
  return (
    <InTurn>
      <Figures overview={overview} />
      <div className={use ? 'workloads-row' : 'workloads-row single'}>
        <InTurn>
          <PurposeChart overview={overview} effective={effective} />
          {use && <GpuHeat overview={overview} />}
        </InTurn>
      </div>
      <WorkloadsTable overview={overview} opened={opened} />
      <Unassigned overview={overview} />
    </InTurn>
  );
}

function PurposeSelect({ overview }: { overview: Overview | null }) {
  const purpose = useChoices((choices) => choices.purpose);
  const found = overview?.purposes.filter(({ ai }) => ai) ?? [];
  const options: Option[] = found.map((one) => ({
    key: one.purpose,
    label: one.title,
    chosen: one.purpose === purpose,
    choose: () => choose({ purpose: one.purpose }),
  }));
  const all: Option = {
    key: 'all',
    label: 'All',
    chosen: purpose === null,
    choose: () => choose({ purpose: null }),
  };
  return (
    <Select
      name="Purpose"
      value={purpose === null ? 'All' : purposeTitles[purpose]}
      groups={[{ options: [all] }, { options }]}
    />
  );
}
