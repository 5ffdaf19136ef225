import type { Line } from '../../../shared/contract/lines.ts';
import { dimensions } from '../../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { identifier, type Row } from '../ingest/duck.ts';
import { timeOf } from '../ingest/stage.ts';
import { measures, namedDimensions } from '../store/measures.ts';
import { fileOfRow, type OpenedDetail, rowInFile } from './charges.ts';
import { tagSet } from './conditions.ts';
import type { LoadInSlice } from './scope.ts';
import type { PartLines } from './slice-lines.ts';

/** Microseconds of the time of a charge, from 1970; of its billing period where it has no other. */
export const timeKey = `epoch_us(coalesce(${timeOf('start')}, CAST("period start day" AS TIMESTAMPTZ)))`;

const texts = [
  ...dimensions.map(identifier),
  ...namedDimensions.map((dimension) => identifier(`${dimension} name`)),
  ...measures,
  'tags',
  'start',
  'record',
  'row',
];

/** Select of the charges of `matching` with the file's own cells of each. */
export function wholeRows(
  { opened, own }: Pick<PartLines, 'opened' | 'own'>,
  matching: string,
  more = '',
): string {
  const charges = `SELECT ${texts.join(', ')}${more},
      strftime(coalesce("start day", "period start day"), '%Y-%m-%d') AS day,
      strftime("period start day", '%Y-%m') AS period
    FROM (${matching})`;
  if (!opened.own) return charges;
  const cells = opened.own.map(({ text }, i) => `${text} AS own_${i}`);
  return `SELECT * FROM (${charges}) JOIN (
      SELECT ${[...cells, `file_row_number + ${opened.firstRow} AS row`].join(', ')}
      FROM (${own})) USING (row)`;
}

/** The rows of such a select as lines, each with its row number among those of the loads. */
export function linesOf(
  { loads, opened }: { loads: readonly LoadInSlice[]; opened: OpenedDetail },
  rows: readonly Row[],
): [number, Line][] {
  return rows.map((row) => {
    const place = Number(row['row']);
    const load = loads[fileOfRow(place, opened.firstRow)] as LoadInSlice;
    const cells = opened.own?.map(({ name }, i) => ({ name, value: textOf(row[`own_${i}`]) }));
    return [place, lineOf(row, load, cells ?? null)];
  });
}

function lineOf(row: Row, { loadId, file }: LoadInSlice, cells: Line['cells']): Line {
  const amount = (measure: (typeof measures)[number]) => decimalOf(textOf(row[measure]));
  return {
    load: loadId,
    file,
    row: rowInFile(Number(row['record'])),
    start: textOf(row['start']),
    day: String(row['day']),
    period: String(row['period']),
    dimensions: Object.fromEntries(dimensions.map((name) => [name, textOf(row[name])])),
    names: Object.fromEntries(
      namedDimensions.flatMap((dimension) => {
        const name = textOf(row[`${dimension} name`]);
        return name === null ? [] : [[dimension, name]];
      }),
    ),
    tags: tagSet(textOf(row['tags'])),
    billed: amount('billed'),
    effective: amount('effective'),
    list: amount('list'),
    contracted: amount('contracted'),
    quantity: amount('quantity'),
    cells,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** All digits that the file has, without exponent. */
function decimalOf(text: string | null): string | null {
  if (text === null || /^-?\d+(\.\d+)?$/.test(text)) return text;
  return formatExact(exactOf(text));
}
