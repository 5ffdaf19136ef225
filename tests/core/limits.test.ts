import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCsvScanner } from '../../electron/core/ingest/csv-scan.ts';
import { createJsonScanner } from '../../electron/core/ingest/json-scan.ts';
import { canonicalTags } from '../../electron/core/ingest/tags.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import { openDuckDb, sqlText } from '../builders/duckdb.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
beforeEach(() => (place = workspace()));
afterEach(() => place.close());

function more(count: number): FocusRow {
  const names = Array.from({ length: count }, (_, i) => [`x_${i}`, 'v'] as const);
  return { ...focusRow(), ...Object.fromEntries(names) };
}
const own = Object.keys(focusRow()).length;
const jsonLine = (row: object) => `${JSON.stringify(row)}\n`;

/** The code of what a scanner throws. */
function refusalOf(scan: () => void): string {
  try {
    scan();
  } catch (error) {
    if (error instanceof OutlayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test('a text that all rows of a Parquet file share stands in it once; written out it is refused', async () => {
  const duck = await openDuckDb();
  try {
    const load = async (name: string, length: number) => {
      const path = place.file(`${name}.parquet`, '');
      await duck.connection.run(
        `COPY (SELECT 'A1' AS billing_account_id, {'description': 'Compute'} AS service,
           TIMESTAMP '2026-03-01' AS usage_start_time, '1' AS cost, 'USD' AS currency,
           {'month': '202603'} AS invoice, repeat('x', ${length}) AS labels FROM range(500))
         TO ${sqlText(path)} (FORMAT parquet)`,
      );
      return await place.load(path);
    };
    expect(await load('short', 200)).toMatchObject([{ status: 'loaded', rowsKept: 500 }]);
    expect(await load('long', 200_000)).toMatchObject([
      { code: 'FILE_TOO_LARGE', reason: expect.stringContaining('256 times its size') },
    ]);
  } finally {
    duck.close();
  }
});

describe('columns', () => {
  test('2,000 of JSON are read and named in part; one more is refused', async () => {
    const [load] = await place.load(place.file('a.jsonl', jsonLine(more(2_000 - own))));
    expect(load).toMatchObject({ status: 'loaded', rowsKept: 1 });
    const unknown = load?.warnings.find(({ message }) => message.includes('x_0, x_1,'));
    expect(unknown?.count).toBe(2_000 - own);
    expect(unknown?.message).toMatch(/ and 1[0-9]{3} more: /);
    expect(unknown?.message.length).toBeLessThan(1_500);
    expect(await place.load(place.file('b.jsonl', jsonLine(more(2_001 - own))))).toMatchObject([
      { status: 'refused', code: 'FILE_TOO_LARGE', reason: expect.stringContaining('2,000') },
    ]);
  });

  test('2,000 of CSV are read; one more is refused', async () => {
    expect(await place.load(place.file('a.csv', focusCsv([more(2_000 - own)])))).toMatchObject([
      { status: 'loaded' },
    ]);
    expect(await place.load(place.file('b.csv', focusCsv([more(2_001 - own)])))).toMatchObject([
      { status: 'refused' },
    ]);
  });

  test('2,000 of Parquet are read; one more is refused, and a name of the reader itself', async () => {
    const duck = await openDuckDb();
    const parquet = async (name: string, row: FocusRow) => {
      const csv = place.file(`${name}.csv`, focusCsv([row]));
      const path = place.file(`${name}.parquet`, '');
      await duck.connection.run(
        `COPY (SELECT * FROM read_csv(${sqlText(csv)}, all_varchar = true, header = true, delim = ','))
         TO ${sqlText(path)} (FORMAT parquet)`,
      );
      return await place.load(path);
    };
    try {
      expect(await parquet('a', more(2_000 - own))).toMatchObject([{ status: 'loaded' }]);
      expect(await parquet('b', more(2_001 - own))).toMatchObject([
        { status: 'refused', code: 'FILE_TOO_LARGE' },
      ]);
      expect(await parquet('c', { ...focusRow(), File_Row_Number: '1' })).toMatchObject([
        {
          status: 'refused',
          code: 'UNSUPPORTED_FORMAT',
          reason: expect.stringContaining('File_Row_Number'),
        },
      ]);
    } finally {
      duck.close();
    }
  });

  test('a name of a megabyte is no message of a megabyte', async () => {
    const name = 'n'.repeat(400_000);
    const [twice] = await place.load(
      place.file('a.csv', focusCsv([focusRow()]).replaceAll('\n', `,${name},${name}\n`)),
    );
    expect(twice).toMatchObject({ status: 'refused', code: 'COLUMN_DUPLICATE' });
    expect(twice?.reason?.length).toBeLessThan(300);
    const [unknown] = await place.load(
      place.file('b.csv', focusCsv([{ ...focusRow(), [name]: 'v' }])),
    );
    expect(unknown?.status).toBe('loaded');
    for (const { message } of unknown?.warnings ?? []) expect(message.length).toBeLessThan(1_500);
  });
});

test('a header that does not end in a megabyte is none', () => {
  const scanner = createCsvScanner('a.csv', () => {});
  const megabyte = Buffer.alloc(1 << 20, 'x');
  expect(refusalOf(() => scanner.push(megabyte))).toMatch(/^NOT_A_BILL: a.csv/);
});

test('a JSON record is at most 200 MB', () => {
  const scanner = createJsonScanner('a.json', () => {});
  const part = Buffer.alloc(1 << 24, 'x');
  scanner.push(Buffer.from('{"BilledCost":"'));
  for (let n = 0; n < 11; n++) scanner.push(part);
  expect(refusalOf(() => scanner.push(part))).toMatch(
    /^FILE_TOO_LARGE: a.json holds one JSON record/,
  );
});

describe('depth', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  test('JSON nested 32 levels is read, deeper is refused', async () => {
    const record = (levels: number) =>
      jsonLine(focusRow()).replace(/\}\n$/, `,"x_deep":${nested(levels - 1)}}\n`);
    expect(await place.load(place.file('a.jsonl', record(32)))).toMatchObject([
      { status: 'loaded' },
    ]);
    for (const levels of [33, 100_000]) {
      expect(await place.load(place.file('b.jsonl', record(levels)))).toMatchObject([
        {
          status: 'refused',
          code: 'FILE_TOO_LARGE',
          reason: expect.stringContaining('b.jsonl, record 1 is nested deeper than 32 levels'),
          // Not that it is cut: it is whole.
          hint: expect.not.stringMatching(/cut|damaged/),
        },
      ]);
    }
  });

  test('tags nested too deep for any reader are kept whole under a name of their own', async () => {
    expect(canonicalTags('{"a":[[1]]}')).toBe('{"a":"[[1]]"}');
    for (const levels of [33, 100_000]) {
      expect(canonicalTags(`{"a":${nested(levels)}}`)).toBeUndefined();
      expect(canonicalTags(`[{"key":"a","value":${nested(levels)}}]`)).toBeUndefined();
    }
    const Tags = `{"a":${nested(100_000)}}`;
    const [load] = await place.load(place.file('a.csv', focusCsv([focusRow({ Tags })])));
    expect(load).toMatchObject({
      status: 'loaded',
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'TAGS_UNREADABLE' })]),
    });
    const { rows } = await place.call('costs.query', { by: ['tag:unreadable'] });
    expect(rows.map((row) => row.keys['tag:unreadable'])).toEqual([Tags]);
  });
});

