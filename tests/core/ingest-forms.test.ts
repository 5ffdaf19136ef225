import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gzipSync } from 'node:zlib';
import type { Dimension } from '../../shared/contract/values.ts';
import { type Duck, openDuckDb, sqlText } from '../builders/duckdb.ts';
import { type CsvForm, focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

/** Key and cost of each row by one dimension. */
async function by(
  dimension: Dimension,
  metric: 'billed' | 'effective' | 'list' | 'contracted' = 'billed',
) {
  const { rows } = await place.call('costs.query', { by: [dimension], metric });
  return Object.fromEntries(rows.map((row) => [String(row.keys[dimension]), row.cost]));
}
async function daily() {
  const { rows } = await place.call('costs.query', { granularity: 'day' });
  return Object.fromEntries(rows.map((row) => [row.period, row.cost]));
}
async function loadRows(rows: readonly FocusRow[], form: CsvForm = {}) {
  const [load] = await place.load(place.file('bill.csv', focusCsv(rows, form)));
  expect(load).toMatchObject({ status: 'loaded', rowsRead: rows.length, rowsKept: rows.length });
  return load!;
}

const quoted = [
  focusRow({ BilledCost: '0.1', ServiceName: 'plain' }),
  focusRow({ BilledCost: '0.2', ServiceName: 'with, comma; and\ttab' }),
  focusRow({ BilledCost: '0.4', ServiceName: 'say "hi"' }),
  focusRow({ BilledCost: '0.8', ServiceName: 'two\nlines' }),
];
const services = {
  plain: '0.1',
  'with, comma; and\ttab': '0.2',
  'say "hi"': '0.4',
  'two\nlines': '0.8',
};

describe('CSV dialects', () => {
  test.each<[string, CsvForm]>([
    ['commas and LF', {}],
    ['a byte-order mark', { bom: true }],
    ['CRLF', { lineEnd: '\r\n' }],
    ['CR alone', { lineEnd: '\r' }],
    ['blank lines', { lineEnd: '\n\n' }],
    ['blank lines of CRLF with a byte-order mark', { lineEnd: '\r\n\r\n', bom: true }],
    ['semicolons', { delimiter: ';' }],
    ['tabs', { delimiter: '\t', lineEnd: '\r\n' }],
    ['bars', { delimiter: '|' }],
  ])('%s', async (_, form) => {
    await loadRows(quoted, form);
    expect(await by('service')).toEqual(services);
  });

  test('CRLF mixed with LF, and no line end at the end', async () => {
    const lines = focusCsv(quoted).trimEnd().split('\n');
    const text = lines
      .map((line, i) => line + (i === lines.length - 1 ? '' : i % 2 ? '\n' : '\r\n'))
      .join('');
    await place.load(place.file('mixed.csv', text));
    const found = await by('service');
    expect({ ...found, 'two\nlines': found['two\nlines'] ?? found['two\r\nlines'] }).toMatchObject(
      services,
    );
    expect(Object.values(found).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      '0.1',
      '0.2',
      '0.4',
      '0.8',
    ]);
  });

  test('gzip, by content and not by name', async () => {
    const [load] = await place.load(
      place.file('bill.data', gzipSync(focusCsv(quoted, { lineEnd: '\r\n' }))),
    );
    expect(load).toMatchObject({ status: 'loaded', rowsKept: 4 });
    expect(await by('service')).toEqual(services);
  });

  test('gzip of several members', async () => {
    const text = focusCsv(quoted);
    const parts = [text.slice(0, 100), text.slice(100)].map((part) => gzipSync(part));
    await place.load(place.file('bill.csv.gz', Buffer.concat(parts)));
    expect(await by('service')).toEqual(services);
  });

  test('rows across the borders of the reads', async () => {
    const many = Array.from({ length: 6000 }, (_, i) =>
      focusRow({ BilledCost: '0.001', ResourceId: `"${i}",\r\n${'x'.repeat(i % 700)}` }),
    );
    await loadRows(many);
    const { totals } = await place.call('costs.query', {});
    expect(totals).toEqual([{ currency: 'USD', cost: '6', unknownRows: 0 }]);
  });
});

