import { mergeHours } from '../hours.ts';
import type { Account, Workload } from '../model.ts';
import type { Pool, PoolChoice } from '../pool.ts';
import { sumOf } from '../sums.ts';

/**
 * A pool of the forecast over hours of the past: the same workloads, choices and commitments, all
 * of them active, with the usage that was. Owned fees are left out.
 */
export function pastPool(pool: Pool, forecast: Account, past: Account): Pool {
  const now = byId(forecast);
  const then = byId(past);
  const series: Float64Array[] = pool.hours.series.map(() => new Float64Array(past.hours));
  const workloads = pool.workloads.map(({ id, choices }) => {
    const workload = then.get(id) as Workload;
    const units = sumOf((now.get(id) as Workload).usage);
    const factor = units > 0 ? sumOf(workload.usage) / units : 0;
    for (const choice of choices) {
      if (choice.part) series[choice.part.series] = uncovered(workload, choice);
    }
    return {
      id,
      choices: choices.map((choice) => ({ ...choice, fixedCost: choice.fixedCost * factor })),
    };
  });
  const hours = mergeHours(past.hours, series, []);
  return {
    ...pool,
    workloads,
    columns: pool.columns.map((column) => ({ ...column, fromH: 0, toH: past.hours })),
    hours: { ...hours, active: [pool.columns.map(() => true)] },
    ownedFees: 0,
  };
}

function byId({ workloads }: Account): Map<string, Workload> {
  return new Map(workloads.map((workload) => [workload.id, workload]));
}

/** Usage that a choice leaves for commitments, before its scale: all but today's spot units. */
function uncovered(workload: Workload, choice: PoolChoice): Float64Array {
  const { usage, spotUsage } = workload;
  return choice.spot && workload.spotNow && choice.option === 'keep' && spotUsage
    ? usage.map((units, hour) => units - (spotUsage[hour] ?? 0))
    : usage;
}
