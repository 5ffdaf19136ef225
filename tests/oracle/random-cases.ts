import { type Random, random } from '../builders/random.ts';
import type { Row, Scenario, Workload } from './bundle.ts';
import { type Draft, otherLine, usageRow } from './draft.ts';
import { loadModel } from './model.ts';
import { decimal } from './rational.ts';
import { variablesOf } from './field.ts';

const skus: Row<'skus'>[] = [
  sku('ca.4', 'ca', 0, 0, 1, 1, 4, 16),
  sku('ca.8', 'ca', 0, 0, 1, 2, 8, 32),
  sku('cb.8', 'cb', 0, 0, 1, 2, 8, 64),
  sku('ga.1', 'ga', 1, 24, 1, 1, 8, 32),
  sku('ga.2', 'ga', 2, 24, 1, 2, 16, 64),
  sku('gb.1', 'gb', 1, 80, 3, 4, 16, 128),
];

export function sku(
  id: string,
  family: string,
  gpus: number,
  gpuMemory: number,
  throughput: number,
  size: number,
  vcpu: number,
  memory: number,
): Row<'skus'> {
  return {
    sku: id,
    family,
    gpus: String(gpus),
    gpu_mem_gib: String(gpuMemory),
    rel_tput: String(throughput),
    size_units: String(size),
    vcpu: String(vcpu),
    mem_gib: String(memory),
  };
}

const basePrice: Record<string, number> = {
  'ca.4': 0.2,
  'ca.8': 0.41,
  'cb.8': 0.5,
  'ga.1': 1.2,
  'ga.2': 2.3,
  'gb.1': 3.7,
};

const rounded = (value: number, places: number) => String(Number(value.toFixed(places)));
const between = (dice: Random, low: number, high: number) =>
  low + ((high - low) * dice.below(1001)) / 1000;

function pattern(dice: Random, hours: number, steady: boolean): number[] {
  const level = 1 + dice.below(4);
  const unit = dice.chance(0.2) ? 0.25 : 1;
  const steadily = ['flat', 'day', 'day', 'steps', 'noise'] as const;
  const anyhow = ['flat', 'day', 'steps', 'noise', 'noise', 'burst', 'zero'] as const;
  const shape = dice.pick<(typeof anyhow)[number]>(steady ? steadily : anyhow);
  const step = Math.max(1, Math.floor(hours / (2 + dice.below(3))));
  const rise = dice.pick([-1, 1, 2]);
  return Array.from({ length: hours }, (_, hour) => {
    const clock = hour % 24;
    switch (shape) {
      case 'flat':
        return level * unit;
      case 'day':
        return (clock >= 8 && clock < 20 ? level + 2 : level - 1) * unit;
      case 'steps':
        return Math.max(0, level + rise * Math.floor(hour / step)) * unit;
      case 'noise':
        return dice.below(level + 2) * unit;
      case 'burst':
        return dice.chance(0.15) ? level * 2 * unit : 0;
      case 'zero':
        return dice.chance(0.5) ? 0 : unit;
      default:
        return shape satisfies never;
    }
  });
}

function measured(dice: Random, workload: Workload): Row<'telemetry'>[] {
  const gpu = workload.sku.startsWith('g');
  const idle = dice.chance(0.25);
  const big = workload.sku === 'gb.1' ? 80 : 24;
  const values: Record<string, number> = {
    lookback_days: dice.chance(0.9) ? 30 : 13,
    metric_hours: dice.chance(0.95) ? 700 : 29,
    cpu_p99_5: idle ? 0.02 : between(dice, 0.1, 0.6),
    mem_p99_5: between(dice, 0.1, 0.7),
    cpu_max_pct: idle ? 3 : 60,
    network_mb_day: idle ? 1 : 900,
  };
  if (gpu) {
    values.gpu_util_p95 = idle ? 0 : between(dice, 0.05, 0.95);
    values.gpu_mem_peak_gib = idle ? 0.5 : between(dice, 3, big);
    // Both forms of one fact: which rule reads which is an open reading.
    values.gpu_mem_peak_pct = (100 * values.gpu_mem_peak_gib) / big;
    values.gpu_active_share = idle ? 0.002 : 0.6;
    if (dice.chance(0.5))
      values.busy_gpus_max = idle ? 0 : 1 + dice.below(workload.sku === 'ga.2' ? 2 : 1);
  }
  if (dice.chance(0.1)) {
    const lost = dice.pick(Object.keys(values));
    const both = lost.startsWith('gpu_mem_peak')
      ? ['gpu_mem_peak_gib', 'gpu_mem_peak_pct']
      : [lost];
    for (const metric of both) delete values[metric];
  }
  return Object.entries(values).map(([metric, value]) => ({
    workload: workload.id,
    metric,
    value: rounded(value, 3),
  }));
}

