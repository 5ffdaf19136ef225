import { accounts } from './accounts.ts';
import { hoursRun } from './hours.ts';
import { months } from './months.ts';
import type { SkuKey } from './prices.ts';
import { linesOf, type Series, usesOn } from './usage.ts';
import { workloads } from './workloads.ts';

/** An hour in which something was measured, read at its half. */
export interface Moment {
  /** Hours since 1970-01-01 UTC. */
  hour: number;
  ofDay: number;
  weekend: boolean;
}

/** A billed machine, job or endpoint with the hours in which the bill has it running. */
export interface Machine {
  /** As the bill writes it. */
  id: string;
  name: string;
  seed: number;
  moments: Moment[];
}

const half = 500_000n;
const day24 = 24_000_000n;

/**
 * The machines of a workload that ran since a day, by what is billed: where nothing is billed,
 * nothing can be measured. A job that is billed for more than a day's hours ran on several machines
 * at once; `share` of them are one.
 */
export function machinesOf(workloadId: string, sku: SkuKey, since: string, share = 1n): Machine[] {
  const found = workloads.find(
    ({ id, lines }) => id === workloadId && lines.some((line) => line.sku === sku),
  );
  if (!found) throw new RangeError(`no ${sku} in ${workloadId}`);
  const lines = linesOf(accounts[found.account].provider).filter(
    ({ line, series }) => line.sku === sku && series[0]?.workload === found,
  );
  const machines = new Map<Series, Machine>();
  for (const month of months) {
    for (const day of month.days) {
      if (day.date < since) continue;
      const first = Date.parse(day.start) / 3_600_000;
      for (const { series, quantity } of usesOn(lines, day, month)) {
        const machine = machines.get(series) ?? newMachine(series);
        machines.set(series, machine);
        const alone = quantity / share;
        const hours = hoursRun(series.line.shape, alone < day24 ? alone : day24);
        for (const [ofDay, ran] of hours.entries())
          if (ran >= half)
            machine.moments.push({ hour: first + ofDay, ofDay, weekend: day.weekend });
      }
    }
  }
  return [...machines.values()];
}

function newMachine({ seed, values }: Series): Machine {
  return { id: values.ResourceId ?? '', name: values.ResourceName ?? '', seed, moments: [] };
}

/** "i-0123..." of an ARN, a Google instance's number, an Azure machine's name. */
export const ownId = ({ id }: Machine): string => id.slice(id.lastIndexOf('/') + 1);
