import {
  type Account,
  defaultPolicy,
  type OfferLine,
  type OwnedCommitment,
  type Price,
  type Sku,
  type SpotTerms,
  type Telemetry,
  type Workload,
} from '../../../shared/analysis/model.ts';
import { hoursPerMonth } from '../../../shared/analysis/model.ts';
import type { SavingsPolicy } from '../../../shared/contract/savings.ts';
import type { BillCommitment } from './bill-commitments.ts';
import { termIn } from './bill-commitments.ts';
import type { DaySpan } from './bill-use.ts';
import type { Shape } from './candidates.ts';
import type { FleetUse } from './fleet-use.ts';
import type { MachineRates } from './machine-rates.ts';
import type { MeasuredFleet } from './measured.ts';
import { skuOf } from './measured.ts';
import { type SpotFacts } from './spot-facts.ts';

/** A fleet with all that is known for deciding about it. */
export interface KnownFleet {
  use: FleetUse;
  /** Machines charged in the last week. */
  live: ReadonlySet<number>;
  measured: MeasuredFleet | null;
  /** Every live machine is measured: the rules may judge the fleet. */
  judged: boolean;
  rates: MachineRates;
  shapes: { shape: Shape; rates: MachineRates }[];
  spot: SpotFacts | null;
  /** Name in the account; fleets whose hours are not known are priced apart from the others. */
  sku: string;
}

/** What one provider's bill of one currency is made of, ready to be planned. */
export interface ProviderModel {
  provider: string;
  fleets: KnownFleet[];
  commitments: BillCommitment[];
  /** Days of history, the window among them; hours of the accounts count from the first of them. */
  span: DaySpan;
  windowDays: number;
  currency: string;
}

const untouchedSpot: SpotTerms = {
  eligible: false,
  mttpH: Number.NaN,
  checkpointH: 0,
  restartH: 0,
  noticeSaves: false,
  nodes: 1,
  maxFraction: 1,
};

/** Beyond any horizon: of commitments whose end is not known. */
const endless = 1e6;
/** Left unused beside uncovered use of others: it reaches no further than it did. */
const sharedUnused = 0.01;

/**
 * The account over all hours of history, priced as of the last day of the bill. `ends`: days from
 * which what is owned is gone, so that renewals may start then.
 */
export function accountOf(
  model: ProviderModel,
  policy: SavingsPolicy,
  rateOf: 'latest' | 'mean',
): Account {
  const { fleets, commitments, span, currency } = model;
  const hours = (span.lastDay - span.firstDay + 1) * 24;
  const skus = new Map<string, Sku>();
  const prices = new Map<string, Price>();
  const offers: OfferLine[] = [];
  const known = new Set<string>();
  const addSku = (
    sku: string,
    own: Sku,
    rates: MachineRates,
    region: string,
    mean: number | null,
  ) => {
    if (!skus.has(sku)) skus.set(sku, { ...own, sku });
    const key = `${sku}@${region}`;
    if (known.has(key)) return;
    const latest = rates.onDemand === null ? null : Number(rates.onDemand.amount);
    const onDemand = rateOf === 'mean' ? (mean ?? latest) : latest;
    if (onDemand === null) return;
    known.add(key);
    const spot = rates.spot === null ? null : Number(rates.spot.amount);
    prices.set(key, { sku, region, currency, onDemand, spot });
  };
  for (const { use, rates, sku, shapes } of fleets) {
    const { fleet } = use;
    addSku(
      sku,
      skuOf(fleet.sku, fleet.machine),
      rates,
      fleet.region,
      meanRate(fleets, sku, fleet.region),
    );
    for (const { shape, rates: own } of shapes) {
      if (shape.machine && shape.sku !== fleet.sku) {
        addSku(shape.sku, skuOf(shape.sku, shape.machine), own, fleet.region, null);
      }
    }
  }
  const owned = commitments.filter(({ kind }) => kind !== null).map((one) => ownedOf(one, model));
  offers.push(...ownedLines(model, prices));
  offers.push(...newLines(model, policy, prices));
  const workloads = fleets.map((fleet) => workloadOf(fleet, currency, policy));
  const telemetry = new Map<string, Telemetry>();
  for (const { use, measured, judged } of fleets) {
    if (measured && judged) telemetry.set(use.fleet.id, measured.telemetry);
  }
  return {
    hours,
    order: fleets.some(({ use }) => use.fleet.cloud === 'azure') ? 'azure' : 'default',
    policy: {
      ...defaultPolicy,
      wacc: policy.wacc,
      maxTermH: policy.maxTermMonths === null ? null : policy.maxTermMonths * hoursPerMonth,
    },
    fx: new Map([[currency, 1]]),
    skus,
    prices: [...prices.values()],
    offers,
    owned,
    workloads,
    candidates: fleets.flatMap(({ shapes, use, sku }) =>
      shapes.flatMap(({ shape }) => {
        if (shape.objection !== null) return [];
        if (!policy.levers.includes(shape.ratio === 0 ? 'stop' : 'resize')) return [];
        const { workload, option, ratio } = shape;
        return [{ workload, option, ratio, sku: shape.sku === use.fleet.sku ? sku : shape.sku }];
      }),
    ),
    telemetry,
  };
}

