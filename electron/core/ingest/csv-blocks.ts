import { csvWasm } from './kernel/csv.wasm.ts';

/** How CSV text stands at a place: what the bytes behind it mean. */
export interface CsvPlace {
  inQuotes: boolean;
  /** The byte before closed a quote: a further quote is an escaped one. */
  quoteClosed: boolean;
  atCellStart: boolean;
  /** Bytes and delimiters of the record so far. */
  rowBytes: number;
  cells: number;
}

/** What was counted in a chunk; `linesBeforeRow` of its lines end before its last record begins. */
export interface Counted {
  records: number;
  lines: number;
  linesBeforeRow: number;
  longest: number;
  place: CsvPlace;
}

export interface CsvBlocks {
  /** Bytes read into here need not be copied before they are counted. */
  input: Buffer;
  /**
   * Counts a chunk in which each record has `wanted` delimiters and nothing is to be normalised;
   * null, with nothing taken, where that is not so. A chunk is at most as long as `input`.
   */
  count: (chunk: Buffer, place: CsvPlace, delimiter: number, wanted: number) => Counted | null;
}

/** The part of WebAssembly that is used here: its types come with a browser's only. */
declare const WebAssembly: {
  Module: new (bytes: Buffer) => object;
  Instance: new (module: object) => { exports: unknown };
};

type Cell = { value: number };

interface Kernel
  extends Readonly<
    Record<
      'input' | 'capacity' | 'records' | 'lines' | 'linesBeforeRow' | 'rowStart' | 'longest',
      Cell
    >
  > {
  memory: { buffer: ArrayBuffer };
  quoted: Cell;
  mayOpen: Cell;
  atRowStart: Cell;
  delimiters: Cell;
  take: (size: number, delimiter: number, wanted: number, rowBytes: number) => number;
}

const quote = 0x22;
const compiled = new WebAssembly.Module(Buffer.from(csvWasm, 'base64'));

/** Counts plain CSV text ten times as fast as a loop over its bytes (64 of them at a time). */
export function createCsvBlocks(): CsvBlocks {
  const kernel = new WebAssembly.Instance(compiled).exports as Kernel;
  const input = Buffer.from(kernel.memory.buffer, kernel.input.value, kernel.capacity.value);
  return {
    input,
    count(chunk, place, delimiter, wanted) {
      const size = chunk.length;
      if (chunk.buffer !== input.buffer) input.set(chunk);
      kernel.quoted.value = Number(place.inQuotes);
      kernel.mayOpen.value = Number(place.atCellStart || place.quoteClosed);
      kernel.atRowStart.value = Number(place.rowBytes === 0);
      kernel.delimiters.value = place.cells;
      if (!kernel.take(size, delimiter, wanted, place.rowBytes)) return null;
      const inQuotes = kernel.quoted.value === 1;
      const quoteClosed = !inQuotes && chunk[size - 1] === quote;
      return {
        records: kernel.records.value,
        lines: kernel.lines.value,
        linesBeforeRow: kernel.linesBeforeRow.value,
        longest: kernel.longest.value,
        place: {
          inQuotes,
          quoteClosed,
          atCellStart: !quoteClosed && kernel.mayOpen.value === 1,
          rowBytes: size - kernel.rowStart.value,
          cells: kernel.delimiters.value,
        },
      };
    },
  };
}
