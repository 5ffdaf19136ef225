import type { Price } from '../../../shared/contract/prices.ts';
import {
  effectiveRate,
  type EffectiveRate,
  type Rate,
} from '../../../shared/catalog/effectiveRate.ts';
import { listPrice } from '../../../shared/catalog/listPrices.ts';
import { cloudProviders } from '../../../shared/catalog/machines.ts';
import { sources } from '../../../shared/catalog/sources.ts';
import type { ReadableDb } from '../store/open.ts';
import { findPrices, listSheets } from './queries.ts';

export interface RateRequest {
  provider: string;
  sku: string;
  region: string;
  currency: string;
  purchase: 'on-demand' | 'spot';
  /** UTC day. */
  at: string;
}

/**
 * What the imported sheets say of a plain machine or meter on a day: the negotiated rate and the
 * published one, as `effectiveRate` takes them. A sheet's own region comes before one of all regions;
 * two units or several prices of one rank give no rate.
 */
export function sheetRates(
  db: ReadableDb,
  { provider, sku, region, currency, purchase, at }: RateRequest,
): { sheet: Rate | null; list: Rate | null } {
  const find = (kind: Price['kind']) => {
    const { prices } = findPrices(db, {
      provider,
      sku,
      region,
      currency,
      purchase,
      at,
      kind,
      history: false,
      limit: 100,
    });
    const plain = prices.filter(({ variant, tier }) => variant === '' && tier === '0');
    const own = plain.filter((price) => price.region === region);
    const [price, another] = own.length > 0 ? own : plain;
    return price && !another ? rateOf(price) : null;
  };
  const dated = new Map(listSheets(db).map((sheet) => [sheet.id, sheet]));
  function rateOf(price: Price): Rate {
    return {
      amount: price.amount,
      currency: price.currency,
      unit: hourOr(price.unit),
      date: price.validFrom ?? dated.get(price.sheet)?.dated ?? '',
      from: `${dated.get(price.sheet)?.file ?? ''}, row ${price.row}`,
    };
  }
  return { sheet: find('negotiated'), list: find('published') };
}

/** What every place says: a negotiated sheet, and a published one or else the catalogue. */
export function ratesBeside(
  db: ReadableDb,
  request: RateRequest,
): { sheet: Rate | null; list: Rate | null } {
  const { sheet, list } = sheetRates(db, request);
  return { sheet, list: list ?? catalogueRate(request) };
}

/**
 * The rate to calculate with: the bill's own where the caller has one, then a negotiated sheet, then a
 * published one, then the catalogue's list price. Null where none of them knows one.
 */
export function rateFor(
  db: ReadableDb,
  request: RateRequest,
  bill: Rate | null,
): EffectiveRate | null {
  return effectiveRate({ bill, ...ratesBeside(db, request) });
}

function catalogueRate({
  provider,
  sku,
  region,
  currency,
  purchase,
  at,
}: RateRequest): Rate | null {
  const cloud = cloudProviders.find((name) => name === provider);
  const price = cloud ? listPrice({ provider: cloud, sku, region, purchase, at }) : null;
  if (!price || price.currency !== currency) return null;
  return {
    amount: price.amount,
    currency,
    unit: price.unit,
    date: price.from ?? price.seen,
    from: sources[price.source].title,
  };
}

/** Providers write an hour in five ways. */
function hourOr(unit: string): string {
  return /^(?:1 )?h(?:rs?|ours?)?$/i.test(unit.trim()) ? 'hour' : unit;
}
