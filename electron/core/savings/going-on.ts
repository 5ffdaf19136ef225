import type { Account, Workload } from '../../../shared/analysis/model.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import type { FleetUse } from './fleet-use.ts';
import type { ProviderModel } from './model.ts';

/**
 * The account as it goes on: without what has ended, at the level of the last week where that has
 * fallen. What has just risen may be a mistake that is seen tomorrow: it counts with its mean.
 */
export function goingOn(account: Account, model: ProviderModel, usage: number): Account {
  const uses = new Map(model.fleets.map(({ use }) => [use.fleet.id, use]));
  const workloads = account.workloads.flatMap((workload): Workload[] => {
    const use = uses.get(workload.id);
    if (!use || use.ended) return [];
    return [scaled(hasFallen(use) ? lastWeekRepeated(workload) : workload, usage)];
  });
  const live = new Set(workloads.map(({ id }) => id));
  return {
    ...account,
    workloads,
    candidates: account.candidates.filter(({ workload }) => live.has(workload)),
  };
}

/** Mean use of the last week so far below that of four weeks is a new level. */
const shiftLimit = 0.1;

export function hasFallen({ levelShift }: Pick<FleetUse, 'levelShift'>): boolean {
  return levelShift < 1 - shiftLimit;
}

const weekH = 168;

function lastWeekRepeated(workload: Workload): Workload {
  const { usage, spotUsage, spotCost } = workload;
  if (usage.length < 4 * weekH) return workload;
  const repeat = (values: Float64Array) => {
    const copy = values.slice();
    const week = values.subarray(values.length - weekH);
    for (let back = 2; back <= 4; back++) copy.set(week, values.length - back * weekH);
    return copy;
  };
  if (!spotUsage) return { ...workload, usage: repeat(usage) };
  const spot = repeat(spotUsage);
  const before = sumOf(spotUsage);
  return {
    ...workload,
    usage: repeat(usage),
    spotUsage: spot,
    spotCost: before > 0 ? (spotCost * sumOf(spot)) / before : 0,
  };
}

function scaled(workload: Workload, by: number): Workload {
  if (by === 1) return workload;
  const { usage, spotUsage, spotCost } = workload;
  return {
    ...workload,
    usage: usage.map((units) => units * by),
    spotUsage: spotUsage?.map((units) => units * by) ?? null,
    spotCost: spotCost * by,
  };
}
