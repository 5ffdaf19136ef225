import { memo } from 'react';
import { purposeColours } from '../../../shared/charts/purposeColours.ts';
import type { WorkloadRow } from '../../../shared/contract/workloads.ts';
import {
  formatAllDigits,
  formatChangePercent,
  formatDecimal,
  placesOf,
} from '../../../shared/domain/format.ts';
import { purposeTitles } from '../../../shared/workloads/purposes.ts';
import { Sparkline } from '../../components/Sparkline.tsx';
import { choose } from '../../stores/choices.ts';
import { BusyBar } from './BusyBar.tsx';
import {
  amount,
  kindNames,
  type Overview,
  percentOf,
  purposeShort,
  telemetryWords,
  unitPrice,
  unitShort,
  withoutGpu,
} from './words.ts';

interface RowProps {
  row: WorkloadRow;
  overview: Overview;
  id: string;
  index: number;
  /** Pixels from the top of all rows. */
  start: number;
  selected: boolean;
  onPoint: (index: number) => void;
}

export const Row = memo(function Row(props: RowProps) {
  const { row, overview, id, index, start, selected, onPoint } = props;
  return (
    // The grid has the focus and the keys; a row is for the pointer.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className="grid-row"
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => onPoint(index)}
    >
      <Cells row={row} overview={overview} />
    </div>
  );
});

const Cells = memo(function Cells({ row, overview }: Pick<RowProps, 'row' | 'overview'>) {
  const { gpu, cost, previous, unit } = row;
  const places = placesOf(overview.ai.cost);
  const none = withoutGpu(row);
  return (
    <>
      <div role="gridcell" className="key">
        <button
          type="button"
          tabIndex={-1}
          className="cut"
          title={`${row.name}, ${kindNames[row.kind]}, named by ${row.from}`}
          onClick={() => choose({ workload: row.id })}
        >
          {row.name}
        </button>
      </div>
      <div
        role="gridcell"
        className="key"
        title={`${purposeTitles[row.purpose]}. ${row.reason} Rule: ${row.rule}`}
      >
        <span className={`swatch cat-${purposeColours[row.purpose]}`} />
        <span className="cut">{purposeShort(row.purpose)}</span>
        {row.purposes.length > 1 && (
          <span className="muted" title={purposesWords(row, places)}>
            +{row.purposes.length - 1}
          </span>
        )}
      </div>
      <div role="gridcell" className="right" title={costWords(row)}>
        {amount(cost, places)}
      </div>
      <div role="gridcell" className="right muted">
        {cost === null || previous === null ? 'n/a' : formatChangePercent(cost, previous)}
      </div>
      <div role="gridcell" className="right">
        {row.share === null ? 'n/a' : percentOf(row.share)}
      </div>
      <div role="gridcell" className="apart">
        <Sparkline points={row.spark} />
      </div>
      <div role="gridcell" className={none ? 'right muted' : 'right'}>
        {none ? 'n/a' : amount(gpu.hours, 0)}
      </div>
      <div role="gridcell" className="busy-cell">
        {none ? <span className="muted">n/a</span> : <BusyBar share={gpu.busyShare} />}
      </div>
      <div role="gridcell" className="unit-cell" title={unit?.reason}>
        {unit === null || unit.perUnit === null ? (
          <span className="muted">{none ? 'n/a' : 'unknown'}</span>
        ) : (
          <>
            {unitPrice(unit.perUnit)} <span className="muted">/ {unitShort[unit.unit]}</span>
          </>
        )}
      </div>
      <div role="gridcell" className="cut apart" title={row.telemetry.reason}>
        {none ? <span className="muted">not a GPU</span> : telemetryWords(row.telemetry)}
      </div>
    </>
  );
});

function purposesWords({ purposes }: WorkloadRow, places: number): string {
  return purposes
    .map(({ purpose, cost }) => `${purposeTitles[purpose]} ${amount(cost, places)}`)
    .join(', ');
}

function costWords({ cost, shared, notAi, unknownRows }: WorkloadRow): string {
  const words = [cost === null ? 'unknown' : formatAllDigits(cost)];
  if (shared !== null && Number(shared) !== 0) {
    words.push(`of which ${formatAllDigits(shared)} shared`);
  }
  if (notAi !== null && Number(notAi) !== 0) {
    words.push(`beside it ${formatAllDigits(notAi)} that is not AI`);
  }
  if (unknownRows > 0) {
    words.push(`${formatDecimal(String(unknownRows))} charges do not deliver this cost`);
  }
  return words.join('; ');
}
