import type { DuckDBConnection } from '@duckdb/node-api';
import { type Limb, limbLimit, limbs } from '../store/limbs.ts';
import { type Measure, measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import type { Registry, SeriesTexts } from '../store/registry.ts';
import type { NewSegment } from '../store/segments.ts';
import { identifier, queryRows } from './duck.ts';
import type { Bill, Warning } from './read-bill.ts';
import type { BillKey } from './roll-up.ts';
import { canonicalTags } from './tags.ts';

/** The daily cells of one version in a bill, sorted by series and day. */
export interface BillPart extends BillKey {
  cells: Pick<NewSegment, 'series' | 'day' | 'rows' | 'measures'>;
  /** Every cell that costs anything has an invoice. */
  isInvoiced: boolean;
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
  const ids = registry.seriesIds(texts);
  const owners: Pick<BillKey, 'provider' | 'billingAccount'>[] = [];
  const ownerIds = new Map<string, number>();
  const placeOf = new Int32Array(ids.reduce((high, id) => Math.max(high, id), 0) + 1).fill(-1);
  await connection.run(`CREATE TABLE id_${bill.id} (h UBIGINT, id UINTEGER, owner UINTEGER)`);
  const appender = await connection.createAppender(`id_${bill.id}`);
  for (const [i, id] of ids.entries()) {
    const provider = texts.provider[i] ?? '';
    const billingAccount = texts['billing-account'][i] ?? '';
    const key = JSON.stringify([provider, billingAccount]);
    let owner = ownerIds.get(key);
    if (owner === undefined) {
      owner = owners.push({ provider, billingAccount }) - 1;
      ownerIds.set(key, owner);
    }
    placeOf[id] = i;
    appender.appendUBigInt(BigInt(hashes[i] ?? 0));
    appender.appendUInteger(id);
    appender.appendUInteger(owner);
    appender.endRow();
  }
  appender.closeSync();
  const parts = (await readParts(connection, bill, owners)).map((part) => ({
    ...part,
    isInvoiced: isInvoiced(part.cells, (series) => texts.invoice[placeOf[series] ?? -1] ?? null),
  }));
  await connection.run(`DROP TABLE cell_${bill.id}; DROP TABLE series_${bill.id};
    DROP TABLE id_${bill.id}`);
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
    const values = texts[dimension];
    for (const [i, name] of column(`${dimension} name`).entries()) {
      const value = values[i];
      if (value && name && name !== value) registry.name(dimension, value, name);
    }
  }
  return { texts, hashes: column('h') as string[], unreadable };
}

