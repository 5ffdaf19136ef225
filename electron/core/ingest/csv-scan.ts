import { OutlayError } from '../../../shared/contract/errors.ts';

/** The CSV dialect, determined here and passed to the reader with its own detection off. */
export interface CsvShape {
  header: string[];
  delimiter: string;
  /** Records after the header, counted independently of the reader. */
  records: number;
  /** Text that the reader must not see as it is: byte-order mark, CR line ends, blank lines. */
  needsRewrite: boolean;
  /** Bytes of the longest record. */
  longest: number;
  /** The last name of a header that has one name more than every row has cells; not in `header`. */
  surplusName: string | null;
}

export interface CsvScanner {
  /** Takes the next bytes; the answer is their normalised form (LF ends, no blank lines, no BOM). */
  push: (chunk: Buffer) => Buffer;
  end: () => CsvShape;
}

const quote = 0x22;
const lf = 0x0a;
const cr = 0x0d;
const delimiters = [',', ';', '\t', '|'];
const headerLimit = 1_000_000;

/**
 * Counts records and cells of CSV text byte by byte, so that a row with too many or too few
 * cells is named and a reader that loses one is found out. `file` is for messages; `onHeader`
 * may refuse the file by its columns before any row of it is judged.
 */
export function createCsvScanner(
  file: string,
  onHeader: (header: readonly string[]) => void,
): CsvScanner {
  let header: string[] | null = null;
  let delimiter = 0;
  let headBytes = Buffer.alloc(0);
  let records = 0;
  let longest = 0;
  /** Bytes of the record so far, before the chunk that is being scanned. */
  let rowBytes = 0;
  let line = 1;
  let rowLine = 1;
  let cells = 0;
  let inQuotes = false;
  /** The byte before closed a quote: a further quote is an escaped one, even in the next chunk. */
  let quoteClosed = false;
  let atCellStart = true;
  let rowHasBytes = false;
  let pendingCr = false;
  let needsRewrite = false;
  /** Where the first row lacks one cell: all rows must, then the header has a name too many. */
  let shortRow: OutlayError | null = null;

  function endRow(): void {
    if (header && (cells + 1 !== header.length || shortRow)) {
      if (cells + 1 === header.length && shortRow) throw shortRow;
      const error = rowBad(header.length);
      if (cells + 2 !== header.length || (records > 0 && !shortRow)) throw error;
      shortRow ??= error;
    }
    records++;
  }

  function rowBad(width: number): OutlayError {
    return new OutlayError(
      'ROW_BAD',
      `${file}, row ${records + 2} (line ${rowLine}): ${cells + 1} cells, the header has ${width}.`,
      'The file is cut or an unquoted cell holds the delimiter. Export it again.',
    );
  }

  function scanBody(chunk: Buffer): Buffer {
    // A file that was being written when its machine stopped ends in these.
    const nul = chunk.indexOf(0);
    if (nul >= 0) {
      scanBody(chunk.subarray(0, nul));
      throw new OutlayError(
        'FILE_DAMAGED',
        `${file}, row ${records + 2} (line ${line}) holds a NUL byte: the file is cut or damaged. Nothing was changed.`,
        'Download or copy it again.',
      );
    }
    return scanClean(chunk) ? chunk : rewrite(chunk);
  }

  /**
   * Takes a chunk in which there is nothing to normalise, many times faster than byte by byte;
   * false, with nothing taken, where there is. All it works with is local, which is most of that.
   */
  function scanClean(chunk: Buffer): boolean {
    if (pendingCr || !header) return false;
    const before = { records, longest, line, rowLine, cells, shortRow };
    const giveUp = () => {
      ({ records, longest, line, rowLine, cells, shortRow } = before);
      return false;
    };
    const size = chunk.length;
    const wanted = header.length - 1;
    const comma = delimiter;
    const highest = Math.max(comma, quote);
    /** What stands before the chunk, as far as it matters. */
    const left = rowHasBytes ? (atCellStart ? comma : 0x78) : lf;
    let quoted = inQuotes;
    let closedAt = quoteClosed ? -1 : -2;
    let delimitersSeen = cells;
    let rowStart = -rowBytes;
    let lines = line;
    for (let i = 0; i < size; i++) {
      let byte = chunk[i] as number;
      if (quoted) {
        while (byte !== quote) {
          if (byte === lf) lines++;
          if (++i === size) break;
          byte = chunk[i] as number;
        }
        if (i === size) break;
        quoted = false;
        closedAt = i;
        continue;
      }
      if (byte > highest) continue;
      if (byte === comma) {
        delimitersSeen++;
      } else if (byte === quote) {
        const previous = i === 0 ? left : chunk[i - 1];
        quoted = previous === comma || previous === lf || closedAt === i - 1;
      } else if (byte === lf) {
        if ((i === 0 ? left : chunk[i - 1]) === lf) return giveUp();
        cells = delimitersSeen;
        if (delimitersSeen === wanted && !shortRow) records++;
        else endRow();
        if (i - rowStart > longest) longest = i - rowStart;
        rowStart = i + 1;
        rowLine = ++lines;
        line = lines;
        delimitersSeen = 0;
      } else if (byte === cr) {
        return giveUp();
      }
    }
    if (size === 0) return true;
    inQuotes = quoted;
    line = lines;
    cells = delimitersSeen;
    quoteClosed = !quoted && closedAt === size - 1;
    rowBytes = size - rowStart;
    rowHasBytes = rowBytes > 0;
    atCellStart = !quoted && !quoteClosed && (chunk[size - 1] === comma || !rowHasBytes);
    return true;
  }

  function rewrite(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let length = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (inQuotes) {
        rowBytes++;
        if (byte === quote) {
          inQuotes = false;
          quoteClosed = true;
        } else if (byte === lf) {
          line++;
        }
        out[length++] = byte;
        continue;
      }
      const afterQuote = quoteClosed;
      quoteClosed = false;
      if (pendingCr) {
        pendingCr = false;
        needsRewrite = true;
        if (byte === lf) continue;
      }
      if (byte === lf || byte === cr) {
        pendingCr = byte === cr;
        if (rowHasBytes) {
          endRow();
          longest = Math.max(longest, rowBytes);
          out[length++] = lf;
        } else {
          needsRewrite = true;
        }
        line++;
        rowLine = line;
        cells = 0;
        rowBytes = 0;
        rowHasBytes = false;
        atCellStart = true;
        continue;
      }
      rowHasBytes = true;
      rowBytes++;
      if (byte === quote) {
        if (atCellStart || afterQuote) inQuotes = true;
      } else if (byte === delimiter) {
        cells++;
      }
      atCellStart = byte === delimiter;
      out[length++] = byte;
    }
    return out.subarray(0, length);
  }

  function scanHead(chunk: Buffer): Buffer {
    headBytes = Buffer.concat([headBytes, chunk]);
    const start = startOfHeader(headBytes);
    const end = endOfFirstRow(headBytes, start);
    if (end < 0) {
      if (headBytes.length > headerLimit) throw notABill(file);
      return Buffer.alloc(0);
    }
    if (start > 0) needsRewrite = true;
    const blank = headBytes.subarray(0, start);
    line += blank.filter((byte) => byte === lf).length || blank.filter((b) => b === cr).length;
    // The header row goes through the same scan; `header` is set after it, so it is not counted.
    const text = headBytes.subarray(start, end).toString();
    const parsed = parseHeader(text);
    delimiter = parsed.delimiter.charCodeAt(0);
    const first = scanBody(headBytes.subarray(start, end + 1));
    records = 0;
    header = parsed.cells;
    onHeader(header);
    return Buffer.concat([first, scanBody(headBytes.subarray(end + 1))]);
  }

  return {
    push: (chunk) => (header ? scanBody(chunk) : scanHead(chunk)),
    end: () => {
      if (!header) {
        if (headBytes.length === 0) throw emptyFile(file);
        scanHead(Buffer.from('\n'));
        needsRewrite = true;
      }
      if (!header) throw notABill(file);
      if (inQuotes) {
        throw new OutlayError(
          'ROW_BAD',
          `${file}, row ${records + 2} (line ${rowLine}): a quoted cell is not closed before the end of the file.`,
          'The file is cut. Export or copy it again.',
        );
      }
      if (rowHasBytes) endRow();
      longest = Math.max(longest, rowBytes);
      // One row alone may as well have lost its last cell.
      if (shortRow && (records < 2 || header.some((name) => name.includes('\n')))) throw shortRow;
      // The reader takes a line feed only: a lone CR at the very end would join the last cell.
      if (pendingCr) needsRewrite = true;
      return {
        header: shortRow ? header.slice(0, -1) : header,
        delimiter: String.fromCharCode(delimiter),
        records,
        needsRewrite,
        longest,
        surplusName: shortRow ? (header.at(-1) ?? '') : null,
      };
    },
  };
}

