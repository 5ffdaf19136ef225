import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { CallInput, CallOutput } from '../../shared/contract/contract.ts';
import { type Dimension, metrics } from '../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import { campaign } from '../builders/campaign.ts';
import { type Duck, openDuckDb, sqlText } from '../builders/duckdb.ts';
import { focusCsv } from '../builders/focus.ts';
import { randomCharge } from '../builders/randomBill.ts';
import { workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 600_000 });

type Query = CallInput<'costs.query'>;
type Answer = CallOutput<'costs.query'>;

const dims: Dimension[] = [
  'provider',
  'billing-account',
  'account',
  'service',
  'category',
  'region',
  'sku',
  'resource',
  'charge',
  'currency',
  'unit',
  'tag:team',
  'tag:a:b',
  'tag:k=v',
  'tag:absent',
];
const filterValue = fc.constantFrom(
  null,
  '',
  'a',
  'A',
  '007',
  '7',
  'x',
  'y=z',
  'AWS',
  'USD',
  'JPY',
  'Usage',
  '0001',
  'two\nlines',
  'nowhere',
);

/** One of the texts, or in most cases none. */
const sometimes = (...texts: string[]) =>
  fc.option(fc.constantFrom(...texts), { freq: 1, nil: undefined });

const query: fc.Arbitrary<Query> = fc
  .record(
    {
      by: fc.uniqueArray(fc.constantFrom(...dims), { maxLength: 2 }),
      metric: fc.constantFrom(...metrics),
      granularity: fc.constantFrom('day', 'month', 'none'),
      from: sometimes('2026-01-01', '2026-01', '2026-02-14', '2025-12-31', '2027-01'),
      to: sometimes('2026-03', '2026-02-15', '2026-01-02', '2025-01-01'),
      period: sometimes('2026-01', '2026-02', '2026-03', '2020-01'),
      filters: fc.array(
        fc.record(
          {
            dimension: fc.constantFrom(...dims),
            values: fc.array(filterValue, { minLength: 1, maxLength: 3 }),
            not: fc.boolean(),
          },
          { requiredKeys: ['dimension', 'values'] },
        ),
        { maxLength: 3 },
      ),
      limit: fc.integer({ min: 1, max: 5 }),
    },
    { requiredKeys: ['by', 'metric'] },
  )
  .map((input) => {
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given);
  });

/** What a dimension reads, by the table in the design; over columns that are text. */
function column(dimension: Dimension): string {
  if (dimension.startsWith('tag:')) {
    return `nullif(json_extract_string(Tags, ${sqlText(`$."${dimension.slice(4)}"`)}), '')`;
  }
  return {
    provider: 'coalesce(ServiceProviderName, ProviderName)',
    'billing-account': 'BillingAccountId',
    account: 'coalesce(SubAccountId, BillingAccountId)',
    service: 'ServiceName',
    category: 'ServiceCategory',
    region: 'RegionId',
    sku: 'SkuId',
    resource: 'ResourceId',
    charge: 'ChargeCategory',
    currency: 'upper(BillingCurrency)',
    unit: 'CASE WHEN ConsumedQuantity IS NULL THEN NULL ELSE ConsumedUnit END',
  }[dimension as string]!;
}

/** Filters of one dimension and direction are one set of values. */
function condition(input: Query): string {
  const sets = new Map<string, { dimension: Dimension; not: boolean; values: (string | null)[] }>();
  for (const { dimension, not = false, values } of input.filters ?? []) {
    const key = `${not} ${dimension}`;
    const set = sets.get(key) ?? { dimension, not, values: [] };
    set.values.push(...values);
    sets.set(key, set);
  }
  const day = (text: string) => sqlText(text.length === 7 ? `${text}-01` : text);
  return [
    'true',
    ...[...sets.values()].map(({ dimension, not, values }) => {
      const any = values
        .map(
          (value) => `${column(dimension)} IS NOT DISTINCT FROM ${value ? sqlText(value) : 'NULL'}`,
        )
        .join(' OR ');
      return `${not ? 'NOT ' : ''}(${any})`;
    }),
    ...(input.from ? [`x_day >= ${day(input.from)}`] : []),
    ...(input.to ? [`x_day < ${day(input.to)}`] : []),
    ...(input.period ? [`x_period = ${sqlText(input.period)}`] : []),
  ].join(' AND ');
}