describe('manifests', () => {
  const manifest = (keys: readonly string[]) => JSON.stringify({ reportKeys: keys });

  test('with very many files, or paths of very many folders, end at once', async () => {
    const many = place.file('many-Manifest.json', manifest(Array<string>(300_000).fill('a/b/c')));
    const deep = place.file('deep-Manifest.json', manifest([`${'a/'.repeat(1_000_000)}b.csv`]));
    const started = performance.now();
    expect(await place.load(many)).toMatchObject([{ status: 'refused', code: 'NOT_A_BILL' }]);
    expect(await place.load(deep)).toMatchObject([{ status: 'refused', code: 'FILE_NOT_FOUND' }]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('name some of very many missing files', async () => {
    const keys = Array.from({ length: 5_000 }, (_, i) => `r/${i}.csv`);
    const [load] = await place.load(place.file('r-Manifest.json', manifest(keys)));
    expect(load).toMatchObject({ status: 'refused', code: 'FILE_NOT_FOUND' });
    expect(load?.reason).toMatch(/0\.csv, 1\.csv, .* and 4[0-9]{3} more/);
    expect(load?.reason?.length).toBeLessThan(1_500);
  });
});

test.skipIf(process.platform === 'win32')('devices and pipes are not opened', async () => {
  const pipe = join(place.folder, 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  const zero = join(place.folder, 'zero.csv');
  symlinkSync('/dev/zero', zero);
  for (const path of [pipe, zero]) {
    expect(await place.load(path)).toMatchObject([{ status: 'refused', code: 'NOT_A_BILL' }]);
  }
});
