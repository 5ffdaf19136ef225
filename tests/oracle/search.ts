import { type Field, onDemand } from './field.ts';

/**
 * The exhaustive search for amounts. Every amount is a whole number of purchase steps (1 unit of an
 * `ri`, 0.001 of a plan), and the search looks at the whole lattice of them, in boxes:
 *
 * - More of any commitment leaves no more of any usage, and no less of any other amount, at each
 *   step of the order of application (by induction). So at each step "amount minus what the usage
 *   wants" rises with every amount: where usage ends first at the lowest corner of a box it does so
 *   everywhere in it, and where the amount ends first at the highest corner, likewise.
 * - What one unit more of an amount saves is followed backwards through the steps: a step where the
 *   amount ends passes on the worth of the usage, one where the usage ends passes on the worth of
 *   what is freed, an undecided one either. That gives the least and the most that on-demand
 *   charges fall per unit in the box, hence two linear functions below them: from the lowest corner
 *   at the steepest fall, and from the highest at the slightest. Fees are linear, so the least bill
 *   of a box is bounded by a corner of such a function; a bound not below the best bill found
 *   leaves the box out.
 * - A box with every step decided has one linear bill; its minimum is at the corner just named.
 * - Any other box is cut in two between neighbouring lattice points, down to single points.
 *
 * No convexity in the amounts is assumed: applying in the order of section 3 does not promise it.
 * The boxes are weighed in doubles with a margin far above their error; the winner is priced again
 * by the exact simulation, and only that figure is used.
 */

const margin = 1e-9;

export interface Found {
  bill: number;
  point: number[];
  boxes: number;
}

interface Box {
  low: number[];
  high: number[];
  /** No point of the box has a lower bill. */
  bound: number;
  linear: boolean;
  /** The corner at which the bound was found. */
  corner: number[];
}

/** Room for the figures of one box, reused. */
function workspaceOf(field: Field) {
  const groups = field.hours.length;
  const pairs = field.shareAt.length;
  const size = field.variables.length;
  return {
    lowCharges: new Float64Array(groups),
    highCharges: new Float64Array(groups),
    atLow: new Int8Array(groups * pairs),
    atHigh: new Int8Array(groups * pairs),
    amountLeast: new Float64Array(field.owned + size),
    amountMost: new Float64Array(field.owned + size),
    usageLeast: new Float64Array(field.price.length),
    usageMost: new Float64Array(field.price.length),
  };
}

/** Bounds the bill of the box from `low` to `high`. */
function bounded(
  field: Field,
  room: ReturnType<typeof workspaceOf>,
  low: number[],
  high: number[],
): Box {
  const { shareAt, commitmentAt, consumes, price, steps, fees, owned, fixed } = field;
  const { lowCharges, highCharges, atLow, atHigh } = room;
  const { amountLeast, amountMost, usageLeast, usageMost } = room;
  onDemand(field, low, lowCharges, atLow);
  onDemand(field, high, highCharges, atHigh);
  const pairs = shareAt.length;
  const size = low.length;
  // Three linear functions below the bill: constant (at the lowest corner) and slopes per step.
  const starts = [fixed, fixed, fixed];
  const slopes = [0, 1, 2].map(() => Float64Array.from(fees));
  let linear = true;
  field.hours.forEach(({ count, active }, group) => {
    amountLeast.fill(0);
    amountMost.fill(0);
    usageLeast.set(price);
    usageMost.set(price);
    for (let pair = pairs - 1; pair >= 0; pair -= 1) {
      const commitment = commitmentAt[pair] as number;
      if (!active[commitment]) continue;
      const share = shareAt[pair] as number;
      const each = consumes[pair] as number;
      const before = atLow[group * pairs + pair] as number;
      const after = atHigh[group * pairs + pair] as number;
      const freedLeast = each * (amountLeast[commitment] as number);
      const freedMost = each * (amountMost[commitment] as number);
      const coverLeast = (usageLeast[share] as number) / each;
      const coverMost = (usageMost[share] as number) / each;
      if (before >= 0) {
        // The usage ends first in the whole box (or neither moves in it).
        usageLeast[share] = freedLeast;
        usageMost[share] = freedMost;
      } else if (after <= 0) {
        amountLeast[commitment] = coverLeast;
        amountMost[commitment] = coverMost;
      } else {
        linear = false;
        usageLeast[share] = Math.min(usageLeast[share] as number, freedLeast);
        usageMost[share] = Math.max(usageMost[share] as number, freedMost);
        amountLeast[commitment] = Math.min(amountLeast[commitment] as number, coverLeast);
        amountMost[commitment] = Math.max(amountMost[commitment] as number, coverMost);
      }
    }
    const atStart = lowCharges[group] as number;
    let atEnd = highCharges[group] as number;
    let steepest = atStart;
    let slightest = atEnd;
    for (let index = 0; index < size; index += 1) {
      const width = (high[index] as number) - (low[index] as number);
      const each = count * (steps[index] as number) * width;
      steepest -= (each * (amountMost[owned + index] as number)) / 2;
      slightest += (each * (amountLeast[owned + index] as number)) / 2;
      atEnd += each * (amountLeast[owned + index] as number);
    }
    // Which of the two is higher in the middle of the box is the better one for this group.
    const fromLow = [true, false, steepest >= slightest];
    fromLow.forEach((isLow, which) => {
      const worth = isLow ? amountMost : amountLeast;
      const slope = slopes[which] as Float64Array;
      starts[which] = (starts[which] as number) + (isLow ? atStart : atEnd);
      for (let index = 0; index < size; index += 1) {
        slope[index] =
          (slope[index] as number) -
          count * (steps[index] as number) * (worth[owned + index] as number);
      }
    });
  });
  let bound = -Infinity;
  let corner = low;
  slopes.forEach((slope, which) => {
    let least = starts[which] as number;
    const at = low.map((from, index) => {
      const to = high[index] as number;
      const rise = slope[index] as number;
      least += from * (fees[index] as number) + (rise < 0 ? rise * (to - from) : 0);
      return rise < 0 ? to : from;
    });
    if (least > bound) {
      bound = least;
      corner = at;
    }
  });
  return { low, high, bound, linear, corner };
}

