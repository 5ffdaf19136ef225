import { useMemo } from 'react';
import { type StackedBarsData, stackedBarsUnit } from '../../../shared/charts/stackedBars.ts';
import { monthName } from '../../../shared/domain/format.ts';
import { StackedChart } from '../../charts/StackedChart.tsx';
import { useChoices } from '../../stores/choices.ts';
import { metricNames } from '../../stores/words.ts';
import { type Overview, spentDays } from './days.ts';
import { serviceName } from './serviceName.ts';

/** Spend by month, stacked by service. */
export function History({ overview }: { overview: Overview }) {
  const metric = useChoices((choices) => choices.metric);
  const data = useMemo<StackedBarsData>(
    () => ({
      periods: overview.months.map((point) => point.month),
      granularity: 'month',
      stacks: overview.services.map((service) => ({
        label: serviceName(service),
        colour: service.colour,
        points: service.points,
      })),
      comparison: null,
    }),
    [overview],
  );
  const part = overview.complete ? '' : `; ${monthName(overview.month)}: ${spentDays(overview)}`;
  return (
    <section className="overview-main filling">
      <div className="section-head">
        <h2>Spend by service</h2>
        <span className="caption muted">
          {stackedBarsUnit(data, overview.currency)}, {metricNames[metric].toLowerCase()} cost{part}
        </span>
      </div>
      <div className="history-chart">
        <StackedChart data={data} height="100%" labels right={216} />
      </div>
    </section>
  );
}