function candidatesOf(dice: Random, workload: Workload): Row<'candidates'>[] {
  const same = workload.sku[0];
  const gpu = same === 'g';
  const targets = skus.filter((row) => row.sku[0] === same && row.sku !== workload.sku);
  const all = [
    ...targets.map(({ sku: target }) => {
      // How many GPUs a sharer may use is an open reading: only where both readings agree.
      const shares = !gpu || (target === 'ga.2' && workload.sku !== 'ga.2');
      return [target, dice.pick(['1', '1', shares ? '0.5' : '1', '2'])] as const;
    }),
    ...(gpu ? [] : [[workload.sku, '0.5'] as const]),
    ['', '0'] as const,
  ];
  return dice
    .shuffled(all)
    .slice(0, dice.below(3))
    .map(([target, ratio], at) => ({
      workload: workload.id,
      option_id: `${workload.id}-o${at + 1}`,
      target_sku: target,
      ratio,
    }));
}

interface Offering {
  id: string;
  kind: 'ri' | 'isp' | 'csp';
  low: number;
  high: number;
  term: string;
  upfront: string;
  starts: string;
  /** The places it has a line for. */
  covers: (place: { sku: string; region: string; currency: string }) => boolean;
}

const range = { ri: [0.35, 0.7], isp: [0.42, 0.75], csp: [0.5, 0.82] } as const;

function offering(dice: Random, id: string, hours: number, places: { sku: string }[]): Offering {
  const kind = dice.pick(['ri', 'isp', 'csp', 'csp'] as const);
  const half = Math.floor(hours / 2);
  const only = dice.pick(places).sku;
  const some = new Set(places.filter(() => dice.chance(0.85)).map((place) => place.sku));
  const poor = dice.chance(0.1);
  return {
    id,
    kind,
    low: poor ? 0.93 : range[kind][0],
    high: poor ? 1.04 : range[kind][1],
    term: dice.pick(['8760', '8760', '26280', String(half)]),
    upfront: dice.pick(['0', '0.5', '1']),
    starts: dice.pick(['0', '0', '0', `0;${half}`, String(half)]),
    covers: ({ sku: name }) =>
      kind === 'ri' ? name === only : kind === 'isp' ? name[0] === only[0] : some.has(name),
  };
}

/**
 * A tiny random case: the same number is the same case on every machine. Odd numbers are about
 * commitments: little spot, steady usage, two or three offers.
 */
