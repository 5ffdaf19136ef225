import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { detailFolderOf } from '../../electron/core/store/detail.ts';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { openDuckDb, sqlText } from '../builders/duckdb.ts';
import { sampleDataPath, sampleDataTest } from '../builders/sampleData.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

type Input = CallInput<'costs.lines'>;
type Answer = CallOutput<'costs.lines'>;

const lines = (input: Input = {}) => place.call('costs.lines', input);

async function loadCsv(name: string, rows: readonly FocusRow[]): Promise<number> {
  const path = place.file(name, focusCsv(rows));
  const [load] = await place.load(path);
  return load?.id ?? 0;
}

const places = ({ rows }: Answer) => rows.map(({ file, row }) => `${file} ${row}`);

/** The same slice, from the cells. */
async function fromCells({ from, to, period, filters }: Input) {
  const slice = {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(period === undefined ? {} : { period }),
    ...(filters === undefined ? {} : { filters }),
  };
  const [billed, effective] = await Promise.all(
    (['billed', 'effective'] as const).map((metric) =>
      place.call('costs.query', { ...slice, metric }),
    ),
  );
  return (billed?.totals ?? []).map(({ currency, cost }) => ({
    currency,
    billed: cost,
    effective: effective?.totals.find((total) => total.currency === currency)?.cost ?? null,
  }));
}

async function expectTied(input: Input): Promise<Answer> {
  const answer = await lines(input);
  expect(answer.withoutDetail).toEqual({ totals: [], loads: [] });
  expect(answer.tiesOut).toBe(true);
  const totals = answer.totals.map(({ currency, billed, effective }) => ({
    currency,
    billed,
    effective,
  }));
  const byCurrency = (a: { currency: string | null }, b: { currency: string | null }) =>
    (a.currency ?? '') < (b.currency ?? '') ? -1 : 1;
  expect(totals.sort(byCurrency)).toEqual((await fromCells(input)).sort(byCurrency));
  expect(answer.totals.reduce((sum, total) => sum + total.lines, 0)).toBe(answer.lines);
  return answer;
}

test('a line is what its file states: row, cells as written, every digit', async () => {
  const load = await loadCsv('march.csv', [
    focusRow({ BilledCost: '1.250', Tags: '{"team":"a"}', x_Note: ' as is ' }),
    focusRow({ BilledCost: '5e-7', ServiceName: 'NULL', ResourceId: 'i-1', ListCost: '' }),
  ]);
  const answer = await expectTied({});
  expect(places(answer)).toEqual(['march.csv 2', 'march.csv 3']);
  expect(answer.totals).toEqual([
    { currency: 'USD', lines: 2, billed: '1.2500005', effective: '2.4' },
  ]);
  const [first, second] = answer.rows;
  expect(first).toMatchObject({
    load,
    row: 2,
    start: '2026-03-05T00:00:00Z',
    day: '2026-03-05',
    period: '2026-03',
    billed: '1.250',
    list: '2.5',
    quantity: null,
    tags: { team: 'a' },
    names: { account: 'Research' },
    dimensions: { service: 'Amazon EC2', account: '0042', resource: null, invoice: null },
  });
  expect(first?.cells).toContainEqual({ name: 'x_Note', value: ' as is ' });
  expect(second).toMatchObject({ row: 3, billed: '0.0000005', list: null });
  expect(second?.dimensions).toMatchObject({ service: null, resource: 'i-1' });
  expect(second?.cells).toContainEqual({ name: 'BilledCost', value: '5e-7' });
  expect(second?.cells).toContainEqual({ name: 'ServiceName', value: 'NULL' });
});

