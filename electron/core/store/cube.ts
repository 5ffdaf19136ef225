import { sumByMonth } from './by-month.ts';
import {
  type ColumnArray,
  type ColumnType,
  findText,
  unpackColumn,
  unpackTexts,
} from './columns.ts';
import { type Cells, prepareCells } from './kernel.ts';
import { limbs } from './limbs.ts';
import {
  knownColumn,
  limbColumn,
  type Measure,
  type NamedDimension,
  type SeriesDimension,
} from './measures.ts';
import type { ReadableDb } from './open.ts';

/** Ids of single values that are remembered: those of a day's work. */
const mostAsked = 10_000;

/** A segment of a current version, without its columns. */
export interface SegmentInfo {
  id: number;
  versionId: number;
  loadId: number;
  provider: string;
  billingAccount: string;
  billingPeriod: string;
  source: string;
  format: string;
  cells: number;
  chargeRows: number;
  firstDay: number;
  lastDay: number;
}

/**
 * The ledger as typed arrays, read on demand and kept: dictionaries and series only grow,
 * segments never change, so what is cached stays right; only the list of current segments is
 * read anew when the database has changed.
 */
export interface Cube {
  /** Changes whenever the loaded data does, whichever process changed it. */
  revision: () => number;
  segments: () => readonly SegmentInfo[];
  /** Value texts of a dimension by id; index 0 stands for no value. */
  values: (dimension: SeriesDimension) => readonly string[];
  /** The id of a value text, found without reading all others; 0 for "", -1 where there is none. */
  idOf: (dimension: SeriesDimension, text: string) => number;
  /** Display name of a value id, where the bill has one. */
  names: (dimension: NamedDimension) => ReadonlyMap<number, string>;
  seriesCount: () => number;
  /** Value id of each series. */
  series: (dimension: SeriesDimension) => Uint32Array;
  /** The series of each cell of a segment. */
  seriesIn: (segment: SegmentInfo) => ColumnArray;
  cells: (segment: SegmentInfo, measure: Measure) => Cells;
  /**
   * The same with the days of a calendar month added up, where that was read ahead. Null otherwise,
   * and where a sum could pass what the kernel adds exactly: then the days answer.
   */
  cellsByMonth: (segment: SegmentInfo, measure: Measure) => Cells | null;
  /** Makes ready what questions about these cells need, in steps of a few milliseconds at most. */
  readAhead: (segment: SegmentInfo, measure: Measure) => Generator<void>;
}

