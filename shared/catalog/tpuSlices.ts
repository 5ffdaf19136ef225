import { attach } from './attached.ts';
import type { MachineType } from './machines.ts';

/** How a generation counts in the names of its slices: chips, or TensorCores of which a chip has two. */
const generations: Record<string, { chip: string; perChip: 1 | 2; most: number }> = {
  v2: { chip: 'tpu-v2', perChip: 2, most: 512 },
  v3: { chip: 'tpu-v3', perChip: 2, most: 2048 },
  v4: { chip: 'tpu-v4', perChip: 2, most: 8192 },
  v5litepod: { chip: 'tpu-v5e', perChip: 1, most: 256 },
  v5e: { chip: 'tpu-v5e', perChip: 1, most: 256 },
  v5p: { chip: 'tpu-v5p', perChip: 2, most: 17920 },
  v6e: { chip: 'tpu-v6e', perChip: 1, most: 256 },
};

/**
 * A slice by its accelerator type: "v5litepod-8", "tpu-v6e-256". The number counts chips from v5e on,
 * except v5p: there, as in v2 to v4, it counts TensorCores, so "v5p-8" is 4 chips. A slice is billed
 * for its chips alone, and what its hosts have besides depends on their type. Source `google-tpu-chips`.
 */
export function tpuSlice(name: string): MachineType | null {
  const [, version = '', number = ''] = /^(?:tpu-)?(v\d\w*)-(\d+)$/.exec(name) ?? [];
  const generation = generations[version];
  const size = Number(number);
  if (!generation || size < 1 || size > generation.most || size % generation.perChip !== 0) {
    return null;
  }
  return {
    provider: 'google',
    name,
    family: `tpu-${version}`,
    vcpu: null,
    memoryGib: null,
    attached: attach(generation.chip, String(size / generation.perChip), null),
    shared: false,
    deprecated: false,
    source: 'google-tpu-chips',
  };
}
