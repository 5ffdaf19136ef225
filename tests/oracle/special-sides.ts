import type { ApiWorkload, StorageClass, StorageSet } from './bundle.ts';
import type { Draft } from './draft.ts';
import type { SpecialCase } from './special-cases.ts';
import { draft, owned, prices, scenario, sku, workload } from './special-parts.ts';

const api: ApiWorkload = {
  id: 'chat',
  price_in: 3,
  price_out: 15,
  requests: 100_000,
  prefix_tokens: 4000,
  suffix_tokens: 500,
  out_tokens: 300,
  deferrable_share: 0.5,
  ttl_groups: Array.from({ length: 5000 }, () => 20),
  batch_discount: 0.5,
  cache_write_mult: 1.25,
  cache_read_mult: 0.1,
  min_prefix: 1024,
  stack: true,
};

const standard: StorageClass = {
  gb_month: 0.023,
  retrieval_gb: 0,
  min_days: 0,
  min_object_kb: 0,
  overhead_kb: 0,
  monitor_per_1000: 0,
  get_per_1000: 0.0004,
  transition_per_1000: 0.005,
  first_byte_s: 0.1,
};

const set: StorageSet = {
  id: 'bucket',
  gb: 50_000,
  objects: 2_000_000,
  reads_gb_per_month: 500,
  reads_per_month: 100_000,
  current: 'standard',
  months: 1,
  delete_after_months: null,
  max_first_byte_s: 1,
  classes: {
    standard,
    infrequent: {
      ...standard,
      gb_month: 0.0125,
      retrieval_gb: 0.01,
      min_days: 30,
      min_object_kb: 128,
      get_per_1000: 0.001,
      transition_per_1000: 0.01,
    },
    tiered: {
      ...standard,
      gb_month: 0.015,
      overhead_kb: 8,
      monitor_per_1000: 0.0025,
      transition_per_1000: 0.01,
    },
    instant: {
      ...standard,
      gb_month: 0.004,
      retrieval_gb: 0.03,
      min_days: 90,
      min_object_kb: 128,
      get_per_1000: 0.01,
      transition_per_1000: 0.02,
    },
    deep: {
      ...standard,
      gb_month: 0.00099,
      retrieval_gb: 0.02,
      min_days: 180,
      overhead_kb: 40,
      first_byte_s: 43_200,
      transition_per_1000: 0.05,
    },
  },
};

/** A window of exactly one 30-day month, in which per month and per window are the same. */
const month = (id: string, more: Partial<Parameters<typeof scenario>[2]>) =>
  draft({ scenario: scenario(id, 720, { start: '2026-04-01T00:00:00Z', ...more }) });

const sides: SpecialCase[] = [
  {
    // Cached: prefix 5000 groups x (1.25 + 0.1 x 19) x 4000 = 63 M, suffix 50 M, output 30 M tokens:
    // 789; plain 400 M + 50 M in, 30 M out: 1,800. Half of it batched: 789 x 0.75 = 591.75.
    name: 'cache and batch that stack',
    draft: month('stack', { api_workloads: [api] }),
    joint: 1208.25,
    actions: ['chat:batch+cache'],
  },
  {
    name: 'a prefix below the minimum is not cached',
    draft: month('no-cache', {
      api_workloads: [{ ...api, prefix_tokens: 1000, min_prefix: 1024 }],
    }),
    // 100 M + 50 M in, 30 M out: 900, of which a quarter is saved.
    joint: 225,
    actions: ['chat:batch'],
  },
  {
    name: 'nothing may be deferred, and the cache is written more than read',
    draft: month('keep', {
      api_workloads: [
        { ...api, deferrable_share: 0, ttl_groups: Array.from({ length: 100_000 }, () => 1) },
      ],
    }),
    joint: 0,
    actions: [],
  },
  {
    // standard 1150 + 0.04; infrequent 625 + 5 + 0.1 + 20; tiered (50000 + 15.26) x 0.015 + 5 + 20;
    // instant 50000 x 0.004 x 3 + 15 + 1 + 40 = 656; deep answers too late.
    name: 'a storage class with a minimum duration',
    draft: month('storage', { storage_sets: [set] }),
    joint: 499.94,
    actions: ['bucket:infrequent'],
  },
  {
    name: 'a storage set that is deleted early',
    draft: month('deleted', { storage_sets: [{ ...set, delete_after_months: 0.25 }] }),
  },
  {
    name: 'small objects are billed at the minimum size',
    draft: month('objects', { storage_sets: [{ ...set, gb: 20, objects: 5_000_000 }] }),
    joint: 0,
    actions: [],
  },
];

const gcpUsage = Array.from(
  { length: 720 },
  (_, hour) => (hour < 540 ? 3 : 0) + (hour % 24 < 12 ? 2 : 0),
);
const gcp = (tiers: 'n1' | 'n2', cud: number): SpecialCase => ({
  name: `gcp ${tiers} at ${cud}`,
  draft: draft({
    scenario: scenario(`gcp-${tiers}-${cud}`, 720, {
      mode: 'gcp',
      usage: gcpUsage,
      price: 1,
      cud_price: cud,
      tiers,
      month_hours: 720,
    }),
  }),
});

/** The worked example of the AWS user guide (section 3), in one hour, with its commitments. */
function awsBill(
  id: string,
  commitments: Draft['commitments'],
  rows: 'as billed' | 'on-demand',
): SpecialCase {
  const names = ['r5', 'm5', 'vcpu', 'gb', 'duration', 'requests'];
  const zeros = ['1', '10', '.04', '.004', '.000015', '.20'];
  const quantities = [4, 1, 400, 1600, 1_500_000, 1];
  const rates = (of: string[]) =>
    Object.fromEntries(names.map((name, at) => [name, Number(of[at])]));
  const offers = [
    {
      id: 'csp',
      kind: 'csp' as const,
      rates: rates(['.70', '8.20', '.03', '.003', '.00001275', '.20']),
      starts: '',
    },
    { id: 'isp', kind: 'isp' as const, rates: { r5: 0.6, m5: 7.8 }, starts: '' },
    { id: 'ri', kind: 'ri' as const, rates: { r5: 0.5 }, starts: '' },
  ];
  return {
    name: `bill ${id}, rows ${rows}`,
    draft: draft({
      scenario: scenario(`bill-${id}`, 1, {
        mode: 'bill',
        workloads: names.map((name) => workload(name, name)),
      }),
      skus: names.map((name) => sku(name, `${name}-family`, 0, 0)),
      prices: prices(rates(zeros), offers),
      commitments,
      usage: Object.fromEntries(names.map((name, at) => [name, [quantities[at] ?? 0]])),
      rows,
    }),
  };
}

const csp = (amount: number) => owned('c1', 'csp', 'csp', amount);
const awsCommitments: Record<string, Draft['commitments']> = {
  'csp 50': [csp(50)],
  'csp 2': [csp(2)],
  'csp 19.6': [csp(19.6)],
  '2 ri, csp 18.2': [owned('c2', 'ri', 'ri', 2, { sku: 'r5', fee_per_unit: '0.5' }), csp(18.2)],
  'isp 3, csp 16.8': [owned('c3', 'isp', 'isp', 3, { family: 'r5-family' }), csp(16.8)],
};
const bills = (['as billed', 'on-demand'] as const).flatMap((rows) =>
  Object.entries(awsCommitments).map(([id, items]) => awsBill(id, items, rows)),
);

/** Side levers and the cases of the `gcp` and `bill` modes. */
export const sideSpecialCases: SpecialCase[] = [
  ...sides,
  gcp('n1', 0.63),
  gcp('n2', 0.62),
  ...bills,
];
