import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { isTimezone } from '../../../shared/analysis/localDays.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';

const positive = z.number().check(z.positive());
const notNegative = z.number().check(z.minimum(0));
const share = z.number().check(z.minimum(0), z.maximum(1));
const wholeHours = z.int().check(z.minimum(0));
const text = z.string().check(z.minLength(1));
const moment = z
  .string()
  .check(
    z.refine((value) => isMoment(value), 'a time such as 2026-01-01T00:00:00Z, on a full hour'),
  );

const spot = z.object({
  eligible: z.prefault(z.boolean(), false),
  mttp_h: z.optional(z.nullable(positive)),
  ckpt_h: z.prefault(notNegative, 0),
  restart_h: z.prefault(notNegative, 0),
  notice_saves: z.prefault(z.boolean(), false),
  nodes: z.prefault(positive, 1),
  max_fraction: z.prefault(share, 1),
});

const workload = z.object({
  id: text,
  account: z.prefault(z.string(), ''),
  region: text,
  sku: text,
  currency: text,
  spot_now: z.prefault(z.boolean(), false),
  eligible_for_commitment: z.prefault(z.boolean(), true),
  spot: z.optional(z.nullable(spot)),
});

const api = z.object({
  id: text,
  price_in: notNegative,
  price_out: notNegative,
  requests: notNegative,
  prefix_tokens: notNegative,
  suffix_tokens: notNegative,
  out_tokens: notNegative,
  deferrable_share: share,
  ttl_groups: z.union([positive, z.array(positive)]),
  batch_discount: share,
  cache_write_mult: notNegative,
  cache_read_mult: notNegative,
  min_prefix: notNegative,
  stack: z.boolean(),
});

const storageClass = z.object({
  gb_month: notNegative,
  retrieval_gb: z.prefault(notNegative, 0),
  min_days: z.prefault(notNegative, 0),
  min_object_kb: z.prefault(notNegative, 0),
  overhead_kb: z.prefault(notNegative, 0),
  monitor_per_1000: z.prefault(notNegative, 0),
  get_per_1000: z.prefault(notNegative, 0),
  transition_per_1000: z.prefault(notNegative, 0),
  first_byte_s: z.prefault(notNegative, 0),
});

const storageSet = z.object({
  id: text,
  gb: notNegative,
  objects: notNegative,
  reads_gb_per_month: notNegative,
  reads_per_month: notNegative,
  current: text,
  months: positive,
  delete_after_months: z.optional(z.nullable(notNegative)),
  max_first_byte_s: z.optional(z.nullable(notNegative)),
  classes: z.record(z.string(), storageClass),
});

const schema = z.object({
  id: text,
  mode: z.enum(['bill', 'hindsight', 'backtest', 'gcp']),
  provider: z.optional(z.nullable(z.string())),
  currency: z.prefault(text, 'USD'),
  fx: z.prefault(z.record(z.string(), positive), {}),
  timezone: z.prefault(
    text.check(z.refine(isTimezone, 'a time zone such as Europe/Berlin')),
    'UTC',
  ),
  start: z.optional(moment),
  hours: z.optional(wholeHours),
  policy: z.prefault(
    z.object({
      wacc: z.prefault(notNegative, 0),
      max_term_h: z.optional(z.nullable(notNegative)),
      min_monthly_savings: z.optional(z.nullable(notNegative)),
    }),
    { wacc: 0 },
  ),
  workloads: z.prefault(z.array(workload), []),
  api_workloads: z.prefault(z.array(api), []),
  storage_sets: z.prefault(z.array(storageSet), []),
  history_start: z.optional(moment),
  history_hours: z.optional(wholeHours),
  forecast_start: z.optional(moment),
  forecast_hours: z.optional(wholeHours),
  usage: z.optional(z.array(notNegative)),
  price: z.optional(notNegative),
  cud_price: z.optional(notNegative),
  tiers: z.optional(z.enum(['n1', 'n2'])),
  month_hours: z.optional(positive),
  gcp: z.optional(z.unknown()),
});

export type Scenario = z.infer<typeof schema>;

const google = z.object({
  usage: z.array(notNegative),
  price: notNegative,
  cud_price: notNegative,
  tiers: z.enum(['n1', 'n2']),
  month_hours: positive,
});
export type GoogleScenario = z.infer<typeof google>;

/** Reads scenario.json; throws an OutlayError naming the field that does not fit. */
export function readScenario(folder: string): Scenario {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new OutlayError('ROW_BAD', `scenario.json is not JSON: ${error.message}.`);
    }
    throw new OutlayError(
      'FILE_NOT_FOUND',
      `scenario.json cannot be read in ${folder}.`,
      'Give the folder of an analysis bundle: scenario.json with the tables it speaks of.',
    );
  }
  const scenario = parsed(schema, json, '');
  unique(scenario.workloads, 'workloads');
  unique([...scenario.api_workloads, ...scenario.storage_sets], 'api_workloads and storage_sets');
  if ((scenario.fx[scenario.currency] ?? 1) !== 1) {
    throw bad(`fx.${scenario.currency}`, 'the reporting currency is 1 of itself');
  }
  for (const [at, set] of scenario.storage_sets.entries()) {
    if (!Object.hasOwn(set.classes, set.current)) {
      throw bad(`storage_sets[${at}].current`, `"${set.current}" is none of its classes`);
    }
  }
  for (const [at, { ttl_groups, requests }] of scenario.api_workloads.entries()) {
    const grouped = Array.isArray(ttl_groups) ? ttl_groups.reduce((sum, g) => sum + g, 0) : 0;
    if (grouped > requests * (1 + 1e-9)) {
      throw bad(
        `api_workloads[${at}].ttl_groups`,
        `hold ${grouped} requests, there are ${requests}`,
      );
    }
  }
  return scenario;
}

/** The Google Cloud question, its fields beside `mode` or inside `gcp`. */
export function googleOf(scenario: Scenario): GoogleScenario {
  return scenario.gcp === undefined || scenario.gcp === null
    ? parsed(google, scenario, '')
    : parsed(google, scenario.gcp, 'gcp.');
}

export function bad(field: string, problem: string): OutlayError {
  return new OutlayError(
    'INVALID_INPUT',
    `scenario.json, ${field}: ${problem}.`,
    'Correct the file and run the command again. Nothing was changed.',
  );
}

function parsed<T>(shape: z.ZodMiniType<T>, json: unknown, prefix: string): T {
  const result = shape.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? [])
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`))
    .join('');
  throw bad(`${prefix}${path}` || 'the document', issue?.message ?? 'not as described');
}

function unique(list: readonly { id: string }[], what: string): void {
  const seen = new Set<string>();
  for (const { id } of list) {
    if (seen.has(id)) throw bad(what, `the id "${id}" occurs twice`);
    seen.add(id);
  }
}

function isMoment(value: string): boolean {
  const time = momentOf(value);
  return !Number.isNaN(time) && time % 3_600_000 === 0;
}

/** Milliseconds since 1970; a time without offset is UTC. */
export function momentOf(value: string): number {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value);
  const spaced = value.replace(' ', 'T');
  return Date.parse(zoned || spaced.length <= 10 ? spaced : `${spaced}Z`);
}
