import type { Field } from './field.ts';
import type { Pool } from './pool.ts';
import { lineOf, lowest } from './scan.ts';
import { billOf } from './simulate.ts';

/** Amounts of a pool's columns and the bill they give. */
export interface Portfolio {
  amounts: Float64Array;
  bill: number;
}

/** Columns whose amounts may change; the rest stays as it is. */
export type Buyable = (column: number) => boolean;

/** A bill lower by less than this is the same bill, computed in another order. */
export function billRoom(bill: number): number {
  return 1e-8 + 1e-14 * Math.abs(bill);
}

/** Local minima of a line that are tried with the real bill. */
const tried = 4;

/** How scans are shortened where a field is large. */
export interface ScanLimits {
  /** Columns not bought are scanned only where the first unit would pay. */
  promising: boolean;
  /** Share of its amount by which a column may move in one scan; null: from nothing to all. */
  within: number | null;
  /** Share of the bill that a change must save to be worth another round. */
  gain: number;
  /** Elementary steps after which a field is left as it is. */
  steps: number;
}

export const fullScans: ScanLimits = {
  promising: false,
  within: null,
  gain: 0,
  steps: Number.POSITIVE_INFINITY,
};

/**
 * Improves amounts one at a time, each by an exact scan of the whole bill along it, until no one
 * change helps.
 */
export function polish(
  pool: Pool,
  field: Field,
  from: Portfolio,
  buyable: Buyable,
  limits = fullScans,
): Portfolio {
  const most = mostUseful(field);
  let best = from;
  const direction = new Float64Array(field.columns);
  let quiet = 0;
  const columns = pool.columns.flatMap(({ owned }, c) => (owned || !buyable(c) ? [] : [c]));
  // What is bought first: where effort is short, it goes there.
  columns.sort((a, b) => (best.amounts[b] ? 1 : 0) - (best.amounts[a] ? 1 : 0) || a - b);
  for (let at = 0; quiet < columns.length; at = (at + 1) % columns.length) {
    if (field.steps > limits.steps) break;
    const column = columns[at] as number;
    direction.fill(0);
    direction[column] = 1;
    const found = scanned(pool, field, best, column, most[column] ?? 0, direction, limits);
    if (found) {
      best = found;
      quiet = 1;
    } else {
      quiet++;
    }
  }
  return best;
}

function scanned(
  pool: Pool,
  field: Field,
  best: Portfolio,
  column: number,
  most: number,
  direction: Float64Array,
  { promising, within, gain }: ScanLimits,
): Portfolio | null {
  const step = pool.columns[column]?.step ?? 0;
  const here = best.amounts[column] ?? 0;
  if (promising && here === 0) {
    if (most === 0 || lineOf(field, best.amounts, direction, Number.MIN_VALUE).slope >= 0)
      return null;
  }
  const reach =
    within === null || here === 0 ? Number.POSITIVE_INFINITY : here * within + 20 * step;
  const from = onGrid(Math.max(0, here - reach), step);
  const until = Math.min(here + reach, Math.ceil(most / step - 1e-9) * step);
  const length = Math.max(0, until - from);
  const base = Float64Array.from(best.amounts);
  base[column] = from;
  const line = lineOf(field, base, direction, length);
  let found: Portfolio | null = null;
  for (const { t, bill } of lowest(line, step, length, tried)) {
    if (bill > best.bill) continue;
    const next = Float64Array.from(base);
    next[column] = onGrid(from + t, step);
    const real = billOf(field, next);
    const room = billRoom(best.bill) + gain * Math.abs(best.bill);
    if (real < Math.min(found?.bill ?? Infinity, best.bill - room))
      found = { amounts: next, bill: real };
  }
  return found;
}

/**
 * Further moves where one change at a time is stuck: from one commitment to another along the
 * lines on which neither alone gains, and giving one up altogether.
 */
export function exchange(pool: Pool, field: Field, from: Portfolio, buyable: Buyable): Portfolio {
  let best = polish(pool, field, from, buyable);
  for (;;) {
    const found =
      exchanged(pool, field, best, buyable) ??
      dropped(pool, field, best, buyable) ??
      nudged(pool, field, best, buyable);
    if (!found) return best;
    best = polish(pool, field, found, buyable);
  }
}

function exchanged(pool: Pool, field: Field, best: Portfolio, buyable: Buyable): Portfolio | null {
  const most = mostUseful(field);
  const direction = new Float64Array(field.columns);
  for (const [b, less] of pool.columns.entries()) {
    const have = best.amounts[b] ?? 0;
    if (less.owned || !buyable(b) || have <= 0) continue;
    for (const [a, more] of pool.columns.entries()) {
      if (a === b || more.owned || !buyable(a)) continue;
      for (const ratio of ratios(pool, a, b)) {
        const room = Math.max(0, (most[a] ?? 0) - (best.amounts[a] ?? 0)) + more.step;
        const length = Math.min(have / ratio, room);
        direction.fill(0);
        direction[a] = 1;
        direction[b] = -ratio;
        const line = lineOf(field, best.amounts, direction, length);
        for (const { t, bill } of lowest(line, more.step, length, tried)) {
          if (t === 0 || bill > best.bill + Math.abs(line.slope) * more.step) continue;
          const found = rounded(
            field,
            best,
            a,
            (best.amounts[a] ?? 0) + t,
            b,
            have - ratio * t,
            pool,
          );
          if (found) return found;
        }
      }
    }
  }
  return null;
}

