import { useMemo } from 'react';
import {
  waterfall,
  type WaterfallData,
  waterfallReadout,
  waterfallRows,
  waterfallSummary,
  waterfallTip,
} from '../../shared/charts/waterfall.ts';
import { useChoices } from '../stores/choices.ts';
import { Chart } from './Chart.tsx';
import { Numbers, Tip } from './parts.tsx';
import { useLook } from './useLook.ts';

/** From today's bill to the planned bill, one bar a step; or the same numbers as a table. */
export function WaterfallChart({ data, height }: { data: WaterfallData; height: number }) {
  const { tokens, tween } = useLook();
  const table = useChoices((choices) => choices.table);
  const option = useMemo(() => waterfall(data, { tokens, tween }), [data, tokens, tween]);
  if (table) {
    return (
      <Numbers
        name="the waterfall"
        height={height}
        head={['Step', 'A month', 'Last-in']}
        rows={waterfallRows(data).map(({ label, value, lastIn }) => [label, value, lastIn])}
      />
    );
  }
  return (
    <Chart
      option={option}
      height={height}
      tween={tween}
      summary={waterfallSummary(data)}
      count={data.steps.length + 2}
      readout={(index) => waterfallReadout(data, index)}
      renderTip={(index) => <Tip tip={waterfallTip(data, index)} />}
    />
  );
}
