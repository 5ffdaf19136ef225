import Database from 'better-sqlite3';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { detailFolderOf, detailPath, listDetail } from '../../electron/core/store/detail.ts';
import { databaseFile } from '../../electron/core/store/open.ts';
import { type Duck, sqlText } from './duckdb.ts';

/**
 * What is wrong with the detail of a data folder: a file without a row of a load that is shown, a
 * row without a file, or a file that does not hold the lines that its row says.
 */
export async function detailProblems(dataFolder: string, duck: Duck): Promise<string[]> {
  const folder = detailFolderOf(dataFolder);
  const db = new Database(join(dataFolder, databaseFile), { readonly: true });
  const kept = listDetail(db);
  const shown = db
    .prepare(
      `SELECT DISTINCT load_id FROM segment JOIN version ON version.id = version_id
       WHERE is_current = 1`,
    )
    .pluck()
    .all() as number[];
  db.close();
  const problems: string[] = [];
  const paths = new Set(kept.map(({ loadId }) => detailPath(folder, loadId)));
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    if (!paths.has(join(folder, name))) problems.push(`${name} has no row`);
  }
  for (const { loadId, rows } of kept) {
    if (!shown.includes(loadId)) problems.push(`load ${loadId} is not shown`);
    const path = detailPath(folder, loadId);
    const count = existsSync(path)
      ? await duck.rows(`SELECT count(*)::INTEGER AS n FROM read_parquet(${sqlText(path)})`)
      : [];
    if (count[0]?.['n'] !== rows) problems.push(`load ${loadId}: ${rows} lines are not there`);
  }
  return problems;
}
