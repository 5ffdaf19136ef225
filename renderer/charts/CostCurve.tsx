import { useMemo } from 'react';
import {
  commitmentAmount,
  costCurve,
  type CostCurveData,
  costCurveReadout,
  costCurveSummary,
  costCurveTip,
} from '../../shared/charts/costCurve.ts';
import { formatDecimal } from '../../shared/domain/format.ts';
import { useChoices } from '../stores/choices.ts';
import { Chart } from './Chart.tsx';
import { Numbers, Tip } from './parts.tsx';
import { useLook } from './useLook.ts';

/** The monthly bill by the size of a commitment with the chosen point; or its numbers as a table. */
export function CostCurve({ data, height }: { data: CostCurveData; height: number }) {
  const { tokens, tween } = useLook();
  const table = useChoices((choices) => choices.table);
  const option = useMemo(() => costCurve(data, { tokens, tween }), [data, tokens, tween]);
  const positions = useMemo(() => data.points.map(({ amount }) => amount), [data]);
  if (table) {
    return (
      <Numbers
        name="the curve"
        height={height}
        head={[`Commitment, ${data.unit}`, 'Bill a month', 'Low', 'High']}
        rows={data.points.map(({ amount, bill, low, high }) => [
          commitmentAmount(amount, data.kind),
          formatDecimal(bill, 2),
          formatDecimal(low, 2),
          formatDecimal(high, 2),
        ])}
      />
    );
  }
  return (
    <Chart
      option={option}
      height={height}
      tween={tween}
      positions={positions}
      summary={costCurveSummary(data)}
      count={data.points.length}
      readout={(index) => costCurveReadout(data, index)}
      renderTip={(index) => <Tip tip={costCurveTip(data, index)} />}
    />
  );
}
