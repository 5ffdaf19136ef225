import { type Model, type Offer } from './model.ts';
import {
  ceiling,
  divide,
  fraction,
  multiply,
  one,
  type Rational,
  toNumber,
  zero,
} from './rational.ts';
import {
  applicationOrder,
  type Commitment,
  ownedCommitment,
  purchased,
  type Purchase,
  type Share,
} from './simulate.ts';

/** Amounts and wants this near to each other are taken as equal; real ones are far apart. */
const same = 1e-11;

/** One thing to buy at one start, within the search. */
export interface Variable {
  offer: Offer;
  start: number;
  step: Rational;
  /** Steps beyond which more is lost in every hour. */
  limit: number;
}

interface Hours {
  count: number;
  usage: Float64Array;
  /** Amounts of owned commitments; those of variables are filled in from the point. */
  amounts: Float64Array;
  active: Uint8Array;
}

export interface Field {
  variables: Variable[];
  hours: Hours[];
  /** Flat triples of the order of application. */
  shareAt: Int32Array;
  commitmentAt: Int32Array;
  consumes: Float64Array;
  price: Float64Array;
  steps: Float64Array;
  /** Fee of one step over the window, of each variable. */
  fees: Float64Array;
  owned: number;
  /** What is paid whatever is bought: owned fees and spot. */
  fixed: number;
  /** A lower bound of the whole bill: all usage at the best rate it may have. */
  floor: number;
}

export function variablesOf(offers: Offer[], hours: number): { offer: Offer; start: number }[] {
  return offers.flatMap((offer) =>
    [...new Set(offer.starts)]
      .filter((start) => start >= 0 && start < hours)
      .map((start) => ({ offer, start })),
  );
}

/** Steps that cover all a variable may cover in its busiest hour. */
function limitOf(commitment: Commitment, shares: Share[], step: Rational, hours: number): number {
  let busiest = zero;
  for (
    let hour = Math.max(0, commitment.start);
    hour < Math.min(commitment.end, hours);
    hour += 1
  ) {
    let needed = zero;
    for (const share of shares) {
      const consumes =
        share.eligible && share.currency === commitment.currency
          ? commitment.consumes(share)
          : null;
      if (consumes === null) continue;
      const quantity = multiply(share.quantity[hour] ?? zero, consumes);
      needed = { n: needed.n * quantity.d + quantity.n * needed.d, d: needed.d * quantity.d };
    }
    if (needed.n * busiest.d > busiest.n * needed.d) busiest = needed;
  }
  return Number(ceiling(divide(busiest, step)));
}

