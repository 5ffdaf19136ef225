import * as z from 'zod/mini';
import { job } from './sources.ts';

export const exportForms = ['csv', 'csv.gz', 'parquet'] as const;
export type ExportForm = (typeof exportForms)[number];

/** The form that a file's name asks for; null for any other ending. */
export function exportFormOf(file: string): ExportForm | null {
  const name = file.toLowerCase();
  return exportForms.find((form) => name.endsWith(`.${form}`)) ?? null;
}

const finding = z.object({
  code: z.enum(['NOT_KEPT', 'VALUE_UNKNOWN', 'PARTLY_UNKNOWN', 'UNIT_LEFT_OUT', 'AMOUNT_AS_TEXT']),
  /** Rows, except for NOT_KEPT: columns. */
  count: z.int(),
  message: z.string(),
});
export type ExportFinding = z.infer<typeof finding>;

/**
 * Everything that is loaded as FOCUS 1.2, one row a daily cell. `out` is a path on this machine
 * and its ending the form; without it the file goes into the data folder, as `form`.
 */
export const exportFocus = {
  input: z.object({
    job,
    out: z.optional(z.string().check(z.minLength(1))),
    form: z.prefault(z.enum(exportForms), 'csv.gz'),
  }),
  output: z.object({
    file: z.string(),
    rows: z.int(),
    bytes: z.int(),
    sha256: z.string(),
    /** What FOCUS asks for and the ledger does not know. */
    findings: z.array(finding),
  }),
};
export type ExportAnswer = z.infer<typeof exportFocus.output>;
