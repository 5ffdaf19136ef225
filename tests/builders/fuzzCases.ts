import fc from 'fast-check';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { billWriters } from './billWriters.ts';
import type { Duck } from './duckdb.ts';
import { focusCsv, focusRow } from './focus.ts';
import { byteMutations, packedMutations, parquetMutations } from './mutateBytes.ts';
import { mutateCsv, mutateJson } from './mutateTable.ts';
import { type Random, random } from './random.ts';
import { randomLine } from './randomFormats.ts';
import { wildParquet } from './wildParquet.ts';

/** A hostile file on disk; `what` tells how it was made. */
export interface FuzzCase {
  path: string;
  what: string;
  /** How it is imported, as the command line would say it. */
  options: FuzzOptions;
}

export interface FuzzOptions {
  replace?: boolean;
  add?: boolean;
  reading?: { currency?: string; dateOrder?: 'mdy' | 'dmy' };
  /** Its folder is named and not the file itself. */
  folder?: boolean;
}

const optionSets: readonly FuzzOptions[] = [
  { replace: true },
  { add: true },
  { reading: { currency: 'EUR', dateOrder: 'dmy' } },
  { folder: true },
];

/** A valid bill to start from. */
interface Base {
  name: string;
  path: string;
  bytes: Buffer;
  kind: 'csv' | 'json' | 'parquet' | 'packed';
}

export interface FuzzCases {
  /** Valid bills that the store holds before any hostile file comes. */
  stored: readonly string[];
  /** Writes case `number`; the same seed and number give the same bytes. */
  make: (number: number) => Promise<FuzzCase>;
}

const names: readonly string[] = [
  'bill.csv',
  'bill.csv.gz',
  'bill.parquet',
  'bill.json',
  'bill.jsonl',
  'no extension',
  "it's.csv",
  '"quoted".csv',
  '*.csv',
  '[a-z]{1,2}?.parquet',
  'new\nline.csv',
  'tab\there',
  '\u001b[31mred.csv',
  '$(id) `id`; rm.csv',
  '-rf',
  '--replace',
  '.hidden',
  'é ü 😀.csv',
  '\u202Ecod.csv',
  'e\u0301.csv',
  '%2e%2e%2f.csv',
  `${'long'.repeat(60)}.csv`,
  'Manifest.json',
  'x-manifest.json',
];

const linesEach = 3;

/** Writes the valid bills of every format into `folder`; cases go into `folder/cases`. */
export async function fuzzCases(folder: string, duck: Duck, seed: number): Promise<FuzzCases> {
  const bases: Base[] = [];
  for (const [i, [name, { write }]] of Object.entries(billWriters).entries()) {
    for (let n = 0; n < linesEach; n++) {
      const sample = fc.sample(fc.array(randomLine, { minLength: 1, maxLength: 9 }), {
        seed: seed + i * linesEach + n,
        numRuns: 10,
      });
      const lines = sample.find((list) => list.some(({ focus }) => focus.charge.billed !== null));
      if (!lines) throw new Error('a sample without any amount');
      const file = (own: string, content: string | Uint8Array) => {
        const path = join(folder, 'bases', `${i}-${n}-${own}`);
        mkdirSync(join(folder, 'bases'), { recursive: true });
        writeFileSync(path, content);
        return path;
      };
      const path = await write({ file, duck }, lines);
      const kind = kinds[extname(path)];
      if (!kind) throw new Error(`${path} has no known kind`);
      bases.push({ name, path, bytes: readFileSync(path), kind });
    }
  }
  const month = (period: string, cost: string, days = 5) =>
    Buffer.from(
      focusCsv(
        Array.from({ length: days }, (_, i) =>
          focusRow({
            BillingPeriodStart: `${period}-01T00:00:00Z`,
            ChargePeriodStart: `${period}-0${i + 1}T00:00:00Z`,
            BilledCost: cost,
            ResourceId: `r-${i}`,
            Tags: '{"team":"red"}',
          }),
        ),
      ),
    );
  const write = (name: string, bytes: Buffer) => {
    const path = join(folder, 'bases', name);
    writeFileSync(path, bytes);
    return path;
  };
  const stored = ['2026-01', '2026-02', '2026-03'].map((period) =>
    write(`stored-${period}.csv`, month(period, '0.123')),
  );
  const legacy = bases.find(({ name }) => name === 'legacy CUR as CSV');
  if (legacy) stored.push(legacy.path);
  // The next version of a month that is there, so that hostile files replace some of it too.
  const next = month('2026-02', '0.125', 6);
  bases.push(
    ...Array.from({ length: linesEach }, () => ({
      name: 'a restated month',
      path: write('restated.csv', next),
      bytes: next,
      kind: 'csv' as const,
    })),
  );
  return {
    stored,
    make: (number) => makeCase(join(folder, 'cases', String(number)), duck, bases, seed, number),
  };
}

