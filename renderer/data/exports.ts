import { create } from 'zustand';
import { type ErrorBody, errorBody } from '../../shared/contract/errors.ts';
import type { ExportAnswer, ExportForm } from '../../shared/contract/export.ts';
import type { JobProgress } from '../../shared/contract/sources.ts';
import { downloadBlob } from './download.ts';
import type { Api } from './useApi.ts';

export type ExportState =
  | { kind: 'idle' }
  | { kind: 'running'; job: string; progress: JobProgress | null }
  | { kind: 'done'; answer: ExportAnswer }
  | { kind: 'failed'; error: ErrorBody };

/** The export of this window; it goes on while another page is open. */
export const useExport = create<ExportState>(() => ({ kind: 'idle' }));

function set(state: ExportState): void {
  useExport.setState(state, true);
}

let jobNumber = 0;

/** Writes everything that is loaded as FOCUS into the data folder; one at a time. */
export async function exportFocus(api: Api, form: ExportForm): Promise<void> {
  if (useExport.getState().kind === 'running') return;
  const job = `window-export-${Date.now().toString(36)}-${++jobNumber}`;
  set({ kind: 'running', job, progress: null });
  const stop = api.on('job.progress', (progress) => {
    if (progress.job === job) set({ kind: 'running', job, progress });
  });
  const result = await api.call('export.focus', { job, form });
  stop();
  if (result.ok) set({ kind: 'done', answer: result.value });
  else set({ kind: 'failed', error: result.error });
}

/** Saves a copy of an export where the person wants it; answers what went wrong, or null. */
export async function saveExport(api: Api, answer: ExportAnswer): Promise<ErrorBody | null> {
  const name = answer.file.split(/[\\/]/).at(-1) ?? '';
  try {
    if (api.exported) downloadBlob(await api.exported(name), name);
    return null;
  } catch (error) {
    return errorBody(error);
  }
}

export async function cancelExport(api: Api): Promise<void> {
  const state = useExport.getState();
  if (state.kind === 'running') await api.call('jobs.cancel', { job: state.job });
}

/** Leaves the result. */
export function closeExport(): void {
  if (useExport.getState().kind !== 'running') set({ kind: 'idle' });
}
