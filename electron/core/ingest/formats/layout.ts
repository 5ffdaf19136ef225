import type { Measure, NamedDimension, SeriesDimension } from '../../store/measures.ts';

/** What the caller says about a file because the file itself does not. */
export interface ReadingOptions {
  /** ISO 4217 code for charges without one. */
  currency?: string | undefined;
  /** How dates with slashes are meant; without it they are refused. */
  dateOrder?: DateOrder | undefined;
}

export type DateOrder = 'mdy' | 'dmy';

export interface Format {
  family: string;
  version: string;
}

/** The columns of the canonical text form of a charge. */
export type ChargeColumn =
  | SeriesDimension
  | `${NamedDimension} name`
  | Measure
  | 'start'
  | 'period start';

/** Columns of a source, found without regard to case; `text` is SQL that gives a cell or null. */
export interface Cells {
  names: readonly string[];
  has: (name: string) => boolean;
  text: (name: string) => string;
  /** The first of the names with a value in the row. */
  first: (...names: string[]) => string;
  /** The list of records in a column, as `STRUCT(...)[]` with the given text fields. */
  records: (name: string, fields: readonly string[]) => string;
}

/** What a refusal calls the column that an amount, a time or the currency was read from. */
export type ColumnNames = Record<Measure | 'start' | 'period start' | 'currency', string>;

/** A column that the caller should know about: what is missing, and what was left aside. */
export interface Finding {
  code:
    | 'COLUMN_MISSING'
    | 'COLUMN_UNKNOWN'
    | 'COLUMN_EXTENSION'
    | 'HEADER_SURPLUS'
    | 'AMOUNTS_ESTIMATED'
    | 'AMOUNTS_AS_MONEY'
    | 'PAGES_MISSING'
    | 'GROUPING_UNKNOWN'
    | 'VIRTUAL_CURRENCY';
  count: number;
  message: string;
}

/** One bill format: how it is recognised, and which column becomes which part of a charge. */
export interface Layout {
  family: string;
  /** By its columns alone; null where it is another format. */
  version: (has: (name: string) => boolean, names: readonly string[]) => string | null;
  /** Without one of each group nothing can be tied out. */
  required: readonly (readonly string[])[];
  /** What to do when a required column is missing. */
  exportHint: string;
  names: (cells: Cells) => ColumnNames;
  /** SQL by column of the canonical form; what is absent is unknown. */
  charge: (cells: Cells) => Partial<Record<ChargeColumn, string>>;
  /**
   * Where one row holds several charges: SQL of a list with one element a charge, which `charge`
   * then knows as `part`.
   */
  parts?: (cells: Cells) => string;
  findings: (names: readonly string[]) => Finding[];
  /** Reads any rows right; the plain way is for those that `inspect` has looked at, and faster. */
  careful?: Layout;
  /** A question to the rows before they are read, and what its one answer says. */
  inspect?: (cells: Cells) => {
    select: string;
    judge: (answer: Record<string, unknown>, file: string) => Finding[];
    /** Whether the rows need the careful reading. */
    needsCare?: (answer: Record<string, unknown>) => boolean;
  } | null;
}

/** Names compare without regard to case and to how their words are joined. */
export function columnKey(name: string): string {
  return name.toLowerCase().replaceAll(/[\s._/]/g, '');
}

export function finding(
  code: Finding['code'],
  columns: readonly string[],
  what: string,
): Finding[] {
  return columns.length === 0
    ? []
    : [{ code, count: columns.length, message: `${listed(columns)}: ${what}` }];
}

const longestName = 60;
const longestList = 1_200;

/** A name or text out of a file, as a message can show it. */
export function clipped(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName - 3)}...` : text;
}

/** Names out of a file for a message: as many as a reader may still look through. */
export function listed(names: readonly string[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const name of names.map(clipped)) {
    length += name.length + 2;
    if (length > longestList) return `${shown.join(', ')} and ${names.length - shown.length} more`;
    shown.push(name);
  }
  return shown.join(', ');
}
