import { type Measure, measures, namedDimensions, seriesDimensions } from '../store/measures.ts';
import { identifier, literal } from './duck.ts';
import type { ChargeColumn, Layout, ReadingOptions } from './formats/layout.ts';
import { cellsOf, type SourceCells } from './source-cells.ts';
import type { Source } from './source-columns.ts';
import { orderedDate, plainAmount } from './spellings.ts';

/** How a source is read as charges. */
export interface ChargeSelect {
  /** Select list of the canonical text form: `seriesDimensions`, names, `measures`, times. */
  select: string;
  from: string;
  /** The select list ends in `record`, because one record may hold several charges. */
  hasRecord: boolean;
  /** Amounts that the source has in a column at all. */
  delivered: ReadonlySet<ChargeColumn>;
  /**
   * Amounts that the source has as DOUBLE and times it has as such: SQL that gives the cell as
   * the reader has it, which is read several times faster than its text.
   */
  typed: ReadonlyMap<Measure | 'start' | 'period start', string>;
  /**
   * The source's own columns behind the series dimensions, known as `rawColumn(0)` and so on:
   * rows that agree in them are of one series, so nothing need be worked out for each row.
   */
  raw: readonly string[];
}

export function rawColumn(index: number): string {
  return identifier(`raw ${index}`);
}

/** Select of the canonical text form of a charge; `asMoney` reads amounts as people write them. */
export function billSelect(
  source: Source,
  layout: Layout,
  options: ReadingOptions & { asMoney?: boolean },
): ChargeSelect {
  const cells = cellsOf(source);
  const charge = layout.charge(cells);
  const sql = (column: ChargeColumn) => charge[column] ?? 'NULL';
  const stated = options.currency ? `, ${literal(options.currency)}` : '';
  const currency = `upper(trim(coalesce(${sql('currency')}${stated}, NULL)))`;
  const time = (column: ChargeColumn) => {
    const text = `trim(${sql(column)})`;
    return options.dateOrder ? orderedDate(text, options.dateOrder) : text;
  };
  const amount = (measure: Measure) => {
    const text = `trim(${sql(measure)})`;
    return options.asMoney ? plainAmount(text, currency) : text;
  };
  const row = source.rowNumber
    ? `${source.rowNumber} + ${source.firstRow}`
    : `row_number() OVER () + ${source.firstRow - 1}`;
  const hasRecord = layout.parts !== undefined;
  const list = [
    ...seriesDimensions.map((name) => as(name === 'currency' ? currency : sql(name), name)),
    ...namedDimensions.map((name) => as(sql(`${name} name`), `${name} name`)),
    ...measures.map((measure) => as(amount(measure), measure)),
    as(time('start'), 'start'),
    as(time('period start'), 'period start'),
    ...(hasRecord ? ['record'] : []),
  ];
  const typed: ChargeSelect['typed'] = options.asMoney ? new Map() : typedColumns(cells, sql);
  const raw = [...new Set(seriesDimensions.flatMap((name) => cells.sources(sql(name))))];
  const rawList = raw.map((column, i) => `${column} AS ${rawColumn(i)}`);
  const parts = layout.parts?.(cells);
  return {
    select: list.join(',\n  '),
    from: parts
      ? `(SELECT *, unnest(${parts}) AS part FROM ${cells.table([`${row} AS record`])})`
      : cells.table(source.rowNumber ? [source.rowNumber, ...rawList] : []),
    hasRecord,
    delivered: new Set(
      (Object.keys(charge) as ChargeColumn[]).filter((column) => sql(column) !== 'NULL'),
    ),
    typed,
    raw,
  };
}

/** Cells, and which of them has a value first. */
const choice = /^(cell_\d+|coalesce|CASE|WHEN|THEN|ELSE|END|IS|NOT|NULL|[\s(),])+$/;

function typedColumns(
  cells: SourceCells,
  sql: (column: ChargeColumn) => string,
): ChargeSelect['typed'] {
  const typed = new Map<Measure | 'start' | 'period start', string>();
  const find = (column: Measure | 'start' | 'period start', type: RegExp) => {
    const text = sql(column);
    // A choice between cells is the same choice between what the reader has there.
    if (!choice.test(text)) return;
    const found = (text.match(/\bcell_\d+\b/g) ?? []).map(cells.typed);
    if (found.length === 0 || !found.every((cell) => cell && type.test(cell.type))) return;
    typed.set(
      column,
      text.replaceAll(/\bcell_\d+\b/g, (alias) => cells.typed(alias)?.source ?? alias),
    );
  };
  for (const measure of measures) find(measure, /^DOUBLE$/);
  for (const time of ['start', 'period start'] as const) find(time, /^(DATE|TIMESTAMP)/);
  return typed;
}

function as(expression: string, name: string): string {
  return `CAST(${expression} AS VARCHAR) AS ${identifier(name)}`;
}