test('amounts written as money, and a currency that the caller states, are read the same again', async () => {
  const rows = [
    focusRow({ BilledCost: '$1,234.50', EffectiveCost: '-$2' }),
    focusRow({ BilledCost: '$0.5' }),
  ];
  await loadCsv('money.csv', rows);
  const money = await expectTied({});
  expect(money.rows.map(({ billed }) => billed)).toEqual(['1234.50', '0.5']);

  const duck = await openDuckDb();
  const text = place.file(
    'text.csv',
    focusCsv([{ ...focusRow(), BillingPeriodStart: '2026-05-01' }]),
  );
  const path = join(place.folder, 'typed.parquet');
  await duck.rows(
    `COPY (SELECT * EXCLUDE (BillingCurrency) REPLACE (CAST(BilledCost AS DOUBLE) AS BilledCost)
       FROM read_csv(${sqlText(text)}, all_varchar = true)) TO ${sqlText(path)} (FORMAT parquet)`,
  );
  duck.close();
  expect(await place.load(path, { currency: 'EUR' })).toMatchObject([{ status: 'loaded' }]);
  const stated = await expectTied({ filters: [{ dimension: 'currency', values: ['EUR'] }] });
  expect(stated.rows).toMatchObject([{ file: 'typed.parquet', row: 1, billed: '1.25' }]);
});

test('pages go through all lines once, by cost and by time', async () => {
  const rows = Array.from({ length: 25 }, (_, i) =>
    focusRow({
      BilledCost: i === 3 ? '' : String((i * 7) % 25),
      ChargePeriodStart: `2026-03-${String(((i * 11) % 25) + 1).padStart(2, '0')}T05:00:00Z`,
    }),
  );
  await loadCsv('march.csv', rows);
  const all: Answer['rows'] = [];
  for (let offset = 0; offset < 30; offset += 10) {
    const page = await lines({ offset, limit: 10 });
    expect([page.lines, page.offset]).toEqual([25, offset]);
    all.push(...page.rows);
  }
  const costs = all.map(({ billed }) => billed);
  const known = rows.map((row) => Number(row['BilledCost'])).sort((a, b) => b - a);
  expect(costs.at(-1)).toBeNull();
  expect(costs.slice(0, -1).map(Number)).toEqual(known.filter((_, i) => i < 24));
  expect(new Set(all.map(({ row }) => row)).size).toBe(25);
  const byTime = (await lines({ sort: 'time', limit: 500 })).rows.map(({ day }) => day);
  expect(byTime).toEqual([...byTime].sort());
});

test('several files: only those of the slice, a replaced month never', async () => {
  const of = (month: string, cost: string, resource: string) =>
    focusRow({
      BilledCost: cost,
      ResourceId: resource,
      BillingPeriodStart: `${month}-01`,
      ChargePeriodStart: `${month}-02`,
    });
  // One file of two months, of which one is replaced by another file.
  await loadCsv('both.csv', [of('2026-01', '1', 'r1'), of('2026-02', '2', 'r1')]);
  await loadCsv('february.csv', [of('2026-02', '40', 'r1'), of('2026-02', '2', 'r2')]);
  const all = await expectTied({});
  expect(places(all)).toEqual(['february.csv 2', 'february.csv 3', 'both.csv 2']);
  expect(places(await expectTied({ period: '2026-01' }))).toEqual(['both.csv 2']);
  expect(places(await expectTied({ from: '2026-02' }))).toEqual([
    'february.csv 2',
    'february.csv 3',
  ]);
  const one: Input = { filters: [{ dimension: 'resource', values: ['r2'] }] };
  expect(places(await expectTied(one))).toEqual(['february.csv 3']);
});

test('what has no lines is said with its amount, not left out', async () => {
  const kept = await loadCsv('march.csv', [focusRow({ BilledCost: '3' })]);
  const april = { BillingPeriodStart: '2026-04-01', ChargePeriodStart: '2026-04-02' };
  const lost = await loadCsv('april.csv', [
    focusRow({ ...april, BilledCost: '5' }),
    focusRow({ ...april, BilledCost: '6', BillingCurrency: 'EUR' }),
  ]);
  rmSync(join(detailFolderOf(place.data), `${lost}.parquet`));
  const answer = await lines();
  expect(answer.rows.map(({ load }) => load)).toEqual([kept]);
  expect([answer.lines, answer.tiesOut]).toEqual([1, true]);
  expect(answer.totals).toMatchObject([{ currency: 'USD', billed: '3' }]);
  expect(answer.withoutDetail.loads).toMatchObject([
    { load: lost, file: 'april.csv', source: 'files', periods: ['2026-04'] },
  ]);
  expect(answer.withoutDetail.totals).toEqual([
    { currency: 'EUR', lines: 1, billed: '6', effective: '1.2' },
    { currency: 'USD', lines: 1, billed: '5', effective: '1.2' },
  ]);
  expect((await lines({ period: '2026-03' })).withoutDetail.loads).toEqual([]);
  // Nothing of the slice has lines: DuckDB is not even asked.
  expect(await lines({ period: '2026-04' })).toMatchObject({ lines: 0, rows: [], tiesOut: true });
});

