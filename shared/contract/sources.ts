import { z } from 'zod';
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
  currency: z.string().nullable(),
  billed: decimal.nullable(),
  effective: decimal.nullable(),
  list: decimal.nullable(),
  contracted: decimal.nullable(),
});
export type LoadTotal = z.infer<typeof loadTotal>;

/** One pull of one file. */
export const loadRecord = z.object({
  id: z.number().int(),
  source: z.string(),
  /** File name without its folder. */
  file: z.string(),
  /** Format family ("FOCUS") and version; null where not recognised. */
  format: z.string().nullable(),
  version: z.string().nullable(),
  status: z.enum(loadStatuses),
  /** Error code of a refusal. */
  code: z.string().optional(),
  reason: z.string().optional(),
  hint: z.string().optional(),
  bytes: z.number().int(),
  sha256: z.string().nullable(),
  rowsRead: z.number().int(),
  rowsKept: z.number().int(),
  /** Billing periods. */
  periods: z.array(month),
  totals: z.array(loadTotal),
  warnings: z.array(z.object({ code: z.string(), count: z.number().int(), message: z.string() })),
  /** UTC, ISO 8601. */
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type LoadRecord = z.infer<typeof loadRecord>;

export const importAnswer = z.object({ loads: z.array(loadRecord) });
export type ImportAnswer = z.infer<typeof importAnswer>;

/** Chosen by the caller, so that it can follow and cancel what it started. */
export const job = z.string().regex(/^[\w-]{1,64}$/);

/** Bill files into the store. The files of one call belong together. Answers when all is done. */
export const importRun = {
  input: z
    .object({
      job,
      /** Files and folders on this machine. */
      paths: z.array(z.string().min(1)).min(1).max(100_000),
      source: z.string().min(1).max(100).default('files'),
      /** Replace what an overlapping or shrinking file would otherwise be refused for. */
      replace: z.boolean().default(false),
      /** Further parts of periods that are there: their other parts stay. */
      add: z.boolean().default(false),
      /** For charges whose file names no currency. */
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/)
        .optional(),
      /** How dates with the year last are meant: the month or the day first. */
      dateOrder: z.enum(['mdy', 'dmy']).optional(),
    })
    .refine(({ replace, add }) => !(replace && add), {
      path: ['add'],
      message: 'a file replaces what is there or comes beside it, not both',
    }),
  output: importAnswer,
};

/** The built-in sample company. */
export const importSample = { input: z.object({ job }), output: importAnswer };

export const jobSteps = ['waiting', 'reading', 'checking', 'storing', 'done', 'failed'] as const;

export const jobProgress = z.object({
  job,
  kind: z.enum(['import', 'sample', 'report', 'export']),
  step: z.enum(jobSteps),
  /** The file in work. */
  file: z.string().nullable(),
  filesDone: z.number().int(),
  files: z.number().int(),
  bytesDone: z.number(),
  bytes: z.number(),
  rows: z.number().int(),
  /** Estimated milliseconds left; null before it can be known. */
  etaMs: z.number().nullable(),
  elapsedMs: z.number(),
  /** Each file's outcome as soon as it is known. */
  loads: z.array(loadRecord),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type JobProgress = z.infer<typeof jobProgress>;

export const jobList = { input: z.object({}), output: z.object({ jobs: z.array(jobProgress) }) };
export const jobCancel = {
  input: z.object({ job }),
  output: z.object({ cancelled: z.boolean() }),
};

export const loadsList = { input: z.object({}), output: z.array(loadRecord) };

/** The Sources page. */
export const sourcesGet = {
  input: z.object({}),
  output: z.object({
    sources: z.array(
      z.object({
        label: z.string(),
        provider: z.string().nullable(),
        billingAccount: z.string().nullable(),
        billingAccountName: z.string().nullable(),
        format: z.string(),
        rows: z.number().int(),
        /** Of its cells in the database, with the earlier versions that are kept. */
        bytes: z.number().int(),
        firstDay: day,
        lastDay: day,
        /** Billing periods, with the total the file states and the total in the store. */
        periods: z.array(
          z.object({
            period: month,
            number: z.number().int(),
            files: z.array(z.string()),
            loadedAt: z.string(),
            rows: z.number().int(),
            state: z.enum(monthStates),
            /** How often a version of it has given way to another; `changes.list` has them. */
            changes: z.number().int(),
            totals: z.array(
              z.object({
                currency: z.string().nullable(),
                inFile: decimal.nullable(),
                inStore: decimal.nullable(),
              }),
            ),
          }),
        ),
      }),
    ),
    loads: z.array(loadRecord),
    disk: z.object({
      databaseBytes: z.number().int(),
      /** Of the file, given back by `sources.compact`. */
      freeBytes: z.number().int(),
    }),
    jobs: z.array(jobProgress),
  }),
};

/** Undo an import: the versions of a source go, what they replaced comes back. */
export const sourcesRemove = {
  input: z.object({ source: z.string().min(1), period: month.optional() }),
  output: z.object({
    source: z.string(),
    removed: z.array(
      z.object({ provider: z.string().nullable(), period: month, rows: z.number().int() }),
    ),
    restored: z.array(z.object({ provider: z.string().nullable(), period: month })),
  }),
};

/** Drops cells of versions that are no longer kept and gives free space back to the disk. */
export const sourcesCompact = {
  input: z.object({}),
  output: z.object({ bytesBefore: z.number().int(), bytesAfter: z.number().int() }),
};
