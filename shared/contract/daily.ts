import * as z from 'zod/mini';
import { day, decimal, dimension, filter, metric, month } from './values.ts';

const scope = {
  metric: z.prefault(metric, 'billed'),
  /** Defaults to the currency with most charges. */
  currency: z.optional(z.nullable(z.string())),
  filters: z.prefault(z.array(filter), []),
};

/** An estimate of spend, in the currency of the answer; the band holds it as often as `level` says. */
const estimate = { expected: z.number(), low: z.number(), high: z.number() };

/** How forecasts made in the same way at past days turned out; null where that is not known. */
const record = z.object({
  origins: z.int(),
  /** Sum of absolute errors of days by the sum of spend. */
  error: z.nullable(z.number()),
  /** Share of days within bands made from earlier forecasts only. */
  coverage: z.nullable(z.number()),
});

/** Spend ahead: the rest of the open month and the next one. Charge days, UTC. */
export const costsForecast = {
  input: z.object({
    ...scope,
    /** One month only: the open one or one of the two after it. */
    period: z.optional(month),
  }),
  output: z.object({
    metric,
    currency: z.nullable(z.string()),
    currencies: z.array(z.nullable(z.string())),
    /** Last day loaded, and the last one to which nothing is added any more. */
    loadedTo: day,
    settledTo: day,
    months: z.array(
      z.object({
        month,
        /** Exact, of the days loaded; null where no charge of them delivers the metric. */
        billed: z.nullable(decimal),
        ...estimate,
        /** Of it fees, taxes and credits of days ahead, as the last month of days had them. */
        recurring: z.number(),
      }),
    ),
    days: z.array(
      z.object({
        day,
        /** Exact, where the day is loaded and may still grow. */
        billed: z.nullable(decimal),
        ...estimate,
        recurring: z.number(),
      }),
    ),
    /** Null where too little is known for a forecast: `reason` says so, months and days are empty. */
    model: z.nullable(z.enum(['weekly-naive', 'weekly-mean', 'weekly-trend', 'flat'])),
    reason: z.string(),
    level: z.number(),
    record: z.nullable(record),
    /** Of "each weekday as a week before", which the model was chosen against. */
    reference: z.nullable(record),
    /** Charges of the days it was made from that do not deliver the metric. */
    unknownRows: z.int(),
  }),
};

const moved = {
  /** Values of the dimensions of `by`, and their names; none of them for all that was asked for. */
  keys: z.array(z.nullable(z.string())),
  names: z.array(z.nullable(z.string())),
  /** Exact; null where no charge of the days delivers the metric. */
  cost: z.nullable(decimal),
  /** Cost less what was expected: an estimate. */
  impact: z.number(),
  /** Dearer units, and more of them: they add up to the impact. Null where units are not known. */
  price: z.nullable(z.number()),
  quantity: z.nullable(z.number()),
};

const anomaly = z.object({
  ...moved,
  /** First and last day. */
  from: day,
  to: day,
  ...estimate,
  /** Robust standard deviations of the furthest day; null where the past never varied. */
  deviations: z.nullable(z.number()),
  /** At least one of the days may still change. */
  provisional: z.boolean(),
  /** Parts that moved most to the same side; only of all that was asked for. */
  moved: z.array(z.object(moved)),
});
export type CostAnomaly = z.infer<typeof anomaly>;

/** Days whose usage cost left the band of the same weekdays before, most money first. */
export const costsAnomalies = {
  input: z.object({
    ...scope,
    /** Charge month; all of the last three months where absent. */
    period: z.optional(month),
    by: z.prefault(
      z.array(dimension).check(z.minLength(1), z.maxLength(2, 'at most two dimensions')),
      ['service', 'workload'],
    ),
    limit: z.prefault(z.int().check(z.positive(), z.maximum(1000)), 20),
  }),
  output: z.object({
    metric,
    currency: z.nullable(z.string()),
    currencies: z.array(z.nullable(z.string())),
    by: z.array(dimension),
    /** Days judged, `to` exclusive. */
    range: z.object({ from: day, to: day }),
    settledTo: day,
    /** Of all that was asked for, and of its parts. The same money is in both: never add them. */
    total: z.array(anomaly),
    parts: z.array(anomaly),
    /** Anomalies of parts, whatever the limit; and parts that had usage. */
    partAnomalies: z.int(),
    partCount: z.int(),
    unknownRows: z.int(),
  }),
};
