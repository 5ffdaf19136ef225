import Database from 'better-sqlite3';
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { queryFirstPaint } from '../../electron/core/costs/first-paint.ts';
import { queryCosts } from '../../electron/core/costs/query.ts';
import { createAxes } from '../../electron/core/costs/scope.ts';
import { createCube } from '../../electron/core/store/cube.ts';
import { databaseFile } from '../../electron/core/store/open.ts';
import type { HandlerInput } from '../../shared/contract/contract.ts';
import { metrics } from '../../shared/contract/values.ts';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { randomCharge } from '../builders/randomBill.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

type Query = HandlerInput<'costs.query'>;

/** A random bill whose charges all deliver what they cost, except for the list cost of one month. */
function bill(seed: number) {
  return fc.sample(randomCharge, { seed, numRuns: 150 }).map((row) => {
    const given = Object.entries(row).map(([name, text]) =>
      name.endsWith('Cost') && text === '' ? [name, '0.000000000000000001'] : [name, text],
    );
    const full = Object.fromEntries(given) as typeof row;
    return full['BillingPeriodStart']?.startsWith('2026-02') ? { ...full, ListCost: '' } : full;
  });
}

let place: Workspace;
let db: Database.Database;
beforeAll(async () => {
  place = workspace();
  await place.load(place.file('a.csv', focusCsv(bill(1))), { source: 'one' });
  // A restatement: the tables hold versions that do not count any more.
  await place.load(place.file('a.csv', focusCsv(bill(2))), { source: 'one', replace: true });
  await place.load(
    place.file('b.csv', focusCsv([focusRow({ BillingAccountId: 'b', ServiceName: '' })])),
  );
  await place.closeCore();
  db = new Database(join(place.data, databaseFile));
});
afterAll(async () => {
  db.close();
  await place.close();
});

function byCells(input: Query) {
  const cube = createCube(db);
  return queryCosts(cube, createAxes(cube), input);
}

const whole: Query = { by: [], metric: 'billed', granularity: 'none', filters: [] };

const query = fc.record({
  by: fc.uniqueArray(fc.constantFrom('account' as const, 'service' as const, 'currency' as const), {
    maxLength: 2,
  }),
  metric: fc.constantFrom(...metrics),
  granularity: fc.constantFrom('day' as const, 'month' as const, 'none' as const),
  from: fc.option(fc.constantFrom('2026-01-01', '2026-02-14', '2027-01-01'), {
    freq: 2,
    nil: undefined,
  }),
  to: fc.option(fc.constantFrom('2026-03-01', '2026-01-20', '2025-01-01'), {
    freq: 2,
    nil: undefined,
  }),
  period: fc.option(fc.constantFrom('2026-01', '2026-02', '2026-03', '2020-01'), {
    nil: undefined,
  }),
  filters: fc.constant<Query['filters']>([]),
  limit: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
});

test('what the small tables answer is what the cells answer', () => {
  let answered = 0;
  fc.assert(
    fc.property(query, (input) => {
      const answer = queryFirstPaint(db, input);
      if (answer === null) return;
      answered++;
      expect(answer).toEqual(byCells(input));
    }),
    campaign('first paint: against the cells', 300),
  );
  expect(answered).toBeGreaterThan(100);
});

test('many groups over many periods are the same in several passes', () => {
  const cube = createCube(db);
  const axes = createAxes(cube);
  for (const granularity of ['day', 'month', 'none'] as const) {
    for (const range of [{}, { from: '2026-01-05', to: '2026-02-14' }]) {
      for (const limit of [undefined, 7]) {
        const input: Query = {
          ...whole,
          ...range,
          by: ['resource', 'service'],
          granularity,
          limit,
        };
        const atOnce = queryCosts(cube, axes, input);
        expect(atOnce.rows.length).toBeGreaterThan(0);
        expect(queryCosts(cube, axes, input, 10_000)).toEqual(atOnce);
        expect(queryCosts(cube, axes, input, 1)).toEqual(atOnce);
      }
    }
  }
});

test('they answer totals, days, and months by service and account', () => {
  for (const input of [
    whole,
    { ...whole, granularity: 'day' as const, from: '2026-01-03' },
    { ...whole, by: ['service' as const, 'account' as const], granularity: 'month' as const },
  ]) {
    expect(queryFirstPaint(db, input)?.rows.length).toBeGreaterThan(0);
  }
});

test('they leave to the cells what they do not hold', () => {
  for (const input of [
    { ...whole, by: ['resource' as const] },
    { ...whole, by: ['service' as const], from: '2026-01-03' },
    { ...whole, by: ['service' as const], granularity: 'day' as const },
    { ...whole, filters: [{ dimension: 'currency' as const, values: ['USD'] }] },
    // Some charges do not deliver it: how many, only the cells know.
    { ...whole, metric: 'list' as const },
  ]) {
    expect(queryFirstPaint(db, input)).toBeNull();
  }
  expect(byCells({ ...whole, metric: 'list' }).totals.some((total) => total.unknownRows > 0)).toBe(
    true,
  );
});

test('a table that is not what the files state is not believed', () => {
  const daily = { ...whole, granularity: 'day' as const };
  const monthly = { ...whole, by: ['service' as const] };
  db.exec('BEGIN');
  try {
    const last = '(SELECT max(id) FROM version WHERE is_current = 1)';
    db.exec(`UPDATE daily_total SET billed = billed || '1' WHERE version_id = ${last}`);
    expect(queryFirstPaint(db, daily)).toBeNull();
    db.exec(`DELETE FROM monthly_total WHERE version_id = ${last}`);
    expect(queryFirstPaint(db, monthly)).toBeNull();
    expect(byCells(daily).rows.length).toBeGreaterThan(0);
  } finally {
    db.exec('ROLLBACK');
  }
  expect(queryFirstPaint(db, daily)).not.toBeNull();
});
