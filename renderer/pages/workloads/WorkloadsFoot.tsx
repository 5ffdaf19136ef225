import type { WorkloadRow } from '../../../shared/contract/workloads.ts';
import {
  compareDecimals,
  formatAllDigits,
  formatChangePercent,
  formatCount,
  formatDecimal,
  formatShare,
  placesOf,
} from '../../../shared/domain/format.ts';
import type { Purpose } from '../../../shared/workloads/purposes.ts';
import { BusyBar } from './BusyBar.tsx';
import { sumOf } from './sums.ts';
import {
  amount,
  type Overview,
  purposeInSentence,
  telemetryWords,
  unitPrice,
  withoutGpu,
} from './words.ts';

interface FootProps {
  overview: Overview;
  rows: readonly WorkloadRow[];
  purpose: Purpose | null;
}

/** What no workload has, and the total: all AI cost, or that of the purpose's workloads. */
export function Foot({ overview, rows, purpose }: FootProps) {
  const { ai, unassigned, gpu, telemetry } = overview;
  const places = placesOf(ai.cost);
  if (purpose !== null) {
    const sum = sumOf(rows.map(({ cost }) => cost));
    return (
      <SumRow
        label={`${formatCount(rows.length)} mainly ${purposeInSentence(purpose)}`}
        cost={sum}
        of={ai.cost}
        places={places}
        total
      />
    );
  }
  const left = overview.workloadCount - overview.workloads.length;
  const none = withoutGpu(overview);
  return (
    <>
      {left > 0 && (
        <SumRow
          label={`${formatCount(left)} more`}
          cost={overview.restCost}
          of={ai.cost}
          places={places}
        />
      )}
      {unassigned.cost !== null && compareDecimals(unassigned.cost, '0') !== 0 && (
        <SumRow label="Without a workload" cost={unassigned.cost} of={ai.cost} places={places} />
      )}
      <div className="grid-row fixed total" role="row">
        <div role="gridcell" className="keys">
          All AI, {formatCount(overview.workloadCount)}{' '}
          {overview.workloadCount === 1 ? 'workload' : 'workloads'}
        </div>
        <div
          role="gridcell"
          className="right"
          title={ai.cost === null ? undefined : formatAllDigits(ai.cost)}
        >
          {amount(ai.cost, places)}
        </div>
        <div role="gridcell" className="right">
          {ai.cost === null || overview.previousAi === null
            ? 'n/a'
            : formatChangePercent(ai.cost, overview.previousAi)}
        </div>
        <div role="gridcell" className="right">
          {ai.cost === null ? '' : formatShare(ai.cost, ai.cost)}
        </div>
        <div role="gridcell" />
        <div role="gridcell" className="right">
          {none ? 'n/a' : amount(gpu.hours, 0)}
        </div>
        <div role="gridcell" className="busy-cell">
          {none ? 'n/a' : <BusyBar share={gpu.busyShare} />}
        </div>
        <div role="gridcell" className="unit-cell">
          {none ? (
            'n/a'
          ) : (
            <>
              {unitPrice(gpu.perBusyHour)} <span className="muted">/ busy GPU-h</span>
            </>
          )}
        </div>
        <div role="gridcell" className="muted cut apart" title={telemetry.reason}>
          {telemetryWords(telemetry)}
        </div>
      </div>
    </>
  );
}

interface SumRowProps {
  label: string;
  cost: string | null;
  of: string | null;
  places: number;
  total?: boolean;
}

function SumRow({ label, cost, of, places, total = false }: SumRowProps) {
  return (
    <div className={`grid-row fixed ${total ? 'total' : 'muted'}`} role="row">
      <div role="gridcell" className="keys">
        {label}
      </div>
      <div
        role="gridcell"
        className="right"
        title={cost === null ? undefined : formatAllDigits(cost)}
      >
        {cost === null ? 'unknown' : formatDecimal(cost, places)}
      </div>
      <div role="gridcell" />
      <div role="gridcell" className="right">
        {cost === null || of === null ? '' : formatShare(cost, of)}
      </div>
      <div role="gridcell" className="span-rest" />
    </div>
  );
}
