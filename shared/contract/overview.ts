import { z } from 'zod';
import { currencyTotal, day, decimal, metric, month } from './values.ts';

/** The manager's page: this month so far, the months before, what moved, where it comes from. */
export const overviewGet = {
  input: z.object({
    metric: metric.default('billed'),
    currency: z.string().nullable().optional(),
    /** Charge month; the latest loaded one where absent. */
    month: month.optional(),
  }),
  output: z.object({
    metric,
    currency: z.string().nullable(),
    currencies: z.array(z.string().nullable()),
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
    sameDaysBefore: z.object({ from: day, to: day, cost: decimal }).nullable(),
    monthBefore: z.object({ month, cost: decimal, complete: z.boolean() }).nullable(),
    /** Mean a day over the days with charges, rounded to the currency's nano-unit. */
    meanPerDay: decimal.nullable(),
    /** Up to 13 months ending with this one. */
    months: z.array(z.object({ month, cost: decimal.nullable(), complete: z.boolean() })),
    /** Spend by service over those months, largest first, the rest last. */
    services: z.array(
      z.object({
        service: z.string().nullable(),
        rest: z.boolean(),
        values: z.number().int(),
        colour: z.number().int().min(1).max(7),
        /** Null where no charge of the month delivers the metric. */
        points: z.array(decimal.nullable()),
        /** This month and the same days before. */
        cost: decimal.nullable(),
        before: decimal.nullable(),
      }),
    ),
    movers: z
      .object({
        rows: z.array(
          z.object({
            service: z.string().nullable(),
            account: z.string().nullable(),
            accountName: z.string().nullable(),
            now: decimal,
            before: decimal,
            change: decimal,
          }),
        ),
        /** Lines (service and account) behind the total. */
        lines: z.number().int(),
        otherChange: decimal,
        change: decimal,
      })
      .nullable(),
    sources: z.array(
      z.object({
        label: z.string(),
        provider: z.string().nullable(),
        format: z.string(),
        lastDay: day,
        /** Of the charge month. */
        cost: decimal.nullable(),
      }),
    ),
  }),
};
