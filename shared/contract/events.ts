import * as z from 'zod/mini';

/** What is loaded has changed: every open view asks again. */
export const dataChanged = z.object({
  reason: z.enum(['import', 'remove', 'rules', 'decisions', 'other-process']),
});
