import * as z from 'zod/mini';
import { day, metric } from './values.ts';

export const appInfo = {
  input: z.object({}),
  output: z.object({
    version: z.string(),
    node: z.string(),
    sqlite: z.string(),
    dataFolder: z.string(),
    /** Why nothing can be changed, and all is shown as it was at the start; null as a rule. */
    readOnly: z.nullable(z.enum(['READ_ONLY', 'DISK_FULL'])),
    databaseBytes: z.int(),
    /** Of the lines kept beside the database. */
    detailBytes: z.int(),
    /** Null while nothing is loaded. */
    data: z.nullable(
      z.object({
        /** First and last day (inclusive, UTC) with a charge. */
        firstDay: day,
        lastDay: day,
        currencies: z.array(z.nullable(z.string())),
        providers: z.array(z.nullable(z.string())),
        sources: z.array(z.string()),
        /** Billing periods loaded, and how many of them equal their file's own total. */
        periods: z.int(),
        tiedOut: z.int(),
        /** Metrics that at least one loaded charge delivers. */
        metrics: z.array(metric),
      }),
    ),
  }),
};

const check = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
});

export const appDoctor = {
  input: z.object({ repair: z.optional(z.boolean()) }),
  output: z.object({ healthy: z.boolean(), checks: z.array(check) }),
};
export type DoctorCheck = z.infer<typeof check>;
