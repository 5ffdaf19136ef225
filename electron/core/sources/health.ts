import type { CallOutput } from '../../../shared/contract/contract.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { ReadableDb } from '../store/open.ts';

type Health = CallOutput<'loads.health'>;

/** The data-health sheet of a load; one that found its file unchanged has that of the load before. */
export function loadHealth(db: ReadableDb, id: number): Health {
  const row = db
    .prepare(
      `SELECT load.id AS load, file, label AS source, warnings, coalesce(health, (
         SELECT health FROM load AS earlier WHERE earlier.sha256 = load.sha256
           AND earlier.health IS NOT NULL ORDER BY earlier.id DESC LIMIT 1)) AS health
       FROM load JOIN source ON source.id = source_id WHERE load.id = ?`,
    )
    .get(id) as
    | (Pick<Health, 'load' | 'file' | 'source'> & { warnings: string; health: string | null })
    | undefined;
  if (!row) {
    throw new OutlayError('NOT_FOUND', `There is no load ${id}.`, 'outlay loads lists them.');
  }
  const { warnings, health, ...rest } = row;
  if (health === null) {
    throw new OutlayError(
      'NO_DATA',
      `Load ${id} (${row.file}) has no data-health sheet: nothing of it was read to the end.`,
      'Import the file again.',
    );
  }
  return {
    ...rest,
    sheet: JSON.parse(health) as Health['sheet'],
    warnings: JSON.parse(warnings) as Health['warnings'],
  };
}
