import { actionsOf, materialPlan } from '../actions.ts';
import { priceIndex, priceKey, type Refusal } from '../choices.ts';
import { fieldOf, ownedAmounts, type Selection } from '../field.ts';
import { materiality, type PlannedPool, todaysBill } from '../jointPlan.ts';
import type { Account } from '../model.ts';
import { type Pool, poolsOf } from '../pool.ts';
import { isLarge, optimisePool, type PoolPlan, refit } from '../poolPlan.ts';
import { onGrid, polish } from '../portfolio.ts';
import { billOf } from '../simulate.ts';
import type { Solver } from '../solver.ts';
import { forecastAccount, lastHours } from './forecast.ts';
import { pastPool } from './pastPool.ts';
import { horizonOf, type Risk, type RiskCase, riskOf } from './risk.ts';
import { scenariosOf } from './scenarios.ts';
import { type AdviceSettings, hoursPerWeek } from './settings.ts';
import { spotRule } from './spotRule.ts';

/** The recommended plan of one pool with what may come of it. */
export interface AdvisedPool extends PlannedPool {
  risk: Risk;
}

export interface Advice {
  pools: AdvisedPool[];
  refusals: Refusal[];
  /** Full weeks of history that scenarios are drawn from. */
  weeks: number;
}

/** Most weeks of history that scenarios repeat. */
const mostWeeks = 26;

/**
 * Robust amounts for the hours after the history: choices as the joint plan of the forecast makes
 * them, commitments capped by the recent optima where they are locked to a type, then cut until
 * few enough scenarios lose over the whole term.
 */
export function advise(
  history: Account,
  offsetH: number,
  hours: number,
  solver: Solver,
  settings: AdviceSettings,
): Advice {
  const allowed = {
    ...history,
    offers: history.offers.filter(
      ({ kind, termH }) => kind === 'csp' || termH <= settings.lockedTermH,
    ),
  };
  const forecast = forecastAccount(allowed, offsetH, hours);
  const { pools, refusals } = poolsOf(forecast, { spot: spotRule(allowed, settings) });
  const weeks = Math.max(1, Math.min(mostWeeks, Math.floor(history.hours / hoursPerWeek)));
  const past =
    history.hours < hoursPerWeek
      ? forecastAccount(allowed, history.hours, hoursPerWeek)
      : lastHours(allowed, weeks * hoursPerWeek);
  const span = { weeks, hours, settings, past };
  return {
    refusals,
    weeks,
    pools: pools.map((pool) => {
      const { plan, bound, complete } = optimisePool(pool, solver);
      const own = pastPool(pool, forecast, past);
      const robust = robustPlan(allowed, forecast, pool, own, plan, span);
      const material = materialPlan(pool, robust, materiality(forecast, pool.currency), false);
      const risk = riskOf(
        riskCase(pool, own, material, span),
        material.selection,
        material.amounts,
      );
      return {
        pool,
        plan: material,
        bound,
        complete,
        risk,
        today: todaysBill(pool),
        actions: actionsOf(pool, material),
      };
    }),
  };
}

interface Span {
  weeks: number;
  hours: number;
  settings: AdviceSettings;
  /** The weeks that scenarios repeat. */
  past: Account;
}

function riskCase(pool: Pool, history: Pool, plan: PoolPlan, span: Span): RiskCase {
  const levels = weeklyLevels(pool, span.past, span.weeks);
  const term = Math.max(horizonOf(pool, plan.amounts), span.hours);
  const scenarios = scenariosOf(levels, Math.ceil(term / hoursPerWeek), span.settings);
  return { history, forecast: pool, weeks: span.weeks, forecastHours: span.hours, scenarios };
}

/** Mean on-demand cost of each week of the past, with the shapes of today. */
function weeklyLevels(pool: Pool, past: Account, weeks: number): number[] {
  const prices = priceIndex(past.prices);
  const own = new Set(pool.workloads.map(({ id }) => id));
  const levels = Array.from({ length: weeks }, () => 0);
  const from = past.hours - weeks * hoursPerWeek;
  for (const { id, sku, region, currency, usage } of past.workloads) {
    if (!own.has(id)) continue;
    const price = prices.get(priceKey(sku, region, currency))?.onDemand ?? 0;
    for (let hour = from; hour < past.hours; hour++) {
      const week = Math.floor((hour - from) / hoursPerWeek);
      levels[week] = (levels[week] as number) + ((usage[hour] as number) * price) / hoursPerWeek;
    }
  }
  return levels;
}

function robustPlan(
  history: Account,
  forecast: Account,
  pool: Pool,
  past: Pool,
  plan: PoolPlan,
  span: Span,
): PoolPlan {
  const { settings } = span;
  const caps = lockedCaps(history, forecast, pool, plan.selection, settings);
  const capped = Float64Array.from(plan.amounts, (amount, c) => {
    const column = pool.columns[c];
    return column && !column.owned
      ? floorTo(Math.min(amount, caps[c] ?? Infinity), column.step)
      : amount;
  });
  const field = fieldOf(pool, plan.selection);
  const start = { selection: plan.selection, amounts: capped, bill: billOf(field, capped) };
  // Flexible plans fill what the caps leave open.
  const filled = refit(pool, start, (c) => pool.columns[c]?.kind === 'csp');
  const situation = riskCase(pool, past, filled, span);
  for (let share = 20; share > 0; share--) {
    const amounts = Float64Array.from(filled.amounts, (amount, c) => {
      const column = pool.columns[c];
      return column && !column.owned ? floorTo((amount * share) / 20, column.step) : amount;
    });
    const risk = riskOf(situation, filled.selection, amounts);
    if (risk.pLoss <= settings.mostLoss && risk.worst >= -settings.worstLoss * risk.committed) {
      return { selection: filled.selection, amounts, bill: billOf(field, amounts) };
    }
  }
  const amounts = ownedAmounts(pool);
  return { selection: filled.selection, amounts, bill: billOf(field, amounts) };
}

/** A share of the smallest optimum over the last days, for what is locked to a type. */
function lockedCaps(
  history: Account,
  forecast: Account,
  pool: Pool,
  selection: Selection,
  settings: AdviceSettings,
): Float64Array {
  const caps = new Float64Array(pool.columns.length).fill(Number.POSITIVE_INFINITY);
  for (const days of settings.lockedDays) {
    const recent = pastPool(pool, forecast, lastHours(history, days * 24));
    const field = fieldOf(recent, selection);
    const amounts = ownedAmounts(recent);
    const from = { amounts, bill: billOf(field, amounts) };
    const limits = { promising: isLarge(recent), within: null, gain: 0, steps: Infinity };
    for (const [c, { owned, kind }] of pool.columns.entries()) {
      if (owned || kind === 'csp') continue;
      const best = polish(recent, field, from, (column) => column === c, limits);
      caps[c] = Math.min(caps[c] as number, settings.lockedShare * (best.amounts[c] as number));
    }
  }
  return caps;
}

function floorTo(amount: number, step: number): number {
  return onGrid(Math.floor(amount / step + 1e-9) * step, step);
}
