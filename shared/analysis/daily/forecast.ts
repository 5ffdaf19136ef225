import { conformalRadius, enoughDecisions } from '../advice/conformal.ts';
import { type DailyModel, dailyModels, type Days, meanOf } from './models.ts';

export const forecastDefaults = {
  level: 0.8,
  /** Origins from which another model may replace the reference, and most that are looked at. */
  leastOrigins: 6,
  mostOrigins: 26,
  /** Days between origins, and of history before the first. */
  stepDays: 7,
  trainDays: 28,
  /** Longest horizon that past origins are followed over. */
  testDays: 35,
};
export type ForecastSettings = typeof forecastDefaults;

/** How forecasts made in the same way at past days turned out. */
export interface ForecastRecord {
  origins: number;
  /** Sum of absolute errors by the sum of spend; null where nothing was spent. */
  wape: number | null;
  /** Mean absolute error by that of the week before within the history; null at scale 0. */
  mase: number | null;
  /** Share of days within a band made from earlier origins only; null where there is no such band. */
  coverage: number | null;
  /** Mean width of these bands, plus 2 / (1 - level) times what lies outside. */
  winkler: number | null;
  basis: 'own errors' | 'pooled prior';
}

/** A sum of days ahead, counted from the first of the forecast; `to` is exclusive. */
export interface Period {
  from: number;
  to: number;
}

export interface Band {
  expected: number;
  low: number;
  high: number;
}

export interface DailyForecast {
  model: DailyModel;
  expected: number[];
  low: number[];
  high: number[];
  periods: (Period & Band)[];
  level: number;
  record: ForecastRecord;
  /** The same of the weekly seasonal naive forecast. */
  reference: ForecastRecord;
  /** Why this model. */
  reason: string;
}

/**
 * Spend of the days after a history of settled days: the weekly seasonal naive forecast, or a
 * model that beats it both in WAPE and in Winkler score at six or more past origins. Bands are
 * split-conformal on relative errors at those origins, of days and of sums apart.
 *
 * @returns null with fewer than seven known days
 */
export function forecastDaily(
  history: Days,
  days: number,
  periods: readonly Period[] = [],
  settings: ForecastSettings = forecastDefaults,
): DailyForecast | null {
  if (history.filter((value) => value !== null).length < 7) return null;
  const origins = originsOf(history.length, settings);
  const names = Object.keys(dailyModels) as DailyModel[];
  const runs = names.map((model) => runOf(history, model, origins, settings));
  const reference = runs[0] as Run;
  const winners = runs.filter(({ record }) => wins(record, reference.record, settings));
  const chosen =
    winners.sort((a, b) => (a.record.wape ?? 0) - (b.record.wape ?? 0))[0] ?? reference;
  const expected = dailyModels[chosen.model](history, days);
  const bands = expected.map((value, day) =>
    bandAt(value, chosen, history, { from: day, to: day + 1 }, settings),
  );
  return {
    model: chosen.model,
    expected,
    low: bands.map(({ low }) => low),
    high: bands.map(({ high }) => high),
    periods: periods.map((period) => {
      const sum = sumBetween(expected, period.from, period.to);
      return { ...period, ...bandAt(sum, chosen, history, period, settings) };
    }),
    level: settings.level,
    record: chosen.record,
    reference: reference.record,
    reason: reasonOf(chosen, reference, settings),
  };
}

/** Lengths of history after which forecasts are tried, the earliest first. */
function originsOf(days: number, { stepDays, trainDays, mostOrigins }: ForecastSettings): number[] {
  const origins: number[] = [];
  for (let at = days - stepDays; at >= trainDays; at -= stepDays) origins.push(at);
  return origins.slice(0, mostOrigins).reverse();
}

interface Run {
  model: DailyModel;
  forecasts: PastForecast[];
  record: ForecastRecord;
}

/** What was forecast from an origin. */
interface PastForecast {
  origin: number;
  expected: number[];
  /** Error of each day by the level before the origin, so that a quiet month counts like a busy one. */
  errors: (number | null)[];
}

function runOf(
  history: Days,
  model: DailyModel,
  origins: readonly number[],
  settings: ForecastSettings,
): Run {
  const forecasts = origins.map((origin): PastForecast => {
    const ahead = Math.min(settings.testDays, history.length - origin);
    const expected = dailyModels[model](history.slice(0, origin), ahead);
    const level = levelAt(history, origin);
    const errors = expected.map((value, day) => {
      const actual = history[origin + day];
      return actual === null || actual === undefined || level <= 0
        ? null
        : (actual - value) / level;
    });
    return { origin, expected, errors };
  });
  return { model, forecasts, record: recordOf(history, forecasts, settings) };
}

