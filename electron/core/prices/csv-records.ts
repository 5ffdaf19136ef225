import { parseHeader } from '../ingest/csv-header.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';

/** One record of CSV text, with its number in the file: the first record is 1. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

const recordLimit = 1_000_000;

/**
 * Records of CSV text, read as it comes: quotes, doubled quotes, line breaks inside them, CRLF, a
 * byte-order mark, blank lines. The delimiter is the one the first line is cut by.
 */
export async function* csvRecords(
  file: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let row = 0;
  let delimiter = '';
  const decode = (bytes: Buffer | undefined) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (error) {
      throw new OutlayError(
        'FILE_DAMAGED',
        `${file}, about row ${row + 1}: the text is not UTF-8. Nothing was changed.`,
        'Save it as UTF-8 and import it again.',
        { cause: error },
      );
    }
  };
  function* take(final: boolean): Generator<CsvRecord> {
    let start = 0;
    for (let end = recordEnd(rest, start); end >= 0; end = recordEnd(rest, start)) {
      const line = rest.slice(start, end);
      start = end + (rest[end] === '\r' && rest[end + 1] === '\n' ? 2 : 1);
      if (line === '') continue;
      row++;
      delimiter ||= parseHeader(line).delimiter;
      yield { row, cells: cellsOf(line, delimiter) };
    }
    rest = rest.slice(start);
    if (rest.length > recordLimit) throw unclosed();
    if (!final || rest === '') return;
    if (quotesIn(rest) % 2 === 1) throw unclosed();
    row++;
    delimiter ||= parseHeader(rest).delimiter;
    yield { row, cells: cellsOf(rest, delimiter) };
    rest = '';
  }
  function unclosed(): OutlayError {
    return new OutlayError(
      'ROW_BAD',
      `${file}, row ${row + 1}: a quoted cell is not closed. Nothing was changed.`,
      'The file is cut. Export or copy it again.',
    );
  }
  for await (const chunk of chunks) {
    rest += decode(chunk);
    // A CR at the very end may be half of a line end.
    yield* take(false);
  }
  rest += decode(undefined);
  yield* take(true);
}

/** Where the record that begins at `start` ends; -1 where its end has not come yet. */
function recordEnd(text: string, start: number): number {
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (char === 0x22) quoted = !quoted;
    else if (!quoted && char === 0x0a) return i;
    else if (!quoted && char === 0x0d && i + 1 < text.length) return i;
  }
  return -1;
}

function quotesIn(text: string): number {
  let count = 0;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) count++;
  return count;
}

function cellsOf(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (line[i + 1] === '"') cell += line[++i];
      else quoted = false;
    } else if (char === '"') {
      quoted = true;
    } else if (char === delimiter) {
      cells.push(cell);
      cell = '';
    } else {
      cell += char;
    }
  }
  cells.push(cell);
  return cells;
}
