import * as z from 'zod/mini';
import { purposes } from '../workloads/purposes.ts';
import { tokenCaches } from './tokens.ts';
import { workloadKinds } from '../workloads/workload.ts';
import { currencyTotal, day, dayOrMonth, decimal, metric, month } from './values.ts';

const purpose = z.enum(purposes);

/** Which charges: days of the charge in UTC, or one billing period. All that is loaded where absent. */
const span = {
  metric: z.prefault(metric, 'effective'),
  /** Defaults to the currency with most charges. */
  currency: z.optional(z.nullable(z.string())),
  from: z.optional(dayOrMonth),
  /** Day after the last one. */
  to: z.optional(dayOrMonth),
  /** A billing period, instead of days. */
  period: z.optional(month),
  granularity: z.prefault(z.enum(['day', 'month']), 'day'),
};

/** What every answer says of the charges it is about. */
const scope = {
  metric,
  currency: z.nullable(z.string()),
  currencies: z.array(z.nullable(z.string())),
  /** Days with `to` exclusive; cut to the days that are loaded. */
  range: z.object({ from: day, to: day }),
  /** The days compared with, as many months earlier; null where they are not all loaded. */
  compareRange: z.nullable(z.object({ from: day, to: day })),
  /** Chart: days or months in order. */
  periods: z.array(z.string()),
};

/** How well a workload's GPUs were measured. */
const telemetryQuality = z.object({
  /** `none`: nothing measured, so everything about use is unknown. */
  level: z.enum(['good', 'partial', 'poor', 'none']),
  /** One sentence for people. */
  reason: z.string(),
  /** GPU resources of the bill, and those of them with telemetry. */
  resources: z.int(),
  measured: z.int(),
  /** Measured GPU-hours as a share of those paid; null where one of them is unknown. */
  coverage: z.nullable(z.number()),
  /** Counters behind the busy share, as telemetry names its metrics. */
  metrics: z.array(z.string()),
  samples: z.int(),
});
export type TelemetryQuality = z.infer<typeof telemetryQuality>;

/** GPU-hours: exact where the bill states them, null (unknown) where it does not. */
const gpu = z.object({
  /** Accelerator-hours paid: hours of each machine times its accelerators. */
  hours: z.nullable(decimal),
  /** What those hours cost: machines only, no storage or fees beside them. */
  cost: z.nullable(decimal),
  /** Cost an hour paid, rounded to nine decimals. */
  perHour: z.nullable(decimal),
  /** Charges of GPU machines whose hours the bill does not say. */
  unknownCharges: z.int(),
  /** GPU-hours with telemetry, of the same days. */
  measuredHours: z.nullable(z.number()),
  /** Of the measured hours: hours times the level of the best counter. */
  busyHours: z.nullable(z.number()),
  /** Busy share of the measured hours, 0 to 1. */
  busyShare: z.nullable(z.number()),
  /** Share of samples in which any counter saw activity, 0 to 1. */
  activeShare: z.nullable(z.number()),
  /** Cost an hour paid over the busy share; rests on the measured hours standing for the others. */
  perBusyHour: z.nullable(decimal),
});
export type GpuFigures = z.infer<typeof gpu>;

/** Disjoint: a cached token is in no other class. `input`: not said whether cached. Null is unknown. */
export const tokenClasses = ['uncached', 'cache-read', 'cache-write', 'input', 'output'] as const;
export type TokenClass = (typeof tokenClasses)[number];

const unitCost = z.object({
  unit: z.enum(['gpu-hour', 'busy-gpu-hour', 'job', 'request', 'million-tokens']),
  /** Cost that counts for it, and how many units; null is unknown. */
  cost: z.nullable(decimal),
  quantity: z.nullable(decimal),
  /** Rounded to nine decimals. */
  perUnit: z.nullable(decimal),
  /** The same of the days compared with. */
  previous: z.nullable(decimal),
  /** How it was reckoned, or why it is unknown. */
  reason: z.string(),
});
export type UnitCost = z.infer<typeof unitCost>;

const purposePart = z.object({ purpose, cost: z.nullable(decimal) });

const workloadRow = z.object({
  /** Stable: kind and name, "endpoint:chat". */
  id: z.string(),
  kind: z.enum(workloadKinds),
  name: z.string(),
  /** What names it: "tag workload", "resource id", "rule 3 of your rules". */
  from: z.string(),
  /** That of its dearest charges. */
  purpose,
  /** Why that purpose: one sentence, of its dearest charges. */
  reason: z.string(),
  /** Id of the rule that decided: of Outlay's own, or "user:NAME". */
  rule: z.string(),
  /** Its AI cost by purpose, the dearest first; adds up to `cost`. */
  purposes: z.array(purposePart),
  /** AI cost, with its shares of what split rules divide. */
  cost: z.nullable(decimal),
  /** Of which shares of split cost. */
  shared: z.nullable(decimal),
  /** What it costs beside that is not AI. */
  notAi: z.nullable(decimal),
  /** Charges that do not deliver the metric. */
  unknownRows: z.int(),
  /** Share of all AI cost, 0 to 1; null where that is not positive. */
  share: z.nullable(z.number()),
  previous: z.nullable(decimal),
  /** Cost of each chart period, for the spark line only. */
  spark: z.array(z.number()),
  gpu,
  telemetry: telemetryQuality,
  /** What it is measured by first: the first unit cost that is known. */
  unit: z.nullable(unitCost),
  resources: z.int(),
});
export type WorkloadRow = z.infer<typeof workloadRow>;

