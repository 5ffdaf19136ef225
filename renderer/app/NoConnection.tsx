import type { ErrorBody } from '../../shared/contract/errors.ts';

/** The whole window where the core cannot be reached at all. */
export function NoConnection({ error }: { error: ErrorBody }) {
  return (
    <main className="no-connection">
      <h1>Outlay is not connected</h1>
      <p>{error.message}</p>
      <p className="muted">{error.hint ?? 'Close this window and start Outlay again.'}</p>
    </main>
  );
}
