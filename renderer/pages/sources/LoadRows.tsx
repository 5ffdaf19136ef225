import type { LoadRecord } from '../../../shared/contract/sources.ts';
import { formatBytes, formatMonthShort } from '../../../shared/domain/format.ts';
import { questionOf } from '../../../shared/domain/loadQuestions.ts';
import { TiedTotals } from '../../components/Tied.tsx';

interface LoadRowsProps {
  loads: readonly LoadRecord[];
  /** Files of which nothing is known yet. */
  waiting?: readonly string[];
  reading?: string | null;
}

/** Per file what it is, the total it states and what became of it. */
export function LoadRows({ loads, waiting = [], reading = null }: LoadRowsProps) {
  if (loads.length + waiting.length === 0) return null;
  return (
    <table className="table table-wide">
      <colgroup>
        <col />
        <col style={{ width: '12%' }} />
        <col style={{ width: '14%' }} />
        <col style={{ width: 84 }} />
        <col style={{ width: 148 }} />
        <col style={{ width: 148 }} />
        <col style={{ width: '18%' }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Recognised as</th>
          <th scope="col">Month</th>
          <th scope="col" className="right">
            Size
          </th>
          <th scope="col" className="right">
            Total in file
          </th>
          <th scope="col" className="right">
            Total loaded
          </th>
          <th scope="col" className="apart">
            State
          </th>
        </tr>
      </thead>
      <tbody>
        {loads.map((load) => (
          <Row key={load.id} load={load} />
        ))}
        {waiting.map((name) => (
          <tr key={name}>
            <td title={name}>{name}</td>
            <td className="muted" colSpan={3} />
            <td className="right muted">not read</td>
            <td />
            <td className="muted apart">
              {reading !== null && name.endsWith(reading) ? 'Reading' : 'Waiting'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Row({ load }: { load: LoadRecord }) {
  const kept =
    load.status === 'loaded' || load.status === 'replaced' || load.status === 'unchanged';
  const totals = load.totals
    .filter(({ billed }) => billed !== null)
    .map(({ currency, billed }) => ({ currency, amount: billed }));
  return (
    <tr>
      <td title={load.file}>{load.file}</td>
      <td className="muted">{recognised(load)}</td>
      <td>{months(load.periods)}</td>
      <td className="right muted">{formatBytes(load.bytes)}</td>
      <td className="right">
        {totals.length === 0 ? (
          <span className="muted">not read</span>
        ) : (
          <TiedTotals totals={totals} />
        )}
      </td>
      <td className="right">{kept && <TiedTotals totals={totals} />}</td>
      <td className="apart" title={load.reason}>
        <State load={load} />
      </td>
    </tr>
  );
}

function recognised(load: LoadRecord): string {
  // A file can be refused before its columns are looked at; only this says that it is no bill.
  if (load.format === null) return load.code === 'NOT_A_BILL' ? 'not a billing export' : '';
  return load.version === null ? load.format : `${load.format} ${load.version}`;
}

/** "Oct 2026", "Sep to Nov 2026". */
export function months(periods: readonly string[]): string {
  const first = periods[0];
  const last = periods.at(-1);
  if (first === undefined || last === undefined) return '';
  if (first === last) return formatMonthShort(first);
  return `${formatMonthShort(first)} to ${formatMonthShort(last)}`;
}

/** Refusals that a person can decide: the other version is there and can be replaced. */
export function needsDecision(load: LoadRecord): boolean {
  return load.status === 'refused' && (load.code === 'LESS_COVERAGE' || load.code === 'OVERLAP');
}

/** Refusals that a person lifts, by a decision or by an answer. */
export function isAsked(load: LoadRecord): boolean {
  return needsDecision(load) || questionOf(load) !== null;
}

function State({ load }: { load: LoadRecord }) {
  switch (load.status) {
    case 'loaded':
      return 'Loaded, difference 0.00';
    case 'replaced':
      return 'Replaced, difference 0.00';
    case 'unchanged':
      return 'Unchanged, loaded before';
    case 'refused':
      return isAsked(load) ? (
        <span className="strong">Needs your {needsDecision(load) ? 'decision' : 'answer'}</span>
      ) : (
        <span className="risk">Refused</span>
      );
    case 'skipped':
      return <span className="muted">Skipped, not a bill</span>;
    case 'cancelled':
      return <span className="muted">Cancelled, nothing kept</span>;
    case 'interrupted':
      return 'Interrupted, import it again';
    case 'running':
      return <span className="muted">Running</span>;
  }
}
