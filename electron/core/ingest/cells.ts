import type { DuckDBConnection } from '@duckdb/node-api';
import { giveWay } from '../store/give-way.ts';
import { type Limb, limbLimit, limbs } from '../store/limbs.ts';
import { type Measure, measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import type { Registry, SeriesTexts } from '../store/registry.ts';
import type { NewSegment } from '../store/segments.ts';
import { identifier, queryRows } from './duck.ts';
import type { Bill, Warning } from './read-bill.ts';
import type { BillKey } from './roll-up.ts';
import { inOrder } from './sort-cells.ts';
import { canonicalTags } from './tags.ts';

/** The daily cells of one version in a bill, sorted by series and day. */
export interface BillPart extends BillKey {
  cells: Pick<NewSegment, 'series' | 'day' | 'rows' | 'measures'>;
}

/** A bill's series with their ids, and its cells. */
export interface BillCells {
  parts: BillPart[];
  texts: SeriesTexts;
  /** Where in `texts` a series stands, by its id. */
  placeOf: Int32Array;
  warnings: Warning[];
}

/**
 * Gives every series of a bill its id and takes its cells out of the reader, whose tables of the
 * bill are dropped.
 */
export async function takeCells(
  connection: DuckDBConnection,
  bill: Bill,
  registry: Registry,
): Promise<BillCells> {
  const { texts, hashes, unreadable } = await readSeries(connection, bill, registry);
  await giveWay();
  const ids = registry.seriesIds(texts);
  await giveWay();
  const placeOf = new Int32Array(ids.reduce((high, id) => Math.max(high, id), 0) + 1).fill(-1);
  await connection.run(`CREATE TABLE place_${bill.id} (h UBIGINT, place UINTEGER)`);
  const appender = await connection.createAppender(`place_${bill.id}`);
  for (const [i, id] of ids.entries()) {
    placeOf[id] = i;
    appender.appendUBigInt(BigInt(hashes[i] ?? 0));
    appender.appendUInteger(i);
    appender.endRow();
  }
  appender.closeSync();
  const parts = await readParts(connection, bill, texts, ids);
  await connection.run(`DROP TABLE cell_${bill.id}; DROP TABLE series_${bill.id};
    DROP TABLE place_${bill.id}`);
  const message = `Tags: ${unreadable} tag sets are not JSON, kept whole under the key "unreadable".`;
  return {
    parts,
    texts,
    placeOf,
    warnings: unreadable === 0 ? [] : [{ code: 'TAGS_UNREADABLE', count: unreadable, message }],
  };
}

/** The series' texts in canonical form; display names go to the registry. */
async function readSeries(
  connection: DuckDBConnection,
  bill: Bill,
  registry: Registry,
): Promise<{ texts: SeriesTexts; hashes: string[]; unreadable: number }> {
  const names = namedDimensions.map((dimension) => `${dimension} name`);
  // A column at a time as one text: decoding each value by itself takes several times longer.
  const lists = [...seriesDimensions, ...names].map(
    (column) => `CAST(to_json(list(${identifier(column)})) AS VARCHAR) AS ${identifier(column)}`,
  );
  const [row = {}] = await queryRows(
    connection,
    `SELECT ${lists.join(', ')}, CAST(to_json(list(CAST(h AS VARCHAR))) AS VARCHAR) AS h
     FROM series_${bill.id}`,
  );
  const column = (name: string) =>
    JSON.parse((row[name] as string | null) ?? '[]') as (string | null)[];
  let unreadable = 0;
  // Many series share a tag set.
  const known = new Map<string | null, string | null | undefined>();
  const tags = column('tags').map((text) => {
    if (!known.has(text)) known.set(text, canonicalTags(text));
    const canonical = known.get(text);
    if (canonical !== undefined) return canonical;
    unreadable++;
    // Kept under a name of its own rather than dropped.
    return JSON.stringify({ unreadable: text });
  });
  const texts = Object.fromEntries(
    seriesDimensions.map((dimension) => [
      dimension,
      dimension === 'tags' ? tags : column(dimension),
    ]),
  ) as unknown as SeriesTexts;
  for (const dimension of namedDimensions) {
    registry.names(dimension, texts[dimension], column(`${dimension} name`));
  }
  return { texts, hashes: column('h') as string[], unreadable };
}

/** Cells of all versions in a bill, cut by version. */
async function readParts(
  connection: DuckDBConnection,
  bill: Bill,
  texts: SeriesTexts,
  ids: Uint32Array,
): Promise<BillPart[]> {
  const select = (wide: Record<string, unknown>) =>
    connection.run(
      `SELECT place, CAST(day AS INTEGER) AS day, CAST(rows AS DOUBLE) AS rows,
         ${measures.flatMap((measure) => [...limbColumns(bill, measure, wide), ...knownColumns(bill, measure)]).join(', ')},
         CAST(month AS INTEGER) AS month
       FROM cell_${bill.id} JOIN place_${bill.id} USING (h)`,
    );
  const result = await select(await wideLimbs(connection, bill));
  const names = result.columnNames();
  const chunks = await result.fetchAllChunks();
  const count = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const take = <T extends { set: (values: ArrayLike<number>, at: number) => void }>(
    name: string,
    into: T,
  ): T => {
    let at = 0;
    for (const chunk of chunks) {
      const values = chunk.getColumnVector(names.indexOf(name)) as unknown as {
        items: { subarray: (from: number, to: number) => ArrayLike<number> };
      };
      into.set(values.items.subarray(0, chunk.rowCount), at);
      at += chunk.rowCount;
    }
    return into;
  };
  const place = take('place', new Uint32Array(count));
  const day = take('day', new Int32Array(count));
  const month = take('month', new Int32Array(count));
  const owners = ownersOf(texts);
  const series = new Uint32Array(count);
  const owner = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = place[i] as number;
    series[i] = ids[at] as number;
    owner[i] = owners.of[at] as number;
  }
  // Sorted here: the reader would carry all columns along, and take several times longer.
  const order = inOrder([owner, month, series, day], count);
  await giveWay();
  const sorted = <T extends Uint32Array | Int32Array | Float64Array>(values: T): T => {
    const moved = values.slice() as T;
    for (let i = 0; i < count; i++) moved[i] = values[order[i] as number] as number;
    return moved;
  };
  const whole: BillPart['cells'] = {
    series: sorted(series),
    day: sorted(day),
    rows: sorted(take('rows', new Float64Array(count))),
    measures: Object.fromEntries(
      measures.map((measure) => [measure, measureColumns(measure)]),
    ) as NewSegment['measures'],
  };
  const parts: BillPart[] = [];
  const sameVersion = (a: number, b: number) =>
    owner[order[a] as number] === owner[order[b] as number] &&
    month[order[a] as number] === month[order[b] as number];
  for (let from = 0, to = 0; from < count; from = to) {
    while (to < count && sameVersion(from, to)) to++;
    const first = order[from] as number;
    parts.push({
      ...(owners.keys[owner[first] as number] as (typeof owners.keys)[number]),
      billingPeriod: monthText(month[first] as number),
      cells: slice(whole, from, to),
    });
  }
  return parts;

  function measureColumns(measure: Measure): NewSegment['measures'][Measure] {
    const columns = names
      .filter((name) => name.startsWith(`${measure}_`) && name !== `${measure}_known`)
      .map((name) => [
        name.slice(measure.length + 1) as Limb,
        sorted(take(name, new Float64Array(count))),
      ]);
    const known = `${measure}_known`;
    return {
      limbs: Object.fromEntries(columns),
      known: names.includes(known) ? sorted(take(known, new Float64Array(count))) : null,
    };
  }
}

