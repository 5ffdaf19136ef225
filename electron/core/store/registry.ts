import { packColumn, packTexts } from './columns.ts';
import { readDictionary, readSeries } from './cube.ts';
import { type NamedDimension, type SeriesDimension, seriesDimensions } from './measures.ts';
import type { WritableDb } from './open.ts';
import { createSeriesIndex } from './series-index.ts';

/** The texts of many series, dimension by dimension; null where the charge has no value. */
export type SeriesTexts = Readonly<Record<SeriesDimension, readonly (string | null)[]>>;

/**
 * Gives series and dimension values their ids while a job writes. What is new waits in memory
 * until `flush`, which belongs into the transaction that first uses it. One at a time: the holder
 * has the write lock.
 */
export interface Registry {
  /** Ids of the series, in the order given; new ones are numbered in (service, account) order. */
  seriesIds: (texts: SeriesTexts) => Uint32Array;
  /**
   * Remembers display names, each of the value in its place; a later name for the same value wins.
   * None, or one that is the value itself, is no name.
   */
  names: (
    dimension: NamedDimension,
    values: readonly (string | null)[],
    names: readonly (string | null)[],
  ) => void;
  flush: () => void;
}

interface Dictionary {
  ids: Map<string, number>;
  stored: number;
  /** Values that wait to be written. */
  fresh: string[];
}

export function createRegistry(db: WritableDb): Registry {
  const dictionaries = new Map(
    seriesDimensions.map((dimension) => {
      const texts = readDictionary(db, dimension);
      const ids = new Map(texts.map((text, id) => [text, id] as const).slice(1));
      const fresh: string[] = [];
      return [dimension, { ids, stored: texts.length - 1, fresh }] as [SeriesDimension, Dictionary];
    }),
  );
  const storedBefore = countSeries(db);
  const series = createSeriesIndex(
    seriesDimensions.map((dimension) => readSeries(db, dimension, storedBefore)),
  );
  let storedCount = series.count();
  const names = new Map<NamedDimension, Map<number, string>>();

  function dictionaryOf(dimension: SeriesDimension): Dictionary {
    const dictionary = dictionaries.get(dimension);
    if (!dictionary) throw new RangeError(`unknown dimension ${dimension}`);
    return dictionary;
  }

  function idOf(dimension: SeriesDimension, text: string): number {
    const dictionary = dictionaryOf(dimension);
    return dictionary.ids.get(text) ?? add(dictionary, text);
  }

  /** Value ids of texts; neighbours are often equal. */
  function valueIds(dimension: SeriesDimension, texts: readonly (string | null)[]): Uint32Array {
    const dictionary = dictionaryOf(dimension);
    const ids = new Uint32Array(texts.length);
    let text: string | null = null;
    let id = 0;
    for (let i = 0; i < texts.length; i++) {
      const next = texts[i] ?? null;
      if (next !== text) {
        text = next;
        id = text === null ? 0 : (dictionary.ids.get(text) ?? add(dictionary, text));
      }
      ids[i] = id;
    }
    return ids;
  }

  return {
    seriesIds: (texts) => {
      const count = texts.service.length;
      const columns = seriesDimensions.map((dimension) => valueIds(dimension, texts[dimension]));
      const order = inOrder(texts, count);
      const ids = new Uint32Array(count);
      const row = new Uint32Array(columns.length);
      for (const i of order) {
        for (let c = 0; c < row.length; c++) row[c] = (columns[c] as Uint32Array)[i] as number;
        ids[i] = series.numberOf(row);
      }
      return ids;
    },
    names: (dimension, values, given) => {
      const own = names.get(dimension) ?? new Map<number, string>();
      names.set(dimension, own);
      let value: string | null = null;
      let name: string | null = null;
      for (let i = 0; i < given.length; i++) {
        const next = given[i] ?? null;
        // Neighbours are often equal.
        if (next === name && values[i] === value) continue;
        name = next;
        value = values[i] ?? null;
        if (value && name && name !== value) own.set(idOf(dimension, value), name);
      }
    },
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
      const count = series.count() - storedCount;
      if (count > 0) {
        for (const [i, dimension] of seriesDimensions.entries()) {
          const { type, data } = packColumn(series.column(i, storedCount));
          addSeries.run(storedCount, dimension, count, type, data);
        }
        storedCount += count;
      }
      // All at once: a statement for each of a hundred thousand names takes twice as long.
      const addNames = db.prepare(
        `INSERT INTO value_name SELECT ?, CAST(key AS INTEGER), value FROM json_each(?) WHERE true
         ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name`,
      );
      for (const [dimension, own] of names) {
        addNames.run(dimension, JSON.stringify(Object.fromEntries(own)));
      }
      names.clear();
    },
  };
}

function add(dictionary: Dictionary, text: string): number {
  dictionary.fresh.push(text);
  const id = dictionary.stored + dictionary.fresh.length;
  dictionary.ids.set(text, id);
  return id;
}

/** Places of the series by service and account, else as they came. */
function inOrder({ service, account }: SeriesTexts, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i).sort(
    (a, b) =>
      compare(service[a] ?? '', service[b] ?? '') ||
      compare(account[a] ?? '', account[b] ?? '') ||
      a - b,
  );
}

function countSeries(db: WritableDb): number {
  return (
    (db
      .prepare('SELECT first_id + count FROM series ORDER BY first_id DESC LIMIT 1')
      .pluck()
      .get() as number | undefined) ?? 0
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
