import { useState } from 'react';
import { makeReport } from '../../data/actions.ts';
import { useConnection } from '../../data/useApi.ts';
import { setFailed } from '../../stores/overlays.ts';
import type { Loaded } from '../../stores/period.ts';

/** Saves the report of the month that is shown. */
export function MakeReport({ loaded }: { loaded: Loaded }) {
  const api = useConnection();
  const [busy, setBusy] = useState(false);

  async function make() {
    setBusy(true);
    setFailed(await makeReport(api, loaded));
    setBusy(false);
  }

  return (
    <button type="button" className="button" disabled={busy} onClick={() => void make()}>
      {busy ? 'Making report' : 'Make report'}
    </button>
  );
}
