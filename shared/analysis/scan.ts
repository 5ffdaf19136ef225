import type { Field, PairList } from './field.ts';
import { billOf, livePairs } from './simulate.ts';
import { add, emptySum, total } from './sums.ts';

/**
 * The bill along a line of amounts: every kink of it, found exactly. Each hour is applied once for
 * each of its linear pieces, carrying values and their slopes, so that the pieces need not be
 * convex (a plan that takes usage from another plan makes them concave too).
 */
export interface Line {
  /** The bill at t = 0 and its slope there, then where the slope changes and by how much. */
  start: number;
  slope: number;
  at: Float64Array;
  change: Float64Array;
}

/** A value that differs by less is the same: two sides of a kink, up to rounding. */
const same = 1e-12;
const shortest = 1e-9;

/** From `amounts` along `direction` (a number for each column) for t from 0 to `length`. */
export function lineOf(
  field: Field,
  amounts: Float64Array,
  direction: Float64Array,
  length: number,
): Line {
  const moving = (column: number) => direction[column] !== 0;
  const live = (column: number) => (amounts[column] ?? 0) > 0 || moving(column);
  const lists = field.segments.map((list) => livePairs(list, live));
  const firsts = lists.map((list) => list.column.findIndex(moving));
  const at: number[] = [];
  const change: number[] = [];
  const slope = emptySum();
  for (let column = 0; column < field.columns; column++) {
    add(slope, (field.columnFee[column] ?? 0) * (direction[column] ?? 0));
  }
  const hour = hourScratch(field);
  for (let row = 0; row < field.weight.length; row++) {
    const segment = field.segment[row] as number;
    const first = firsts[segment] as number;
    if (first < 0) continue;
    const weight = field.weight[row] as number;
    const list = lists[segment] as PairList;
    begin(hour, field, row, amounts, list, first);
    let t = 0;
    let before = 0;
    while (t < length) {
      field.steps += list.column.length - first;
      const ahead = piece(hour, field, amounts, direction, list, first, t);
      if (t === 0) {
        add(slope, hour.slope * weight);
      } else if (hour.slope !== before) {
        at.push(t);
        change.push((hour.slope - before) * weight);
      }
      before = hour.slope;
      t += ahead;
    }
  }
  return {
    start: billOf(field, amounts),
    slope: total(slope),
    at: Float64Array.from(at),
    change: Float64Array.from(change),
  };
}

/** Slope of each merged hour's on-demand cost along a direction, for the first step of it. */
export function rowSlopes(
  field: Field,
  amounts: Float64Array,
  direction: Float64Array,
): Float64Array {
  const moving = (column: number) => direction[column] !== 0;
  const live = (column: number) => (amounts[column] ?? 0) > 0 || moving(column);
  const lists = field.segments.map((list) => livePairs(list, live));
  const firsts = lists.map((list) => list.column.findIndex(moving));
  const hour = hourScratch(field);
  return field.weight.map((_weight, row) => {
    const segment = field.segment[row] as number;
    const first = firsts[segment] as number;
    if (first < 0) return 0;
    const list = lists[segment] as PairList;
    begin(hour, field, row, amounts, list, first);
    piece(hour, field, amounts, direction, list, first, 0);
    return hour.slope;
  });
}

interface HourScratch {
  rest: Float64Array;
  restSlope: Float64Array;
  firstRest: Float64Array;
  have: Float64Array;
  haveSlope: Float64Array;
  firstHave: Float64Array;
  slope: number;
}

function hourScratch({ items, columns }: Field): HourScratch {
  return {
    rest: new Float64Array(items),
    restSlope: new Float64Array(items),
    firstRest: new Float64Array(items),
    have: new Float64Array(columns),
    haveSlope: new Float64Array(columns),
    firstHave: new Float64Array(columns),
    slope: 0,
  };
}

/** What is left before the first pair that moves. */
function begin(
  hour: HourScratch,
  { usage, items }: Field,
  row: number,
  amounts: Float64Array,
  list: PairList,
  first: number,
): void {
  const { firstRest, firstHave } = hour;
  for (let item = 0; item < items; item++) firstRest[item] = usage[row * items + item] as number;
  firstHave.set(amounts);
  for (let at = 0; at < first; at++) {
    const column = list.column[at] as number;
    const item = list.item[at] as number;
    const have = firstHave[column] as number;
    const units = firstRest[item] as number;
    if (have <= 0 || units <= 0) continue;
    const need = list.need[at] as number;
    const wants = units * need;
    firstRest[item] = wants <= have ? 0 : units - have / need;
    firstHave[column] = wants <= have ? have - wants : 0;
  }
}

