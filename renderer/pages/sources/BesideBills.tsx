import { useState } from 'react';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { formatCount, formatDay } from '../../../shared/domain/format.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { Failure } from '../../components/Failure.tsx';
import { useApi, useConnection } from '../../data/useApi.ts';

interface Row {
  kind: 'telemetry' | 'tokens';
  id: number;
  file: string;
  what: string;
  firstDay: string | null;
  lastDay: string | null;
  removable: boolean;
}

/** What is loaded beside the bills, load by load; each can be taken out again. */
export function BesideBills() {
  const telemetry = useApi('telemetry.list', { limit: 1 });
  const tokens = useApi('tokens.list', {});
  const [asked, setAsked] = useState<Row | null>(null);
  const rows: Row[] = [
    ...(telemetry.data?.loads ?? [])
      .filter(({ status }) => status === 'loaded')
      .map(({ id, file, samplesKept, resources, firstAt, lastAt, removable }) => ({
        kind: 'telemetry' as const,
        id,
        file,
        what: `${counted(samplesKept, 'value')} of ${counted(resources, 'resource')}`,
        firstDay: firstAt?.slice(0, 10) ?? null,
        lastDay: lastAt?.slice(0, 10) ?? null,
        removable,
      })),
    ...(tokens.data?.loads ?? [])
      .filter(({ status }) => status === 'loaded')
      .map(({ id, file, tokens: of, firstDay, lastDay }) => ({
        kind: 'tokens' as const,
        id,
        file,
        what: `${formatCount(Number(of))} tokens`,
        firstDay,
        lastDay,
        removable: true,
      })),
  ];
  if (rows.length === 0) return null;
  return (
    <section>
      <div className="section-head">
        <h2>Telemetry and usage</h2>
        <span className="caption muted">loaded beside the bills, days in UTC</span>
      </div>
      <table className="table table-wide">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Holds</th>
            <th scope="col">Days</th>
            <th scope="col">
              <span className="unseen">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.kind} ${row.id}`}>
              <td title={row.file}>{row.file}</td>
              <td>{row.what}</td>
              <td className="muted num">
                {row.firstDay && row.lastDay
                  ? `${formatDay(row.firstDay)} to ${formatDay(row.lastDay)}`
                  : 'none'}
              </td>
              <td className="right">
                {row.removable && (
                  <button
                    type="button"
                    className="link-button"
                    aria-label={`Remove ${row.file}`}
                    onClick={() => setAsked(row)}
                  >
                    Remove
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked && <RemoveLoad row={asked} onClose={() => setAsked(null)} />}
    </section>
  );
}

function counted(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function RemoveLoad({ row, onClose }: { row: Row; onClose: () => void }) {
  const api = useConnection();
  const [error, setError] = useState<ErrorBody | null>(null);

  async function remove() {
    const result =
      row.kind === 'tokens'
        ? await api.call('tokens.remove', { load: row.id })
        : await api.call('telemetry.remove', {
            job: `window-remove-${Date.now().toString(36)}`,
            load: row.id,
          });
    if (result.ok) onClose();
    else setError(result.error);
  }

  return (
    <Dialog narrow name={`Remove ${row.file}`} onClose={onClose}>
      <div className="dialog">
        <h2>Remove {row.file}?</h2>
        <p>
          What it alone brought leaves every view. What other loads hold stays. The file itself is
          not touched and can be imported again.
        </p>
        {error && <Failure error={error} kept="Nothing was removed." />}
        <div className="buttons">
          <button type="button" className="button" onClick={onClose} data-autofocus>
            Keep
          </button>
          <button type="button" className="button" onClick={() => void remove()}>
            Remove
          </button>
        </div>
      </div>
    </Dialog>
  );
}
