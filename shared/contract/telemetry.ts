import * as z from 'zod/mini';
import { metricIds, stats } from '../telemetry/metrics.ts';
import { matchRules } from '../telemetry/match.ts';
import { isTimeZone } from '../telemetry/times.ts';
import { job } from './sources.ts';
import { day, dayOrMonth } from './values.ts';

const finding = z.object({ code: z.string(), count: z.int(), message: z.string() });
export type TelemetryFinding = z.infer<typeof finding>;

/** One import of one file of metrics. */
export const telemetryLoad = z.object({
  id: z.int(),
  /** File name without its folder. */
  file: z.string(),
  /** Null where not recognised. */
  format: z.nullable(z.string()),
  status: z.enum(['loaded', 'unchanged', 'refused', 'skipped', 'removed']),
  /** What it brought can be told apart from the other loads, and be taken out again. */
  removable: z.boolean(),
  /** Error code of a refusal. */
  code: z.optional(z.string()),
  reason: z.optional(z.string()),
  hint: z.optional(z.string()),
  bytes: z.int(),
  sha256: z.nullable(z.string()),
  /** Values in the file; what is not kept of them is in `findings`, to the last one. */
  samplesRead: z.int(),
  samplesKept: z.int(),
  resources: z.int(),
  /** First and last sample, UTC, ISO 8601. */
  firstAt: z.nullable(z.string()),
  lastAt: z.nullable(z.string()),
  findings: z.array(finding),
  startedAt: z.string(),
  finishedAt: z.string(),
});
export type TelemetryLoad = z.infer<typeof telemetryLoad>;

const imported = z.object({ loads: z.array(telemetryLoad) });
export type TelemetryImported = z.infer<typeof imported>;

/** Metrics of GPUs and hosts into the store. Files add to each other; a sample counts once. */
export const telemetryImport = {
  input: z.object({
    job,
    /** Files and folders on this machine. */
    paths: z.array(z.string().check(z.minLength(1))).check(z.minLength(1), z.maxLength(100_000)),
    /** Machine that the files were read on, where they do not name it. */
    host: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    /** Of clock times without a zone; UTC where absent. */
    timeZone: z.optional(
      z.string().check(z.refine(isTimeZone, 'a time zone such as Europe/Berlin or +02:00')),
    ),
    dateOrder: z.optional(z.enum(['mdy', 'dmy'])),
    /** When readings without a time were made: a moment, or `file` for each file's own time. */
    at: z.optional(
      z.union([
        z.literal('file'),
        z
          .string()
          .check(
            z.refine(
              (text) => /(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(Date.parse(text)),
              'a moment with its zone, such as 2026-07-03T22:10:45Z, or "file"',
            ),
          ),
      ]),
    ),
    /** What series without a name are of. */
    metric: z.optional(z.string().check(z.minLength(1))),
  }),
  output: imported,
};

/** Undo an import: what is left is what the other loads make without it. */
export const telemetryRemove = {
  input: z.object({
    job,
    /** Without it everything that was ever measured goes. */
    load: z.optional(z.int()),
  }),
  output: z.object({
    load: z.nullable(z.int()),
    /** Series, and days of series, that it had a part in. */
    series: z.int(),
    days: z.int(),
  }),
};
export type TelemetryRemoved = z.infer<typeof telemetryRemove.output>;

const distribution = z.object({
  p50: z.number(),
  p95: z.number(),
  p99_5: z.number(),
  mean: z.number(),
});

const series = z.object({
  metric: z.enum(metricIds),
  label: z.string(),
  unit: z.string(),
  stat: z.enum(stats),
  /** Kind of source and its counter: "dcgm:DCGM_FI_PROF_SM_ACTIVE". */
  source: z.string(),
  samples: z.int(),
  /** Hours with samples, and their share of the hours from the first to the last one. */
  hours: z.int(),
  coverage: z.nullable(z.number()),
  /** Days with samples, first and last one, UTC. */
  firstDay: z.nullable(day),
  lastDay: z.nullable(day),
  min: z.nullable(z.number()),
  max: z.nullable(z.number()),
  /** Share of samples that are active; null where all are unknown. */
  activeShare: z.nullable(z.number()),
  /** Only where one resource is asked for. */
  distribution: z.nullable(distribution),
  /** Values that are unknown, by reason. */
  unknown: z.record(z.string(), z.int()),
});
export type TelemetrySeries = z.infer<typeof series>;

const resource = z.object({
  id: z.int(),
  kind: z.string(),
  /** How it is known: UUID, or host and place. */
  name: z.string(),
  device: z.nullable(z.string()),
  host: z.nullable(z.string()),
  labels: z.record(z.string(), z.string()),
  /** The billed resource that it is; null where none or several could be. */
  match: z.nullable(z.object({ billed: z.string(), rule: z.enum(matchRules), reason: z.string() })),
  /** Why there is no match. */
  unmatched: z.nullable(z.string()),
  series: z.array(series),
});
export type TelemetryResource = z.infer<typeof resource>;

/** What was measured, matched to what is billed, with the quality of each metric. */
export const telemetryList = {
  input: z.object({
    /** One resource, with its distributions. */
    resource: z.optional(z.int()),
    /** First day and day after the last one, UTC. */
    from: z.optional(dayOrMonth),
    to: z.optional(dayOrMonth),
    limit: z.prefault(z.int().check(z.positive(), z.maximum(10_000)), 1000),
    offset: z.prefault(z.int().check(z.minimum(0)), 0),
  }),
  output: z.object({
    resources: z.array(resource),
    /** Whatever the limit. */
    resourceCount: z.int(),
    matched: z.int(),
    /** The latest imports, the newest first. */
    loads: z.array(telemetryLoad),
  }),
};

const cell = z.object({
  value: z.number(),
  p95: z.number(),
  max: z.number(),
  activeShare: z.number(),
  samples: z.int(),
  subjects: z.int(),
});

/**
 * Hour by day of one or several measured resources, of billed resources, or of everything with
 * some labels (a namespace, a job). `activity` takes the best counter of each GPU and hour.
 */
export const telemetryHeatmap = {
  input: z.object({
    resources: z.optional(z.array(z.int())),
    billed: z.optional(z.array(z.string())),
    labels: z.optional(z.record(z.string(), z.string())),
    metric: z.prefault(z.enum(['activity', ...metricIds]), 'activity'),
    from: z.optional(dayOrMonth),
    to: z.optional(dayOrMonth),
  }),
  output: z.object({
    metric: z.string(),
    unit: z.string(),
    /** Days with `to` exclusive; cut to the days that have samples. Null where there are none. */
    range: z.nullable(z.object({ from: day, to: day })),
    days: z.array(day),
    /** One row a day, 24 hours each, UTC; null is unknown, never 0. */
    cells: z.array(z.array(z.nullable(cell))),
    /** Devices or machines with samples. */
    subjects: z.int(),
    /** Metrics that the values come from. */
    metrics: z.array(z.string()),
    resources: z.array(z.int()),
  }),
};
