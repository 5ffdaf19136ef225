import { z } from 'zod';
import { metric, month } from './values.ts';

/** A report file. `out` is a path on this machine; without it the document comes back as text. */
export const reportMake = {
  input: z.object({
    month,
    kind: z.enum(['monthly', 'chargeback', 'plan', 'comparison']).default('monthly'),
    format: z.enum(['html', 'pdf', 'xlsx', 'csv', 'json']),
    metric: metric.default('billed'),
    out: z.string().min(1).optional(),
  }),
  output: z.object({
    file: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
    /** The document, where no `out` was given. */
    text: z.string().optional(),
  }),
};
