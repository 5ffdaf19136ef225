import { accelerator } from './accelerators.ts';

/** A Multi-Instance GPU slice: a part of one GPU with memory and compute of its own. */
export interface MigSlice {
  accelerator: string;
  /** "1g.10gb" */
  profile: string;
  /** Of the GPU's compute slices: numerator and how many a GPU has. */
  compute: readonly [number, number];
  /** Memory as the profile names it, in GB. */
  memoryGb: number;
  /** How many of this profile a GPU holds. */
  most: number;
}

/**
 * Profiles of each GPU, with how many of each fit. Source `nvidia-mig` (2026-08-01), B300 from the
 * SageMaker HyperPod profile list of the same time. A GPU has 7 compute slices and 8 memory slices;
 * the RTX PRO 6000 has 4 of each.
 */
const table = `
a100-40gb 7 1g.5gb:7 1g.10gb:4 2g.10gb:3 3g.20gb:2 4g.20gb:1 7g.40gb:1
a100-80gb 7 1g.10gb:7 1g.20gb:4 2g.20gb:3 3g.40gb:2 4g.40gb:1 7g.80gb:1
a100-80gb-pcie 7 1g.10gb:7 1g.20gb:4 2g.20gb:3 3g.40gb:2 4g.40gb:1 7g.80gb:1
h100 7 1g.10gb:7 1g.20gb:4 2g.20gb:3 3g.40gb:2 4g.40gb:1 7g.80gb:1
h100-nvl 7 1g.12gb:7 1g.24gb:4 2g.24gb:3 3g.47gb:2 4g.47gb:1 7g.94gb:1
h200 7 1g.18gb:7 1g.35gb:4 2g.35gb:3 3g.71gb:2 4g.71gb:1 7g.141gb:1
b200 7 1g.23gb:7 1g.45gb:4 2g.45gb:3 3g.90gb:2 4g.90gb:1 7g.180gb:1
b300 7 1g.34gb:7 1g.67gb:4 2g.67gb:3 3g.135gb:2 4g.135gb:1 7g.269gb:1
rtx-pro-6000 4 1g.24gb:4 2g.48gb:2 4g.96gb:1
`;

let index: Map<string, readonly MigSlice[]> | null = null;

/** The slices a GPU can be cut into, smallest first; empty where it cannot be cut. */
export function migSlices(name: string): readonly MigSlice[] {
  index ??= new Map(table.trim().split('\n').map(read));
  return index.get(accelerator(name)?.name ?? '') ?? [];
}

/**
 * One slice by its profile, as nvidia-smi ("MIG 1g.10gb"), Kubernetes ("nvidia.com/mig-1g.10gb") and
 * DCGM ("1g.10gb") write it; media extensions ("+me") change neither memory nor compute.
 */
export function migSlice(name: string, profile: string): MigSlice | null {
  const wanted = /(\d+g\.\d+gb)(?:\+[\w.]+)?$/i.exec(profile.trim())?.[1]?.toLowerCase();
  return migSlices(name).find((slice) => slice.profile === wanted) ?? null;
}

function read(line: string): [string, readonly MigSlice[]] {
  const [name = '', slices = '', ...profiles] = line.split(' ');
  return [
    name,
    profiles.map((text) => {
      const [profile = '', most] = text.split(':');
      const [, compute, memory] = /^(\d+)g\.(\d+)gb$/.exec(profile) ?? [];
      return {
        accelerator: name,
        profile,
        compute: [Number(compute), Number(slices)] as const,
        memoryGb: Number(memory),
        most: Number(most),
      };
    }),
  ];
}