describe('Parquet', () => {
  let duck: Duck;
  beforeEach(async () => (duck = await openDuckDb()));
  afterEach(() => duck.close());

  async function parquet(select: string): Promise<string> {
    const path = place.file('bill.parquet', '');
    await duck.connection.run(`SET TimeZone = 'America/New_York'`);
    await duck.connection.run(`COPY (${select}) TO ${sqlText(path)} (FORMAT parquet)`);
    return path;
  }
  const fixed = `'AWS' AS ProviderName, '0001' AS BillingAccountId, 'Usage' AS ChargeCategory,
    'S3' AS ServiceName, 'EUR' AS BillingCurrency`;

  test('typed columns: DECIMAL, DOUBLE, TIMESTAMPTZ, MAP', async () => {
    const path = await parquet(`SELECT ${fixed},
      CAST('12.340000000000000001' AS DECIMAL(38,18)) AS BilledCost,
      CAST(8e-7 AS DOUBLE) AS EffectiveCost, CAST(0.1 AS DOUBLE) AS ListCost,
      CAST(3 AS INTEGER) AS ContractedCost,
      TIMESTAMPTZ '2026-03-01 00:30:00+02:00' AS ChargePeriodStart,
      TIMESTAMP '2026-03-01 00:00:00' AS BillingPeriodStart,
      MAP {'team': 'a', 'env': 'prod'} AS Tags
      UNION ALL SELECT ${fixed}, NULL, NULL, -0.3, NULL,
      TIMESTAMPTZ '2026-03-31 23:30:00+00:00', TIMESTAMP '2026-03-01', NULL`);
    const [load] = await place.load(path);
    expect(load).toMatchObject({ status: 'loaded', rowsKept: 2, periods: ['2026-03'] });
    expect(load?.totals).toEqual([
      {
        currency: 'EUR',
        billed: '12.340000000000000001',
        effective: '0.0000008',
        list: '-0.2',
        contracted: '3',
      },
    ]);
    expect(await by('tag:team')).toEqual({ a: '12.340000000000000001', null: null });
    expect(await daily()).toEqual({ '2026-02-28': '12.340000000000000001', '2026-03-31': null });
  });

  test('text columns, JSON tags, dates and times of every precision', async () => {
    const path =
      await parquet(`SELECT ${fixed}, '1e-20' AS BilledCost, DATE '2026-03-02' AS ChargePeriodStart,
        TIMESTAMP_S '2026-03-01 00:00:00' AS BillingPeriodStart, '{"team":"a"}' AS Tags
      UNION ALL SELECT ${fixed}, '-2', DATE '2026-03-03', TIMESTAMP_S '2026-03-01 00:00:00', '[]'`);
    await place.load(path);
    expect(await daily()).toEqual({ '2026-03-02': '0.00000000000000000001', '2026-03-03': '-2' });
    const nano = place.file('nano.parquet', '');
    await duck.connection.run(`COPY (SELECT ${fixed.replace('S3', 'EC2').replace('0001', '0002')}, 5 AS BilledCost,
      TIMESTAMP_NS '2026-03-04 23:59:59.999999999' AS ChargePeriodStart,
      TIMESTAMP_MS '2026-03-01 00:00:00' AS BillingPeriodStart) TO ${sqlText(nano)} (FORMAT parquet)`);
    expect(await place.load(nano)).toMatchObject([{ status: 'loaded' }]);
    expect(await daily()).toMatchObject({ '2026-03-04': '5' });
  });
});

describe('sums that outgrow a double', () => {
  let duck: Duck;
  beforeEach(async () => (duck = await openDuckDb()));
  afterEach(() => duck.close());

  /** Many equal rows of one series and day, so that they meet in one cell. */
  async function equalRows(count: number, cells: Record<string, string>): Promise<string> {
    const row = { ...focusRow({ ListCost: '', EffectiveCost: '', ContractedCost: '' }), ...cells };
    const path = place.file(`equal-${Object.values(cells).join('-').length}-${count}.parquet`, '');
    const select = Object.entries(row).map(([name, text]) => `${sqlText(text)} AS "${name}"`);
    await duck.connection.run(
      `COPY (SELECT ${select.join(', ')} FROM range(${count})) TO ${sqlText(path)} (FORMAT parquet)`,
    );
    return path;
  }

  test('the lower limbs of millions of rows in one cell', async () => {
    const [load] = await place.load(
      await equalRows(4_700_000, {
        BilledCost: '0.000000000999999999',
        ListCost: '-0.000000000000000000999999999',
      }),
    );
    expect(load).toMatchObject({ status: 'loaded', rowsKept: 4_700_000 });
    expect(await by('service')).toEqual({ 'Amazon EC2': '0.0046999999953' });
    expect(await by('service', 'list')).toEqual({ 'Amazon EC2': '-0.0000000000046999999953' });
  });

  test('currencies of very small worth, in one cell and over many', async () => {
    const months = ['2026-01', '2026-02', '2026-03', '2026-04'];
    const paths: string[] = [];
    for (const [i, month] of months.entries()) {
      const cost = `${i === 1 ? '-' : ''}99999999999999${i + 3}.1`;
      paths.push(
        await equalRows(7 + 2 * i, {
          BillingCurrency: 'IRR',
          BilledCost: cost,
          BillingPeriodStart: `${month}-01`,
          ChargePeriodStart: `${month}-02`,
        }),
      );
    }
    const loads = await place.load(paths);
    expect(loads.map(({ status }) => status)).toEqual(months.map(() => 'loaded'));
    const cost = (i: number) =>
      BigInt(`99999999999999${i + 3}1`) * BigInt(7 + 2 * i) * (i === 1 ? -1n : 1n);
    const tenths = (value: bigint) =>
      `${value / 10n}.${(value < 0n ? -value : value) % 10n}`.replace(/\.0$/, '');
    const { rows, totals } = await place.call('costs.query', { granularity: 'month' });
    expect(rows.map((row) => row.cost)).toEqual(months.map((_, i) => tenths(cost(i))));
    expect(totals[0]?.cost).toBe(tenths(months.reduce((sum, _, i) => sum + cost(i), 0n)));
    expect((await place.call('app.doctor', {})).healthy).toBe(true);
    const positive = await place.call('costs.query', {
      filters: [{ dimension: 'currency', values: ['IRR'] }],
      to: '2026-04',
      from: '2026-03',
    });
    expect(positive.totals[0]?.cost).toBe(tenths(cost(2)));
  });
});

