import { price } from './amounts.ts';
import { accounts, type ProviderKey } from './accounts.ts';
import type { Charge, Prices } from './charge.ts';
import { cells, type Values } from './columns.ts';
import type { Commitment } from './commitments.ts';
import type { Slot } from './hours.ts';
import { committed, placed, skuIds, tagsOf } from './identity.ts';
import { type SampleDay, type SampleMonth, stepOn } from './months.ts';
import { between, seedOf } from './noise.ts';
import { contracts, type Sku, skuOf } from './prices.ts';
import { resource } from './resources.ts';
import { services } from './services.ts';
import { hoursOf, secondsOn, volumeOn } from './shapes.ts';
import type { UsageLine, Workload } from './workload.ts';
import { workloads } from './workloads.ts';

/** One meter on one resource: what a bill has a row a day for. */
export interface Series {
  workload: Workload;
  line: UsageLine;
  sku: Sku;
  seed: number;
  values: Values;
  /** Cells of its rows, by the commitment that covers them; null for none. */
  rows: Map<Commitment | null, string[]>;
}

export interface Line {
  line: UsageLine;
  series: Series[];
}

/** Use of one series on one day, in millionths of its pricing unit. */
export interface Use {
  series: Series;
  quantity: bigint;
  prices: Prices;
}

export const isSpot = (sku: Sku): boolean => sku.meter.startsWith('SpotUsage');

function seriesOf(workload: Workload, line: UsageLine): Series[] {
  const sku = skuOf(line.sku);
  const most = Math.max(1, ...(line.count ?? []).map(([, count]) => count));
  return Array.from({ length: most }, (_, index) => {
    const suffix = most > 1 ? `-${String(index + 1).padStart(2, '0')}` : '';
    const zone = line.zone ?? '';
    const on = line.resource
      ? resource(line.resource.kind, line.resource.name + suffix, {
          account: workload.account,
          region: line.region,
          zone,
        })
      : null;
    const terms = isSpot(sku) ? 'Spot' : 'OnDemand';
    return {
      workload,
      line,
      sku,
      seed: seedOf(`${workload.id}/${workload.account}/${line.sku}/${on?.id ?? line.region}`),
      rows: new Map(),
      values: {
        ...placed(sku.service, workload.account, line.region),
        ...skuIds(sku.service, sku.meter, line.region, terms),
        AvailabilityZone: zone === '' ? null : zone,
        ChargeCategory: 'Usage',
        ChargeDescription: sku.description,
        ChargeFrequency: 'Usage-Based',
        ConsumedUnit: sku.consumed?.unit ?? sku.unit,
        PricingCategory: isSpot(sku) ? 'Dynamic' : 'Standard',
        PricingUnit: sku.unit,
        ResourceId: on?.id ?? null,
        ResourceName: on?.name ?? null,
        ResourceType: on?.type ?? null,
        SkuMeter: sku.meter,
        SkuPriceDetails: sku.details ? JSON.stringify(sku.details) : null,
        Tags: tagsOf(workload, line),
      },
    };
  });
}

/** Everything a provider meters for the company. */
export function linesOf(provider: ProviderKey): Line[] {
  return workloads
    .filter((workload) => accounts[workload.account].provider === provider)
    .flatMap((workload) =>
      workload.lines.map((line) => ({ line, series: seriesOf(workload, line) })),
    );
}

/** List price and negotiated price of a SKU on a day. */
export function pricesOn(sku: Sku, date: string): Prices {
  const list = price(sku.list);
  const provider = services[sku.service].provider;
  const contract =
    contracts.find((row) => row.provider === provider && row.service === sku.service) ??
    contracts.find((row) => row.provider === provider && row.service === undefined);
  const off = isSpot(sku) || !contract ? 0 : stepOn(contract.off, date, 0);
  return { list, contracted: (list * BigInt(1000 - off)) / 1000n };
}

/** A spot price moves by up to 14% around its middle, by the day and for all machines alike. */
function spotPrices(sku: Sku, day: SampleDay): Prices {
  const share = between(seedOf(sku.meter), day.index, 860, 1140);
  const list = (price(sku.list) * BigInt(share)) / 1000n;
  const rounded = list - (list % 1_000_000n);
  return { list: rounded, contracted: rounded };
}

/** What was used on a day; a resource that did not run has no use. */
export function usesOn(lines: readonly Line[], day: SampleDay, month: SampleMonth): Use[] {
  const uses: Use[] = [];
  for (const { line, series } of lines) {
    const sku = skuOf(line.sku);
    const count = stepOn(line.count ?? [], day.date, line.count ? 0 : 1);
    if (count === 0) continue;
    const prices = isSpot(sku) ? spotPrices(sku, day) : pricesOn(sku, day.date);
    const event = stepOn(line.events ?? [], day.date, 1000);
    for (const [number, each] of series.slice(0, count).entries()) {
      const quantity =
        line.volume === undefined
          ? hoursOf(secondsOn(line.shape, day, { seed: each.seed, number, fleet: count }))
          : volumeOn(
              { ...line, volume: line.volume },
              sku.unit === 'GB-Months',
              day,
              month,
              each.seed,
              event,
            );
      if (quantity > 0n) uses.push({ series: each, quantity, prices });
    }
  }
  return uses;
}

/** The cells of a series where nothing covers it, or where a commitment does. */
export function rowOf(series: Series, commitment: Commitment | null): string[] {
  const known = series.rows.get(commitment);
  if (known) return known;
  const row = cells(
    commitment
      ? {
          ...series.values,
          ...committed(commitment),
          ...skuIds(series.sku.service, series.sku.meter, series.line.region, commitment.id),
          CapacityReservationStatus: commitment.capacity ? 'Used' : null,
          CommitmentDiscountStatus: 'Used',
          PricingCategory: 'Committed',
        }
      : series.values,
  );
  series.rows.set(commitment, row);
  return row;
}

/** A charge for a quantity used: at the negotiated price, or paid already by a commitment. */
export function chargeOf(
  use: Use,
  quantity: bigint,
  slot: Pick<Slot, 'start' | 'end'>,
  cover?: { effective: bigint; commitment: bigint },
): Charge {
  const { list, contracted } = use.prices;
  const atContract = quantity * contracted;
  return {
    start: slot.start,
    end: slot.end,
    costs: {
      billed: cover ? 0n : atContract,
      effective: cover ? cover.effective : atContract,
      list: quantity * list,
      contracted: atContract,
    },
    priced: { quantity, prices: use.prices },
    consumed: quantity * BigInt(use.series.sku.consumed?.per ?? 1),
    ...(cover ? { commitment: cover.commitment } : {}),
  };
}
