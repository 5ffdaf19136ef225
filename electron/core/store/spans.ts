/** Plain loops over columns of cells: there are millions, and a callback for each costs ten times more. */

/** The lowest and the highest of the values; Infinity and -Infinity where there are none. */
export function spanOf(values: ArrayLike<number>): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** The distinct values of whole numbers that lie close together, ascending. */
export function distinct(values: ArrayLike<number>): number[] {
  if (values.length === 0) return [];
  const { low, high } = spanOf(values);
  const seen = new Uint8Array(high - low + 1);
  for (let i = 0; i < values.length; i++) seen[(values[i] as number) - low] = 1;
  const found: number[] = [];
  for (let i = 0; i < seen.length; i++) if (seen[i] === 1) found.push(low + i);
  return found;
}
