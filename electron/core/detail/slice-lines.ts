import { likeTheOneBefore, type OpenedDetail, openDetail } from './charges.ts';
import { chargeConditions, ownConditions } from './conditions.ts';
import { type HeldLines, holdLines, mostHeld } from './few-lines.ts';
import type { Asking } from './reader.ts';
import { readingError } from './reading-error.ts';
import type { CountRows, LineSums, LoadInSlice, Slice } from './scope.ts';
import { addLines, sumLines } from './sum-lines.ts';

export type LoadWithDetail = LoadInSlice & { detail: NonNullable<LoadInSlice['detail']> };

/** The matching lines of one load, to be asked for as often as needed. */
export interface PartLines {
  loads: readonly LoadWithDetail[];
  opened: OpenedDetail;
  /** Select of the file's own columns: the file, or the few rows taken out of it. */
  own: string;
  /** Select of the canonical charges that match. */
  matching: string;
  /** Tables made for it, to be dropped with it. */
  made: readonly string[];
  /** By load. */
  sums: readonly LineSums[];
}

export type FoundParts =
  | { isHeld: true; parts: readonly HeldLines[] }
  | { isHeld: false; parts: readonly PartLines[] };

/** Slices of up to this many lines are taken out of the file once, whatever is asked of them. */
const mostTaken = 20_000;

let tables = 0;

/**
 * Finds and sums the lines of a slice in the loads given. Few lines are held whole, those in files
 * of one shape read together: planning costs more than reading. Throws `Vanished` where a file is
 * gone.
 */
export async function linesOfLoads(
  asking: Asking,
  loads: readonly LoadWithDetail[],
  slice: Slice,
  count: CountRows,
): Promise<FoundParts> {
  const runs = await runsOfOneShape(asking, loads);
  const held = await holdAll(asking, runs, slice, count);
  if (held) return { isHeld: true, parts: held };
  const parts: PartLines[] = [];
  try {
    for (const load of loads) parts.push(await linesOfLoad(asking, load, slice, count));
    return { isHeld: false, parts };
  } catch (error) {
    await dropLines(asking, { isHeld: false, parts });
    throw error;
  }
}

/** Null where they are too many, or where one of several files cannot be read: which, is found alone. */
async function holdAll(
  asking: Asking,
  runs: readonly (readonly LoadWithDetail[])[],
  slice: Slice,
  count: CountRows,
): Promise<HeldLines[] | null> {
  if (runs.flat().reduce((sum, { lines }) => sum + lines, 0) > mostHeld) return null;
  const parts: HeldLines[] = [];
  for (const run of runs) {
    const [first] = run;
    try {
      const held = await holdLines(asking, run, slice, count);
      if (!held) return null;
      parts.push(held);
    } catch (error) {
      if (first && run.length === 1) throw readingError(error, first);
      return null;
    }
  }
  return parts;
}

/** Not through `asking`, which refuses everything once it is out of date. */
export async function dropLines({ connection }: Asking, found: FoundParts): Promise<void> {
  if (found.isHeld) return;
  for (const table of found.parts.flatMap(({ made }) => made))
    await connection.run(`DROP TABLE ${table}`);
}

/** Neighbours that are read in the same way; in their order, which is that of equal lines. */
async function runsOfOneShape(
  asking: Asking,
  loads: readonly LoadWithDetail[],
): Promise<LoadWithDetail[][]> {
  const paths = loads.map(({ detail }) => detail.path);
  // A damaged file is named by who reads it alone.
  const alike = loads.length > 1 ? await likeTheOneBefore(asking, paths).catch(() => []) : [];
  const runs: LoadWithDetail[][] = [];
  let wayBefore = '';
  for (const [i, load] of loads.entries()) {
    const { form, firstRow, reading } = load.detail;
    const way = JSON.stringify([form, firstRow, reading]);
    const isAlike = alike[i] === true && way === wayBefore;
    if (isAlike && load.only === null && runs.at(-1)?.[0]?.only === null) runs.at(-1)?.push(load);
    else runs.push([load]);
    wayBefore = way;
  }
  return runs;
}

async function linesOfLoad(
  asking: Asking,
  load: LoadWithDetail,
  slice: Slice,
  count: CountRows,
): Promise<PartLines> {
  const made: string[] = [];
  const make = async (name: string, select: string) => {
    const table = `${name}_${++tables}`;
    await asking.run(`CREATE TEMP TABLE ${table} AS ${select}`);
    made.push(table);
    return table;
  };
  try {
    const opened = await openDetail(asking, load.detail, load.file);
    const file = opened.rowsOf([load.detail.path]);
    const conditions = ownConditions(opened, slice);
    const where = conditions.map(({ sql }) => sql).join(' AND ') || 'true';
    const exact = conditions.filter(({ isExact }) => isExact).map(({ filter }) => filter);
    // Not by a limit, which the reader keeps by reading with one thread.
    const areFew = exact.length > 0 && count(load, exact) <= mostTaken;
    const own = areFew ? await make('taken', `${file} WHERE ${where}`) : `(${file} WHERE ${where})`;
    const charges = opened.charges(own);
    const select = `SELECT * FROM (${charges})
      WHERE ${await chargeConditions(asking, load.only, () => charges, slice)}`;
    const part = { loads: [load], opened, own: areFew ? `SELECT * FROM ${own}` : file, made };
    if (!areFew) {
      const sums = [await sumLines(asking, opened, select)];
      return { ...part, matching: select, sums };
    }
    // Working out what a format makes of its columns takes longer than asking for it: only once.
    const worked = await make('charge', select);
    const sums = [await addLines(asking, worked)];
    return { ...part, matching: `SELECT * FROM ${worked}`, sums };
  } catch (error) {
    for (const table of made) await asking.connection.run(`DROP TABLE ${table}`);
    throw readingError(error, load);
  }
}