const ranked = z.object({
  service: z.nullable(z.string()),
  account: z.nullable(z.string()),
  accountName: z.nullable(z.string()),
  /** Machine or meter, where charges agree in one. */
  what: z.nullable(z.string()),
  cost: z.nullable(decimal),
  unknownRows: z.int(),
  /** Why nothing more is known, or what would explain it. */
  reason: z.string(),
});

/** A list by cost, the dearest first, with what is left out. */
const rankedList = z.object({
  cost: z.nullable(decimal),
  unknownRows: z.int(),
  rows: z.array(ranked),
  rowCount: z.int(),
  restCost: z.nullable(decimal),
});
export type RankedCost = z.infer<typeof rankedList>;

const splitShare = z.object({
  workload: z.string(),
  cost: decimal,
});

/** The AI workloads page in one answer, in one currency. */
export const workloadsOverview = {
  input: z.object({
    ...span,
    limit: z.prefault(z.int().check(z.positive(), z.maximum(5000)), 500),
  }),
  output: z.object({
    ...scope,
    /** Of all charges of these days; the purposes add up to it exactly. */
    total: currencyTotal,
    /** Of the purposes that are AI; the workloads, `unassigned` and `restCost` add up to it. */
    ai: currencyTotal,
    previousAi: z.nullable(decimal),
    /** All that occur, in the order of the list of purposes ("not AI" last). */
    purposes: z.array(
      z.object({
        purpose,
        title: z.string(),
        ai: z.boolean(),
        cost: z.nullable(decimal),
        unknownRows: z.int(),
        /** Of the whole bill, 0 to 1; null where that is not positive. */
        share: z.nullable(z.number()),
        previous: z.nullable(decimal),
        /** Null where no charge of the period delivers the metric. */
        points: z.array(z.nullable(decimal)),
      }),
    ),
    /** Of all AI charges. */
    gpu,
    telemetry: telemetryQuality,
    /** The dearest first. */
    workloads: z.array(workloadRow),
    workloadCount: z.int(),
    restCost: z.nullable(decimal),
    /** AI cost that nothing assigns to a workload. */
    unassigned: rankedList,
    /** AI cost of which nothing says what for (purpose "other AI"). */
    unexplained: rankedList,
    /** Cost of charges without any tag, AI or not. */
    untagged: rankedList,
    /** What split rules divide; each adds up to its cost. */
    splits: z.array(
      z.object({
        rule: z.string(),
        method: z.enum(['even', 'proportional', 'fixed']),
        cost: z.nullable(decimal),
        shares: z.array(splitShare),
      }),
    ),
    /** User rules that hold now, and how many of them matched no charge. */
    rules: z.object({ count: z.int(), idle: z.array(z.string()) }),
    elapsedMs: z.number(),
  }),
};

const change = z.object({
  /** What quantity is: GPU-hours, tokens, or a unit of the bill. */
  basis: z.nullable(z.string()),
  before: decimal,
  now: decimal,
  quantityBefore: z.nullable(decimal),
  quantityNow: z.nullable(decimal),
  /** price + quantity + mix + other = now - before, exactly. */
  price: decimal,
  quantity: decimal,
  mix: decimal,
  /** Charges without such a quantity. */
  other: decimal,
  /** The machines or meters that moved most; each adds up in the same way. */
  items: z.array(
    z.object({
      name: z.string(),
      before: decimal,
      now: decimal,
      quantityBefore: z.nullable(decimal),
      quantityNow: z.nullable(decimal),
      price: decimal,
      /** Everything but the price of what was bought both times. */
      rest: decimal,
    }),
  ),
});
export type CostChange = z.infer<typeof change>;

const tokenRow = z.object({
  /** As the bill names it; null where it names none. */
  model: z.nullable(z.string()),
  /** Service that bills it, and its provider. */
  service: z.nullable(z.string()),
  provider: z.nullable(z.string()),
  tokenClass: z.enum(tokenClasses),
  direction: z.enum(['input', 'output']),
  cache: z.enum(tokenCaches),
  batch: z.boolean(),
  /** Whole tokens; null where the bill's unit does not say how many. */
  tokens: z.nullable(decimal),
  cost: z.nullable(decimal),
  perMillion: z.nullable(decimal),
  unknownRows: z.int(),
  /** False where another channel bills the same tokens: shown, not added up. */
  counted: z.boolean(),
  note: z.string(),
});
export type TokenRow = z.infer<typeof tokenRow>;

