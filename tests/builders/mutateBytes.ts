import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Random } from './random.ts';

/** Bytes that readers of text and of JSON stumble over. */
const tokens: readonly Buffer[] = [
  '\0',
  '\u0001',
  '\u001b[2J',
  '\u007f',
  '\u2028',
  '\uFEFF',
  '\r',
  '\r\n\r\n',
  '\n\n\n',
  '"',
  '""',
  '"""',
  '\\"',
  "'",
  ',',
  ';',
  '\t',
  '|',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\\u0000',
  '\\ud800',
  '\\x',
  'null',
  'NaN',
  '-Infinity',
  '1e999999999',
  '-1e-999999999',
  '9'.repeat(400),
  '0.' + '0'.repeat(400) + '1',
  '-',
  '+',
  '.',
  'e',
  '--1',
  '1e+',
  '0x1F',
  '1_000',
  '=1+1',
  '9999-12-31',
  '0000-00-00',
  '$(id)',
  "'; DROP TABLE load; --",
  '{"a":1}',
  '[[[[[[[[',
].map((text) => Buffer.from(text));

/** No UTF-8: a lone byte, a cut sequence, a surrogate, an overlong slash, one beyond the last. */
const illFormed = ['ff', 'c3', 'e282', 'eda080', 'c0af', 'f5808080'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

export interface ByteMutation {
  name: string;
  apply: (bytes: Buffer, random: Random, other: Buffer) => Buffer;
}

function range(bytes: Buffer, random: Random): [number, number] {
  const from = random.below(bytes.length + 1);
  const longest = random.chance(0.8) ? 40 : bytes.length;
  return [from, Math.min(bytes.length, from + random.below(longest + 1))];
}

function insert(bytes: Buffer, at: number, what: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
}

function times(random: Random, most: number, change: (bytes: Buffer) => Buffer, bytes: Buffer) {
  let changed = bytes;
  for (let n = 1 + random.below(most); n > 0; n--) changed = change(changed);
  return changed;
}

function noise(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: 1 + random.below(most) }, () => random.below(256)));
}

export const byteMutations: readonly ByteMutation[] = [
  {
    name: 'bits flipped',
    apply: (bytes, random) => {
      const flipped = Buffer.from(bytes);
      for (let n = 1 + random.below(8); n > 0 && flipped.length > 0; n--) {
        const at = random.below(flipped.length);
        flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
      }
      return flipped;
    },
  },
  { name: 'truncated', apply: (bytes, random) => bytes.subarray(0, random.below(bytes.length)) },
  { name: 'head lost', apply: (bytes, random) => bytes.subarray(random.below(bytes.length)) },
  {
    name: 'range deleted',
    apply: (bytes, random) => {
      const [from, to] = range(bytes, random);
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
    },
  },
  {
    name: 'range duplicated',
    apply: (bytes, random) => {
      const [from, to] = range(bytes, random);
      return insert(
        bytes,
        random.chance(0.5) ? to : random.below(bytes.length),
        bytes.subarray(from, to),
      );
    },
  },
  {
    name: 'range zeroed',
    apply: (bytes, random) => {
      const [from, to] = range(bytes, random);
      return Buffer.from(bytes).fill(0, from, to);
    },
  },
  {
    name: 'range of noise',
    apply: (bytes, random) => insert(bytes, random.below(bytes.length), noise(random, 64)),
  },
  {
    name: 'tokens inserted',
    apply: (bytes, random) =>
      times(
        random,
        4,
        (text) => insert(text, random.below(text.length + 1), random.pick(tokens)),
        bytes,
      ),
  },
  {
    name: 'a token put in place of bytes',
    apply: (bytes, random) => {
      const [from, to] = range(bytes, random);
      return Buffer.concat([bytes.subarray(0, from), random.pick(tokens), bytes.subarray(to)]);
    },
  },
  {
    name: 'ill-formed UTF-8',
    apply: (bytes, random) =>
      times(
        random,
        2,
        (text) => insert(text, random.below(text.length + 1), random.pick(illFormed)),
        bytes,
      ),
  },
  {
    name: 'spliced with another file',
    apply: (bytes, random, other) =>
      Buffer.concat([
        bytes.subarray(0, random.below(bytes.length + 1)),
        other.subarray(random.below(other.length + 1)),
      ]),
  },
  { name: 'followed by another file', apply: (bytes, _, other) => Buffer.concat([bytes, other]) },
  { name: 'twice itself', apply: (bytes) => Buffer.concat([bytes, bytes]) },
  {
    name: 'trailing noise',
    apply: (bytes, random) => Buffer.concat([bytes, noise(random, 64)]),
  },
  {
    name: 'leading blanks',
    apply: (bytes, random) =>
      Buffer.concat([
        Buffer.from(random.pick(['\uFEFF', '\n', '\r\n\uFEFF', '   ', '\t', '\uFEFF\uFEFF'])),
        bytes,
      ]),
  },
  {
    name: 'another encoding',
    apply: (bytes, random) => {
      const text = bytes.toString();
      const mark = random.chance(0.5) ? '\uFEFF' : '';
      if (random.chance(0.3)) return Buffer.from(text, 'latin1');
      const little = Buffer.from(mark + text, 'utf16le');
      return random.chance(0.5) ? little : little.swap16();
    },
  },
  {
    name: 'other line ends',
    apply: (bytes, random) => {
      const end = random.pick(['\r', '\r\n', '\n\r', '\n\n', '\u2028', '\v']);
      return Buffer.from(bytes.toString('latin1').replaceAll('\n', end), 'latin1');
    },
  },
];

