import type { ReadingOptions } from '../ingest/formats/layout.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { ExportAnswer } from '../../../shared/contract/export.ts';
import type { ExportRequest } from '../export/export.ts';
import type { SheetsRequest } from '../prices/import-sheets.ts';
import type { PricesImported } from '../../../shared/contract/prices.ts';
import type { ImportAnswer, JobProgress } from '../../../shared/contract/sources.ts';
import type { TelemetryImported } from '../../../shared/contract/telemetry.ts';
import type { TelemetryRequest } from '../telemetry/import.ts';

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
  | ({ kind: 'export' } & ExportRequest)
  | ({ kind: 'prices' } & SheetsRequest)
  | ({ kind: 'telemetry' } & TelemetryRequest);

/** What each kind of job answers. */
export interface JobAnswers {
  import: ImportAnswer;
  sample: ImportAnswer;
  export: ExportAnswer;
  prices: PricesImported;
  telemetry: TelemetryImported;
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
