import type { DuckDBConnection } from '@duckdb/node-api';
import { copyFileSync, constants, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { detailWanted, keepDetail } from '../store/detail.ts';
import { linesFormat } from './csv-stage.ts';
import { literal, queryRows } from './duck.ts';
import type { ImportContext, Input } from './outcome.ts';
import type { Bill } from './read-bill.ts';
import { assertUnchanged } from './source-file.ts';

/** Keeps the lines that wait in the work folder, once all that comes from the file is stored. */
export function keepWaiting(context: ImportContext, { bill, loadId }: Input): void {
  if (!bill?.lines) return;
  keepDetail(context, { loadId, rows: bill.rows, ...bill.lines });
}

/**
 * Keeps the lines of the Parquet files that were stored: they are copied only now, when all that
 * is shown of them is shown already. The load stands without them too: a file that is gone by now,
 * or a full disk, only leaves them out.
 */
export async function keepCopies(
  context: ImportContext,
  connection: DuckDBConnection,
  inputs: readonly Input[],
): Promise<void> {
  // A second thread would take several times the memory, and no less time.
  await connection.run('SET threads = 1');
  for (const input of inputs) {
    const { bill, loadId } = input;
    if (!bill || bill.lines !== null) continue;
    if (!detailWanted(context.db) || context.signal.aborted) return;
    context.progress({ step: 'keeping', file: input.file.name });
    const lines = await copyLines(context, connection, input);
    if (!lines) continue;
    keepDetail(context, { loadId, rows: bill.rows, ...lines });
    context.changed();
  }
}

/** A compact copy of a Parquet file; null where it cannot be made. */
async function copyLines(
  { workFolder }: ImportContext,
  connection: DuckDBConnection,
  { file, loadId, bill }: Input,
): Promise<Bill['lines']> {
  const from = join(workFolder, `again-${loadId}.parquet`);
  const path = join(workFolder, `lines-${loadId}.parquet`);
  try {
    await assertUnchanged(file);
    symlinkSync(file.path, from);
    const [codecs] = await queryRows(
      connection,
      `SELECT bool_and(compression = 'ZSTD') AS packed, count(DISTINCT column_id) AS columns
       FROM parquet_metadata(${literal(from)})`,
    );
    if (codecs?.['packed'] === true) copyFileSync(file.path, path, constants.COPYFILE_FICLONE);
    else {
      await connection.run(
        `COPY (FROM read_parquet(${literal(from)})) TO ${literal(path)}
         (${linesFormat(Number(codecs?.['columns']))})`,
      );
    }
    await assertUnchanged(file);
    return { path, form: 'source', firstRow: 1, reading: bill?.reading ?? {} };
  } catch {
    // All that is shown of the file is stored: whatever it is, `lines` says that they are not kept.
    rmSync(path, { force: true });
    return null;
  }
}
