import * as z from 'zod/mini';
import { monthStates } from '../domain/months.ts';
import { currencyTotal, day, decimal, metric, month } from './values.ts';

/** The manager's page: this month so far, the months before, what moved, where it comes from. */
export const overviewGet = {
  input: z.object({
    metric: z.prefault(metric, 'billed'),
    currency: z.optional(z.nullable(z.string())),
    /** Charge month; the latest loaded one where absent. */
    month: z.optional(month),
  }),
  output: z.object({
    metric,
    currency: z.nullable(z.string()),
    currencies: z.array(z.nullable(z.string())),
    /** Charge months with data, oldest first. */
    availableMonths: z.array(month),
    month,
    /** First and last day (inclusive) with charges in the month. */
    firstDay: day,
    lastDay: day,
    /** The last day of the calendar month is loaded. */
    complete: z.boolean(),
    spent: currencyTotal,
    /** The same days one month earlier; null where not loaded. */
    sameDaysBefore: z.nullable(z.object({ from: day, to: day, cost: decimal })),
    monthBefore: z.nullable(z.object({ month, cost: decimal, complete: z.boolean() })),
    /** Mean a day over the days with charges, rounded to the currency's nano-unit. */
    meanPerDay: z.nullable(decimal),
    /** Up to 13 months ending with this one. */
    months: z.array(z.object({ month, cost: z.nullable(decimal), complete: z.boolean() })),
    /** The billing months of those months, where they are loaded. */
    billing: z.array(
      z.object({
        month,
        /** Of its providers the least settled. */
        state: z.enum(monthStates),
        /** How often a version gave way to another one, further parts aside. */
        restated: z.int(),
        /** What that moved in all, of this metric and currency; null where a side is unknown. */
        difference: z.nullable(decimal),
      }),
    ),
    /** Spend by service over those months, largest first, the rest last. */
    services: z.array(
      z.object({
        service: z.nullable(z.string()),
        rest: z.boolean(),
        values: z.int(),
        colour: z.int().check(z.minimum(1), z.maximum(7)),
        /** Null where no charge of the month delivers the metric. */
        points: z.array(z.nullable(decimal)),
        /** This month and the same days before. */
        cost: z.nullable(decimal),
        before: z.nullable(decimal),
      }),
    ),
    movers: z.nullable(
      z.object({
        rows: z.array(
          z.object({
            service: z.nullable(z.string()),
            account: z.nullable(z.string()),
            accountName: z.nullable(z.string()),
            now: decimal,
            before: decimal,
            change: decimal,
          }),
        ),
        /** Lines (service and account) behind the total. */
        lines: z.int(),
        otherChange: decimal,
        change: decimal,
      }),
    ),
    sources: z.array(
      z.object({
        label: z.string(),
        provider: z.nullable(z.string()),
        format: z.string(),
        lastDay: day,
        /** Of the charge month. */
        cost: z.nullable(decimal),
      }),
    ),
  }),
};
