import { type Draft, otherLine, usageRow } from './draft.ts';
import { decimal } from './rational.ts';
import { otherSpecialCases } from './special-levers.ts';
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

export interface SpecialCase {
  name: string;
  draft: Draft;
  /** Worked out by hand: joint savings, to the last digit. */
  joint?: number;
  /** Worked out by hand: ids of the oracle's actions, without the scope of commitments. */
  actions?: string[];
}

const gpus = [
  sku('big', 'g', 1, 80, { rel_tput: 2 }),
  sku('small', 'h', 1, 24),
  sku('cpu', 'c', 0, 0),
];
const list = { big: 2, small: 1, cpu: 1 };

/** Two `big` under a reservation that ends at `end`; `small` is half the price. */
function untilExpiry(end: number): Draft {
  return draft({
    scenario: scenario(`until-${end}`, 48, { workloads: [workload('w1', 'big')] }),
    skus: gpus,
    prices: prices(list, [{ id: 'ri1', kind: 'ri', rates: { big: 1.2 }, starts: '' }]),
    commitments: [
      owned('c1', 'ri', 'ri1', 2, { sku: 'big', end_h: String(end), fee_per_unit: '1.2' }),
    ],
    candidates: [candidate('w1', 'down', 'small', 1)],
    telemetry: telemetry('w1'),
    usage: { w1: flat(48, 2) },
  });
}

/** A flat workload for which a plan at 1.2 is better than spot at 1.3. */
function planBeatsSpot(id: string, hours: number, more: Partial<Draft> = {}): Draft {
  return draft({
    scenario: scenario(id, hours, {
      workloads: [workload('w1', 'big', { spot: freeOfLoss })],
    }),
    skus: gpus,
    prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.2 } }], {
      spot: { big: 1.3 },
    }),
    usage: { w1: flat(hours, 3) },
    ...more,
  });
}

const base = planBeatsSpot('lines', 24);
const usd = base.scenario.workloads[0] ?? workload('w1', 'big');

function twoCurrencies(): Draft {
  const workloads = [workload('w1', 'big'), workload('w2', 'big', { currency: 'EUR' })];
  return draft({
    scenario: scenario('two-currencies', 24, { workloads, fx: { USD: 1, EUR: 1.25 } }),
    skus: gpus,
    prices: [
      ...prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.2 } }]),
      ...prices({ big: 1.8 }, [{ id: 'sp1', kind: 'csp', rates: { big: 1 } }], { currency: 'EUR' }),
    ],
    commitments: [owned('c1', 'csp', 'sp1', 5, { currency: 'EUR' })],
    usage: { w1: flat(24, 3), w2: daily(24, 8, 6) },
  });
}

/** A local month with its daylight-saving change, or without one. */
function localMonth(id: string, start: string, hours: number, timezone: string): Draft {
  const workloads = [workload('w1', 'big', { spot: freeOfLoss }), workload('w2', 'cpu')];
  return draft({
    scenario: scenario(id, hours, { workloads, start, timezone }),
    skus: gpus,
    prices: prices(
      list,
      [
        { id: 'sp1', kind: 'csp', rates: { big: 1.45, small: 0.7, cpu: 0.75 } },
        { id: 'sp2', kind: 'isp', rates: { cpu: 0.61 } },
      ],
      { spot: { big: 1.6, small: 0.85 } },
    ),
    candidates: [candidate('w1', 'down', 'small', 1)],
    telemetry: telemetry('w1'),
    usage: { w1: daily(hours, 3, 2), w2: daily(hours, 4, 1) },
    lines: [otherLine(scenario(id, hours, { start }), hours - 1, 'Tax', '12.5')],
  });
}

