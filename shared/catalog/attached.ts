import { type Accelerator, accelerator } from './accelerators.ts';

/** Accelerators of a machine. A share of one device is one device with a share: never 0, never 1. */
export interface Attached {
  accelerator: Accelerator;
  /** Devices a program sees. */
  devices: number;
  /** How much of a physical one each is: [1, 8] is an eighth. */
  share: readonly [number, number];
  /** Memory of each as the program sees it, MiB. */
  memoryMib: number;
}

/** "8" is eight devices, "1/8" one device that is an eighth of a physical one. */
export function attach(device: string, count: string, memoryMib: number | null): Attached {
  const found = accelerator(device);
  if (!found) throw new RangeError(`no accelerator ${device} in the catalogue`);
  const [part = 1, whole = 1] = count.includes('/') ? count.split('/').map(Number) : [];
  return {
    accelerator: found,
    devices: count.includes('/') ? 1 : Number(count),
    share: [part, whole],
    memoryMib: memoryMib ?? Math.floor((found.memoryMib * part) / whole),
  };
}

/** How many physical accelerators: 0.125 for an eighth of one; 0 for a machine that has none. */
export function acceleratorCount(attached: Attached | null): number {
  if (!attached) return 0;
  const [part, whole] = attached.share;
  return (attached.devices * part) / whole;
}
