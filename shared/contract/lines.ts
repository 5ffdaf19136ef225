import * as z from 'zod/mini';
import { day, dayOrMonth, decimal, filter, metric, month } from './values.ts';

/** The most lines of one answer. */
export const mostLines = 500;

/** One amount a currency, beside how many lines have it. */
const linesTotal = z.object({
  currency: z.nullable(z.string()),
  lines: z.int(),
  /** Null where no line delivers it. */
  billed: z.nullable(decimal),
  effective: z.nullable(decimal),
});
export type LinesTotal = z.infer<typeof linesTotal>;

/** A charge as its file states it. Amounts have all digits of the file, without exponent. */
const line = z.object({
  load: z.int(),
  file: z.string(),
  /** Number of the record in the file; a CSV header is row 1. */
  row: z.int(),
  /** As the file writes it; null where it has none. */
  start: z.nullable(z.string()),
  /** Of the start, UTC; the first of the billing period where there is none. */
  day,
  period: month,
  /** Every dimension of a charge, tags apart; null where there is no value. */
  dimensions: z.record(z.string(), z.nullable(z.string())),
  /** Display names beside the ids, where the file has them. */
  names: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.nullable(z.string())),
  billed: z.nullable(decimal),
  effective: z.nullable(decimal),
  list: z.nullable(decimal),
  contracted: z.nullable(decimal),
  quantity: z.nullable(decimal),
  /**
   * The file's own columns as it writes them; null where one record of the file holds several
   * charges, and for JSON.
   */
  cells: z.nullable(z.array(z.object({ name: z.string(), value: z.nullable(z.string()) }))),
});
export type Line = z.infer<typeof line>;

/** The lines behind a slice of the bill, as the files state them; `outlay lines --json`. */
export const costsLines = {
  input: z.object({
    /** What "by cost" sorts by. */
    metric: z.prefault(metric, 'billed'),
    /** First charge day, UTC. */
    from: z.optional(dayOrMonth),
    /** Charge day after the last one, UTC. */
    to: z.optional(dayOrMonth),
    /** Billing period. */
    period: z.optional(month),
    filters: z.prefault(z.array(filter), []),
    /** The highest cost first (unknown last), or the earliest start. */
    sort: z.prefault(z.enum(['cost', 'time']), 'cost'),
    offset: z.prefault(z.int().check(z.minimum(0)), 0),
    limit: z.prefault(z.int().check(z.positive(), z.maximum(mostLines)), 100),
    /** Who looks: a further question of the same viewer ends the one before as CANCELLED. */
    viewer: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  }),
  output: z.object({
    /** Of all lines that match, whatever the limit. */
    lines: z.int(),
    totals: z.array(linesTotal),
    /** The lines add up to what the stored cells say of the same files, to the last digit. */
    tiesOut: z.boolean(),
    /** What of the slice has no lines, because those of its files are not kept. */
    withoutDetail: z.object({
      totals: z.array(linesTotal),
      loads: z.array(
        z.object({
          load: z.int(),
          file: z.string(),
          source: z.string(),
          periods: z.array(month),
          totals: z.array(linesTotal),
        }),
      ),
    }),
    /** Place of the first row among all lines. */
    offset: z.int(),
    rows: z.array(line),
    elapsedMs: z.number(),
  }),
};
