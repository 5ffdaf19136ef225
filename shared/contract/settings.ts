import * as z from 'zod/mini';

export const themes = ['system', 'light', 'dark'] as const;

/** What a person has chosen for this data folder; each has a default. */
export const settings = z.object({
  theme: z.enum(themes),
  /** Keep the lines of what is loaded; switching it off deletes those that are kept. */
  detail: z.boolean(),
});
export type Settings = z.infer<typeof settings>;

export const settingsGet = { input: z.object({}), output: settings };

/** Changes what is named and answers all of them. */
export const settingsSet = { input: z.partial(settings), output: settings };