/** Cells of all versions in a bill, cut by version. */
async function readParts(
  connection: DuckDBConnection,
  bill: Bill,
  owners: readonly Pick<BillKey, 'provider' | 'billingAccount'>[],
): Promise<Omit<BillPart, 'isInvoiced'>[]> {
  const limits = measures.flatMap((measure) => [
    ...limitColumns(bill, measure),
    `coalesce(bool_or(${measure}_known <> rows), false) AS ${measure}_known`,
  ]);
  const [wide = {}] = await queryRows(
    connection,
    `SELECT ${limits.join(', ')} FROM cell_${bill.id}`,
  );
  const select = measures.flatMap((measure) => [
    ...limbColumns(bill, measure, wide),
    ...(wide[`${measure}_known`] === true
      ? [`CAST(${measure}_known AS DOUBLE) AS ${measure}_known`]
      : []),
  ]);
  const result = await connection.run(
    `SELECT id, CAST(day AS INTEGER) AS day, CAST(rows AS DOUBLE) AS rows, ${select.join(', ')},
       owner, CAST(month AS INTEGER) AS month
     FROM cell_${bill.id} JOIN id_${bill.id} USING (h) ORDER BY owner, month, id, day`,
  );
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
  const whole: BillPart['cells'] = {
    series: take('id', new Uint32Array(count)),
    day: take('day', new Int32Array(count)),
    rows: take('rows', new Float64Array(count)),
    measures: Object.fromEntries(
      measures.map((measure) => [measure, measureColumns(measure)]),
    ) as NewSegment['measures'],
  };
  const owner = take('owner', new Uint32Array(count));
  const month = take('month', new Int32Array(count));
  const parts: Omit<BillPart, 'isInvoiced'>[] = [];
  for (let from = 0, to = 0; from < count; from = to) {
    while (to < count && owner[to] === owner[from] && month[to] === month[from]) to++;
    const own = owners[owner[from] as number] ?? { provider: '', billingAccount: '' };
    parts.push({
      ...own,
      billingPeriod: monthText(month[from] as number),
      cells: slice(whole, from, to),
    });
  }
  return parts;

  function measureColumns(measure: Measure): NewSegment['measures'][Measure] {
    const columns = names
      .filter((name) => name.startsWith(`${measure}_`) && name !== `${measure}_known`)
      .map((name) => [name.slice(measure.length + 1) as Limb, take(name, new Float64Array(count))]);
    const known = `${measure}_known`;
    return {
      limbs: Object.fromEntries(columns),
      known: names.includes(known) ? take(known, new Float64Array(count)) : null,
    };
  }
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

function isInvoiced(
  { series, measures: { billed } }: BillPart['cells'],
  invoiceOf: (series: number) => string | null,
): boolean {
  return series.every(
    (id, cell) =>
      invoiceOf(id) !== null || limbs.every((limb) => (billed.limbs[limb]?.[cell] ?? 0) === 0),
  );
}

function monthText(month: number): string {
  return new Date(Date.UTC(1970, month, 1)).toISOString().slice(0, 7);
}

/** What a bill brings to a version. */
export function newSegment(bill: Bill, cells: BillCells, key: BillKey, loadId: number): NewSegment {
  const part = cells.parts.find((candidate) => sameKey(candidate, key));
  if (!part) throw new RangeError(`no cells of ${JSON.stringify(key)}`);
  return {
    loadId,
    ...part.cells,
    totals: new Map(
      bill.totals
        .filter((total) => sameKey(total, key))
        .map(({ currency, rows, amounts }) => [currency, { rows, amounts }]),
    ),
    texts: (series) => {
      const place = cells.placeOf[series] ?? -1;
      const text = (dimension: 'currency' | 'account' | 'service') =>
        cells.texts[dimension][place] ?? '';
      return { currency: text('currency'), account: text('account'), service: text('service') };
    },
  };
}

/** For each limb whether any cell has more of it than a double may hold in a sum. */
function limitColumns(bill: Bill, measure: Measure): string[] {
  const isWide = (limb: Limb, limit: bigint, as: Limb) =>
    `coalesce(max(abs(${measure}_${limb})) > ${limit}, false) AS ${measure}_${as}`;
  const limit = BigInt(limbLimit);
  return [
    ...(bill.cellLimbs[measure] ?? []).map((limb) => isWide(limb, limit, limb)),
    // The whole units are what the nano-units carry.
    isWide('nano', (limit + 1n) * 1_000_000_000n - 1n, 'whole'),
  ];
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

export function sameKey(a: BillKey, b: BillKey): boolean {
  return (
    a.provider === b.provider &&
    a.billingAccount === b.billingAccount &&
    a.billingPeriod === b.billingPeriod
  );
}

/** Days (since 1970-01-01 UTC) and accounts of one version in a bill. */
export function billCoverage(
  { parts, texts, placeOf }: BillCells,
  key: BillKey,
): { days: Set<number>; accounts: Set<string> } {
  const own = parts.filter((part) => sameKey(part, key)).map(({ cells }) => cells);
  return {
    days: new Set(own.flatMap(({ day }) => [...new Set(day)])),
    accounts: new Set(
      own.flatMap(({ series }) =>
        [...new Set(series)].map((id) => texts.account[placeOf[id] ?? -1] ?? ''),
      ),
    ),
  };
}
