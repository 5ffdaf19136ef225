/**
 * The counting of CSV text, 64 bytes at a time. This is AssemblyScript: `node build/kernel.ts` makes
 * csv.wasm.ts of it. csv-blocks.ts says what goes in and out; all places are in bytes of the chunk.
 */

/** The chunk lies here, with 64 readable bytes behind it. */
export const input: usize = 1024;
export const capacity: i32 = 1 << 20;

/** How the text stands before the chunk, and, where it was taken, behind it. */
export let quoted: bool = false;
/** A quote that comes next opens a cell, or is an escaped one. */
export let mayOpen: bool = false;
export let atRowStart: bool = false;
export let delimiters: i32 = 0;

/** What was counted in the chunk. */
export let records: i32 = 0;
export let lines: i32 = 0;
/** Lines up to where the last record begins that was not ended, and that place. */
export let linesBeforeRow: i32 = 0;
export let rowStart: i32 = 0;
export let longest: i32 = 0;

/**
 * Takes the first `size` bytes where each record has `wanted` delimiters and nothing has to be
 * looked at again; false, with nothing taken, where a record has more or fewer, a line is blank, a
 * quote stands within a bare cell, or there is a carriage return or NUL.
 */
export function take(size: i32, delimiter: i32, wanted: i32, rowBytes: i32): bool {
  const delimiterBytes = i8x16.splat(<i8>delimiter);
  const quoteBytes = i8x16.splat(0x22);
  const feedBytes = i8x16.splat(0x0a);
  const returnBytes = i8x16.splat(0x0d);
  const nulBytes = i8x16.splat(0);
  let inside: u64 = quoted ? -1 : 0;
  let opening: u64 = mayOpen ? 1 : 0;
  let fresh: u64 = atRowStart ? 1 : 0;
  let seen = delimiters;
  let start = -rowBytes;
  let count = 0;
  let feeds = 0;
  let feedsBeforeRow = 0;
  let most = 0;
  for (let at = 0; at < size; at += 64) {
    const from = input + at;
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    const d = v128.load(from, 48);
    const left = size - at;
    const valid: u64 = left >= 64 ? -1 : ((<u64>1) << left) - 1;
    if ((mask(a, b, c, d, returnBytes) | mask(a, b, c, d, nulBytes)) & valid) return false;
    const quotes = mask(a, b, c, d, quoteBytes) & valid;
    const ends = mask(a, b, c, d, feedBytes) & valid;
    // Each bit: whether an odd number of quotes stands up to here, that is, within a quoted cell.
    let within = quotes;
    within ^= within << 1;
    within ^= within << 2;
    within ^= within << 4;
    within ^= within << 8;
    within ^= within << 16;
    within ^= within << 32;
    within ^= inside;
    const rows = ends & ~within;
    let cells = mask(a, b, c, d, delimiterBytes) & valid & ~within;
    const openers = cells | rows | (quotes & ~within);
    if (quotes & within & ~((openers << 1) | opening)) return false;
    if (rows & ((rows << 1) | fresh)) return false;
    for (let rest = rows; rest; rest &= rest - 1) {
      const before = (rest & -rest) - 1;
      if (seen + <i32>popcnt(cells & before) !== wanted) return false;
      cells &= ~before;
      seen = 0;
      count++;
      const end = at + <i32>ctz(rest);
      most = max(most, end - start);
      start = end + 1;
      feedsBeforeRow = feeds + <i32>popcnt(ends & ((before << 1) | 1));
    }
    seen += <i32>popcnt(cells);
    feeds += <i32>popcnt(ends);
    const last: u64 = left >= 64 ? 63 : left - 1;
    inside = (within >> last) & 1 ? -1 : 0;
    opening = (openers >> last) & 1;
    fresh = (rows >> last) & 1;
  }
  quoted = inside !== 0;
  mayOpen = opening !== 0;
  atRowStart = fresh !== 0;
  delimiters = seen;
  records = count;
  lines = feeds;
  linesBeforeRow = feedsBeforeRow;
  rowStart = start;
  longest = most;
  return true;
}

function mask(a: v128, b: v128, c: v128, d: v128, wanted: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(a, wanted))) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(b, wanted)))) << 16) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(c, wanted)))) << 32) |
    ((<u64>(<u32>i8x16.bitmask(i8x16.eq(d, wanted)))) << 48)
  );
}