const rateText = z.object({
  /** An accelerator-hour, rounded to nine decimals. */
  perGpuHour: decimal,
  /** As its place states it, an hour of the machine. */
  amount: decimal,
  /** Day it holds from, or was seen on. */
  date: day,
  /** Where it was read: file and row, or a source of the catalogue. */
  from: z.string(),
});

/** What an hour of a machine's GPUs costs beside the rates that are known for it on the last day. */
const gpuRate = z.object({
  machine: z.string(),
  accelerator: z.string(),
  provider: z.nullable(z.string()),
  region: z.nullable(z.string()),
  purchase: z.enum(['on-demand', 'spot', 'commitment']),
  /** Accelerator-hours paid. */
  hours: decimal,
  /** Cost of them, an accelerator-hour. */
  paid: z.nullable(decimal),
  /** ContractedCost and ListCost of the same charges, an accelerator-hour. */
  contracted: z.nullable(decimal),
  list: z.nullable(decimal),
  /** Negotiated sheet, and published sheet or catalogue; on demand where bought by commitment. */
  sheetRate: z.nullable(rateText),
  listRate: z.nullable(rateText),
  /** Which rate is calculated with, since when, and what it comes before. */
  reason: z.string(),
});
export type GpuRate = z.infer<typeof gpuRate>;

/** One workload. Its heat map is `telemetry.heatmap` with `billed: measuredResources`. */
export const workloadsDetail = {
  input: z.object({ ...span, id: z.string().check(z.minLength(1)) }),
  output: z.object({
    ...scope,
    workload: workloadRow,
    /** By purpose, AI and not, over time; adds up to cost and `notAi`, without split shares. */
    purposes: z.array(
      z.object({
        purpose,
        title: z.string(),
        cost: z.nullable(decimal),
        points: z.array(z.nullable(decimal)),
      }),
    ),
    /** Shares of split cost over time; all zero where there are none. */
    sharedPoints: z.array(decimal),
    units: z.array(unitCost),
    /** Cost of each unit over the chart's periods, for the first unit only; null is unknown. */
    unitTrend: z.array(z.nullable(decimal)),
    /** Of each machine with GPUs, the most hours first. */
    rates: z.array(gpuRate),
    /** What `paid` is reckoned in: effective where the bills have it, as commitments bill 0 an hour. */
    ratesMetric: metric,
    /** Null where there is nothing to compare with. */
    change: z.nullable(change),
    resources: z.array(
      z.object({
        resource: z.nullable(z.string()),
        name: z.nullable(z.string()),
        purpose,
        reason: z.string(),
        service: z.nullable(z.string()),
        region: z.nullable(z.string()),
        instance: z.nullable(z.string()),
        accelerator: z.nullable(z.string()),
        cost: z.nullable(decimal),
        gpuHours: z.nullable(decimal),
        busyShare: z.nullable(z.number()),
        coverage: z.nullable(z.number()),
        /** First and last day with a charge. */
        firstDay: day,
        lastDay: day,
      }),
    ),
    resourceCount: z.int(),
    /** Resources of it that telemetry is matched to. */
    measuredResources: z.array(z.string()),
    jobs: z.array(
      z.object({
        name: z.string(),
        cost: z.nullable(decimal),
        gpuHours: z.nullable(decimal),
        firstDay: day,
        lastDay: day,
      }),
    ),
    jobCount: z.int(),
    tokens: z.array(tokenRow),
    /** Rules that decided, the dearest first; adds up to cost and `notAi` without split shares. */
    reasons: z.array(
      z.object({ purpose, rule: z.string(), reason: z.string(), cost: z.nullable(decimal) }),
    ),
    elapsedMs: z.number(),
  }),
};

/** Model spend by model, direction, cache and batch. */
export const workloadsTokens = {
  input: z.object({
    ...span,
    /** Of one workload only. */
    workload: z.optional(z.string()),
  }),
  output: z.object({
    ...scope,
    rows: z.array(tokenRow),
    /** Of the rows that count; tokens null where one of them is unknown. */
    classes: z.array(
      z.object({
        tokenClass: z.enum(tokenClasses),
        batch: z.boolean(),
        tokens: z.nullable(decimal),
        cost: z.nullable(decimal),
        perMillion: z.nullable(decimal),
        previousPerMillion: z.nullable(decimal),
      }),
    ),
    /** Cost of models that is not metered in tokens: throughput paid ahead, hours, images, fees. */
    otherCost: z.nullable(decimal),
    /** The same by channel and unit, each quantity in its own unit (credits, images, hours); the dearest first. */
    otherUnits: z.array(
      z.object({
        provider: z.nullable(z.string()),
        service: z.nullable(z.string()),
        unit: z.nullable(z.string()),
        /** Null where a charge does not say how many. */
        quantity: z.nullable(decimal),
        cost: z.nullable(decimal),
        perUnit: z.nullable(decimal),
      }),
    ),
    /** All cost of managed model APIs: rows and `otherCost` add up to it. */
    cost: z.nullable(decimal),
    elapsedMs: z.number(),
  }),
};
