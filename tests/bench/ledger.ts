import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { type Core, openCore } from '../../electron/core/api.ts';
import type { CallInput } from '../../shared/contract/contract.ts';
import { elapsed, inTurn, type Line, type Timing, timing } from './measure.ts';

const starts = 15;
const slices = 60;
const searches = 100;

type Query = CallInput<'costs.query'>;

/** Columns of the large bill behind the dimensions that slices are made of. */
const columns = {
  account: 'SubAccountId',
  service: 'ServiceName',
  category: 'ServiceCategory',
  region: 'RegionId',
  sku: 'SkuId',
  resource: 'ResourceId',
  pricing: 'PricingCategory',
  charge: 'ChargeCategory',
  commitment: 'CommitmentDiscountId',
} as const;
type Sliced = keyof typeof columns;

/** What is asked of a loaded ledger: the first figures, all arrays, any slice, a search. */
export async function benchLedger(
  root: string,
  data: string,
  files: readonly string[],
): Promise<Line[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const duck = await instance.connect();
  await duck.run("SET TimeZone = 'UTC'");
  const core = openCore({
    dataFolder: data,
    workerUrl: pathToFileURL(join(root, 'electron/core/jobs/worker.ts')),
    appVersion: 'bench',
    now: () => new Date(),
    log: console.error,
  });
  try {
    return [
      await firstFigures(root, data),
      await allArrays(root, data),
      ...(await anySlice(core, duck, files)),
      ...(await resourceSearch(core, duck)),
    ];
  } finally {
    await core.close();
    duck.closeSync();
    instance.closeSync();
  }
}

