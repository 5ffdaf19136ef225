import { OutlayError } from '../../../shared/contract/errors.ts';
import { createCsvBlocks, type CsvPlace } from './csv-blocks.ts';
import { endOfFirstRow, parseHeader, startOfHeader } from './csv-header.ts';

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
  /** Bytes read into here and pushed from here are not copied once more. */
  input: Buffer;
  /** Takes the next bytes; the answer is their normalised form (LF ends, no blank lines, no BOM). */
  push: (chunk: Buffer) => Buffer;
  end: () => CsvShape;
}

const quote = 0x22;
const lf = 0x0a;
const cr = 0x0d;
const headerLimit = 1_000_000;

/**
 * Counts records and cells of CSV text, so that a row with too many or too few cells is named and
 * a reader that loses one is found out. `file` is for messages; `onHeader`
 * may refuse the file by its columns before any row of it is judged.
 */
export function createCsvScanner(
  file: string,
  onHeader: (header: readonly string[]) => void,
): CsvScanner {
  const blocks = createCsvBlocks();
  let header: string[] | null = null;
  let delimiter = 0;
  let headBytes = Buffer.alloc(0);
  let records = 0;
  let longest = 0;
  let line = 1;
  let rowLine = 1;
  let place: CsvPlace = {
    inQuotes: false,
    quoteClosed: false,
    atCellStart: true,
    rowBytes: 0,
    cells: 0,
  };
  let pendingCr = false;
  let needsRewrite = false;
  /** Where the first row lacks one cell: all rows must, then the header has a name too many. */
  let shortRow: OutlayError | null = null;

  function endRow(): void {
    const cells = place.cells + 1;
    if (header && (cells !== header.length || shortRow)) {
      if (cells === header.length && shortRow) throw shortRow;
      const error = rowBad(header.length);
      if (cells + 1 !== header.length || (records > 0 && !shortRow)) throw error;
      shortRow ??= error;
    }
    records++;
  }

  function rowBad(width: number): OutlayError {
    return new OutlayError(
      'ROW_BAD',
      `${file}, row ${records + 2} (line ${rowLine}): ${place.cells + 1} cells, the header has ${width}.`,
      'The file is cut or an unquoted cell holds the delimiter. Export it again.',
    );
  }

  function scanBody(chunk: Buffer): Buffer {
    if (chunk.length <= blocks.input.length) return scanPart(chunk);
    const parts: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += blocks.input.length)
      parts.push(scanPart(chunk.subarray(at, at + blocks.input.length)));
    return Buffer.concat(parts);
  }

  function scanPart(chunk: Buffer): Buffer {
    if (header && !pendingCr && chunk.length > 0 && countClean(chunk, header.length)) return chunk;
    // A file that was being written when its machine stopped ends in these.
    const nul = chunk.indexOf(0);
    if (nul < 0) return rewrite(chunk);
    rewrite(chunk.subarray(0, nul));
    throw new OutlayError(
      'FILE_DAMAGED',
      `${file}, row ${records + 2} (line ${line}) holds a NUL byte: the file is cut or damaged. Nothing was changed.`,
      'Download or copy it again.',
    );
  }

  /** False, with nothing taken, where the chunk has to be gone through byte by byte. */
  function countClean(chunk: Buffer, width: number): boolean {
    const counted = blocks.count(chunk, place, delimiter, width - (shortRow ? 2 : 1));
    if (!counted) return false;
    if (counted.records > 0) rowLine = line + counted.linesBeforeRow;
    line += counted.lines;
    records += counted.records;
    longest = Math.max(longest, counted.longest);
    place = counted.place;
    return true;
  }

  function rewrite(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length);
    let length = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (place.inQuotes) {
        place.rowBytes++;
        if (byte === quote) {
          place.inQuotes = false;
          place.quoteClosed = true;
        } else if (byte === lf) {
          line++;
        }
        out[length++] = byte;
        continue;
      }
      const afterQuote = place.quoteClosed;
      place.quoteClosed = false;
      if (pendingCr) {
        pendingCr = false;
        needsRewrite = true;
        if (byte === lf) continue;
      }
      if (byte === lf || byte === cr) {
        pendingCr = byte === cr;
        if (place.rowBytes > 0) {
          endRow();
          longest = Math.max(longest, place.rowBytes);
          out[length++] = lf;
        } else {
          needsRewrite = true;
        }
        line++;
        rowLine = line;
        place.cells = 0;
        place.rowBytes = 0;
        place.atCellStart = true;
        continue;
      }
      place.rowBytes++;
      if (byte === quote) {
        if (place.atCellStart || afterQuote) place.inQuotes = true;
      } else if (byte === delimiter) {
        place.cells++;
      }
      place.atCellStart = byte === delimiter;
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
    input: blocks.input,
    push: (chunk) => (header ? scanBody(chunk) : scanHead(chunk)),
    end: () => {
      if (!header) {
        if (headBytes.length === 0) throw emptyFile(file);
        scanHead(Buffer.from('\n'));
        needsRewrite = true;
      }
      if (!header) throw notABill(file);
      if (place.inQuotes) {
        throw new OutlayError(
          'ROW_BAD',
          `${file}, row ${records + 2} (line ${rowLine}): a quoted cell is not closed before the end of the file.`,
          'The file is cut. Export or copy it again.',
        );
      }
      if (place.rowBytes > 0) endRow();
      longest = Math.max(longest, place.rowBytes);
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
