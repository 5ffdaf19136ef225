import type { Draft } from './draft.ts';
import type { SpecialCase } from './special-cases.ts';
import { sideSpecialCases } from './special-sides.ts';
import {
  candidate,
  daily,
  draft,
  flat,
  freeOfLoss,
  owned,
  prices,
  scenario,
  sku,
  telemetry,
  workload,
} from './special-parts.ts';

const gpus = [
  sku('big', 'g', 1, 80, { rel_tput: 2 }),
  sku('four', 'g', 4, 80, { rel_tput: 2, vcpu: 32, mem_gib: 256 }),
  sku('two', 'g', 2, 80, { rel_tput: 2, vcpu: 16, mem_gib: 128 }),
  sku('small', 'h', 1, 24, { vcpu: 4, mem_gib: 32 }),
  sku('cpu.8', 'c', 0, 0, { vcpu: 8, mem_gib: 32 }),
  sku('cpu.4', 'c', 0, 0, { vcpu: 4, mem_gib: 16, size_units: 0.5 }),
];
const list = { big: 2, four: 8, two: 4, small: 1, 'cpu.8': 0.4, 'cpu.4': 0.2 };

/** One unit of `from` for a day, with one option at `ratio` of `to`. */
function resize(
  id: string,
  [from, to, ratio]: readonly [string, string, number],
  measured: Record<string, number | undefined>,
): Draft {
  return draft({
    scenario: scenario(id, 24, { workloads: [workload('w1', from)] }),
    skus: gpus,
    prices: prices(list),
    candidates: [candidate('w1', 'o1', to, ratio)],
    telemetry: telemetry('w1', measured),
    usage: { w1: flat(24, 1) },
  });
}

const open = (name: string, drafted: Draft, joint: number): SpecialCase => ({
  name,
  draft: drafted,
  joint,
  actions: ['w1:o1'],
});
const shut = (name: string, drafted: Draft): SpecialCase => ({
  name,
  draft: drafted,
  joint: 0,
  actions: [],
});

const idleGpu = {
  gpu_active_share: 0.01,
  gpu_mem_peak_gib: 3.9,
  gpu_mem_peak_pct: 4.875,
  cpu_max_pct: 4.9,
  network_mb_day: 4.9,
};