const commitments: SpecialCase[] = [
  {
    name: 'a reservation makes the resize worthless',
    draft: untilExpiry(36),
    joint: 0,
    actions: [],
  },
  // 12 h at 2.4 + 36 h at 4, against 12 h at 2.4 + 2 and 36 h at 2.
  {
    name: 'a reservation ends early enough',
    draft: untilExpiry(12),
    joint: 48,
    actions: ['w1:down'],
  },
  {
    // The plan covers 2 big (2.8), or 3.5 cpu: 2.8 + 4 an hour, against 2.8 + 2 + 0.5.
    name: 'a freed plan covers something else',
    draft: draft({
      scenario: scenario('freed', 24, {
        workloads: [workload('w1', 'big'), workload('w2', 'cpu')],
      }),
      skus: gpus,
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.4, cpu: 0.8 }, starts: '' }]),
      commitments: [owned('c1', 'csp', 'sp1', 2.8)],
      candidates: [candidate('w1', 'down', 'small', 1)],
      telemetry: telemetry('w1'),
      usage: { w1: flat(24, 2), w2: flat(24, 4) },
    }),
    joint: 36,
    actions: ['w1:down'],
  },
  {
    // Its own cpu takes 0.8, so 0.2 are left for big; without it all of 1 goes to big:
    // (1 - 0.2/1.4) x 2 + 0 against (1 - 1/1.4) x 2, 8/7 an hour.
    name: 'the owner account is served first',
    draft: draft({
      scenario: scenario('owner', 24, {
        workloads: [workload('w1', 'big'), workload('w2', 'cpu', { account: 'a2' })],
      }),
      skus: gpus,
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.4, cpu: 0.8 }, starts: '' }]),
      commitments: [owned('c1', 'csp', 'sp1', 1, { account: 'a2' })],
      candidates: [candidate('w2', 'off', '', 0)],
      telemetry: telemetry('w2', { cpu_max_pct: 1, network_mb_day: 1 }),
      usage: { w1: flat(24, 1), w2: flat(24, 1) },
    }),
    joint: (24 * 8) / 7,
    actions: ['w2:off'],
  },
  {
    // The owned plan saves more on cpu (20 % against 10 %) and takes it all. Were the new one first
    // there, the owned one would cover big instead, and buying would pay (README-readings.md, 2).
    name: 'a bought plan has no usage of its own account',
    draft: draft({
      scenario: scenario('no-owner', 24, {
        workloads: [workload('w1', 'cpu'), workload('w2', 'big')],
      }),
      skus: gpus,
      prices: prices(list, [
        { id: 'new', kind: 'csp', rates: { cpu: 0.9 } },
        { id: 'old', kind: 'csp', rates: { cpu: 0.8, big: 1.65 }, starts: '' },
      ]),
      commitments: [owned('c1', 'csp', 'old', 0.8, { account: 'a2' })],
      usage: { w1: flat(24, 1), w2: flat(24, 1) },
    }),
    joint: 0,
    actions: [],
  },
  {
    // On day 0 the owned plan comes first and leaves 2.75 cpu, on day 1 all 4 are left. A new plan
    // of 2.75 x 0.9 is used always and saves 0.275 an hour; more of it is used on day 1 only.
    name: 'two plans of one kind, the better one first',
    draft: draft({
      scenario: scenario('two-plans', 48, { workloads: [workload('w1', 'cpu')] }),
      skus: gpus,
      prices: prices(list, [
        { id: 'new', kind: 'csp', rates: { cpu: 0.9 } },
        { id: 'old', kind: 'csp', rates: { cpu: 0.8 }, starts: '' },
      ]),
      commitments: [owned('c1', 'csp', 'old', 1, { end_h: '24' })],
      usage: { w1: flat(48, 4) },
    }),
    joint: 13.2,
    actions: ['new'],
  },
  {
    name: 'an unused reservation makes a dearer type free',
    draft: draft({
      scenario: scenario('dearer', 24, { workloads: [workload('w1', 'small')] }),
      skus: gpus,
      prices: prices(list, [{ id: 'ri1', kind: 'ri', rates: { big: 1.2 }, starts: '' }]),
      commitments: [owned('c1', 'ri', 'ri1', 1, { sku: 'big', fee_per_unit: '1.2' })],
      candidates: [candidate('w1', 'up', 'big', 1)],
      telemetry: telemetry('w1'),
      usage: { w1: flat(24, 1) },
    }),
    joint: 24,
    actions: ['w1:up'],
  },
  { name: 'a plan beats spot', draft: planBeatsSpot('beats', 24), joint: 57.6, actions: ['sp1'] },
  {
    name: 'negative credits, tax and refunds change no saving',
    draft: {
      ...base,
      lines: [
        otherLine(base.scenario, 0, 'Credit', '-1000'),
        otherLine(base.scenario, 3, 'Tax', '33.33', { ResourceId: 'w1' }),
        otherLine(base.scenario, 5, 'Adjustment', '-4.5', { SubAccountId: 'a1' }),
        otherLine(base.scenario, 7, 'Purchase', '0', { BilledCost: '500' }),
      ],
    },
    joint: 57.6,
    actions: ['sp1'],
  },
  {
    name: 'corrections are netted',
    draft: {
      ...base,
      lines: [
        usageRow(base.scenario, usd, 4, decimal(7), decimal(2)),
        { ...usageRow(base.scenario, usd, 4, decimal(-7), decimal(2)), ChargeClass: 'Correction' },
        { ...usageRow(base.scenario, usd, 9, decimal(-1), decimal(2)), ChargeClass: 'Correction' },
      ],
    },
    // In hour 9 only two of the three covered units are used.
    joint: 55.6,
    actions: ['sp1'],
  },
  {
    // 3 x 0.8 x 24 in USD; of 6 to 8 units in EUR 5 are covered, one more saves 0.8 x 24 x 1.25.
    name: 'two currencies',
    draft: twoCurrencies(),
    joint: 81.6,
    actions: ['sp1', 'sp1'],
  },
  {
    name: 'a month of 743 hours',
    draft: localMonth('march', '2026-03-01T05:00:00Z', 743, 'America/New_York'),
  },
  {
    name: 'a month of 721 hours',
    draft: localMonth('november', '2026-11-01T04:00:00Z', 721, 'America/New_York'),
  },
  {
    name: 'a month of 696 hours',
    draft: localMonth('february', '2028-01-31T15:00:00Z', 696, 'Asia/Tokyo'),
  },
  {
    // Local midnight is at half past a UTC hour: each row belongs to the day of its start.
    name: 'days that begin at half past',
    draft: localMonth('half-past', '2026-03-01T18:00:00Z', 60, 'Asia/Kolkata'),
  },
  {
    name: 'zero usage',
    draft: {
      ...untilExpiry(36),
      usage: { w1: flat(48, 0) },
      candidates: [candidate('w1', 'down', 'small', 1), candidate('w1', 'off', '', 0)],
    },
    joint: 0,
    actions: [],
  },
  {
    name: 'no rows at all',
    draft: { ...planBeatsSpot('empty', 24), usage: {} },
    joint: 0,
    actions: [],
  },
  {
    name: 'only credits',
    draft: {
      ...planBeatsSpot('credits', 24),
      usage: {},
      lines: [otherLine(base.scenario, 2, 'Credit', '-55')],
    },
    joint: 0,
    actions: [],
  },
  {
    name: 'fully covered usage',
    draft: {
      ...planBeatsSpot('covered', 24),
      commitments: [owned('c1', 'csp', 'sp1', 3.6)],
      candidates: [candidate('w1', 'down', 'small', 1)],
      telemetry: telemetry('w1'),
    },
    joint: 0,
    actions: [],
  },
  {
    name: 'a bill that does not reconcile',
    draft: {
      ...base,
      lines: [usageRow(base.scenario, usd, 4, decimal(0), decimal(2), decimal('0.15'))],
    },
    joint: 0,
    actions: [],
  },
  {
    name: 'ineligible usage',
    draft: draft({
      scenario: scenario('ineligible', 24, {
        workloads: [workload('w1', 'big', { eligible_for_commitment: false })],
      }),
      skus: gpus,
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1 } }]),
      usage: { w1: flat(24, 3) },
    }),
    joint: 0,
    actions: [],
  },
  {
    name: 'a renewal at the expiry, not before',
    draft: {
      ...planBeatsSpot('renewal', 48),
      prices: prices(list, [{ id: 'sp1', kind: 'csp', rates: { big: 1.2 }, starts: '30' }]),
      commitments: [owned('c1', 'csp', 'sp1', 3.6, { end_h: '30' })],
    },
    joint: 43.2,
    actions: ['sp1'],
  },
  {
    name: 'whole units of a reservation',
    // 2.5 units by day and 1 by night at 2: one unit saves 0.9 always, the second 0.9 by day and
    // costs 1.1 by night, the third saves -0.1 by day.
    draft: draft({
      scenario: scenario('whole', 24, { workloads: [workload('w1', 'big')] }),
      skus: gpus,
      prices: prices(list, [{ id: 'ri1', kind: 'ri', rates: { big: 1.1 } }]),
      usage: { w1: daily(24, 2.5, 1) },
    }),
    joint: 21.6,
    actions: ['ri1'],
  },
  {
    name: 'a size-flexible reservation takes small sizes first',
    draft: draft({
      scenario: scenario('flexible', 24, {
        workloads: [workload('w1', 'f.1'), workload('w2', 'f.4'), workload('w3', 'f.4')],
      }),
      skus: [sku('f.1', 'f', 0, 0), sku('f.4', 'f', 0, 0, { size_units: 4, vcpu: 32 })],
      prices: prices({ 'f.1': 1, 'f.4': 4 }, [
        { id: 'ri1', kind: 'ri', rates: { 'f.1': 0.6, 'f.4': 2.4 }, starts: '' },
      ]),
      commitments: [owned('c1', 'ri', 'ri1', 6, { family: 'f', flex: '1', fee_per_unit: '0.6' })],
      // 2 f.1 take 2 units, 4 are left for one f.4; the other pays 4. Sharing w2 saves 2.
      candidates: [candidate('w2', 'half', 'f.4', 0.5)],
      telemetry: telemetry('w2'),
      usage: { w1: flat(24, 2), w2: flat(24, 1), w3: flat(24, 1) },
    }),
    joint: 48,
    actions: ['w2:half'],
  },
];

export const specialCases: SpecialCase[] = [...commitments, ...otherSpecialCases];
