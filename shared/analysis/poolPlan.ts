import { type Bound, boundOf, dualBound, leastOf, marginalBound, plainBound } from './bound.ts';
import { type Field, fieldOf, ownedAmounts, type Selection } from './field.ts';
import { type Groups, groupHours, sampleHours } from './groups.ts';
import type { Pool } from './pool.ts';
import {
  type Buyable,
  billRoom,
  exchange,
  fullScans,
  mostUseful,
  onGrid,
  polish,
  type Portfolio,
  type ScanLimits,
} from './portfolio.ts';
import { entriesPerGroup, type Layout, programOf } from './program.ts';
import { billOf } from './simulate.ts';
import type { Solved, Solver } from './solver.ts';

/** A plan of one pool: a choice for each workload, amounts for each column, the bill of both. */
export interface PoolPlan extends Portfolio {
  selection: number[];
}

export interface PoolOptimum {
  plan: PoolPlan;
  /** No plan of this pool costs less. */
  bound: number;
  /** Every combination was looked at or ruled out by its bound. */
  complete: boolean;
}

/** How much is done before it stops with the gap reported; counts, so that answers repeat. */
export interface Effort {
  /** Combinations that are looked at one by one. */
  combinations: number;
  /** Matrix entries of the program whose multipliers give the bound. */
  boundEntries: number;
  /** Matrix entries of the programs that combinations are started from and bounded by. */
  leafEntries: number;
  /** Elementary steps of the scans of one search; 1e9 take some seconds. */
  steps: number;
  /** Hours times pairs beyond which the search runs on grouped hours first. */
  searchSize: number;
}

export const defaultEffort: Effort = {
  combinations: 100_000,
  boundEntries: 50_000,
  leafEntries: 6_000,
  steps: 5e8,
  searchSize: 400_000,
};

interface Search {
  pool: Pool;
  solver: Solver;
  effort: Effort;
  limits: ScanLimits;
  bounds: Bound[];
  best: PoolPlan;
  /** Combinations looked at, with the best known bound of each. */
  looked: Map<string, { selection: number[]; bound: number }>;
  steps: number;
  starts: Float64Array[];
}

/** The cheapest plan of a pool that the effort finds, and how much cheaper any could be. */
export function optimisePool(pool: Pool, solver: Solver, effort = defaultEffort): PoolOptimum {
  return isLarge(pool, effort)
    ? searchLarge(pool, solver, effort)
    : searchFully(pool, solver, effort);
}

export function isLarge(pool: Pool, effort = defaultEffort): boolean {
  return pool.hours.weight.length * pool.pairs.length > effort.searchSize;
}

/** Fits the amounts of some columns to the choices of a plan. */
export function refit(
  pool: Pool,
  plan: PoolPlan,
  buyable: Buyable,
  effort = defaultEffort,
): PoolPlan {
  const field = fieldOf(pool, plan.selection);
  const fittedTo = isLarge(pool, effort)
    ? polish(pool, field, plan, buyable, largeLimits(effort))
    : exchange(pool, field, plan, buyable);
  return { selection: plan.selection, ...fittedTo };
}

/** Scans of every hour of a large pool: near what the search of its sample found. */
function largeLimits(effort: Effort): ScanLimits {
  return { promising: true, within: 0.05, gain: 1e-6, steps: effort.steps / 4 };
}

function searchFully(pool: Pool, solver: Solver, effort: Effort): PoolOptimum {
  const search = begin(pool, solver, effort);
  const complete = enumerate(search);
  if (!complete) descend(search, search.best);
  search.best = exchanged(search, search.best);
  const bound = complete ? sharpened(search) : Math.max(...search.bounds.map(leastOf));
  return { plan: search.best, bound: Math.min(bound, search.best.bill), complete };
}

/**
 * Too large to search hour by hour: the search runs on a sample of the hours, what it finds is
 * fitted on every hour. The bill is always the full one, and the bound counts every hour.
 */
