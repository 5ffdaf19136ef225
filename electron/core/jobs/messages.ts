import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { ImportAnswer, JobProgress } from '../../../shared/contract/sources.ts';

/** What a job is given. */
export type JobRequest =
  | { kind: 'import'; paths: string[]; source: string; replace: boolean }
  | { kind: 'sample' };

export interface WorkerData {
  dataFolder: string;
  request: JobRequest;
}

/** From the core to the worker. */
export type ToWorker = 'cancel';

/** From the worker to the core. */
export type FromWorker =
  | { kind: 'progress'; state: Partial<JobProgress> }
  | { kind: 'changed' }
  | { kind: 'done'; answer: ImportAnswer }
  | { kind: 'failed'; error: ErrorBody; defect: string | null };
