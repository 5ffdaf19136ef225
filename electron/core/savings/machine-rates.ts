import type { CommitmentKind } from '../../../shared/analysis/model.ts';
import {
  effectiveRate,
  type EffectiveRate,
  type Rate,
} from '../../../shared/catalog/effectiveRate.ts';
import { listPrice } from '../../../shared/catalog/listPrices.ts';
import type { CloudProvider } from '../../../shared/catalog/machines.ts';
import { sources } from '../../../shared/catalog/sources.ts';
import type { Price, PriceSheet } from '../../../shared/contract/prices.ts';
import { findPrices, listSheets } from '../prices/queries.ts';
import type { ReadableDb } from '../store/open.ts';

/** An offer of a commitment for a machine, an hour, amortised. */
export interface OfferRate {
  /** Provider's own word for it: "compute-savings-plan". */
  offer: string;
  kind: CommitmentKind;
  termMonths: number;
  /** Share of the whole price paid at its start. */
  upfront: number;
  rate: number;
  from: string;
  date: string;
}

/** What an hour of a machine type costs in a region, each figure with where it was read. */
export interface MachineRates {
  onDemand: EffectiveRate | null;
  spot: EffectiveRate | null;
  offers: OfferRate[];
}

export interface MachineQuestion {
  cloud: CloudProvider;
  /** As bills and sheets name it. */
  type: string;
  region: string;
  currency: string;
  /** What the bill itself charges. */
  bill: Rate | null;
  /** What the bill charges for spot. */
  billSpot: Rate | null;
}

const hoursAMonth = 730;

/** Looks prices up on a day, each sheet and machine once. */
export function createRates(
  db: ReadableDb,
  at: string,
): (question: MachineQuestion) => MachineRates {
  const sheets = new Map(listSheets(db).map((sheet) => [sheet.id, sheet]));
  const known = new Map<string, Price[]>();
  const pricesOf = ({ cloud, type, currency }: MachineQuestion): Price[] => {
    const key = JSON.stringify([cloud, type, currency]);
    let prices = known.get(key);
    if (!prices) {
      const filter = { provider: cloud, sku: type, currency, at, history: false, limit: 2000 };
      prices = sheets.size === 0 ? [] : findPrices(db, filter).prices;
      known.set(key, prices);
    }
    return prices;
  };
  return (question) => {
    const { region, bill, billSpot } = question;
    const plain = pricesOf(question).filter(
      (price) =>
        price.variant === '' &&
        price.tier === '0' &&
        isHour(price.unit) &&
        (price.region === null || price.region === region),
    );
    const best = (purchase: Price['purchase'], kind: PriceSheet['kind']): Rate | null => {
      const all = plain.filter((price) => price.purchase === purchase && price.kind === kind);
      const own = all.filter((price) => price.region === region);
      const [price, another] = own.length > 0 ? own : all;
      return price && !another ? rateOf(price, sheets) : null;
    };
    const rate = (purchase: 'on-demand' | 'spot', own: Rate | null) =>
      effectiveRate({
        bill: own,
        sheet: best(purchase, 'negotiated'),
        list: best(purchase, 'published') ?? catalogueRate(question, purchase, at),
      });
    return {
      onDemand: rate('on-demand', bill),
      // The market of today, not the one that was paid on the way here.
      spot: rate('spot', null) ?? rate('spot', billSpot),
      offers: offersOf(plain, sheets),
    };
  };
}

function catalogueRate(
  { cloud, type, region, currency }: MachineQuestion,
  purchase: 'on-demand' | 'spot',
  at: string,
): Rate | null {
  const price = listPrice({ provider: cloud, sku: type, region, purchase, at });
  if (!price || price.currency !== currency) return null;
  const { amount, unit, from, seen, source } = price;
  return { amount, currency, unit, date: from ?? seen, from: sources[source].title };
}

function isHour(unit: string): boolean {
  return /^(?:1 )?h(?:rs?|ours?)?$/i.test(unit.trim());
}

function rateOf(price: Price, sheets: ReadonlyMap<number, PriceSheet>): Rate {
  const sheet = sheets.get(price.sheet);
  return {
    amount: price.amount,
    currency: price.currency,
    unit: 'hour',
    date: price.validFrom ?? sheet?.dated ?? '',
    from: `${sheet?.file ?? ''}, row ${price.row}`,
  };
}

/** Negotiated offers win over published ones of the same name, term and payment. */
function offersOf(prices: readonly Price[], sheets: ReadonlyMap<number, PriceSheet>): OfferRate[] {
  const found = new Map<string, OfferRate>();
  for (const kind of ['published', 'negotiated'] as const) {
    for (const price of prices) {
      if (price.purchase !== 'commitment' || price.kind !== kind) continue;
      const { offer, termMonths, payment } = price;
      const what = offer === null ? null : offerKind(offer);
      if (offer === null || what === null || termMonths === null) continue;
      const hourly = Number(price.amount);
      const once = Number(price.upfront ?? 0) / (termMonths * hoursAMonth);
      const rate = hourly + once;
      if (!(rate > 0)) continue;
      const { from, date } = rateOf(price, sheets);
      found.set(`${offer} ${termMonths} ${payment ?? 'none'}`, {
        offer,
        kind: what,
        termMonths,
        upfront: payment === 'all' && once === 0 ? 1 : once / rate,
        rate,
        from,
        date,
      });
    }
  }
  return [...found.values()];
}

/** Others map onto these three (SAVINGS.md section 1). */
function offerKind(offer: string): CommitmentKind | null {
  if (/instance.*plan/i.test(offer)) return 'isp';
  if (/savings-?plan|plan$|flexible/i.test(offer)) return 'csp';
  return /reserv|^cud$|resource/i.test(offer) ? 'ri' : null;
}
