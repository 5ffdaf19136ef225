import { z } from 'zod';
import { decimal, month } from './values.ts';

const amounts = z.object({
  billed: decimal.nullable(),
  effective: decimal.nullable(),
  list: decimal.nullable(),
  contracted: decimal.nullable(),
});

/**
 * Before, after and the difference, exact. Without rows on a side there was nothing there, and its
 * amounts count as 0; an amount that is null beside rows is unknown, and so is its difference.
 */
const changedAmounts = z.object({
  currency: z.string().nullable(),
  oldRows: z.number().int(),
  newRows: z.number().int(),
  old: amounts,
  new: amounts,
  difference: amounts,
});
export type ChangedAmounts = z.infer<typeof changedAmounts>;

const changeLine = changedAmounts.extend({
  account: z.string().nullable(),
  accountName: z.string().nullable(),
  service: z.string().nullable(),
  state: z.enum(['new', 'vanished', 'changed']),
});
export type ChangeLine = z.infer<typeof changeLine>;

const side = z.object({
  /** Version number. */
  number: z.number().int(),
  source: z.string(),
  format: z.string(),
  loads: z.array(z.object({ id: z.number().int(), file: z.string() })),
});

/** One version gave way to another. */
export const change = z.object({
  id: z.number().int(),
  /** `added`: a further part came beside what was there; `removed`: an import was undone. */
  kind: z.enum(['restated', 'added', 'removed']),
  provider: z.string().nullable(),
  billingAccount: z.string().nullable(),
  billingAccountName: z.string().nullable(),
  period: month,
  /** UTC, ISO 8601. */
  changedAt: z.string(),
  from: side,
  to: side,
  /** The whole period, a currency each. */
  totals: z.array(changedAmounts),
  /** What moved by account and service, the largest billed difference first; it adds up to the totals. */
  lines: z.array(changeLine),
  /** What `limit` left out, a currency each. */
  rest: z.array(
    z.object({
      currency: z.string().nullable(),
      lines: z.number().int(),
      difference: decimal.nullable(),
    }),
  ),
});
export type Change = z.infer<typeof change>;

/** What restatements changed, the newest first. Kept for ever. */
export const changesList = {
  input: z.object({
    period: month.optional(),
    /** Null: charges without a provider name. */
    provider: z.string().nullable().optional(),
    billingAccount: z.string().nullable().optional(),
    /** The most lines of each change. */
    limit: z.number().int().min(0).optional(),
  }),
  output: z.array(change),
};
