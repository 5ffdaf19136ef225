/**
 * Compensated (Neumaier) sums. A bill adds some 10^6 hourly terms; plain doubles would lose about
 * 1e-10 of it, these keep the error of the sum itself near one rounding, so that an answer is good
 * to 1e-6 on bills of 1e7.
 */
export interface Sum {
  value: number;
  lost: number;
}

export function emptySum(): Sum {
  return { value: 0, lost: 0 };
}

export function add(sum: Sum, term: number): void {
  const next = sum.value + term;
  sum.lost +=
    Math.abs(sum.value) >= Math.abs(term) ? sum.value - next + term : term - next + sum.value;
  sum.value = next;
}

export function total(sum: Sum): number {
  return sum.value + sum.lost;
}

export function sumOf(terms: Iterable<number>): number {
  const sum = emptySum();
  for (const term of terms) add(sum, term);
  return total(sum);
}
