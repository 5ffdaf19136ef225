/**
 * Finds the texts that contain a text, in a fraction of the time of looking at each. For every
 * group of up to three neighbouring characters that occurs, a row of bits says which texts may
 * contain it (groups share rows by their hash); only what has the bit of each group of the search
 * text is looked at itself.
 */
export interface TextIndex {
  /** One bit for each text that contains `needle` (lower case, not empty), by its place. */
  find: (needle: string) => Int32Array;
}

/** Rows of bits: for 125 thousand texts they take 8 MB. */
const rows = 512;

/** `texts` in any case. */
export function createTextIndex(texts: readonly string[]): TextIndex {
  const steps = makeTextIndex(texts);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a millisecond or two. */
export function* makeTextIndex(texts: readonly string[]): Generator<void, TextIndex> {
  const words = (texts.length + 31) >>> 5;
  const lower: string[] = [];
  const bits = new Int32Array(rows * words);
  for (let first = 0; first < texts.length; first += textsInStep) {
    for (const text of texts.slice(first, first + textsInStep)) lower.push(text.toLowerCase());
    markGroups(bits, lower, first, words);
    yield;
  }
  const sorted = texts.length > manyTexts ? yield* sortTexts(lower) : null;

  function candidates(needle: string): { found: Int32Array; count: number } {
    const offsets = rowsOf(needle).map((row) => row * words);
    const found = new Int32Array(words);
    let count = 0;
    for (let word = 0; word < words; word++) {
      let left = -1;
      for (let i = 0; i < offsets.length && left !== 0; i++) {
        left &= bits[(offsets[i] as number) + word] as number;
      }
      found[word] = left;
      count += bitsIn(left);
    }
    return { found, count };
  }

  return {
    find: (needle) => {
      const { found, count } = candidates(needle);
      // Where many may contain it, most share it with their neighbours in the alphabet.
      if (sorted && count > manyTexts) {
        keepContaining(found, sorted, lower, needle);
        return found;
      }
      for (let word = 0; word < words; word++) {
        for (let left = found[word] as number; left !== 0; left &= left - 1) {
          const bit = left & -left;
          const place = word * 32 + (31 - Math.clz32(bit));
          if (!(lower[place] as string).includes(needle)) {
            found[word] = (found[word] as number) & ~bit;
          }
        }
      }
      return found;
    },
  };
}

const textsInStep = 2000;

/** Up to this many are looked at one by one. */
const manyTexts = 2000;

/** How many bits of a word of 32 are set. */
export function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x5555_5555);
  const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** Marks the groups of the texts from `from` on. */
function markGroups(bits: Int32Array, lower: readonly string[], from: number, words: number): void {
  const mark = (row: number, place: number) => {
    const at = row * words + (place >>> 5);
    bits[at] = (bits[at] as number) | (1 << (place & 31));
  };
  for (let place = from; place < lower.length; place++) {
    const text = lower[place] as string;
    let first = 0;
    let second = 0;
    for (let i = 0; i < text.length; i++) {
      const third = text.charCodeAt(i);
      // The last characters alone too: a search text may have one or two.
      mark(rowOf(0, 0, third), place);
      if (i > 0) mark(rowOf(0, second, third), place);
      if (i > 1) mark(rowOf(first, second, third), place);
      first = second;
      second = third;
    }
  }
}

function rowsOf(needle: string): number[] {
  const code = (i: number) => needle.charCodeAt(i);
  if (needle.length === 1) return [rowOf(0, 0, code(0))];
  if (needle.length === 2) return [rowOf(0, code(0), code(1))];
  const found = new Set<number>();
  for (let i = 2; i < needle.length; i++) found.add(rowOf(code(i - 2), code(i - 1), code(i)));
  return [...found];
}

function rowOf(first: number, second: number, third: number): number {
  const hash = Math.imul(Math.imul(first, 31) + second, 961) + third;
  return (Math.imul(hash, -1_640_531_527) >>> 16) & (rows - 1);
}

interface Sorted {
  /** Places of the texts in alphabetical order. */
  order: Uint32Array;
  /** How many characters each has in common with the one before. */
  shared: Uint32Array;
  /** The fewest of them in each block of `blockTexts`. */
  sharedInBlock: Uint32Array;
}

const blockTexts = 16;

function* sortTexts(texts: readonly string[]): Generator<void, Sorted> {
  const order = yield* alphabetical(texts);
  const shared = new Uint32Array(order.length);
  const sharedInBlock = new Uint32Array(Math.ceil(order.length / blockTexts)).fill(0xffff_ffff);
  for (let i = 1; i < order.length; i++) {
    const before = texts[order[i - 1] as number] as string;
    const text = texts[order[i] as number] as string;
    let same = 0;
    while (same < text.length && text.charCodeAt(same) === before.charCodeAt(same)) same++;
    shared[i] = same;
    const block = Math.floor(i / blockTexts);
    sharedInBlock[block] = Math.min(sharedInBlock[block] as number, same);
    if (i % textsInStep === 0) yield;
  }
  sharedInBlock[0] = 0;
  return { order, shared, sharedInBlock };
}

/** Places in the order of their texts: short stretches are sorted, then merged, two at a time. */
function* alphabetical(texts: readonly string[]): Generator<void, Uint32Array> {
  const { length } = texts;
  let order = Uint32Array.from({ length }, (_, place) => place);
  for (let start = 0; start < length; start += textsInStep) {
    order.subarray(start, start + textsInStep).sort((a, b) => {
      const [left, right] = [texts[a] as string, texts[b] as string];
      return left < right ? -1 : left > right ? 1 : 0;
    });
    yield;
  }
  let merged = new Uint32Array(length);
  for (let width = textsInStep; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = Math.min(start + width, length);
      const end = Math.min(start + 2 * width, length);
      let [left, right] = [start, middle];
      for (let i = start; i < end; i++) {
        const fromLeft =
          right >= end ||
          (left < middle &&
            (texts[order[left] as number] as string) <= (texts[order[right] as number] as string));
        merged[i] = order[fromLeft ? left++ : right++] as number;
        if (i % textsInStep === 0) yield;
      }
    }
    [order, merged] = [merged, order];
  }
  return order;
}

/**
 * Clears the bits of the texts that do not contain `needle`. In alphabetical order a text has what
 * its predecessor has in their common beginning, so only what comes after that is looked at, and
 * a whole block that has the needle there is passed over.
 */
function keepContaining(
  found: Int32Array,
  { order, shared, sharedInBlock }: Sorted,
  texts: readonly string[],
  needle: string,
): void {
  /** Where the needle first ends in the text looked at last; 0: it has none. */
  let end = 0;
  /** Characters in common with that text. */
  let common = 0;
  for (let i = 0; i < order.length; i++) {
    if (i % blockTexts === 0 && end > 0 && end <= common) {
      const inBlock = sharedInBlock[i / blockTexts] as number;
      if (end <= inBlock) {
        common = Math.min(common, inBlock);
        i += blockTexts - 1;
        continue;
      }
    }
    const same = shared[i] as number;
    if (same < common) common = same;
    const place = order[i] as number;
    const word = place >>> 5;
    const bit = 1 << (place & 31);
    if (((found[word] as number) & bit) === 0) continue;
    if (end === 0 || end > common) {
      const text = texts[place] as string;
      const at = text.indexOf(needle, Math.max(0, common - needle.length + 1));
      end = at < 0 ? 0 : at + needle.length;
    }
    common = Infinity;
    if (end === 0) found[word] = (found[word] as number) & ~bit;
  }
}