/** Mean on-demand rate of the window over all fleets of a SKU and region. */
function meanRate(fleets: readonly KnownFleet[], sku: string, region: string): number | null {
  let [cost, hours] = [0, 0];
  for (const { use, sku: own } of fleets) {
    if (own !== sku || use.fleet.region !== region || use.meanRate === null) continue;
    cost += use.meanRate * use.hours;
    hours += use.hours;
  }
  return hours > 0 ? cost / hours : null;
}

function workloadOf(
  { use, sku, spot }: KnownFleet,
  currency: string,
  policy: SavingsPolicy,
): Workload {
  const { fleet, usage, spotUsage, spotCost } = use;
  const terms = spot?.terms ?? null;
  return {
    id: fleet.id,
    account: fleet.account,
    region: fleet.region,
    sku,
    currency,
    spotNow: spotUsage !== null,
    eligibleForCommitment: true,
    spot:
      terms && policy.levers.includes('spot')
        ? { ...untouchedSpot, ...terms, eligible: true }
        : untouchedSpot,
    usage,
    spotUsage,
    spotCost: spotUsage === null ? 0 : spotCost,
  };
}

function ownedOf(one: BillCommitment, { span, currency, fleets }: ProviderModel): OwnedCommitment {
  const startH = (one.firstDay - span.firstDay) * 24;
  // A reservation of machines whose hours are not known covers them under their own name.
  const covered = new Set(one.covers.map(({ fleet }) => fleet));
  const names = new Set(fleets.filter(({ use }) => covered.has(use.fleet)).map(({ sku }) => sku));
  const sku = names.size === 1 ? ([...names][0] as string) : one.sku;
  const family = one.family !== null && sku?.startsWith('ml.') ? `ml.${one.family}` : one.family;
  return {
    id: one.id,
    kind: one.kind ?? 'csp',
    offer: ownedOffer(one),
    amount: one.amount,
    sku: one.kind === 'ri' ? sku : null,
    family: one.kind === 'csp' ? null : family,
    region: one.region,
    account: one.account,
    flex: false,
    startH: one.startsBefore ? Math.min(0, startH) : startH,
    endH: one.endDay === null ? endless : (one.endDay - span.firstDay) * 24,
    feePerUnit: one.feePerUnit,
    currency,
  };
}

function ownedOffer({ id }: BillCommitment): string {
  return `owned ${id}`;
}

/**
 * Rates of what is owned: as the bill covered with them; for plans that reached all they could, also
 * what their offer says of other machines, and within a family the same discount.
 */
