import { gateOf } from '../../../shared/analysis/gates.ts';
import type { Sku, Telemetry } from '../../../shared/analysis/model.ts';
import { acceleratorCount } from '../../../shared/catalog/attached.ts';
import {
  figureIds,
  figureMetrics,
  type TelemetrySummary,
} from '../../../shared/telemetry/figures.ts';
import { matchResources } from '../../../shared/telemetry/match.ts';
import { summarise } from '../../../shared/telemetry/summarise.ts';
import type { Cube } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import { listResources, readSeries } from '../telemetry/queries.ts';
import type { DaySpan, FleetMachine } from './bill-use.ts';

/** What telemetry says of billed resources in the last weeks. */
export interface MeasuredUse {
  /** Of the resources with these value ids, together; null where none is measured. */
  of: (resources: Iterable<number>, machine: FleetMachine) => MeasuredFleet | null;
  /** Whether a machine by itself shows every sign of idleness. */
  isIdle: (resource: number, machine: FleetMachine) => boolean;
  /** Whether its GPUs did nothing in the last days, whatever they did before. */
  isIdleLately: (resource: number, machine: FleetMachine) => boolean;
  idleDays: number;
  lastDay: number;
}

/** Days without any work after which somebody should be asked. */
const latelyDays = 3;

export interface MeasuredMachine {
  summary: TelemetrySummary;
  telemetry: Telemetry;
}

export interface MeasuredFleet {
  machines: MeasuredMachine[];
  /** As the rules read it: levels are shares. */
  telemetry: Telemetry;
  measured: number;
  resources: number;
}

const shares = new Set(['gpu_util_p95', 'cpu_p99_5', 'mem_p99_5']);

export function createMeasured(
  db: ReadableDb,
  cube: Cube,
  { firstDay, lastDay }: DaySpan,
): MeasuredUse {
  const window = { from: firstDay * 24, to: (lastDay + 1) * 24 };
  const stored = listResources(db);
  const ids = new Map<string, number[]>();
  if (stored.length > 0) {
    for (const { billed, measured } of matchResources(stored, cube.values('resource').slice(1))
      .matches) {
      ids.set(billed, [...(ids.get(billed) ?? []), measured]);
    }
  }
  const texts = cube.values('resource');
  const known = new Map<string, MeasuredMachine | null>();

  function machineOf(resource: number, machine: FleetMachine): MeasuredMachine | null {
    const billed = texts[resource] ?? '';
    const own = ids.get(billed);
    if (!own) return null;
    const key = `${resource} ${machine.name}`;
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = measure(own, machine)));
    return found;
  }

  function measure(own: readonly number[], machine: FleetMachine, hours = window): MeasuredMachine {
    const { attached, vcpu } = machine;
    const summary = summarise(readSeries(db, own, hours, figureMetrics), hours, {
      gpus: acceleratorCount(attached),
      ...(vcpu === null ? {} : { vcpus: vcpu }),
      ...(attached ? { gpuMemoryBytes: attached.memoryMib * 2 ** 20 } : {}),
    });
    const telemetry: Record<string, number> = {};
    for (const id of figureIds) {
      const figure = summary.figures[id];
      if (figure) telemetry[id] = shares.has(id) ? figure.value / 100 : figure.value;
    }
    const share = telemetry['gpu_mem_peak_pct'];
    if (attached && share !== undefined) {
      telemetry['gpu_mem_peak_gib'] ??= ((share / 100) * attached.memoryMib) / 1024;
    }
    return { summary, telemetry };
  }

  return {
    of: (resources, machine) => {
      const all = [...resources];
      const machines = all.flatMap((id) => machineOf(id, machine) ?? []);
      if (machines.length === 0) return null;
      return {
        machines,
        telemetry: together(machines),
        measured: machines.length,
        resources: all.length,
      };
    },
    idleDays: latelyDays,
    lastDay,
    isIdleLately: (resource, machine) => {
      const own = ids.get(texts[resource] ?? '');
      if (!own) return false;
      const late = { from: (lastDay - latelyDays + 1) * 24, to: window.to };
      const { telemetry } = measure(own, machine, late);
      return telemetry['gpu_active_share'] === 0 && (telemetry['gpu_mem_peak_pct'] ?? 100) < 5;
    },
    isIdle: (resource, machine) => {
      const found = machineOf(resource, machine);
      if (!found) return false;
      const stop = { workload: '', option: 'stop', sku: '', ratio: 0 };
      return gateOf(stop, { current: skuOf('', machine), target: null }, found.telemetry).allowed;
    },
  };
}

/** Of a fleet: the level of its busiest machine, the history of its shortest one. */
function together(machines: readonly MeasuredMachine[]): Telemetry {
  const merged: Record<string, number> = {};
  for (const id of figureIds) {
    const values = machines.map(({ telemetry }) => telemetry[id]);
    // What one machine does not say is not known of the fleet.
    if (values.some((value) => value === undefined)) continue;
    const numbers = values as number[];
    if (id === 'lookback_days' || id === 'metric_hours') merged[id] = Math.min(...numbers);
    else if (id === 'invocations_14d') merged[id] = numbers.reduce((sum, value) => sum + value, 0);
    else merged[id] = Math.max(...numbers);
  }
  return merged;
}

/** A machine type as the analysis describes it; throughput is compared within one accelerator only. */
export function skuOf(sku: string, machine: FleetMachine): Sku {
  const { attached, vcpu, memoryGib, family } = machine;
  return {
    sku,
    family: sku.startsWith('ml.') ? `ml.${family}` : family,
    gpus: acceleratorCount(attached),
    gpuMemGib: attached ? attached.memoryMib / 1024 : null,
    relTput: attached ? 1 : null,
    sizeUnits: vcpu,
    vcpu,
    memGib: memoryGib,
  };
}