function recordOf(
  history: Days,
  forecasts: readonly PastForecast[],
  settings: ForecastSettings,
): ForecastRecord {
  let error = 0;
  let spent = 0;
  let count = 0;
  let within = 0;
  let winkler = 0;
  let judged = 0;
  for (const [at, { origin, expected }] of forecasts.entries()) {
    const radii = new Map<number, number | null>();
    const around = levelAt(history, origin);
    for (const [ahead, value] of expected.entries()) {
      const actual = history[origin + ahead];
      if (actual === null || actual === undefined) continue;
      error += Math.abs(actual - value);
      spent += Math.abs(actual);
      count++;
      const week = Math.floor(ahead / 7);
      let radius = radii.get(week);
      if (radius === undefined) {
        // Only what was known at this origin makes its band.
        const errors = dayErrors(forecasts.slice(0, at), week, origin);
        radius =
          errors.length < enoughDecisions ? null : conformalRadius(errors, settings.level).radius;
        radii.set(week, radius);
      }
      if (radius === null) continue;
      const { low, high } = banded(value, radius * around);
      judged++;
      if (low <= actual && actual <= high) within++;
      const outside = Math.max(0, low - actual, actual - high);
      winkler += high - low + (2 / (1 - settings.level)) * outside;
    }
  }
  const scale = scaleOf(history);
  return {
    origins: forecasts.length,
    wape: spent > 0 ? error / spent : null,
    mase: scale > 0 && count > 0 ? error / count / scale : null,
    coverage: judged > 0 ? within / judged : null,
    winkler: judged > 0 ? winkler / judged : null,
    basis: judged > 0 ? 'own errors' : 'pooled prior',
  };
}

/** Mean change from a day to the same weekday a week later. */
function scaleOf(history: Days): number {
  const changes = history.slice(7).map((value, at) => {
    const before = history[at];
    return value === null || before === null || before === undefined
      ? null
      : Math.abs(value - before);
  });
  return meanOf(changes);
}

/** Errors of past forecasts of days that lie a number of weeks ahead, known by a day. */
function dayErrors(forecasts: readonly PastForecast[], week: number, knownBy: number): number[] {
  const found: number[] = [];
  for (const { origin, errors } of forecasts) {
    for (let day = week * 7; day < Math.min(week * 7 + 7, errors.length); day++) {
      const error = errors[day];
      if (error !== null && error !== undefined && origin + day < knownBy) found.push(error);
    }
  }
  return found;
}

/** Errors of past forecasts of the sum of a stretch of days. */
function sumErrors(forecasts: readonly PastForecast[], from: number, length: number): number[] {
  return forecasts.flatMap(({ errors }) => {
    const some = errors.slice(from, from + length);
    return some.length < length || some.includes(null) ? [] : [meanOf(some)];
  });
}

function levelAt(history: Days, origin: number): number {
  return meanOf(history.slice(Math.max(0, origin - 28), origin));
}

/** The band of a sum of days; where it lies beyond what was followed, of one as long before. */
function bandAt(
  expected: number,
  { forecasts }: Run,
  history: Days,
  { from, to }: Period,
  { testDays, level }: ForecastSettings,
): Band {
  const length = Math.min(to - from, testDays);
  const nearest = Math.min(from, testDays - length);
  const errors =
    length === 1
      ? dayErrors(forecasts, Math.floor(nearest / 7), history.length)
      : sumErrors(forecasts, nearest, length);
  const { radius } = conformalRadius(errors, level);
  // Errors grow about with the root of the distance where the past was not followed as far.
  const beyond = Math.max(1, to / testDays) ** 0.5;
  const around = radius * beyond * levelAt(history, history.length) * (to - from);
  return { expected, ...banded(expected, around) };
}

/** Spend does not fall below 0 because a band is wide, only where it was forecast to. */
function banded(expected: number, around: number): { low: number; high: number } {
  return { low: Math.max(expected - around, Math.min(0, expected)), high: expected + around };
}

function sumBetween(values: readonly number[], from: number, to: number): number {
  return values.slice(from, to).reduce((sum, value) => sum + value, 0);
}

function wins(
  record: ForecastRecord,
  reference: ForecastRecord,
  { leastOrigins }: ForecastSettings,
): boolean {
  if (record.origins < leastOrigins) return false;
  if (record.wape === null || reference.wape === null) return false;
  if (record.winkler === null || reference.winkler === null) return false;
  return record.wape < reference.wape && record.winkler < reference.winkler;
}

function reasonOf(chosen: Run, reference: Run, { leastOrigins }: ForecastSettings): string {
  const { origins, wape } = reference.record;
  if (origins < leastOrigins) {
    return `Each weekday as a week before: ${origins} past forecasts are too few to choose another model.`;
  }
  const percent = (share: number | null) =>
    share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`;
  if (chosen === reference) {
    return `Each weekday as a week before: no other model had both a smaller error and a better band over ${origins} past forecasts.`;
  }
  return `Smaller error (${percent(chosen.record.wape)} against ${percent(wape)}) and a better band than each weekday as a week before, over ${origins} past forecasts.`;
}
