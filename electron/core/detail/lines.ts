import type { HandlerInput } from '../../../shared/contract/contract.ts';
import type { Line } from '../../../shared/contract/lines.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import type { HeldLine, HeldLines } from './few-lines.ts';
import type { Asking } from './reader.ts';
import { readingError } from './reading-error.ts';
import type { CountRows, LoadInSlice, Slice } from './scope.ts';
import {
  dropLines,
  type FoundParts,
  linesOfLoads,
  type LoadWithDetail,
  type PartLines,
} from './slice-lines.ts';
import { linesOf, timeKey, wholeRows } from './whole-rows.ts';

type Input = HandlerInput<'costs.lines'>;

/** The slice that was asked for last: turning its pages does not look for its lines again. */
export interface FoundLines {
  key: string;
  connection: Asking['connection'];
  parts: FoundParts;
}

/** The lines of a slice in the loads given, found again only where `last` is not of this slice. */
export async function findLines(
  asking: Asking,
  loads: readonly LoadInSlice[],
  slice: Slice,
  count: CountRows,
  revision: number,
  last: FoundLines | null,
): Promise<FoundLines> {
  const { from, to, period, filters } = slice;
  const key = JSON.stringify([revision, from, to, period, filters]);
  if (last?.key === key && last.connection === asking.connection) return last;
  if (last?.connection === asking.connection) {
    await dropLines(asking, last.parts);
  }
  const kept = loads.filter((load): load is LoadWithDetail => load.detail !== null);
  const parts = await linesOfLoads(asking, kept, slice, count);
  return { key, connection: asking.connection, parts };
}

/** One page of the lines found. */
export async function pageOf(asking: Asking, parts: FoundParts, input: Input): Promise<Line[]> {
  return parts.isHeld
    ? pageOfHeld(parts.parts, input)
    : await pageOfParts(asking, parts.parts, input);
}

/** Sorted as the reader sorts: what has no key last, equal ones as they came. */
function pageOfHeld(parts: readonly HeldLines[], { metric, sort, offset, limit }: Input): Line[] {
  const keyOf = ({ line, time }: HeldLine) => {
    if (sort === 'time') return time;
    const cost = line[metric];
    return cost === null ? null : -Number(cost);
  };
  return parts
    .flatMap(({ lines }) => lines.map((held) => ({ line: held.line, key: keyOf(held) })))
    .sort((a, b) => (a.key ?? Infinity) - (b.key ?? Infinity) || 0)
    .slice(offset, offset + limit)
    .map(({ line }) => line);
}

async function pageOfParts(
  asking: Asking,
  parts: readonly PartLines[],
  { metric, sort, offset, limit }: Input,
): Promise<Line[]> {
  if (parts.length === 0) return [];
  const key = sortKey(sort, metric);
  const all = parts.map(
    ({ matching }, part) => `SELECT ${part} AS part, row, ${key.sql} AS key FROM (${matching})`,
  );
  const places = await guarded(parts, () =>
    asking.rows(
      `SELECT part, row FROM (${all.join(' UNION ALL ')})
       ORDER BY key ${key.order} NULLS LAST, part, row LIMIT ${limit} OFFSET ${offset}`,
    ),
  );
  const wanted = places.map((row) => ({ part: Number(row['part']), row: Number(row['row']) }));
  const lines = new Map<string, Line>();
  for (const [index, part] of parts.entries()) {
    const rows = wanted.filter((place) => place.part === index).map(({ row }) => row);
    if (rows.length === 0) continue;
    for (const [row, line] of await guarded([part], () => readRows(asking, part, rows))) {
      lines.set(`${index} ${row}`, line);
    }
  }
  return wanted.flatMap(({ part, row }) => lines.get(`${part} ${row}`) ?? []);
}

/** Costs by the nearest double: it tells apart what can be told apart in a list. */
function sortKey(sort: Input['sort'], metric: Metric): { sql: string; order: 'ASC' | 'DESC' } {
  return sort === 'cost'
    ? { sql: `try_cast(${metric} AS DOUBLE)`, order: 'DESC' }
    : { sql: timeKey, order: 'ASC' };
}

async function guarded<T>(parts: readonly PartLines[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const loads = parts.flatMap((part) => part.loads);
    const gone = loads.find((load) => readingError(error, load) !== error);
    throw gone ? readingError(error, gone) : error;
  }
}

/** Lines by row, as charges and with the file's own cells. */
async function readRows(
  asking: Asking,
  part: PartLines,
  rows: readonly number[],
): Promise<[number, Line][]> {
  const { opened, own, matching, made } = part;
  if (made.length > 0) {
    const chosen = `${matching} WHERE row IN (${rows.join(', ')})`;
    return linesOf(part, await asking.rows(wholeRows(part, chosen)));
  }
  const at = rows.map((row) => row - opened.firstRow).join(', ');
  const few = { ...part, own: `${own} WHERE file_row_number IN (${at})` };
  return linesOf(part, await asking.rows(wholeRows(few, opened.charges(`(${few.own})`))));
}
