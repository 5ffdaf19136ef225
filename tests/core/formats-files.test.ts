import fc from 'fast-check';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createJsonScanner } from '../../electron/core/ingest/json-scan.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import { campaign } from '../builders/campaign.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

const bill = (cost: string) => focusCsv([focusRow({ BilledCost: cost, ResourceId: `r${cost}` })]);
const total = async () => (await place.call('costs.query', {})).totals[0]?.cost;

/** Text as the scanner hands it to the reader, pushed in pieces that end at `cuts`. */
function scanned(text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const scanner = createJsonScanner('x.json', () => {});
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const out: Buffer[] = [];
  try {
    for (const [i, start] of [0, ...at].entries())
      out.push(Buffer.from(scanner.push(bytes.subarray(start, at[i] ?? bytes.length))));
    scanner.end();
  } catch (error) {
    if (error instanceof OutlayError) return error.code;
    throw error;
  }
  return Buffer.concat(out).toString();
}

describe('JSON text', () => {
  test('numbers become texts digit for digit, everything else stays', () => {
    expect(scanned('{"a": -1.50e-05, "b": [1, {"c": 0}], "d": "2", "e": null, "f": "\\"3"}')).toBe(
      '{"a":"-1.50e-05","b":["1",{"c":"0"}],"d":"2","e":null,"f":"\\"3"}\n',
    );
    const list = '\uFEFF [\n{"a": 1},\n {"a": 2} ]\n';
    expect(scanned(list)).toBe('{"a":"1"}\n{"a":"2"}\n');
    expect(scanned('{"a":1}{"a":2}\r\n{"a":3}')).toBe('{"a":"1"}\n{"a":"2"}\n{"a":"3"}\n');
  });

  test('where the bytes are cut makes no difference, and no value is changed', () => {
    const withText = (value: unknown): unknown =>
      typeof value === 'number'
        ? JSON.stringify(value)
        : Array.isArray(value)
          ? value.map(withText)
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, of]) => [key, withText(of)]))
            : value;
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.constantFrom(0, 1, 2),
        fc.array(fc.nat({ max: 5000 }), { maxLength: 12 }),
        fc.boolean(),
        (records, indent, cuts, isList) => {
          const text = isList
            ? JSON.stringify(records, null, indent)
            : records.map((record) => JSON.stringify(record, null, indent)).join('\n');
          const whole = scanned(text);
          expect(scanned(text, cuts)).toBe(whole);
          expect(
            whole
              .trimEnd()
              .split('\n')
              .map((line) => JSON.parse(line) as unknown),
          ).toEqual(records.map(withText));
        },
      ),
      campaign('json: chunks and values', 200),
    );
  });

  test.each([
    ['cut in a record', '{"a": 1, "b', 'FILE_DAMAGED'],
    ['cut in a list', '[{"a": 1}', 'FILE_DAMAGED'],
    ['text behind a list', '[{"a": 1}] x', 'FILE_DAMAGED'],
    ['a record that is none', '{"a": 1} nonsense', 'FILE_DAMAGED'],
    ['a line break in a text', '{"a": "1\n"}', 'FILE_DAMAGED'],
    ['nested without end', '{"a":'.repeat(100), 'FILE_TOO_LARGE'],
    ['not JSON inside', '{a: 1}', 'FILE_DAMAGED'],
  ])('%s', (_, text, code) => expect(scanned(text)).toBe(code));
});

describe('packed and other forms', () => {
  const record = JSON.stringify(focusRow());
  test.each<[string, string | Uint8Array]>([
    ['bill.csv.zst', zstdCompressSync(bill('1.25'))],
    ['bill.json', `[${record}]`],
    ['bill.jsonl', `${record}\n`],
    ['bill.json.gz', gzipSync(record)],
    ['named.wrongly', zstdCompressSync(record)],
  ])('%s', async (name, content) => {
    expect(await place.load(place.file(name, content))).toMatchObject([
      { status: 'loaded', rowsKept: 1, totals: [{ billed: '1.25' }] },
    ]);
  });

  test('zstd that is cut or damaged', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => focusRow({ ResourceId: `${i * 7919}` }));
    const packed = zstdCompressSync(focusCsv(rows));
    const [cut] = await place.load(place.file('cut.zst', packed.subarray(0, packed.length - 20)));
    expect(cut).toMatchObject({ status: 'refused', code: 'FILE_DAMAGED' });
    const wrong = Buffer.from(packed);
    wrong.fill(0xff, 40, 80);
    const [damaged] = await place.load(place.file('wrong.zst', wrong));
    expect(damaged).toMatchObject({ status: 'refused' });
    expect(damaged?.code).not.toBe('INTERNAL');
  });

  test('a JSON bill with a record that is cut, and one with a bad amount', async () => {
    const [cut] = await place.load(place.file('cut.json', `${record}\n${record.slice(0, 50)}`));
    expect(cut).toMatchObject({ status: 'refused', code: 'FILE_DAMAGED' });
    const bad = JSON.stringify(focusRow({ BilledCost: 'x' }));
    const [second] = await place.load(place.file('bad.json', `${record}\n${bad}`));
    expect(second?.reason).toContain('row 2, BilledCost: "x"');
  });
});

