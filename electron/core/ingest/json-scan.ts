import { OutlayError } from '../../../shared/contract/errors.ts';
import { emptyFile, notABill } from './csv-scan.ts';

/** JSON text made ready for the reader: one record a line, every number as text. */
export interface JsonShape {
  records: number;
  /** Bytes of the longest line written. */
  longest: number;
}

export interface JsonScanner {
  /** Takes the next bytes; the answer is their normalised form. */
  push: (chunk: Buffer) => Buffer;
  end: () => JsonShape;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const lf = 0x0a;
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const depthLimit = 32;
const recordLimit = 200_000_000;
/** Beyond this the first record is not looked at before the whole file is read. */
const headLimit = 4_000_000;

/**
 * Reads JSON byte by byte: an object, a list of objects, or objects one behind the other. The
 * reader takes a JSON number through a double, which loses digits; so each number is put in
 * quotes here, digit for digit. `onFirst` may refuse the file by its first record.
 */
export function createJsonScanner(
  file: string,
  onFirst: (record: Record<string, unknown>) => void,
): JsonScanner {
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inNumber = false;
  /** The file is one list of records. */
  let isList = false;
  let listEnded = false;
  let started = false;
  let records = 0;
  let bytes = 0;
  let longest = 0;
  let head: Buffer[] | null = [];

  function refuse(what: string): OutlayError {
    return new OutlayError(
      'FILE_DAMAGED',
      `${file}, record ${records + 1}: ${what}. Nothing was changed.`,
      'The file is cut or damaged. Export or copy it again.',
    );
  }

  /** A byte between records; true where it begins one. */
  function between(byte: number): boolean {
    if (byte === 0x20 || byte === 0x09 || byte === lf || byte === 0x0d) return false;
    // A byte-order mark.
    if (!started && (byte === 0xef || byte === 0xbb || byte === 0xbf)) return false;
    if (listEnded) throw refuse('text behind the end of the list');
    if (!started && byte === openBracket) {
      started = true;
      isList = true;
      return false;
    }
    if (isList && byte === closeBracket) {
      listEnded = true;
      return false;
    }
    if (isList && byte === comma && records > 0) return false;
    if (byte !== openBrace) throw started ? refuse('not a JSON object') : notABill(file);
    started = true;
    return true;
  }

  function endRecord(line: Buffer): void {
    records++;
    longest = Math.max(longest, bytes);
    bytes = 0;
    if (!head) return;
    const text = Buffer.concat([...head, line]).toString();
    head = null;
    let record: unknown;
    try {
      record = JSON.parse(text);
    } catch {
      throw refuse('not valid JSON');
    }
    onFirst(record as Record<string, unknown>);
  }

  function push(chunk: Buffer): Buffer {
    // A digit becomes three bytes where it stands alone.
    const out = Buffer.allocUnsafe(chunk.length * 3 + 2);
    let length = 0;
    let lineStart = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
        else if (byte < 0x20) throw refuse('a line break or control character inside a text');
        out[length++] = byte;
        continue;
      }
      if (depth === 0) {
        if (between(byte)) {
          depth = 1;
          lineStart = length;
          out[length++] = byte;
        }
        continue;
      }
      if (inNumber && !isNumberByte(byte)) {
        inNumber = false;
        out[length++] = quote;
      }
      if (byte === 0x20 || byte === 0x09 || byte === lf || byte === 0x0d) continue;
      if (byte === quote) inString = true;
      else if (byte === openBrace || byte === openBracket) {
        if (++depth > depthLimit) throw tooDeep(file, records + 1);
      } else if (byte === closeBrace || byte === closeBracket) {
        depth--;
      } else if (!inNumber && (byte === 0x2d || (byte >= 0x30 && byte <= 0x39))) {
        inNumber = true;
        out[length++] = quote;
      }
      out[length++] = byte;
      if (depth === 0) {
        bytes += length - lineStart;
        endRecord(out.subarray(lineStart, length));
        out[length++] = lf;
        lineStart = length;
      }
    }
    if (depth > 0) {
      bytes += length - lineStart;
      if (head) head.push(Buffer.from(out.subarray(lineStart, length)));
      if (bytes > headLimit) head = null;
      if (bytes > recordLimit) throw tooLarge(file);
    }
    return out.subarray(0, length);
  }

  return {
    push,
    end: () => {
      if (!started) throw emptyFile(file);
      if (depth > 0 || inString) throw refuse('the text ends before the record does');
      if (isList && !listEnded) throw refuse('the text ends before the list does');
      return { records, longest };
    },
  };
}

function isNumberByte(byte: number): boolean {
  // 0-9 + - . E e
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x45 ||
    byte === 0x65
  );
}

function tooDeep(file: string, record: number): OutlayError {
  return new OutlayError(
    'FILE_TOO_LARGE',
    `${file}, record ${record} is nested deeper than ${depthLimit} levels, the most that Outlay reads. Nothing was changed.`,
    'Bills are nested a few levels deep: check that the file is one, or export it as CSV or Parquet.',
  );
}

function tooLarge(file: string): OutlayError {
  return new OutlayError(
    'FILE_TOO_LARGE',
    `${file} holds one JSON record of more than 200 MB. Nothing was changed.`,
    'Write one record a line (JSON lines), or export CSV or Parquet.',
  );
}
