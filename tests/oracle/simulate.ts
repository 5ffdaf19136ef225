import { type Kind, type Model, type Offer, type Owned, rateOf } from './model.ts';
import {
  add,
  compare,
  decimal,
  divide,
  fraction,
  least,
  multiply,
  one,
  type Rational,
  subtract,
  sum,
  zero,
} from './rational.ts';
import { paidHours } from './spot.ts';

/** What happens to one workload: absent choices leave it as it is. */
export interface Choice {
  option: string | null;
  spot: boolean;
}

export interface Purchase {
  offer: Offer;
  start: number;
  amount: Rational;
}

export interface Plan {
  workloads: Map<string, Choice>;
  purchases: Purchase[];
}

/** The usage of one workload after its choice. Spot is priced; the rest takes part in coverage. */
export interface Share {
  workload: string;
  account: string;
  sku: string;
  family: string;
  region: string;
  currency: string;
  size: Rational;
  onDemand: Rational;
  eligible: boolean;
  quantity: Rational[];
  spotCost: Rational[];
}

/** An owned or bought commitment as the simulation applies it. */
export interface Commitment {
  id: string;
  kind: Kind;
  currency: string;
  account: string | null;
  flexible: boolean;
  start: number;
  end: number;
  amount: Rational;
  /** Paid per hour and unit of amount, in economic terms for purchases. */
  fee: Rational;
  /** Amount consumed by one unit of the share's usage; null where the share is not eligible. */
  consumes: (share: Share) => Rational | null;
  /** Committed price of one unit of the share's usage. */
  rate: (share: Share) => Rational;
}

export interface CurrencyBill {
  fees: Rational;
  onDemand: Rational;
  spot: Rational;
  /** Fee of what no hour used. */
  unused: Rational;
  /** On-demand equivalent of all eligible usage, and of its covered part. */
  equivalent: Rational;
  coveredEquivalent: Rational;
  /** On-demand charges of usage that commitments could cover. */
  onDemandEligible: Rational;
}

/** (1 + capital cost)^(1/12) - 1 a month; cost of paying the share f now instead of monthly. */
export function economicFactor(offer: Offer, wacc: number): Rational {
  const upfront = Number(offer.upfront.n) / Number(offer.upfront.d);
  if (wacc === 0 || upfront === 0) return one;
  const monthly = (1 + wacc) ** (1 / 12) - 1;
  const months = offer.termHours / 730;
  return decimal(1 - upfront + (upfront * months * monthly) / (1 - (1 + monthly) ** -months));
}

export function shareOf(model: Model, index: number, choice: Choice): Share {
  const usage = model.workloads[index];
  if (!usage) throw new RangeError(`No workload ${index}.`);
  const { facts } = usage;
  const candidate = model.candidates.find(
    (row) => row.workload === facts.id && row.option_id === choice.option,
  );
  if (choice.option !== null && !candidate) throw new Error(`No option ${choice.option}.`);
  const ratio = candidate ? decimal(candidate.ratio) : one;
  const stopped = ratio.n === 0n;
  const sku = candidate && !stopped ? candidate.target_sku : facts.sku;
  const price = model.price(sku, facts.region, facts.currency);
  if (!price) throw new Error(`No price of ${sku} in ${facts.region}, ${facts.currency}.`);
  const spotPrice = () => {
    const paid = paidHours(facts.spot);
    if (price.spot === null || paid === null) throw new Error(`${sku} cannot run on spot.`);
    return multiply(price.spot, paid);
  };
  const scaled = (list: Rational[]) => list.map((quantity) => multiply(quantity, ratio));
  let quantity = scaled(usage.firm);
  let spotCost = usage.spotCost;
  if (stopped) spotCost = scaled(spotCost);
  else if (choice.spot && facts.spot_now) {
    // Still on spot: as billed, or at the target's spot price.
    if (candidate) spotCost = scaled(usage.spot).map((useful) => multiply(useful, spotPrice()));
  } else {
    const all = scaled(usage.firm.map((firm, hour) => add(firm, usage.spot[hour] ?? zero)));
    const moved = choice.spot ? decimal(facts.spot?.max_fraction ?? 1) : zero;
    const each = choice.spot ? multiply(moved, spotPrice()) : zero;
    spotCost = all.map((useful) => multiply(useful, each));
    quantity = all.map((useful) => multiply(useful, subtract(one, moved)));
  }
  return {
    workload: facts.id,
    account: facts.account,
    sku,
    family: model.skus.get(sku)?.family ?? '',
    region: facts.region,
    currency: facts.currency,
    size: model.skus.get(sku)?.size ?? one,
    onDemand: price.onDemand,
    eligible: facts.eligible_for_commitment,
    quantity,
    spotCost,
  };
}