/** Where a box is cut: behind the middle of its most expensive side; null for a single point. */
function cutOf({ low, high }: Box, fees: Float64Array): { side: number; at: number } | null {
  let side = -1;
  let dearest = 0;
  low.forEach((from, index) => {
    const width = (high[index] ?? 0) - from;
    const fee = width * (fees[index] ?? 0);
    if (width > 0 && (side < 0 || fee > dearest)) {
      side = index;
      dearest = fee;
    }
  });
  return side < 0 ? null : { side, at: Math.floor(((low[side] ?? 0) + (high[side] ?? 0)) / 2) };
}

const boxLimit = 100_000;

/** Fees and charges of one point. */
function billAt(field: Field, at: number[], charges: Float64Array, decisions: Int8Array): number {
  onDemand(field, at, charges, decisions);
  const fee = at.reduce((sum, steps, index) => sum + steps * (field.fees[index] ?? 0), field.fixed);
  return charges.reduce((sum, charge) => sum + charge, fee);
}

/**
 * Variables that can meet: directly on some usage of some hour, or through owned commitments of that
 * hour. Those of different blocks never change each other's coverage, so the bill is a sum of one
 * part for each block.
 */
export function blocksOf(field: Field): number[][] {
  const parent = new Map<string, string>();
  const root = (node: string): string => {
    const up = parent.get(node) ?? node;
    return up === node ? node : root(up);
  };
  field.hours.forEach(({ usage, active }, group) => {
    field.shareAt.forEach((share, pair) => {
      const commitment = field.commitmentAt[pair] as number;
      if (!active[commitment] || usage[share] === 0) return;
      const bought = commitment >= field.owned;
      const one = root(bought ? `v${commitment - field.owned}` : `c${commitment}|${group}`);
      parent.set(one, root(`s${share}|${group}`));
    });
  });
  const blocks = Map.groupBy(field.variables.keys(), (index) => root(`v${index}`));
  return [...blocks.values()];
}

/** The cheapest point of a field whose bill is below `incumbent`, if there is one. */
export function cheapest(field: Field, incumbent: number): Found | null {
  const charges = new Float64Array(field.hours.length);
  const decisions = new Int8Array(field.hours.length * field.shareAt.length);
  const nothing = field.variables.map(() => 0);
  const start = billAt(field, nothing, charges, decisions);
  const blocks = blocksOf(field);
  const point = [...nothing];
  let bill = start;
  let boxes = 0;
  for (const block of blocks) {
    // With one block a bill that is not below the incumbent is of no interest.
    const limit = blocks.length === 1 ? Math.min(start, incumbent) : start;
    const found = cheapestOf(field, block, limit);
    if (!found) continue;
    bill += found.bill - start;
    boxes += found.boxes;
    for (const index of block) point[index] = found.point[index] ?? 0;
  }
  return bill < incumbent - margin ? { bill, point, boxes } : null;
}

/** The cheapest point below `incumbent` with amounts for the variables of one block only. */
function cheapestOf(field: Field, block: number[], incumbent: number): Found | null {
  const { variables, fees } = field;
  const room = workspaceOf(field);
  const charges = new Float64Array(field.hours.length);
  const decisions = new Int8Array(field.hours.length * field.shareAt.length);
  let best = incumbent;
  let point: number[] | null = null;
  const consider = (at: number[]) => {
    const bill = billAt(field, at, charges, decisions);
    if (bill >= best - margin) return;
    best = bill;
    point = at;
  };
  const all = {
    low: variables.map(() => 0),
    high: variables.map(({ limit }, index) => (block.includes(index) ? limit : 0)),
  };
  const boxes = [bounded(field, room, all.low, all.high)];
  let count = 0;
  for (let box = boxes.pop(); box !== undefined; box = boxes.pop()) {
    if (box.bound >= best - margin) continue;
    count += 1;
    if (count > boxLimit) throw new Error(`The case is too large to search: ${boxLimit} boxes.`);
    const { low, high } = box;
    consider(box.corner);
    if (box.linear) continue;
    const cut = cutOf(box, fees);
    if (!cut) continue;
    const moved = (from: number[], to: number) =>
      from.map((old, index) => (index === cut.side ? to : old));
    const lower = bounded(field, room, low, moved(high, cut.at));
    const upper = bounded(field, room, moved(low, cut.at + 1), high);
    // The more promising half is looked at first.
    boxes.push(...(lower.bound < upper.bound ? [upper, lower] : [lower, upper]));
  }
  return point && { bill: best, point, boxes: count };
}
