import type { DuckDBConnection } from '@duckdb/node-api';
import { assertDistinct, detectFormat } from './detect.ts';
import { queryRows } from './duck.ts';
import type { ColumnNames, Finding, Format, Layout, ReadingOptions } from './formats/layout.ts';
import { cellsOf } from './source-cells.ts';
import { openColumns, type Source } from './source-columns.ts';
import type { ReadyFile } from './source-file.ts';

/** A file whose format is known: what is needed to read its charges. */
export interface OpenedBill {
  format: Format;
  layout: Layout;
  source: Source;
  /** For messages: where amounts, times and the currency come from. */
  names: ColumnNames;
  findings: Finding[];
}

/** Recognises a ready file and judges its columns; refuses what cannot be read or tied out. */
export async function openBill(
  connection: DuckDBConnection,
  ready: ReadyFile,
  file: string,
  options: ReadingOptions,
): Promise<OpenedBill> {
  const source = await openColumns(connection, ready);
  const all = source.columns.map(({ name }) => name);
  const cells = cellsOf(source);
  const { format, layout } = detectFormat(file, all, options, cells.has);
  const top = source.columns.filter(({ isField }) => !isField).map(({ name }) => name);
  assertDistinct(file, top);
  const findings = layout.findings(top);
  if (layout.inspect) {
    const { select, judge } = layout.inspect(cells);
    const [answer = {}] = await queryRows(connection, `SELECT ${select} FROM ${cells.table()}`);
    findings.push(...judge(answer, file));
  }
  if (ready.kind === 'csv' && ready.shape.surplusName !== null) {
    findings.push({
      code: 'HEADER_SURPLUS',
      count: 1,
      message: `The header has one name more than the rows have cells: ${ready.shape.surplusName}, the last, was left out.`,
    });
  }
  return { format, layout, source, names: layout.names(cells), findings };
}
