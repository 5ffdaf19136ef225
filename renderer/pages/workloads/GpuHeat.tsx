import { useMemo } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { heatByDay, heatByWeekday, type HeatGrid } from '../../../shared/charts/heatGrid.ts';
import { formatCount, formatRange } from '../../../shared/domain/format.ts';
import { HeatMap, HeatScale } from '../../charts/HeatMap.tsx';
import { Failure } from '../../components/Failure.tsx';
import { useApi } from '../../data/useApi.ts';
import { useChoices } from '../../stores/choices.ts';
import { LoadTelemetry } from './LoadTelemetry.tsx';
import { type Overview, percentOf } from './words.ts';

type Heat = CallOutput<'telemetry.heatmap'>;

/** How busy all measured GPUs were, by hour of the week. */
export function GpuHeat({ overview }: { overview: Overview }) {
  const { range, telemetry } = overview;
  return (
    <section className="gpu-heat" aria-label="GPU utilisation">
      {telemetry.level === 'none' ? (
        <>
          <div className="section-head">
            <h2>GPU utilisation, hour by day</h2>
          </div>
          <LoadTelemetry about="GPU utilisation is unknown: no telemetry covers these days." />
        </>
      ) : (
        <MeasuredHeat question={{ from: range.from, to: range.to }} fold="weekdays" />
      )}
    </section>
  );
}

interface MeasuredHeatProps {
  question: { from: string; to: string; billed?: string[] };
  fold: 'weekdays' | 'days';
}

/** The heat map of what was measured, with its mean in words. */
export function MeasuredHeat({ question, fold }: MeasuredHeatProps) {
  const table = useChoices((choices) => choices.table);
  const asked = useApi('telemetry.heatmap', question);
  const heat = asked.data;
  const grid = useMemo(() => heat && gridOf(heat, fold), [heat, fold]);
  if (asked.error) return <Failure error={asked.error} kept="The costs are unchanged." />;
  return (
    <>
      <div className="section-head">
        <h2>GPU utilisation, hour by day</h2>
        <span className="caption muted num">
          {heat?.range ? `% busy, ${formatRange(heat.range.from, heat.range.to)}, UTC` : ''}
        </span>
      </div>
      {heat && grid && grid.rows.length > 0 && (
        <>
          <HeatMap grid={grid} measure="busy" />
          {!table && <HeatScale grid={grid} />}
          <p className="muted small heat-words">{wordsOf(heat)}</p>
        </>
      )}
      {heat && heat.days.length === 0 && (
        <LoadTelemetry about="GPU utilisation is unknown: no telemetry covers these days." />
      )}
    </>
  );
}

function gridOf(heat: Heat, fold: 'weekdays' | 'days'): HeatGrid {
  return fold === 'weekdays' && heat.days.length > 7
    ? heatByWeekday(heat.days, heat.cells)
    : heatByDay(heat.days, heat.cells);
}

/** Mean, and working hours against all others; every hour counts by the GPUs measured in it. */
function wordsOf(heat: Heat): string {
  const all = { sum: 0, weight: 0 };
  const work = { sum: 0, weight: 0 };
  heat.days.forEach((day, index) => {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    heat.cells[index]?.forEach((cell, hour) => {
      if (!cell) return;
      const inWork = weekday >= 1 && weekday <= 5 && hour >= 8 && hour < 20;
      for (const of of inWork ? [all, work] : [all]) {
        of.sum += cell.value * cell.subjects;
        of.weight += cell.subjects;
      }
    });
  });
  const mean = (sum: number, weight: number) => percentOf(weight === 0 ? null : sum / weight / 100);
  const other = mean(all.sum - work.sum, all.weight - work.weight);
  return `Mean ${mean(all.sum, all.weight)} of ${formatCount(heat.subjects)} measured ${heat.subjects === 1 ? 'GPU' : 'GPUs'}. Weekdays 08:00 to 20:00: ${mean(work.sum, work.weight)}; all other hours: ${other}.`;
}
