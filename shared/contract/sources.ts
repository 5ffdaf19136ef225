import * as z from 'zod/mini';
import { monthStates } from '../domain/months.ts';
import { day, decimal, month } from './values.ts';

export const loadStatuses = [
  'running',
  'interrupted',
  'cancelled',
  'loaded',
  'unchanged',
  'replaced',
  'refused',
  'skipped',
] as const;

export const loadTotal = z.object({
  currency: z.nullable(z.string()),
  billed: z.nullable(decimal),
  effective: z.nullable(decimal),
  list: z.nullable(decimal),
  contracted: z.nullable(decimal),
});
export type LoadTotal = z.infer<typeof loadTotal>;

/** One pull of one file. */
export const loadRecord = z.object({
  id: z.int(),
  source: z.string(),
  /** File name without its folder. */
  file: z.string(),
  /** Format family ("FOCUS") and version; null where not recognised. */
  format: z.nullable(z.string()),
  version: z.nullable(z.string()),
  status: z.enum(loadStatuses),
  /** Error code of a refusal. */
  code: z.optional(z.string()),
  reason: z.optional(z.string()),
  hint: z.optional(z.string()),
  /** What of the file was not said, where a person can say it and import again. */
  asks: z.optional(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('currency') }),
      /** A date as the file has it, with the year last. */
      z.object({ kind: z.literal('dateOrder'), value: z.string() }),
    ]),
  ),
  bytes: z.int(),
  sha256: z.nullable(z.string()),
  rowsRead: z.int(),
  rowsKept: z.int(),
  /** Billing periods. */
  periods: z.array(month),
  totals: z.array(loadTotal),
  warnings: z.array(z.object({ code: z.string(), count: z.int(), message: z.string() })),
  /** UTC, ISO 8601. */
  startedAt: z.string(),
  finishedAt: z.nullable(z.string()),
});
export type LoadRecord = z.infer<typeof loadRecord>;

/** What became of a file that is no bill and went to its own reader. */
export const otherLoad = z.object({
  kind: z.enum(['telemetry', 'prices', 'tokens']),
  /** Of its load or sheet; null where there is none. */
  id: z.nullable(z.int()),
  /** File name without its folder. */
  file: z.string(),
  status: z.enum(['loaded', 'unchanged', 'refused', 'skipped']),
  format: z.nullable(z.string()),
  /** In words: "1,204 values of 3 resources". */
  kept: z.string(),
  /** Error code of a refusal. */
  code: z.optional(z.string()),
  reason: z.optional(z.string()),
  hint: z.optional(z.string()),
});
export type OtherLoad = z.infer<typeof otherLoad>;

export const importAnswer = z.object({
  loads: z.array(loadRecord),
  /** Files that are no bills: telemetry, price lists, usage exports. */
  others: z.array(otherLoad),
});
export type ImportAnswer = z.infer<typeof importAnswer>;

/** Chosen by the caller, so that it can follow and cancel what it started. */
export const job = z.string().check(z.regex(/^[\w-]{1,64}$/));

/**
 * Files into the store: bills, of which those of one call belong together, and whatever else has a
 * reader of its own. Answers when all is done.
 */
export const importRun = {
  input: z
    .object({
      job,
      /** Files and folders on this machine. */
      paths: z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(100_000)),
      source: z.prefault(z.string().check(z.minLength(1), z.maxLength(100)), 'files'),
      /** Replace what an overlapping or shrinking file would otherwise be refused for. */
      replace: z.prefault(z.boolean(), false),
      /** Further parts of periods that are there: their other parts stay. */
      add: z.prefault(z.boolean(), false),
      /** For charges whose file names no currency. */
      currency: z.optional(z.string().check(z.regex(/^[A-Za-z]{3}$/))),
      /** How dates with the year last are meant: the month or the day first. */
      dateOrder: z.optional(z.enum(['mdy', 'dmy'])),
    })
    .check(
      z.refine(({ replace, add }) => !(replace && add), {
        path: ['add'],
        message: 'a file replaces what is there or comes beside it, not both',
      }),
    ),
  output: importAnswer,
};