export function ownedCommitment(owned: Owned): Commitment {
  const { kind, flexible } = owned;
  const listed = (share: Share) => owned.rates.get(`${share.sku}|${share.region}`) ?? null;
  const within = (share: Share) => {
    if (kind === 'csp') return true;
    if (share.region !== owned.region) return false;
    return kind === 'isp' || flexible ? share.family === owned.family : share.sku === owned.sku;
  };
  return {
    id: owned.id,
    kind,
    currency: owned.currency,
    account: owned.account,
    flexible,
    start: owned.start,
    end: owned.end,
    amount: owned.amount,
    fee: owned.fee,
    consumes: (share) => {
      if (!within(share)) return null;
      return kind === 'ri' ? (flexible ? share.size : one) : listed(share);
    },
    rate: (share) =>
      kind === 'ri' ? multiply(owned.fee, flexible ? share.size : one) : (listed(share) ?? zero),
  };
}

export function purchased({ offer, start, amount }: Purchase, wacc: number): Commitment {
  const { kind } = offer;
  // Offers are one per scope, so a rate exists exactly for the shares in scope.
  const rate = (share: Share) => offer.rates.get(`${share.sku}|${share.region}`) ?? null;
  const factor = economicFactor(offer, wacc);
  const whole = kind === 'ri' ? [...offer.rates.values()][0] : one;
  if (!whole) throw new Error(`${offer.id} has no rate.`);
  return {
    id: `${offer.id}@${start}`,
    kind,
    currency: offer.currency,
    account: null,
    flexible: false,
    start,
    end: start + offer.termHours,
    amount,
    fee: multiply(whole, factor),
    consumes: (share) => (rate(share) === null ? null : kind === 'ri' ? one : rate(share)),
    rate: (share) => rate(share) ?? zero,
  };
}

export interface Application {
  commitment: number;
  share: number;
  consumes: Rational;
}

/** Whether usage is the owner account's. What is bought has no account, so no usage is its own. */
const isOwn = (commitment: Commitment, share: Share) => commitment.account === share.account;

const rank: Record<Kind, number> = { ri: 0, isp: 1, csp: 2 };

/**
 * The order in which commitments meet usage: by kind, then the owner account's usage, then the
 * highest savings percentage, the lowest rate, the ids. Size-flexible ones take small sizes first.
 */
export function applicationOrder(commitments: Commitment[], shares: Share[]): Application[] {
  const found = commitments.flatMap((commitment, at) =>
    shares.flatMap((share, to) => {
      if (!share.eligible || share.currency !== commitment.currency) return [];
      const consumes = commitment.consumes(share);
      if (consumes === null) return [];
      const rate = commitment.rate(share);
      return [
        {
          application: { commitment: at, share: to, consumes },
          kind: rank[commitment.kind],
          foreign: isOwn(commitment, share) ? 0 : 1,
          flexible: commitment.flexible ? 1 : 0,
          size: commitment.flexible ? share.size : zero,
          remains: share.onDemand.n === 0n ? one : divide(rate, share.onDemand),
          rate,
          id: commitment.id,
          usage: share.workload,
        },
      ];
    }),
  );
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  found.sort(
    (a, b) =>
      a.kind - b.kind ||
      a.foreign - b.foreign ||
      a.flexible - b.flexible ||
      compare(a.size, b.size) ||
      compare(a.remains, b.remains) ||
      compare(a.rate, b.rate) ||
      order(a.id, b.id) ||
      order(a.usage, b.usage),
  );
  return found.map(({ application }) => application);
}

export interface HourCoverage {
  /** Quantity covered by each application, in their order. */
  covered: Rational[];
  /** Quantity of each share that pays on-demand. */
  uncovered: Rational[];
  /** Amount of each commitment that is lost. */
  left: Rational[];
}

