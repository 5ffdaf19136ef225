import type { CloudProvider, MachineType } from '../../../shared/catalog/machines.ts';
import { createDerive } from '../../../shared/workloads/facts.ts';
import { hoursPerUnit } from '../../../shared/workloads/meters.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube, SegmentInfo } from '../store/cube.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import type { SeriesFacts } from '../workloads/series-facts.ts';
import { sumSeries } from '../workloads/sums.ts';

/** What is decided by; of a type that the catalogue lacks only its name is known. */
export type FleetMachine = Pick<
  MachineType,
  'provider' | 'name' | 'family' | 'vcpu' | 'memoryGib' | 'attached'
>;

/** Machines that are decided on together: one workload's machines of one type in one place. */
export interface Fleet {
  id: string;
  /** As the bill names it. */
  provider: string;
  cloud: CloudProvider;
  account: string;
  accountName: string | null;
  region: string;
  /** Of the workloads page; null where nothing names one. */
  workload: string | null;
  name: string;
  /** Part of its machines that telemetry shows idle; they are decided on apart from the others. */
  idle: boolean;
  machine: FleetMachine;
  /** The catalogue has its type: what it is made of is known. */
  known: boolean;
  /** Name of the machine type as the bill has it: "ml.p4d.24xlarge" is not "p4d.24xlarge". */
  type: string;
  /** What its hours are priced by: a type of one service. */
  sku: string;
  /** Purpose, as the workloads page has it. */
  purpose: string;
  /** Value ids of its resources. */
  resources: Set<number>;
  /** Value id of a tag set of it. */
  tags: number;
}

export type UseClass = 'on-demand' | 'committed' | 'spot';

/** Series that are added up together. Every series of the currency is in one. */
export type UseGroup =
  | { kind: 'use'; provider: string; fleet: Fleet; of: UseClass; commitment: number }
  /** What of a commitment nobody used. */
  | { kind: 'unused'; provider: string; commitment: number }
  /** Use that a commitment covers and no fleet has, by what was used. */
  | { kind: 'covered'; provider: string; commitment: number; series: number }
  /** Recurring cost that no lever of machines touches. */
  | { kind: 'other'; provider: string; once: boolean };

/** Days since 1970-01-01 UTC, both inclusive. */
export interface DaySpan {
  firstDay: number;
  lastDay: number;
}

export interface UseLedger {
  cube: Cube;
  axes: Axes;
  ledger: ClassifiedLedger;
  facts: SeriesFacts;
}

export interface GroupedUse {
  groups: UseGroup[];
  /** Group of each series; -1 for those of other currencies. */
  of: Int32Array;
  fleets: Fleet[];
}

/** Whether a resource of a fleet is known to be idle. */
export type IsIdle = (resource: number, machine: FleetMachine) => boolean;

const machineServices = new Set(['compute', 'sagemaker', 'vertex', 'tpu', 'azure-ml']);
/** Capacity bought ahead: its use costs nothing more, whatever is planned. */
const prepaid = /capacity[-_ ]?(?:block|reservation)/i;
/** Charges that come once and say nothing of the months ahead. */
const onceCharges = new Set(['Credit', 'Adjustment', 'Purchase']);

export function isPrepaid(commitment: string): boolean {
  return prepaid.test(commitment);
}

interface FoundMachine {
  machine: FleetMachine;
  known: boolean;
  cloud: CloudProvider;
  type: string;
  sku: string;
}

function unknownMachine(provider: CloudProvider, name: string): FleetMachine {
  return { provider, name, family: name, vcpu: null, memoryGib: null, attached: null };
}