/** Prepares the search of one currency for usage that is already decided. */
export function fieldOf(
  model: Model,
  currency: string,
  shares: Share[],
  candidates: { offer: Offer; start: number }[],
): Field {
  const wacc = model.scenario.policy?.wacc ?? 0;
  const own = shares.filter((share) => share.currency === currency);
  const owned = model.owned.filter((item) => item.currency === currency).map(ownedCommitment);
  const variables: Variable[] = [];
  const bought: Commitment[] = [];
  for (const { offer, start } of candidates) {
    if (offer.currency !== currency) continue;
    const step = offer.kind === 'ri' ? one : fraction(1, 1000);
    const commitment = purchased({ offer, start, amount: step }, wacc);
    const limit = limitOf(commitment, own, step, model.hours);
    if (limit === 0) continue;
    variables.push({ offer, start, step, limit });
    bought.push(commitment);
  }
  const commitments = [...owned, ...bought];
  const order = applicationOrder(commitments, own);
  const length = (commitment: Commitment) =>
    Math.max(0, Math.min(commitment.end, model.hours) - Math.max(commitment.start, 0));
  const groups = new Map<string, Hours>();
  for (let hour = 0; hour < model.hours; hour += 1) {
    const usage = own.map((share) => toNumber(share.quantity[hour] ?? zero));
    const active = commitments.map(({ start, end }) => (start <= hour && hour < end ? 1 : 0));
    const key = `${usage.join()}|${active.join('')}`;
    const group = groups.get(key);
    if (group) group.count += 1;
    else {
      groups.set(key, {
        count: 1,
        usage: Float64Array.from(usage),
        amounts: Float64Array.from(
          commitments.map(({ amount }, at) => (active[at] ? toNumber(amount) : 0)),
        ),
        active: Uint8Array.from(active),
      });
    }
  }
  const price = Float64Array.from(own.map((share) => toNumber(share.onDemand)));
  const best = own.map((_, at) => {
    let lowest = price[at] ?? 0;
    for (const application of order) {
      if (application.share !== at) continue;
      const isOwned = application.commitment < owned.length;
      const commitment = commitments[application.commitment] as Commitment;
      const rate = isOwned ? 0 : toNumber(application.consumes) * toNumber(commitment.fee);
      lowest = Math.min(lowest, rate);
    }
    return lowest;
  });
  let fixed = 0;
  for (const item of owned) fixed += length(item) * toNumber(multiply(item.amount, item.fee));
  for (const share of own) for (const cost of share.spotCost) fixed += toNumber(cost);
  let floor = fixed;
  for (const { count, usage } of groups.values()) {
    usage.forEach((quantity, at) => (floor += count * quantity * (best[at] ?? 0)));
  }
  return {
    variables,
    hours: [...groups.values()],
    shareAt: Int32Array.from(order.map(({ share }) => share)),
    commitmentAt: Int32Array.from(order.map(({ commitment }) => commitment)),
    consumes: Float64Array.from(order.map(({ consumes }) => toNumber(consumes))),
    price,
    steps: Float64Array.from(variables.map(({ step }) => toNumber(step))),
    fees: Float64Array.from(
      bought.map((item) => length(item) * toNumber(item.amount) * toNumber(item.fee)),
    ),
    owned: owned.length,
    fixed,
    floor,
  };
}

/**
 * On-demand charges of each group of hours at a point. `decisions` receives which of usage and
 * amount ended first at each application: 1 the usage, -1 the amount, 0 both at once.
 */
export function onDemand(
  field: Field,
  point: number[],
  charges: Float64Array,
  decisions: Int8Array,
): void {
  const { shareAt, commitmentAt, consumes, price, steps, owned } = field;
  let at = 0;
  field.hours.forEach(({ count, usage, amounts, active }, group) => {
    const rest = usage.slice();
    const left = amounts.slice();
    for (let index = 0; index < point.length; index += 1) {
      if (active[owned + index]) left[owned + index] = (point[index] ?? 0) * (steps[index] ?? 0);
    }
    for (let pair = 0; pair < shareAt.length; pair += 1, at += 1) {
      const share = shareAt[pair] as number;
      const commitment = commitmentAt[pair] as number;
      const each = consumes[pair] as number;
      decisions[at] = 0;
      if (!active[commitment]) continue;
      const wanted = (rest[share] as number) * each;
      const amount = left[commitment] as number;
      if (amount > wanted + same) {
        decisions[at] = 1;
        left[commitment] = amount - wanted;
        rest[share] = 0;
      } else if (amount < wanted - same) {
        decisions[at] = -1;
        left[commitment] = 0;
        rest[share] = (rest[share] as number) - amount / each;
      } else {
        // The linear bills on either side agree here.
        left[commitment] = 0;
        rest[share] = 0;
      }
    }
    let total = 0;
    for (let share = 0; share < rest.length; share += 1) {
      total += (rest[share] as number) * (price[share] as number);
    }
    charges[group] = count * total;
  });
}

export function purchasesAt(field: Field, point: number[]): Purchase[] {
  return field.variables.flatMap(({ offer, start, step }, index) => {
    const steps = point[index] ?? 0;
    return steps === 0 ? [] : [{ offer, start, amount: multiply(fraction(steps), step) }];
  });
}