function searchLarge(pool: Pool, solver: Solver, effort: Effort): PoolOptimum {
  const full = begun(pool, solver, effort, largeLimits(effort));
  const relaxed = relax(full);
  const sample = sampleHours(pool, Math.ceil(effort.searchSize / 4 / pool.pairs.length));
  const sampled = begun({ ...pool, hours: { ...pool.hours, ...sample } }, solver, effort, {
    promising: true,
    within: 0.3,
    gain: 1e-5,
    steps: effort.steps / 8,
  });
  sampled.bounds.push(...full.bounds.slice(1));
  sampled.starts = full.starts;
  look(sampled, cheapest(full.bounds.at(-1) as Bound));
  if (relaxed) look(sampled, rounded(pool, relaxed));
  descend(sampled, sampled.best);
  const { selection, amounts } = sampled.best;
  const bill = billOf(fieldOf(pool, selection), amounts);
  const found = fitted(full, { selection, amounts, bill });
  if (found.bill < full.best.bill) full.best = found;
  descend(full, full.best);
  const bound = Math.max(...full.bounds.map(leastOf));
  return { plan: full.best, bound: Math.min(bound, full.best.bill), complete: false };
}

function begun(pool: Pool, solver: Solver, effort: Effort, limits: ScanLimits): Search {
  const selection = pool.workloads.map(() => 0);
  const amounts = ownedAmounts(pool);
  const best = { selection, amounts, bill: billOf(fieldOf(pool, selection), amounts) };
  const common = { pool, solver, effort, limits, best, steps: 0, starts: [amounts] };
  return { ...common, bounds: [plainBound(pool)], looked: new Map() };
}

/** Bounds, and the first combinations: today's, the cheapest by its bound, the relaxation's. */
function begin(pool: Pool, solver: Solver, effort: Effort): Search {
  const search = begun(pool, solver, effort, fullScans);
  const relaxed = relax(search);
  look(search, search.best.selection);
  look(search, cheapest(search.bounds.at(-1) as Bound));
  if (relaxed) look(search, rounded(pool, relaxed));
  return search;
}

/** Multipliers and a start from the relaxation over grouped hours. */
function relax(search: Search): { layout: Layout; solved: Solved } | null {
  const { pool, solver, effort } = search;
  if (pool.pairs.length === 0) return null;
  const groups = groupsWithin(pool, effort.boundEntries);
  const layout = programOf(pool, groups, null);
  const solved = solver(layout.program, false);
  if (!solved) return null;
  search.bounds.push(dualBound(pool, groups, layout, solved));
  search.starts.push(amountsOf(pool, layout, solved));
  return { layout, solved };
}

function amountsOf(pool: Pool, layout: Layout, { x }: Solved): Float64Array {
  return Float64Array.from(pool.columns, ({ amount, step }, c) => {
    const variable = layout.amount[c] as number;
    return variable < 0 ? amount : onGrid(Math.max(0, x[variable] as number), step);
  });
}

function cheapest(bound: Bound): number[] {
  return bound.terms.map((terms) => terms.indexOf(Math.min(...terms)));
}

function rounded(pool: Pool, { layout, solved }: { layout: Layout; solved: Solved }): number[] {
  return pool.workloads.map((_, w) => {
    const shares = (layout.choice[w] as number[]).map((variable) => solved.x[variable] as number);
    return shares.indexOf(Math.max(...shares));
  });
}

function boundAt(search: Search, selection: Selection): number {
  return Math.max(...search.bounds.map((bound) => boundOf(bound, selection)));
}

