import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { purposeColours } from '../../../shared/charts/purposeColours.ts';
import { type StackedBarsData, stackedBarsUnit } from '../../../shared/charts/stackedBars.ts';
import { formatCount, formatDecimal } from '../../../shared/domain/format.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import type { TelemetryQuality } from '../../../shared/contract/workloads.ts';
import { isMetricId, metricOf } from '../../../shared/telemetry/metrics.ts';
import { purposeTitles } from '../../../shared/workloads/purposes.ts';
import { StackedChart } from '../../charts/StackedChart.tsx';
import { Failure } from '../../components/Failure.tsx';
import { useApi } from '../../data/useApi.ts';
import { useLink } from '../../stores/address.ts';
import { choose, useChoices } from '../../stores/choices.ts';
import type { Loaded } from '../../stores/period.ts';
import { workloadsInput } from '../../stores/workloadsInput.ts';
import { metricNames } from '../../stores/words.ts';
import { DetailFigures } from './DetailFigures.tsx';
import { MeasuredHeat } from './GpuHeat.tsx';
import { GpuRates } from './GpuRates.tsx';
import { InTurn } from './InTurn.tsx';
import { LoadTelemetry } from './LoadTelemetry.tsx';
import { Jobs, Reasons, Resources } from './Parts.tsx';
import { groupsOf } from './purposeGroups.ts';
import { sumPoints } from './sums.ts';
import { Tokens } from './Tokens.tsx';
import { UnitCosts } from './UnitCosts.tsx';
import { WhatChanged } from './WhatChanged.tsx';
import { type Detail as Answer, kindNames, withoutGpu } from './words.ts';
import './detail.css';

/** One workload: what it costs and why it counts as what it does, use, unit costs and parts. */
export function Detail({ id, loaded }: { id: string; loaded: Loaded }) {
  const choices = useChoices();
  const link = useLink();
  const asked = useApi('workloads.detail', { ...workloadsInput(choices, loaded), id });
  const head = useRef<HTMLHeadingElement>(null);
  // Drawn in slices, between which the window answers.
  const detail = useDeferredValue(asked.data);
  const shown = detail !== null;
  // Opened from the table, it is read from its name on.
  useEffect(() => {
    if (shown) head.current?.focus({ preventScroll: true });
  }, [shown]);
  return (
    <article className="workload-detail" aria-label="Workload">
      <p className="small">
        <a className="link" href={link({ workload: null })}>
          All workloads
        </a>
      </p>
      {asked.error && (
        <Failure
          error={asked.error}
          kept="The other workloads are unchanged. Days in which it costs something show it."
        />
      )}
      {detail && !asked.error && (
        <>
          <h2 className="workload-name" tabIndex={-1} ref={head}>
            {detail.workload.name}
          </h2>
          <Why detail={detail} />
          <DetailFigures detail={detail} />
          <InTurn>
            <div className={withUse(detail) ? 'workloads-row even' : 'workloads-row single'}>
              <InTurn>
                <CostOverTime detail={detail} />
                {withUse(detail) && <Use detail={detail} />}
              </InTurn>
            </div>
            <UnitCosts detail={detail} />
            <GpuRates detail={detail} />
            <WhatChanged detail={detail} />
            <Resources detail={detail} />
            <Jobs detail={detail} />
            <Tokens detail={detail} />
            <Reasons detail={detail} />
          </InTurn>
        </>
      )}
    </article>
  );
}

/** It has GPUs, known ones or such that the bill says no hours of. */
function withUse({ workload, measuredResources }: Answer): boolean {
  return measuredResources.length > 0 || !withoutGpu(workload);
}

/** A row a day while they all fit beside the chart. */
function foldOf({ from, to }: Answer['range']): 'weekdays' | 'days' {
  return dayNumber(to) - dayNumber(from) > 31 ? 'weekdays' : 'days';
}

/** What the percentages rest on. */
function Quality({ of }: { of: TelemetryQuality }) {
  const counters = of.metrics.map((id) => (isMetricId(id) ? metricOf(id).label : id));
  return (
    <p className="muted small heat-words">
      {counters.length > 0 && `Counters, the best of each hour: ${counters.join(', ')}. `}
      {formatCount(of.measured)} of {formatCount(of.resources)} GPU resources measured,{' '}
      {formatCount(of.samples)} samples.
    </p>
  );
}

function Why({ detail }: { detail: Answer }) {
  const { workload } = detail;
  return (
    <p className="workload-why small">
      <span className={`swatch cat-${purposeColours[workload.purpose]}`} />{' '}
      <b>{purposeTitles[workload.purpose]}</b>. {workload.reason}{' '}
      <span className="muted">
        Rule: {workload.rule}. A {kindNames[workload.kind]}, named by {workload.from}.
      </span>{' '}
      <button type="button" className="link-button" onClick={() => choose({ rules: true })}>
        Change it by a rule
      </button>
    </p>
  );
}

function CostOverTime({ detail }: { detail: Answer }) {
  const { notAi } = detail.workload;
  const data = useMemo<StackedBarsData>(() => {
    const stacks = groupsOf(detail.purposes.filter(({ purpose }) => purpose !== 'not-ai')).map(
      ({ label, colour, parts }) => ({
        label,
        colour,
        points: sumPoints(parts.map(({ points }) => points)),
      }),
    );
    const shared = detail.sharedPoints.some((point) => Number(point) !== 0);
    return {
      periods: detail.periods,
      granularity: detail.periods[0]?.length === 7 ? 'month' : 'day',
      stacks: shared
        ? [...stacks, { label: 'Shares of split cost', colour: 7, points: detail.sharedPoints }]
        : stacks,
      comparison: null,
    };
  }, [detail]);
  return (
    <section className="purposes" aria-label="Cost over time">
      <div className="section-head">
        <h2>Cost over time</h2>
        <span className="caption muted">
          {stackedBarsUnit(data, detail.currency)}, {metricNames[detail.metric].toLowerCase()} cost
          {notAi !== null &&
            Number(notAi) !== 0 &&
            `; beside it ${formatDecimal(notAi, 2)} that is not AI`}
        </span>
      </div>
      <StackedChart data={data} height={232} labels={false} right={4} />
      <ul className="chart-legend caption">
        {data.stacks.map(({ label, colour }) => (
          <li key={label}>
            <span className={`swatch cat-${colour}`} /> {label}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Use({ detail }: { detail: Answer }) {
  const { range, measuredResources, workload } = detail;
  const question = useMemo(
    () => ({ from: range.from, to: range.to, billed: measuredResources }),
    [range, measuredResources],
  );
  return (
    <section className="gpu-heat" aria-label="GPU utilisation">
      {measuredResources.length > 0 ? (
        <>
          <MeasuredHeat question={question} fold={foldOf(range)} />
          <Quality of={workload.telemetry} />
        </>
      ) : (
        <>
          <div className="section-head">
            <h2>GPU utilisation, hour by day</h2>
          </div>
          <LoadTelemetry about={`Its use is unknown. ${workload.telemetry.reason}`} />
        </>
      )}
    </section>
  );
}
