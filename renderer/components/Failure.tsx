import type { ErrorBody } from '../../shared/contract/errors.ts';

/** In place of the content it concerns: what happened, what to do, and the code to pass on. */
export function Failure({ error, kept }: { error: ErrorBody; kept?: string }) {
  return (
    <div className="failure" role="alert">
      <p className="strong">{error.message}</p>
      {kept !== undefined && <p>{kept}</p>}
      {error.hint !== undefined && <p className="muted">{error.hint}</p>}
      <details>
        <summary>Details</summary>
        <pre>{`${error.code}: ${error.message}`}</pre>
      </details>
    </div>
  );
}