/** A file packed, and the pack broken or not. */
export const packedMutations: readonly ByteMutation[] = [
  {
    name: 'packed',
    apply: (bytes, random) => pack(bytes, random),
  },
  {
    name: 'packed and cut',
    apply: (bytes, random) => {
      const packed = pack(bytes, random);
      return packed.subarray(0, random.below(packed.length));
    },
  },
  {
    name: 'packed and flipped',
    apply: (bytes, random) => {
      const packed = Buffer.from(pack(bytes, random));
      for (let n = 1 + random.below(3); n > 0; n--) {
        const at = random.below(packed.length);
        packed[at] = (packed[at] as number) ^ (1 << random.below(8));
      }
      return packed;
    },
  },
  {
    name: 'packed with something behind',
    apply: (bytes, random, other) =>
      Buffer.concat([
        pack(bytes, random),
        random.pick([noise(random, 64), other, Buffer.alloc(512), Buffer.from('\n')]),
      ]),
  },
  {
    name: 'packed in several members',
    apply: (bytes, random) => {
      const at = random.below(bytes.length + 1);
      return Buffer.concat([pack(bytes.subarray(0, at), random), pack(bytes.subarray(at), random)]);
    },
  },
  { name: 'packed twice', apply: (bytes, random) => pack(pack(bytes, random), random) },
];

function pack(bytes: Buffer, random: Random): Buffer {
  return random.chance(0.5) ? gzipSync(bytes) : zstdCompressSync(bytes);
}

/** What breaks Parquet where it hurts: the footer, its length, the magic bytes, the pages. */
export const parquetMutations: readonly ByteMutation[] = [
  {
    name: 'Parquet footer flipped',
    apply: (bytes, random) => {
      const damaged = Buffer.from(bytes);
      const footer = Math.min(damaged.length, 8 + damaged.readUInt32LE(damaged.length - 8));
      for (let n = 1 + random.below(6); n > 0; n--) {
        const at = damaged.length - 1 - random.below(footer);
        damaged[at] = random.below(256);
      }
      return damaged;
    },
  },
  {
    name: 'Parquet footer length',
    apply: (bytes, random) => {
      const damaged = Buffer.from(bytes);
      const length = random.pick([0, 1, 8, bytes.length, bytes.length - 8, 0x7fffffff, 0xffffffff]);
      damaged.writeUInt32LE(length, damaged.length - 8);
      return damaged;
    },
  },
  {
    name: 'Parquet pages overwritten',
    apply: (bytes, random) => {
      const damaged = Buffer.from(bytes);
      for (let n = 1 + random.below(10); n > 0; n--) {
        damaged[4 + random.below(Math.max(1, damaged.length / 2))] = random.below(256);
      }
      return damaged;
    },
  },
  {
    name: 'Parquet page header',
    apply: (bytes, random) => {
      const damaged = Buffer.from(bytes);
      // The sizes of the first page are variable-length numbers right behind the magic bytes.
      const at = 5 + random.below(12);
      const sizes = ['ffffffff0f', 'feffffff0f', '80808080', 'ffff7f', '00', '0100'];
      Buffer.from(random.pick(sizes), 'hex').copy(damaged, at);
      return damaged;
    },
  },
  {
    name: 'Parquet magic',
    apply: (bytes, random) =>
      random.pick([
        bytes.subarray(0, 4),
        bytes.subarray(0, 12),
        Buffer.concat([Buffer.from('PARE'), bytes.subarray(4)]),
        Buffer.concat([bytes.subarray(0, bytes.length - 4), Buffer.from('PARE')]),
        Buffer.concat([Buffer.from('PAR1'), bytes.subarray(bytes.length - 12)]),
        Buffer.concat([bytes, Buffer.from('PAR1')]),
      ]),
  },
];
