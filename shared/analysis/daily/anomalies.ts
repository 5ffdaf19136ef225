import type { Days } from './models.ts';

export const anomalyDefaults = {
  /** Robust standard deviations from the same weekday's past. */
  mostZ: 4,
  /** And by how much: the larger of money and a share of what was expected. */
  leastImpact: 50,
  leastShare: 0.1,
  /** Same weekdays looked back at, and fewest known ones. */
  weeks: 8,
  leastWeeks: 4,
  /** The last days of a bill still change. */
  provisionalDays: 3,
  /** First day judged, as an index of the series; earlier ones are only looked back at. */
  firstDay: 0,
};
export type AnomalySettings = typeof anomalyDefaults;

/** Spend by day, and units by day where they add up (one meter): else null. */
export interface DailySeries {
  key: string;
  cost: Days;
  quantity: Days | null;
}

/** What a part did on the days of an anomaly. */
export interface Moved {
  key: string;
  impact: number;
  /** Dearer units, and more of them; they add up to the impact. Null where units are unknown. */
  price: number | null;
  quantity: number | null;
}

/** Days in a row on which spend left its band to the same side. */
export interface Anomaly extends Moved {
  /** First and last day, as indexes of the series. */
  from: number;
  to: number;
  cost: number;
  expected: number;
  low: number;
  high: number;
  /** The largest of the days; infinite where the past never varied. */
  z: number;
  /** At least one of its days is among the last few, which may still change. */
  provisional: boolean;
  /** Parts that moved most to the same side, the largest first. */
  moved: Moved[];
}

/** Scale that makes a median absolute deviation a standard deviation of normal noise. */
const normalScale = 1.4826;
const mostMoved = 5;

/**
 * Days whose spend is far from the same weekdays before, of the total and of each part, the
 * largest impact first.
 */
export function anomaliesOf(
  total: DailySeries,
  parts: readonly DailySeries[],
  settings: AnomalySettings = anomalyDefaults,
): Anomaly[] {
  return [total, ...parts]
    .flatMap((series) => episodesOf(series, settings))
    .map((found) => ({
      ...found,
      moved: found.key === total.key ? movedIn(found, parts, settings) : [],
    }))
    .sort(
      (a, b) =>
        Math.abs(b.impact) - Math.abs(a.impact) ||
        a.from - b.from ||
        (a.key === total.key ? -1 : a.key < b.key ? -1 : 1),
    );
}

function episodesOf(series: DailySeries, settings: AnomalySettings): Omit<Anomaly, 'moved'>[] {
  const found: Omit<Anomaly, 'moved'>[] = [];
  for (const day of series.cost.keys()) {
    const one = day < settings.firstDay ? null : anomalyAt(series, day, settings);
    if (!one) continue;
    const last = found.at(-1);
    if (last && last.to === day - 1 && Math.sign(last.impact) === Math.sign(one.impact)) {
      found[found.length - 1] = joined(last, one);
    } else {
      found.push(one);
    }
  }
  return found;
}

function anomalyAt(
  series: DailySeries,
  day: number,
  settings: AnomalySettings,
): Omit<Anomaly, 'moved'> | null {
  const cost = series.cost[day];
  const past = sameWeekdays(series.cost, day, settings);
  if (cost === null || cost === undefined || !past) return null;
  const { expected, spread } = past;
  const impact = cost - expected;
  const least = Math.max(settings.leastImpact, settings.leastShare * Math.abs(expected));
  const z = impact === 0 ? 0 : impact / spread;
  if (Math.abs(z) <= settings.mostZ || Math.abs(impact) <= least) return null;
  const around = Math.max(settings.mostZ * spread, least);
  return {
    key: series.key,
    from: day,
    to: day,
    cost,
    expected,
    low: expected - around,
    high: expected + around,
    z,
    provisional: day >= series.cost.length - settings.provisionalDays,
    ...effects(series, day, settings),
    impact,
  };
}

function joined(a: Omit<Anomaly, 'moved'>, b: Omit<Anomaly, 'moved'>): Omit<Anomaly, 'moved'> {
  return {
    key: a.key,
    from: a.from,
    to: b.to,
    cost: a.cost + b.cost,
    expected: a.expected + b.expected,
    low: a.low + b.low,
    high: a.high + b.high,
    impact: a.impact + b.impact,
    z: Math.abs(a.z) >= Math.abs(b.z) ? a.z : b.z,
    provisional: a.provisional || b.provisional,
    price: plus(a.price, b.price),
    quantity: plus(a.quantity, b.quantity),
  };
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** Median and robust spread of the same weekday in the weeks before; null where too few are known. */
function sameWeekdays(
  values: Days,
  day: number,
  { weeks, leastWeeks }: AnomalySettings,
): { expected: number; spread: number } | null {
  const past: number[] = [];
  for (let week = 1; week <= weeks; week++) {
    const value = values[day - 7 * week];
    if (value !== null && value !== undefined) past.push(value);
  }
  if (past.length < leastWeeks) return null;
  const expected = median(past);
  return {
    expected,
    spread: normalScale * median(past.map((value) => Math.abs(value - expected))),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[sorted.length / 2 - 1] ?? 0)) / 2;
}

/**
 * What a day differs by, split: units that are dearer than usual, and more units at the usual
 * price. The usual price is that of the usual day, so the two add up.
 */
function effects(
  { cost, quantity }: DailySeries,
  day: number,
  settings: AnomalySettings,
): Omit<Moved, 'key'> {
  const now = cost[day] ?? 0;
  const usual = sameWeekdays(cost, day, settings);
  const impact = now - (usual?.expected ?? 0);
  const units = quantity?.[day];
  const usualUnits = quantity ? sameWeekdays(quantity, day, settings) : null;
  if (!usual || units === null || units === undefined || !usualUnits || usualUnits.expected <= 0) {
    return { impact, price: null, quantity: null };
  }
  const price = usual.expected / usualUnits.expected;
  return { impact, price: now - price * units, quantity: price * units - usual.expected };
}

/**
 * Parts that moved most to the side of an anomaly, the largest first. A part that is not known on a
 * day does not explain it; one without a past is new, and counts whole.
 */
export function movedIn(
  { from, to, impact }: Omit<Anomaly, 'moved'>,
  parts: readonly DailySeries[],
  settings: AnomalySettings,
): Moved[] {
  const moved = parts.map((part): Moved => {
    let sum: Omit<Moved, 'key'> = { impact: 0, price: 0, quantity: 0 };
    for (let day = from; day <= to; day++) {
      if (part.cost[day] === null || part.cost[day] === undefined) continue;
      const one = effects(part, day, settings);
      sum = {
        impact: sum.impact + one.impact,
        price: plus(sum.price, one.price),
        quantity: plus(sum.quantity, one.quantity),
      };
    }
    return { key: part.key, ...sum };
  });
  return moved
    .filter((part) => Math.sign(part.impact) === Math.sign(impact))
    .sort((a, b) => Math.abs(b.impact) - Math.abs(a.impact) || (a.key < b.key ? -1 : 1))
    .slice(0, mostMoved);
}
