import { beforeEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../shared/contract/contract.ts';
import type { JobProgress, LoadRecord } from '../../shared/contract/sources.ts';
import {
  closeImport,
  filesOfLoad,
  importChosen,
  importFiles,
  importSample,
  setSourceLabel,
  useImport,
  watchImports,
} from '../../renderer/data/imports.ts';
import type { Api } from '../../renderer/data/useApi.ts';

const load: LoadRecord = {
  id: 1,
  source: 'files',
  file: 'nov.csv',
  format: 'FOCUS',
  version: '1.2',
  status: 'loaded',
  bytes: 10,
  sha256: null,
  rowsRead: 3,
  rowsKept: 3,
  periods: ['2026-11'],
  totals: [],
  warnings: [],
  startedAt: '2026-11-22T08:00:00Z',
  finishedAt: null,
};

function progress(job: string, step: JobProgress['step']): JobProgress {
  return {
    job,
    kind: 'import',
    step,
    file: 'nov.csv',
    filesDone: 0,
    files: 1,
    bytesDone: 5,
    bytes: 10,
    rows: 2,
    etaMs: null,
    elapsedMs: 1,
    loads: [load],
    error: null,
  };
}

/** A connection whose imports end when the test says so. */
function connection(options: { running?: JobProgress[]; uploadFails?: boolean } = {}) {
  const calls: { name: string; input: unknown }[] = [];
  let end: (value: unknown) => void = () => {};
  let emit: (body: EventBody<'job.progress'>) => void = () => {};
  const api = {
    host: 'window',
    upload: (_: File, name: string) =>
      options.uploadFails ? Promise.reject(new Error('no room')) : Promise.resolve(`/in/${name}`),
    call: (name: string, input: unknown) => {
      calls.push({ name, input });
      if (name === 'jobs.list') {
        return Promise.resolve({ ok: true, value: { jobs: options.running ?? [] } });
      }
      return new Promise((resolve) => {
        end = resolve;
      });
    },
    on: (_: string, listener: typeof emit) => {
      emit = listener;
      return () => {};
    },
  } as unknown as Api;
  return {
    api,
    calls,
    end: (value: unknown) => end(value),
    emit: (body: JobProgress) => emit(body),
  };
}

const chosen = [{ file: new File(['x'], 'nov.csv'), name: 'bills/nov.csv' }];
/** The name this window gave the job that was asked for last. */
function jobOf(calls: readonly { input: unknown }[]): string {
  return (calls.at(-1)?.input as { job: string } | undefined)?.job ?? '';
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => useImport.setState({ kind: 'idle' }, true));

describe('an import', () => {
  it('copies the files, imports them as one set, shows progress and ends with the loads', async () => {
    const core = connection();
    await watchImports(core.api);
    const done = importFiles(core.api, chosen, { source: 'azure' });
    expect(useImport.getState()).toMatchObject({ kind: 'copying', done: 0 });
    await settled();
    const call = core.calls.at(-1);
    expect(call).toMatchObject({ name: 'import.run', input: { paths: ['/in/bills/nov.csv'] } });
    const job = jobOf(core.calls);
    core.emit(progress(job, 'reading'));
    expect(useImport.getState()).toMatchObject({ kind: 'running', progress: { rows: 2 } });
    core.emit(progress('another', 'reading'));
    expect(useImport.getState()).toMatchObject({ job });
    // Its own answer ends it, not the event, which may come first and knows less.
    core.emit(progress(job, 'done'));
    expect(useImport.getState().kind).toBe('running');
    core.end({ ok: true, value: { loads: [load], others: [] } });
    await done;
    expect(useImport.getState()).toEqual({
      kind: 'done',
      files: chosen,
      options: { source: 'azure' },
      loads: [load],
      others: [],
    });
    expect(filesOfLoad(chosen, load)).toEqual(chosen);
    closeImport();
    expect(useImport.getState()).toEqual({ kind: 'idle' });
  });

  it('loads chosen files under the label of the window, and under its default where it is blank', async () => {
    for (const [label, source] of [
      [' azure ', 'azure'],
      ['  ', 'files'],
    ] as const) {
      useImport.setState({ kind: 'idle' }, true);
      const core = connection();
      setSourceLabel(label);
      void importChosen(core.api, chosen);
      await settled();
      expect(core.calls.at(-1)?.input).toMatchObject({ source });
    }
  });

  it('runs one at a time', async () => {
    const core = connection();
    void importSample(core.api);
    await importFiles(core.api, chosen, {});
    expect(core.calls.map((call) => call.name)).toEqual(['import.sample']);
    closeImport();
    expect(useImport.getState().kind).toBe('running');
  });

  it('keeps what was loaded when it is refused, and names the file that could not be copied', async () => {
    const core = connection();
    await watchImports(core.api);
    const done = importFiles(core.api, chosen, { source: 'azure', replace: true });
    await settled();
    const job = jobOf(core.calls);
    expect(core.calls.at(-1)?.input).toMatchObject({ source: 'azure', replace: true });
    core.emit(progress(job, 'storing'));
    core.end({ ok: false, error: { code: 'DISK_FULL', message: 'The disk is full.' } });
    await done;
    expect(useImport.getState()).toMatchObject({
      kind: 'failed',
      loads: [load],
      error: { code: 'DISK_FULL' },
    });

    useImport.setState({ kind: 'idle' }, true);
    await importFiles(connection({ uploadFails: true }).api, chosen, {});
    expect(useImport.getState()).toMatchObject({
      kind: 'failed',
      error: { message: 'bills/nov.csv could not be copied: no room' },
    });
  });

  it('that runs already is followed to its end', async () => {
    const core = connection({ running: [progress('old', 'done'), progress('cli', 'reading')] });
    await watchImports(core.api);
    expect(useImport.getState()).toMatchObject({ kind: 'running', job: 'cli', own: false });
    core.emit(progress('cli', 'done'));
    expect(useImport.getState()).toEqual({ kind: 'done', files: [], options: {}, loads: [load] });
  });
});
