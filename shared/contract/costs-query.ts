import * as z from 'zod/mini';
import {
  currencyTotal,
  dayOrMonth,
  decimal,
  dimension,
  filter,
  granularity,
  metric,
  month,
} from './values.ts';

/** Any slice of the bill; the answer of `outlay costs --json`. */
export const costsQuery = {
  input: z.object({
    by: z.prefault(z.array(dimension).check(z.maxLength(2, 'at most two dimensions')), []),
    metric: z.prefault(metric, 'billed'),
    /** First charge day, UTC. */
    from: z.optional(dayOrMonth),
    /** Charge day after the last one, UTC. */
    to: z.optional(dayOrMonth),
    /** Billing period. */
    period: z.optional(month),
    granularity: z.prefault(granularity, 'none'),
    filters: z.prefault(z.array(filter), []),
    limit: z.optional(z.int().check(z.positive())),
  }),
  output: z.object({
    metric,
    rows: z.array(
      z.object({
        period: z.optional(z.string()),
        keys: z.record(z.string(), z.nullable(z.string())),
        currency: z.nullable(z.string()),
        /** Null where no charge of the row delivers the metric. */
        cost: z.nullable(decimal),
      }),
    ),
    /** Of all that matched, whatever the limit. */
    totals: z.array(currencyTotal),
  }),
};