describe('files that belong together', () => {
  test('parts of one month are one version, in any number of files', async () => {
    const part = (day: string, cost: string) =>
      focusCsv([focusRow({ ChargePeriodStart: day, BilledCost: cost })]);
    const paths = [
      place.file('set/1.csv', part('2026-03-01', '1')),
      place.file('set/2.csv.gz', gzipSync(part('2026-03-02', '2'))),
      place.file('set/sub/3.csv', part('2026-03-01', '4')),
    ];
    const loads = await place.load(place.folder + '/set');
    expect(loads.map(({ status }) => status)).toEqual(['loaded', 'loaded', 'loaded']);
    expect(await daily()).toEqual({ '2026-03-01': '5', '2026-03-02': '2' });
    const { sources } = await place.call('sources.get', {});
    expect(sources[0]?.periods).toMatchObject([{ period: '2026-03', number: 1, rows: 3 }]);
    const before = place.dump();
    expect((await place.load(paths)).map(({ status }) => status)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect(place.dump()).toBe(before);
  });

  test('one bill in two forms counts once', async () => {
    const text = focusCsv([
      focusRow({ Tags: '{"b": "1", "a": "2"}' }),
      focusRow({ RegionId: 'eu' }),
    ]);
    const loads = await place.load([
      place.file('a.csv', text),
      place.file('a.csv.gz', gzipSync(text)),
      place.file('b.csv', focusCsv([focusRow({ BillingPeriodStart: '2026-04-01' })])),
    ]);
    expect(loads.map(({ status }) => status)).toEqual(['loaded', 'skipped', 'loaded']);
    expect(loads[1]?.reason).toContain('a.csv');
    expect((await place.call('costs.query', {})).totals[0]?.cost).toBe('3.75');
  });

  test('parts that add up to the same are parts, whatever their form', async () => {
    const part = (account: string, hour: string) =>
      focusCsv([
        focusRow({
          SubAccountId: account,
          ChargePeriodStart: `2026-03-01T${hour}:00:00Z`,
          BilledCost: '1',
        }),
      ]);
    const loads = await place.load([
      place.file('p/0.csv', part('a', '00')),
      place.file('p/1.csv', part('a', '01')),
      place.file('p/2.csv', part('b', '00')),
      place.file('p/3.csv.gz', gzipSync(part('c', '00'))),
    ]);
    expect(loads.map(({ status }) => status)).toEqual(['loaded', 'loaded', 'loaded', 'loaded']);
    expect(await by('account')).toEqual({ a: '2', b: '1', c: '1' });
  });

  test('the same bytes twice in one command count once', async () => {
    const text = focusCsv([focusRow()]);
    const loads = await place.load([place.file('a.csv', text), place.file('b.csv', text)]);
    expect(loads.map(({ status }) => status)).toEqual(['loaded', 'skipped']);
    expect((await place.call('costs.query', {})).totals[0]?.cost).toBe('1.25');
  });

  test('one file of several accounts, providers and months makes as many versions', async () => {
    await loadRows([
      focusRow({ BillingAccountId: 'a' }),
      focusRow({ BillingAccountId: 'b' }),
      focusRow({ ProviderName: 'Microsoft' }),
      focusRow({ BillingPeriodStart: '2026-04-01' }),
    ]);
    const { data } = await place.call('app.info', {});
    expect(data).toMatchObject({ periods: 4, tiedOut: 4 });
  });
});
