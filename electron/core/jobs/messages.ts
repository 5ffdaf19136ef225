import type { ReadingOptions } from '../ingest/formats/layout.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { ExportAnswer } from '../../../shared/contract/export.ts';
import type { ExportRequest } from '../export/export.ts';
import type { SheetsRequest } from '../prices/import-sheets.ts';
import type { PricesImported } from '../../../shared/contract/prices.ts';
import type { ImportAnswer, JobProgress } from '../../../shared/contract/sources.ts';
import type { TelemetryImported, TelemetryRemoved } from '../../../shared/contract/telemetry.ts';
import type { TokensImported } from '../../../shared/contract/tokens.ts';
import type { TelemetryRequest } from '../telemetry/import.ts';
import type { TokensRequest } from '../tokens/import.ts';

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
  | ({ kind: 'telemetry' } & TelemetryRequest)
  | ({ kind: 'tokens' } & TokensRequest)
  | { kind: 'telemetry-remove'; load: number | undefined };

/** What each kind of job answers. */
export interface JobAnswers {
  import: ImportAnswer;
  sample: ImportAnswer;
  export: ExportAnswer;
  prices: PricesImported;
  telemetry: TelemetryImported;
  'telemetry-remove': TelemetryRemoved;
  tokens: TokensImported;
}
export type JobAnswer = JobAnswers[keyof JobAnswers];

export interface WorkerData {
  dataFolder: string;
  /** `savings`: the thread that keeps the model of the plan and answers questions until it is ended. */
  request: JobRequest | { kind: 'savings'; state: Int32Array };
}

/** From the core to the worker. */
export type ToWorker = 'cancel';

/** From the worker to the core. */
export type FromWorker =
  | { kind: 'progress'; state: Partial<JobProgress> }
  | { kind: 'changed' }
  | { kind: 'done'; answer: JobAnswer }
  | { kind: 'failed'; error: ErrorBody; defect: string | null };
