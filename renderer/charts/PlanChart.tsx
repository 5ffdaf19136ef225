import { useMemo } from 'react';
import {
  planChart,
  type PlanChartData,
  planChartReadout,
  planChartSummary,
  planChartTip,
} from '../../shared/charts/planChart.ts';
import { formatDay, formatDecimal, formatMonth } from '../../shared/domain/format.ts';
import { useChoices } from '../stores/choices.ts';
import { Chart } from './Chart.tsx';
import { Numbers, Tip } from './parts.tsx';
import { useLook } from './useLook.ts';

/** Room for "With the plan 1.63 million" at the end of the lines. */
const labelRoom = 128;

/** What was spent, what is forecast and what the plan makes of it; or the numbers as a table. */
export function PlanChart({ data, height }: { data: PlanChartData; height: number }) {
  const { tokens, tween } = useLook();
  const table = useChoices((choices) => choices.table);
  const option = useMemo(
    () => planChart(data, { tokens, tween, right: labelRoom }),
    [data, tokens, tween],
  );
  if (table) return <PlanNumbers data={data} height={height} />;
  return (
    <Chart
      option={option}
      height={height}
      tween={tween}
      summary={planChartSummary(data)}
      count={data.points.length}
      readout={(index) => planChartReadout(data, index)}
      renderTip={(index) => <Tip tip={planChartTip(data, index)} />}
    />
  );
}

function PlanNumbers({ data, height }: { data: PlanChartData; height: number }) {
  const name = data.granularity === 'month' ? formatMonth : formatDay;
  const shown = (text: string | null | undefined) =>
    text === null || text === undefined ? 'n/a' : formatDecimal(text, 2);
  return (
    <Numbers
      name="spend, forecast and the plan"
      height={height}
      head={[
        data.granularity === 'month' ? 'Month' : 'Day',
        'Spent',
        'Forecast',
        'Low',
        'High',
        'With the plan',
      ]}
      rows={data.points.map(({ period, spent, forecast, planned }) => [
        name(period),
        shown(spent),
        shown(forecast?.cost),
        shown(forecast?.low),
        shown(forecast?.high),
        shown(planned),
      ])}
    />
  );
}
