import { create } from 'zustand';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import type { JobProgress, LoadRecord } from '../../shared/contract/sources.ts';
import type { Api } from './useApi.ts';

/** A chosen file and its name with the folders it was chosen in. */
export interface ChosenFile {
  file: File;
  name: string;
}

export type ImportState =
  | { kind: 'idle' }
  /** Files are copied to where the core reads them. */
  | { kind: 'copying'; files: ChosenFile[]; done: number }
  /** `own`: this window started it and gets its answer; else it is followed by its events. */
  | {
      kind: 'running';
      job: string;
      own: boolean;
      files: ChosenFile[];
      progress: JobProgress | null;
    }
  | { kind: 'done'; files: ChosenFile[]; loads: LoadRecord[] }
  | { kind: 'failed'; files: ChosenFile[]; loads: LoadRecord[]; error: ErrorBody };

export const useImport = create<ImportState>(() => ({ kind: 'idle' }));

function set(state: ImportState): void {
  useImport.setState(state, true);
}

/** True while an import of this window is under way; one at a time. */
export function importing(state: ImportState): boolean {
  return state.kind === 'copying' || state.kind === 'running';
}

let jobNumber = 0;

function newJob(): string {
  return `window-${Date.now().toString(36)}-${++jobNumber}`;
}

/** What becomes of a month that is there: the files replace it, or come beside its parts. */
export type ImportDecision = 'replace' | 'add';

/** Copies the files to the core and imports them as one set. */
export async function importFiles(
  api: Api,
  files: ChosenFile[],
  decision: ImportDecision | null = null,
): Promise<void> {
  if (files.length === 0 || importing(useImport.getState())) return;
  const paths: string[] = [];
  try {
    for (const { file, name } of files) {
      set({ kind: 'copying', files, done: paths.length });
      paths.push(await api.upload(file, name));
    }
  } catch (error) {
    set({ kind: 'failed', files, loads: [], error: copyError(error, files[paths.length]?.name) });
    return;
  }
  const job = newJob();
  await follow(api, job, files, () =>
    api.call('import.run', {
      job,
      paths,
      ...(decision === null ? {} : { [decision]: true }),
    }),
  );
}

/** Loads the sample company that comes with the product. */
export async function importSample(api: Api): Promise<void> {
  if (importing(useImport.getState())) return;
  const job = newJob();
  await follow(api, job, [], () => api.call('import.sample', { job }));
}

async function follow(
  api: Api,
  job: string,
  files: ChosenFile[],
  start: () => ReturnType<typeof api.call<'import.run'>>,
): Promise<void> {
  set({ kind: 'running', job, own: true, files, progress: null });
  const result = await start();
  const state = useImport.getState();
  const known = state.kind === 'running' ? (state.progress?.loads ?? []) : [];
  if (result.ok) set({ kind: 'done', files, loads: result.value.loads });
  else set({ kind: 'failed', files, loads: known, error: result.error });
}

/**
 * Follows the progress of imports: those of this window and those that run already, started before
 * it was reloaded or by the terminal.
 */
export async function watchImports(api: Api): Promise<void> {
  api.on('job.progress', progressed);
  const answer = await api.call('jobs.list', {});
  const running = answer.ok ? answer.value.jobs.find(active) : undefined;
  if (running) progressed(running);
}

function active(progress: JobProgress): boolean {
  const imports = progress.kind === 'import' || progress.kind === 'sample';
  return imports && progress.step !== 'done' && progress.step !== 'failed';
}

function progressed(progress: JobProgress): void {
  const state = useImport.getState();
  const { job, loads, error } = progress;
  if (state.kind === 'running' && state.job === job) {
    if (state.own || active(progress)) set({ ...state, progress });
    else if (error) set({ kind: 'failed', files: [], loads, error: jobError(error) });
    else set({ kind: 'done', files: [], loads });
  } else if (!importing(state) && active(progress)) {
    set({ kind: 'running', job, own: false, files: [], progress });
  }
}

/** Progress carries codes of the terminal's list as text. */
function jobError(error: { code: string; message: string }): ErrorBody {
  return { code: error.code as ErrorBody['code'], message: error.message };
}

export async function cancelImport(api: Api): Promise<void> {
  const state = useImport.getState();
  if (state.kind === 'running') await api.call('jobs.cancel', { job: state.job });
}

/** Leaves the result and shows what is loaded. */
export function closeImport(): void {
  if (!importing(useImport.getState())) set({ kind: 'idle' });
}

/** The chosen files a load was made of; its record names the file without its folder. */
export function filesOfLoad(files: ChosenFile[], load: LoadRecord): ChosenFile[] {
  return files.filter(({ name }) => name === load.file || name.endsWith(`/${load.file}`));
}

function copyError(error: unknown, name: string | undefined): ErrorBody {
  return {
    code: 'FILE_UNREADABLE',
    message: `${name ?? 'The file'} could not be copied: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'Nothing was loaded. Check that the file is still there and choose it again.',
  };
}