async function expected(duck: Duck, input: Query): Promise<{ rows: string[]; totals: string[] }> {
  const period = { day: 'x_day', month: 'left(x_day, 7)', none: 'NULL' }[
    input.granularity ?? 'none'
  ];
  const sums = (keys: string[]) => `SELECT ${[...keys, column('currency')]
    .map((key, i) => `${key} AS k${i}`)
    .join(', ')},
      CAST(sum(CAST(x_${input.metric} AS DECIMAL(38,24))) AS VARCHAR) AS cost,
      CAST(count(*) - count(x_${input.metric}) AS INTEGER) AS unknown
    FROM bill WHERE ${condition(input)} GROUP BY ALL`;
  const shown = (row: Record<string, unknown>, keys: number) => [
    ...Array.from({ length: keys }, (_, i) => row[`k${i}`]),
    typeof row['cost'] === 'string' ? formatExact(exactOf(row['cost'])) : null,
  ];
  const by = (input.by ?? []).map(column);
  const rows = await duck.rows(sums([period, ...by]));
  const totals = await duck.rows(sums([]));
  return {
    rows: rows.map((row) => JSON.stringify(shown(row, by.length + 2))).sort(),
    totals: totals.map((row) => JSON.stringify([...shown(row, 1), row['unknown']])).sort(),
  };
}

function answered(answer: Answer, input: Query): { rows: string[]; totals: string[] } {
  return {
    rows: answer.rows
      .map((row) =>
        JSON.stringify([
          row.period ?? null,
          ...(input.by ?? []).map((d) => row.keys[d]),
          row.currency,
          row.cost,
        ]),
      )
      .sort(),
    totals: answer.totals
      .map((total) => JSON.stringify([total.currency, total.cost, total.unknownRows]))
      .sort(),
  };
}

/** By period, cost descending (unknown last), then keys. */
function expectSorted(rows: Answer['rows'], by: readonly Dimension[]): void {
  const place = (row: Answer['rows'][number]) =>
    [row.period ?? '', row.cost === null ? null : exactOf(row.cost)] as const;
  for (let i = 1; i < rows.length; i++) {
    const [a, b] = [rows[i - 1]!, rows[i]!];
    const [[periodA, costA], [periodB, costB]] = [place(a), place(b)];
    expect(periodA <= periodB).toBe(true);
    if (periodA !== periodB) continue;
    if (costA === null) expect(costB).toBeNull();
    else if (costB !== null) expect(costA >= costB).toBe(true);
    if (costA !== costB) continue;
    const keys = (row: Answer['rows'][number]) => [
      ...by.map((d) => row.keys[d] ?? ''),
      row.currency ?? '',
    ];
    const [left, right] = [keys(a), keys(b)];
    const differs = left.findIndex((key, k) => key !== right[k]);
    expect((left[differs] ?? '') < (right[differs] ?? '')).toBe(true);
  }
}

test('every slice of every bill is what DuckDB adds up over the same text', async () => {
  const queriesEach = 60;
  const { seed, ...bills } = campaign(`costs against DuckDB (${queriesEach} slices a bill)`, 6);
  let rowsCompared = 0;
  const queries = fc.sample(fc.noBias(query), { seed, numRuns: queriesEach });
  await fc.assert(
    fc.asyncProperty(
      fc.noBias(fc.array(randomCharge, { minLength: 80, maxLength: 250, size: 'max' })),
      async (rows) => {
        const place = workspace();
        const duck = await openDuckDb();
        try {
          const path = place.file('bill.csv', focusCsv(rows));
          const [load] = await place.load(path);
          expect(load).toMatchObject({
            status: 'loaded',
            rowsRead: rows.length,
            rowsKept: rows.length,
          });
          const names = Object.keys(rows[0]!);
          await duck.connection.run(`CREATE TABLE bill AS SELECT ${names
            .map((name) => `nullif("${name}", '') AS "${name}"`)
            .join(
              ', ',
            )} FROM read_csv(${sqlText(path)}, header = true, auto_detect = false, delim = ',',
            quote = '"', escape = '"', new_line = '\\n',
            columns = {${names.map((name) => `'${name}': 'VARCHAR'`).join(', ')}})`);
          for (const input of queries) {
            const answer = await place.call('costs.query', input);
            const { limit, ...unlimited } = input;
            const whole = limit === undefined ? answer : await place.call('costs.query', unlimited);
            const truth = await expected(duck, input);
            expect({ input, ...answered(whole, input) }).toEqual({ input, ...truth });
            rowsCompared += whole.rows.length;
            expectSorted(whole.rows, input.by ?? []);
            if (limit !== undefined) {
              expect(answer).toEqual({ ...whole, rows: whole.rows.slice(0, limit) });
            }
          }
          const doctor = await place.call('app.doctor', {});
          expect(doctor.checks.filter((check) => check.status === 'failed')).toEqual([]);
        } finally {
          duck.close();
          await place.close();
        }
      },
    ),
    { seed, ...bills, endOnFailure: true },
  );
  // Slices that match nothing prove nothing.
  expect(rowsCompared).toBeGreaterThan(bills.numRuns * queriesEach * 4);
});
