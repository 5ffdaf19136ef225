import { actionsOf, materialPlan } from '../actions.ts';
import { priceIndex, priceKey, type Refusal } from '../choices.ts';
import { fieldOf, ownedAmounts, type Selection } from '../field.ts';
import { materiality, type PlannedPool, todaysBill } from '../jointPlan.ts';
import { cutToLimits } from '../limits.ts';
import type { Account } from '../model.ts';
import { type Pool, poolsOf } from '../pool.ts';
import { isLarge, optimisePool, type PoolPlan, refit } from '../poolPlan.ts';
import { onGrid, polish } from '../portfolio.ts';
import { billOf } from '../simulate.ts';
import type { Solver } from '../solver.ts';
import { forecastAccount, lastHours } from './forecast.ts';
import { pastPool } from './pastPool.ts';
import { horizonOf, type Risk, type RiskCase, riskModel } from './risk.ts';
import { scenariosOf } from './scenarios.ts';
import { type AdviceSettings, hoursPerWeek } from './settings.ts';
import { spotRule } from './spotRule.ts';
import { expectedStay, type Survival, survivalOf, weeksToEnd } from './survival.ts';

/** The recommended plan of one pool with what may come of it. */
export interface AdvisedPool extends PlannedPool {
  risk: Risk;
  /** For every locked commitment that could be bought, against each flexible one. */
  lockChoices: LockChoice[];
}

