import type {
  Account,
  Candidate,
  CommitmentKind,
  OfferLine,
  OwnedCommitment,
  Price,
  Sku,
  Telemetry,
  Workload,
} from '../../../shared/analysis/model.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import { type Random, random } from '../../builders/random.ts';

/** Telemetry that lets every candidate of a GPU workload through. */
const easy: Telemetry = {
  lookback_days: 30,
  metric_hours: 720,
  gpu_util_p95: 0.1,
  gpu_mem_peak_gib: 2,
  gpu_mem_peak_pct: 3,
  gpu_active_share: 0.005,
  busy_gpus_max: 1,
  cpu_p99_5: 0.1,
  mem_p99_5: 0.1,
  cpu_max_pct: 3,
  network_mb_day: 1,
};

const regions = ['east', 'west'];
const families = ['g', 'h'];

/** A small account with everything that can interact: the same number gives the same one. */
export function randomAccount(
  seed: number,
  number: number,
  limits: { hours?: number; workloads?: number; offers?: number; owned?: number } = {},
): Account {
  const r = random(seed, number);
  const hours = limits.hours ?? r.pick([24, 48, 72, 168]);
  const skus = Array.from(
    { length: 2 + r.below(3) },
    (_, s): Sku => ({
      sku: `sku${s}`,
      family: r.pick(families),
      gpus: r.pick([0, 1, 1, 2]),
      gpuMemGib: 40,
      relTput: r.pick([1, 1, 2]),
      sizeUnits: r.pick([1, 2, 4]),
      vcpu: 8,
      memGib: 32,
    }),
  );
  const currencies = r.chance(0.25) ? ['USD', 'EUR'] : ['USD'];
  const prices: Price[] = currencies.flatMap((currency) =>
    regions.flatMap((region) =>
      skus.map(({ sku }) => {
        const onDemand = (100 + r.below(2000)) / 1000;
        const spot = r.chance(0.6) ? Math.round(onDemand * (200 + r.below(700))) / 1000 : null;
        return { sku, region, currency, onDemand, spot };
      }),
    ),
  );
  const offers = Array.from({ length: r.below((limits.offers ?? 3) + 1) }).flatMap((_, o) =>
    offerLines(r, `offer${o}`, prices, hours),
  );
  const workloads = Array.from({ length: 1 + r.below(limits.workloads ?? 3) }, (_, w) =>
    workloadOf(r, `w${w}`, skus, prices, currencies, hours),
  );
  const owned = Array.from({ length: r.below((limits.owned ?? 2) + 1) }, (_, c) =>
    ownedOf(r, `own${c}`, skus, offers, currencies, hours),
  );
  return {
    hours,
    order: r.chance(0.2) ? 'azure' : 'default',
    policy: { wacc: r.chance(0.2) ? 0.1 : 0, maxTermH: null, minMonthlySavings: 0 },
    fx: new Map([
      ['USD', 1],
      ['EUR', 1.25],
    ]),
    skus: new Map(skus.map((sku) => [sku.sku, sku])),
    prices,
    offers,
    owned,
    workloads,
    candidates: workloads.flatMap(({ id }) => candidatesOf(r, id, skus)),
    telemetry: new Map(workloads.map(({ id }) => [id, r.chance(0.85) ? easy : {}])),
  };
}

function offerLines(
  r: Random,
  offer: string,
  prices: readonly Price[],
  hours: number,
): OfferLine[] {
  const kind: CommitmentKind = r.pick(['ri', 'isp', 'csp']);
  const termH = r.pick([8760, 26280, hours, Math.ceil(hours / 2)]);
  const starts = r.pick([[0], [0], [0, Math.floor(hours / 2)], [Math.floor(hours / 3)], []]);
  const upfront = r.pick([0, 0, 0.5, 1]);
  return prices
    .filter(() => r.chance(0.7))
    .map(({ sku, region, currency, onDemand }) => ({
      offer,
      kind,
      termH,
      starts,
      upfront,
      sku,
      region,
      currency,
      rate: Math.max(0.001, Math.round(onDemand * (350 + r.below(700))) / 1e3),
    }));
}

function workloadOf(
  r: Random,
  id: string,
  skus: readonly Sku[],
  prices: readonly Price[],
  currencies: readonly string[],
  hours: number,
): Workload {
  const shape = r.below(5);
  const level = 1 + r.below(6);
  const usage = Float64Array.from({ length: hours }, (_, h) => {
    if (shape === 0) return level;
    if (shape === 1) return h % 24 < 10 ? level : level / 4;
    if (shape === 2) return r.below(level + 1);
    if (shape === 3) return r.chance(0.3) ? level : 0;
    return level === 1 ? 0 : r.below(1000 * level) / 1000;
  });
  const { sku } = r.pick(skus);
  const region = r.pick(regions);
  const currency = r.pick(currencies);
  const spotNow = r.chance(0.15);
  const share = r.pick([1, 1, 0.5]);
  const spotUsage = spotNow ? usage.map((units) => units * share) : null;
  const price = prices.find((p) => p.sku === sku && p.region === region && p.currency === currency);
  return {
    id,
    account: r.pick(['a', 'b']),
    region,
    sku,
    currency,
    spotNow,
    usage,
    spotUsage,
    eligibleForCommitment: r.chance(0.9),
    spot: {
      eligible: r.chance(0.6),
      mttpH: r.pick([3, 10, 100, 1e3]),
      checkpointH: r.pick([0, 0.05, 0.5]),
      restartH: r.pick([0, 0.1, 1]),
      noticeSaves: r.chance(0.3),
      nodes: r.pick([1, 1, 4]),
      maxFraction: r.pick([1, 1, 0.6]),
    },
    spotCost: spotUsage ? sumOf(spotUsage) * (price?.onDemand ?? 1) * 0.55 : 0,
  };
}

function candidatesOf(r: Random, workload: string, skus: readonly Sku[]): Candidate[] {
  return Array.from({ length: r.below(3) }, (_, o) => ({
    workload,
    option: `o${o}`,
    sku: r.pick(skus).sku,
    ratio: r.pick([0, 0.5, 1, 1, 1, 2]),
  }));
}

function ownedOf(
  r: Random,
  id: string,
  skus: readonly Sku[],
  offers: readonly OfferLine[],
  currencies: readonly string[],
  hours: number,
): OwnedCommitment {
  const line = offers.length > 0 && r.chance(0.8) ? r.pick(offers) : null;
  const kind = line?.kind ?? 'ri';
  const { sku, family } = r.pick(skus);
  const flex = kind === 'ri' && r.chance(0.3);
  return {
    id,
    kind,
    flex,
    offer: line?.offer ?? '',
    amount: kind === 'ri' ? 1 + r.below(4) : (100 + r.below(4e3)) / 1e3,
    sku: kind === 'ri' ? sku : null,
    family: kind === 'csp' ? null : family,
    region: kind === 'csp' ? null : r.pick(regions),
    account: r.chance(0.5) ? r.pick(['a', 'b']) : null,
    startH: -100,
    endH: r.pick([hours, Math.floor(hours / 2), 1e4]),
    feePerUnit: kind === 'ri' ? (50 + r.below(900)) / 1e3 : 1,
    currency: r.pick(currencies),
  };
}
