import { priceIndex, priceKey } from '../choices.ts';
import type { Account } from '../model.ts';
import { type AdviceSettings, hoursPerWeek } from './settings.ts';

/**
 * `ending`: in the last year the type fell to less than half of its level in one of the account's
 * regions. What is retired in one place is usually retired in the others.
 */
export type Situation = 'steady' | 'ending';

/** What the past says about how long types of machines stay in use. */
export interface SurvivalRecord {
  /** Time that types were watched; a type in several regions counts once. */
  typeYears: number;
  falls: number;
}

export interface Survival {
  records: Record<Situation, SurvivalRecord>;
  /** Types not listed are steady. */
  ending: ReadonlySet<string>;
}

/** Weeks that a level is the mean of, before and after. */
const levelWeeks = 4;
const fallenShare = 0.5;
/** A level counts where it is in use for this share of its hours... */
const leastUse = 0.6;
/** ...and is this share of the account's spend. */
const leastShare = 0.01;
const endingWeeks = 52;
const weeksPerYear = 8760 / hoursPerWeek;

/**
 * How long types stayed in use in an account's past: each week in which one of them ran steadily
 * is watched, and a fall is a level below half of the one before. Nothing later than the account's
 * own hours is read.
 */
export function survivalOf(account: Account): Survival {
  const weeks = Math.floor(account.hours / hoursPerWeek);
  const byType = new Map<string, Series[]>();
  for (const series of seriesOf(account, weeks)) {
    byType.set(series.type, [...(byType.get(series.type) ?? []), series]);
  }
  const spend = Array.from({ length: weeks }, (_, week) =>
    [...byType.values()].flat().reduce((sum, { cost }) => sum + (cost[week] as number), 0),
  );
  const records = {
    steady: { typeYears: 0, falls: 0 },
    ending: { typeYears: 0, falls: 0 },
  };
  const ending = new Set<string>();
  for (const [type, all] of byType) {
    let fell = Number.NEGATIVE_INFINITY;
    for (let week = levelWeeks; week < weeks; week++) {
      const watched = all.filter((series) => watchable(series, week, spend));
      if (watched.length === 0) continue;
      const record = records[week - fell <= endingWeeks ? 'ending' : 'steady'];
      record.typeYears += 1 / weeksPerYear;
      const fallen = watched.filter((series) => falls(series, week));
      if (fallen.length === 0) continue;
      record.falls++;
      fell = week;
      for (const series of fallen) series.restsUntil = week + 2 * levelWeeks;
    }
    if (weeks - fell <= endingWeeks) ending.add(type);
  }
  return { records, ending };
}

interface Series {
  type: string;
  /** Mean units, money and share of the hours in use, by full week; the last is the latest. */
  units: Float64Array;
  cost: Float64Array;
  use: Float64Array;
  /** What has just fallen is not watched again before its lower level is one. */
  restsUntil: number;
}

function seriesOf(account: Account, weeks: number): Series[] {
  const prices = priceIndex(account.prices);
  const found = new Map<string, Series>();
  const from = account.hours - weeks * hoursPerWeek;
  const hourly = new Map<string, { type: string; price: number; usage: Float64Array }>();
  for (const { sku, region, currency, usage } of account.workloads) {
    const key = priceKey(sku, region, currency);
    const price = (prices.get(key)?.onDemand ?? 0) * (account.fx.get(currency) ?? 1);
    const sum = hourly.get(key) ?? { type: sku, price, usage: new Float64Array(account.hours) };
    for (let hour = from; hour < account.hours; hour++) {
      sum.usage[hour] = (sum.usage[hour] as number) + (usage[hour] as number);
    }
    hourly.set(key, sum);
  }
  for (const [key, { type, price, usage }] of hourly) {
    const units = new Float64Array(weeks);
    const use = new Float64Array(weeks);
    for (let hour = from; hour < account.hours; hour++) {
      const week = Math.floor((hour - from) / hoursPerWeek);
      const here = usage[hour] as number;
      units[week] = (units[week] as number) + here / hoursPerWeek;
      if (here > 0) use[week] = (use[week] as number) + 1 / hoursPerWeek;
    }
    const cost = units.map((mean) => mean * price);
    found.set(key, { type, units, cost, use, restsUntil: 0 });
  }
  return [...found.values()];
}

function watchable(series: Series, week: number, spend: readonly number[]): boolean {
  if (week < series.restsUntil) return false;
  const before = (values: ArrayLike<number>) => meanBetween(values, week - levelWeeks, week);
  return before(series.use) >= leastUse && before(series.cost) >= leastShare * before(spend);
}

function falls({ units }: Series, week: number): boolean {
  const before = meanBetween(units, week - levelWeeks, week);
  const after = meanBetween(units, week, Math.min(week + levelWeeks, units.length));
  return after < fallenShare * before;
}

function meanBetween(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at] as number;
  return sum / (to - from);
}

/**
 * Weeks until a type ends, drawn for a share `u` from 0 up to 1: a constant hazard whose size is
 * uncertain (a Gamma posterior of the prior's one end and the account's own record).
 */
export function weeksToEnd(
  { records }: Survival,
  situation: Situation,
  settings: Pick<AdviceSettings, 'steadyYears' | 'endingYears'>,
  u: number,
): number {
  const { typeYears, falls: seen } = records[situation];
  const prior = situation === 'steady' ? settings.steadyYears : settings.endingYears;
  return (prior + typeYears) * ((1 - u) ** (-1 / (1 + seen)) - 1) * weeksPerYear;
}

/** Share of a term for which a type is expected to stay in use: the mean of what is drawn. */
export function expectedStay(
  survival: Survival,
  type: string,
  termH: number,
  settings: Pick<AdviceSettings, 'steadyYears' | 'endingYears'>,
): number {
  const situation = survival.ending.has(type) ? 'ending' : 'steady';
  const draws = 200;
  const weeks = termH / hoursPerWeek;
  let sum = 0;
  for (let at = 0; at < draws; at++) {
    const end = weeksToEnd(survival, situation, settings, (at + 0.5) / draws);
    sum += Math.min(end, weeks) / weeks;
  }
  return sum / draws;
}
