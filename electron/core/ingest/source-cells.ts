import { identifier, literal } from './duck.ts';
import { type Cells, columnKey } from './formats/layout.ts';
import { asText, jsonPointer, type Source, type SourceColumn } from './source-columns.ts';

/** The cells that a format asks for, each worked out once a row and known by a short name. */
export interface SourceCells extends Cells {
  /** Table with the cells asked for so far, or those in `sql`; `more` are further columns of it. */
  table: (more?: readonly string[], sql?: string) => string;
  /** The source's own columns that the cells in `sql` are read from. */
  columns: (sql: string) => string[];
  /** The cell with the given short name as the reader has it, and its type there. */
  typed: (alias: string) => { source: string; type: string } | undefined;
  /**
   * What of the source SQL made of these cells depends on: columns as the reader has them, and
   * whether there is a value where it asks for no more than that.
   */
  sources: (sql: string) => string[];
}

/** The columns of a source by name, for the table of a format. */
export function cellsOf(source: Source): SourceCells {
  const { columns } = source;
  const exact = new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const loose = new Map(columns.toReversed().map((column) => [columnKey(column.name), column]));
  /** SQL to its short name. Without it, expressions of expressions would grow beyond all bounds. */
  const asked = new Map<string, string>();
  const owners = new Map<string, SourceColumn>();
  const ask = (sql: string, owner: SourceColumn) => {
    const alias = asked.get(sql) ?? `cell_${asked.size}`;
    asked.set(sql, alias);
    owners.set(alias, owner);
    return alias;
  };
  /** Pointers into a JSON record, all looked up in one go: the reader parses a record once each. */
  const pointers: string[] = [];
  const inJson = (name: string, pointer: string): SourceColumn => {
    if (!pointers.includes(pointer)) pointers.push(pointer);
    // Numbers are texts in the file by now, so that none of them passes through a double.
    const own = `fields[${pointers.indexOf(pointer) + 1}]`;
    return { name, column: 'json', text: asText(own), source: own, type: 'JSON' };
  };
  const find = (name: string): SourceColumn | undefined => {
    const found = exact.get(name.toLowerCase()) ?? loose.get(columnKey(name));
    if (found?.type === 'JSON') return inJson(found.name, found.source);
    if (found) return found;
    const [group, field] = name.split('.');
    const record = field === undefined ? undefined : exact.get(group?.toLowerCase() ?? '');
    if (record?.type !== 'JSON') return undefined;
    return inJson(name, jsonPointer([record.name, field ?? '']));
  };
  const text = (name: string) => {
    const column = find(name);
    return column ? ask(column.text, column) : 'NULL';
  };
  return {
    names: columns.map(({ name }) => name),
    has: (name) => find(name) !== undefined,
    text,
    first: (...names) => {
      const present = names.filter((name) => find(name) !== undefined);
      if (present.length < 2) return present.map(text)[0] ?? 'NULL';
      return `coalesce(${present.map(text).join(', ')})`;
    },
    records: (name, fields) => {
      const column = find(name);
      return column ? ask(recordList(column, fields), column) : 'NULL';
    },
    table: (more = [], sql) => {
      const wanted = sql === undefined ? null : new Set(aliasesIn(sql));
      const own = [...asked].filter(([, alias]) => wanted === null || wanted.has(alias));
      const list = [...own.map(([cell, alias]) => `${cell} AS ${alias}`), ...more];
      const from =
        pointers.length === 0
          ? source.from
          : `(SELECT json_extract_string(json, [${pointers.map(literal).join(', ')}]) AS fields FROM ${source.from})`;
      return `(SELECT ${list.length === 0 ? '1 AS nothing' : list.join(', ')} FROM ${from})`;
    },
    columns: (sql) => [
      ...new Set(aliasesIn(sql).flatMap((alias) => owners.get(alias)?.column ?? [])),
    ],
    sources: (sql) =>
      [...sql.matchAll(/\b(cell_\d+)\b( IS NOT NULL)?/g)].flatMap(([, alias = '', isThere]) => {
        const column = owners.get(alias);
        if (!column) return [];
        if (!isThere) return [column.source];
        // A number that is there needs no text to know it.
        const plain = column.text === `CAST(${column.source} AS VARCHAR)`;
        return [`(${plain ? column.source : column.text}) IS NULL`];
      }),
    typed: (alias) => {
      const column = owners.get(alias);
      return column && { source: ask(column.source, column), type: column.type };
    },
  };
}

function aliasesIn(sql: string): string[] {
  return sql.match(/\bcell_\d+\b/g) ?? [];
}

function recordList(
  column: Omit<SourceColumn, 'name' | 'column'>,
  fields: readonly string[],
): string {
  if (column.type === 'JSON') {
    const shape = fields.map((field) => `"${field}": "VARCHAR"`).join(', ');
    return `CASE WHEN coalesce(json_type(${column.source}), 'NULL') IN ('ARRAY', 'NULL')
      THEN from_json(${column.source}, ${literal(`[{${shape}}]`)})
      ELSE [${wholeRecord(column.text, fields)}] END`;
  }
  if (column.type.endsWith('[]')) {
    if (!hasAnyField(column.type, fields)) {
      return `CASE WHEN len(${column.source}) > 0 THEN [${wholeRecord(column.text, fields)}] END`;
    }
    const shape = fields.map((field) => `${identifier(field)} VARCHAR`).join(', ');
    return `CAST(${column.source} AS STRUCT(${shape})[])`;
  }
  return recordsInText(column.text, fields);
}

/** Whether a list type of Parquet is one of records that have some of the fields. */
function hasAnyField(type: string, fields: readonly string[]): boolean {
  let own = /^STRUCT\((.*)\)\[\]$/.exec(type)?.[1] ?? '';
  // Without the records in it, whose fields are not its own.
  for (let outer = ''; outer !== own; ) {
    outer = own;
    own = own.replaceAll(/\([^()]*\)/g, '');
  }
  const names = own.split(',').map((field) => /^\s*"?(\w+)/.exec(field)?.[1]?.toLowerCase());
  return fields.some((field) => names.includes(field));
}

/** One record whose fields all hold the text, so that it is refused and not lost. */
function wholeRecord(text: string, fields: readonly string[]): string {
  return `{${fields.map((name) => `'${name}': ${text}`).join(', ')}}`;
}

/**
 * Records in a text cell, as JSON or as Python writes lists; see `wholeRecord` for a
 * text in which none is found.
 */
function recordsInText(text: string, fields: readonly string[]): string {
  const field = (name: string) => {
    const value = `(?:"((?:[^"\\\\]|\\\\.)*)"|''((?:[^''\\\\]|\\\\.)*)''|([^,}\\s]+))`;
    const pattern = `'["'']${name}["'']\\s*:\\s*${value}'`;
    const found = [1, 2, 3].map((n) => `regexp_extract(item, ${pattern}, ${n})`).join(', ');
    return `'${name}': nullif(nullif(nullif(concat(${found}), ''), 'None'), 'null')`;
  };
  const items = `regexp_extract_all(${text}, '\\{[^{}]*\\}')`;
  return `CASE WHEN ${text} IS NULL OR trim(${text}) = '[]' THEN NULL
    WHEN len(${items}) = 0 THEN [${wholeRecord(text, fields)}]
    ELSE list_transform(${items}, lambda item: {${fields.map(field).join(', ')}}) END`;
}
