import { packColumn, packTexts } from './columns.ts';
import { readDictionary, readSeries } from './cube.ts';
import { type NamedDimension, type SeriesDimension, seriesDimensions } from './measures.ts';
import type { WritableDb } from './open.ts';

/** The texts of one series, null where the charge has no value, in `seriesDimensions` order. */
export type SeriesTuple = readonly (string | null)[];

/**
 * Gives series and dimension values their ids while a job writes. What is new waits in memory
 * until `flush`, which belongs into the transaction that first uses it. One at a time: the holder
 * has the write lock.
 */
export interface Registry {
  /** Ids of the series, in the order given; new ones are numbered in (service, account) order. */
  seriesIds: (tuples: readonly SeriesTuple[]) => Uint32Array;
  /** Remembers display names; a later name for the same value wins. */
  name: (dimension: NamedDimension, value: string, name: string) => void;
  flush: () => void;
}

export function createRegistry(db: WritableDb): Registry {
  const dictionaries = new Map(
    seriesDimensions.map((dimension) => {
      const texts = readDictionary(db, dimension);
      const ids = new Map(texts.map((text, id) => [text, id] as const).slice(1));
      const fresh: string[] = [];
      return [dimension, { ids, stored: texts.length - 1, fresh }] as [
        SeriesDimension,
        { ids: Map<string, number>; stored: number; fresh: string[] },
      ];
    }),
  );
  const stored = storedSeries(db);
  const known = stored.ids;
  let storedCount = stored.count;
  let fresh: number[][] = [];
  let names: [NamedDimension, string, string][] = [];
  const service = seriesDimensions.indexOf('service');
  const account = seriesDimensions.indexOf('account');

  function valueId(dimension: SeriesDimension, text: string | null): number {
    if (text === null) return 0;
    const dictionary = dictionaries.get(dimension);
    if (!dictionary) throw new RangeError(`unknown dimension ${dimension}`);
    let id = dictionary.ids.get(text);
    if (id === undefined) {
      dictionary.fresh.push(text);
      id = dictionary.stored + dictionary.fresh.length;
      dictionary.ids.set(text, id);
    }
    return id;
  }

  function seriesId(tuple: SeriesTuple): number {
    const values = seriesDimensions.map((dimension, i) => valueId(dimension, tuple[i] ?? null));
    const key = values.join(',');
    let id = known.get(key);
    if (id === undefined) {
      id = storedCount + fresh.length;
      fresh.push(values);
      known.set(key, id);
    }
    return id;
  }

  return {
    seriesIds: (tuples) => {
      const order = tuples
        .map((_, i) => i)
        .sort((a, b) => {
          const [left, right] = [tuples[a] ?? [], tuples[b] ?? []];
          return (
            compare(left[service] ?? '', right[service] ?? '') ||
            compare(left[account] ?? '', right[account] ?? '')
          );
        });
      const ids = new Uint32Array(tuples.length);
      for (const i of order) ids[i] = seriesId(tuples[i] ?? []);
      return ids;
    },
    name: (dimension, value, name) => names.push([dimension, value, name]),
    flush: () => {
      const addValues = db.prepare('INSERT INTO dictionary VALUES (?, ?, ?, ?)');
      for (const [dimension, dictionary] of dictionaries) {
        const { stored: before, fresh: texts } = dictionary;
        if (texts.length === 0) continue;
        addValues.run(dimension, before + 1, texts.length, packTexts(texts));
        dictionary.stored += texts.length;
        dictionary.fresh = [];
      }
      const addSeries = db.prepare('INSERT INTO series VALUES (?, ?, ?, ?, ?)');
      if (fresh.length > 0) {
        for (const [i, dimension] of seriesDimensions.entries()) {
          const { type, data } = packColumn(fresh.map((values) => values[i] ?? 0));
          addSeries.run(storedCount, dimension, fresh.length, type, data);
        }
        storedCount += fresh.length;
        fresh = [];
      }
      const addName = db.prepare(`INSERT INTO value_name VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name`);
      for (const [dimension, value, name] of names) {
        addName.run(dimension, valueId(dimension, value), name);
      }
      names = [];
    },
  };
}

function storedSeries(db: WritableDb): { ids: Map<string, number>; count: number } {
  const count =
    (db
      .prepare('SELECT first_id + count FROM series ORDER BY first_id DESC LIMIT 1')
      .pluck()
      .get() as number | undefined) ?? 0;
  const columns = seriesDimensions.map((dimension) => readSeries(db, dimension, count));
  const ids = new Map<string, number>();
  for (let id = 0; id < count; id++) {
    ids.set(columns.map((column) => column[id]).join(','), id);
  }
  return { ids, count };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