describe('patterns', () => {
  test('a pattern that no shell expanded is expanded; a file of that name comes first', async () => {
    place.file('in/1.csv', bill('1'));
    place.file('in/2.csv', bill('2'));
    place.file('in/sub/3.csv', bill('4'));
    const loads = await place.load(join(place.folder, 'in', '*.csv'));
    expect(loads.map(({ file }) => file)).toEqual(['1.csv', '2.csv']);
    expect(await total()).toBe('3');
    place.file('in/*.csv', bill('8'));
    const [literal] = await place.load(join(place.folder, 'in', '*.csv'), { replace: true });
    expect(literal?.file).toBe('*.csv');
    expect(await total()).toBe('8');
    const [none] = await place.load(join(place.folder, 'in', '*.none'));
    expect(none).toMatchObject({ status: 'refused', code: 'FILE_NOT_FOUND' });
  });

  test('a file named twice, by its name and by its folder, counts once', async () => {
    const path = place.file('in/1.csv', bill('1'));
    expect(await place.load([path, join(place.folder, 'in')])).toHaveLength(1);
  });

  test('hive folders', async () => {
    place.file('export/data/BILLING_PERIOD=2026-03/a-1.csv', bill('1'));
    place.file('export/data/BILLING_PERIOD=2026-03/a-2.csv', bill('2'));
    await place.load(join(place.folder, 'export'));
    expect(await total()).toBe('3');
  });
});

describe('manifests', () => {
  const legacy = (keys: string[]) => JSON.stringify({ assemblyId: 'b', reportKeys: keys });

  test('name the files that belong together, by keys of their bucket', async () => {
    place.file('r/20260301-20260401/b/r-1.csv.gz', gzipSync(bill('1')));
    place.file('r/20260301-20260401/b/r-2.csv.gz', gzipSync(bill('2')));
    place.file('r/20260301-20260401/a/r-1.csv.gz', gzipSync(bill('99')));
    const manifest = place.file(
      'r/20260301-20260401/r-Manifest.json',
      legacy(['prefix/r/20260301-20260401/b/r-1.csv.gz', '/r/20260301-20260401/b/r-2.csv.gz']),
    );
    const loads = await place.load(manifest);
    expect(loads.map(({ file, status }) => [file, status])).toEqual([
      ['r-1.csv.gz', 'loaded'],
      ['r-2.csv.gz', 'loaded'],
    ]);
    expect(await total()).toBe('3');
  });

  test('in a folder, leave out the sets of files that they replace', async () => {
    const folder = 'r/20260301-20260401';
    place.file(`${folder}/b/r-1.csv`, bill('1'));
    place.file(`${folder}/a/r-1.csv`, bill('99'));
    place.file(`${folder}/a/r-Manifest.json`, legacy([`${folder}/a/r-1.csv`]));
    place.file(`${folder}/r-Manifest.json`, legacy([`${folder}/b/r-1.csv`]));
    const loads = await place.load(join(place.folder, 'r'));
    expect(loads.filter(({ status }) => status === 'loaded')).toHaveLength(1);
    expect(loads.every(({ status }) => status === 'loaded' || status === 'skipped')).toBe(true);
    expect(loads.some(({ reason }) => reason?.includes('r-Manifest.json names'))).toBe(true);
    expect(await total()).toBe('1');
  });

  test('of data exports stand in a folder of their own', async () => {
    place.file('e/data/BILLING_PERIOD=2026-03/e-1.csv', bill('5'));
    const manifest = place.file(
      'e/metadata/BILLING_PERIOD=2026-03/e-Manifest.json',
      JSON.stringify({ dataFiles: ['s3://bucket/p/e/data/BILLING_PERIOD=2026-03/e-1.csv'] }),
    );
    expect(await place.load(manifest)).toMatchObject([{ file: 'e-1.csv', status: 'loaded' }]);
    expect(await total()).toBe('5');
  });

  test('that name a file which is not there load nothing', async () => {
    place.file('r/b/1.csv', bill('1'));
    const manifest = place.file('r/m-Manifest.json', legacy(['r/b/1.csv', 'r/b/2.csv']));
    const loads = await place.load(manifest);
    expect(loads).toMatchObject([{ status: 'refused', code: 'FILE_NOT_FOUND' }]);
    expect(loads[0]?.reason).toContain('2.csv');
  });

  test('reach nothing outside their own folder', async () => {
    place.file('secret.csv', bill('77'));
    mkdirSync(join(place.folder, 'r'));
    symlinkSync(join(place.folder, 'secret.csv'), join(place.folder, 'r', 'link.csv'));
    for (const key of ['../secret.csv', 'r/../../secret.csv', join(place.folder, 'secret.csv')]) {
      const loads = await place.load(place.file('r/m-Manifest.json', legacy([key])));
      expect(loads).toMatchObject([{ status: 'refused' }]);
    }
    const linked = await place.load(place.file('r/m-Manifest.json', legacy(['r/link.csv'])));
    expect(linked).toMatchObject([{ status: 'refused', code: 'FILE_NOT_FOUND' }]);
  });
});