/** Header and delimiter in the first bytes of a file; null where the header does not end there. */
export function headOf(bytes: Buffer): Pick<CsvShape, 'header' | 'delimiter'> | null {
  const start = startOfHeader(bytes);
  const end = endOfFirstRow(bytes, start);
  if (start > 0 || end < 0) return null;
  const { cells, delimiter } = parseHeader(bytes.subarray(start, end).toString());
  return { header: cells, delimiter };
}

/** Behind a byte-order mark and blank lines. */
function startOfHeader(bytes: Buffer): number {
  let start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  while (bytes[start] === lf || bytes[start] === cr) start++;
  return start;
}

function endOfFirstRow(bytes: Buffer, start: number): number {
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

export function emptyFile(file: string): OutlayError {
  return new OutlayError(
    'FILE_EMPTY',
    `${file} is empty. Nothing was changed.`,
    'Export it again and check its size.',
  );
}

export const readableFormats =
  'Outlay reads FOCUS, AWS cost and usage reports, Google Cloud billing exports and Cost Explorer answers: CSV, Parquet or JSON, also compressed. Price lists go to outlay prices import, GPU and host metrics to outlay telemetry import.';

export function notABill(file: string): OutlayError {
  return new OutlayError(
    'NOT_A_BILL',
    `${file} is not a billing export. Nothing was changed.`,
    readableFormats,
  );
}