const gates: SpecialCase[] = [
  open('memory at 90 %', resize('mem-90', ['big', 'small', 1], { gpu_mem_peak_gib: 21.6 }), 24),
  shut('memory above 90 %', resize('mem-91', ['big', 'small', 1], { gpu_mem_peak_gib: 21.61 })),
  // Work 0.4 x 1 x 2 on 1 x 1: 80 %.
  open('throughput at 80 %', resize('fast', ['big', 'small', 1], { gpu_util_p95: 0.4 }), 24),
  shut('throughput above 80 %', resize('slow', ['big', 'small', 1], { gpu_util_p95: 0.401 })),
  open('three of four GPUs idle', resize('busy-1', ['four', 'big', 1], { busy_gpus_max: 1 }), 144),
  shut(
    'more busy GPUs than the target has',
    resize('busy-2', ['four', 'big', 1], { busy_gpus_max: 2 }),
  ),
  // Two of the two-GPU units' workloads, each busy on one GPU.
  open(
    'two share a unit',
    resize('share', ['two', 'two', 0.5], { gpu_mem_peak_gib: 36, busy_gpus_max: 1 }),
    48,
  ),
  shut(
    'the memory of two does not fit',
    resize('no-share', ['two', 'two', 0.5], { gpu_mem_peak_gib: 36.1, busy_gpus_max: 1 }),
  ),
  open('two share one GPU', resize('half', ['big', 'big', 0.5], { gpu_mem_peak_gib: 36 }), 24),
  shut('13 days of metrics', resize('days', ['big', 'small', 1], { lookback_days: 13 })),
  shut('29 hours of samples', resize('hours', ['big', 'small', 1], { metric_hours: 29 })),
  shut('no memory metric', resize('blind', ['big', 'small', 1], { gpu_mem_peak_gib: undefined })),
  open(
    'CPU at 80 %',
    resize('cpu', ['cpu.8', 'cpu.4', 1], { cpu_p99_5: 0.4, mem_p99_5: 0.4 }),
    4.8,
  ),
  shut(
    'memory of a CPU machine does not fit',
    resize('ram', ['cpu.8', 'cpu.4', 1], { cpu_p99_5: 0.1, mem_p99_5: 0.41 }),
  ),
  shut(
    'less memory, not measured',
    resize('no-ram', ['cpu.8', 'cpu.4', 1], { cpu_p99_5: 0.1, mem_p99_5: undefined }),
  ),
  open('an idle GPU', resize('idle', ['big', '', 0], idleGpu), 48),
  shut(
    'GPU memory in use',
    resize('loaded', ['big', '', 0], { ...idleGpu, gpu_mem_peak_gib: 4, gpu_mem_peak_pct: 5 }),
  ),
  shut(
    'a GPU active for 1.1 %',
    resize('active', ['big', '', 0], { ...idleGpu, gpu_active_share: 0.011 }),
  ),
  open(
    'an idle machine',
    resize('idle-cpu', ['cpu.8', '', 0], { cpu_max_pct: 4.9, network_mb_day: 4.9 }),
    9.6,
  ),
  shut(
    'network traffic',
    resize('network', ['cpu.8', '', 0], { cpu_max_pct: 4.9, network_mb_day: 5 }),
  ),
  open(
    'an endpoint without invocations',
    resize('endpoint', ['big', '', 0], { ...idleGpu, invocations_14d: 0 }),
    48,
  ),
];

function plans(id: string, more: Partial<Draft>, policy = {}): Draft {
  const { policy: usual, ...rest } = scenario(id, 24, { workloads: [workload('w1', 'big')] });
  return draft({
    scenario: { ...rest, policy: { ...usual, ...policy } },
    skus: gpus,
    prices: prices(list),
    usage: { w1: flat(24, 3) },
    ...more,
  });
}

const policies: SpecialCase[] = [
  {
    // 12 months upfront at 12 % cost 1.0627 of the amortised rate: 1.32 is 1.4028, above 1.4.
    name: 'capital cost makes the upfront plan dearer',
    draft: plans(
      'wacc',
      {
        prices: prices(list, [
          { id: 'monthly', kind: 'csp', rates: { big: 1.4 } },
          { id: 'upfront', kind: 'csp', rates: { big: 1.32 }, upfront: 1 },
        ]),
      },
      { wacc: 0.12 },
    ),
    joint: 43.2,
    actions: ['monthly'],
  },
  {
    name: 'half upfront at a capital cost',
    draft: plans(
      'half-upfront',
      {
        prices: prices(list, [
          { id: 'half', kind: 'isp', rates: { big: 1.3 }, upfront: 0.5, term: 26280 },
        ]),
      },
      { wacc: 0.08 },
    ),
  },
  {
    name: 'the term is limited',
    draft: plans(
      'term',
      {
        prices: prices(list, [
          { id: 'long', kind: 'csp', rates: { big: 1 }, term: 26280 },
          { id: 'short', kind: 'csp', rates: { big: 1.5 } },
        ]),
      },
      { max_term_h: 8760 },
    ),
    joint: 36,
    actions: ['short'],
  },
  {
    // 10 a month is 1 in 73 hours: cpu.4 for cpu.8 saves 0.2 x 0.05 x 73 = 0.73, the plan more.
    name: 'an immaterial action is dropped',
    draft: draft({
      scenario: scenario('material', 73, {
        workloads: [workload('w1', 'big'), workload('w2', 'cpu.8')],
        policy: {},
      }),
      skus: gpus,
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.5 } }]),
      candidates: [candidate('w2', 'o1', 'cpu.4', 1)],
      telemetry: telemetry('w2'),
      usage: { w1: flat(73, 1), w2: flat(73, 0.05) },
    }),
    joint: 36.5,
    actions: ['sp1'],
  },
  {
    name: 'isp before csp, with owned ones of another account',
    draft: plans('order', {
      scenario: scenario('order', 24, {
        workloads: [workload('w1', 'big'), workload('w2', 'cpu.8', { account: 'a2' })],
      }),
      prices: prices(list, [
        { id: 'isp1', kind: 'isp', rates: { big: 1.15 } },
        { id: 'csp1', kind: 'csp', rates: { big: 1.3, 'cpu.8': 0.3 } },
        { id: 'old', kind: 'csp', rates: { big: 1.5, 'cpu.8': 0.31 }, starts: '' },
      ]),
      commitments: [owned('c1', 'csp', 'old', 1, { account: 'a2' })],
      usage: { w1: daily(24, 5, 2), w2: daily(24, 6, 3) },
    }),
  },
  {
    name: 'a plan that no price can repay',
    draft: plans('dear', { prices: prices(list, [{ id: 'p', kind: 'csp', rates: { big: 2.1 } }]) }),
    joint: 0,
    actions: [],
  },
];

