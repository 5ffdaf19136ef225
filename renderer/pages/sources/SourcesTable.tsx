import { Fragment, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import {
  compareDecimals,
  formatCount,
  formatDay,
  formatAllDigits,
  formatBytes,
  formatMonthShort,
  formatRange,
  formatRows,
  subtract,
} from '../../../shared/domain/format.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import { noValue, valueName } from '../../stores/words.ts';
import { TiedTotals } from '../../components/Tied.tsx';
import { Changes } from './Changes.tsx';
import { RemoveDialog, type Removal } from './RemoveDialog.tsx';

type Source = CallOutput<'sources.get'>['sources'][number];
type Period = Source['periods'][number];

/** The sources with their billing months: total in the file, total in the store, the difference. */
export function SourcesTable({ sources }: { sources: readonly Source[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const [removal, setRemoval] = useState<Removal | null>(null);
  return (
    <section>
      <div className="section-head">
        <h2>Loaded</h2>
        <span className="caption muted">by source; open one for its billing months</span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: '16%' }} />
          <col />
          <col style={{ width: '18%' }} />
          <col style={{ width: 92 }} />
          <col style={{ width: '18%' }} />
          <col style={{ width: 80 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 84 }} />
          <col style={{ width: 76 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">Provider</th>
            <th scope="col">Billing account</th>
            <th scope="col">Format</th>
            <th scope="col">Days</th>
            <th scope="col" className="right">
              Rows
            </th>
            <th scope="col" className="right">
              Database
            </th>
            <th scope="col" className="right">
              Lines
            </th>
            <th scope="col" className="right">
              <span className="unseen">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => {
            const key = JSON.stringify([
              source.label,
              source.provider,
              source.billingAccount,
              source.format,
            ]);
            const shown = open === key;
            return (
              <Fragment key={key}>
                <tr>
                  <td>
                    <button
                      type="button"
                      className="opener"
                      aria-expanded={shown}
                      onClick={() => setOpen(shown ? null : key)}
                    >
                      {source.label}
                    </button>
                  </td>
                  <td>{source.provider ?? <span className="muted">{noValue}</span>}</td>
                  <td className="muted" title={source.billingAccount ?? noValue}>
                    {valueName(source.billingAccount, source.billingAccountName)}
                  </td>
                  <td>{source.format}</td>
                  <td>{formatRange(source.firstDay, addDays(source.lastDay, 1), true)}</td>
                  <td className="right">{formatRows(source.rows)}</td>
                  <td className="right muted">{formatBytes(source.bytes)}</td>
                  <td className="right muted">
                    {source.detailBytes === 0 ? 'none' : formatBytes(source.detailBytes)}
                  </td>
                  <td className="right">
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => setRemoval(removalOf(sources, source, null))}
                    >
                      Remove
                    </button>
                  </td>
                </tr>
                {shown && (
                  <tr>
                    <td colSpan={9} className="periods-cell">
                      <Periods
                        source={source}
                        onRemove={(period) => setRemoval(removalOf(sources, source, period))}
                      />
                    </td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {removal && <RemoveDialog removal={removal} onClose={() => setRemoval(null)} />}
    </section>
  );
}

/** A removal takes everything under a label, so it names all that share it. */
function removalOf(sources: readonly Source[], { label }: Source, period: string | null): Removal {
  const affected = sources.filter(
    (source) =>
      source.label === label &&
      (period === null || source.periods.some((one) => one.period === period)),
  );
  return {
    source: label,
    period,
    holds: affected.map((source) => source.provider ?? source.format),
  };
}

interface PeriodsProps {
  source: Source;
  onRemove: (period: string) => void;
}

const states: Record<Period['state'], string> = {
  open: 'Open',
  restating: 'Restating',
  closed: 'Closed',
};

function Periods({ source, onRemove }: PeriodsProps) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <table className="table">
      <colgroup>
        <col style={{ width: 172 }} />
        <col style={{ width: 76 }} />
        <col />
        <col style={{ width: 96 }} />
        <col style={{ width: 76 }} />
        <col style={{ width: 140 }} />
        <col style={{ width: 140 }} />
        <col style={{ width: 88 }} />
        <col style={{ width: 76 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Billing month</th>
          <th scope="col">State</th>
          <th scope="col">Files</th>
          <th scope="col">Loaded</th>
          <th scope="col" className="right">
            Rows
          </th>
          <th scope="col" className="right">
            Total in file
          </th>
          <th scope="col" className="right">
            Total loaded
          </th>
          <th scope="col" className="right">
            Difference
          </th>
          <th scope="col" className="right">
            <span className="unseen">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {source.periods.map((period) => {
          const shown = open === period.period;
          return (
            <Fragment key={period.period}>
              <tr>
                <td>
                  {period.changes === 0 ? (
                    <MonthName period={period} />
                  ) : (
                    <button
                      type="button"
                      className="opener"
                      aria-expanded={shown}
                      onClick={() => setOpen(shown ? null : period.period)}
                    >
                      <MonthName period={period} />
                    </button>
                  )}
                </td>
                <td className={period.state === 'restating' ? 'strong' : 'muted'}>
                  {states[period.state]}
                </td>
                <td className="muted" title={period.files.join(', ')}>
                  {period.files.join(', ')}
                </td>
                <td className="muted">{formatDay(period.loadedAt.slice(0, 10))}</td>
                <td className="right">{formatRows(period.rows)}</td>
                <Totals period={period} />
                <td className="right">
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => onRemove(period.period)}
                  >
                    Remove
                  </button>
                </td>
              </tr>
              {shown && (
                <tr>
                  <td colSpan={9} className="periods-cell">
                    <Changes
                      period={period.period}
                      of={{ provider: source.provider, billingAccount: source.billingAccount }}
                    />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

/** "Oct 2026 v2, restated": the words lead to what moved. */
function MonthName({ period }: { period: Period }) {
  return (
    <>
      {formatMonthShort(period.period)}
      {period.number > 1 && (
        <span className="muted">
          {' '}
          v{formatCount(period.number)}
          {period.changes > 0 && ', restated'}
        </span>
      )}
    </>
  );
}

/** Three cells, one line a currency: cents, but a difference to its last digit. */
function Totals({ period }: { period: Period }) {
  return (
    <>
      <td className="right">
        <TiedTotals
          totals={period.totals.map(({ currency, inFile }) => ({ currency, amount: inFile }))}
        />
      </td>
      <td className="right">
        <TiedTotals
          totals={period.totals.map(({ currency, inStore }) => ({ currency, amount: inStore }))}
        />
      </td>
      <td className="right">
        {period.totals.map(({ currency, inFile, inStore }) => (
          <Difference key={currency ?? ''} inFile={inFile} inStore={inStore} />
        ))}
      </td>
    </>
  );
}

function Difference({ inFile, inStore }: { inFile: string | null; inStore: string | null }) {
  if (inFile === null || inStore === null) return <div>unknown</div>;
  const difference = subtract(inStore, inFile);
  const differs = compareDecimals(difference, '0') !== 0;
  return <div className={differs ? 'risk' : undefined}>{formatAllDigits(difference)}</div>;
}
