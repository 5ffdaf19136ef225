import type { ReactNode } from 'react';
import {
  formatAllDigits,
  formatChange,
  formatChangePercent,
  formatDecimal,
  formatHeadline,
  formatRange,
  formatShare,
  placesOf,
  subtract,
} from '../../../shared/domain/format.ts';
import { useLink } from '../../stores/address.ts';
import { amount, lowBusy, type Overview, percentOf, unitPlaces, withoutGpu } from './words.ts';

/** What AI costs, what of GPU time is paid and used, and what nothing explains. */
export function Figures({ overview }: { overview: Overview | null }) {
  const none = overview !== null && withoutGpu(overview);
  const ofGpu = (figure: ReactNode) => (overview === null ? '–' : none ? 'n/a' : figure);
  const note = (words: ReactNode) => (overview === null ? '' : none ? 'no GPU is billed' : words);
  return (
    <section className="figures workload-figures" aria-label="Figures">
      <Figure
        label={
          overview ? `AI spend, ${formatRange(overview.range.from, overview.range.to)}` : 'AI spend'
        }
        note={overview && <SpendNote overview={overview} />}
      >
        {overview ? <Money cost={overview.ai.cost} currency={overview.currency} /> : '–'}
      </Figure>
      <Figure label="GPU-hours paid" note={note(overview && <HoursNote {...overview} />)}>
        {ofGpu(overview && amount(overview.gpu.hours, 0))}
      </Figure>
      <Figure
        label="Busy GPU-hours, of measured"
        note={note(overview && <BusyNote {...overview} />)}
      >
        {ofGpu(overview && <Busy share={overview.gpu.busyShare} />)}
      </Figure>
      <Figure
        label="Cost of a busy GPU-hour"
        note={note(overview && <BusyHourNote {...overview} />)}
      >
        {ofGpu(overview && price(overview.gpu.perBusyHour, overview.currency))}
      </Figure>
      <Figure
        label="Without a workload"
        note={
          overview && (
            <>
              <b>
                {overview.unexplained.rowCount === 0
                  ? '0'
                  : amount(overview.unexplained.cost, placesOf(overview.ai.cost))}
              </b>{' '}
              with no known purpose
            </>
          )
        }
      >
        {overview ? (
          <button
            type="button"
            className="figure-link"
            title="What it is made of"
            onClick={() => document.getElementById('unassigned')?.scrollIntoView()}
          >
            <Money
              cost={overview.unassigned.rowCount === 0 ? '0' : overview.unassigned.cost}
              currency={overview.currency}
            />
          </button>
        ) : (
          '–'
        )}
      </Figure>
    </section>
  );
}

function Money({ cost, currency }: { cost: string | null; currency: string | null }) {
  if (cost === null) return 'unknown';
  return (
    <span title={formatAllDigits(cost)}>{formatHeadline(cost, currency, placesOf(cost))}</span>
  );
}

function Busy({ share }: { share: number | null }) {
  return (
    <span className={share !== null && share < lowBusy ? 'risk' : undefined}>
      {percentOf(share)}
    </span>
  );
}

function price(of: string | null, currency: string | null): string {
  return of === null ? 'unknown' : formatHeadline(of, currency, unitPlaces(of));
}

function Figure({
  label,
  note,
  children,
}: {
  label: string;
  note: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="figure">
      <div className="figure-label">
        <span>{label}</span>
      </div>
      <div className="figure-value num">{children}</div>
      <div className="figure-note num">{note}</div>
    </div>
  );
}

function SpendNote({ overview }: { overview: Overview }) {
  const { ai, total, previousAi, compareRange } = overview;
  const link = useLink();
  if (ai.cost === null) return 'not in the files';
  const before = compareRange && formatRange(compareRange.from, compareRange.to);
  return (
    <>
      {previousAi !== null && before !== null && (
        <span title={`${formatChange(subtract(ai.cost, previousAi), 2)} on ${before}`}>
          <b>{formatChangePercent(ai.cost, previousAi)}</b> on {before};{' '}
        </span>
      )}
      {total.cost !== null && (
        <a
          href={link({ page: 'costs', filters: [] })}
          title={`${formatShare(ai.cost, total.cost)} of ${formatDecimal(total.cost, 2)}, all charges`}
        >
          {formatShare(ai.cost, total.cost)} of all
        </a>
      )}
    </>
  );
}

function HoursNote({ gpu, currency }: Pick<Overview, 'gpu' | 'currency'>) {
  if (gpu.hours === null) return 'the bill does not say all of them';
  if (gpu.perHour === null) return 'cost unknown';
  return (
    <>
      <b>{price(gpu.perHour, currency)}</b> an hour paid
    </>
  );
}

function BusyHourNote({ gpu, currency }: Pick<Overview, 'gpu' | 'currency'>) {
  if (gpu.perBusyHour === null) {
    return gpu.busyShare === 0 ? 'never busy' : 'needs telemetry';
  }
  return `${price(gpu.perHour, currency)} paid, at ${percentOf(gpu.busyShare)} busy`;
}

function BusyNote({ gpu, telemetry }: Pick<Overview, 'gpu' | 'telemetry'>) {
  if (telemetry.level === 'none') return 'no telemetry for these days';
  const measured = gpu.measuredHours;
  return (
    <span title={telemetry.reason}>
      {telemetry.coverage === null
        ? `telemetry: ${amount(measured === null ? null : measured.toFixed(0), 0)} hours`
        : `telemetry: ${percentOf(telemetry.coverage)} of paid`}
    </span>
  );
}