/** Whose bill each series belongs to. */
function ownersOf(texts: SeriesTexts): {
  keys: Pick<BillKey, 'provider' | 'billingAccount'>[];
  of: Uint32Array;
} {
  const keys: Pick<BillKey, 'provider' | 'billingAccount'>[] = [];
  const indexes = new Map<string, number>();
  const of = Uint32Array.from(texts.provider, (text, i) => {
    const own = { provider: text ?? '', billingAccount: texts['billing-account'][i] ?? '' };
    const key = JSON.stringify(own);
    let index = indexes.get(key);
    if (index === undefined) indexes.set(key, (index = keys.push(own) - 1));
    return index;
  });
  return { keys, of };
}

/** The cells `from` to before `to`, without copying them. */
function slice(cells: BillPart['cells'], from: number, to: number): BillPart['cells'] {
  const own = (measure: Measure): NewSegment['measures'][Measure] => {
    const { limbs: columns, known } = cells.measures[measure];
    return {
      limbs: Object.fromEntries(
        Object.entries(columns).map(([limb, values]) => [limb, values.subarray(from, to)]),
      ),
      known: known && known.subarray(from, to),
    };
  };
  return {
    series: cells.series.subarray(from, to),
    day: cells.day.subarray(from, to),
    rows: cells.rows.subarray(from, to),
    measures: Object.fromEntries(
      measures.map((measure) => [measure, own(measure)]),
    ) as NewSegment['measures'],
  };
}

function monthText(month: number): string {
  return new Date(Date.UTC(1970, month, 1)).toISOString().slice(0, 7);
}

/** For each limb, as `<measure>_<limb>`, whether any cell has more than a double may in a sum. */
async function wideLimbs(
  connection: DuckDBConnection,
  bill: Bill,
): Promise<Record<string, unknown>> {
  // Each cell is at most as large as all that the file has of the amount, without signs.
  if (bill.largestCell < limbLimit) return {};
  const isWide = (measure: Measure, limb: Limb, limit: bigint, as: Limb) =>
    `coalesce(max(abs(${measure}_${limb})) > ${limit}, false) AS ${measure}_${as}`;
  const limit = BigInt(limbLimit);
  const limits = measures.flatMap((measure) => [
    ...(bill.cellLimbs[measure] ?? []).map((limb) => isWide(measure, limb, limit, limb)),
    // The whole units are what the nano-units carry.
    isWide(measure, 'nano', (limit + 1n) * 1_000_000_000n - 1n, 'whole'),
  ]);
  const [wide = {}] = await queryRows(
    connection,
    `SELECT ${limits.join(', ')} FROM cell_${bill.id}`,
  );
  return wide;
}

/** The count of rows that deliver a measure, where it is not all of them. */
function knownColumns({ unknown, rows }: Bill, measure: Measure): string[] {
  if (unknown[measure] === 0) return [];
  const known = unknown[measure] === rows ? '0' : `${measure}_known`;
  return [`CAST(${known} AS DOUBLE) AS ${measure}_known`];
}

/** The limbs of a measure as doubles; of a wide one what exceeds 1e9 goes to the next higher. */
function limbColumns(bill: Bill, measure: Measure, wide: Record<string, unknown>): string[] {
  const own = bill.cellLimbs[measure] ?? [];
  const columns: string[] = [];
  let carried: string[] = [];
  for (const limb of [...limbs].reverse()) {
    const name = `${measure}_${limb}`;
    const terms = [...(own.includes(limb) ? [`coalesce(${name}, 0)`] : []), ...carried];
    if (terms.length === 0) continue;
    const value = `(${terms.join(' + ')})`;
    const isWide = wide[name] === true;
    columns.push(`CAST(${value}${isWide ? ' % 1000000000' : ''} AS DOUBLE) AS ${name}`);
    carried = isWide ? [`${value} // 1000000000`] : [];
  }
  return columns;
}
