import { type OpenedDetail, openDetail } from './charges.ts';
import { chargeConditions, ownConditions } from './conditions.ts';
import type { Asking } from './reader.ts';
import { readingError } from './reading-error.ts';
import type { CountRows, LineSums, LoadInSlice, Slice } from './scope.ts';
import { addLines, sumLines } from './sum-lines.ts';

/** The matching lines of one load, to be asked for as often as needed. */
export interface LoadLines {
  load: LoadInSlice;
  opened: OpenedDetail;
  /** Table of the file's columns: the file, or the few rows taken out of it. */
  table: string;
  /** Select of the canonical charges that match. */
  matching: string;
  /** Tables made for it, to be dropped with it. */
  made: readonly string[];
  sums: LineSums;
}

/** Slices of up to this many lines are taken out of the file once, whatever is asked of them. */
const mostTaken = 20_000;

let tables = 0;

/** Finds and sums the lines of a slice in one load. Throws `Vanished` where its file is gone. */
export async function linesOfLoad(
  asking: Asking,
  load: LoadInSlice & { detail: NonNullable<LoadInSlice['detail']> },
  slice: Slice,
  count: CountRows,
): Promise<LoadLines> {
  const made: string[] = [];
  try {
    const opened = await openDetail(asking, load.detail, load.file);
    const own = ownConditions(opened, slice);
    const taken = await takeRows(asking, load, opened, own, count);
    if (taken !== null) made.push(taken);
    const where = own.length === 0 ? '' : `WHERE ${own.map(({ sql }) => sql).join(' AND ')}`;
    const charges = opened.charges(taken ?? `(SELECT * FROM ${opened.file} ${where})`);
    const conditions = await chargeConditions(asking, load, charges, slice);
    const select = `SELECT * FROM (${charges}) WHERE ${conditions}`;
    if (taken === null) {
      const sums = await sumLines(asking, opened, select);
      return { load, opened, table: opened.file, matching: select, made, sums };
    }
    // Working out what a format makes of its columns takes longer than asking for it: only once.
    const worked = `charge_${++tables}`;
    await asking.run(`CREATE TEMP TABLE ${worked} AS ${select}`);
    const matching = `SELECT * FROM ${worked}`;
    made.push(worked);
    return { load, opened, table: taken, matching, made, sums: await addLines(asking, worked) };
  } catch (error) {
    // Not through `asking`, which refuses everything once it is out of date.
    for (const table of made) await asking.connection.run(`DROP TABLE ${table}`);
    throw readingError(error, load);
  }
}

/** A table of the rows that the file's own columns let through; null where they are too many. */
async function takeRows(
  asking: Asking,
  load: LoadInSlice,
  opened: OpenedDetail,
  own: ReturnType<typeof ownConditions>,
  count: CountRows,
): Promise<string | null> {
  const exact = own.filter(({ isExact }) => isExact);
  if (exact.length === 0) return null;
  // Not by a limit, which the reader keeps by reading with one thread.
  const rows = count(
    load,
    exact.map(({ filter }) => filter),
  );
  if (rows > mostTaken) return null;
  const table = `taken_${++tables}`;
  await asking.run(
    `CREATE TEMP TABLE ${table} AS SELECT * FROM ${opened.file}
     WHERE ${own.map(({ sql }) => sql).join(' AND ')}`,
  );
  return table;
}
