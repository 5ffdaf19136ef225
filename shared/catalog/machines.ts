import { attach, type Attached } from './attached.ts';
import { awsAccelerated, awsEarlier } from './awsAccelerated.ts';
import { awsGeneral } from './awsGeneral.ts';
import { azureAccelerated } from './azureAccelerated.ts';
import { googleAttached, googleMachineTypes } from './googleMachineTypes.ts';
import type { SourceId } from './sources.ts';
import { tpuSlice } from './tpuSlices.ts';

export const cloudProviders = ['aws', 'google', 'azure'] as const;
export type CloudProvider = (typeof cloudProviders)[number];

export interface MachineType {
  provider: CloudProvider;
  /** As the provider writes it: "p5.48xlarge", "a3-highgpu-8g", "Standard_ND96isr_H100_v5". */
  name: string;
  /** What right-sizing moves within: "m7i", "n2-standard", "ND". */
  family: string;
  /** Null for a TPU slice: its hosts have them. */
  vcpu: number | null;
  memoryGib: number | null;
  attached: Attached | null;
  /** Cores are shared with other machines. */
  shared: boolean;
  deprecated: boolean;
  source: SourceId;
}

/**
 * A machine type by the name that a bill or a tag gives it; null where no source knows it.
 *
 * AWS also by SageMaker ("ml.p5.48xlarge"), RDS, ElastiCache and OpenSearch names of the same
 * hardware are not machine types and are not found, except SageMaker's, which are EC2 types of the
 * same size. Google also custom types ("n2-custom-8-32768") and TPU slices ("v5litepod-8"). Azure with
 * or without "Standard_", letter case ignored, as bills differ in it.
 */
export function machineType(provider: CloudProvider, name: string): MachineType | null {
  const key = keyOf(provider, name);
  const found = machineIndex()[provider].get(key);
  if (found || provider !== 'google') return found ?? null;
  return customType(key) ?? tpuSlice(key);
}

/** All types of a provider that have a row of their own. */
export function machineTypes(provider: CloudProvider): readonly MachineType[] {
  return [...machineIndex()[provider].values()];
}

/** The types of a family from small to large, for right-sizing. */
export function machineFamily(provider: CloudProvider, family: string): readonly MachineType[] {
  return machineTypes(provider)
    .filter((machine) => machine.family === family)
    .sort((a, b) => (a.vcpu ?? 0) - (b.vcpu ?? 0) || (a.memoryGib ?? 0) - (b.memoryGib ?? 0));
}

type Index = Record<CloudProvider, Map<string, MachineType>>;
let index: Index | null = null;

function machineIndex(): Index {
  index ??= {
    aws: byKey('aws', [
      ...rows(awsAccelerated).map((row) => acceleratedRow('aws', row, 'aws-instance-types')),
      ...rows(awsEarlier).map((row) => acceleratedRow('aws', row, 'aws-earlier-types')),
      ...rows(awsGeneral).flatMap(([family = '', ...sizes]) =>
        sizes.map((size) => generalRow('aws', family, '.', size)),
      ),
    ]),
    google: byKey(
      'google',
      rows(googleMachineTypes).flatMap(([series = '', ...sizes]) =>
        sizes.map((size) => generalRow('google', series, '-', size)),
      ),
    ),
    azure: byKey(
      'azure',
      rows(azureAccelerated).map((row) => acceleratedRow('azure', row, 'azure-gpu-sizes')),
    ),
  };
  return index;
}

function byKey(provider: CloudProvider, machines: readonly MachineType[]) {
  return new Map(machines.map((machine) => [keyOf(provider, machine.name), machine]));
}

function keyOf(provider: CloudProvider, name: string): string {
  const key = name.trim().toLowerCase();
  switch (provider) {
    case 'aws':
      return key.replace(/^ml\./, '');
    case 'azure':
      return key.replace(/^(?:standard|basic)_/, '').replaceAll(' ', '_');
    case 'google':
      // A resource's link ends in the name.
      return key.slice(key.lastIndexOf('/') + 1);
    default:
      return provider satisfies never;
  }
}

function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

function acceleratedRow(provider: CloudProvider, row: string[], source: SourceId): MachineType {
  const [name = '', vcpu, memory, device = '', count = '', memoryEach = '-'] = row;
  const family =
    provider === 'aws' ? name.slice(0, name.indexOf('.')) : (/^[A-Z]+/.exec(name)?.[0] ?? name);
  return {
    provider,
    name: provider === 'azure' ? `Standard_${name}` : name,
    family,
    vcpu: Number(vcpu),
    memoryGib: Number(memory),
    attached: attach(device, count, memoryEach === '-' ? null : Number(memoryEach)),
    shared: false,
    deprecated: false,
    source,
  };
}

function generalRow(
  provider: 'aws' | 'google',
  family: string,
  joint: '.' | '-',
  size: string,
): MachineType {
  const [suffix = '', vcpu, memory, flag] = size.split(':');
  return {
    provider,
    name: `${family}${joint}${suffix}`,
    family,
    vcpu: Number(vcpu),
    memoryGib: Number(memory),
    attached: provider === 'google' ? googleAttachment(family, suffix) : null,
    shared: flag === 's',
    deprecated: flag === 'd',
    source: provider === 'aws' ? 'aws-spot-advisor' : 'google-machine-types',
  };
}

let attachments: Map<string, [string, string]> | null = null;

function googleAttachment(series: string, suffix: string): Attached | null {
  attachments ??= new Map(
    rows(googleAttached).map(([name = '', device = '', count = '']) => [name, [device, count]]),
  );
  const found = attachments.get(`${series}-${suffix}`) ?? attachments.get(series);
  if (!found) return null;
  const [device, count] = found;
  return attach(device, count === 'size' ? String(Number.parseInt(suffix, 10)) : count, null);
}

/**
 * "n2-custom-8-32768", "custom-4-5120", "n1-custom-2-6656-ext": vCPU and RAM in MB say it all; of a
 * shared one ("e2-custom-small-2048") only the RAM, its vCPU are two.
 */
function customType(key: string): MachineType | null {
  const [, series = 'n1', sharing, vcpu, megabytes] =
    /^(?:([a-z]\w*)-)?custom-(?:(micro|small|medium)|(\d+))-(\d+)(?:-ext)?$/.exec(key) ?? [];
  if (megabytes === undefined) return null;
  return {
    provider: 'google',
    name: key,
    family: `${series}-custom`,
    vcpu: sharing ? 2 : Number(vcpu),
    memoryGib: Number(megabytes) / 1024,
    attached: null,
    shared: sharing !== undefined,
    deprecated: false,
    source: 'google-machine-types',
  };
}
