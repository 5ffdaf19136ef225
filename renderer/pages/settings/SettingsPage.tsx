import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import { formatBytes } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { useConnection } from '../../data/useApi.ts';
import { chooseTheme, type ThemeChoice, useTheme } from '../../stores/theme.ts';
import { KeepLines } from './KeepLines.tsx';
import './settings.css';

const themes: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** Theme, where the data lies, whether lines are kept, versions, and a check of it all. */
export default function SettingsPage({ info }: { info: CallOutput<'app.info'> }) {
  const { host } = useConnection();
  const theme = useTheme((state) => state.choice);
  return (
    <>
      <Header title="Settings" />
      <main className="content settings">
        <LastFailure />
        <section>
          <h2>Look</h2>
          <div className="settings-row">
            <span className="muted">Theme</span>
            <span className="segmented">
              {themes.map(([choice, label]) => (
                <button
                  key={choice}
                  type="button"
                  aria-pressed={choice === theme}
                  onClick={() => chooseTheme(choice)}
                >
                  {label}
                </button>
              ))}
            </span>
          </div>
        </section>
        <section>
          <h2>Data</h2>
          <dl>
            <Row name="Folder" value={info.dataFolder} />
            <Row name="Database" value={formatBytes(info.databaseBytes)} />
            <Row name="Lines" value={formatBytes(info.detailBytes)} />
            <Row name="Leaves this computer" value="nothing" />
          </dl>
        </section>
        <KeepLines bytes={info.detailBytes} />
        <section>
          <h2>Versions</h2>
          <dl>
            <Row name="Outlay" value={info.version} />
            <Row name="Window" value={host === 'electron' ? 'Electron' : 'browser window'} />
            <Row name="Node" value={info.node} />
            <Row name="SQLite" value={info.sqlite} />
          </dl>
        </section>
        <Check />
      </main>
    </>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div className="settings-row">
      <dt className="muted">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

type CheckState =
  | { kind: 'none' }
  | { kind: 'running' }
  | { kind: 'done'; answer: CallOutput<'app.doctor'> }
  | { kind: 'failed'; error: ErrorBody };

/** Reads everything that is stored and compares it with itself; it changes nothing. */
function Check() {
  const api = useConnection();
  const [state, setState] = useState<CheckState>({ kind: 'none' });

  async function run() {
    setState({ kind: 'running' });
    const result = await api.call('app.doctor', {});
    setState(
      result.ok ? { kind: 'done', answer: result.value } : { kind: 'failed', error: result.error },
    );
  }

  return (
    <section>
      <h2>Check</h2>
      <div className="settings-row">
        <span className="muted">Database, files and totals</span>
        <button
          type="button"
          className="button"
          disabled={state.kind === 'running'}
          onClick={() => void run()}
        >
          {state.kind === 'running' ? 'Checking' : 'Check now'}
        </button>
        <span className="muted small" aria-live="polite">
          {state.kind === 'done' &&
            (state.answer.healthy ? 'Everything is in order.' : 'Something needs attention.')}
        </span>
      </div>
      {state.kind === 'failed' && <Failure error={state.error} kept="The check changed nothing." />}
      {state.kind === 'done' && (
        <table className="table table-wide">
          <colgroup>
            <col style={{ width: 196 }} />
            <col style={{ width: 80 }} />
            <col />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">State</th>
              <th scope="col">Found</th>
            </tr>
          </thead>
          <tbody>
            {state.answer.checks.map((check) => (
              <tr key={check.name}>
                <td>{check.name}</td>
                <td className={check.status === 'failed' ? 'risk strong' : undefined}>
                  {check.status}
                </td>
                <td className="wrap muted">{check.detail}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
