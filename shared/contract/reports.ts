import * as z from 'zod/mini';
import { metric, month } from './values.ts';

/** A report file. `out` is a path on this machine; without it the document comes back as text. */
export const reportMake = {
  input: z.object({
    month,
    kind: z.prefault(z.enum(['monthly', 'chargeback', 'plan', 'comparison']), 'monthly'),
    format: z.enum(['html', 'pdf', 'xlsx', 'csv', 'json']),
    metric: z.prefault(metric, 'billed'),
    /** With the savings plan and what was decided; making a plan can take a while the first time. */
    plan: z.prefault(z.boolean(), true),
    out: z.optional(z.string().check(z.minLength(1))),
  }),
  output: z.object({
    file: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    /** The document, where no `out` was given. */
    text: z.optional(z.string()),
  }),
};
