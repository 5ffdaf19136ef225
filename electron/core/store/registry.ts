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
  /** Remembers display names; a later name for the same value wins. */
  name: (dimension: NamedDimension, value: string, name: string) => void;
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

  /** Value ids of texts; neighbours are often equal. */
  function valueIds(dimension: SeriesDimension, texts: readonly (string | null)[]): Uint32Array {
    const dictionary = dictionaries.get(dimension);
    if (!dictionary) throw new RangeError(`unknown dimension ${dimension}`);
    const ids = new Uint32Array(texts.length);
    let text: string | null = null;
    let id = 0;
    for (const [i, next] of texts.entries()) {
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
        for (const [c, column] of columns.entries()) row[c] = column[i] as number;
        ids[i] = series.numberOf(row);
      }
      return ids;
    },
    name: (dimension, value, name) => {
      let own = names.get(dimension);
      if (!own) names.set(dimension, (own = new Map()));
      own.set(valueIds(dimension, [value])[0] as number, name);
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
      const addName = db.prepare(`INSERT INTO value_name VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name`);
      for (const [dimension, own] of names) {
        for (const [id, name] of own) addName.run(dimension, id, name);
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
