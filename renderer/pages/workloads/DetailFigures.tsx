import type { ReactNode } from 'react';
import {
  formatAllDigits,
  formatChangePercent,
  formatDecimal,
  formatHeadline,
  formatRange,
  placesOf,
} from '../../../shared/domain/format.ts';
import {
  amount,
  type Detail,
  lowBusy,
  percentOf,
  telemetryWords,
  unitNames,
  unitPlaces,
  withoutGpu,
} from './words.ts';

/** The figures of one workload. */
export function DetailFigures({ detail }: { detail: Detail }) {
  const { workload, currency, range } = detail;
  const { gpu, unit, telemetry } = workload;
  const none = withoutGpu(workload);
  return (
    <dl className="detail-figures" aria-label="Figures">
      <Figure
        name={`AI cost, ${formatRange(range.from, range.to)}`}
        note={<CostNote detail={detail} />}
      >
        <span title={workload.cost === null ? undefined : formatAllDigits(workload.cost)}>
          {workload.cost === null
            ? 'unknown'
            : formatHeadline(workload.cost, currency, placesOf(workload.cost))}
        </span>
      </Figure>
      <Figure name={unit ? unitNames[unit.unit] : 'Unit cost'} note={<UnitNote detail={detail} />}>
        {unit?.perUnit
          ? formatHeadline(unit.perUnit, currency, unitPlaces(unit.perUnit))
          : 'unknown'}
      </Figure>
      <Figure
        name="GPU-hours paid"
        note={
          gpu.perHour === null
            ? ''
            : `${formatHeadline(gpu.perHour, currency, unitPlaces(gpu.perHour))} an hour`
        }
      >
        {none ? 'n/a' : amount(gpu.hours, 0)}
      </Figure>
      <Figure
        name="Busy"
        note={
          gpu.activeShare === null ? (
            ''
          ) : (
            <span title="Samples in which any counter saw activity">
              active in {percentOf(gpu.activeShare)}
            </span>
          )
        }
      >
        <span className={gpu.busyShare !== null && gpu.busyShare < lowBusy ? 'risk' : undefined}>
          {none ? 'n/a' : percentOf(gpu.busyShare)}
        </span>
      </Figure>
      <Figure name="Telemetry" note={<span title={telemetry.reason}>{telemetry.reason}</span>}>
        {none ? 'n/a' : telemetryWords(telemetry)}
      </Figure>
    </dl>
  );
}

function Figure({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">
        <span className="detail-figure">{children}</span>
        <span className="detail-note cut">{note}</span>
      </dd>
    </div>
  );
}

function CostNote({ detail }: { detail: Detail }) {
  const { workload, compareRange } = detail;
  const { cost, previous, share } = workload;
  const parts: string[] = [];
  if (cost !== null && previous !== null && compareRange) {
    const before = formatRange(compareRange.from, compareRange.to);
    parts.push(`${formatChangePercent(cost, previous)} on ${before}`);
  }
  if (share !== null) parts.push(`${percentOf(share)} of AI`);
  const words = parts.join('; ');
  return <span title={words}>{words}</span>;
}

function UnitNote({ detail }: { detail: Detail }) {
  const { unit } = detail.workload;
  if (!unit) return 'no unit is known';
  const { perUnit, previous } = unit;
  const words =
    perUnit !== null && previous !== null
      ? `${formatChangePercent(perUnit, previous)} on ${formatDecimal(previous, unitPlaces(previous))} before`
      : unit.reason;
  return <span title={unit.reason}>{words}</span>;
}
