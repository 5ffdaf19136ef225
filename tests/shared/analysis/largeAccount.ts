import type { Account, OfferLine, Price, Sku, Workload } from '../../../shared/analysis/model.ts';
import { random } from '../../builders/random.ts';

/**
 * A year of hourly usage: 200 SKUs in 20 families, 30 offers (10 of each kind), 40 workloads with
 * two candidates each, half of them free to run on spot. No two hours are alike.
 */
export function largeAccount(seed: number, hours = 8760): Account {
  const r = random(seed, 0);
  const skus = Array.from(
    { length: 200 },
    (_, s): Sku => ({
      sku: `sku${s}`,
      family: `family${s % 20}`,
      gpus: s % 3 === 0 ? 1 : 0,
      gpuMemGib: 80,
      relTput: 1 + (s % 5) / 4,
      sizeUnits: 1 + (s % 8),
      vcpu: 8,
      memGib: 64,
    }),
  );
  const regions = ['east', 'west'];
  const prices: Price[] = regions.flatMap((region) =>
    skus.map(({ sku }) => {
      const onDemand = (200 + r.below(30_000)) / 1000;
      const spot = Math.round(onDemand * (300 + r.below(500))) / 1000;
      return { sku, region, currency: 'USD', onDemand, spot };
    }),
  );
  const offers = Array.from({ length: 30 }).flatMap((_, o): OfferLine[] => {
    const kind = (['ri', 'isp', 'csp'] as const)[o % 3] ?? 'ri';
    const share = kind === 'csp' ? 0.72 : 0.6;
    return prices
      .filter((_price, at) => kind === 'csp' || at % 10 === o % 10)
      .map(({ sku, region, currency, onDemand }) => ({
        offer: `offer${o}`,
        kind,
        termH: o % 2 === 0 ? 8760 : 26280,
        upfront: 0,
        starts: [0],
        sku,
        region,
        currency,
        rate: Math.max(0.001, Math.round(onDemand * 1e3 * (share + r.below(200) / 1e3)) / 1e3),
      }));
  });
  const workloads = Array.from({ length: 40 }, (_, w): Workload => {
    const level = 1 + r.below(30);
    const daily = r.chance(0.5);
    const usage = Float64Array.from({ length: hours }, (_hour, h) => {
      const shape = daily && h % 24 > 9 ? 0.4 : 1;
      return Math.round(1000 * level * shape * (0.7 + r.below(600) / 1000)) / 1000;
    });
    return {
      id: `w${String(w).padStart(2, '0')}`,
      account: `account${w % 4}`,
      region: r.pick(regions),
      sku: r.pick(skus).sku,
      currency: 'USD',
      spotNow: false,
      eligibleForCommitment: true,
      usage,
      spotUsage: null,
      spotCost: 0,
      spot: {
        eligible: w % 2 === 0,
        mttpH: r.pick([5, 50, 500]),
        checkpointH: 0.05,
        restartH: 0.1,
        noticeSaves: false,
        nodes: 1,
        maxFraction: 0.6,
      },
    };
  });
  return {
    hours,
    order: 'default',
    policy: { wacc: 0, maxTermH: null, minMonthlySavings: 10 },
    fx: new Map([['USD', 1]]),
    skus: new Map(skus.map((sku) => [sku.sku, sku])),
    prices,
    offers,
    owned: [],
    workloads,
    candidates: workloads.flatMap(({ id }) =>
      [0, 1].map((o) => ({ workload: id, option: `o${o}`, sku: r.pick(skus).sku, ratio: 1 })),
    ),
    telemetry: new Map(
      workloads.map(({ id }) => [
        id,
        {
          lookback_days: 30,
          metric_hours: 700,
          gpu_util_p95: 0.1,
          gpu_mem_peak_gib: 20,
          busy_gpus_max: 1,
          cpu_p99_5: 0.2,
          mem_p99_5: 0.2,
        },
      ]),
    ),
  };
}
