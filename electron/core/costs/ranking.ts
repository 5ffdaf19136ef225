import type { Grouped } from './group.ts';

/**
 * The groups that have charges in a time slot, by exact cost descending, unknown costs last.
 * Doubles do the sorting; only where two are closer than their error do the exact amounts, and
 * where those are equal `tie`, decide. `most` leaves out what comes after.
 */
export function rankByCost(
  grouped: Grouped,
  slot: number,
  tie: (a: number, b: number) => number,
  most = Infinity,
): number[] {
  const sizes = grouped.sizes(slot);
  const error = grouped.sizeError();
  const order = sortBySize(largest(sizes, most, error), sizes);
  const byCost = (a: number, b: number): number => {
    const [left, right] = [grouped.cost(a, slot), grouped.cost(b, slot)];
    if (left === right) return tie(a, b);
    if (left === null || right === null) return left === null ? 1 : -1;
    return left > right ? -1 : 1;
  };
  sortRuns(order, (a, b) => !((sizes[a] as number) - (sizes[b] as number) > error), byCost);
  return order.length > most ? order.slice(0, most) : order;
}

/** Groups with charges, without those that surely come after the first `most`. */
function largest(sizes: Float64Array, most: number, error: number): number[] {
  const own = new Float64Array(sizes.length);
  let count = 0;
  for (let g = 0; g < sizes.length; g++) {
    const size = sizes[g] as number;
    if (!Number.isNaN(size)) own[count++] = size;
  }
  const lowest = count <= most ? -Infinity : inDescent(own.subarray(0, count), most - 1) - error;
  const groups: number[] = [];
  for (let g = 0; g < sizes.length; g++) if ((sizes[g] as number) >= lowest) groups.push(g);
  return groups;
}

/**
 * The value that stands at a place when they are sorted, the largest first; changes their order.
 * Goes on only in the part that has the place, so it takes a few looks at each value.
 */
function inDescent(values: Float64Array, place: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = values[(low + high) >>> 1] as number;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] as number) > middle) left++;
      while ((values[right] as number) < middle) right--;
      if (left > right) break;
      const value = values[left] as number;
      values[left++] = values[right] as number;
      values[right--] = value;
    }
    if (place <= right) high = right;
    else if (place >= left) low = left;
    else break;
  }
  return values[place] as number;
}

/** Descending. A radix sort of their single-precision bits, then the doubles where those agree. */
function sortBySize(groups: number[], sizes: Float64Array): number[] {
  const count = groups.length;
  const bySize = (a: number, b: number) => {
    const [left, right] = [sizes[a] as number, sizes[b] as number];
    return left === right ? 0 : right - left;
  };
  if (count < fewGroups) return groups.sort(bySize);
  const singles = new Float32Array(count);
  for (let i = 0; i < count; i++) singles[i] = sizes[groups[i] as number] as number;
  const bits = new Uint32Array(singles.buffer);
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const value = bits[i] as number;
    // Negative numbers have their magnitudes the other way round.
    bits[i] = value >>> 31 === 1 ? value : ~value & 0x7fff_ffff;
    order[i] = i;
  }
  let other = new Uint32Array(count);
  for (const shift of [0, 11, 22]) {
    const starts = new Uint32Array(2049);
    for (let i = 0; i < count; i++) {
      const digit = ((bits[i] as number) >>> shift) & 2047;
      starts[digit + 1] = (starts[digit + 1] as number) + 1;
    }
    for (let digit = 0; digit < 2048; digit++) {
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
    }
    for (let i = 0; i < count; i++) {
      const item = order[i] as number;
      const digit = ((bits[item] as number) >>> shift) & 2047;
      const place = starts[digit] as number;
      other[place] = item;
      starts[digit] = place + 1;
    }
    [order, other] = [other, order];
  }
  const sorted = Array.from(order, (i) => i);
  sortRuns(
    sorted,
    (a, b) => bits[a] === bits[b],
    (a, b) => bySize(groups[a] as number, groups[b] as number),
  );
  return sorted.map((i) => groups[i] as number);
}

/** Counting pays where there are more. */
const fewGroups = 500;

/** Sorts each run of neighbours that belong together. */
function sortRuns(
  items: number[],
  together: (a: number, b: number) => boolean,
  compare: (a: number, b: number) => number,
): void {
  for (let start = 0; start < items.length; ) {
    let end = start + 1;
    while (end < items.length && together(items[end - 1] as number, items[end] as number)) end++;
    if (end - start > 1) {
      const run = items.slice(start, end).sort(compare);
      for (const [i, item] of run.entries()) items[start + i] = item;
    }
    start = end;
  }
}
