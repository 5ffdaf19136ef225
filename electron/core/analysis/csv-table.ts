import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { type ErrorCode, OutlayError } from '../../../shared/contract/errors.ts';

/** One row of a bundle's table; cells by column name, and refusals that name the place. */
export interface Row {
  text: (column: string) => string;
  /** Empty cells are null. */
  number: (column: string) => number | null;
  needed: (column: string) => number;
  refuse: (column: string, problem: string, code?: ErrorCode) => OutlayError;
}

const chunkBytes = 1 << 20;

/**
 * Reads a CSV file of a bundle (UTF-8, header row, quotes as in RFC 4180), row after row. Throws
 * an OutlayError naming file, row and column where something is wrong. False: there is no file.
 */
export function readTable(
  path: string,
  columns: { needed: readonly string[]; optional?: readonly string[] },
  onRow: (row: Row) => void,
): boolean {
  const file = basename(path);
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new OutlayError(
      'FILE_UNREADABLE',
      `${file} cannot be read: ${(error as Error).message}.`,
    );
  }
  try {
    readRecords(handle, file, columns, onRow);
  } finally {
    closeSync(handle);
  }
  return true;
}

function readRecords(
  handle: number,
  file: string,
  columns: { needed: readonly string[]; optional?: readonly string[] },
  onRow: (row: Row) => void,
): void {
  let places: Map<string, number> | null = null;
  let width = 0;
  let number = 0;
  let cells: string[] = [];
  const refuse = (column: string, problem: string, code: ErrorCode = 'ROW_BAD') =>
    new OutlayError(
      code,
      `${file}, row ${number}, ${column}: ${problem}.`,
      'Correct the file and run the command again. Nothing was changed.',
    );
  const text = (column: string): string => cells[places?.get(column) ?? -1] ?? '';
  const row: Row = {
    text,
    refuse,
    number(column) {
      const cell = text(column);
      if (cell === '') return null;
      const value = Number(cell);
      if (cell.trim() !== cell || !Number.isFinite(value))
        throw refuse(column, `"${cell}" is not a number`, 'AMOUNT_BAD');
      return value;
    },
    needed(column) {
      const value = this.number(column);
      if (value === null) throw refuse(column, 'is empty, a number is needed', 'AMOUNT_BAD');
      return value;
    },
  };
  for (const record of recordsOf(handle, file)) {
    number++;
    cells = record;
    if (places === null) {
      places = header(file, record, columns.needed);
      width = record.length;
      continue;
    }
    if (record.length !== width) {
      throw new OutlayError(
        'ROW_BAD',
        `${file}, row ${number}: ${record.length} cells, the header has ${width}.`,
      );
    }
    onRow(row);
  }
  if (places === null) throw new OutlayError('FILE_EMPTY', `${file} has no header row.`);
}

function header(
  file: string,
  names: readonly string[],
  needed: readonly string[],
): Map<string, number> {
  const places = new Map<string, number>();
  for (const [at, name] of names.entries()) {
    if (places.has(name))
      throw new OutlayError('COLUMN_DUPLICATE', `${file}: the column ${name} occurs twice.`);
    places.set(name, at);
  }
  const missing = needed.filter((name) => !places.has(name));
  if (missing.length > 0) {
    throw new OutlayError('COLUMN_MISSING', `${file}, row 1: missing ${missing.join(', ')}.`);
  }
  return places;
}

/** The records of an open file; blank lines are none. */
function* recordsOf(handle: number, file: string): Generator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const buffer = Buffer.alloc(chunkBytes);
  let open = '';
  for (;;) {
    const bytes = readSync(handle, buffer, 0, chunkBytes, null);
    let piece: string;
    try {
      piece =
        bytes === 0
          ? decoder.decode()
          : decoder.decode(buffer.subarray(0, bytes), { stream: true });
    } catch {
      throw new OutlayError('FILE_DAMAGED', `${file} is not UTF-8 text.`);
    }
    const lines = (open + piece).split('\n');
    open = bytes === 0 ? '' : (lines.pop() ?? '');
    for (let at = 0; at < lines.length; at++) {
      let line = lines[at] as string;
      if (line.includes('"')) {
        // A quoted cell may hold line breaks: take lines until its quotes are even.
        while (!balanced(line)) {
          at++;
          if (at >= lines.length) break;
          line += `\n${lines[at]}`;
        }
        if (!balanced(line)) {
          if (bytes === 0)
            throw new OutlayError(
              'FILE_DAMAGED',
              `${file}: a quoted cell is not closed before the end of the file.`,
            );
          open = `${line}\n${open}`;
          break;
        }
      }
      if (line.endsWith('\r')) line = line.slice(0, -1);
      if (line !== '') yield line.includes('"') ? quoted(line, file) : line.split(',');
    }
    if (bytes === 0) return;
  }
}

function balanced(line: string): boolean {
  let quotes = 0;
  for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 0;
}

function quoted(line: string, file: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] === '"') {
      let cell = '';
      for (;;) {
        const end = line.indexOf('"', at + 1);
        cell += line.slice(at + 1, end);
        at = end + 1;
        if (line[at] !== '"') break;
        cell += '"';
      }
      if (at < line.length && line[at] !== ',') {
        throw new OutlayError(
          'FILE_DAMAGED',
          `${file}: text follows a closing quote in "${line.slice(0, 60)}".`,
        );
      }
      cells.push(cell);
    } else {
      const comma = line.indexOf(',', at);
      const end = comma < 0 ? line.length : comma;
      cells.push(line.slice(at, end));
      at = end;
    }
    if (at >= line.length) return cells;
    at++;
    if (at === line.length) {
      cells.push('');
      return cells;
    }
  }
}
