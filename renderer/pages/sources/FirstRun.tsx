import { Header } from '../../components/Header.tsx';
import { importSample } from '../../data/imports.ts';
import { useConnection } from '../../data/useApi.ts';
import { choose } from '../../stores/choices.ts';
import { ChooseFiles } from '../../components/ChooseFiles.tsx';
import './sources.css';

const exports: readonly (readonly [string, string, string])[] = [
  [
    'AWS',
    'Data Exports: FOCUS or CUR 2.0, CSV or Parquet; a legacy CUR with its manifest',
    "back to the export's start",
  ],
  [
    'Google Cloud',
    'The standard or detailed billing export, or its FOCUS view: JSON lines, Parquet or CSV',
    "back to the export's start",
  ],
  ['Azure', 'Cost Management export, FOCUS, CSV or Parquet', 'up to 13 months'],
  [
    'Others',
    'Any bill in FOCUS 0.5 to 1.4, such as Oracle and SaaS vendors deliver',
    'whatever the file holds',
  ],
];

/** The page while nothing is loaded: one obvious action. */
export default function FirstRun({ title }: { title: string }) {
  return (
    <>
      <Header title={title} />
      <main className="content">
        <FirstRunContent />
      </main>
    </>
  );
}

export function FirstRunContent() {
  const api = useConnection();
  return (
    <div className="first-run">
      <h2>Start with a bill</h2>
      <p className="lead">
        Outlay reads the billing export you already have. It stays on this computer: no account, no
        upload, no request to a cloud until you ask for one.
      </p>
      <div className="drop-zone">
        <p className="drop-title">Drop files or a folder here</p>
        <p className="muted small">
          CSV, JSON and Parquet, also gzip or zstd, up to a year at once
        </p>
        <div className="drop-buttons">
          <ChooseFiles primary />
        </div>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: 124 }} />
          <col />
          <col style={{ width: 176 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">What to export</th>
            <th scope="col">Months to expect</th>
          </tr>
        </thead>
        <tbody>
          {exports.map(([from, what, months]) => (
            <tr key={from}>
              <th scope="row" className="strong">
                {from}
              </th>
              <td>{what}</td>
              <td className="muted">{months}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="first-run-else">
        No file at hand?
        <button
          type="button"
          className="link-button"
          onClick={() => {
            choose({ page: 'sources' });
            void importSample(api);
          }}
        >
          Open the sample company
        </button>
        <span className="muted small">An invented company with a year of bills.</span>
      </p>
    </div>
  );
}
