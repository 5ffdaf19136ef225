import { z } from 'zod';
import { day, metric } from './values.ts';

export const appInfo = {
  input: z.object({}),
  output: z.object({
    version: z.string(),
    node: z.string(),
    sqlite: z.string(),
    dataFolder: z.string(),
    databaseBytes: z.number().int(),
    /** Null while nothing is loaded. */
    data: z
      .object({
        /** First and last day (inclusive, UTC) with a charge. */
        firstDay: day,
        lastDay: day,
        currencies: z.array(z.string().nullable()),
        providers: z.array(z.string().nullable()),
        sources: z.array(z.string()),
        /** Billing periods loaded, and how many of them equal their file's own total. */
        periods: z.number().int(),
        tiedOut: z.number().int(),
        /** Metrics that at least one loaded charge delivers. */
        metrics: z.array(metric),
      })
      .nullable(),
  }),
};

const check = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
});

export const appDoctor = {
  input: z.object({ repair: z.boolean().optional() }),
  output: z.object({ healthy: z.boolean(), checks: z.array(check) }),
};
export type DoctorCheck = z.infer<typeof check>;
