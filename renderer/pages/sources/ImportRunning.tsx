import type { ReactNode } from 'react';
import type { JobProgress } from '../../../shared/contract/sources.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRows,
} from '../../../shared/domain/format.ts';
import {
  cancelImport,
  defaultSource,
  type ImportOptions,
  type ImportState,
} from '../../data/imports.ts';
import { useConnection } from '../../data/useApi.ts';
import { LoadRows } from './LoadRows.tsx';

const stepWords: Record<JobProgress['step'], string> = {
  waiting: 'Step 1 of 5: waiting for the work before it',
  reading: 'Step 2 of 5: reading',
  checking: 'Step 3 of 5: checking the totals',
  storing: 'Step 4 of 5: storing',
  keeping: 'Step 5 of 5: keeping the lines; all totals are there',
  done: 'Done',
  failed: 'Stopped',
};

/** An import under way: how far, how long, what is already known of each file. */
export function ImportRunning({ state }: { state: ImportState }) {
  const api = useConnection();
  if (state.kind === 'copying') {
    return (
      <section className="import">
        <Progress
          head={`Copying ${formatCount(state.files.length)} ${state.files.length === 1 ? 'file' : 'files'}`}
          figure={`${formatCount(state.done)} of ${formatCount(state.files.length)}`}
          left={null}
          share={state.done / state.files.length}
          step={state.files[state.done]?.name ?? ''}
          note="Copied on this computer only"
        />
      </section>
    );
  }
  if (state.kind !== 'running') return null;
  const { progress } = state;
  const loaded = progress?.loads.filter((load) => load.status !== 'refused').length ?? 0;
  return (
    <section className="import">
      <Progress
        head={heading(progress, state)}
        figure={progress ? amountDone(progress) : '–'}
        left={progress}
        share={progress && progress.bytes > 0 ? progress.bytesDone / progress.bytes : 0}
        step={progress ? `${stepWords[progress.step]} ${progress.file ?? ''}` : 'Starting'}
        note={
          progress && progress.bytes > 0
            ? `${formatBytes(progress.bytesDone)} of ${formatBytes(progress.bytes)} read`
            : ''
        }
      >
        <span className="caption muted">
          {loaded === 0
            ? 'Cancel keeps what was loaded before'
            : `Cancel keeps the ${formatCount(loaded)} ${loaded === 1 ? 'file' : 'files'} already loaded`}
        </span>
        <button type="button" className="button" onClick={() => void cancelImport(api)}>
          Cancel
        </button>
      </Progress>
      <LoadRows
        loads={progress?.loads ?? []}
        waiting={state.files
          .map(({ name }) => name)
          .filter((name) => !progress?.loads.some((load) => sameFile(name, load.file)))}
        reading={progress?.file ?? null}
      />
    </section>
  );
}

/** Rows are known as each file ends; before the first one, how much of the bytes is read. */
function amountDone(progress: JobProgress): string {
  if (progress.rows > 0) return `${formatRows(progress.rows)} rows`;
  return progress.bytes > 0 ? `${formatBytes(progress.bytesDone)} read` : '–';
}

function sameFile(name: string, file: string): boolean {
  return name === file || name.endsWith(`/${file}`);
}

function heading(
  progress: JobProgress | null,
  state: Extract<ImportState, { kind: 'running' }>,
): string {
  const files = progress?.files ?? state.files.length;
  if (progress?.kind === 'sample') return 'Opening the sample company';
  return files === 0
    ? 'Importing'
    : `Importing ${formatCount(files)} ${files === 1 ? 'file' : 'files'}${sourceWords(state.options)}`;
}

/** Said only of a label that somebody has chosen. */
function sourceWords({ source = defaultSource }: ImportOptions): string {
  return source === defaultSource ? '' : ` as source ${source}`;
}

interface ProgressProps {
  head: string;
  figure: string;
  left: JobProgress | null;
  /** From 0 to 1. */
  share: number;
  step: string;
  note: string;
  children?: ReactNode;
}

function Progress({ head, figure, left, share, step, note, children }: ProgressProps) {
  const percent = Math.round(Math.min(1, share) * 100);
  return (
    <>
      <div className="import-head">
        <div>
          <div className="figure-label">{head}</div>
          <div className="figure-value num">{figure}</div>
        </div>
        {left && (
          <div>
            <div className="figure-label">Left</div>
            <div className="figure-value num">
              {left.etaMs === null ? '–' : formatDuration(Math.max(1000, left.etaMs))}{' '}
              <span className="import-rate">{rate(left)}</span>
            </div>
          </div>
        )}
        <div className="end">{children}</div>
      </div>
      <div
        className="import-bar"
        role="progressbar"
        aria-label={head}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <div className="import-step caption muted">
        <span className="cut">{step}</span>
        <span className="num">{note}</span>
      </div>
    </>
  );
}

function rate(progress: JobProgress): string {
  if (progress.elapsedMs < 500 || progress.rows === 0) return '';
  return `at ${formatCount((progress.rows / progress.elapsedMs) * 1000)} rows a second`;
}
