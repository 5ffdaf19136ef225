import type { CostsViewRow } from '../../../shared/contract/costs.ts';
import {
  compareDecimals,
  formatChange,
  formatChangePercent,
  subtract,
} from '../../../shared/domain/format.ts';
import { valueName } from '../../stores/words.ts';

/** A column to sort by: a key by its place, or a figure. */
export type Column = { key: number } | 'cost' | 'previous' | 'change';

export interface Sort {
  column: Column;
  descending: boolean;
}

export const byCost: Sort = { column: 'cost', descending: true };

export function sameColumn(a: Column, b: Column): boolean {
  return typeof a === 'object' && typeof b === 'object' ? a.key === b.key : a === b;
}

/** The change of a row; null where either side is unknown. */
export function changeOf(row: CostsViewRow): string | null {
  return row.cost === null || row.previous === null ? null : subtract(row.cost, row.previous);
}

/** The change in words for its two columns, its amount with `places` digits. */
export function changeWords(
  row: CostsViewRow,
  places: number,
): { amount: string; percent: string } {
  const change = changeOf(row);
  if (change === null || row.cost === null || row.previous === null) {
    return { amount: 'n/a', percent: 'n/a' };
  }
  return {
    amount: formatChange(change, places),
    percent: formatChangePercent(row.cost, row.previous),
  };
}

function amountOf(row: CostsViewRow, column: Column): string | null {
  switch (column) {
    case 'cost':
      return row.cost;
    case 'previous':
      return row.previous;
    default:
      return changeOf(row);
  }
}

/** In the order of the column; unknown amounts last either way. The core's order breaks ties. */
export function sortRows(rows: readonly CostsViewRow[], sort: Sort): readonly CostsViewRow[] {
  const { column, descending } = sort;
  if (column === 'cost' && descending) return rows;
  const direction = descending ? -1 : 1;
  if (typeof column === 'object') {
    const text = (row: CostsViewRow) =>
      valueName(row.keys[column.key] ?? null, row.names[column.key] ?? null);
    return [...rows].sort(
      (a, b) => direction * (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0),
    );
  }
  const amounts = new Map(rows.map((row) => [row, amountOf(row, column)]));
  return [...rows].sort((a, b) => {
    const x = amounts.get(a) ?? null;
    const y = amounts.get(b) ?? null;
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return direction * compareDecimals(x, y);
  });
}
