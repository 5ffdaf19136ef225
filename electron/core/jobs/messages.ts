import type { ReadingOptions } from '../ingest/formats/layout.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { ExportAnswer } from '../../../shared/contract/export.ts';
import type { ExportRequest } from '../export/export.ts';
import type { ImportAnswer, JobProgress } from '../../../shared/contract/sources.ts';

/** What a job is given. */
export type JobRequest =
  | {
      kind: 'import';
      paths: string[];
      source: string;
      replace: boolean;
      add: boolean;
      reading: ReadingOptions;
    }
  | { kind: 'sample' }
  | ({ kind: 'export' } & ExportRequest);

/** What each kind of job answers. */
export interface JobAnswers {
  import: ImportAnswer;
  sample: ImportAnswer;
  export: ExportAnswer;
}
export type JobAnswer = JobAnswers[keyof JobAnswers];

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
  | { kind: 'done'; answer: JobAnswer }
  | { kind: 'failed'; error: ErrorBody; defect: string | null };