test('files imported again bring their lines back, and nothing else changes', async () => {
  const path = place.file('march.csv', focusCsv([focusRow(), focusRow({ BilledCost: '2' })]));
  await place.call('settings.set', { detail: false });
  await place.load(path);
  expect((await lines()).withoutDetail.totals).toMatchObject([{ lines: 2, billed: '3.25' }]);
  expect(await place.load(path)).toMatchObject([{ status: 'unchanged' }]);
  expect((await lines()).lines).toBe(0);
  await place.call('settings.set', { detail: true });
  const before = await place.call('sources.get', {});
  expect(await place.load(path)).toMatchObject([{ status: 'unchanged', rowsKept: 0 }]);
  expect((await expectTied({})).lines).toBe(2);
  const after = await place.call('sources.get', {});
  expect(after.sources).toEqual(
    before.sources.map((source) => ({ ...source, detailBytes: after.disk.detailBytes })),
  );
  expect(after.disk.detailBytes).toBeGreaterThan(0);
  // The lines are those of the load that is shown; now they are there, there is nothing to read.
  const kept = place.dump();
  expect(await place.load(path)).toMatchObject([{ status: 'unchanged' }]);
  expect(place.dump()).toBe(kept);
});

test('a month that is removed while its lines are looked for is not an error', async () => {
  await loadCsv('march.csv', [focusRow()]);
  await lines();
  // The look at the cells is over when the file goes, and the file not open yet.
  const answer = lines();
  await place.call('sources.remove', { source: 'files' });
  expect(await answer).toMatchObject({ lines: 0, rows: [], withoutDetail: { loads: [] } });
});

test('a damaged copy says so, and that the totals stand', async () => {
  const load = await loadCsv('march.csv', [focusRow()]);
  truncateSync(join(detailFolderOf(place.data), `${load}.parquet`), 20);
  const refusal = await place.refusal('costs.lines', {});
  expect(refusal.code).toBe('FILE_DAMAGED');
  expect(refusal.message).toMatch(/^The lines of march\.csv cannot be read/);
  expect((await place.call('costs.query', {})).totals[0]?.cost).toBe('1.25');
  // It is a leftover for the next start.
  await place.closeCore();
  expect((await lines()).withoutDetail.loads).toHaveLength(1);
});

test('a further question of one viewer ends the one before; others are all answered', async () => {
  await loadCsv(
    'march.csv',
    Array.from({ length: 2000 }, (_, i) => focusRow({ BilledCost: String(i) })),
  );
  const ask = (viewer: string | undefined, offset: number) =>
    place.core().call('costs.lines', { ...(viewer ? { viewer } : {}), offset, limit: 1 });
  const answers = await Promise.all([
    ask('a', 0),
    ask('a', 1),
    ask('b', 2),
    ask(undefined, 3),
    ask('a', 4),
  ]);
  const outcome = answers.map((answer) =>
    answer.ok ? answer.value.rows[0]?.billed : answer.error.code,
  );
  expect(outcome).toEqual(['CANCELLED', 'CANCELLED', '1997', '1996', '1995']);
});

test('a page that is too long is refused, and a purpose that no charge has is empty', async () => {
  const none = { filters: [{ dimension: 'purpose' as const, values: ['training'] }] };
  expect(await place.call('costs.lines', none)).toMatchObject({ lines: 0, rows: [] });
  expect(await place.refusal('costs.lines', { limit: 501 })).toMatchObject({
    code: 'INVALID_INPUT',
  });
  expect(await lines()).toMatchObject({ lines: 0, rows: [] });
});

