import { exactOf, formatExact } from '../../../shared/domain/exact.ts';

/** The exact sum of what is known; null where nothing is. */
export function sumOf(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0
    ? null
    : formatExact(known.reduce((sum, amount) => sum + exactOf(amount), 0n));
}

/** Sums of several rows, place by place. */
export function sumPoints(rows: readonly (readonly (string | null)[])[]): (string | null)[] {
  const [first, ...more] = rows;
  if (!first) return [];
  return more.length === 0
    ? [...first]
    : first.map((_, index) => sumOf(rows.map((row) => row[index] ?? null)));
}
