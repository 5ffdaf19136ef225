import { Fragment, useState } from 'react';
import type { LoadRecord } from '../../../shared/contract/sources.ts';
import { formatCount, formatDay, formatRows } from '../../../shared/domain/format.ts';
import { HealthSheet } from './HealthSheet.tsx';
import { isAsked, months } from './LoadRows.tsx';

const firstShown = 12;

const words: Record<LoadRecord['status'], string> = {
  running: 'Running',
  interrupted: 'Interrupted',
  cancelled: 'Cancelled',
  loaded: 'Loaded',
  unchanged: 'Unchanged',
  replaced: 'Replaced',
  refused: 'Refused',
  skipped: 'Skipped',
};

/** Every pull of every file, newest first, with the reason where it was refused. */
export function LoadsTable({ loads }: { loads: readonly LoadRecord[] }) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<number | null>(null);
  const newest = [...loads].sort((a, b) => b.id - a.id);
  const shown = all ? newest : newest.slice(0, firstShown);
  return (
    <section>
      <div className="section-head">
        <h2>Loads</h2>
        <span className="caption muted">every file that was read, newest first, times in UTC</span>
      </div>
      <table className="table table-wide">
        <colgroup>
          <col style={{ width: 148 }} />
          <col style={{ width: '24%' }} />
          <col style={{ width: '12%' }} />
          <col style={{ width: '15%' }} />
          <col style={{ width: 84 }} />
          <col />
          <col style={{ width: 88 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">File</th>
            <th scope="col">Source</th>
            <th scope="col">Month</th>
            <th scope="col" className="right">
              Rows
            </th>
            <th scope="col" className="apart">
              Outcome
            </th>
            <th scope="col">
              <span className="unseen">Data health</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((load) => (
            <Fragment key={load.id}>
              <tr>
                <td className="muted num">
                  {formatDay(load.startedAt.slice(0, 10))}, {load.startedAt.slice(11, 16)}
                </td>
                <td title={load.file}>{load.file}</td>
                <td className="muted">{load.source}</td>
                <td>{months(load.periods)}</td>
                <td className="right">{formatRows(load.rowsKept)}</td>
                <td className="wrap apart">
                  <Outcome load={load} />
                </td>
                <td>
                  {isRead(load) && (
                    <button
                      type="button"
                      className="opener"
                      aria-expanded={open === load.id}
                      aria-label={`Data health of ${load.file}`}
                      onClick={() => setOpen(open === load.id ? null : load.id)}
                    >
                      Health
                    </button>
                  )}
                </td>
              </tr>
              {open === load.id && (
                <tr>
                  <td colSpan={7} className="periods-cell">
                    <HealthSheet load={load.id} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {newest.length > shown.length && (
        <button type="button" className="link-button small more" onClick={() => setAll(true)}>
          Show {formatCount(newest.length - shown.length)} more
        </button>
      )}
    </section>
  );
}

/** Only what was read to its end has a sheet. */
function isRead({ status }: LoadRecord): boolean {
  return status === 'loaded' || status === 'replaced' || status === 'unchanged';
}

function Outcome({ load }: { load: LoadRecord }) {
  const refused = load.status === 'refused' && !isAsked(load);
  return (
    <>
      <span className={refused ? 'risk' : undefined}>{words[load.status]}</span>
      {load.reason !== undefined && <span className="muted">: {load.reason}</span>}
    </>
  );
}
