import type { Selection } from '../field.ts';
import type { Pool } from '../pool.ts';
import type { Scenario } from './scenarios.ts';
import { hoursPerWeek } from './settings.ts';
import { type ActiveSet, scenarioCost, weeklyBills } from './weeklyBills.ts';

/** Savings of a plan over every scenario. */
export interface Risk {
  /** Share of scenarios in which what is bought loses over its whole term. */
  pLoss: number;
  /** The same among the scenarios that are no stress cases. */
  ownLoss: number;
  /**
   * Lowest savings of what is bought in a stress case, and which one that is. A type that ends the
   * day after may lose all that is committed: how likely that is, is part of `pLoss`.
   */
  worst: number;
  worstStress: string | null;
  /** Fees of what is bought over its whole term. */
  committed: number;
  /** By scenario: what is bought saves over its term, the whole plan over the forecast. */
  bought: Float64Array;
  savings: Float64Array;
}

export interface RiskCase {
  /** The pool over its history and over the forecast; same columns and choices. */
  history: Pool;
  forecast: Pool;
  weeks: number;
  forecastHours: number;
  scenarios: readonly Scenario[];
  /** Types whose ends the scenarios draw, in their order. */
  types: readonly string[];
}

/** What amounts on top of a selection save in each scenario against today's state. */
export function riskModel(
  { history, forecast, weeks, forecastHours, scenarios, types }: RiskCase,
  selection: Selection,
): (amounts: Float64Array) => Risk {
  const horizon = scenarios[0]?.weeks.length ?? 0;
  const { sets, setOf } = activeSets(forecast, horizon);
  const owned = Float64Array.from(forecast.columns, ({ owned: own, amount }) => (own ? amount : 0));
  const today = forecast.workloads.map(() => 0);
  const until = forecastHours / hoursPerWeek;
  const costs = (choice: Selection, some: Float64Array) => {
    const bills = weeklyBills(history, choice, some, weeks, sets, types);
    return (end: number) => scenarios.map((scenario) => scenarioCost(bills, scenario, setOf, end));
  };
  const todays = costs(today, owned)(until);
  const without = costs(selection, owned)(horizon);
  return (amounts) => {
    const planned = costs(selection, amounts);
    const termFees = fees(forecast, amounts, horizon * hoursPerWeek);
    const forecastFees = fees(forecast, amounts, forecastHours);
    const term = planned(horizon);
    const bought = Float64Array.from(
      scenarios,
      (_scenario, place) => (without[place] as number) - (term[place] as number) - termFees,
    );
    const soon = planned(until);
    const own = bought.filter((_savings, at) => scenarios[at]?.stress === null);
    const stressed = [...scenarios.keys()].filter((at) => scenarios[at]?.stress !== null);
    const lowest = least(stressed, bought);
    const buys = termFees > 0;
    return {
      bought,
      committed: termFees,
      worst: buys ? (bought[lowest] ?? 0) : 0,
      pLoss: buys ? lossShare(bought) : 0,
      ownLoss: buys ? lossShare(own) : 0,
      worstStress: buys ? (scenarios[lowest]?.stress ?? null) : null,
      savings: Float64Array.from(
        scenarios,
        (_scenario, place) => (todays[place] as number) - (soon[place] as number) - forecastFees,
      ),
    };
  };
}

/** Which of the places has the least value; -1 where there are none. */
function least(places: readonly number[], values: Float64Array): number {
  let found = -1;
  for (const at of places) {
    if (found < 0 || (values[at] as number) < (values[found] as number)) found = at;
  }
  return found;
}

/** Share of scenarios that lose more than rounding. */
export function lossShare(savings: ArrayLike<number>): number {
  let losses = 0;
  for (let at = 0; at < savings.length; at++) if ((savings[at] as number) < -1e-9) losses++;
  return savings.length === 0 ? 0 : losses / savings.length;
}

/** The whole term of what is bought, in hours from the start of the forecast. */
export function horizonOf(pool: Pool, amounts: Float64Array): number {
  return Math.max(
    0,
    ...pool.columns.map(({ owned, startH, termH }, c) =>
      !owned && (amounts[c] ?? 0) > 0 ? startH + termH : 0,
    ),
  );
}

function fees(pool: Pool, amounts: Float64Array, hours: number): number {
  let sum = 0;
  for (const [c, { owned, fee, startH, termH }] of pool.columns.entries()) {
    const active = Math.max(0, Math.min(hours, startH + termH) - startH);
    if (!owned) sum += (amounts[c] ?? 0) * fee * active;
  }
  return sum;
}

/** Which columns are active in each week; a column counts where it is for half the week. */
function activeSets(
  pool: Pool,
  weeks: number,
): { sets: ActiveSet[]; setOf: (week: number) => number } {
  const sets: ActiveSet[] = [];
  const known = new Map<string, number>();
  const ofWeek = Array.from({ length: weeks }, (_, week) => {
    const middle = (week + 0.5) * hoursPerWeek;
    const set = pool.columns.map(
      ({ startH, termH }) => startH <= middle && middle < startH + termH,
    );
    const key = set.map(Number).join('');
    const at = known.get(key) ?? sets.push(set) - 1;
    known.set(key, at);
    return at;
  });
  return { sets, setOf: (week) => ofWeek[week] ?? 0 };
}
