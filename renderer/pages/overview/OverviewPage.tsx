import type { CallOutput } from '../../../shared/contract/contract.ts';
import { formatMonth } from '../../../shared/domain/format.ts';
import { CostSelect } from '../../components/CostSelect.tsx';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { Select } from '../../components/Select.tsx';
import { UnknownCost } from '../../components/UnknownCost.tsx';
import { useApi } from '../../data/useApi.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import { monthOfPeriod } from '../../stores/period.ts';
import { DataTable } from './DataTable.tsx';
import { Figures } from './Figures.tsx';
import { History } from './History.tsx';
import { MakeReport } from './MakeReport.tsx';
import { Movers } from './Movers.tsx';
import { Services } from './Services.tsx';
import './overview.css';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

/** One page for the month: what was spent, on what, what moved, and whether it can be trusted. */
export function OverviewPage({ data }: { data: Data }) {
  const { period, metric, currency } = useChoices();
  const month = monthOfPeriod(period, data);
  const asked = useApi('overview.get', {
    metric,
    month,
    ...(currency === undefined ? {} : { currency }),
  });
  const overview = asked.data;

  return (
    <>
      <Header title="Overview" end={<MakeReport loaded={data} />}>
        <Select
          name="Month"
          value={formatMonth(month)}
          groups={[{ options: monthOptions(overview?.availableMonths ?? [month], month) }]}
        />
        <CostSelect
          metrics={data.metrics}
          currencies={overview?.currencies ?? data.currencies}
          currency={overview?.currency}
        />
      </Header>
      <main className="content overview">
        <LastFailure />
        {asked.error && <Failure error={asked.error} kept="What was loaded is unchanged." />}
        <Figures overview={overview} data={data} />
        {overview?.spent.cost === null && (
          <UnknownCost metric={overview.metric} currency={overview.currency} />
        )}
        {overview && overview.spent.cost !== null && (
          <>
            <div className="overview-row hero">
              <History overview={overview} />
              <Services overview={overview} />
            </div>
            <div className="overview-row">
              <Movers overview={overview} />
              <DataTable overview={overview} data={data} />
            </div>
          </>
        )}
      </main>
    </>
  );
}

function monthOptions(months: readonly string[], chosen: string) {
  return [...months].reverse().map((month) => ({
    key: month,
    label: formatMonth(month),
    chosen: month === chosen,
    choose: () => choose({ period: { kind: 'month', month } }),
  }));
}
