import { spanOf } from './spans.ts';

/** Column BLOBs: one typed array of whole numbers, in the narrowest type that holds it, as zstd. */
const types = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f64: Float64Array,
} as const;

/** Loaded with the first column: the first figures are shown without one. */
function zlib() {
  return process.getBuiltinModule('node:zlib');
}

type ElementType = keyof typeof types;
/** `u32x1000`: each value is a thousand times its element. Amounts rarely use all nine decimals. */
export type ColumnType = ElementType | `${ElementType}x${number}`;
export type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export interface PackedColumn {
  type: ColumnType;
  data: Buffer;
}

interface Narrowed {
  type: ElementType;
  scale: number;
}

function narrowest(values: ArrayLike<number>): Narrowed {
  const { low, high } = spanOf(values);
  const own = holding(low, high);
  if (own !== 'f64') return { type: own, scale: 1 };
  const scale = commonScale(values);
  const type = holding(low / scale, high / scale);
  return type === 'f64' ? { type, scale: 1 } : { type, scale };
}

function holding(low: number, high: number): ElementType {
  if (low >= 0) {
    if (high < 2 ** 8) return 'u8';
    if (high < 2 ** 16) return 'u16';
    if (high < 2 ** 32) return 'u32';
  } else if (low >= -(2 ** 31) && high < 2 ** 31) {
    return 'i32';
  }
  return 'f64';
}

/** The largest power of ten up to 1e9 that divides all values. */
function commonScale(values: ArrayLike<number>): number {
  let scale = 1e9;
  for (let i = 0; i < values.length && scale > 1; i++) {
    const value = values[i] as number;
    // As `value % scale` for whole numbers below 2^53, which takes ten times longer.
    while (Math.floor(value / scale) * scale !== value) scale /= 10;
  }
  return scale;
}

export function packColumn(values: ArrayLike<number>): PackedColumn {
  const { type, bytes } = narrowed(values);
  return { type, data: zlib().zstdCompressSync(bytes, inOneGo(bytes.length)) };
}

/** The same, with the compression on a thread of its own. */
export function packColumnLater(values: ArrayLike<number>): Promise<PackedColumn> {
  const { type, bytes } = narrowed(values);
  // Handing a small one over would cost more than doing it.
  if (bytes.length < 2 ** 15) return Promise.resolve(packColumn(values));
  return new Promise((resolve, reject) => {
    zlib().zstdCompress(bytes, inOneGo(bytes.length), (error, data) => {
      if (error) reject(error);
      else resolve({ type, data });
    });
  });
}

/** Room for all of the output: piece by piece a column takes several times longer. */
function inOneGo(bytes: number): { chunkSize: number } {
  return { chunkSize: bytes + 1024 };
}

function narrowed(values: ArrayLike<number>): { type: ColumnType; bytes: Buffer } {
  const { type, scale } = narrowest(values);
  if (scale === 1) return { type, bytes: Buffer.from(new types[type](values).buffer) };
  const array = new types[type](values.length);
  for (let i = 0; i < array.length; i++) array[i] = (values[i] as number) / scale;
  return { type: `${type}x${scale}`, bytes: Buffer.from(array.buffer) };
}

/** `length` guards against a damaged BLOB: a column of another length is an error. */
export function unpackColumn(type: ColumnType, data: Buffer, length: number): ColumnArray {
  const [element, scale] = type.split('x') as [ElementType, string | undefined];
  const array = unpackElements(element, data, length);
  if (scale === undefined) return array;
  const values = new Float64Array(length);
  const times = Number(scale);
  for (let i = 0; i < length; i++) values[i] = (array[i] as number) * times;
  return values;
}

function unpackElements(type: ElementType, data: Buffer, length: number): ColumnArray {
  const Type = types[type];
  // One output buffer of the right size, with room to tell that nothing more comes.
  const chunkSize = length * Type.BYTES_PER_ELEMENT + 64;
  const bytes = zlib().zstdDecompressSync(data, { chunkSize });
  if (bytes.byteLength !== length * Type.BYTES_PER_ELEMENT) {
    throw new RangeError(`column holds ${bytes.byteLength} bytes for ${length} ${type} values`);
  }
  // A pooled Buffer may start at an odd offset; typed arrays need an aligned one.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  return new Type(aligned.buffer, aligned.byteOffset, length);
}

/** Text values in order, for dictionaries. */
export function packTexts(texts: readonly string[]): Buffer {
  return zlib().zstdCompressSync(Buffer.from(JSON.stringify(texts)));
}

export function unpackTexts(data: Buffer): string[] {
  return JSON.parse(zlib().zstdDecompressSync(data).toString()) as string[];
}

/** Where a text stands among packed ones, -1 if nowhere; found without making texts of all of them. */
export function findText(data: Buffer, text: string): number {
  // Texts shrink up to some twentyfold; what has no room comes piece by piece.
  const packed = zlib().zstdDecompressSync(data, { chunkSize: data.length * 24 + 1024 });
  const wanted = Buffer.from(JSON.stringify(text));
  let found = packed.indexOf(wanted);
  // Behind the bracket. The same bytes may stand within a text, or across two of them.
  let begin = 1;
  for (let place = 0; found >= 0; place++) {
    if (found < begin) found = packed.indexOf(wanted, begin);
    if (found === begin) return place;
    begin = nextText(packed, begin);
  }
  return -1;
}

/** Where the next text of a JSON array begins. */
function nextText(bytes: Buffer, begin: number): number {
  let at = begin + 1;
  while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at + 2;
}
