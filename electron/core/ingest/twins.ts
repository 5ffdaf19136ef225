import type { BillCells } from './cells.ts';
import { drop, endLoad, type ImportContext, type Input } from './outcome.ts';
import type { Bill } from './read-bill.ts';
import type { BillKey } from './roll-up.ts';

/**
 * The same bill in two forms (CSV and Parquet, say) in one command would be added up as two parts.
 * The later file is left out where it is of another form and has the rows, the totals and the
 * cells of an earlier one. Files of one form are always parts: an export that is cut by the hour
 * may well have two of them that add up to the same.
 */
export function skipTwins(context: ImportContext, inputs: Input[]): void {
  const seen: { name: string; bill: Bill; cells: BillCells; totals: string }[] = [];
  for (const input of inputs.slice()) {
    const { bill, cells, file } = input;
    if (!bill || !cells) continue;
    const totals = JSON.stringify(bill.totals, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    let twin: string | null = null;
    for (const earlier of seen) {
      if (earlier.totals !== totals || earlier.bill.form === bill.form) continue;
      if (sameCells(earlier.cells, cells)) twin = earlier.name;
    }
    seen.push({ name: file.name, bill, cells, totals });
    if (twin === null) continue;
    drop(inputs, input);
    const reason = `Holds the same ${bill.rows} rows and totals as ${twin}, which came with it; a bill is not added twice.`;
    endLoad(context, input, 'skipped', reason);
  }
}

/** True where both have as many charges of each series on each day. */
function sameCells(a: BillCells, b: BillCells): boolean {
  const parts = (cells: BillCells) =>
    cells.parts.map((part) => ({ ...part, key: keyText(part) })).sort(byKey);
  const [own, others] = [parts(a), parts(b)];
  return (
    own.length === others.length &&
    own.every(({ key, cells }, i) => {
      const other = others[i];
      return (
        other !== undefined &&
        other.key === key &&
        same(cells.series, other.cells.series) &&
        same(cells.day, other.cells.day) &&
        same(cells.rows, other.cells.rows)
      );
    })
  );
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}

function keyText({ provider, billingAccount, billingPeriod }: BillKey): string {
  return JSON.stringify([provider, billingAccount, billingPeriod]);
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
