/** Series as rows of value ids, numbered from 0 in the order they came; finds the row it is given. */
export interface SeriesIndex {
  count: () => number;
  /** The number of the row with these values, one a column; a new one where there is none. */
  numberOf: (values: Uint32Array) => number;
  /** Values of one column from row `from` on. */
  column: (index: number, from: number) => Uint32Array;
}

/**
 * A hash table over typed arrays: a text key for each of hundred thousands of rows would cost more
 * than all else that an import does with them. Starts with the rows given, column by column.
 */
export function createSeriesIndex(given: readonly ArrayLike<number>[]): SeriesIndex {
  const width = given.length;
  let count = 0;
  let capacity = 1024;
  while (capacity < (given[0]?.length ?? 0)) capacity *= 2;
  let columns = given.map(() => new Uint32Array(capacity));
  /** Row numbers plus one by hash; at most half full. */
  let slots = new Int32Array(capacity * 2);
  const row = new Uint32Array(width);
  for (let i = 0; i < (given[0]?.length ?? 0); i++) {
    for (let c = 0; c < width; c++) row[c] = given[c]?.[i] ?? 0;
    numberOf(row);
  }

  function numberOf(values: Uint32Array): number {
    const at = slotOf(values);
    const found = slots[at] as number;
    if (found > 0) return found - 1;
    if (count === capacity) {
      grow();
      return numberOf(values);
    }
    for (let c = 0; c < width; c++) (columns[c] as Uint32Array)[count] = values[c] as number;
    slots[at] = ++count;
    return count - 1;
  }

  /** Where the row stands, or the free slot where it belongs. */
  function slotOf(values: Uint32Array): number {
    let hash = 0;
    for (let c = 0; c < width; c++) {
      hash = Math.imul(hash ^ (values[c] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let at = hash & (slots.length - 1);
    for (;;) {
      const number = slots[at] as number;
      if (number === 0) return at;
      let same = true;
      for (let c = 0; same && c < width; c++) {
        same = (columns[c] as Uint32Array)[number - 1] === values[c];
      }
      if (same) return at;
      at = (at + 1) & (slots.length - 1);
    }
  }

  function grow(): void {
    capacity *= 2;
    columns = columns.map((old) => {
      const wider = new Uint32Array(capacity);
      wider.set(old);
      return wider;
    });
    slots = new Int32Array(capacity * 2);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < width; c++) row[c] = (columns[c] as Uint32Array)[i] as number;
      slots[slotOf(row)] = i + 1;
    }
  }

  return {
    count: () => count,
    numberOf,
    column: (index, from) => (columns[index] as Uint32Array).subarray(from, count),
  };
}