export function createCube(db: ReadableDb): Cube {
  const segmentsQuery = db.prepare(`
    SELECT segment.id, version.id AS versionId, load_id AS loadId, provider, billing_account AS billingAccount,
      billing_period AS billingPeriod, label AS source, version.format AS format, cells,
      charge_rows AS chargeRows, first_day AS firstDay, last_day AS lastDay
    FROM version JOIN segment ON segment.version_id = version.id
      JOIN source ON source.id = version.source_id
    WHERE is_current = 1 ORDER BY billing_period, segment.id`);
  const columnQuery = db.prepare(
    'SELECT type, data FROM segment_column WHERE segment_id = ? AND name = ?',
  );
  // Asked before every answer; as a prepared statement it costs next to nothing.
  const dataVersionQuery = db.prepare('PRAGMA data_version').pluck();
  const changesQuery = db.prepare('SELECT total_changes()').pluck();
  const seriesQuery = db
    .prepare('SELECT first_id + count FROM series ORDER BY first_id DESC LIMIT 1')
    .pluck();
  const columns = new Map<number, Map<string, ColumnArray | null>>();
  const months = new Map<number, Map<Measure, Cells | null>>();
  const dictionaries = new Map<SeriesDimension, { texts: string[]; revision: number }>();
  const askedIds = new Map<string, number>();
  const nameMaps = new Map<NamedDimension, Map<number, string>>();
  const seriesColumns = new Map<SeriesDimension, Uint32Array>();
  let seriesTotal = 0;
  let segmentList: SegmentInfo[] = [];
  let dataVersion = -1;
  let changes = -1;
  let revision = 0;

  function refresh(): void {
    const version = dataVersionQuery.get() as number;
    const own = changesQuery.get() as number;
    if (version === dataVersion && own === changes) return;
    dataVersion = version;
    changes = own;
    revision++;
    segmentList = segmentsQuery.all() as SegmentInfo[];
    const kept = new Set(segmentList.map((segment) => segment.id));
    for (const id of columns.keys()) if (!kept.has(id)) columns.delete(id);
    for (const id of months.keys()) if (!kept.has(id)) months.delete(id);
    nameMaps.clear();
    const total = (seriesQuery.get() as number | undefined) ?? 0;
    if (total !== seriesTotal) seriesColumns.clear();
    seriesTotal = total;
  }

  function column(segment: SegmentInfo, name: string): ColumnArray | null {
    let known = columns.get(segment.id);
    if (!known) columns.set(segment.id, (known = new Map()));
    let array = known.get(name);
    if (array === undefined) {
      const row = columnQuery.get(segment.id, name) as
        | { type: ColumnType; data: Buffer }
        | undefined;
      array = row ? widened(name, unpackColumn(row.type, row.data, segment.cells)) : null;
      known.set(name, array);
    }
    return array;
  }

  function required(segment: SegmentInfo, name: string): ColumnArray {
    const array = column(segment, name);
    if (!array) throw new RangeError(`segment ${segment.id} has no column ${name}`);
    return array;
  }

  function cells(segment: SegmentInfo, measure: Measure): Cells {
    return {
      series: required(segment, 'series'),
      day: required(segment, 'day'),
      firstDay: segment.firstDay,
      rows: required(segment, 'rows'),
      measure: {
        limbs: Object.fromEntries(
          limbs
            .map((limb) => [limb, column(segment, limbColumn(measure, limb))] as const)
            .filter((entry): entry is [(typeof entry)[0], ColumnArray] => entry[1] !== null),
        ),
        known: column(segment, knownColumn(measure)),
      },
    };
  }

  return {
    revision: () => {
      refresh();
      return revision;
    },
    segments: () => {
      refresh();
      return segmentList;
    },
    values: (dimension) => {
      refresh();
      const known = dictionaries.get(dimension);
      if (known?.revision === revision) return known.texts;
      const texts = known?.texts ?? [''];
      for (const text of newTexts(db, dimension, texts.length)) texts.push(text);
      dictionaries.set(dimension, { texts, revision });
      return texts;
    },
    idOf: (dimension, text) => {
      refresh();
      if (text === '') return 0;
      const key = `${dimension} ${text}`;
      const asked = askedIds.get(key);
      if (asked !== undefined) return asked;
      const known = dictionaries.get(dimension);
      const id =
        known?.revision === revision ? known.texts.indexOf(text) : findValue(db, dimension, text);
      if (id > 0 && askedIds.size < mostAsked) askedIds.set(key, id);
      return id;
    },
    names: (dimension) => {
      refresh();
      let map = nameMaps.get(dimension);
      if (!map) nameMaps.set(dimension, (map = readNames(db, dimension)));
      return map;
    },
    seriesCount: () => {
      refresh();
      return seriesTotal;
    },
    series: (dimension) => {
      refresh();
      let ids = seriesColumns.get(dimension);
      if (!ids) seriesColumns.set(dimension, (ids = readSeries(db, dimension, seriesTotal)));
      return ids;
    },
    seriesIn: (segment) => required(segment, 'series'),
    cells,
    cellsByMonth: (segment, measure) => months.get(segment.id)?.get(measure) ?? null,
    *readAhead(segment, measure) {
      let known = months.get(segment.id);
      if (!known) months.set(segment.id, (known = new Map()));
      if (known.has(measure)) return;
      for (const name of ['series', 'day', 'rows', limbColumn(measure, 'nano')]) {
        if (columns.get(segment.id)?.has(name)) continue;
        column(segment, name);
        yield;
      }
      const daily = cells(segment, measure);
      prepareCells(daily);
      yield;
      const monthly = sumByMonth(daily, segment.lastDay);
      if (monthly) prepareCells(monthly);
      known.set(measure, monthly);
      yield;
    },
  };
}

/** One type for each kind of column, whatever its width on disk: the kernel's loops stay fast. */
function widened(name: string, values: ColumnArray): ColumnArray {
  if (name === 'series') return values instanceof Uint32Array ? values : new Uint32Array(values);
  if (name === 'day') return values instanceof Uint8Array ? new Uint16Array(values) : values;
  return values instanceof Float64Array ? values : new Float64Array(values);
}

/** Value texts by id; index 0 is the empty place of "no value". */
export function readDictionary(db: ReadableDb, dimension: SeriesDimension): string[] {
  return [''].concat(newTexts(db, dimension, 1));
}

/** Texts of the ids from `firstId` on: dictionaries only grow, chunk by chunk. */
function newTexts(db: ReadableDb, dimension: SeriesDimension, firstId: number): string[] {
  const chunks = db
    .prepare('SELECT data FROM dictionary WHERE dimension = ? AND first_id >= ? ORDER BY first_id')
    .pluck()
    .all(dimension, firstId) as Buffer[];
  return chunks.flatMap(unpackTexts);
}

function findValue(db: ReadableDb, dimension: SeriesDimension, text: string): number {
  const chunks = db
    .prepare('SELECT first_id, data FROM dictionary WHERE dimension = ? ORDER BY first_id')
    .raw()
    .iterate(dimension) as IterableIterator<[number, Buffer]>;
  for (const [firstId, data] of chunks) {
    const place = findText(data, text);
    if (place >= 0) return firstId + place;
  }
  return -1;
}

function readNames(db: ReadableDb, dimension: NamedDimension): Map<number, string> {
  const rows = db
    .prepare('SELECT value_id, name FROM value_name WHERE dimension = ?')
    .raw()
    .all(dimension) as [number, string][];
  return new Map(rows);
}

/** Value id of each series; 0 where a chunk was written before the dimension existed. */
export function readSeries(db: ReadableDb, dimension: SeriesDimension, total: number): Uint32Array {
  const ids = new Uint32Array(total);
  const chunks = db
    .prepare('SELECT first_id, count, type, data FROM series WHERE dimension = ?')
    .raw()
    .all(dimension) as [number, number, ColumnType, Buffer][];
  for (const [firstId, count, type, data] of chunks) {
    ids.set(unpackColumn(type, data, count), firstId);
  }
  return ids;
}
