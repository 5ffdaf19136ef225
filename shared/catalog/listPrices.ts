import { addDays } from '../domain/calendar.ts';
import { awsOnDemand, awsPriceHistory } from './awsOnDemand.ts';
import { awsSpotAdvice, interruptionBands } from './awsSpotAdvice.ts';
import { type CloudProvider, machineType } from './machines.ts';
import { type SourceId, sources } from './sources.ts';
import { tpuPrices } from './tpuPrices.ts';

/** A published price of an hour. Amounts are decimal text, never a double. */
export interface ListPrice {
  amount: string;
  currency: string;
  unit: 'hour';
  source: SourceId;
  /** Day of the source's data. */
  seen: string;
  /** First and last day it is known to hold; null where the source shows one day only. */
  from: string | null;
  to: string | null;
  /**
   * How the day asked for lies to what is known: `held` within a known span, `before` or `after` the
   * day on which the price was seen. A price is not projected silently.
   */
  basis: 'held' | 'before' | 'after';
}

export interface PriceQuestion {
  provider: CloudProvider;
  /** Machine type or TPU slice. */
  sku: string;
  /** Region or, for Google Cloud, region or zone. */
  region: string;
  purchase: 'on-demand' | 'spot';
  /** UTC day. */
  at: string;
}

/**
 * The list price of a machine on a day; null where no source of the catalogue gives one: that is
 * "unknown", never 0. Linux, shared tenancy. EC2 on demand in us-east-1, Cloud TPU slices in part.
 * Commitment prices are in no source, so there is no lookup for them: they come from price sheets.
 */
export function listPrice(question: PriceQuestion): ListPrice | null {
  const { provider, sku, region, purchase, at } = question;
  if (provider === 'aws') {
    // A machine of SageMaker costs more than the EC2 type it is.
    if (region !== 'us-east-1' || purchase !== 'on-demand' || /^ml\./i.test(sku)) return null;
    return awsPrice(machineType('aws', sku)?.name ?? sku.trim().toLowerCase(), at);
  }
  if (provider === 'google') return tpuPrice(sku, region, purchase, at);
  return null;
}

function awsPrice(name: string, at: string): ListPrice | null {
  const { onDemand, history } = awsIndex();
  const seen = sources['aws-price-list'].date;
  const spans = history.get(name) ?? [];
  const last = sources['aws-price-history'].date;
  for (const [i, { from, amount }] of spans.entries()) {
    const next = spans[i + 1]?.from;
    if (at < from && i === 0)
      return priced(amount, 'aws-price-history', last, from, null, 'before');
    if (at >= from && (next === undefined || at < next)) {
      const to = next === undefined ? last : addDays(next, -1);
      return priced(amount, 'aws-price-history', last, from, to, at > to ? 'after' : 'held');
    }
  }
  const amount = onDemand.get(name);
  return amount === undefined
    ? null
    : priced(amount, 'aws-price-list', seen, null, null, basisOf(at, seen));
}

function tpuPrice(
  sku: string,
  region: string,
  purchase: 'on-demand' | 'spot',
  at: string,
): ListPrice | null {
  const zones = tpuIndex().get(`tpu-${sku.trim().toLowerCase().replace(/^tpu-/, '')}`) ?? [];
  const seen = sources['google-tpu-prices'].date;
  const amounts = new Set(
    zones
      .filter(({ zone }) => zone === region || zone.slice(0, zone.lastIndexOf('-')) === region)
      .map((zone) => zone[purchase])
      .filter((amount) => amount !== null),
  );
  const [amount] = amounts;
  // Zones of a region that differ give the region no price.
  if (amount === undefined || amounts.size > 1) return null;
  return priced(amount, 'google-tpu-prices', seen, null, null, basisOf(at, seen));
}

function priced(
  amount: string,
  source: SourceId,
  seen: string,
  from: string | null,
  to: string | null,
  basis: ListPrice['basis'],
): ListPrice {
  return { amount, currency: 'USD', unit: 'hour', source, seen, from, to, basis };
}

function basisOf(at: string, seen: string): ListPrice['basis'] {
  return at === seen ? 'held' : at < seen ? 'before' : 'after';
}

/** What the Spot Advisor says; null for a region or type that it does not list. */
export interface SpotAdvice {
  /** Percent off on demand, mean of a month. */
  savings: number;
  /** Index into `interruptionBands`: an order, not a rate. */
  band: number;
  label: (typeof interruptionBands)[number];
  source: SourceId;
  seen: string;
}

export function spotAdvice(sku: string, region: string): SpotAdvice | null {
  const found = adviceIndex()
    .get(machineType('aws', sku)?.name ?? '')
    ?.get(region);
  if (!found) return null;
  const [savings, band] = found;
  const label = interruptionBands[band];
  const source = 'aws-spot-advisor';
  return label ? { savings, band, label, source, seen: sources[source].date } : null;
}

/** Types with a price in the tables, for tests and for listing. */
export function pricedTypes(): ReadonlyMap<string, string> {
  return awsIndex().onDemand;
}

interface AwsIndex {
  onDemand: Map<string, string>;
  history: Map<string, { from: string; amount: string }[]>;
}
let aws: AwsIndex | null = null;
let tpus: Map<string, { zone: string; 'on-demand': string | null; spot: string | null }[]> | null =
  null;
let advice: Map<string, Map<string, [number, number]>> | null = null;

function awsIndex(): AwsIndex {
  aws ??= {
    onDemand: new Map(
      rows(awsOnDemand).flatMap(([family = '', ...sizes]) =>
        sizes.map((text) => {
          const [size = '', amount = ''] = text.split('=');
          return [`${family}.${size}`, amount] as const;
        }),
      ),
    ),
    history: new Map(
      rows(awsPriceHistory).map(([name = '', ...spans]) => [
        name,
        spans.map((text) => {
          const [from = '', amount = ''] = text.split('=');
          return { from, amount };
        }),
      ]),
    ),
  };
  return aws;
}

function tpuIndex(): NonNullable<typeof tpus> {
  tpus ??= new Map(
    rows(tpuPrices).map(([slice = '', ...zones]) => [
      slice,
      zones.map((text) => {
        const [zone = '', onDemand = '-', spot = '-'] = text.split('=');
        return {
          zone,
          'on-demand': onDemand === '-' ? null : onDemand,
          spot: spot === '-' ? null : spot,
        };
      }),
    ]),
  );
  return tpus;
}

function adviceIndex(): NonNullable<typeof advice> {
  advice ??= new Map(
    rows(awsSpotAdvice).map(([name = '', ...regions]) => [
      name,
      new Map(
        regions.map((text) => {
          const [region = '', savings, band] = text.split(':');
          return [region, [Number(savings), Number(band)] as [number, number]];
        }),
      ),
    ]),
  );
  return advice;
}

function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}