const kinds: Partial<Record<string, Base['kind']>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.jsonl': 'json',
  '.parquet': 'parquet',
  '.zst': 'packed',
};

async function makeCase(
  folder: string,
  duck: Duck,
  bases: readonly Base[],
  seed: number,
  number: number,
): Promise<FuzzCase> {
  const choice = random(seed, number);
  mkdirSync(folder, { recursive: true });
  const base = choice.pick(bases);
  const other = choice.pick(bases);
  const name = choice.chance(0.8) ? `bill${extname(base.path)}` : choice.pick(names);
  const path = join(folder, name);
  const wild = base.kind === 'parquet' && choice.chance(0.5);
  const { bytes, how } = wild
    ? await wildly(duck, base, folder, choice)
    : mutated(base, other, choice);
  writeFileSync(path, bytes);
  const options = choice.chance(0.7) ? {} : choice.pick(optionSets);
  const said = Object.keys(options).map((option) => ` --${option}`);
  return { path, what: `${base.name}: ${how.join(', ')}${said.join('')}`, options };
}

interface Mutated {
  bytes: Buffer;
  how: string[];
}

async function wildly(duck: Duck, base: Base, folder: string, choice: Random): Promise<Mutated> {
  const path = join(folder, 'wild.parquet');
  for (let attempt = 0; attempt < 10; attempt++) {
    try {
      await wildParquet(duck, base.path, path, choice);
      return { bytes: readFileSync(path), how: ['wild Parquet types'] };
    } catch {
      // DuckDB cannot write every type; another choice is made.
    } finally {
      rmSync(path, { force: true });
    }
  }
  throw new Error('no Parquet file of wild types could be written');
}

function mutated({ bytes, kind }: Base, other: Base, choice: Random): Mutated {
  let mutatedBytes = bytes;
  const how: string[] = [];
  if (kind === 'csv' && choice.chance(0.6)) {
    const { text, names: done } = mutateCsv(bytes.toString(), choice);
    mutatedBytes = Buffer.from(text);
    how.push(...done);
  } else if (kind === 'json' && choice.chance(0.6)) {
    const { text, names: done } = mutateJson(bytes.toString(), choice);
    mutatedBytes = Buffer.from(text);
    how.push(...done);
  } else if (kind === 'parquet' && choice.chance(0.7)) {
    const { name, apply } = choice.pick(parquetMutations);
    mutatedBytes = apply(bytes, choice, other.bytes);
    how.push(name);
  }
  if (how.length === 0 || choice.chance(0.15)) {
    const { name, apply } = choice.pick(byteMutations);
    mutatedBytes = apply(mutatedBytes, choice, other.bytes);
    how.push(name);
  }
  if (kind !== 'parquet' && choice.chance(0.12)) {
    const { name, apply } = choice.pick(packedMutations);
    mutatedBytes = apply(mutatedBytes, choice, other.bytes);
    how.push(name);
  }
  return { bytes: mutatedBytes, how };
}

const magic: Record<string, string> = {
  'a ZIP archive': '504b030414000000080000000000',
  'an SQLite database': '53514c69746520666f726d6174203300',
  'an ELF program': '7f454c4602010100',
  'a PNG picture': '89504e470d0a1a0a0000000d49484452',
  'a PDF document': '255044462d312e370a25e2e3cfd3',
  'an old workbook': 'd0cf11e0a1b11ae1',
  'a gzip header alone': '1f8b0800000000000003',
  'a zstd header alone': '28b52ffd',
  'a zstd skippable frame': '502a4d1804000000deadbeef',
  'an xz header': 'fd377a585a0000',
  'a bzip2 header': '425a6839',
  'UTF-32 text': 'fffe000041000000',
  'one NUL': '00',
  'one quote': '22',
  'one brace': '7b',
  'one line end': '0a',
  'a byte-order mark': 'efbbbf',
  'half a byte-order mark': 'efbb',
};

