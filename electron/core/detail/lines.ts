import { timeOf } from '../ingest/stage.ts';
import type { HandlerInput } from '../../../shared/contract/contract.ts';
import type { Line } from '../../../shared/contract/lines.ts';
import { type Metric, dimensions } from '../../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { identifier, type Row } from '../ingest/duck.ts';
import { measures, namedDimensions } from '../store/measures.ts';
import { tagSet } from './conditions.ts';
import type { Asking } from './reader.ts';
import { readingError } from './reading-error.ts';
import type { CountRows, LoadInSlice, Slice } from './scope.ts';
import { linesOfLoad, type LoadLines } from './slice-lines.ts';

type Input = HandlerInput<'costs.lines'>;

/** The slice that was asked for last: turning its pages does not look for its lines again. */
export interface FoundLines {
  key: string;
  connection: Asking['connection'];
  parts: LoadLines[];
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
    await drop(asking, last.parts);
  }
  const parts: LoadLines[] = [];
  try {
    for (const load of loads) {
      if (load.detail)
        parts.push(await linesOfLoad(asking, { ...load, detail: load.detail }, slice, count));
    }
  } catch (error) {
    await drop(asking, parts);
    throw error;
  }
  return { key, connection: asking.connection, parts };
}

/** Not through `asking`, which refuses everything once it is out of date. */
async function drop({ connection }: Asking, parts: readonly LoadLines[]): Promise<void> {
  for (const table of parts.flatMap(({ made }) => made))
    await connection.run(`DROP TABLE ${table}`);
}

/** One page of the lines found. */
export async function pageOf(
  asking: Asking,
  parts: readonly LoadLines[],
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
  if (sort === 'cost') return { sql: `try_cast(${metric} AS DOUBLE)`, order: 'DESC' };
  const first = 'CAST("period start day" AS TIMESTAMPTZ)';
  return { sql: `coalesce(${timeOf('start')}, ${first})`, order: 'ASC' };
}

async function guarded<T>(parts: readonly LoadLines[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const gone = parts.find(({ load }) => readingError(error, load) !== error);
    throw gone ? readingError(error, gone.load) : error;
  }
}

const texts = [
  ...dimensions.map(identifier),
  ...namedDimensions.map((dimension) => identifier(`${dimension} name`)),
  ...measures,
  'tags',
  'start',
  'record',
  'row',
];

/** Lines by row, as charges and with the file's own cells. */
async function readRows(
  asking: Asking,
  { load, opened, table, matching, made }: LoadLines,
  rows: readonly number[],
): Promise<[number, Line][]> {
  const at = rows.map((row) => row - opened.firstRow).join(', ');
  const chosen = `(SELECT * FROM ${table} WHERE file_row_number IN (${at}))`;
  const charges = await asking.rows(
    `SELECT ${texts.join(', ')},
       strftime(coalesce("start day", "period start day"), '%Y-%m-%d') AS day,
       strftime("period start day", '%Y-%m') AS period
     FROM (${made.length > 0 ? `${matching} WHERE row IN (${rows.join(', ')})` : opened.charges(chosen)})`,
  );
  const cells = new Map<number, NonNullable<Line['cells']>>();
  if (opened.own) {
    const list = opened.own.map(({ text }, i) => `${text} AS own_${i}`);
    const found = await asking.rows(
      `SELECT ${[...list, `file_row_number + ${opened.firstRow} AS row`].join(', ')} FROM ${chosen}`,
    );
    for (const row of found) {
      const own = opened.own.map(({ name }, i) => ({ name, value: textOf(row[`own_${i}`]) }));
      cells.set(Number(row['row']), own);
    }
  }
  return charges.map((row) => {
    const place = Number(row['row']);
    return [place, lineOf(row, load, cells.get(place) ?? null)];
  });
}

function lineOf(row: Row, { loadId, file }: LoadInSlice, cells: Line['cells']): Line {
  const amount = (measure: (typeof measures)[number]) => decimalOf(textOf(row[measure]));
  return {
    load: loadId,
    file,
    row: Number(row['record']),
    start: textOf(row['start']),
    day: String(row['day']),
    period: String(row['period']),
    dimensions: Object.fromEntries(dimensions.map((name) => [name, textOf(row[name])])),
    names: Object.fromEntries(
      namedDimensions.flatMap((dimension) => {
        const name = textOf(row[`${dimension} name`]);
        return name === null ? [] : [[dimension, name]];
      }),
    ),
    tags: tagSet(textOf(row['tags'])),
    billed: amount('billed'),
    effective: amount('effective'),
    list: amount('list'),
    contracted: amount('contracted'),
    quantity: amount('quantity'),
    cells,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** All digits that the file has, without exponent. */
function decimalOf(text: string | null): string | null {
  if (text === null || /^-?\d+(\.\d+)?$/.test(text)) return text;
  return formatExact(exactOf(text));
}