describe('any slice', () => {
  const texts = ['a', 'b', '', 'NULL', 'N/A', ' a', "q'q", 'x"y'];
  const text = fc.constantFrom(...texts);
  const cost = fc.constantFrom('0', '1', '-2.5', '1e3', '12345678901.000000000000000001', '', '.5');
  const row = fc.record({
    ServiceName: text,
    ResourceId: text,
    SubAccountId: fc.constantFrom('s1', 's2', ''),
    BilledCost: cost,
    EffectiveCost: cost,
    BillingCurrency: fc.constantFrom('USD', 'usd', 'EUR'),
    Tags: fc.constantFrom(
      '',
      '{"t":"a"}',
      '{ "t": "a", "u": null }',
      '{"t":""}',
      '[odd',
      '{"u":"b"}',
    ),
    BillingPeriodStart: fc.constantFrom('2026-03-01', '2026-04-01'),
    ChargePeriodStart: fc.constantFrom(
      '2026-03-05',
      '2026-03-05T23:30:00-02:00',
      '2026-04-06T00:30:00+01:00',
      '',
    ),
  });
  const filter = fc.record({
    dimension: fc.constantFrom(
      ...([
        'service',
        'resource',
        'account',
        'currency',
        'tag:t',
        'tag:u',
        'tag:unreadable',
      ] as const),
    ),
    values: fc.array(
      fc.option(fc.constantFrom('a', 'b', 'NULL', 's1', '0001', 'USD', '[odd', ' a'), {
        nil: null,
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    not: fc.boolean(),
  });
  const slice = fc.record(
    {
      from: fc.constantFrom('2026-03-01', '2026-03-06', '2026-04'),
      to: fc.constantFrom('2026-03-06', '2026-04-02'),
      period: fc.constantFrom('2026-03', '2026-04'),
      filters: fc.array(filter, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  );

  test('has the lines that the cells count, and they add up to the last digit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.array(slice, { minLength: 3, maxLength: 3 }),
        async (rows, slices) => {
          const own = place;
          place = workspace();
          try {
            await loadCsv(
              'bill.csv',
              rows.map((cells) => focusRow(cells)),
            );
            for (const input of slices) {
              const answer = await expectTied({ ...input, limit: 500 });
              expect(answer.rows).toHaveLength(answer.lines);
              const billed = answer.rows.flatMap((line) => line.billed ?? []);
              const sum = billed.reduce((total, amount) => total + exactOf(amount), 0n);
              const stated = answer.totals.reduce(
                (total, { billed: part }) => total + exactOf(part ?? '0'),
                0n,
              );
              expect(formatExact(sum)).toBe(formatExact(stated));
            }
          } finally {
            await place.close();
            place = own;
          }
        },
      ),
      { numRuns: 12, seed: 41 },
    );
  });
});

/** Made by tests/fixtures/sample-data.py, which shares nothing with the product. */
interface Case {
  file: string;
  options?: { currency?: string; dateOrder?: 'mdy' };
  refused?: string;
  charges?: number;
  totals?: Record<string, string | null>[];
}

const cases = JSON.parse(
  readFileSync(new URL('../fixtures/sample-data.json', import.meta.url), 'utf8'),
) as Case[];

for (const { file, options = {}, refused, charges, totals } of cases) {
  if (refused) continue;
  const said = Object.entries(options).map(([name, value]) => ` with ${name} ${value}`);
  sampleDataTest(`the lines of ${file}${said.join('')} tie out in every slice`, async () => {
    const path = sampleDataPath(...file.split('/'));
    await place.load(path, options);
    const all = await expectTied({ limit: 3 });
    expect(all.lines).toBe(charges);
    for (const total of totals ?? []) {
      const own = all.totals.find(({ currency }) => currency === total['currency']);
      expect(own).toMatchObject({ billed: total['billed'], effective: total['effective'] });
    }
    const { dimensions } = await place.call('costs.dimensions', {});
    const tags = dimensions.filter(({ id }) => id.startsWith('tag:')).slice(0, 3);
    for (const { id, values } of [
      ...dimensions.filter(({ id: name }) => !name.startsWith('tag:')),
      ...tags,
    ]) {
      if (values === 0) continue;
      const { rows } = await place.call('costs.query', { by: [id], limit: 1 });
      const value = rows[0]?.keys[id] ?? null;
      const found = await expectTied({ filters: [{ dimension: id, values: [value] }], limit: 1 });
      expect(found.lines, id).toBeGreaterThan(0);
    }
    const day = all.rows[0]?.day ?? '';
    await expectTied({ from: day, to: day });
  });
}
