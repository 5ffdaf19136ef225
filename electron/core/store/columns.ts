import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Column BLOBs: one typed array of whole numbers, in the narrowest type that holds it, as zstd. */
const types = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f64: Float64Array,
} as const;

export type ColumnType = keyof typeof types;
export type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export interface PackedColumn {
  type: ColumnType;
  data: Buffer;
}

function narrowest(values: ArrayLike<number>): ColumnType {
  let low = 0;
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low >= 0) {
    if (high < 2 ** 8) return 'u8';
    if (high < 2 ** 16) return 'u16';
    if (high < 2 ** 32) return 'u32';
  } else if (low >= -(2 ** 31) && high < 2 ** 31) {
    return 'i32';
  }
  return 'f64';
}

export function packColumn(values: ArrayLike<number>): PackedColumn {
  const type = narrowest(values);
  const array = types[type].from(values);
  return { type, data: zstdCompressSync(Buffer.from(array.buffer)) };
}

/** `length` guards against a damaged BLOB: a column of another length is an error. */
export function unpackColumn(type: ColumnType, data: Buffer, length: number): ColumnArray {
  const bytes = zstdDecompressSync(data);
  const Type = types[type];
  if (bytes.byteLength !== length * Type.BYTES_PER_ELEMENT) {
    throw new RangeError(`column holds ${bytes.byteLength} bytes for ${length} ${type} values`);
  }
  // A pooled Buffer may start at an odd offset; typed arrays need an aligned one.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  return new Type(aligned.buffer, aligned.byteOffset, length);
}

/** Text values in order, for dictionaries. */
export function packTexts(texts: readonly string[]): Buffer {
  return zstdCompressSync(Buffer.from(JSON.stringify(texts)));
}

export function unpackTexts(data: Buffer): string[] {
  return JSON.parse(zstdDecompressSync(data).toString()) as string[];
}