/** Optimises the commitments of one combination and keeps it where it is the best. */
function look(search: Search, selection: readonly number[]): void {
  const key = selection.join(',');
  if (search.looked.has(key)) return;
  const { pool } = search;
  const found = { selection: [...selection], bound: boundAt(search, selection) };
  search.looked.set(key, found);
  const starts = [...search.starts, search.best.amounts];
  if (pool.hours.weight.length * entriesPerGroup(pool) <= search.effort.leafEntries) {
    const leaf = leafProgram(search, selection, false);
    if (leaf) {
      found.bound = Math.max(found.bound, leaf.solved.bound + pool.ownedFees);
      if (found.bound >= search.best.bill - billRoom(search.best.bill)) return;
      starts.push(amountsOf(pool, leaf.layout, leaf.solved));
    }
  }
  const field = fieldOf(pool, selection);
  let least: Portfolio | null = null;
  for (const start of distinct(starts)) {
    const amounts = capped(pool, field, start);
    const from = { amounts, bill: billOf(field, amounts) };
    const next = polish(pool, field, from, allBuyable, search.limits);
    if (!least || next.bill < least.bill) least = next;
    if (next.bill < search.best.bill - billRoom(search.best.bill)) {
      search.best = { selection: [...selection], ...next };
    }
  }
  if (least) {
    const own = marginalBound(pool, field, least.amounts);
    found.bound = Math.max(found.bound, boundOf(own, selection));
  }
  search.steps += field.steps;
}

const allBuyable: Buyable = () => true;

/** Amounts beyond what is useful here are of another combination. */
function capped(pool: Pool, field: Field, amounts: Float64Array): Float64Array {
  const most = mostUseful(field);
  return amounts.map((amount, c) => {
    const column = pool.columns[c];
    if (!column || column.owned) return amount;
    const useful = Math.ceil((most[c] as number) / column.step - 1e-9) * column.step;
    return Math.min(amount, onGrid(useful, column.step));
  });
}

function distinct(starts: readonly Float64Array[]): Float64Array[] {
  return [...new Map(starts.map((amounts) => [amounts.join(','), amounts])).values()];
}

function groupsWithin(pool: Pool, entries: number): Groups {
  const { hours } = pool;
  const count = Math.ceil(entries / entriesPerGroup(pool));
  if (count < hours.weight.length) return groupHours(pool, count);
  const { weight, segment, series } = hours;
  return { weight, segment, series, groupOf: Int32Array.from(weight, (_, row) => row) };
}

function leafProgram(
  { pool, solver, effort }: Search,
  selection: Selection,
  whole: boolean,
  entries = effort.leafEntries,
): { layout: Layout; solved: Solved } | null {
  if (pool.pairs.length === 0) return null;
  const layout = programOf(pool, groupsWithin(pool, entries), selection);
  const solved = solver(layout.program, whole);
  return solved && { layout, solved };
}

/**
 * Looks at every combination that its bound does not rule out, the most promising branches first.
 * False where the effort ends before.
 */
function enumerate(search: Search): boolean {
  const { pool, effort } = search;
  const bounds = search.bounds.map((bound) => ({ ...bound, rest: suffixMinima(bound.terms) }));
  const guide = (bounds.at(-1) as Bound).terms;
  const order = guide.map((terms) =>
    terms.map((_term, o) => o).sort((a, b) => (terms[a] as number) - (terms[b] as number)),
  );
  const selection: number[] = [];
  let nodes = 0;
  const visit = (sums: readonly number[]): boolean => {
    const w = selection.length;
    const limit = search.best.bill - billRoom(search.best.bill);
    if (bounds.some(({ rest }, b) => (sums[b] as number) + (rest[w] as number) >= limit))
      return true;
    if (w === pool.workloads.length) {
      if (search.looked.size >= effort.combinations || search.steps > effort.steps) return false;
      look(search, selection);
      return true;
    }
    if (++nodes > effort.combinations * 4) return false;
    for (const option of order[w] as number[]) {
      selection.push(option);
      const done = visit(sums.map((sum, b) => sum + (bounds[b]?.terms[w]?.[option] ?? 0)));
      selection.pop();
      if (!done) return false;
    }
    return true;
  };
  return visit(bounds.map(({ constant }) => constant));
}

function suffixMinima(terms: readonly (readonly number[])[]): number[] {
  const rest = [0];
  for (const own of [...terms].reverse()) rest.unshift((rest[0] as number) + Math.min(...own));
  return rest;
}

