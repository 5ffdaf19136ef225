import { formatExact } from '../../../shared/domain/exact.ts';
import type { ColumnArray } from '../store/columns.ts';
import type { MeasureColumns } from '../store/kernel.ts';
import { exactAt, type Sums } from '../store/limbs.ts';

/** The amount of each cell as exact decimal text, whether or not any charge delivers it. */
export function amountTexts({ limbs }: MeasureColumns, cells: number): (i: number) => string {
  const { high, whole, nano, atto, rest } = limbs;
  // Nearly all cells; without a bigint each.
  if (!high && !whole && !atto && !rest) return (i) => nanoText(nano?.[i] ?? 0);
  const wide = (column: ColumnArray | undefined) => (column ? Float64Array.from(column) : null);
  const sums: Sums = {
    high: wide(high),
    whole: wide(whole) ?? new Float64Array(cells),
    nano: wide(nano) ?? new Float64Array(cells),
    atto: wide(atto),
    rest: wide(rest),
  };
  return (i) => formatExact(exactAt(sums, i));
}

/** A whole number of 1e-9 units, at most 2^52, as a decimal. */
function nanoText(nano: number): string {
  const digits = String(Math.abs(nano)).padStart(10, '0');
  let end = digits.length;
  while (end > digits.length - 9 && digits[end - 1] === '0') end--;
  const whole = digits.slice(0, -9);
  const text = end === digits.length - 9 ? whole : `${whole}.${digits.slice(whole.length, end)}`;
  return nano < 0 ? `-${text}` : text;
}