const spots: SpecialCase[] = [
  {
    name: 'spot with lost work, on part of the workload',
    draft: plans('spot', {
      scenario: scenario('spot', 24, {
        workloads: [
          workload('w1', 'big', {
            spot: {
              eligible: true,
              mttp_h: 12,
              ckpt_h: 0.1,
              restart_h: 0.2,
              notice_saves: false,
              nodes: 2,
              max_fraction: 0.6,
            },
          }),
        ],
      }),
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.4 } }], {
        spot: { big: 0.7 },
      }),
      usage: { w1: daily(24, 5, 2) },
    }),
  },
  {
    // Half of 3 units at 1 instead of 2; the other half stays on-demand.
    name: 'half of the workload on spot',
    draft: plans('half', {
      scenario: scenario('half', 24, {
        workloads: [workload('w1', 'big', { spot: { ...freeOfLoss, max_fraction: 0.5 } })],
      }),
      prices: prices(list, [], { spot: { big: 1 } }),
    }),
    joint: 36,
    actions: ['w1:spot'],
  },
  {
    name: 'spot that never finishes',
    draft: plans('never', {
      scenario: scenario('never', 24, {
        workloads: [
          workload('w1', 'big', {
            spot: {
              eligible: true,
              mttp_h: 1,
              ckpt_h: 0.3,
              restart_h: 0.2,
              notice_saves: true,
              nodes: 2,
            },
          }),
        ],
      }),
      prices: prices(list, [], { spot: { big: 0.1 } }),
    }),
    joint: 0,
    actions: [],
  },
  {
    name: 'already on spot, and nothing is cheaper',
    draft: plans('on-spot', {
      scenario: scenario('on-spot', 24, {
        workloads: [workload('w1', 'big', { spot: freeOfLoss, spot_now: true })],
      }),
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.2 } }], {
        spot: { big: 0.6 },
      }),
      spotPaid: { w1: 0.6 },
    }),
    joint: 0,
    actions: [],
  },
  {
    name: 'spot and a smaller type together',
    draft: plans('both', {
      scenario: scenario('both', 24, { workloads: [workload('w1', 'big', { spot: freeOfLoss })] }),
      prices: prices(list, [], { spot: { big: 0.9, small: 0.4 } }),
      candidates: [candidate('w1', 'o1', 'small', 1)],
      telemetry: telemetry('w1'),
    }),
    joint: 115.2,
    actions: ['w1:o1', 'w1:spot'],
  },
];

export const otherSpecialCases: SpecialCase[] = [
  ...gates,
  ...policies,
  ...spots,
  ...sideSpecialCases,
];