/** Both neighbours on the grid of what is given up. */
function rounded(
  field: Field,
  best: Portfolio,
  a: number,
  more: number,
  b: number,
  less: number,
  pool: Pool,
): Portfolio | null {
  const stepA = pool.columns[a]?.step ?? 1;
  const stepB = pool.columns[b]?.step ?? 1;
  const floor = Math.floor(less / stepB + 1e-9);
  let found: Portfolio | null = null;
  for (const units of [floor, floor + 1]) {
    const amounts = Float64Array.from(best.amounts);
    amounts[a] = onGrid(more, stepA);
    amounts[b] = Math.max(0, onGrid(units * stepB, stepB));
    const bill = billOf(field, amounts);
    if (bill < (found ?? best).bill - billRoom(best.bill)) found = { amounts, bill };
  }
  return found;
}

/** How much of b one unit of a can stand for: money for money, or the same units of an item. */
function ratios(pool: Pool, a: number, b: number): number[] {
  const found = new Set<number>();
  if (pool.columns[a]?.kind !== 'ri' && pool.columns[b]?.kind !== 'ri') found.add(1);
  const needs = new Map(
    pool.pairs.flatMap(({ column, item, need }) => (column === b ? [[item, need]] : [])),
  );
  for (const { column, item, need } of pool.pairs) {
    const other = needs.get(item);
    if (column === a && other !== undefined) found.add(other / need);
  }
  return [...found];
}

function boughtOf(pool: Pool, { amounts }: Portfolio, buyable: Buyable): number[] {
  return pool.columns.flatMap(({ owned }, c) =>
    !owned && buyable(c) && (amounts[c] ?? 0) > 0 ? [c] : [],
  );
}

function dropped(pool: Pool, field: Field, best: Portfolio, buyable: Buyable): Portfolio | null {
  const bought = boughtOf(pool, best, buyable);
  for (const column of bought) {
    const amounts = Float64Array.from(best.amounts);
    amounts[column] = 0;
    const without = { amounts, bill: billOf(field, amounts) };
    const found = polish(pool, field, without, (c) => c !== column && buyable(c));
    if (found.bill < best.bill - billRoom(best.bill)) return found;
  }
  return null;
}

/** Steps by which an amount is moved for others to follow. */
const nudges = [1, -1, 2, -2, 3, -3];
/** Hours times columns beyond which that is left out: what it finds is thousandths of a unit. */
const nudgedField = 20_000;

/**
 * Where two amounts must move at once to reach a lower corner of the grid: one is moved by a few
 * steps and held, the others are fitted to it, then it to them.
 */
function nudged(pool: Pool, field: Field, best: Portfolio, buyable: Buyable): Portfolio | null {
  const bought = boughtOf(pool, best, buyable);
  if (bought.length < 2 || field.weight.length * bought.length > nudgedField) return null;
  for (const column of bought) {
    const step = pool.columns[column]?.step ?? 0;
    for (const units of nudges) {
      const amounts = Float64Array.from(best.amounts);
      amounts[column] = Math.max(0, onGrid((amounts[column] ?? 0) + units * step, step));
      const moved = { amounts, bill: billOf(field, amounts) };
      const others = (c: number) => c !== column && buyable(c);
      const found = polish(pool, field, moved, others);
      if (found.bill < best.bill - billRoom(best.bill)) return found;
    }
  }
  return null;
}

/** More of a column than this covers nothing more in any hour. */
export function mostUseful(field: Field): Float64Array {
  const most = new Float64Array(field.columns);
  const here = new Float64Array(field.columns);
  for (let row = 0; row < field.weight.length; row++) {
    const list = field.segments[field.segment[row] as number];
    if (!list) continue;
    here.fill(0);
    for (let at = 0; at < list.column.length; at++) {
      const column = list.column[at] as number;
      const units = field.usage[row * field.items + (list.item[at] as number)] as number;
      here[column] = (here[column] as number) + units * (list.need[at] as number);
    }
    for (let column = 0; column < most.length; column++) {
      most[column] = Math.max(most[column] as number, here[column] as number);
    }
  }
  return most;
}

/** The nearest multiple of the step, free of the error of multiplying by 0.001. */
export function onGrid(amount: number, step: number): number {
  // Plus 0, because rounding a trace below it leaves a negative zero.
  return step >= 1 ? Math.round(amount) + 0 : Math.round(amount / step) / Math.round(1 / step) + 0;
}
