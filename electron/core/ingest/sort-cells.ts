/**
 * The order of `count` rows by several columns of whole numbers, the first one first; rows that are
 * equal stay as they were. Sorts by each column's values in turn, from the last, by counting how
 * often each value occurs, which takes one pass for millions of rows.
 */
export function inOrder(
  columns: readonly (Uint32Array | Int32Array)[],
  count: number,
): Uint32Array {
  let order: Uint32Array = new Uint32Array(count).map((_, i) => i);
  let next: Uint32Array = new Uint32Array(count);
  for (const column of columns.toReversed()) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < count; i++) {
      const value = column[i] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // Values far apart are sorted in digits.
    for (let shift = 1; shift <= high - low; shift *= digit) {
      const starts = new Uint32Array(Math.min(digit, Math.floor((high - low) / shift) + 1) + 1);
      const digitOf = (row: number) => Math.floor(((column[row] as number) - low) / shift) % digit;
      for (let i = 0; i < count; i++)
        starts[digitOf(i) + 1] = (starts[digitOf(i) + 1] as number) + 1;
      for (let i = 1; i < starts.length; i++) {
        starts[i] = (starts[i] as number) + (starts[i - 1] as number);
      }
      for (let i = 0; i < count; i++) {
        const row = order[i] as number;
        const at = starts[digitOf(row)] as number;
        starts[digitOf(row)] = at + 1;
        next[at] = row;
      }
      [order, next] = [next, order];
    }
  }
  return order;
}

const digit = 2 ** 16;
