import { useState } from 'react';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { formatMonth } from '../../../shared/domain/format.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { Failure } from '../../components/Failure.tsx';
import { useConnection } from '../../data/useApi.ts';

export interface Removal {
  source: string;
  /** Null: all billing months of the source. */
  period: string | null;
  /** Providers whose charges go with it. */
  holds: string[];
}

/** Asks before an import is undone, and says what comes back. */
export function RemoveDialog({ removal, onClose }: { removal: Removal; onClose: () => void }) {
  const api = useConnection();
  const [error, setError] = useState<ErrorBody | null>(null);
  const what =
    removal.period === null
      ? removal.source
      : `${formatMonth(removal.period)} of ${removal.source}`;

  async function remove() {
    const { source, period } = removal;
    const result = await api.call('sources.remove', {
      source,
      ...(period === null ? {} : { period }),
    });
    if (result.ok) onClose();
    else setError(result.error);
  }

  return (
    <Dialog narrow name={`Remove ${what}`} onClose={onClose}>
      <div className="dialog">
        <h2>Remove {what}?</h2>
        <p>
          The charges of {removal.holds.join(', ')} leave every view and report. A version that it
          had replaced comes back. The files themselves are not touched and can be imported again.
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
