import { setFailed, useOverlays } from '../stores/overlays.ts';
import { Failure } from './Failure.tsx';

/** The last export or report that failed, until it is closed. */
export function LastFailure() {
  const failed = useOverlays((state) => state.failed);
  if (!failed) return null;
  return (
    <div className="last-failure">
      <Failure error={failed} kept="Nothing was saved. What was loaded is unchanged." />
      <button type="button" className="button" onClick={() => setFailed(null)}>
        Close
      </button>
    </div>
  );
}
