import { resolve } from 'node:path';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { exportFormOf } from '../../../shared/contract/export.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { type ExportRequest, ownExportFile } from './export.ts';

export interface ExportDeps {
  jobs: JobRunner;
  dataFolder: string;
  now: () => Date;
}

export function exportHandlers(deps: ExportDeps): Pick<Handlers, 'export.focus'> {
  const { jobs, dataFolder, now } = deps;
  return {
    'export.focus': ({ job, out, form }) => {
      const request: ExportRequest =
        out === undefined
          ? { form, out: ownExportFile(dataFolder, form, now().toISOString().slice(0, 10)) }
          : namedFile(out);
      return jobs.run(job, { kind: 'export', ...request });
    },
  };
}

function namedFile(out: string): ExportRequest {
  const form = exportFormOf(out);
  if (form) return { form, out: resolve(out) };
  throw new OutlayError(
    'INVALID_INPUT',
    `${out} has no ending that says how to write it. Nothing was written.`,
    'End the name in .csv, .csv.gz or .parquet.',
  );
}
