import type { Row, Scenario, Workload } from './bundle.ts';
import type { Draft } from './draft.ts';

/** Small parts from which the named cases are put together. Everything not named is the plainest. */
export function sku(
  id: string,
  family: string,
  gpus: number,
  gpuMemory: number,
  more: Partial<Record<'rel_tput' | 'size_units' | 'vcpu' | 'mem_gib', number>> = {},
): Row<'skus'> {
  return {
    sku: id,
    family,
    gpus: String(gpus),
    gpu_mem_gib: String(gpuMemory),
    rel_tput: String(more.rel_tput ?? 1),
    size_units: String(more.size_units ?? 1),
    vcpu: String(more.vcpu ?? 8),
    mem_gib: String(more.mem_gib ?? 64),
  };
}

export interface OfferPart {
  id: string;
  kind: 'ri' | 'isp' | 'csp';
  /** Rate by SKU. */
  rates: Record<string, number>;
  starts?: string;
  term?: number;
  upfront?: number;
}

/** Price lines of one region and currency: on-demand by SKU, spot by SKU, then the offers. */
export function prices(
  onDemand: Record<string, number>,
  offers: OfferPart[] = [],
  {
    spot = {},
    region = 'r1',
    currency = 'USD',
  }: {
    spot?: Record<string, number>;
    region?: string;
    currency?: string;
  } = {},
): Row<'prices'>[] {
  return Object.entries(onDemand).flatMap(([name, price]) => {
    const plain = {
      sku: name,
      region,
      currency,
      on_demand: String(price),
      spot: name in spot ? String(spot[name]) : '',
      offer_id: '',
      kind: '',
      term_h: '',
      upfront_fraction: '',
      starts_h: '',
      rate: '',
    };
    const lines = offers
      .filter(({ rates }) => name in rates)
      .map((offer) => ({
        ...plain,
        offer_id: offer.id,
        kind: offer.kind,
        term_h: String(offer.term ?? 8760),
        upfront_fraction: String(offer.upfront ?? 0),
        starts_h: offer.starts ?? '0',
        rate: String(offer.rates[name]),
      }));
    return lines.length > 0 ? lines : [plain];
  });
}

export function owned(
  id: string,
  kind: 'ri' | 'isp' | 'csp',
  offer: string,
  amount: number,
  more: Partial<Row<'commitments'>> = {},
): Row<'commitments'> {
  return {
    id,
    kind,
    offer_id: offer,
    amount_per_hour: String(amount),
    sku: '',
    family: '',
    region: kind === 'csp' ? '' : 'r1',
    account: 'a1',
    flex: '0',
    start_h: '-1000',
    end_h: '7760',
    fee_per_unit: '1',
    currency: 'USD',
    ...more,
  };
}

export function workload(id: string, name: string, more: Partial<Workload> = {}): Workload {
  return {
    id,
    account: 'a1',
    region: 'r1',
    sku: name,
    currency: 'USD',
    spot_now: false,
    eligible_for_commitment: true,
    spot: { eligible: false },
    ...more,
  };
}

/** Interruptible, and never losing an hour: the price on spot is the spot price. */
export const freeOfLoss = {
  eligible: true,
  mttp_h: 20,
  ckpt_h: 0,
  restart_h: 0,
  notice_saves: true,
  nodes: 1,
  max_fraction: 1,
};

export function scenario(id: string, hours: number, more: Partial<Scenario> = {}): Scenario {
  return {
    id,
    mode: 'hindsight',
    currency: 'USD',
    fx: { USD: 1 },
    timezone: 'UTC',
    start: '2026-03-02T00:00:00Z',
    hours,
    policy: { wacc: 0, max_term_h: 26280, min_monthly_savings: 0 },
    workloads: [],
    api_workloads: [],
    storage_sets: [],
    ...more,
  };
}

export const candidate = (id: string, option: string, target: string, ratio: number) => ({
  workload: id,
  option_id: option,
  target_sku: target,
  ratio: String(ratio),
});

/** Telemetry of a workload that fits wherever memory allows, unless told otherwise. */
export function telemetry(
  id: string,
  more: Record<string, number | undefined> = {},
): Row<'telemetry'>[] {
  const values: Record<string, number | undefined> = {
    lookback_days: 30,
    metric_hours: 720,
    gpu_util_p95: 0.3,
    gpu_mem_peak_gib: 12,
    gpu_active_share: 0.6,
    cpu_p99_5: 0.2,
    mem_p99_5: 0.2,
    cpu_max_pct: 40,
    network_mb_day: 500,
    ...more,
  };
  return Object.entries(values).flatMap(([metric, value]) =>
    value === undefined ? [] : [{ workload: id, metric, value: String(value) }],
  );
}

export function draft(parts: Partial<Draft> & Pick<Draft, 'scenario'>): Draft {
  return {
    skus: [],
    prices: [],
    commitments: [],
    candidates: [],
    telemetry: [],
    usage: {},
    ...parts,
  };
}

export const flat = (hours: number, quantity: number) =>
  Array.from({ length: hours }, () => quantity);

/** A busy day of `day` and a quiet night of `night`, by UTC hour. */
export const daily = (hours: number, day: number, night: number) =>
  Array.from({ length: hours }, (_, hour) => (hour % 24 >= 8 && hour % 24 < 20 ? day : night));
