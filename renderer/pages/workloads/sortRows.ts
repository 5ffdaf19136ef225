import type { WorkloadRow } from '../../../shared/contract/workloads.ts';
import { compareDecimals, subtract } from '../../../shared/domain/format.ts';

export const columns = ['name', 'purpose', 'cost', 'change', 'hours', 'busy', 'unit'] as const;
export type Column = (typeof columns)[number];

export interface Sort {
  column: Column;
  descending: boolean;
}

export const byCost: Sort = { column: 'cost', descending: true };

/** The change of AI cost; null where either side is unknown. */
export function changeOf({ cost, previous }: WorkloadRow): string | null {
  return cost === null || previous === null ? null : subtract(cost, previous);
}

function figureOf(row: WorkloadRow, column: Column): string | null {
  switch (column) {
    case 'change':
      return changeOf(row);
    case 'hours':
      return row.gpu.hours;
    case 'busy':
      return row.gpu.busyShare?.toFixed(9) ?? null;
    case 'unit':
      return row.unit?.perUnit ?? null;
    default:
      return row.cost;
  }
}

/** In the order of the column; unknown figures last either way. The core's order breaks ties. */
export function sortRows(rows: readonly WorkloadRow[], sort: Sort): readonly WorkloadRow[] {
  const { column, descending } = sort;
  if (column === 'cost' && descending) return rows;
  const direction = descending ? -1 : 1;
  if (column === 'name' || column === 'purpose') {
    return [...rows].sort((a, b) => direction * compareText(a[column], b[column]));
  }
  const figures = new Map(rows.map((row) => [row, figureOf(row, column)]));
  return [...rows].sort((a, b) => {
    const x = figures.get(a) ?? null;
    const y = figures.get(b) ?? null;
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return direction * compareDecimals(x, y);
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
