import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { LinesTotal } from '../../../shared/contract/lines.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import { addSums, type LineSums, type LoadInSlice } from './scope.ts';
import type { HeldLines } from './few-lines.ts';

type Output = CallOutput<'costs.lines'>;

/** What the lines found add up to, and what of the slice has none. */
export function sumUp(
  loads: readonly LoadInSlice[],
  parts: readonly Pick<HeldLines, 'loads' | 'sums'>[],
): Omit<Output, 'offset' | 'rows' | 'elapsedMs'> {
  const sums: LineSums = new Map();
  for (const own of parts.flatMap((part) => part.sums)) addSums(sums, own);
  const without = loads.filter(({ detail }) => detail === null);
  const missing: LineSums = new Map();
  for (const { cells } of without) addSums(missing, cells);
  return {
    lines: [...sums.values()].reduce((count, { lines }) => count + lines, 0),
    totals: totalsOf(sums),
    tiesOut: parts.every((part) =>
      part.loads.every(({ cells }, i) => same(part.sums[i] ?? new Map(), cells)),
    ),
    withoutDetail: {
      totals: totalsOf(missing),
      loads: without.map(({ loadId, file, source, periods, cells }) => ({
        load: loadId,
        file,
        source,
        periods,
        totals: totalsOf(cells),
      })),
    },
  };
}

/** Most lines first. */
function totalsOf(sums: LineSums): LinesTotal[] {
  return [...sums]
    .map(([currency, { lines, billed, effective }]) => ({
      currency,
      lines,
      billed: billed === null ? null : formatExact(billed),
      effective: effective === null ? null : formatExact(effective),
    }))
    .sort((a, b) => b.lines - a.lines || ((a.currency ?? '') < (b.currency ?? '') ? -1 : 1));
}

function same(a: LineSums, b: LineSums): boolean {
  return (
    a.size === b.size &&
    [...a].every(([currency, sum]) => {
      const other = b.get(currency);
      return (
        sum.lines === other?.lines &&
        sum.billed === other.billed &&
        sum.effective === other.effective
      );
    })
  );
}
