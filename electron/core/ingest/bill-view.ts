import type { DuckDBConnection } from '@duckdb/node-api';
import { namedDimensions, seriesDimensions } from '../store/measures.ts';
import { identifier, literal, queryRows } from './duck.ts';
import {
  focusChargeStart,
  focusCosts,
  focusDimensions,
  focusInstance,
  focusNames,
  focusPeriodStart,
  focusQuantities,
  invoiceMonths,
} from './focus.ts';
import type { ReadyFile } from './source-file.ts';

/** Texts that mean "no value" in the exports of one provider or another. */
const nullTexts = ['', 'NULL', 'null', '[N/A]', 'N/A'];

export interface SourceColumn {
  /** As the file spells it. */
  name: string;
  /** Expression that gives its text, null where there is no value. */
  text: string;
}

/** The reader's table function over a ready file, every column as text. */
export async function openColumns(
  connection: DuckDBConnection,
  ready: ReadyFile,
): Promise<{ from: string; columns: SourceColumn[] }> {
  if (ready.kind === 'csv') {
    const { header, delimiter } = ready.shape;
    const columns = header.map((name, i) => ({ name, text: asText(`c${i}`) }));
    const types = header.map((_, i) => `'c${i}': 'VARCHAR'`).join(', ');
    const from = `read_csv(${literal(ready.path)}, auto_detect = false, header = true,
      columns = {${types}}, delim = ${literal(delimiter)}, quote = '"', escape = '"',
      new_line = '\\n', strict_mode = true, null_padding = false, ignore_errors = false,
      max_line_size = 16777216)`;
    return { from, columns };
  }
  const from = `read_parquet(${literal(ready.path)})`;
  const described = await queryRows(connection, `DESCRIBE SELECT * FROM ${from}`);
  const columns = described.map((row) => {
    const name = String(row['column_name']);
    const type = String(row['column_type']);
    const nested = /^(MAP|STRUCT)|\[\]$/.test(type);
    const text = nested ? `to_json(${identifier(name)})` : identifier(name);
    return { name, text: asText(`CAST(${text} AS VARCHAR)`) };
  });
  return { from, columns };
}

function asText(expression: string): string {
  const nulls = nullTexts.map(literal).join(', ');
  // Their length first: most values are longer, and trimming each would cost more than reading it.
  return `CASE WHEN strlen(${expression}) < 12 AND trim(${expression}) IN (${nulls}) THEN NULL ELSE ${expression} END`;
}

/** Select list of the canonical text form of a charge; see `billColumns`. */
export function billSelect(columns: readonly SourceColumn[]): string {
  const byName = new Map(columns.map((column) => [column.name.toLowerCase(), column.text]));
  const text = (name: string) => byName.get(name.toLowerCase()) ?? 'NULL';
  const first = (names: readonly string[]) => {
    const present = names.filter((name) => byName.has(name.toLowerCase()));
    if (present.length < 2) return present.map(text)[0] ?? 'NULL';
    return `coalesce(${present.map(text).join(', ')})`;
  };
  const [consumed, priced] = focusQuantities;
  const isConsumed = `${text(consumed.quantity)} IS NOT NULL`;
  const dimensions = {
    ...Object.fromEntries(
      Object.entries(focusDimensions).map(([dimension, names]) => [dimension, first(names)]),
    ),
    currency: `upper(trim(${text('BillingCurrency')}))`,
    instance: `try(json_extract_string(${text(focusInstance.column)}, '$.${focusInstance.property}'))`,
    unit: `CASE WHEN ${isConsumed} THEN ${text(consumed.unit)} ELSE ${text(priced.unit)} END`,
  } as Record<string, string>;
  const list = [
    ...seriesDimensions.map((dimension) => as(dimensions[dimension] ?? 'NULL', dimension)),
    ...namedDimensions.map((dimension) => as(first(focusNames[dimension]), `${dimension} name`)),
    ...Object.entries(focusCosts).map(([measure, name]) => as(`trim(${text(name)})`, measure)),
    as(
      `trim(CASE WHEN ${isConsumed} THEN ${text(consumed.quantity)} ELSE ${text(priced.quantity)} END)`,
      'quantity',
    ),
    as(`trim(${text(focusChargeStart)})`, 'start'),
    as(
      byName.has(focusPeriodStart.toLowerCase())
        ? `trim(${text(focusPeriodStart)})`
        : `regexp_replace(trim(${first(invoiceMonths)}), '^([0-9]{4})-?([0-9]{2})$', '\\1-\\2-01')`,
      'period start',
    ),
  ];
  return list.join(',\n  ');
}

function as(expression: string, name: string): string {
  return `CAST(${expression} AS VARCHAR) AS ${identifier(name)}`;
}