function ownedLines(model: ProviderModel, prices: ReadonlyMap<string, Price>): OfferLine[] {
  const { fleets, commitments, currency } = model;
  return commitments.flatMap((one): OfferLine[] => {
    if (one.kind === null) return [];
    const common = {
      offer: ownedOffer(one),
      kind: one.kind,
      termH: (termIn(`${one.name} ${one.endReason}`) ?? 12) * hoursPerMonth,
      upfront: 0,
      starts: [],
      currency,
    };
    const lines = new Map<string, OfferLine>();
    const add = (sku: string, region: string, rate: number) => {
      const key = `${sku}@${region}`;
      if (!lines.has(key) && rate > 0) lines.set(key, { ...common, sku, region, rate });
    };
    let [paid, equivalent] = [0, 0];
    for (const { fleet, hours, effective, onDemand } of one.covers) {
      const own = fleets.find(({ use }) => use.fleet === fleet);
      if (!own) continue;
      add(
        own.sku,
        fleet.region,
        one.kind === 'ri' ? one.feePerUnit : Number((effective / hours).toPrecision(10)),
      );
      paid += effective;
      equivalent += onDemand;
    }
    if (one.kind === 'ri') return [...lines.values()];
    const reached = one.unused <= sharedUnused * (one.used + one.unused);
    const ratio = equivalent > 0 ? paid / equivalent : null;
    for (const { use, sku, rates, shapes } of fleets) {
      const { fleet } = use;
      const all = [
        { sku, rates, region: fleet.region, family: fleet.machine.family, now: true },
      ].concat(
        shapes.flatMap(({ shape, rates: own }) =>
          shape.machine && shape.sku !== fleet.sku
            ? [
                {
                  sku: shape.sku,
                  rates: own,
                  region: fleet.region,
                  family: shape.machine.family,
                  now: false,
                },
              ]
            : [],
        ),
      );
      for (const other of all) {
        const price = prices.get(`${other.sku}@${other.region}`);
        if (!price || (other.now && !reached)) continue;
        if (one.kind === 'isp' && (other.family !== one.family || other.region !== one.region))
          continue;
        const term = common.termH / hoursPerMonth;
        const offered = other.rates.offers.find(
          ({ kind, termMonths, upfront }) =>
            kind === one.kind && termMonths === term && upfront === 0,
        );
        if (offered) add(other.sku, other.region, offered.rate);
        else if (one.kind === 'isp' && ratio !== null)
          add(other.sku, other.region, price.onDemand * ratio);
      }
    }
    return [...lines.values()];
  });
}

/** Days ahead within which the end of a commitment is an occasion to renew it. */
const renewalDays = 90;

/** Id of an offer: what is bought, for how long, how it is paid. */
export function offerId(
  provider: string,
  offer: string,
  termMonths: number,
  upfront: number,
): string {
  const payment = upfront === 0 ? 'no upfront' : upfront === 1 ? 'all upfront' : 'partial upfront';
  return [provider, offer, `${termMonths} months`, payment].join('|');
}

/** What may be bought; it starts at once, or when something of its kind that is owned ends. */
function newLines(
  model: ProviderModel,
  policy: SavingsPolicy,
  prices: ReadonlyMap<string, Price>,
): OfferLine[] {
  if (!policy.levers.includes('commitment')) return [];
  const { fleets, commitments, span, currency, provider } = model;
  const today = span.lastDay + 1;
  const lines = new Map<string, OfferLine>();
  const add = (sku: string, region: string, family: string, rates: MachineRates) => {
    if (!prices.has(`${sku}@${region}`)) return;
    for (const { offer, kind, termMonths, upfront, rate } of rates.offers) {
      if (!policy.commitments.includes(kind)) continue;
      if (policy.maxTermMonths !== null && termMonths > policy.maxTermMonths) continue;
      if (policy.maxCash !== null && policy.maxCash <= 0 && upfront > 0) continue;
      const ends = commitments.flatMap(({ kind: own, endDay, sku: ownSku, family: ownFamily }) => {
        if (own !== kind || endDay === null) return [];
        // What ends later is for a later plan to renew.
        if (endDay <= today || endDay > today + renewalDays) return [];
        if (ownSku?.startsWith('ml.') !== sku.startsWith('ml.')) return [];
        if (kind === 'ri' && ownSku !== sku) return [];
        if (kind === 'isp' && ownFamily !== family) return [];
        return [(endDay - today) * 24];
      });
      const id = offerId(provider, offer, termMonths, upfront);
      lines.set(`${id} ${sku}@${region}`, {
        offer: id,
        kind,
        termH: termMonths * hoursPerMonth,
        upfront,
        starts: [...new Set([0, ...ends])].sort((a, b) => a - b),
        sku,
        region,
        currency,
        rate,
      });
    }
  };
  for (const { use, sku, rates, shapes } of fleets) {
    const { fleet, hoursKnown } = use;
    // Day rows of machines that run for part of the day say nothing of the hours to commit to.
    if (hoursKnown) add(sku, fleet.region, fleet.machine.family, rates);
    if (!hoursKnown) continue;
    for (const { shape, rates: own } of shapes) {
      if (shape.machine && shape.sku !== fleet.sku)
        add(shape.sku, fleet.region, shape.machine.family, own);
    }
  }
  return [...lines.values()];
}
