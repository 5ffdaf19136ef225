import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDictionary, readSeries } from '../../electron/core/store/cube.ts';
import { seriesDimensions } from '../../electron/core/store/measures.ts';
import { openStore, type WritableDb } from '../../electron/core/store/open.ts';
import { createRegistry, type SeriesTexts } from '../../electron/core/store/registry.ts';
import { campaign } from '../builders/campaign.ts';

/** The texts of one series in `seriesDimensions` order. */
type SeriesTuple = readonly (string | null)[];

function columnsOf(tuples: readonly SeriesTuple[]): SeriesTexts {
  const columns = seriesDimensions.map((dimension, d) => [
    dimension,
    tuples.map((tuple) => tuple[d] ?? null),
  ]);
  return Object.fromEntries(columns) as SeriesTexts;
}

const value = fc.option(fc.constantFrom('a', 'b', 'c', 'é', '0', '00', 'null'), { nil: null });
const tuple: fc.Arbitrary<SeriesTuple> = fc
  .tuple(value, value, value)
  .map(([service, account, region]) =>
    seriesDimensions.map((dimension) =>
      dimension === 'service'
        ? service
        : dimension === 'account'
          ? account
          : dimension === 'region'
            ? region
            : null,
    ),
  );

/** Each series as its texts, as a reader of the database would resolve it. */
function stored(db: WritableDb): string[] {
  const count =
    (db.prepare('SELECT coalesce(max(first_id + count), 0) FROM series').pluck().get() as number) ??
    0;
  const columns = seriesDimensions.map((dimension) => ({
    ids: readSeries(db, dimension, count),
    texts: readDictionary(db, dimension),
  }));
  return Array.from({ length: count }, (_, id) =>
    JSON.stringify(
      columns.map(({ ids, texts }) => (ids[id] === 0 ? null : texts[ids[id] as number])),
    ),
  );
}

test('ids only grow: what a series was called once it is called after every reopen', () => {
  fc.assert(
    fc.property(fc.array(fc.array(tuple, { maxLength: 8 }), { maxLength: 5 }), (batches) => {
      const folder = mkdtempSync(join(tmpdir(), 'outlay-registry-'));
      try {
        const ids = new Map<string, number>();
        for (const batch of batches) {
          const db = openStore(folder, new Date());
          const before = stored(db);
          const registry = createRegistry(db);
          const given = registry.seriesIds(columnsOf(batch));
          for (const [i, series] of batch.entries()) {
            const key = JSON.stringify(series);
            const known = ids.get(key);
            if (known !== undefined) expect(given[i]).toBe(known);
            ids.set(key, given[i] as number);
          }
          expect(stored(db)).toEqual(before);
          registry.flush();
          const after = stored(db);
          expect(after.slice(0, before.length)).toEqual(before);
          expect(after.length).toBe(ids.size);
          for (const [key, id] of ids) expect(after[id]).toBe(key);
          db.close();
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    campaign('registry: reopened', 15),
  );
});

test('ids that were never flushed are given again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-registry-'));
  const db = openStore(folder, new Date());
  const series = seriesDimensions.map((dimension) => (dimension === 'service' ? 'S3' : null));
  expect([...createRegistry(db).seriesIds(columnsOf([series]))]).toEqual([0]);
  const second = createRegistry(db);
  expect([...second.seriesIds(columnsOf([series, series]))]).toEqual([0, 0]);
  second.names('account', ['x', 'x'], ['first name', 'later name']);
  second.flush();
  second.flush();
  expect(stored(db)).toHaveLength(1);
  expect(db.prepare('SELECT name FROM value_name').pluck().all()).toEqual(['later name']);
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

test('new series of one batch are numbered by service, then account', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-registry-'));
  const db = openStore(folder, new Date());
  const make = (service: string, account: string) =>
    seriesDimensions.map((d) => (d === 'service' ? service : d === 'account' ? account : null));
  const ids = createRegistry(db).seriesIds(
    columnsOf([make('b', '1'), make('a', '2'), make('a', '1')]),
  );
  expect([...ids]).toEqual([2, 1, 0]);
  db.close();
  rmSync(folder, { recursive: true, force: true });
});
