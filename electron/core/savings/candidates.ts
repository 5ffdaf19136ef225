import type { Candidate } from '../../../shared/analysis/model.ts';
import { acceleratorCount } from '../../../shared/catalog/attached.ts';
import { machineFamily, machineTypes } from '../../../shared/catalog/machines.ts';
import type { FleetMachine } from './bill-use.ts';
import type { FleetUse } from './fleet-use.ts';
import type { MeasuredFleet } from './measured.ts';

/** Another shape for a fleet, before prices and gates are asked. */
export interface Shape extends Candidate {
  /** Null: the same machines, fewer of them, or none. */
  machine: FleetMachine | null;
  /** Type as sheets and bills name it. */
  type: string;
  /** What it is called in a sentence: "g5.4xlarge", "three quarters of the machines". */
  title: string;
  /** Known before any simulation; null where nothing speaks against it. */
  objection: string | null;
}

/** Shares of its machines that a serving fleet may be cut to; peaks decide which of them hold. */
const sharesOfFleet = [
  { share: 0.75, option: 'three-quarters', title: 'three quarters of the machines' },
  { share: 0.5, option: 'half', title: 'half of the machines' },
];

/** Room that processors keep on a smaller machine (SAVINGS.md section 6: 80 %). */
const processorRoom = 0.8;

/** What else a fleet could run on: nothing, smaller machines of the same accelerator, fewer of them. */
export function shapesOf(
  use: FleetUse,
  measured: MeasuredFleet | null,
  { serving }: { serving: boolean },
): Shape[] {
  const { fleet, usage } = use;
  // Of what a machine of an unknown type is made of, nothing can be said.
  if (!fleet.known) return [];
  const common = { workload: fleet.id };
  const stop: Shape = {
    ...common,
    option: 'stop',
    sku: fleet.sku,
    ratio: 0,
    machine: null,
    type: fleet.type,
    title: 'none at all',
    objection: null,
  };
  const smaller = smallerTypes(fleet.machine).map((machine): Shape => {
    const type = fleet.type.startsWith('ml.') ? `ml.${machine.name}` : machine.name;
    return {
      ...common,
      option: type,
      sku: fleet.sku.replace(fleet.type, type),
      ratio: 1,
      machine,
      type,
      title: type,
      objection: processorObjection(fleet.machine, machine, measured),
    };
  });
  let peak = 0;
  for (const units of usage) peak = Math.max(peak, units);
  const most = Math.round(peak);
  const fewer = (serving ? sharesOfFleet : []).flatMap(({ share, option, title }): Shape[] => {
    // Whole machines at the peak.
    const left = Math.ceil(most * share - 1e-9);
    if (left < 2 || left >= most) return [];
    const ratio = left / most;
    const { sku, machine, type } = fleet;
    return [{ ...common, option, sku, ratio, machine, type, title, objection: null }];
  });
  return [stop, ...smaller, ...fewer];
}

/** The same accelerator with fewer of it, or without accelerators the next two sizes down. */
function smallerTypes(machine: FleetMachine): FleetMachine[] {
  const { attached, provider, family } = machine;
  if (!attached) {
    const sizes = machineFamily(provider, family).filter(
      ({ vcpu, deprecated }) =>
        !deprecated && vcpu !== null && machine.vcpu !== null && vcpu < machine.vcpu,
    );
    return sizes.slice(-2);
  }
  const have = acceleratorCount(attached);
  return machineTypes(provider).filter((other) => {
    const own = other.attached;
    if (!own || other.deprecated || own.share[1] !== 1) return false;
    return own.accelerator.name === attached.accelerator.name && acceleratorCount(own) < have;
  });
}

/** The rule for GPUs looks at GPUs alone; the work beside them must fit too. */
function processorObjection(
  current: FleetMachine,
  target: FleetMachine,
  measured: MeasuredFleet | null,
): string | null {
  const figures = measured?.telemetry ?? {};
  const share =
    figures['cpu_p99_5'] ??
    (figures['cpu_max_pct'] === undefined ? undefined : figures['cpu_max_pct'] / 100);
  if (share !== undefined && current.vcpu !== null && target.vcpu !== null) {
    const needed = share * current.vcpu;
    if (needed > processorRoom * target.vcpu) {
      return `its processors need ${needed.toFixed(1)} vCPUs at their peak, and ${target.name} has ${target.vcpu}`;
    }
  }
  const memory = figures['mem_p99_5'];
  if (memory !== undefined && current.memoryGib !== null && target.memoryGib !== null) {
    const needed = memory * current.memoryGib;
    if (needed > processorRoom * target.memoryGib) {
      return `its memory needs ${needed.toFixed(0)} GiB at its peak, and ${target.name} has ${target.memoryGib}`;
    }
  }
  return null;
}
