import type { CsvShape } from './csv-scan.ts';

const quote = 0x22;
const lf = 0x0a;
const cr = 0x0d;
const delimiters = [',', ';', '\t', '|'];

/** Header and delimiter in the first bytes of a file; null where the header does not end there. */
export function headOf(bytes: Buffer): Pick<CsvShape, 'header' | 'delimiter'> | null {
  const start = startOfHeader(bytes);
  const end = endOfFirstRow(bytes, start);
  if (start > 0 || end < 0) return null;
  const { cells, delimiter } = parseHeader(bytes.subarray(start, end).toString());
  return { header: cells, delimiter };
}

/** Behind a byte-order mark and blank lines. */
export function startOfHeader(bytes: Buffer): number {
  let start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  while (bytes[start] === lf || bytes[start] === cr) start++;
  return start;
}

/** Where the row that begins at `start` ends; -1 where it does not. */
export function endOfFirstRow(bytes: Buffer, start: number): number {
  let inQuotes = false;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === quote) inQuotes = !inQuotes;
    else if (!inQuotes && (byte === lf || byte === cr)) return i;
  }
  return -1;
}

/** Cells of a header row, by the delimiter that gives most of them. */
export function parseHeader(text: string): { cells: string[]; delimiter: string } {
  const candidates = delimiters.map((delimiter) => ({
    delimiter,
    cells: splitRow(text, delimiter),
  }));
  return candidates.reduce((best, next) => (next.cells.length > best.cells.length ? next : best));
}

function splitRow(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '"') {
      if (inQuotes && text[i + 1] === '"') {
        cell += '"';
        i++;
      } else {
        inQuotes = !inQuotes;
      }
    } else if (char === delimiter && !inQuotes) {
      cells.push(cell.trim());
      cell = '';
    } else {
      cell += char;
    }
  }
  cells.push(cell.trim());
  return cells;
}
