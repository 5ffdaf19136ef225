import { metrics } from '../../../shared/contract/values.ts';
import { addMonths, dayText } from '../../../shared/domain/calendar.ts';
import { createCube, type Cube, type SegmentInfo } from '../store/cube.ts';
import {
  type Measure,
  namedDimensions,
  type SeriesDimension,
  seriesDimensions,
} from '../store/measures.ts';
import type { ReadableDb } from '../store/open.ts';
import { amountTexts } from './amount-text.ts';
import {
  costColumns,
  focusColumns,
  isConsumed,
  requiredColumns,
  seriesColumns,
  type SeriesFacts,
} from './columns.ts';
import { count, measureDigits, type Tally } from './tally.ts';

/** Rows that are handed on together. */
const chunkRows = 500;

export interface RowsProgress {
  /** Of the ledger, as it lies in the database. */
  bytesDone: number;
  /** Rows since the last call that said so. */
  rows?: number;
}

/** Bytes of the ledger behind the current versions, by segment. */
export function segmentBytes(db: ReadableDb): Map<number, number> {
  const rows = db
    .prepare(
      `SELECT segment.id, sum(length(data)) FROM segment JOIN version ON version.id = version_id
       JOIN segment_column ON segment_id = segment.id WHERE is_current = 1 GROUP BY segment.id`,
    )
    .raw()
    .all() as [number, number][];
  return new Map(rows);
}

/**
 * Everything that is loaded as CSV text with a header, a few hundred rows at a time: one row for
 * each daily cell of the current versions. Amounts are exact; `tally` counts what goes by.
 * The caller holds one state of the ledger while it reads.
 */
export function* focusRows(
  db: ReadableDb,
  tally: Tally,
  progress: (state: RowsProgress) => void,
): Generator<string> {
  yield `${focusColumns.join(',')}\n`;
  const cube = createCube(db);
  const describe = seriesReader(cube);
  const instant = instants();
  const bytes = segmentBytes(db);
  let bytesBefore = 0;
  for (const segment of cube.segments()) {
    const own = bytes.get(segment.id) ?? 0;
    let done = 0;
    for (const { text, rows } of segmentRows(db, segment, { describe, instant, tally })) {
      done += rows;
      yield text;
      progress({ bytesDone: bytesBefore + (own * done) / segment.cells });
    }
    bytesBefore += own;
    progress({ bytesDone: bytesBefore, rows: done });
  }
}

interface SeriesCells {
  /** The cells of `seriesColumns`, joined. */
  text: string;
  empty: readonly string[];
  consumed: boolean;
  /** FOCUS asks for a priced quantity. */
  priced: boolean;
  unit: string | null;
}

interface RowTools {
  describe: (series: number) => SeriesCells;
  instant: (day: number) => string;
  tally: Tally;
}

function* segmentRows(
  db: ReadableDb,
  segment: SegmentInfo,
  { describe, instant, tally }: RowTools,
): Generator<{ text: string; rows: number }> {
  // A cube keeps what it reads: one of its own lets the arrays of a segment go with it.
  const own = createCube(db);
  const open = (measure: Measure) => {
    const { measure: columns, rows } = own.cells(segment, measure);
    return { text: amountTexts(columns, segment.cells), known: columns.known ?? rows };
  };
  const read: Record<Measure, ReturnType<typeof open>> = {
    billed: open('billed'),
    effective: open('effective'),
    list: open('list'),
    contracted: open('contracted'),
    quantity: open('quantity'),
  };
  const { series, day, firstDay, rows } = own.cells(segment, 'billed');
  const { billingPeriod } = segment;
  const period = `${month(billingPeriod)},${month(addMonths(billingPeriod, 1))}`;
  let current = -1;
  let facts: SeriesCells | null = null;
  let chunk = '';
  let inChunk = 0;
  for (let i = 0; i < segment.cells; i++) {
    const id = series[i] as number;
    if (!facts || id !== current) facts = describe((current = id));
    const charges = rows[i] as number;
    const unknown: Record<string, number> = {};
    const amount = (measure: Measure, column: string): string => {
      const known = read[measure].known[i] as number;
      if (known === 0) return '';
      if (known < charges) {
        unknown[column] = charges - known;
        count(tally.partly, column);
      }
      const text = read[measure].text(i);
      measureDigits(tally, column, text);
      return text;
    };
    const costs = metrics.map((metric) => {
      const column = costColumns[metric];
      const text = amount(metric, column);
      if (text === '') count(tally.empty, column);
      return text;
    });
    for (const column of facts.empty) count(tally.empty, column);
    const start = firstDay + (day[i] as number);
    chunk += `${facts.text},${period},${instant(start)},${instant(start + 1)},${costs.join(',')},`;
    chunk += `${quantityCells(facts, amount, tally)},${charges},${unknownCell(unknown)}\n`;
    tally.rows++;
    if (++inChunk === chunkRows) {
      yield { text: chunk, rows: inChunk };
      chunk = '';
      inChunk = 0;
    }
  }
  if (inChunk > 0) yield { text: chunk, rows: inChunk };
}

function quantityCells(
  { consumed, priced, unit }: SeriesCells,
  amount: (measure: Measure, column: string) => string,
  tally: Tally,
): string {
  const quantity = amount('quantity', consumed ? 'ConsumedQuantity' : 'PricingQuantity');
  if (priced && (consumed || quantity === '')) tally.unpriced++;
  if (quantity === '' && unit !== null) tally.unitsLeftOut++;
  const both = `${quantity},${quantity === '' ? '' : csvCell(unit)}`;
  return consumed ? `${both},,` : `,,${both}`;
}

function unknownCell(unknown: Record<string, number>): string {
  const counts = JSON.stringify(unknown);
  return counts === '{}' ? '' : csvCell(counts);
}

/** Cells of a series by its id. What they are read from is asked for once: it only grows. */
function seriesReader(cube: Cube): (series: number) => SeriesCells {
  const table = new Map(
    seriesDimensions.map((dimension) => [
      dimension,
      { ids: cube.series(dimension), texts: cube.values(dimension) },
    ]),
  );
  const names = new Map(namedDimensions.map((dimension) => [dimension, cube.names(dimension)]));
  return (series) => {
    const idOf = (dimension: SeriesDimension) => table.get(dimension)?.ids[series] ?? 0;
    const facts: SeriesFacts = {
      value: (dimension) => {
        const id = idOf(dimension);
        return id === 0 ? null : (table.get(dimension)?.texts[id] ?? null);
      },
      name: (dimension) => names.get(dimension)?.get(idOf(dimension)) ?? null,
    };
    const cells = seriesColumns.map(([column, read]) => [column, read(facts)] as const);
    const charge = facts.value('charge');
    return {
      text: cells.map(([, value]) => csvCell(value)).join(','),
      empty: cells
        .filter(([column, value]) => value === null && column in requiredColumns)
        .map(([column]) => column),
      consumed: isConsumed(facts),
      priced:
        (charge === 'Usage' || charge === 'Purchase') &&
        facts.value('charge-class') !== 'Correction',
      unit: facts.value('unit'),
    };
  };
}

/** Data for machines: nothing is put before a cell that a spreadsheet would run as a formula. */
function csvCell(text: string | null): string {
  if (text === null) return '';
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function month(name: string): string {
  return `${name}-01T00:00:00Z`;
}

/** Midnight UTC of a day number; there are few days and many cells. */
function instants(): (day: number) => string {
  const texts = new Map<number, string>();
  return (day) => {
    let text = texts.get(day);
    if (text === undefined) texts.set(day, (text = `${dayText(day)}T00:00:00Z`));
    return text;
  };
}
