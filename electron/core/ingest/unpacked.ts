import type { DuckDBConnection } from '@duckdb/node-api';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { queryRows } from './duck.ts';
import type { Source } from './source-columns.ts';
import type { FileFacts } from './source-file.ts';

/** Bills shrink some ten to sixty times; what grows beyond this is made to fill disk or memory. */
const unpackedFreely = 64 * 2 ** 20;
const unpackedTimes = 256;

/** Refuses a file of `packed` bytes that unpacks to as many as that. */
export function assertUnpacked(name: string, packed: number, bytes: number): void {
  if (bytes <= unpackedFreely || bytes <= packed * unpackedTimes) return;
  throw new OutlayError(
    'FILE_TOO_LARGE',
    `${name} unpacks to more than ${Math.floor(bytes / 2 ** 20)} MiB, over ${unpackedTimes} times its size. Nothing was changed.`,
    'No bill shrinks that much. If this one is right, unpack it yourself and import the unpacked file.',
  );
}

/**
 * The same of a Parquet file before its texts are written out row by row: a text that all rows
 * share stands in it only once.
 */
export async function assertTextsFit(
  connection: DuckDBConnection,
  { columns, from }: Source,
  { name, bytes }: FileFacts,
): Promise<void> {
  const lengths = columns
    .filter(({ type }) => type === 'VARCHAR')
    .map(({ source }) => `coalesce(sum(strlen(${source})), 0)`);
  if (lengths.length === 0) return;
  const [row] = await queryRows(connection, `SELECT ${lengths.join(' + ')} AS bytes FROM ${from}`);
  assertUnpacked(name, bytes, Number(row?.['bytes']));
}