/** Applies one hour at t; leaves the slope of its cost, answers how far that slope holds. */
function piece(
  hour: HourScratch,
  { price, items }: Field,
  amounts: Float64Array,
  direction: Float64Array,
  list: PairList,
  first: number,
  t: number,
): number {
  const { rest, restSlope, have, haveSlope } = hour;
  rest.set(hour.firstRest);
  restSlope.fill(0);
  have.set(hour.firstHave);
  haveSlope.fill(0);
  for (let column = 0; column < direction.length; column++) {
    const d = direction[column] as number;
    if (d === 0) continue;
    have[column] = Math.max(0, (amounts[column] as number) + d * t);
    haveSlope[column] = d;
  }
  let ahead = Number.POSITIVE_INFINITY;
  for (let at = first; at < list.column.length; at++) {
    const column = list.column[at] as number;
    const item = list.item[at] as number;
    const capacity = have[column] as number;
    const capacitySlope = haveSlope[column] as number;
    if (capacity <= 0 && capacitySlope <= 0) continue;
    const units = rest[item] as number;
    const unitsSlope = restSlope[item] as number;
    if (units <= 0 && unitsSlope <= 0) continue;
    const need = list.need[at] as number;
    const left = capacity - units * need;
    const leftSlope = capacitySlope - unitsSlope * need;
    const level = Math.abs(left) <= same * (1 + Math.abs(capacity));
    const covered = level ? leftSlope >= 0 : left > 0;
    if (covered) {
      rest[item] = 0;
      restSlope[item] = 0;
      have[column] = level ? 0 : left;
      haveSlope[column] = leftSlope;
      if (leftSlope < 0) ahead = Math.min(ahead, left / -leftSlope);
    } else {
      rest[item] = level ? 0 : -left / need;
      restSlope[item] = -leftSlope / need;
      have[column] = 0;
      haveSlope[column] = 0;
      if (leftSlope > 0) ahead = Math.min(ahead, -left / leftSlope);
    }
  }
  let slope = 0;
  for (let item = 0; item < items; item++) {
    slope += (restSlope[item] as number) * (price[item] as number);
  }
  hour.slope = slope;
  // A step too small to be one is rounding, not a piece.
  return Math.max(ahead, shortest * (1 + t));
}

/**
 * Multiples of `step` in [0, length] where the bill along the line is lowest: up to `most` local
 * minima, the lowest first, with the bill the line gives there. Only multiples beside kinks are
 * looked at: between two kinks the line is straight.
 */
export function lowest(
  { start, slope, at, change }: Line,
  step: number,
  length: number,
  most: number,
): { t: number; bill: number }[] {
  const last = Math.floor(length / step + 1e-9);
  // By the multiple from which a kink counts: change of slope, and what that adds up to there.
  const kinks = new Map<number, { slope: number; jump: number }>();
  let now = slope;
  for (let e = 0; e < at.length; e++) {
    const x = at[e] as number;
    const d = change[e] as number;
    const cell = Math.ceil(x / step - 1e-9);
    if (cell <= 0) {
      now += d;
      continue;
    }
    if (cell > last) continue;
    const jump = d * (cell * step - x);
    const known = kinks.get(cell);
    if (known) {
      known.slope += d;
      known.jump += jump;
    } else {
      kinks.set(cell, { slope: d, jump });
    }
  }
  const found: { t: number; bill: number }[] = [];
  const look = (cell: number, bill: number, before: number, after: number) => {
    if (bill < before && bill <= after) found.push({ t: cell * step, bill });
  };
  let cell = 0;
  let bill = start;
  let before = Number.POSITIVE_INFINITY;
  for (const next of Float64Array.from([...kinks.keys(), last + 1]).sort()) {
    // Straight from `cell` to the multiple before `next`.
    const steps = next - 1 - cell;
    const end = bill + now * step * steps;
    const kink = kinks.get(next);
    const after = kink ? end + now * step + kink.jump : Number.POSITIVE_INFINITY;
    look(cell, bill, before, steps > 0 ? bill + now * step : after);
    if (steps > 0) look(next - 1, end, end - now * step, after);
    if (!kink) break;
    before = end;
    bill = after;
    now += kink.slope;
    cell = next;
  }
  return found.sort((a, b) => a.bill - b.bill || a.t - b.t).slice(0, most);
}
