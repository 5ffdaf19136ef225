import { spanOf } from '../store/spans.ts';

/**
 * The order of `count` rows by several columns of whole numbers, the first one first; rows that are
 * equal stay as they were. Sorts by each column's values in turn, from the last, by counting how
 * often each value occurs, which takes one pass for millions of rows.
 */
export function inOrder(
  columns: readonly (Uint32Array | Int32Array)[],
  count: number,
): Uint32Array {
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  let next = new Uint32Array(count);
  for (const column of columns.toReversed()) {
    const { low, high } = spanOf(column);
    // Values far apart are sorted in digits.
    for (let shift = 0; shift < 32 && 2 ** shift <= high - low; shift += digitBits) {
      const starts = new Uint32Array(
        Math.min(digits, Math.floor((high - low) / 2 ** shift) + 1) + 1,
      );
      const digitOf = new Uint16Array(count);
      for (let i = 0; i < count; i++) {
        const digit = (((column[i] as number) - low) >>> shift) & (digits - 1);
        digitOf[i] = digit;
        starts[digit + 1] = (starts[digit + 1] as number) + 1;
      }
      for (let i = 1; i < starts.length; i++) {
        starts[i] = (starts[i] as number) + (starts[i - 1] as number);
      }
      for (let i = 0; i < count; i++) {
        const row = order[i] as number;
        const digit = digitOf[row] as number;
        const at = starts[digit] as number;
        starts[digit] = at + 1;
        next[at] = row;
      }
      [order, next] = [next, order];
    }
  }
  return order;
}

const digitBits = 16;
const digits = 2 ** digitBits;
