import * as z from 'zod/mini';
import { day, decimal, month } from './values.ts';

/** What one file looks like as data: is it complete, does it follow FOCUS, can it be split up. */
export const healthSheet = z.object({
  rows: z.int(),
  /** UTC days of the charges, both inclusive. */
  firstDay: z.nullable(day),
  lastDay: z.nullable(day),
  /** Days between them without any charge; both ends inclusive. */
  gaps: z.array(z.object({ from: day, to: day, days: z.int() })),
  /** Rows without a value, of the columns that matter; those without a gap have 0. */
  nulls: z.array(z.object({ column: z.string(), rows: z.int() })),
  /** Rules of FOCUS 1.2 that were checked; 0 for other formats, which owe it nothing. */
  rulesChecked: z.int(),
  findings: z.array(
    z.object({
      /** Id of the rule in the requirements model of FOCUS 1.2. */
      rule: z.string(),
      /** What the rule asks. */
      message: z.string(),
      /** Rows that do not follow it. */
      rows: z.int(),
    }),
  ),
  /** Spend without any tag beside all of it, exact, a currency each. */
  untagged: z.array(
    z.object({
      currency: z.string(),
      rows: z.int(),
      billed: z.nullable(decimal),
      total: z.nullable(decimal),
    }),
  ),
  /** Rows with a billed cost below zero. */
  negativeRows: z.int(),
  /** The largest first; null stands for charges without an invoice id. */
  invoices: z.array(
    z.object({
      invoice: z.nullable(z.string()),
      period: month,
      currency: z.string(),
      rows: z.int(),
      billed: z.nullable(decimal),
    }),
  ),
  /** Invoices that are not listed. */
  moreInvoices: z.int(),
});
export type HealthSheet = z.infer<typeof healthSheet>;

/** The data-health sheet of one load. */
export const loadsHealth = {
  input: z.object({ load: z.int().check(z.positive()) }),
  output: z.object({
    load: z.int(),
    file: z.string(),
    source: z.string(),
    sheet: healthSheet,
    /** What was said of the file's columns and cells while it was read. */
    warnings: z.array(z.object({ code: z.string(), count: z.int(), message: z.string() })),
  }),
};
