import type { Account, OwnedCommitment, Workload } from '../model.ts';
import { sumOf } from '../sums.ts';
import { hoursPerWeek } from './settings.ts';

/** Weeks that the seasonal forecast repeats. */
const repeatedWeeks = 4;

/**
 * The account over the hours after its history: usage repeats the last four weeks (fewer where
 * there are fewer; whole days below a week), commitments go on as bought.
 *
 * @param account the history
 * @param offsetH hours from the start of the history to the start of the forecast
 */
export function forecastAccount(account: Account, offsetH: number, hours: number): Account {
  const block = repeatedHours(account.hours);
  return {
    ...account,
    hours,
    owned: account.owned.map((owned) => shifted(owned, offsetH)),
    workloads: account.workloads.map((workload) => repeated(workload, offsetH, hours, block)),
  };
}

function shifted(owned: OwnedCommitment, by: number): OwnedCommitment {
  return { ...owned, startH: owned.startH - by, endH: owned.endH - by };
}

function repeatedHours(history: number): number {
  const weeks = Math.min(repeatedWeeks, Math.floor(history / hoursPerWeek));
  if (weeks > 0) return weeks * hoursPerWeek;
  return history >= 24 ? Math.floor(history / 24) * 24 : history;
}

function repeated(workload: Workload, offsetH: number, hours: number, block: number): Workload {
  const history = workload.usage.length;
  const at = (hour: number): number => {
    const index = offsetH + hour;
    return index < history ? index : index - block * Math.ceil((index - history + 1) / block);
  };
  const take = (values: Float64Array) =>
    Float64Array.from({ length: hours }, (_, hour) => values[at(hour)] ?? 0);
  const { spotUsage, spotCost } = workload;
  const usage = take(workload.usage);
  if (!spotUsage) return { ...workload, usage };
  const spot = take(spotUsage);
  const units = sumOf(spotUsage);
  return {
    ...workload,
    usage,
    spotUsage: spot,
    spotCost: units > 0 ? (spotCost * sumOf(spot)) / units : 0,
  };
}

/** The last hours of an account, as a window of their own. */
export function lastHours(account: Account, hours: number): Account {
  return windowOf(account, Math.max(0, account.hours - hours), account.hours);
}

/** Some hours of an account, as a window of their own; what is owned goes on as bought. */
export function windowOf(account: Account, from: number, to: number): Account {
  return {
    ...account,
    hours: to - from,
    owned: account.owned.map((owned) => shifted(owned, from)),
    workloads: account.workloads.map((workload) => {
      const spotUsage = workload.spotUsage?.slice(from, to) ?? null;
      const all = workload.spotUsage ? sumOf(workload.spotUsage) : 0;
      return {
        ...workload,
        usage: workload.usage.slice(from, to),
        spotUsage,
        spotCost: spotUsage && all > 0 ? (workload.spotCost * sumOf(spotUsage)) / all : 0,
      };
    }),
  };
}
