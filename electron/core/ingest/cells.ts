import type { DuckDBConnection } from '@duckdb/node-api';
import { type Limb, limbLimit } from '../store/limbs.ts';
import { type Measure, measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import type { Registry, SeriesTuple } from '../store/registry.ts';
import type { NewSegment } from '../store/versions.ts';
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
  const columns = measures.flatMap((measure) => {
    const limbs = bill.cellLimbs[measure] ?? [];
    return [...limbs.map((limb) => `${measure}_${limb}`), `${measure}_known`];
  });
  const from = `cell_${bill.id} JOIN series_${bill.id} USING (h) JOIN id_${bill.id} USING (h)
    WHERE period = $period AND coalesce(provider, '') = $provider
      AND coalesce("billing-account", '') = $account`;
  const parameters = {
    period: key.billingPeriod,
    provider: key.provider,
    account: key.billingAccount,
  };
  const limits = await connection.runAndReadAll(
    `SELECT ${columns.map((column) => `coalesce(max(abs(${column})) > ${limbLimit}, false) AS ${column}`).join(', ')} FROM ${from}`,
    parameters,
  );
  const wide = limits.getRowObjectsJS()[0] ?? {};
  const select = columns.flatMap((column) => {
    const value = `coalesce(${column}, 0)`;
    // More than a double holds exactly: whole units apart from the nano-units.
    return wide[column] === true
      ? [
          `CAST(${value} // 1000000000 AS DOUBLE) AS ${column.replace('_nano', '_whole')}`,
          `CAST(${value} % 1000000000 AS DOUBLE) AS ${column}`,
        ]
      : [`CAST(${value} AS DOUBLE) AS ${column}`];
  });
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
    const limbs = names
      .filter((name) => name.startsWith(`${measure}_`) && name !== `${measure}_known`)
      .map((name) => [name.slice(measure.length + 1) as Limb, take(name, new Float64Array(count))]);
    return {
      limbs: Object.fromEntries(limbs),
      known: take(`${measure}_known`, new Float64Array(count)),
    };
  }
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
