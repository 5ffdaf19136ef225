import type { Exact } from '../domain/exact.ts';
import { scaled } from '../workloads/change.ts';

/** What one machine or meter cost and how much of it was used, in the days before and in those counted. */
export interface MeterUse {
  name: string;
  /** Null: it is not counted in units. */
  unit: string | null;
  before: Use;
  now: Use;
}

export interface Use {
  cost: Exact;
  /** Null where the bill does not say it. */
  quantity: Exact | null;
  /** On demand less committed of what the commitments of other decisions cover, by their keys. */
  credited: ReadonlyMap<string, Exact>;
}

export interface MeasuredMeter extends MeterUse {
  /** What the units used now would have cost as before; null where nothing says. */
  expected: Exact | null;
  saved: Exact | null;
}

export interface Measured {
  meters: MeasuredMeter[];
  /** Of the meters, before others are credited. */
  saved: Exact;
  /** What these charges would count twice, by the keys of the decisions that are credited with it. */
  elsewhere: Map<string, Exact>;
  /** Cost now of meters of which nothing says what they would have cost. */
  newCost: Exact;
}

/** A machine replaced by another: `ratio` units of `to` do what one unit of `from` did. */
export interface Resize {
  from: string;
  to: string;
  /** As a fraction. */
  ratio: readonly [number: bigint, of: bigint];
}

/** Against what as many days cost before: for what was stopped, where no unit is left to count by. */
export function measureDays(
  uses: readonly MeterUse[],
  days: { before: number; now: number },
): Measured {
  const expect = (amount: Exact) => scaled(amount, BigInt(days.now), BigInt(days.before));
  return measured(uses.map((use) => ({ use, expect })));
}

/**
 * Against what the units used now would have cost at the price before: usage that grows or shrinks is
 * neither a saving nor a loss. Units of a machine's replacement count as those that it replaces, beyond
 * what was used of it before. What was not used before has no price to be held against.
 */
export function measureRate(
  uses: readonly MeterUse[],
  days: { before: number; now: number },
  resize: Resize | null = null,
): Measured {
  const replaced = resize && uses.find(({ name }) => name === resize.from);
  return measured(
    uses.map((use) => {
      const [was, is] = [use.before.quantity, use.now.quantity];
      if (was === null || is === null) return { use, expect: null };
      if (resize && replaced && use.name === resize.to && resize.to !== resize.from) {
        return { use, expect: replacement(use, replaced, days, resize) };
      }
      if (was <= 0n) return { use, expect: null };
      return { use, expect: (amount: Exact) => scaled(amount, is, was) };
    }),
  );
}

/** Against what the usage that commitments cover would cost on demand; what goes unused is lost. */
export function measureDiscount(uses: readonly { use: MeterUse; onDemand: Exact }[]): Measured {
  return measured(uses.map(({ use, onDemand }) => ({ use, expect: () => onDemand })));
}

type Expect = (amount: Exact, of: (use: Use) => Exact) => Exact;

function replacement(
  use: MeterUse,
  replaced: MeterUse,
  days: { before: number; now: number },
  { ratio: [number, of] }: Resize,
): Expect | null {
  const price = replaced.before.quantity ?? 0n;
  if (price <= 0n || number <= 0n) return null;
  const [was, is] = [use.before.quantity ?? 0n, use.now.quantity ?? 0n];
  const usual = scaled(was, BigInt(days.now), BigInt(days.before));
  const own = is < usual ? is : usual;
  const more = is - own;
  return (amount, amountOf) =>
    (was > 0n ? scaled(amount, own, was) : 0n) +
    scaled(amountOf(replaced.before), more * of, price * number);
}

function measured(meters: readonly { use: MeterUse; expect: Expect | null }[]): Measured {
  let [saved, newCost] = [0n, 0n];
  const elsewhere = new Map<string, Exact>();
  const found = meters.map(({ use, expect }): MeasuredMeter => {
    if (expect === null) {
      newCost += use.now.cost;
      return { ...use, expected: null, saved: null };
    }
    const expected = expect(use.before.cost, ({ cost }) => cost);
    const own = expected - use.now.cost;
    saved += own;
    const keys = new Set(meters.flatMap((one) => [...one.use.before.credited.keys()]));
    for (const key of use.now.credited.keys()) keys.add(key);
    for (const key of keys) {
      const creditOf = ({ credited }: Use) => credited.get(key) ?? 0n;
      const apart = expect(creditOf(use.before), creditOf) - creditOf(use.now);
      if (apart !== 0n) elsewhere.set(key, (elsewhere.get(key) ?? 0n) + apart);
    }
    return { ...use, expected, saved: own };
  });
  return { meters: found, saved, elsewhere, newCost };
}

/** A decision whose savings are measured, before what it shares with later ones is told apart. */
export interface MeasuredDecision {
  key: string;
  saved: Exact;
  elsewhere: ReadonlyMap<string, Exact>;
}

/**
 * What each decision is credited with, so that nothing is counted twice: a decision is held against
 * the days before it, and what later ones on the same charges have added since is theirs. `shared` is
 * what a later decision saved on the charges of an earlier one, held against the days before the later;
 * null where they share none. Decisions in the order in which they took effect.
 */
export function credit(
  decisions: readonly MeasuredDecision[],
  shared: (earlier: string, later: string) => Exact | null,
): Map<string, { banked: Exact; elsewhere: Map<string, Exact> }> {
  return new Map(
    decisions.map(({ key, saved, elsewhere: own }, place) => {
      const added = new Map<string, Exact>();
      for (const later of decisions.slice(place + 1).reverse()) {
        const all = shared(key, later.key);
        if (all === null) continue;
        const sinceThen = [...added]
          .filter(([other]) => shared(later.key, other) !== null)
          .map(([, amount]) => -amount);
        added.set(later.key, sumOf(sinceThen, all));
      }
      const elsewhere = new Map(own);
      for (const [other, amount] of added) {
        elsewhere.set(other, (elsewhere.get(other) ?? 0n) - amount);
      }
      return [key, { banked: sumOf(elsewhere.values(), saved), elsewhere }];
    }),
  );
}

function sumOf(amounts: Iterable<Exact>, start: Exact): Exact {
  let sum = start;
  for (const amount of amounts) sum += amount;
  return sum;
}

/** Hours of a month that promises are made for (SAVINGS.md section 2). */
const hoursPerMonth = 730n;

/** A monthly amount for so many days. */
export function ofDays(monthly: Exact, days: number): Exact {
  return scaled(monthly, BigInt(days) * 24n, hoursPerMonth);
}

/** What an amount over so many days comes to in a month. */
export function ofMonth(amount: Exact, days: number): Exact {
  return scaled(amount, hoursPerMonth, BigInt(days) * 24n);
}