/** One hour: every application takes what usage and amount allow. */
export function coverHour(
  order: Application[],
  usage: Rational[],
  amounts: Rational[],
): HourCoverage {
  const uncovered = [...usage];
  const left = [...amounts];
  const covered = order.map(({ commitment, share, consumes }) => {
    const wanted = uncovered[share] ?? zero;
    const amount = left[commitment] ?? zero;
    if (wanted.n === 0n || amount.n === 0n) return zero;
    const taken = least(wanted, divide(amount, consumes));
    uncovered[share] = subtract(wanted, taken);
    left[commitment] = subtract(amount, multiply(taken, consumes));
    return taken;
  });
  return { covered, uncovered, left };
}

export interface Simulation {
  shares: Share[];
  commitments: Commitment[];
  order: Application[];
  bills: Map<string, CurrencyBill>;
}

/** Called for every hour with what covered what, for those who need rows and not only sums. */
export type HourListener = (hour: number, coverage: HourCoverage) => void;

/** The bill of the window under a plan, hour by hour, in every currency on its own. */
export function simulate(model: Model, plan: Plan, listen?: HourListener): Simulation {
  const wacc = model.scenario.policy?.wacc ?? 0;
  const shares = model.workloads.map(({ facts }, index) =>
    shareOf(model, index, plan.workloads.get(facts.id) ?? { option: null, spot: facts.spot_now }),
  );
  const commitments = [
    ...model.owned.map(ownedCommitment),
    ...plan.purchases.map((purchase) => purchased(purchase, wacc)),
  ];
  const order = applicationOrder(commitments, shares);
  const bills = new Map<string, CurrencyBill>(
    model.currencies.map((currency) => [
      currency,
      {
        fees: zero,
        onDemand: zero,
        spot: sum(shares.filter((s) => s.currency === currency).flatMap((s) => s.spotCost)),
        unused: zero,
        equivalent: zero,
        coveredEquivalent: zero,
        onDemandEligible: zero,
      },
    ]),
  );
  // Equal hours have equal bills: each distinct hour is worked out once and counted.
  const known = new Map<string, { coverage: HourCoverage; usage: Rational[]; hours: number }>();
  for (let hour = 0; hour < model.hours; hour += 1) {
    const usage = shares.map((share) => share.quantity[hour] ?? zero);
    const active = commitments.map(({ start, end }) => start <= hour && hour < end);
    const key = `${usage.map(({ n, d }) => `${n}/${d}`).join()}|${active.map(Number).join('')}`;
    let same = known.get(key);
    if (!same) {
      const amounts = commitments.map(({ amount }, at) => (active[at] ? amount : zero));
      same = { coverage: coverHour(order, usage, amounts), usage, hours: 0 };
      known.set(key, same);
    }
    same.hours += 1;
    listen?.(hour, same.coverage);
  }
  for (const { coverage, usage, hours } of known.values()) {
    const times = fraction(hours);
    shares.forEach((share, at) => {
      const bill = bills.get(share.currency) as CurrencyBill;
      const all = multiply(times, multiply(usage[at] ?? zero, share.onDemand));
      const rest = multiply(times, multiply(coverage.uncovered[at] ?? zero, share.onDemand));
      bill.onDemand = add(bill.onDemand, rest);
      if (!share.eligible) return;
      bill.onDemandEligible = add(bill.onDemandEligible, rest);
      bill.equivalent = add(bill.equivalent, all);
      bill.coveredEquivalent = add(bill.coveredEquivalent, subtract(all, rest));
    });
    commitments.forEach((commitment, at) => {
      const bill = bills.get(commitment.currency) as CurrencyBill;
      const lost = multiply(coverage.left[at] ?? zero, commitment.fee);
      bill.unused = add(bill.unused, multiply(times, lost));
    });
  }
  for (const { start, end, amount, fee, currency } of commitments) {
    const bill = bills.get(currency) as CurrencyBill;
    const hours = Math.max(0, Math.min(end, model.hours) - Math.max(start, 0));
    bill.fees = add(bill.fees, multiply(fraction(hours), multiply(amount, fee)));
  }
  return { shares, commitments, order, bills };
}

/** Fees, on-demand and spot of every currency, in the reporting currency. */
export function totalOf(model: Model, simulation: Simulation): Rational {
  return sum(
    [...simulation.bills].map(([currency, bill]) =>
      multiply(rateOf(model.scenario, currency), add(bill.fees, add(bill.onDemand, bill.spot))),
    ),
  );
}
