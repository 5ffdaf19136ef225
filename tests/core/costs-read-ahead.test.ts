import Database from 'better-sqlite3';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createColours } from '../../electron/core/costs/colours.ts';
import { queryCosts } from '../../electron/core/costs/query.ts';
import { createReadAhead } from '../../electron/core/costs/read-ahead.ts';
import { createAxes } from '../../electron/core/costs/scope.ts';
import { createSummary } from '../../electron/core/costs/summary.ts';
import { createValueRanks } from '../../electron/core/costs/value-ranks.ts';
import { createCube } from '../../electron/core/store/cube.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

let place: Workspace;
beforeAll(async () => {
  place = workspace();
  await place.load(place.file('march.csv', bill('03', 300)));
});
afterAll(() => place.close());

/** Charges over two months of days, a few of them without a cost. */
function bill(month: string, rows: number): string {
  return focusCsv(
    Array.from({ length: rows }, (_, i) =>
      focusRow({
        ResourceId: `i-${(i * 7) % 40}`,
        RegionId: `region-${i % 3}`,
        BilledCost: i % 29 === 0 ? '' : `${(i % 17) - 4}.000000${i % 10}`,
        BillingPeriodStart: `2026-${month}-01T00:00:00Z`,
        ChargePeriodStart: `2026-${i % 5 === 0 ? '02' : month}-${String((i % 27) + 1).padStart(2, '0')}T00:00:00Z`,
      }),
    ),
  );
}

/** A core of its own over the ledger, as far as questions about costs go. */
function reader() {
  const db = new Database(join(place.data, 'outlay.db'));
  const cube = createCube(db);
  const axes = createAxes(cube);
  const summary = createSummary(db, cube, axes);
  const ranks = createValueRanks({ cube, axes, summary });
  let started = 0;
  const ahead = createReadAhead({
    db,
    cube,
    summary: () => {
      started++;
      return summary();
    },
    colours: createColours(cube, axes),
    ranks,
  });
  const answers = () =>
    (['none', 'month', 'day'] as const).flatMap((granularity) =>
      ([[], ['region'], ['resource', 'region']] as const).map((by) =>
        queryCosts(cube, axes, {
          metric: 'billed',
          by: [...by],
          granularity,
          filters: [{ dimension: 'region', values: ['region-1', 'region-2'] }],
          limit: by.length > 1 ? 50 : undefined,
        }),
      ),
    );
  const { ask } = ahead.watch({ ask: answers });
  return {
    ask,
    months: () => cube.segments().map((segment) => cube.cellsByMonth(segment, 'list') !== null),
    started: () => started,
    stop: ahead.stop,
    close: () => {
      ahead.stop();
      db.close();
    },
  };
}

test('what was read ahead answers the same, and new data is read ahead in its turn', async () => {
  const kept = reader();
  const before = kept.ask();
  expect(kept.months()).toEqual([false]);
  await expect.poll(kept.months).toEqual([true]);
  expect(kept.ask()).toEqual(before);

  await place.load(place.file('april.csv', bill('04', 200)));
  expect(kept.months()).toEqual([true, false]);
  const fresh = reader();
  expect(kept.ask()).toEqual(fresh.ask());
  fresh.close();
  await expect.poll(kept.months).toEqual([true, true]);
  const again = reader();
  expect(kept.ask()).toEqual(again.ask());
  again.close();
  kept.close();
});

test('a question starts it, and nothing is read after the end', async () => {
  const asked = reader();
  const ended = reader();
  expect(asked.started()).toBe(0);
  asked.ask();
  ended.ask();
  ended.stop();
  await expect.poll(asked.started).toBe(1);
  await expect.poll(asked.months).toEqual([true, true]);
  expect(ended.started()).toBe(0);
  asked.close();
  ended.close();
});
