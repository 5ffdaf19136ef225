import { useState } from 'react';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { formatBytes } from '../../../shared/domain/format.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { Failure } from '../../components/Failure.tsx';
import { useApi, useConnection } from '../../data/useApi.ts';

/** Whether the lines of what is loaded are kept; `bytes` is what they take now. */
export function KeepLines({ bytes }: { bytes: number }) {
  const api = useConnection();
  const kept = useApi('settings.get', {}).data?.detail;
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);

  async function keep(detail: boolean) {
    const result = await api.call('settings.set', { detail });
    setAsking(false);
    setError(result.ok ? null : result.error);
    if (result.ok) api.cache.refresh();
  }

  return (
    <section>
      <h2>Lines</h2>
      <div className="settings-row">
        <span className="muted">Keep the lines of each file</span>
        <span className="segmented">
          <button type="button" aria-pressed={kept === true} onClick={() => void keep(true)}>
            On
          </button>
          <button
            type="button"
            aria-pressed={kept === false}
            onClick={() => (bytes > 0 ? setAsking(true) : void keep(false))}
          >
            Off
          </button>
        </span>
        <span className="muted small" aria-live="polite">
          {kept === false ? 'None are kept.' : `${formatBytes(bytes)} on disk now.`}
        </span>
      </div>
      <p className="muted small">
        With its lines a figure opens to the rows of the files behind it. Without them every total
        stays as it is. Switching this off deletes the lines that are kept; once it is on again,
        importing the files again brings them back.
      </p>
      {error && <Failure error={error} kept="No lines were deleted." />}
      {asking && (
        <Dialog narrow name="Delete the lines" onClose={() => setAsking(false)}>
          <div className="dialog">
            <h2>Delete the lines?</h2>
            <p>
              {formatBytes(bytes)} are given back to the disk. Totals, history and reports stay as
              they are. To see lines again, switch this on and import the files again.
            </p>
            <div className="buttons">
              <button
                type="button"
                className="button"
                onClick={() => setAsking(false)}
                data-autofocus
              >
                Keep
              </button>
              <button type="button" className="button" onClick={() => void keep(false)}>
                Delete
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </section>
  );
}