/** What no mutation of a bill leads to; all of them come in every campaign, in this order. */
export function specialCases(folder: string, bombBytes: number, pack: Packer): FuzzCase[] {
  const file = (name: string, bytes: Buffer | string, what: string): FuzzCase => {
    mkdirSync(join(folder, what), { recursive: true });
    const path = join(folder, what, name);
    writeFileSync(path, bytes);
    return { path, what, options: {} };
  };
  const bill = focusCsv([focusRow()]);
  const row = bill.slice(bill.indexOf('\n') + 1);
  const size = 1 << 24;
  const rows = Buffer.from(row.repeat(Math.ceil(size / row.length)));
  const members = Math.ceil(bombBytes / size);
  /** Members of one pack behind each other, so that a large bomb is quickly made. */
  const bomb = (packer: (bytes: Buffer) => Buffer, first: string, filling: Buffer) =>
    Buffer.concat([packer(Buffer.from(first)), ...Array<Buffer>(members).fill(packer(filling))]);
  // A long text packs best of all.
  const record = `${JSON.stringify(focusRow({ ResourceId: 'r'.repeat(4_000) }))}\n`;
  const records = Buffer.from(record.repeat(Math.ceil(size / record.length)));
  const zeros = Buffer.alloc(size);
  const letters = Buffer.alloc(size, 'a');
  return [
    file('empty.csv', '', 'an empty file'),
    ...Object.entries(magic).map(([what, hex]) => file('bill.csv', Buffer.from(hex, 'hex'), what)),
    file(
      'noise.csv',
      Buffer.concat([Buffer.from(magic['a ZIP archive'] ?? '', 'hex'), Buffer.alloc(65_536, 0xa7)]),
      'a large ZIP archive',
    ),
    file('a.json', '['.repeat(100_000), 'brackets alone'),
    file('a.json', '{"a":'.repeat(100_000), 'braces alone'),
    file(
      'a.json',
      `{"reportKeys":[${'"a/'.repeat(1)}${'a/'.repeat(1_000_000)}"]}`,
      'a manifest with a path of a million folders',
    ),
    file(
      'a.json',
      `{"reportKeys":[${Array<string>(300_000).fill('"a/b/c"').join(',')}]}`,
      'a manifest of 300,000 files',
    ),
    file('a.json', '{"reportKeys":["../../../../../../etc/passwd"]}', 'a manifest that leads out'),
    file(
      'a.json',
      '{"dataFiles":["s3://b/../../x.csv","/etc/passwd","C:\\\\x.csv"]}',
      'a manifest with absolute paths',
    ),
    file('a.csv', `${'x'.repeat(3_000_000)}\n1\n`, 'a header of 3 MB'),
    file('a.csv', `"${'\n'.repeat(3_000_000)}`, 'a header that is never closed'),
    file('a.csv', `${','.repeat(900_000)}\n`, 'a header of 900,000 columns'),
    file('a.csv', `${bill}"${'\n,'.repeat(10_000_000)}`, 'a quote that is never closed over 20 MB'),
    file('a.csv', bill.replace('Amazon EC2', 'x'.repeat(40_000_000)), 'a cell of 40 MB'),
    file('a.csv', `${bill}${'\n'.repeat(5_000_000)}${row}`, 'five million blank lines'),
    file('a.jsonl', record.replace('Amazon EC2', 'x'.repeat(40_000_000)), 'a JSON text of 40 MB'),
    file('a.gz', bomb(pack.gzip, '', zeros), 'a gzip bomb of zeros'),
    file('a.zst', bomb(pack.zstd, '', zeros), 'a zstd bomb of zeros'),
    file('a.gz', bomb(pack.gzip, bill, zeros), 'a gzip bomb of zeros behind a bill'),
    file('a.gz', bomb(pack.gzip, bill, letters), 'a gzip bomb of one endless line'),
    file('a.gz', bomb(pack.gzip, `${bill}"`, letters), 'a gzip bomb of one endless cell'),
    file(
      'a.gz',
      bomb(pack.gzip, `${record.trimEnd().slice(0, -1)},"x":"`, letters),
      'a gzip bomb of one endless JSON text',
    ),
    file('a.gz', bomb(pack.gzip, '{"a":[', Buffer.alloc(size, '[')), 'a gzip bomb of brackets'),
    file('a.gz', bomb(pack.gzip, bill, rows), 'a gzip bomb of rows'),
    file('a.zst', bomb(pack.zstd, bill, rows), 'a zstd bomb of rows'),
    file('a.gz', bomb(pack.gzip, record, records), 'a gzip bomb of JSON records'),
    file('a.gz', bomb(pack.gzip, bill, Buffer.alloc(size, '\n')), 'a gzip bomb of blank lines'),
  ];
}

export interface Packer {
  gzip: (bytes: Buffer) => Buffer;
  zstd: (bytes: Buffer) => Buffer;
}

/** Keeps the file of a finding, for whoever mends it. */
export function keepCase(from: string, folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const to = join(folder, name);
  copyFileSync(from, to);
  return to;
}
