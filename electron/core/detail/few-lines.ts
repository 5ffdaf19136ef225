import type { Line } from '../../../shared/contract/lines.ts';
import { exactOf } from '../../../shared/domain/exact.ts';
import { fileOfRow, openDetail } from './charges.ts';
import { chargeConditions, ownConditions } from './conditions.ts';
import type { Asking } from './reader.ts';
import { addSums, type CountRows, type LineSums, type Slice } from './scope.ts';
import type { LoadWithDetail } from './slice-lines.ts';
import { linesOf, timeKey, wholeRows } from './whole-rows.ts';

/** All matching lines of loads that are read as one, whole and in the order of their rows. */
export interface HeldLines {
  loads: readonly LoadWithDetail[];
  /** By load. */
  sums: readonly LineSums[];
  lines: readonly HeldLine[];
}

export interface HeldLine {
  line: Line;
  /** Microseconds of its time; null where it has none. */
  time: number | null;
}

/** Slices of up to this many lines are held here, so that one question to the reader is enough. */
export const mostHeld = 500;

/** More rows than these, of which a slice takes few, are not looked through in one go. */
const mostLookedThrough = 20_000;

/** Null where the files' own columns do not say which few rows are to be looked through. */
export async function holdLines(
  asking: Asking,
  loads: readonly LoadWithDetail[],
  slice: Slice,
  count: CountRows,
): Promise<HeldLines | null> {
  const [first] = loads;
  if (!first) return null;
  const opened = await openDetail(asking, first.detail, first.file);
  const own = ownConditions(opened, slice);
  const exact = own.filter(({ isExact }) => isExact).map(({ filter }) => filter);
  if (exact.length === 0) return null;
  if (loads.reduce((sum, load) => sum + count(load, exact), 0) > mostLookedThrough) return null;
  const taken = `(${opened.rowsOf(loads.map(({ detail }) => detail.path))}
    WHERE ${own.map(({ sql }) => sql).join(' AND ')})`;
  const conditions = await chargeConditions(asking, first.only, () => opened.charges(taken), slice);
  const matching = `SELECT * FROM (${opened.charges('taken')}) WHERE ${conditions}`;
  const whole = wholeRows({ opened, own: 'SELECT * FROM taken' }, matching, `, ${timeKey} AS time`);
  const rows = await asking.rows(`WITH taken AS MATERIALIZED ${taken} ${whole} ORDER BY row`);
  const sums = loads.map((): LineSums => new Map());
  const lines = linesOf({ loads, opened }, rows).map(([row, line], i) => {
    const { billed, effective } = line;
    const sum = { lines: 1, billed: exactOrNull(billed), effective: exactOrNull(effective) };
    const currency = line.dimensions['currency'] ?? null;
    addSums(sums[fileOfRow(row, opened.firstRow)] as LineSums, new Map([[currency, sum]]));
    const time = rows[i]?.['time'];
    return { line, time: typeof time === 'bigint' ? Number(time) : null };
  });
  return { loads, sums, lines };
}

function exactOrNull(text: string | null) {
  return text === null ? null : exactOf(text);
}
