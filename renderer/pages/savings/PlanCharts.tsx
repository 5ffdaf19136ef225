import { useMemo } from 'react';
import {
  type PlanChartData,
  planChartUnit,
  planGapWords,
  planPoints,
} from '../../../shared/charts/planChart.ts';
import { waterfallAxisWords } from '../../../shared/charts/waterfall.ts';
import { PlanChart } from '../../charts/PlanChart.tsx';
import { WaterfallChart } from '../../charts/WaterfallChart.tsx';
import { Failure } from '../../components/Failure.tsx';
import { useApi } from '../../data/useApi.ts';
import { useChoices } from '../../stores/choices.ts';
import { planInput } from '../../stores/savingsInput.ts';
import { type Figures, waterfallOf } from './words.ts';

const height = 216;

interface WaterfallProps {
  figures: Figures;
  planned: Figures;
  currency: string | null;
}

/** From today's bill to the planned bill, by lever. */
export function Waterfall({ figures, planned, currency }: WaterfallProps) {
  const data = useMemo(() => waterfallOf(figures, planned, currency), [figures, planned, currency]);
  if (!data) return null;
  const axis = waterfallAxisWords(data);
  return (
    <section className="plan-waterfall" aria-label="From today's bill to the planned bill">
      <div className="section-head">
        <h2>From today's bill to the planned bill</h2>
        <span className="caption muted num">
          {currency === 'USD' ? 'US$' : currency} a month{axis === '' ? '' : `, ${axis}`}
        </span>
        <span className="caption muted plan-legend">
          <span className="swatch save-dark" /> last-in
          <span className="swatch save-light" /> also reached by another step
        </span>
      </div>
      <WaterfallChart data={data} height={height} />
    </section>
  );
}

/** What was spent, the forecast and the plan, month by month. */
export function OverTime() {
  const choices = useChoices();
  const asked = useApi('savings.series', planInput(choices));
  const series = asked.data;
  const data = useMemo<PlanChartData | null>(
    () =>
      series && {
        currency: series.currency,
        granularity: series.granularity,
        points: planPoints(series.history, series.forecast, series.planned),
      },
    [series],
  );
  const gap = data && planGapWords(data);
  return (
    <section className="plan-over-time" aria-label="Spend, forecast and the plan">
      <div className="section-head">
        <h2>Spend, forecast and the plan</h2>
        {data && (
          <span className="caption muted num cut">
            {planChartUnit(data)}
            {gap === null ? '' : `; ${gap}`}
          </span>
        )}
      </div>
      {asked.error && <Failure error={asked.error} />}
      {data && data.points.length > 0 && (
        <>
          <PlanChart data={data} height={height} />
          <p className="caption muted num plan-forecast-note">{series?.note}</p>
        </>
      )}
      {data && data.points.length === 0 && (
        <p className="muted">{series?.note ?? 'Nothing is loaded.'}</p>
      )}
    </section>
  );
}
