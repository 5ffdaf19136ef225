import { type Field, fieldOf, type Selection } from '../field.ts';
import type { Pool } from '../pool.ts';
import { applyHours } from '../simulate.ts';
import type { Scenario, State } from './scenarios.ts';
import { hoursPerWeek } from './settings.ts';

/** Factors of usage for which weekly bills are simulated; between them they are read off a line. */
const levelGrid = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5];
const priceCut = 0.6;
const migratedPrice = 0.5;

/**
 * What a week of the history would cost at other levels and in other states of the world, with
 * given amounts: usage that commitments leave on demand, and spot. Fees are left out.
 */
export interface WeeklyBills {
  /** costs[state][active set][week * levels + level] */
  costs: Record<State, Float64Array[]>;
  weeks: number;
}

/** Commitments active at the same time: true for each column. */
export type ActiveSet = readonly boolean[];

export function weeklyBills(
  history: Pool,
  selection: Selection,
  amounts: Float64Array,
  weeks: number,
  active: readonly ActiveSet[],
): WeeklyBills {
  const field = fieldOf(history, selection);
  const rows = history.hours.mergedOf;
  const from = rows.length - weeks * hoursPerWeek;
  const spot = (field.fixed - history.ownedFees) / rows.length;
  const of = (state: State) =>
    active.map((set) => {
      const here = amounts.map((amount, column) => (set[column] ? amount : 0));
      const costs = new Float64Array(weeks * levelGrid.length);
      for (const [l, level] of levelGrid.entries()) {
        const scaled = inState(history, field, state, level);
        const perRow = new Float64Array(field.weight.length);
        applyHours(scaled, here, (cost, row) => (perRow[row] = cost));
        for (let hour = from; hour < rows.length; hour++) {
          const place = Math.floor((hour - from) / hoursPerWeek) * levelGrid.length + l;
          const cost = (perRow[rows[hour] as number] as number) + spot * level;
          costs[place] = (costs[place] as number) + cost;
        }
      }
      return costs;
    });
  return { weeks, costs: { same: of('same'), migrated: of('migrated'), cut: of('cut') } };
}

/** The field with usage at a level, and prices and eligibility as a state has them. */
function inState(pool: Pool, field: Field, state: State, level: number): Field {
  const half = state === 'migrated' ? migratedPrice : 1;
  const factor = state === 'cut' ? priceCut : half;
  // Every column may apply in every hour here: what is active is said by the amounts.
  const pairs = pool.pairs.flatMap((pair) => {
    const item = field.itemIds.indexOf(pair.item);
    const locked = pool.columns[pair.column]?.kind !== 'csp';
    if (item < 0 || (state === 'migrated' && locked)) return [];
    return [{ column: pair.column, item, need: pair.need * half }];
  });
  return {
    ...field,
    price: field.price.map((price) => price * factor),
    usage: field.usage.map((units) => units * level),
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
  { weeks }: Scenario,
  activeOf: (week: number) => number,
  until: number,
): number {
  let sum = 0;
  for (const [at, { week, level, state }] of weeks.entries()) {
    if (at >= until) break;
    const costs = bills.costs[state][activeOf(at)] as Float64Array;
    const share = Math.min(1, until - at);
    sum += share * atLevel(costs, week * levelGrid.length, level);
  }
  return sum;
}

function atLevel(costs: Float64Array, base: number, level: number): number {
  let high = 1;
  while (high < levelGrid.length - 1 && (levelGrid[high] as number) < level) high++;
  const from = levelGrid[high - 1] as number;
  const to = levelGrid[high] as number;
  const a = costs[base + high - 1] as number;
  const b = costs[base + high] as number;
  return a + ((b - a) * (level - from)) / (to - from);
}