async function firstFigures(root: string, data: string): Promise<Line> {
  const start = (...argv: string[]) =>
    elapsed(() => {
      const { status, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
    });
  const command = ['build/outlay.js', 'costs', '--json', '--data', data];
  await start(...command);
  const [own, node] = await inTurn(
    starts,
    () => start(...command),
    () => start('-e', '0'),
  );
  return line('first figures after a cold start, whole command', own, 'node start alone', node);
}

/** In a fresh process each time; nothing is held against it but the clock. */
async function allArrays(root: string, data: string): Promise<Line> {
  const worker = pathToFileURL(join(root, 'electron/core/jobs/worker.ts')).href;
  const [own] = await inTurn(7, async () => {
    const argv = [join(root, 'tests/bench/cold-query.ts'), data, worker];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  return line('all arrays loaded, cold: the cost of every resource', own);
}

/** Random slices beside DuckDB on a table of the same daily cells. */
async function anySlice(
  core: Core,
  duck: DuckDBConnection,
  files: readonly string[],
): Promise<Line[]> {
  const list = files.map((file) => `'${file}'`).join(', ');
  await duck.run(`CREATE TABLE cell AS
    SELECT CAST(ChargePeriodStart AS DATE) AS day, BillingCurrency AS currency,
      ${Object.values(columns).join(', ')}, sum(CAST(BilledCost AS DECIMAL(18, 9))) AS cost
    FROM read_parquet([${list}]) GROUP BY ALL`);
  const next = random(7);
  const one = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const dimensions = Object.keys(columns) as Sliced[];
  const values = new Map<Sliced, (string | null)[]>();
  for (const dimension of dimensions) {
    const rows = await duck.runAndReadAll(
      `SELECT DISTINCT ${columns[dimension]} AS value FROM cell ORDER BY ALL LIMIT 5000`,
    );
    values.set(
      dimension,
      rows.getRowsJS().map(([value]) => value as string | null),
    );
  }
  // As someone looks at the first figures before asking for more; the core reads ahead meanwhile.
  await core.call('overview.get', {});
  await setTimeout(3000);
  const own: number[] = [];
  const native: number[] = [];
  const ratios: number[] = [];
  for (let i = -5; i < slices; i++) {
    const by: Sliced[] = [one(dimensions), one(dimensions)].filter(
      (dimension, place, all) => all.indexOf(dimension) === place,
    );
    const query: Query = {
      by,
      granularity: one(['none', 'none', 'month', 'day']),
      filters: Array.from({ length: Math.floor(next() * 3) }, () => {
        const dimension = one(dimensions);
        const picked = Array.from({ length: 1 + Math.floor(next() * 3) }, () =>
          one(values.get(dimension) ?? []),
        );
        return { dimension, values: picked, not: next() < 0.3 };
      }),
      ...(next() < 0.5 ? { from: '2025-04', to: `2025-${one(['07', '10', '12'])}` } : {}),
      limit: 1000,
    };
    const sql = sqlOf(query, by);
    const ownTime = await elapsed(async () => {
      const answer = await core.call('costs.query', query);
      if (!answer.ok) throw new Error(answer.error.message);
    });
    const nativeTime = await elapsed(() => duck.runAndReadAll(sql));
    // The first ones find neither side warm.
    if (i < 0) continue;
    own.push(ownTime);
    native.push(nativeTime);
    ratios.push(ownTime / nativeTime);
  }
  const ratio = timing(ratios);
  return [
    line(
      `any slice, ${slices} of them at random (each on its own ${ratio.median.toFixed(2)}x, p95 ${ratio.p95.toFixed(2)}x)`,
      timing(own),
      'DuckDB native table',
      timing(native),
    ),
  ];
}

function sqlOf({ granularity, filters = [], from, to }: Query, by: readonly Sliced[]): string {
  const text = (value: string | null) =>
    value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
  const period = { day: 'day', month: "date_trunc('month', day)", none: 'NULL' }[
    granularity ?? 'none'
  ];
  const conditions = filters.map(({ dimension, values, not }) => {
    const any = values
      .map((value) => `${columns[dimension as Sliced]} IS NOT DISTINCT FROM ${text(value)}`)
      .join(' OR ');
    return `${not ? 'NOT ' : ''}(${any})`;
  });
  if (from) conditions.push(`day >= '${from}-01'`);
  if (to) conditions.push(`day < '${to}-01'`);
  const keys = [period, ...by.map((dimension) => columns[dimension]), 'currency'];
  return `SELECT ${keys.map((key, i) => `${key} AS k${i}`).join(', ')}, sum(cost) AS total FROM cell
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
    GROUP BY ${keys.map((_, i) => `k${i}`).join(', ')}
    ORDER BY k0, total DESC, ${keys.map((_, i) => `k${i}`).join(', ')} LIMIT 1000`;
}

/** Pieces of resource ids and names, three to eight characters long, as someone types them. */
async function resourceSearch(core: Core, duck: DuckDBConnection): Promise<Line[]> {
  await duck.run(`CREATE TABLE resource AS
    SELECT ResourceId AS id, sum(cost) AS cost FROM cell GROUP BY ALL`);
  const all = (await duck.runAndReadAll('SELECT id FROM resource ORDER BY id')).getRowsJS();
  const next = random(11);
  const search = async (needle: string) => {
    const answer = await core.call('costs.values', { dimension: 'resource', search: needle });
    if (!answer.ok) throw new Error(answer.error.message);
  };
  await search('warm');
  const own: number[] = [];
  const native: number[] = [];
  for (let i = 0; i < searches; i++) {
    const id = all[Math.floor(next() * all.length)]?.[0] as string;
    const length = 3 + Math.floor(next() * 6);
    const start = Math.floor(next() * (id.length - length));
    const needle = id.slice(start, start + length).toUpperCase();
    own.push(await elapsed(() => search(needle)));
    native.push(
      await elapsed(() =>
        duck.runAndReadAll(`SELECT id, cost, count(*) OVER () FROM resource
          WHERE contains(lower(id), '${needle.toLowerCase()}') ORDER BY cost DESC LIMIT 50`),
      ),
    );
  }
  return [
    line(
      `search in ${all.length} resource ids, ${searches} different texts`,
      timing(own),
      'DuckDB contains',
      timing(native),
    ),
  ];
}

function line(what: string, own?: Timing, name = '', native?: Timing): Line {
  if (!own) throw new Error(`nothing was measured: ${what}`);
  return { what, timing: own, ...(native ? { against: { name, timing: native } } : {}) };
}

/** The same numbers on every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
