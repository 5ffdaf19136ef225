import type { DuckDBConnection } from '@duckdb/node-api';
import { assertColumnCount, assertDistinct, assertNotReserved, detectFormat } from './detect.ts';
import { queryRows } from './duck.ts';
import {
  clipped,
  type ColumnNames,
  type Finding,
  type Format,
  type Layout,
  type ReadingOptions,
} from './formats/layout.ts';
import { cellsOf } from './source-cells.ts';
import { type LyingFile, openColumns, type Source } from './source-columns.ts';

/** A file whose format is known: what is needed to read its charges. */
export interface OpenedBill {
  format: Format;
  layout: Layout;
  source: Source;
  /** For messages: where amounts, times and the currency come from. */
  names: ColumnNames;
  findings: Finding[];
}

/** Recognises a file and judges its columns; refuses what cannot be read or tied out. */
export async function openBill(
  connection: DuckDBConnection,
  lying: LyingFile,
  file: string,
  options: ReadingOptions,
): Promise<OpenedBill> {
  const source = await openColumns(connection, lying);
  const all = source.columns.map(({ name }) => name);
  const cells = cellsOf(source);
  const detected = detectFormat(file, all, options, cells.has);
  let { layout } = detected;
  const top = source.columns.filter(({ isField }) => !isField).map(({ name }) => name);
  assertColumnCount(file, top.length);
  if (lying.kind === 'parquet') assertNotReserved(file, top);
  const csv = lying.kind === 'parquet' ? lying.csv : null;
  assertDistinct(file, csv?.header ?? top);
  const findings = layout.findings(top);
  const inspection = layout.inspect?.(cells);
  if (inspection) {
    const { select, judge, needsCare } = inspection;
    const table = cells.table([], select);
    const [answer = {}] = await queryRows(connection, `SELECT ${select} FROM ${table}`);
    findings.push(...judge(answer, file));
    if (needsCare?.(answer)) layout = layout.careful ?? layout;
  }
  if (csv && csv.surplusName !== null) {
    findings.push({
      code: 'HEADER_SURPLUS',
      count: 1,
      message: `The header has one name more than the rows have cells: ${clipped(csv.surplusName)}, the last, was left out.`,
    });
  }
  return { format: detected.format, layout, source, names: layout.names(cells), findings };
}