export function randomDraft(number: number): Draft {
  const dice = random(0x0a11, number);
  const steady = number % 2 === 1;
  const hours = dice.pick([24, 24, 36, 48, 60, 96, 120, 168, 200]);
  const twoCurrencies = dice.chance(0.2);
  const scenario: Scenario = {
    id: `random-${number}`,
    mode: 'hindsight',
    currency: 'USD',
    fx: { USD: 1, EUR: 1.17 },
    timezone: 'UTC',
    start: '2026-03-02T00:00:00Z',
    hours,
    policy: {
      wacc: dice.chance(0.2) ? 0.09 : 0,
      max_term_h: dice.chance(0.15) ? 8760 : 26280,
      min_monthly_savings: 0,
    },
    workloads: Array.from({ length: 1 + dice.below(3) }, (_, at) => ({
      id: `w${at + 1}`,
      account: dice.pick(['a1', 'a2']),
      region: dice.chance(0.85) ? 'r1' : 'r2',
      sku: dice.pick(skus).sku,
      currency: twoCurrencies && dice.chance(0.5) ? 'EUR' : 'USD',
      spot_now: false,
      eligible_for_commitment: dice.chance(steady ? 0.97 : 0.88),
      spot: {
        eligible: dice.chance(steady ? 0.12 : 0.35),
        mttp_h: dice.pick([6, 12, 24, 60]),
        ckpt_h: dice.pick([0.05, 0.1, 0.2]),
        restart_h: dice.pick([0.05, 0.1, 0.25]),
        notice_saves: dice.chance(0.3),
        nodes: 1 + dice.below(2),
        max_fraction: dice.pick([1, 1, 0.6, 0.5]),
      },
    })),
    api_workloads: [],
    storage_sets: [],
  };
  const candidates = scenario.workloads.flatMap((workload) => candidatesOf(dice, workload));
  const places = new Map<string, { sku: string; region: string; currency: string }>();
  for (const { id, region, currency, sku: present } of scenario.workloads) {
    const targets = candidates.filter((row) => row.workload === id && row.target_sku !== '');
    for (const name of [present, ...targets.map((row) => row.target_sku)]) {
      places.set(`${name}|${region}|${currency}`, { sku: name, region, currency });
    }
  }
  const listed = [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, place]) => {
      const price = Number(rounded((basePrice[place.sku] ?? 1) * between(dice, 0.8, 1.25), 3));
      return { key, place, price, spot: rounded(price * between(dice, 0.3, 0.95), 3) };
    });
  const lines = (offerings: Offering[]): Row<'prices'>[] =>
    listed.flatMap(({ key, place, price, spot }, at) => {
      const plain = {
        ...place,
        on_demand: String(price),
        spot,
        offer_id: '',
        kind: '',
        term_h: '',
        upfront_fraction: '',
        starts_h: '',
        rate: '',
      };
      const found = offerings
        .filter(({ covers }) => covers(place))
        .map((offer) => {
          // A rate of its own for each place and offer, whatever else is offered.
          const own = random(number, offer.id.charCodeAt(1) * 31 + at * 7 + key.length);
          return {
            ...plain,
            offer_id: offer.id,
            kind: offer.kind,
            term_h: offer.term,
            upfront_fraction: offer.upfront,
            starts_h: offer.starts,
            rate: rounded(price * between(own, offer.low, offer.high), 4),
          };
        });
      return found.length > 0 ? found : [plain];
    });
  const tables = { skus, commitments: [], candidates: [], telemetry: [], charges: [], scenario };
  const offers: Offering[] = [];
  const wanted = steady ? 2 + dice.below(2) : dice.pick([0, 1, 2, 3, 3]);
  for (let at = 0; at < wanted; at += 1) {
    const next = offering(
      dice,
      `o${at + 1}`,
      hours,
      listed.map(({ place }) => place),
    );
    const { offers: scoped } = loadModel({ ...tables, prices: lines([...offers, next]) });
    const variables = variablesOf(scoped, hours);
    const plans = variables.filter(({ offer }) => offer.kind !== 'ri').length;
    // What a search of every lattice point can still hold: at most six dimensions.
    if (plans <= 4 && variables.length <= 6) offers.push(next);
  }
  const owned: Row<'commitments'>[] = [];
  const ownedOffers: Offering[] = [];
  for (let at = 0; at < dice.below(3); at += 1) {
    const base = offering(
      dice,
      `p${at + 1}`,
      hours,
      listed.map(({ place }) => place),
    );
    const target = dice.pick(listed);
    const { family = '', size_units: size = '1' } =
      skus.find((row) => row.sku === target.place.sku) ?? {};
    const { kind } = base;
    const inFamily = (name: string) => skus.find((row) => row.sku === name)?.family === family;
    const flexible = kind === 'ri' && dice.chance(0.5);
    // A size-flexible one beside offers for the same type would test an order the text leaves open.
    if (flexible && offers.some((offer) => offer.kind === 'ri')) continue;
    ownedOffers.push({
      ...base,
      starts: '',
      covers: (place) =>
        place.currency === target.place.currency &&
        (kind === 'csp' ||
          (place.region === target.place.region &&
            (kind === 'isp' || flexible ? inFamily(place.sku) : place.sku === target.place.sku))),
    });
    const fee = rounded(
      (target.price * between(dice, 0.5, 0.75)) / (flexible ? Number(size) : 1),
      4,
    );
    owned.push({
      id: `c${at + 1}`,
      kind,
      offer_id: base.id,
      amount_per_hour:
        kind === 'ri'
          ? String(1 + dice.below(3))
          : rounded(target.price * between(dice, 0.3, 2), 3),
      sku: kind === 'ri' && !flexible ? target.place.sku : '',
      family: kind === 'csp' ? '' : family,
      region: kind === 'csp' ? '' : target.place.region,
      account: dice.pick(['a1', 'a2']),
      flex: flexible ? '1' : '0',
      start_h: dice.pick(['-2000', '0']),
      end_h: dice.pick(['8000', String(hours), String(Math.floor(hours / 2))]),
      fee_per_unit: kind === 'ri' ? fee : '1',
      currency: target.place.currency,
    });
  }
  const extra = [];
  const usage = Object.fromEntries(
    scenario.workloads.map(({ id }) => [id, pattern(dice, hours, steady)] as const),
  );
  if (dice.chance(0.3))
    extra.push(otherLine(scenario, 1, 'Credit', rounded(-between(dice, 1, 90), 2)));
  if (dice.chance(0.3)) extra.push(otherLine(scenario, 2, 'Tax', rounded(between(dice, 1, 90), 2)));
  if (dice.chance(0.2)) extra.push(otherLine(scenario, 3, 'Adjustment', '-7.31'));
  if (dice.chance(0.2)) {
    const workload = dice.pick(scenario.workloads);
    const found = listed.find(
      ({ place }) =>
        place.sku === workload.sku &&
        place.region === workload.region &&
        place.currency === workload.currency,
    );
    const price = decimal(found?.price ?? 1);
    extra.push(usageRow(scenario, workload, 5, decimal(2), price), {
      ...usageRow(scenario, workload, 5, decimal(-2), price),
      ChargeClass: 'Correction',
    });
  }
  return {
    scenario,
    skus,
    prices: lines([...offers, ...ownedOffers]),
    commitments: owned,
    candidates,
    telemetry: scenario.workloads.flatMap((workload) => measured(dice, workload)),
    usage,
    lines: extra,
  };
}