/** The built-in sample company. */
export const importSample = { input: z.object({ job }), output: importAnswer };

export const jobSteps = [
  'waiting',
  'reading',
  'checking',
  'storing',
  'keeping',
  'done',
  'failed',
] as const;

export const jobProgress = z.object({
  job,
  kind: z.enum([
    'import',
    'sample',
    'report',
    'export',
    'prices',
    'telemetry',
    'telemetry-remove',
    'tokens',
  ]),
  step: z.enum(jobSteps),
  /** The file in work. */
  file: z.nullable(z.string()),
  filesDone: z.int(),
  files: z.int(),
  bytesDone: z.number(),
  bytes: z.number(),
  rows: z.int(),
  /** Estimated milliseconds left; null before it can be known. */
  etaMs: z.nullable(z.number()),
  elapsedMs: z.number(),
  /** Each file's outcome as soon as it is known. */
  loads: z.array(loadRecord),
  error: z.nullable(z.object({ code: z.string(), message: z.string() })),
});
export type JobProgress = z.infer<typeof jobProgress>;

export const jobList = { input: z.object({}), output: z.object({ jobs: z.array(jobProgress) }) };
export const jobCancel = {
  input: z.object({ job }),
  output: z.object({ cancelled: z.boolean() }),
};

/** A load, and where the billing months stand that show it or have shown it. */
export const listedLoad = z.extend(loadRecord, {
  states: z.array(z.object({ period: month, state: z.enum(monthStates) })),
});
export type ListedLoad = z.infer<typeof listedLoad>;

export const loadsList = { input: z.object({}), output: z.array(listedLoad) };

/** The Sources page. */
export const sourcesGet = {
  input: z.object({}),
  output: z.object({
    sources: z.array(
      z.object({
        label: z.string(),
        provider: z.nullable(z.string()),
        billingAccount: z.nullable(z.string()),
        billingAccountName: z.nullable(z.string()),
        format: z.string(),
        rows: z.int(),
        /** Of its cells in the database, with the earlier versions that are kept. */
        bytes: z.int(),
        /** Of its lines, kept beside the database. */
        detailBytes: z.int(),
        firstDay: day,
        lastDay: day,
        /** Billing periods, with the total the file states and the total in the store. */
        periods: z.array(
          z.object({
            period: month,
            number: z.int(),
            files: z.array(z.string()),
            loadedAt: z.string(),
            rows: z.int(),
            state: z.enum(monthStates),
            /** How often a version of it has given way to another; `changes.list` has them. */
            changes: z.int(),
            totals: z.array(
              z.object({
                currency: z.nullable(z.string()),
                inFile: z.nullable(decimal),
                inStore: z.nullable(decimal),
              }),
            ),
          }),
        ),
      }),
    ),
    loads: z.array(loadRecord),
    disk: z.object({
      databaseBytes: z.int(),
      /** Of the lines kept beside it. */
      detailBytes: z.int(),
      /** Of the file, given back by `sources.compact`. */
      freeBytes: z.int(),
    }),
    jobs: z.array(jobProgress),
  }),
};

/** Undo an import: the versions of a source go, what they replaced comes back. */
export const sourcesRemove = {
  input: z.object({ source: z.string().check(z.minLength(1)), period: z.optional(month) }),
  output: z.object({
    source: z.string(),
    removed: z.array(z.object({ provider: z.nullable(z.string()), period: month, rows: z.int() })),
    restored: z.array(z.object({ provider: z.nullable(z.string()), period: month })),
  }),
};

/** Drops cells of versions that are no longer kept and gives free space back to the disk. */
export const sourcesCompact = {
  input: z.object({}),
  output: z.object({ bytesBefore: z.int(), bytesAfter: z.int() }),
};
