import type { UnitCost } from '../../../shared/contract/workloads.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { TokenSum } from './use.ts';
import { exactShare, gpuFigures, type GpuUse, perUnit, qualityOf, text } from './gpu.ts';

const managedApi = purposes.indexOf('managed-api');

/** The unit cost to read first: of a model API a million tokens, else the first that is known. */
export function unitToRead(units: readonly UnitCost[], purpose: number | null): UnitCost | null {
  const known = units.filter(({ perUnit: cost }) => cost !== null);
  const tokens = known.find(({ unit }) => unit === 'million-tokens');
  return (purpose === managedApi ? tokens : undefined) ?? known[0] ?? null;
}

export function tokenUnit(
  use: TokenSum,
  before: { tokens: Exact | null; cost: Exact | null } | null,
): UnitCost {
  const per = (one: { tokens: Exact | null; cost: Exact | null } | null) =>
    one && perUnit(one.cost, one.tokens === null ? null : one.tokens / 1_000_000n);
  return {
    unit: 'million-tokens',
    cost: text(use.cost),
    quantity: text(use.tokens === null ? null : use.tokens / 1_000_000n),
    perUnit: per(use),
    previous: per(before),
    reason: use.unknown
      ? 'Of the charges whose unit says how many tokens; the others are left out.'
      : use.vendorCounts
        ? 'All token charges, over all their tokens; where the bill does not say how many, as the vendor counts them.'
        : 'All token charges, over all their tokens.',
  };
}

export function gpuUnits(use: GpuUse, before: GpuUse | null): UnitCost[] {
  const now = gpuFigures(use);
  const then = before && gpuFigures(before);
  const quality = qualityOf(use);
  const some =
    use.unknownCharges > 0 ? ` ${use.unknownCharges} charges do not say their hours.` : '';
  const busyHours =
    use.hours !== null && now.busyShare !== null
      ? (use.hours * exactShare(now.busyShare)) / exactShare(1)
      : null;
  return [
    {
      unit: 'busy-gpu-hour',
      cost: now.cost,
      quantity: text(busyHours),
      perUnit: now.perBusyHour,
      previous: then?.perBusyHour ?? null,
      reason:
        now.busyShare === 0
          ? `None of the measured hours was busy. ${quality.reason}`
          : now.perBusyHour === null
            ? `Unknown. ${quality.reason}`
            : `${quality.reason} The busy share of the measured hours stands for all of them.`,
    },
    {
      unit: 'gpu-hour',
      cost: now.cost,
      quantity: now.hours,
      perUnit: now.perHour,
      previous: then?.perHour ?? null,
      reason:
        now.hours === null
          ? `Unknown: the bill does not say the hours.${some}`
          : `Charges of machines with GPUs, over hours times GPUs.${some}`,
    },
  ];
}
