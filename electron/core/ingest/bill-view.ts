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
   * Amounts that the source has as DOUBLE or as text, and times it has as such: SQL that gives the
   * cell as the reader has it, which is read several times faster than its canonical text.
   */
  values: ReadonlyMap<Measure | 'start' | 'period start', { sql: string; type: string }>;
  /**
   * The source's own columns behind the series dimensions, known as `rawColumn(0)` and so on:
   * rows that agree in them are of one series, so nothing need be worked out for each row.
   */
  raw: readonly string[];
  /** Which of them say whose bill it is, and in which currency. */
  owner: readonly number[];
  /** Amounts and times alone, canonical where there is no value of the source, with what is raw. */
  lean: { select: string; from: string };
  /** The series dimensions and names alone, and the source's own columns that they need. */
  series: { select: string; from: string; columns: readonly string[] };
}

/** Charges that agree in these and in their billing period belong to one total. */
export const ownerDimensions = ['provider', 'billing-account', 'currency'] as const;

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
  const texts = [
    ...seriesDimensions.map((name) => as(name === 'currency' ? currency : sql(name), name)),
    ...namedDimensions.map((name) => as(sql(`${name} name`), `${name} name`)),
  ].join(',\n  ');
  const list = [
    texts,
    ...measures.map((measure) => as(amount(measure), measure)),
    as(time('start'), 'start'),
    as(time('period start'), 'period start'),
    ...(hasRecord ? ['record'] : []),
  ];
  const values: ChargeSelect['values'] = options.asMoney ? new Map() : valueColumns(cells, sql);
  const raw = [...new Set(seriesDimensions.flatMap((name) => cells.sources(sql(name))))];
  const owner = ownerDimensions.flatMap((name) => cells.sources(sql(name)));
  const rawList = raw.map((column, i) => `${column} AS ${rawColumn(i)}`);
  const canonical = [
    ...measures.flatMap((measure) => (values.has(measure) ? [] : [as(amount(measure), measure)])),
    ...(['start', 'period start'] as const).flatMap((name) =>
      values.has(name) ? [] : [as(time(name), name)],
    ),
  ];
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
    values,
    raw,
    owner: [...new Set(owner)].map((column) => raw.indexOf(column)),
    lean: {
      select: canonical.join(', '),
      from: cells.table(
        source.rowNumber ? [source.rowNumber, ...rawList] : [],
        [...canonical, ...[...values.values()].map((own) => own.sql)].join(' '),
      ),
    },
    series: {
      select: texts,
      from: cells.table(source.rowNumber ? [source.rowNumber] : [], texts),
      columns: cells.columns(texts),
    },
  };
}

/** Cells, and which of them has a value first. */
const choice = /^(cell_\d+|coalesce|CASE|WHEN|THEN|ELSE|END|IS|NOT|NULL|[\s(),])+$/;

function valueColumns(
  cells: SourceCells,
  sql: (column: ChargeColumn) => string,
): ChargeSelect['values'] {
  const values: Map<Measure | 'start' | 'period start', { sql: string; type: string }> = new Map();
  const find = (column: Measure | 'start' | 'period start', types: RegExp) => {
    const text = sql(column);
    // A choice between cells is the same choice between what the reader has there.
    if (!choice.test(text)) return;
    const found = (text.match(/\bcell_\d+\b/g) ?? []).map(cells.typed);
    const type = found[0]?.type;
    if (type === undefined || !types.test(type) || found.some((cell) => cell?.type !== type))
      return;
    const own = text.replaceAll(/\bcell_\d+\b/g, (alias) => cells.typed(alias)?.source ?? alias);
    values.set(column, { sql: own, type });
  };
  for (const measure of measures) find(measure, /^(DOUBLE|VARCHAR)$/);
  for (const time of ['start', 'period start'] as const) find(time, /^(DATE|TIMESTAMP)/);
  return values;
}

function as(expression: string, name: string): string {
  return `CAST(${expression} AS VARCHAR) AS ${identifier(name)}`;
}