export interface Advice {
  pools: AdvisedPool[];
  refusals: Refusal[];
  /** Full weeks of history that scenarios are drawn from. */
  weeks: number;
  /** How long types of machines stayed in use so far. */
  survival: Survival;
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
  const survival = survivalOf(history);
  const span = { weeks, hours, settings, past, survival };
  const robust = pools.map((pool) => {
    const { plan, bound, complete } = optimisePool(pool, solver);
    const own = pastPool(pool, forecast, past);
    return {
      pool,
      own,
      bound,
      complete,
      rate: history.fx.get(pool.currency) ?? 1,
      plan: robustPlan(allowed, forecast, pool, own, plan, span),
    };
  });
  // Less of everything loses in no more scenarios.
  const plans = cutToLimits(robust, history.policy);
  return {
    refusals,
    weeks,
    survival,
    pools: robust.map(({ pool, own, bound, complete }, p) => {
      const within = plans[p] as PoolPlan;
      const material = materialPlan(pool, within, materiality(forecast, pool.currency), false);
      const { selection, amounts } = material;
      return {
        pool,
        plan: material,
        bound,
        complete,
        risk: riskModel(riskCase(pool, own, material, span), selection)(amounts),
        lockChoices: pool.columns.flatMap(({ owned, kind }, c) =>
          owned || kind === 'csp' ? [] : lockChoice(pool, c, span),
        ),
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
  survival: Survival;
}

function riskCase(pool: Pool, history: Pool, plan: PoolPlan, span: Span): RiskCase {
  const { past, weeks, hours, settings, survival } = span;
  const levels = weeklyLevels(pool, past, weeks);
  const term = Math.max(horizonOf(pool, plan.amounts), hours);
  const types = mainTypes(history, plan.selection);
  const ends = types.map((type) => {
    const situation = survival.ending.has(type) ? 'ending' : 'steady';
    return (share: number) => weeksToEnd(survival, situation, settings, share);
  });
  const scenarios = scenariosOf(levels, Math.ceil(term / hoursPerWeek), settings, ends);
  return { history, forecast: pool, weeks, forecastHours: hours, scenarios, types };
}

/** The end of a type that is less of a pool's spend than this, or not among the first, is noise. */
const mainShare = 0.01;
const mostTypes = 4;

/** SKUs that most of a pool's coverable spend of the past is on, the largest first. */
function mainTypes(history: Pool, selection: Selection): string[] {
  const { items, itemIds, usage, price, weight } = fieldOf(history, selection);
  const spend = new Map<string, number>();
  let sum = 0;
  for (const [place, units] of usage.entries()) {
    const item = place % items;
    const cost = units * (price[item] as number) * (weight[Math.floor(place / items)] as number);
    const sku = history.items[itemIds[item] as number]?.sku ?? '';
    spend.set(sku, (spend.get(sku) ?? 0) + cost);
    sum += cost;
  }
  return [...spend]
    .filter(([, cost]) => cost > mainShare * sum)
    .sort(([a, some], [b, others]) => others - some || (a < b ? -1 : 1))
    .slice(0, mostTypes)
    .map(([sku]) => sku);
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
  const { selection } = plan;
  const field = fieldOf(pool, selection);
  const planOf = (amounts: Float64Array) => ({ selection, amounts, bill: billOf(field, amounts) });
  const locked = (c: number) => pool.columns[c]?.kind !== 'csp';
  // Flexible plans fill what the caps leave open.
  const filled = (from: Float64Array) => refit(pool, planOf(from), (c) => !locked(c));
  const riskWith = (amounts: Float64Array) =>
    riskModel(riskCase(pool, past, planOf(amounts), span), selection);
  const only = (amounts: Float64Array, keep: (c: number) => boolean) =>
    amounts.map((amount, c) => (pool.columns[c]?.owned || keep(c) ? amount : 0));
  // What may well be left without use by itself does not hide behind what others save.
  const riskAlone = riskWith(capped);
  const unsafe = new Set(
    [...capped.keys()].filter((c) => {
      if (!locked(c) || pool.columns[c]?.owned || capped[c] === 0) return false;
      if (lockChoice(pool, c, span).some(({ stay, needed }) => stay < needed)) return true;
      return riskAlone(only(capped, (other) => other === c)).ownLoss > settings.mostLoss;
    }),
  );
  const safe = only(capped, (c) => !unsafe.has(c));
  const candidates = [
    () => filled(safe).amounts,
    () => filled(only(safe, (c) => !locked(c))).amounts,
    () => only(safe, locked),
  ];
  for (const candidate of candidates) {
    const amounts = candidate();
    const riskAt = riskWith(amounts);
    const cut = cutUntil(pool, amounts, (some) => {
      const risk = riskAt(some);
      return risk.pLoss <= settings.mostLoss && risk.worst >= -settings.worstLoss * risk.committed;
    });
    if (cut) return planOf(cut);
  }
  return planOf(ownedAmounts(pool));
}

/**
 * All that is bought cut to as many twentieths as hold; null where none does. What a scenario saves
 * is concave in the share, and 0 for nothing: where a share holds, every smaller one does.
 */
function cutUntil(
  pool: Pool,
  amounts: Float64Array,
  holds: (amounts: Float64Array) => boolean,
): Float64Array | null {
  const cut = (share: number) =>
    Float64Array.from(amounts, (amount, c) => {
      const column = pool.columns[c];
      return column && !column.owned ? floorTo((amount * share) / 20, column.step) : amount;
    });
  if (holds(amounts)) return amounts;
  let good = 0;
  let bad = 20;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (holds(cut(middle))) good = middle;
    else bad = middle;
  }
  return good === 0 ? null : cut(good);
}

/** Why what is locked to a type or family is bought instead of a flexible plan, or is not. */
export interface LockChoice {
  column: string;
  flexible: string;
  sku: string;
  /** Share of the term that the type is expected to stay, and that makes the two equal. */
  stay: number;
  needed: number;
}

/**
 * Locked only where the usage is expected to stay for a share of the term of at least the ratio of
 * the two prices (SAVINGS.md section 4); the type that most of it covers is asked.
 */
function lockChoice(
  pool: Pool,
  c: number,
  { survival, settings }: Pick<Span, 'survival' | 'settings'>,
): LockChoice[] {
  const column = pool.columns[c];
  const main = pool.pairs.find((pair) => pair.column === c);
  if (!column || !main) return [];
  const { sku } = pool.items[main.item] ?? { sku: '' };
  return pool.pairs.flatMap((pair): LockChoice[] => {
    const other = pool.columns[pair.column];
    if (!other || other.owned || other.kind !== 'csp' || pair.item !== main.item) return [];
    if (other.termH > column.termH) return [];
    const stay = expectedStay(survival, sku, column.termH, settings);
    const needed = (main.need * column.fee) / (pair.need * other.fee);
    return [{ column: column.id, flexible: other.id, sku, stay, needed }];
  });
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
