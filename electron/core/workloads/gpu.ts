import type { GpuFigures, TelemetryQuality } from '../../../shared/contract/workloads.ts';
import { type Exact, exactOf, formatExact, toNumber } from '../../../shared/domain/exact.ts';
import { scaled } from '../../../shared/workloads/change.ts';
import type { Fraction, Meter } from '../../../shared/workloads/meters.ts';
import { addBusy, type Busy, noBusy } from './busy.ts';

/** GPU-hours of some charges, and what was measured of them. */
export interface GpuUse {
  /** Null: of none of the charges. */
  hours: Exact | null;
  /** Of the charges whose hours are known. */
  cost: Exact | null;
  unknownCharges: number;
  /** GPU-hours by billed resource, for what its telemetry covers. */
  resources: number;
  measured: number;
  busy: Busy | null;
}

export function noGpuUse(): GpuUse {
  return { hours: null, cost: null, unknownCharges: 0, resources: 0, measured: 0, busy: null };
}

/** Adds one resource's use of one kind of GPU to a sum. */
export function addUse(into: GpuUse, from: GpuUse): void {
  into.hours = plus(into.hours, from.hours);
  into.cost = plus(into.cost, from.cost);
  into.unknownCharges += from.unknownCharges;
  into.resources += from.resources;
  into.measured += from.measured;
  if (from.busy) addBusy((into.busy ??= noBusy()), from.busy);
}

export function plus(a: Exact | null, b: Exact | null): Exact | null {
  if (a === null) return b;
  return b === null ? a : a + b;
}

/** Null where none is known. */
export function sumOf(amounts: readonly (Exact | null)[], start: Exact | null): Exact | null {
  return amounts.reduce(plus, start);
}

/** A quantity in the meter's own unit: GPU-hours or tokens. */
export function counted(quantity: Exact, [times, by]: Fraction): Exact {
  return scaled(quantity, BigInt(times), BigInt(by));
}

const nano = 10n ** 18n;
const one = exactOf('1');

/** A cost a unit, rounded half up to nine decimals; null where there are no units. */
export function perUnit(cost: Exact | null, quantity: Exact | null): string | null {
  if (cost === null || quantity === null || quantity <= 0n) return null;
  return formatExact(scaled(cost, one, quantity * nano) * nano);
}

export function text(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}

/** A double as an exact decimal of nine digits. */
export function exactShare(share: number): Exact {
  return exactOf(share.toFixed(9));
}

export function gpuFigures(use: GpuUse): GpuFigures {
  const { hours, cost, busy } = use;
  const share = busy && busy.measured > 0 ? busy.busy / busy.measured : null;
  const busyHours = hours !== null && share !== null ? scaled(hours, exactShare(share), one) : null;
  return {
    hours: text(hours),
    cost: text(cost),
    perHour: perUnit(cost, hours),
    unknownCharges: use.unknownCharges,
    measuredHours: busy && busy.measured,
    busyHours: busy && busy.busy,
    busyShare: share,
    activeShare: busy && busy.measured > 0 ? Math.min(1, busy.active / busy.measured) : null,
    perBusyHour: perUnit(cost, busyHours),
  };
}

/** Coverage from which a busy share speaks for nearly all hours, and for at least half of them. */
const goodFrom = 0.9;
const partialFrom = 0.5;

export function qualityOf(use: GpuUse): TelemetryQuality {
  const { busy, hours, resources, measured } = use;
  const paid = hours === null ? null : Number(formatExact(hours));
  const coverage = busy && paid !== null && paid > 0 ? Math.min(1, busy.measured / paid) : null;
  const metrics = busy ? [...busy.metrics].sort() : [];
  const base = { resources, measured, coverage, metrics, samples: busy?.samples ?? 0 };
  if (resources === 0)
    return { level: 'none', reason: 'It has no GPUs that telemetry could be of.', ...base };
  if (!busy) {
    const reason =
      measured > 0
        ? 'Its telemetry says nothing about the work of its GPUs in these days.'
        : 'No telemetry is matched to its GPUs.';
    return { level: 'none', reason, ...base };
  }
  const onlyUtil = metrics.every((metric) => metric === 'gpu_util' || metric === 'gpu_util_sum');
  const share = coverage === null ? null : `${Math.round(coverage * 100)}% of the GPU-hours paid`;
  const measuredText = share ? `Measured are ${share}` : 'How many GPU-hours were paid is unknown';
  if (coverage === null || coverage < partialFrom) {
    return { level: 'poor', reason: `${measuredText}; the rest is unknown.`, ...base };
  }
  if (coverage < goodFrom) {
    return { level: 'partial', reason: `${measuredText}; the rest is unknown.`, ...base };
  }
  return onlyUtil
    ? {
        level: 'partial',
        reason: `${measuredText}, by GPU-Util only: it counts time with any kernel, not work done.`,
        ...base,
      }
    : { level: 'good', reason: `${measuredText}.`, ...base };
}

/** Accelerators of the machine behind a meter. */
export function gpusOf(meter: Meter | null | undefined): number {
  return meter?.kind === 'gpu' ? meter.count[0] / meter.count[1] : 0;
}

/** For bars and words; null where the whole is not positive. */
export function shareOf(part: Exact | null, whole: Exact | null): number | null {
  if (part === null || whole === null || whole <= 0n) return null;
  return toNumber(part) / toNumber(whole);
}
