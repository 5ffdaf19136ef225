import { existsSync } from 'node:fs';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { LoadInSlice } from './scope.ts';

/** A detail file went away between the look at the ledger and the reading: look again. */
export class Vanished extends Error {}

/** What reading a detail file says, for a person: the totals come from the cells and stand. */
export function readingError(error: unknown, { file, detail }: LoadInSlice): unknown {
  if (error instanceof OutlayError || !(error instanceof Error)) return error;
  if (detail && !existsSync(detail.path)) return new Vanished();
  if (/^Out of Memory Error/i.test(error.message)) {
    return new OutlayError(
      'TOO_LARGE',
      'So many lines cannot be sorted in the memory that Outlay allows itself.',
      'Filter further, or ask for fewer days.',
      { cause: error },
    );
  }
  if (!/^(Invalid Input|IO|Invalid|Serialization) Error/i.test(error.message)) return error;
  return new OutlayError(
    'FILE_DAMAGED',
    `The lines of ${file} cannot be read: the copy in the data folder is damaged. The totals do not depend on it and stand.`,
    'Start Outlay again and import the file again; nothing else changes.',
    { cause: error },
  );
}
