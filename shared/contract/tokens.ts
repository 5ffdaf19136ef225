import * as z from 'zod/mini';
import { job } from './sources.ts';
import { day, dayOrMonth, decimal } from './values.ts';

/** Who counts the tokens: a vendor of its own API, or a cloud that resells models. */
export const tokenVendors = ['openai', 'anthropic', 'aws', 'azure', 'google'] as const;
export type TokenVendor = (typeof tokenVendors)[number];

/** `unknown`: input of which the export does not say what was read from the cache. */
export const tokenCaches = ['none', 'read', 'write', 'unknown'] as const;

/** One import of one usage export. */
export const tokenLoad = z.object({
  id: z.int(),
  /** File name without its folder. */
  file: z.string(),
  /** Null where not recognised. */
  format: z.nullable(z.string()),
  vendor: z.nullable(z.enum(tokenVendors)),
  status: z.enum(['loaded', 'unchanged', 'refused', 'skipped', 'removed']),
  /** Error code of a refusal. */
  code: z.optional(z.string()),
  reason: z.optional(z.string()),
  hint: z.optional(z.string()),
  bytes: z.int(),
  sha256: z.nullable(z.string()),
  /** Lines, results or requests that it holds. */
  rowsRead: z.int(),
  /** Whole tokens in it; those that another load counts already among them. */
  tokens: decimal,
  /** Days it speaks of, UTC, both inclusive. */
  firstDay: z.nullable(day),
  lastDay: z.nullable(day),
  findings: z.array(z.object({ code: z.string(), count: z.int(), message: z.string() })),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type TokenLoad = z.infer<typeof tokenLoad>;

const imported = z.object({ loads: z.array(tokenLoad) });
export type TokensImported = z.infer<typeof imported>;

/** Usage exports of model vendors: counts of tokens, no cost. */
export const tokensImport = {
  input: z.object({
    job,
    /** Files and folders on this machine. */
    paths: z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(100_000)),
    /** Organisation or account that a file is of, where it names none. */
    account: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  }),
  output: imported,
};

/** What was counted, each token once, whatever loads hold it. */
export const tokensList = {
  input: z.object({
    /** First day and day after the last one, UTC. */
    from: z.optional(dayOrMonth),
    to: z.optional(dayOrMonth),
  }),
  output: z.object({
    counts: z.array(
      z.object({
        vendor: z.enum(tokenVendors),
        /** Project, workspace or account; null where none is named. */
        account: z.nullable(z.string()),
        model: z.nullable(z.string()),
        direction: z.enum(['input', 'output']),
        cache: z.enum(tokenCaches),
        batch: z.boolean(),
        tokens: decimal,
        firstDay: day,
        lastDay: day,
      }),
    ),
    /** The newest first. */
    loads: z.array(tokenLoad),
  }),
};

/** Undo an import: what it alone counted is gone, what it had replaced is back. */
export const tokensRemove = {
  input: z.object({ load: z.int() }),
  output: z.object({ load: z.int(), file: z.string(), tokens: decimal }),
};
