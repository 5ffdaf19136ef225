import type { CallOutput } from '../../../shared/contract/contract.ts';
import { formatBytes, formatCount, formatRows } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { Header } from '../../components/Header.tsx';
import { LastFailure } from '../../components/LastFailure.tsx';
import { importing, useImport } from '../../data/imports.ts';
import { useApi } from '../../data/useApi.ts';
import { useChoices } from '../../stores/choices.ts';
import { BesideBills } from './BesideBills.tsx';
import { ChangesOfMonth } from './Changes.tsx';
import { Compact } from './Compact.tsx';
import { ChooseFiles } from '../../components/ChooseFiles.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { ExportState } from './ExportState.tsx';
import { FirstRunContent } from './FirstRun.tsx';
import { ImportResult } from './ImportResult.tsx';
import { ImportRunning } from './ImportRunning.tsx';
import { LoadsTable } from './LoadsTable.tsx';
import { SourceField } from './SourceField.tsx';
import { SourcesTable } from './SourcesTable.tsx';
import './sources.css';

type Data = CallOutput<'app.info'>['data'];
type Sources = CallOutput<'sources.get'>;

/** What is loaded and where it came from; imports run and end here. */
export default function SourcesPage({ data }: { data: Data }) {
  const state = useImport();
  const changes = useChoices((choices) => choices.changes);
  const asked = useApi('sources.get', {});
  const busy = importing(state);
  const result = state.kind === 'done' || state.kind === 'failed';
  const empty = data === null && !busy && !result;
  return (
    <>
      <Header title="Sources">
        {!busy && (
          <>
            {!empty && <ChooseFiles primary={false} />}
            <SourceField labels={data?.sources ?? []} />
            {data !== null && <ExportMenu />}
          </>
        )}
      </Header>
      <main className="content sources">
        <LastFailure />
        {asked.error && <Failure error={asked.error} />}
        <ExportState />
        {busy && <ImportRunning state={state} />}
        {result && <ImportResult state={state} />}
        {empty && <FirstRunContent />}
        {!busy && data !== null && changes !== null && <ChangesOfMonth period={changes} />}
        {!busy && asked.data && asked.data.sources.length > 0 && <Loaded sources={asked.data} />}
        {!busy && <BesideBills />}
        {!busy && asked.data && asked.data.loads.length > 0 && (
          <LoadsTable loads={asked.data.loads} />
        )}
      </main>
    </>
  );
}

function Loaded({ sources }: { sources: Sources }) {
  const rows = sources.sources.reduce((sum, source) => sum + source.rows, 0);
  const periods = sources.sources.reduce((sum, source) => sum + source.periods.length, 0);
  return (
    <>
      <dl className="sources-figures">
        <div>
          <dt>Sources</dt>
          <dd className="num">{formatCount(sources.sources.length)}</dd>
        </div>
        <div>
          <dt>Billing months</dt>
          <dd className="num">{formatCount(periods)}</dd>
        </div>
        <div>
          <dt>Charge rows</dt>
          <dd className="num">{formatRows(rows)}</dd>
        </div>
        <div>
          <dt>Database</dt>
          <dd className="num">{formatBytes(sources.disk.databaseBytes)}</dd>
        </div>
        <div>
          <dt>Lines</dt>
          <dd className="num">
            {sources.disk.detailBytes === 0 ? 'none kept' : formatBytes(sources.disk.detailBytes)}
          </dd>
        </div>
        {sources.disk.freeBytes > 0 && <Compact freeBytes={sources.disk.freeBytes} />}
      </dl>
      <SourcesTable sources={sources.sources} />
    </>
  );
}
