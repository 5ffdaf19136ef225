import * as z from 'zod/mini';
import { currencyTotal, day, dayOrMonth, decimal, dimension, filter, metric } from './values.ts';

const viewRow = z.object({
  /** Null: charges without a value. One entry a grouping. */
  keys: z.array(z.nullable(z.string())),
  /** Display names beside the ids, where the bill has them. */
  names: z.array(z.nullable(z.string())),
  cost: z.nullable(decimal),
  previous: z.nullable(decimal),
  /** 1 to 6 by rank of the first grouping's value, 7 for the rest. */
  colour: z.int().check(z.minimum(1), z.maximum(7)),
  /** Cost of each chart period, for the spark line only. */
  spark: z.array(z.number()),
});
export type CostsViewRow = z.infer<typeof viewRow>;

/** The Costs page: total, comparison, chart and table in one answer, in one currency. */
export const costsView = {
  input: z.object({
    metric: z.prefault(metric, 'billed'),
    /** Defaults to the currency with most charges. */
    currency: z.optional(z.nullable(z.string())),
    from: dayOrMonth,
    to: dayOrMonth,
    granularity: z.prefault(z.enum(['day', 'month']), 'day'),
    by: z.array(dimension).check(z.minLength(1), z.maxLength(2)),
    filters: z.prefault(z.array(filter), []),
    /** Compare with the same days one month earlier. */
    compare: z.prefault(z.boolean(), true),
    limit: z.prefault(z.int().check(z.positive(), z.maximum(5000)), 1000),
  }),
  output: z.object({
    metric,
    currency: z.nullable(z.string()),
    currencies: z.array(z.nullable(z.string())),
    /** Days with `to` exclusive; cut to the days that are loaded. */
    range: z.object({ from: day, to: day }),
    /** Null where not asked for or nothing is loaded for those days. */
    compareRange: z.nullable(z.object({ from: day, to: day })),
    total: currencyTotal,
    /** Of all charges in the same days, without the filters. */
    totalUnfiltered: currencyTotal,
    previousTotal: z.nullable(decimal),
    /** Chart: days or months in order, the stacks from the largest, the rest last. */
    periods: z.array(z.string()),
    stacks: z.array(
      z.object({
        key: z.nullable(z.string()),
        name: z.nullable(z.string()),
        /** Values behind the stack: more than one for the rest. */
        values: z.int(),
        rest: z.boolean(),
        colour: z.int().check(z.minimum(1), z.maximum(7)),
        cost: z.nullable(decimal),
        /** Null where no charge of the period delivers the metric. */
        points: z.array(z.nullable(decimal)),
      }),
    ),
    /** The comparison days, aligned with `periods`; shorter months end early with null. */
    previousPoints: z.nullable(z.array(z.nullable(decimal))),
    rows: z.array(viewRow),
    rowCount: z.int(),
    /** Sum of the rows left out by the limit. */
    restCost: z.nullable(decimal),
    /** For an empty result: the filter that excludes most, if any. */
    emptyBecause: z.nullable(filter),
    /** Charge lines behind the answer and the time it took in the core. */
    chargeRows: z.int(),
    elapsedMs: z.number(),
    /** Billing periods behind the answer, and how many equal their file's own total. */
    tieOut: z.object({ periods: z.int(), tiedOut: z.int() }),
  }),
};

/** Values of one dimension by cost, for the filter menu and the palette. */
export const costsValues = {
  input: z.object({
    /** Search all dimensions where absent. */
    dimension: z.optional(dimension),
    search: z.prefault(z.string().check(z.maxLength(200)), ''),
    metric: z.prefault(metric, 'billed'),
    from: z.optional(dayOrMonth),
    to: z.optional(dayOrMonth),
    limit: z.prefault(z.int().check(z.positive(), z.maximum(200)), 50),
  }),
  output: z.object({
    values: z.array(
      z.object({
        dimension,
        value: z.nullable(z.string()),
        name: z.nullable(z.string()),
        /** In the currency with most charges. */
        cost: z.nullable(decimal),
      }),
    ),
    /** How many values matched in all. */
    matched: z.int(),
    searched: z.int(),
    elapsedMs: z.number(),
  }),
};

export const costsDimensions = {
  input: z.object({}),
  output: z.object({
    /** `values` is null for what Outlay finds of charges: it is worked out when it is asked for. */
    dimensions: z.array(
      z.object({ id: dimension, label: z.string(), values: z.nullable(z.int()) }),
    ),
  }),
};
