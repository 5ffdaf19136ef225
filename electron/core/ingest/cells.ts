import type { DuckDBConnection } from '@duckdb/node-api';
import { type Limb, limbLimit, limbs } from '../store/limbs.ts';
import { type Measure, measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import type { Registry, SeriesTuple } from '../store/registry.ts';
import type { NewSegment } from '../store/segments.ts';
import { identifier } from './duck.ts';
import type { Bill, BillKey, Warning } from './read-bill.ts';
import { canonicalTags } from './tags.ts';

/** The series of a bill with their ids; the reader's table `id_N` joins them to the cells. */
export interface BillSeries {
  texts: NewSegment['texts'];
  warnings: Warning[];
}

/** Gives every series of a bill its id and leaves them in the reader, beside the cells. */
export async function registerSeries(
  connection: DuckDBConnection,
  bill: Bill,
  registry: Registry,
): Promise<BillSeries> {
  const reader = await connection.runAndReadAll(
    `SELECT ${seriesDimensions.map(identifier).join(', ')},
       ${namedDimensions.map((dimension) => identifier(`${dimension} name`)).join(', ')}, h
     FROM series_${bill.id}`,
  );
  const rows = reader.getRowsJS();
  const tagsAt = seriesDimensions.indexOf('tags');
  let unreadable = 0;
  const tuples = rows.map((row) => {
    const tuple = row.slice(0, seriesDimensions.length) as (string | null)[];
    const tags = canonicalTags(tuple[tagsAt] ?? null);
    if (tags === undefined) unreadable++;
    // Kept under a name of its own rather than dropped.
    tuple[tagsAt] = tags === undefined ? JSON.stringify({ unreadable: tuple[tagsAt] }) : tags;
    return tuple satisfies SeriesTuple;
  });
  const ids = registry.seriesIds(tuples);
  for (const [i, tuple] of tuples.entries()) {
    for (const [n, dimension] of namedDimensions.entries()) {
      const value = tuple[seriesDimensions.indexOf(dimension)];
      const name = rows[i]?.[seriesDimensions.length + n];
      if (value && typeof name === 'string' && name !== value)
        registry.name(dimension, value, name);
    }
  }
  await connection.run(`CREATE TEMP TABLE id_${bill.id} (h UBIGINT, id UINTEGER)`);
  const appender = await connection.createAppender(`id_${bill.id}`);
  for (const [i, row] of rows.entries()) {
    appender.appendUBigInt(row.at(-1) as bigint);
    appender.appendUInteger(ids[i] as number);
    appender.endRow();
  }
  appender.closeSync();
  const place = (dimension: (typeof seriesDimensions)[number]) =>
    seriesDimensions.indexOf(dimension);
  const [currency, account, service] = [place('currency'), place('account'), place('service')];
  const byId = new Map(tuples.map((tuple, i) => [ids[i] as number, tuple]));
  return {
    texts: (series) => {
      const tuple = byId.get(series) ?? [];
      return {
        currency: tuple[currency] ?? '',
        account: tuple[account] ?? '',
        service: tuple[service] ?? '',
      };
    },
    warnings:
      unreadable === 0
        ? []
        : [
            {
              code: 'TAGS_UNREADABLE',
              count: unreadable,
              message: `Tags: ${unreadable} tag sets are not JSON, kept whole under the key "unreadable".`,
            },
          ],
  };
}

/** The daily cells of one version in a bill, sorted by series and day. */
export async function readSegment(
  connection: DuckDBConnection,
  bill: Bill,
  series: BillSeries,
  key: BillKey,
  loadId: number,
): Promise<NewSegment> {
  const from = `cell_${bill.id} JOIN series_${bill.id} USING (h) JOIN id_${bill.id} USING (h)
    WHERE period = $period AND coalesce(provider, '') = $provider
      AND coalesce("billing-account", '') = $account`;
  const parameters = {
    period: key.billingPeriod,
    provider: key.provider,
    account: key.billingAccount,
  };
  const limits = await connection.runAndReadAll(
    `SELECT ${measures.flatMap((measure) => limitColumns(bill, measure)).join(', ')} FROM ${from}`,
    parameters,
  );
  const wide = limits.getRowObjectsJS()[0] ?? {};
  const select = measures.flatMap((measure) => [
    ...limbColumns(bill, measure, wide),
    `CAST(${measure}_known AS DOUBLE) AS ${measure}_known`,
  ]);
  const result = await connection.stream(
    `SELECT id, CAST(day AS INTEGER) AS day, CAST(rows AS DOUBLE) AS rows, ${select.join(', ')}
     FROM ${from} ORDER BY id, day`,
    parameters,
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
  return {
    loadId,
    series: take('id', new Uint32Array(count)),
    day: take('day', new Int32Array(count)),
    rows: take('rows', new Float64Array(count)),
    measures: Object.fromEntries(
      measures.map((measure) => [measure, measureColumns(measure)]),
    ) as NewSegment['measures'],
    totals: new Map(
      bill.totals
        .filter((total) => sameKey(total, key))
        .map(({ currency, rows, amounts }) => [currency, { rows, amounts }]),
    ),
    texts: series.texts,
  };

  function measureColumns(measure: Measure): NewSegment['measures'][Measure] {
    const columns = names
      .filter((name) => name.startsWith(`${measure}_`) && name !== `${measure}_known`)
      .map((name) => [name.slice(measure.length + 1) as Limb, take(name, new Float64Array(count))]);
    return {
      limbs: Object.fromEntries(columns),
      known: take(`${measure}_known`, new Float64Array(count)),
    };
  }
}

/** For each limb whether any cell has more of it than a double may hold in a sum. */
function limitColumns(bill: Bill, measure: Measure): string[] {
  const own = bill.cellLimbs[measure] ?? [];
  const isWide = (value: string, limb: Limb) =>
    `coalesce(max(abs(${value})) > ${limbLimit}, false) AS ${measure}_${limb}`;
  return [
    ...own.map((limb) => isWide(`${measure}_${limb}`, limb)),
    // The whole units are what the nano-units carry.
    isWide(`${measure}_nano // 1000000000`, 'whole'),
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
export async function billCoverage(
  connection: DuckDBConnection,
  bill: Bill,
  key: BillKey,
): Promise<{ days: number[]; accounts: string[] }> {
  const rows = await connection.runAndReadAll(
    `SELECT DISTINCT day, coalesce(account, '') AS account
     FROM cell_${bill.id} JOIN series_${bill.id} USING (h)
     WHERE period = $period AND coalesce(provider, '') = $provider
       AND coalesce("billing-account", '') = $account`,
    { period: key.billingPeriod, provider: key.provider, account: key.billingAccount },
  );
  const found = rows.getRowObjectsJS();
  return {
    days: [...new Set(found.map((row) => Number(row['day'])))],
    accounts: [...new Set(found.map((row) => row['account'] as string))],
  };
}
