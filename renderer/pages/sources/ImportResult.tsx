import { useState } from 'react';
import type { LoadRecord, OtherLoad } from '../../../shared/contract/sources.ts';
import { formatCount, formatRows } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import {
  type ChosenFile,
  closeImport,
  filesOfLoad,
  importFiles,
  type ImportOptions,
  type ImportState,
} from '../../data/imports.ts';
import { useConnection } from '../../data/useApi.ts';
import { useLink } from '../../stores/address.ts';
import { isAsked, LoadRows, needsDecision } from './LoadRows.tsx';
import { Questions } from './Questions.tsx';

/** How an import ended: per file, then what needs a decision and what can be used now. */
export function ImportResult({ state }: { state: ImportState }) {
  if (state.kind !== 'done' && state.kind !== 'failed') return null;
  const { loads } = state;
  const kept = loads.filter((load) => load.status === 'loaded' || load.status === 'replaced');
  const others = (state.kind === 'done' && state.others) || [];
  const all = [...loads, ...others];
  const unchanged = all.filter((load) => load.status === 'unchanged').length;
  const taken = kept.length + others.filter((load) => load.status === 'loaded').length;
  const rows = kept.reduce((sum, load) => sum + load.rowsKept, 0);
  return (
    <section className="import">
      <div className="import-head">
        <div>
          <div className="figure-label">
            {formatCount(taken)} of {formatCount(all.length)} files loaded
            {unchanged > 0 && `, ${formatCount(unchanged)} unchanged`}
          </div>
          <div className="figure-value num">
            {formatRows(rows)} {rows === 1 ? 'row' : 'rows'}
          </div>
        </div>
        <div className="end">
          <button type="button" className="button" onClick={closeImport}>
            Close
          </button>
        </div>
      </div>
      {state.kind === 'failed' && (
        <Failure
          error={state.error}
          kept={
            kept.length > 0
              ? `${formatCount(kept.length)} files were loaded before and are kept.`
              : 'Nothing was loaded; what was there before is unchanged.'
          }
        />
      )}
      {(loads.length > 0 || others.length === 0) && <LoadRows loads={loads} />}
      <div className="import-notes">
        <Refusals loads={loads} state={state} />
        <Usable loads={loads} />
        <Others loads={others} />
      </div>
    </section>
  );
}

interface RefusalsProps {
  loads: readonly LoadRecord[];
  state: Extract<ImportState, { files: unknown }>;
}

function Refusals({ loads, state }: RefusalsProps) {
  const decisions = decisionsOf(loads);
  const asked = loads.filter((load) => isAsked(load) && !needsDecision(load));
  const refused = loads.filter((load) => load.status === 'refused' && !isAsked(load));
  if (decisions.length + asked.length + refused.length === 0) return null;
  return (
    <section>
      {asked.length > 0 && <h2 className="strong">What the files do not say</h2>}
      <Questions loads={asked} files={state.files} options={state.options} />
      {decisions.length > 0 && <h2 className="strong">What needs a decision</h2>}
      {decisions.map((together) => (
        <Decision
          key={together[0].id}
          loads={together}
          files={together.flatMap((load) => filesOfLoad(state.files, load))}
          options={state.options}
        />
      ))}
      {refused.length > 0 && <h2 className="strong">Refused</h2>}
      {refused.map((load) => (
        <div key={load.id} className="import-note">
          <p>{load.reason}</p>
          {load.hint !== undefined && <p className="muted">{load.hint}</p>}
        </div>
      ))}
    </section>
  );
}

const kindWords: Record<OtherLoad['kind'], string> = {
  telemetry: 'GPU and host metrics',
  prices: 'price list',
  tokens: 'counts of tokens',
};

/** What became of files that are no bills. */
function Others({ loads }: { loads: readonly OtherLoad[] }) {
  if (loads.length === 0) return null;
  return (
    <section>
      <h2 className="strong">Beside the bills</h2>
      {loads.map(({ kind, file, status, format, kept, reason, hint }, place) => (
        <div key={place} className="import-note">
          <p>
            {file}: {format ?? kindWords[kind]}, {status}
            {status === 'loaded' && `, ${kept}`}
          </p>
          {reason !== undefined && <p>{reason}</p>}
          {hint !== undefined && <p className="muted">{hint}</p>}
        </div>
      ))}
    </section>
  );
}

type Together = [LoadRecord, ...LoadRecord[]];

/** Files that would make one version share their refusal, and are decided together. */
function decisionsOf(loads: readonly LoadRecord[]): Together[] {
  const groups = new Map<string, Together>();
  for (const load of loads.filter(needsDecision)) {
    const key = load.reason ?? String(load.id);
    const group = groups.get(key);
    if (group) group.push(load);
    else groups.set(key, [load]);
  }
  return [...groups.values()];
}

interface DecisionProps {
  loads: Together;
  files: ChosenFile[];
  /** Of the import that was refused: the decision comes to what was said then. */
  options: ImportOptions;
}

/** The safe way is to do nothing: until a button is pressed, what is loaded stays. */
function Decision({ loads, files, options }: DecisionProps) {
  const api = useConnection();
  const [skipped, setSkipped] = useState(false);
  const [first] = loads;
  const several = loads.length > 1;
  return (
    <div className="import-note">
      <p>{first.reason}</p>
      {files.length === 0 && <p className="muted">{first.hint}</p>}
      {files.length > 0 && !skipped && (
        <div className="buttons">
          <button
            type="button"
            className="button primary"
            onClick={() => void importFiles(api, files, { ...options, replace: true })}
          >
            Replace
          </button>
          {first.code === 'LESS_COVERAGE' && (
            <button
              type="button"
              className="button"
              onClick={() => void importFiles(api, files, { ...options, add: true })}
            >
              Add as {several ? 'further parts' : 'a further part'}
            </button>
          )}
          <button type="button" className="button" onClick={() => setSkipped(true)}>
            Skip {several ? 'these files' : 'this file'}
          </button>
        </div>
      )}
      <p className="muted small" aria-live="polite">
        {skipped
          ? 'Skipped; the version that is loaded stays.'
          : 'Until you decide, the version that is loaded stays.'}
      </p>
    </div>
  );
}

function Usable({ loads }: { loads: readonly LoadRecord[] }) {
  const link = useLink();
  const usable = loads.filter((load) => ['loaded', 'replaced', 'unchanged'].includes(load.status));
  const warnings = loads.flatMap((load) =>
    load.warnings.map((warning) => ({ ...warning, key: `${load.id} ${warning.code}` })),
  );
  if (usable.length === 0) return null;
  return (
    <section>
      <h2 className="strong">Ready to use</h2>
      <p>Overview and Costs show the loaded months now.</p>
      <p className="import-links">
        <a
          className="link"
          href={link({ page: 'overview', period: { kind: 'latest' }, filters: [] })}
        >
          Open Overview
        </a>
        <a className="link" href={link({ page: 'costs', period: { kind: 'latest' }, filters: [] })}>
          Open Costs
        </a>
      </p>
      {warnings.length > 0 && (
        <details className="small">
          <summary>
            Show {formatCount(warnings.length)} {warnings.length === 1 ? 'warning' : 'warnings'}
          </summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning.key} className="muted">
                {warning.message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
