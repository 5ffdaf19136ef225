import { z } from 'zod';

export const themes = ['system', 'light', 'dark'] as const;

/** What a person has chosen for this data folder; each has a default. */
export const settings = z.object({ theme: z.enum(themes) });
export type Settings = z.infer<typeof settings>;

export const settingsGet = { input: z.object({}), output: settings };

/** Changes what is named and answers all of them. */
export const settingsSet = { input: settings.partial(), output: settings };
