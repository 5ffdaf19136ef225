import { z } from 'zod';
import {
  currencyTotal,
  day,
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
    by: z.array(dimension).max(2, 'at most two dimensions').default([]),
    metric: metric.default('billed'),
    /** First charge day, UTC. */
    from: dayOrMonth.optional(),
    /** Charge day after the last one, UTC. */
    to: dayOrMonth.optional(),
    /** Billing period. */
    period: month.optional(),
    granularity: granularity.default('none'),
    filters: z.array(filter).default([]),
    limit: z.number().int().positive().optional(),
  }),
  output: z.object({
    metric,
    rows: z.array(
      z.object({
        period: z.string().optional(),
        keys: z.record(z.string(), z.string().nullable()),
        currency: z.string().nullable(),
        /** Null where no charge of the row delivers the metric. */
        cost: decimal.nullable(),
      }),
    ),
    /** Of all that matched, whatever the limit. */
    totals: z.array(currencyTotal),
  }),
};

const viewRow = z.object({
  /** Null: charges without a value. One entry a grouping. */
  keys: z.array(z.string().nullable()),
  /** Display names beside the ids, where the bill has them. */
  names: z.array(z.string().nullable()),
  cost: decimal.nullable(),
  previous: decimal.nullable(),
  /** 1 to 6 by rank of the first grouping's value, 7 for the rest. */
  colour: z.number().int().min(1).max(7),
  /** Cost of each chart period, for the spark line only. */
  spark: z.array(z.number()),
});
export type CostsViewRow = z.infer<typeof viewRow>;

/** The Costs page: total, comparison, chart and table in one answer, in one currency. */
export const costsView = {
  input: z.object({
    metric: metric.default('billed'),
    /** Defaults to the currency with most charges. */
    currency: z.string().nullable().optional(),
    from: dayOrMonth,
    to: dayOrMonth,
    granularity: z.enum(['day', 'month']).default('day'),
    by: z.array(dimension).min(1).max(2),
    filters: z.array(filter).default([]),
    /** Compare with the same days one month earlier. */
    compare: z.boolean().default(true),
    limit: z.number().int().positive().max(5000).default(1000),
  }),
  output: z.object({
    metric,
    currency: z.string().nullable(),
    currencies: z.array(z.string().nullable()),
    /** Days with `to` exclusive; cut to the days that are loaded. */
    range: z.object({ from: day, to: day }),
    /** Null where not asked for or nothing is loaded for those days. */
    compareRange: z.object({ from: day, to: day }).nullable(),
    total: currencyTotal,
    /** Of all charges in the same days, without the filters. */
    totalUnfiltered: currencyTotal,
    previousTotal: decimal.nullable(),
    /** Chart: days or months in order, the stacks from the largest, the rest last. */
    periods: z.array(z.string()),
    stacks: z.array(
      z.object({
        key: z.string().nullable(),
        name: z.string().nullable(),
        /** Values behind the stack: more than one for the rest. */
        values: z.number().int(),
        rest: z.boolean(),
        colour: z.number().int().min(1).max(7),
        cost: decimal.nullable(),
        /** Null where no charge of the period delivers the metric. */
        points: z.array(decimal.nullable()),
      }),
    ),
    /** The comparison days, aligned with `periods`; shorter months end early with null. */
    previousPoints: z.array(decimal.nullable()).nullable(),
    rows: z.array(viewRow),
    rowCount: z.number().int(),
    /** Sum of the rows left out by the limit. */
    restCost: decimal.nullable(),
    /** For an empty result: the filter that excludes most, if any. */
    emptyBecause: filter.nullable(),
    /** Charge lines behind the answer and the time it took in the core. */
    chargeRows: z.number().int(),
    elapsedMs: z.number(),
    /** Billing periods behind the answer, and how many equal their file's own total. */
    tieOut: z.object({ periods: z.number().int(), tiedOut: z.number().int() }),
  }),
};

/** Values of one dimension by cost, for the filter menu and the palette. */
export const costsValues = {
  input: z.object({
    /** Search all dimensions where absent. */
    dimension: dimension.optional(),
    search: z.string().max(200).default(''),
    metric: metric.default('billed'),
    from: dayOrMonth.optional(),
    to: dayOrMonth.optional(),
    limit: z.number().int().positive().max(200).default(50),
  }),
  output: z.object({
    values: z.array(
      z.object({
        dimension,
        value: z.string().nullable(),
        name: z.string().nullable(),
        /** In the currency with most charges. */
        cost: decimal.nullable(),
      }),
    ),
    /** How many values matched in all. */
    matched: z.number().int(),
    searched: z.number().int(),
    elapsedMs: z.number(),
  }),
};

export const costsDimensions = {
  input: z.object({}),
  output: z.object({
    dimensions: z.array(z.object({ id: dimension, label: z.string(), values: z.number().int() })),
  }),
};
