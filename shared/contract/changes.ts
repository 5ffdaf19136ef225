import * as z from 'zod/mini';
import { decimal, month } from './values.ts';

const amounts = z.object({
  billed: z.nullable(decimal),
  effective: z.nullable(decimal),
  list: z.nullable(decimal),
  contracted: z.nullable(decimal),
});

/**
 * Before, after and the difference, exact. Without rows on a side there was nothing there, and its
 * amounts count as 0; an amount that is null beside rows is unknown, and so is its difference.
 */
const changedAmounts = z.object({
  currency: z.nullable(z.string()),
  oldRows: z.int(),
  newRows: z.int(),
  old: amounts,
  new: amounts,
  difference: amounts,
});
export type ChangedAmounts = z.infer<typeof changedAmounts>;

const changeLine = z.extend(changedAmounts, {
  account: z.nullable(z.string()),
  accountName: z.nullable(z.string()),
  service: z.nullable(z.string()),
  state: z.enum(['new', 'vanished', 'changed']),
});
export type ChangeLine = z.infer<typeof changeLine>;

const side = z.object({
  /** Version number. */
  number: z.int(),
  source: z.string(),
  format: z.string(),
  loads: z.array(z.object({ id: z.int(), file: z.string() })),
});

/** One version gave way to another. */
export const change = z.object({
  id: z.int(),
  /** `added`: a further part came beside what was there; `removed`: an import was undone. */
  kind: z.enum(['restated', 'added', 'removed']),
  provider: z.nullable(z.string()),
  billingAccount: z.nullable(z.string()),
  billingAccountName: z.nullable(z.string()),
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
      currency: z.nullable(z.string()),
      lines: z.int(),
      difference: z.nullable(decimal),
    }),
  ),
});
export type Change = z.infer<typeof change>;

/** What restatements changed, the newest first. Kept for ever. */
export const changesList = {
  input: z.object({
    period: z.optional(month),
    /** Null: charges without a provider name. */
    provider: z.optional(z.nullable(z.string())),
    billingAccount: z.optional(z.nullable(z.string())),
    /** The most lines of each change. */
    limit: z.optional(z.int().check(z.minimum(0))),
  }),
  output: z.array(change),
};
