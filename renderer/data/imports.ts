import { create } from 'zustand';
import type { CallInput } from '../../shared/contract/contract.ts';
import type { ErrorBody } from '../../shared/contract/errors.ts';
import type { JobProgress, LoadRecord, OtherLoad } from '../../shared/contract/sources.ts';
import type { Api } from './useApi.ts';

/** A chosen file and its name with the folders it was chosen in. */
export interface ChosenFile {
  file: File;
  name: string;
}

/** How an import is meant: what becomes of a month that is there, and what the files do not say. */
export type ImportOptions = Pick<
  CallInput<'import.run'>,
  'source' | 'replace' | 'add' | 'currency' | 'dateOrder'
>;

export type ImportState =
  | { kind: 'idle' }
  /** Files are copied to where the core reads them. */
  | { kind: 'copying'; files: ChosenFile[]; options: ImportOptions; done: number }
  /** `own`: this window started it and gets its answer; else it is followed by its events. */
  | {
      kind: 'running';
      job: string;
      own: boolean;
      files: ChosenFile[];
      options: ImportOptions;
      progress: JobProgress | null;
    }
  | {
      kind: 'done';
      files: ChosenFile[];
      options: ImportOptions;
      loads: LoadRecord[];
      /** Files that are no bills; unknown of an import that is only followed. */
      others?: OtherLoad[];
    }
  | {
      kind: 'failed';
      files: ChosenFile[];
      options: ImportOptions;
      loads: LoadRecord[];
      error: ErrorBody;
    };

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

/** What files are loaded under where nobody has said anything else. */
export const defaultSource = 'files';

/** The label under which the next chosen files are loaded; kept while the window is open. */
export const useSourceLabel = create(() => ({ label: defaultSource }));

export function setSourceLabel(label: string): void {
  useSourceLabel.setState({ label });
}

/** Imports files that a person has just chosen or dropped. */
export function importChosen(api: Api, files: ChosenFile[]): Promise<void> {
  const label = useSourceLabel.getState().label.trim();
  return importFiles(api, files, { source: label === '' ? defaultSource : label });
}

/** Copies the files to the core and imports them as one set. */
export async function importFiles(
  api: Api,
  files: ChosenFile[],
  options: ImportOptions,
): Promise<void> {
  if (files.length === 0 || importing(useImport.getState())) return;
  const paths: string[] = [];
  try {
    for (const { file, name } of files) {
      set({ kind: 'copying', files, options, done: paths.length });
      paths.push(await api.upload(file, name));
    }
  } catch (error) {
    const name = files[paths.length]?.name;
    set({ kind: 'failed', files, options, loads: [], error: copyError(error, name) });
    return;
  }
  const job = newJob();
  await follow(api, job, files, options, () => api.call('import.run', { job, paths, ...options }));
}

/** Loads the sample company that comes with the product. */
export async function importSample(api: Api): Promise<void> {
  if (importing(useImport.getState())) return;
  const job = newJob();
  await follow(api, job, [], {}, () => api.call('import.sample', { job }));
}

async function follow(
  api: Api,
  job: string,
  files: ChosenFile[],
  options: ImportOptions,
  start: () => ReturnType<typeof api.call<'import.run'>>,
): Promise<void> {
  set({ kind: 'running', job, own: true, files, options, progress: null });
  const result = await start();
  const state = useImport.getState();
  const known = state.kind === 'running' ? (state.progress?.loads ?? []) : [];
  if (result.ok) set({ kind: 'done', files, options, ...result.value });
  else set({ kind: 'failed', files, options, loads: known, error: result.error });
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
    else if (error) {
      set({ kind: 'failed', files: [], options: {}, loads, error: jobError(error) });
    } else set({ kind: 'done', files: [], options: {}, loads });
  } else if (!importing(state) && active(progress)) {
    set({ kind: 'running', job, own: false, files: [], options: {}, progress });
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
