import { type Field, fieldOf, type Selection } from '../field.ts';
import type { Pool } from '../pool.ts';
import { applyHours } from '../simulate.ts';
import { type Scenario, type State, states } from './scenarios.ts';
import { hoursPerWeek } from './settings.ts';

/** Factors of usage for which weekly bills are simulated; between them they are read off a line. */
const levelGrid = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5];
const priceCut = 0.6;
const migratedPrice = 0.5;

/**
 * What each week of the history would cost in other circumstances, with given amounts: usage that
 * commitments leave on demand, and spot. Fees are left out.
 */
export type WeeklyBills = (
  state: State,
  /** Types that have ended, as bits. */
  ended: number,
  /** Which of the active sets. */
  set: number,
  /** Place in the grid of levels. */
  level: number,
) => Float64Array;

/** Commitments active at the same time: true for each column. */
export type ActiveSet = readonly boolean[];

/** Weeks are simulated when a scenario asks for them: most circumstances never occur. */
export function weeklyBills(
  history: Pool,
  selection: Selection,
  amounts: Float64Array,
  weeks: number,
  active: readonly ActiveSet[],
  types: readonly string[],
): WeeklyBills {
  const field = fieldOf(history, selection);
  const rows = history.hours.mergedOf;
  const from = rows.length - weeks * hoursPerWeek;
  const spot = (field.fixed - history.ownedFees) / rows.length;
  const fields = new Map<number, Field>();
  const fieldIn = (state: State, ended: number): Field => {
    const key = ended * states.length + states.indexOf(state);
    const gone = new Set(types.filter((_type, at) => (ended >> at) % 2 === 1));
    const found = fields.get(key) ?? inState(history, field, state, gone);
    fields.set(key, found);
    return found;
  };
  const perRow = new Float64Array(field.weight.length);
  const simulated: WeeklyBills = (state, ended, set, level) => {
    const costs = new Float64Array(weeks);
    const factor = levelGrid[level] as number;
    if (factor === 0) return costs;
    // So many times the usage against these amounts is as often these usages against a part of them.
    const here = amounts.map((amount, column) => (active[set]?.[column] ? amount / factor : 0));
    applyHours(fieldIn(state, ended), here, (cost, row) => (perRow[row] = cost));
    for (let hour = from; hour < rows.length; hour++) {
      const week = Math.floor((hour - from) / hoursPerWeek);
      const cost = (perRow[rows[hour] as number] as number) + spot;
      costs[week] = (costs[week] as number) + cost * factor;
    }
    return costs;
  };
  const known: (Float64Array | undefined)[] = [];
  return (state, ended, set, level) => {
    const world = (ended * states.length + states.indexOf(state)) * active.length + set;
    const place = world * levelGrid.length + level;
    const found = known[place] ?? simulated(state, ended, set, level);
    known[place] = found;
    return found;
  };
}

/** The field with prices and eligibility as a state has them, and without the types that ended. */
function inState(pool: Pool, field: Field, state: State, gone: ReadonlySet<string>): Field {
  const half = state === 'migrated' ? migratedPrice : 1;
  const factor = state === 'cut' ? priceCut : half;
  // Every column may apply in every hour here: what is active is said by the amounts.
  const pairs = pool.pairs.flatMap((pair) => {
    const item = field.itemIds.indexOf(pair.item);
    const locked = pool.columns[pair.column]?.kind !== 'csp';
    if (item < 0 || (state === 'migrated' && locked)) return [];
    return [{ column: pair.column, item, need: pair.need * half }];
  });
  const runs = field.itemIds.map((id) => (gone.has(pool.items[id]?.sku ?? '') ? 0 : 1));
  return {
    ...field,
    price: field.price.map((price) => price * factor),
    usage:
      gone.size === 0
        ? field.usage
        : field.usage.map((units, at) => units * (runs[at % field.items] as number)),
    segment: new Int32Array(field.weight.length),
    segments: [
      {
        column: Int32Array.from(pairs, ({ column }) => column),
        item: Int32Array.from(pairs, ({ item }) => item),
        need: Float64Array.from(pairs, ({ need }) => need),
      },
    ],
  };
}

/** Cost of a scenario's weeks, the active set of each week given. */
export function scenarioCost(
  bills: WeeklyBills,
  { weeks, ends }: Scenario,
  activeOf: (week: number) => number,
  until: number,
): number {
  let sum = 0;
  for (let at = 0; at < weeks.length && at < until; at++) {
    const { week, level, state } = weeks[at] as Scenario['weeks'][number];
    let ended = 0;
    for (let type = 0; type < ends.length; type++) {
      if ((ends[type] as number) <= at) ended |= 1 << type;
    }
    let high = 1;
    while (high < levelGrid.length - 1 && (levelGrid[high] as number) < level) high++;
    const set = activeOf(at);
    const a = bills(state, ended, set, high - 1)[week] as number;
    const b = bills(state, ended, set, high)[week] as number;
    const from = levelGrid[high - 1] as number;
    const to = levelGrid[high] as number;
    sum += Math.min(1, until - at) * (a + ((b - a) * (level - from)) / (to - from));
  }
  return sum;
}
