import type { DuckDBConnection } from '@duckdb/node-api';
import { queryRows } from './duck.ts';
import { drop, endLoad, type ImportContext, type Input } from './outcome.ts';
import type { Bill } from './read-bill.ts';

/**
 * The same bill in two forms (CSV and Parquet, say) in one command would be added up as two parts.
 * The later file is left out where it is of another form and has the rows, the totals and the
 * cells of an earlier one. Files of one form are always parts: an export that is cut by the hour
 * may well have two of them that add up to the same.
 */
export async function skipTwins(
  context: ImportContext,
  connection: DuckDBConnection,
  inputs: Input[],
): Promise<void> {
  const seen: { name: string; bill: Bill; totals: string }[] = [];
  for (const input of inputs.slice()) {
    const { bill, file } = input;
    if (!bill) continue;
    const totals = JSON.stringify(bill.totals, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    let twin: string | null = null;
    for (const earlier of seen) {
      if (earlier.totals !== totals || earlier.bill.form === bill.form) continue;
      if (await sameCells(connection, earlier.bill, bill)) twin = earlier.name;
    }
    seen.push({ name: file.name, bill, totals });
    if (twin === null) continue;
    drop(inputs, input);
    const reason = `Holds the same ${bill.rows} rows and totals as ${twin}, which came with it; a bill is not added twice.`;
    endLoad(context, input, 'skipped', reason);
  }
}

/** True where both have as many charges of each series on each day. */
async function sameCells(connection: DuckDBConnection, a: Bill, b: Bill): Promise<boolean> {
  const cells = ({ id }: Bill) =>
    `SELECT id, period, day, sum(rows) AS rows FROM cell_${id} JOIN id_${id} USING (h) GROUP BY ALL`;
  const found = await queryRows(
    connection,
    `SELECT 1 FROM ((${cells(a)}) EXCEPT (${cells(b)})
       UNION ALL ((${cells(b)}) EXCEPT (${cells(a)}))) LIMIT 1`,
  );
  return found.length === 0;
}