/** Sorts every series of a currency into fleets of machines, commitments and the rest. */
export function groupUse(
  { cube, axes, ledger, facts }: UseLedger,
  currency: string,
  isIdle: IsIdle,
): GroupedUse {
  const ids = {
    currency: cube.series('currency'),
    provider: cube.series('provider'),
    account: cube.series('account'),
    region: cube.series('region'),
    resource: cube.series('resource'),
    instance: cube.series('instance'),
    service: cube.series('service'),
    sku: cube.series('sku'),
    unit: cube.series('unit'),
    pricing: cube.series('pricing'),
    charge: cube.series('charge'),
    class: cube.series('charge-class'),
    commitment: cube.series('commitment'),
    status: cube.series('commitment-status'),
    tags: cube.series('tags'),
  };
  const text = {
    provider: cube.values('provider'),
    account: cube.values('account'),
    region: cube.values('region'),
    instance: cube.values('instance'),
    pricing: cube.values('pricing'),
    charge: cube.values('charge'),
    class: cube.values('charge-class'),
    commitment: cube.values('commitment'),
    status: cube.values('commitment-status'),
    unit: cube.values('unit'),
  };
  const accountNames = axes.axis('account');
  const wanted = cube.idOf('currency', currency);
  const derive = createDerive();
  const machines = new Map<string, FoundMachine | null>();
  const fleets = new Map<string, Fleet>();
  const groups: UseGroup[] = [];
  const numbers = new Map<string, number>();
  const of = new Int32Array(cube.seriesCount()).fill(-1);
  const { decided } = ledger;

  const numberOf = (key: string, make: () => UseGroup): number => {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = groups.push(make()) - 1));
    return number;
  };
  const at = (column: Uint32Array, series: number) => column[series] as number;

  /** The machine that a series counts hours of; looked at once for charges that agree. */
  function machineOf(series: number) {
    const key = [ids.provider, ids.service, ids.instance, ids.sku, ids.unit]
      .map((column) => at(column, series))
      .join(' ');
    let found = machines.get(key);
    if (found !== undefined) return found;
    found = null;
    const derived = derive(facts.facts(series));
    const unit = hoursPerUnit(text.unit[at(ids.unit, series)] ?? '');
    const { provider: cloud, machine, service, usage } = derived;
    const stated = text.instance[at(ids.instance, series)] ?? '';
    const metered = usage?.kind === 'machine' || usage?.kind === 'sagemaker' ? usage.machine : '';
    const type = stated === '' ? (metered ?? '') : stated;
    const isMachine = machine !== null || (service === 'compute' && stated !== '');
    const inHours = unit?.[0] === 1 && unit[1] === 1;
    if (cloud && isMachine && service && machineServices.has(service) && inHours) {
      const part = usage?.kind === 'sagemaker' ? ` ${usage.part}` : '';
      const own = service === 'compute' || service === 'sagemaker' ? '' : ` ${service}`;
      found = {
        machine: machine ?? unknownMachine(cloud, type),
        known: machine !== null,
        cloud,
        type,
        sku: `${type}${part}${own}`,
      };
    }
    machines.set(key, found);
    return found;
  }

  function fleetOf(series: number, found: NonNullable<ReturnType<typeof machineOf>>): Fleet {
    const place = decided.workload[series] as number;
    const workload = decided.workloads[place] ?? null;
    const resource = at(ids.resource, series);
    const idle = resource !== 0 && found.known && isIdle(resource, found.machine);
    const account = at(ids.account, series);
    const region = at(ids.region, series);
    const key = JSON.stringify([at(ids.provider, series), place, account, region, found.sku, idle]);
    let fleet = fleets.get(key);
    if (!fleet) {
      const name = workload?.name ?? found.type;
      const parts = [
        workload?.id ?? 'unnamed',
        found.sku,
        text.region[region] ?? '',
        text.account[account] ?? '',
      ];
      fleet = {
        known: found.known,
        id: `${parts.join('|')}${idle ? '|idle' : ''}`,
        provider: text.provider[at(ids.provider, series)] ?? '',
        cloud: found.cloud,
        account: text.account[account] ?? '',
        accountName: accountNames.name(account),
        region: text.region[region] ?? '',
        workload: workload?.id ?? null,
        name,
        idle,
        machine: found.machine,
        type: found.type,
        sku: found.sku,
        purpose: String(decided.purpose[series] ?? 0),
        resources: new Set(),
        tags: at(ids.tags, series),
      };
      fleets.set(key, fleet);
    }
    if (resource !== 0) fleet.resources.add(resource);
    return fleet;
  }

  for (let series = 0; series < of.length; series++) {
    if (at(ids.currency, series) !== wanted) continue;
    const provider = text.provider[at(ids.provider, series)] ?? '';
    const commitment = at(ids.commitment, series);
    const charge = text.charge[at(ids.charge, series)] ?? '';
    const isUse = charge === 'Usage' || charge === '';
    const covered = commitment !== 0 && !isPrepaid(text.commitment[commitment] ?? '');
    if (isUse && covered && text.status[at(ids.status, series)] === 'Unused') {
      of[series] = numberOf(`unused ${commitment}`, () => ({
        kind: 'unused',
        provider,
        commitment,
      }));
      continue;
    }
    const prepaidUse = commitment !== 0 && !covered;
    const machine = isUse && !prepaidUse ? machineOf(series) : null;
    if (machine) {
      const fleet = fleetOf(series, machine);
      const pricing = text.pricing[at(ids.pricing, series)] ?? '';
      const use: UseClass = covered ? 'committed' : pricing === 'Dynamic' ? 'spot' : 'on-demand';
      of[series] = numberOf(`${fleet.id} ${use} ${covered ? commitment : 0}`, () => ({
        kind: 'use',
        provider,
        fleet,
        of: use,
        commitment: covered ? commitment : 0,
      }));
      continue;
    }
    if (isUse && covered) {
      of[series] = numberOf(`covered ${commitment}`, () => ({
        kind: 'covered',
        provider,
        commitment,
        series,
      }));
      continue;
    }
    const once =
      prepaidUse || onceCharges.has(charge) || text.class[at(ids.class, series)] === 'Correction';
    of[series] = numberOf(`other ${provider} ${once}`, () => ({ kind: 'other', provider, once }));
  }
  return { groups, of, fleets: [...fleets.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** Daily sums of the groups, exact; `slots` are the days of the span. */
export interface UseSums {
  effective: (group: number, day: number) => Exact;
  contracted: (group: number, day: number) => Exact | null;
  quantity: (group: number, day: number) => number;
  rows: (group: number, day: number) => number;
  /** Charges of a group whose quantity or EffectiveCost the bill does not state. */
  unknownRows: (group: number) => number;
  days: number;
}

export async function sumUse(
  cube: Cube,
  segments: readonly SegmentInfo[],
  grouped: GroupedUse,
  { firstDay, lastDay }: DaySpan,
): Promise<UseSums> {
  const groups = { of: grouped.of, count: grouped.groups.length };
  const span = { segments, firstDay, lastDay };
  const effective = await sumSeries(cube, span, 'effective', groups, 'day');
  const contracted = await sumSeries(cube, span, 'contracted', groups, 'day');
  const quantity = await sumSeries(cube, span, 'quantity', groups, 'day');
  const days = lastDay - firstDay + 1;
  return {
    days,
    effective: (group, day) => effective.exact(group, day) ?? 0n,
    contracted: (group, day) => contracted.exact(group, day),
    quantity: (group, day) => quantity.size(group, day),
    rows: (group, day) => effective.rows(group, day),
    unknownRows: (group) => {
      let unknown = 0;
      for (let day = 0; day < days; day++) {
        unknown += effective.unknownRows(group, day);
        if (grouped.groups[group]?.kind === 'use') unknown += quantity.unknownRows(group, day);
      }
      return unknown;
    },
  };
}