/** Coordinate descent: one workload's choice at a time, amounts fitted between the rounds. */
function descend(search: Search, from: PoolPlan): void {
  let here = from;
  for (let improved = true; improved; ) {
    improved = false;
    for (const [w, { choices }] of search.pool.workloads.entries()) {
      for (const [option] of choices.entries()) {
        if (option === here.selection[w]) continue;
        const selection = here.selection.with(w, option);
        if (boundAt(search, selection) >= here.bill - billRoom(here.bill)) continue;
        const bill = billOf(fieldOf(search.pool, selection), here.amounts);
        if (bill >= here.bill - billRoom(here.bill)) continue;
        here = { selection, amounts: here.amounts, bill };
        improved = true;
      }
    }
    if (improved) here = fitted(search, here);
  }
  if (here.bill < search.best.bill - billRoom(search.best.bill)) search.best = here;
}

function fitted(search: Search, plan: PoolPlan): PoolPlan {
  const field = fieldOf(search.pool, plan.selection);
  return {
    selection: plan.selection,
    ...polish(search.pool, field, plan, allBuyable, search.limits),
  };
}

function exchanged(search: Search, plan: PoolPlan): PoolPlan {
  const field = fieldOf(search.pool, plan.selection);
  return { selection: plan.selection, ...exchange(search.pool, field, plan, allBuyable) };
}

/** Combinations whose bound is sharpened with whole numbers, the most open first. */
const mostSharpened = 60;

/**
 * The bound of everything, with whole numbers counted for the combinations that still stand below
 * the best; what their programs buy is tried as a start.
 */
function sharpened(search: Search): number {
  const { pool } = search;
  const best = fieldOf(pool, search.best.selection);
  search.bounds.push(marginalBound(pool, best, search.best.amounts));
  const relaxation = Math.max(...search.bounds.map(leastOf));
  const open = [...search.looked.values()];
  for (const found of open) found.bound = Math.max(found.bound, boundAt(search, found.selection));
  open.sort((a, b) => a.bound - b.bound);
  for (const found of open.slice(0, mostSharpened)) {
    if (found.bound >= search.best.bill - billRoom(search.best.bill)) continue;
    const fine = leafProgram(search, found.selection, false, search.effort.boundEntries);
    if (fine) found.bound = Math.max(found.bound, fine.solved.bound + pool.ownedFees);
    if (found.bound >= search.best.bill - billRoom(search.best.bill)) continue;
    const leaf = leafProgram(search, found.selection, true);
    if (!leaf) continue;
    found.bound = Math.max(found.bound, leaf.solved.bound + pool.ownedFees);
    const field = fieldOf(pool, found.selection);
    const programmed = amountsOf(pool, leaf.layout, leaf.solved);
    for (const amounts of distinct([programmed, search.best.amounts])) {
      const start = capped(pool, field, amounts);
      const from = { amounts: start, bill: billOf(field, start) };
      const next = exchange(pool, field, from, allBuyable);
      if (next.bill < search.best.bill - billRoom(search.best.bill)) {
        search.best = { selection: found.selection, ...next };
      }
    }
  }
  finest(search, open);
  return Math.max(relaxation, Math.min(search.best.bill, ...open.map(({ bound }) => bound)));
}

/** A gap that is worth some seconds, where few combinations make it. */
const wideGap = 0.0005;
const mostFinest = 3;
const finerBy = 4;

/** The last means against hours that are too unlike to be grouped: more groups. */
function finest(search: Search, open: { selection: number[]; bound: number }[]): void {
  const limit = search.best.bill - wideGap * Math.abs(search.best.bill);
  const wide = open.filter(({ bound }) => bound < limit);
  if (wide.length > mostFinest) return;
  const entries = search.effort.boundEntries * finerBy;
  for (const found of wide) {
    const fine = leafProgram(search, found.selection, false, entries);
    if (fine) found.bound = Math.max(found.bound, fine.solved.bound + search.pool.ownedFees);
  }
}
