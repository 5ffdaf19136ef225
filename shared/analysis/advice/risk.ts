import type { Selection } from '../field.ts';
import type { Pool } from '../pool.ts';
import type { Scenario } from './scenarios.ts';
import { hoursPerWeek } from './settings.ts';
import { type ActiveSet, scenarioCost, type WeeklyBills, weeklyBills } from './weeklyBills.ts';

/** Savings of a plan over every scenario. */
export interface Risk {
  /** Share of scenarios in which what is bought loses over its whole term. */
  pLoss: number;
  /** Lowest savings of what is bought, and of which scenario. */
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
}

/** What a plan of the forecast saves in each scenario against today's state. */
export function riskOf(
  { history, forecast, weeks, forecastHours, scenarios }: RiskCase,
  selection: Selection,
  amounts: Float64Array,
): Risk {
  const horizon = scenarios[0]?.weeks.length ?? 0;
  const { sets, setOf } = activeSets(forecast, horizon);
  const owned = Float64Array.from(forecast.columns, ({ owned: own, amount }) => (own ? amount : 0));
  const today = forecast.workloads.map(() => 0);
  const bills = (choice: Selection, some: Float64Array) =>
    weeklyBills(history, choice, some, weeks, sets);
  const todays = bills(today, owned);
  const without = bills(selection, owned);
  const planned = bills(selection, amounts);
  const termFees = fees(forecast, amounts, horizon * hoursPerWeek);
  const forecastFees = fees(forecast, amounts, forecastHours);
  const until = forecastHours / hoursPerWeek;
  const cost = (of: WeeklyBills, scenario: Scenario, end: number) =>
    scenarioCost(of, scenario, setOf, end);
  const bought = Float64Array.from(
    scenarios,
    (scenario) => cost(without, scenario, horizon) - cost(planned, scenario, horizon) - termFees,
  );
  const worst = Math.min(...bought);
  return {
    bought,
    committed: termFees,
    worst: termFees > 0 ? worst : 0,
    pLoss: termFees > 0 ? lossShare(bought) : 0,
    worstStress: termFees > 0 ? (scenarios[bought.indexOf(worst)]?.stress ?? null) : null,
    savings: Float64Array.from(
      scenarios,
      (scenario) => cost(todays, scenario, until) - cost(planned, scenario, until) - forecastFees,
    ),
  };
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
