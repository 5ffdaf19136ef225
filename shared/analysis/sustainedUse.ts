export type SustainedTiers = 'n1' | 'n2';

/** Price factors of the quarters of a month that a unit runs (Google Cloud sustained use). */
const factors: Record<SustainedTiers, readonly number[]> = {
  n1: [1, 0.8, 0.6, 0.4],
  n2: [1, 0.8678, 0.733, 0.6],
};

/** Hours that are paid in full when a unit runs `hours` of a month. */
export function sustainedHours(hours: number, monthHours: number, tiers: SustainedTiers): number {
  const quarter = monthHours / 4;
  let paid = 0;
  for (const [index, factor] of factors[tiers].entries()) {
    paid += Math.min(Math.max(0, hours - index * quarter), quarter) * factor;
  }
  return paid;
}

export interface GoogleUsage {
  /** Units in each hour; months of `monthHours` follow one another. */
  usage: readonly number[];
  price: number;
  cudPrice: number;
  tiers: SustainedTiers;
  monthHours: number;
}

/**
 * The bill with `units` under a resource commitment: their fee in every hour, and sustained use
 * for what they leave uncovered. Slot k of the stack is charged for the hours in which uncovered
 * usage exceeds k; a unit used in part counts with its part.
 */
export function sustainedBill(bill: GoogleUsage, units: number): number {
  let paid = 0;
  for (let from = 0; from < bill.usage.length; from += bill.monthHours) {
    const uncovered = bill.usage
      .slice(from, from + bill.monthHours)
      .map((used) => Math.max(0, used - units))
      .sort((a, b) => b - a);
    // Between two neighbouring levels of the sorted usage the same hours are busy.
    for (const [index, level] of uncovered.entries()) {
      const width = level - (uncovered[index + 1] ?? 0);
      if (width > 0) paid += width * sustainedHours(index + 1, bill.monthHours, bill.tiers);
    }
  }
  return paid * bill.price + units * bill.cudPrice * bill.usage.length;
}

/** Whole units that make the bill smallest, the fewest among equals. */
export function bestCommittedUnits(bill: GoogleUsage): number {
  const most = Math.ceil(Math.max(0, ...bill.usage));
  let best = 0;
  let least = sustainedBill(bill, 0);
  // Each further slot of the stack is busy in fewer hours, so the bill is convex in the units.
  for (let units = 1; units <= most; units++) {
    const cost = sustainedBill(bill, units);
    if (cost > least + 1e-9) break;
    if (cost < least - 1e-9) {
      best = units;
      least = cost;
    }
  }
  return best;
}
