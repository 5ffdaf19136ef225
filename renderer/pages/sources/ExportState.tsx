import type { ExportAnswer } from '../../../shared/contract/export.ts';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import { formatBytes, formatCount, formatDuration } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { cancelExport, closeExport, saveExport, useExport } from '../../data/exports.ts';
import { useConnection } from '../../data/useApi.ts';
import { setFailed } from '../../stores/overlays.ts';

/** An export under way, and how it ended. */
export function ExportState() {
  const state = useExport();
  switch (state.kind) {
    case 'idle':
      return null;
    case 'running':
      return <Running progress={state.progress} />;
    case 'done':
      return <Done answer={state.answer} />;
    case 'failed':
      return (
        <section className="import">
          <Failure error={state.error} />
          <div className="import-head">
            <div className="end">
              <Close />
            </div>
          </div>
        </section>
      );
    default:
      return state satisfies never;
  }
}

function Running({ progress }: { progress: JobProgress | null }) {
  const api = useConnection();
  const etaMs = progress?.etaMs ?? null;
  const share = progress && progress.bytes > 0 ? progress.bytesDone / progress.bytes : 0;
  const percent = Math.round(Math.min(1, share) * 100);
  const step =
    progress === null || progress.step === 'waiting'
      ? 'Waiting for the work before it'
      : `${progress.step === 'storing' ? 'Writing' : 'Reading what is loaded into'} ${progress.file ?? ''}`;
  return (
    <section className="import">
      <div className="import-head">
        <div>
          <div className="figure-label">Exporting as FOCUS 1.2</div>
          <div className="figure-value num">{percent}%</div>
        </div>
        <div>
          <div className="figure-label">Left</div>
          <div className="figure-value num">
            {etaMs === null ? '–' : formatDuration(Math.max(1000, etaMs))}
          </div>
        </div>
        <div className="end">
          <span className="caption muted">Cancel keeps the file that was there before</span>
          <button type="button" className="button" onClick={() => void cancelExport(api)}>
            Cancel
          </button>
        </div>
      </div>
      <div
        className="import-bar"
        role="progressbar"
        aria-label="Exporting as FOCUS 1.2"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <div className="import-step caption muted">
        <span className="cut">{step}</span>
      </div>
    </section>
  );
}

function Done({ answer }: { answer: ExportAnswer }) {
  const api = useConnection();
  const { file, rows, bytes, sha256, findings } = answer;
  return (
    <section className="import" aria-label="Export">
      <div className="import-head">
        <div>
          <div className="figure-label">
            Exported as FOCUS 1.2, one row a day and kind of charge
          </div>
          <div className="figure-value num">
            {formatCount(rows)} {rows === 1 ? 'row' : 'rows'}
          </div>
        </div>
        <div className="end">
          {api.exported && (
            <button
              type="button"
              className="button"
              onClick={() => void saveExport(api, answer).then(setFailed)}
            >
              Save a copy
            </button>
          )}
          <Close />
        </div>
      </div>
      <dl className="export-facts">
        <dt>File</dt>
        <dd>{file}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(bytes)}</dd>
        <dt>SHA-256</dt>
        <dd>{sha256}</dd>
        <dt>Unknown</dt>
        <dd>
          <ul>
            {findings.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </dd>
      </dl>
    </section>
  );
}

function Close() {
  return (
    <button type="button" className="button" onClick={closeExport}>
      Close
    </button>
  );
}
