import { useState } from 'react';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { formatBytes } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { useConnection } from '../../data/useApi.ts';

/** Gives the space of what was removed back to the disk. */
export function Compact({ freeBytes }: { freeBytes: number }) {
  const api = useConnection();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);

  async function compact() {
    setBusy(true);
    const result = await api.call('sources.compact', {});
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) api.cache.refresh();
  }

  return (
    <div>
      <dt>Free in the file</dt>
      <dd className="num">
        {formatBytes(freeBytes)}{' '}
        <button
          type="button"
          className="link-button compact"
          disabled={busy}
          onClick={() => void compact()}
        >
          Compact
        </button>
        {error && <Failure error={error} kept="Nothing was removed." />}
      </dd>
    </div>
  );
}
