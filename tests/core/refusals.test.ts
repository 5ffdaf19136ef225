import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import { openDuckDb, sqlText } from '../builders/duckdb.ts';
import { focusCsv, type FocusRow, focusRow } from '../builders/focus.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let place: Workspace;
let loaded: string;
beforeAll(async () => {
  place = workspace();
  await place.load(place.file('good.csv', focusCsv([focusRow(), focusRow({ ServiceName: 'S3' })])));
  loaded = place.dump();
});
afterAll(() => place.close());

/** By the command line, as a script would see it: exit 2, one JSON document, nothing changed. */
async function refused(
  path: string,
  code: ErrorCode,
  ...named: (string | RegExp)[]
): Promise<void> {
  const answer = await place.cli('import', '--json', '--', path);
  const document = JSON.parse(answer.out) as {
    error: { code: string; message: string; hint?: string };
    loads: { status: string; code: string; reason: string }[];
  };
  expect({
    code: document.error.code,
    exit: answer.code,
    message: document.error.message,
  }).toMatchObject({ code, exit: 2 });
  for (const text of named)
    expect(document.error.message).toMatch(typeof text === 'string' ? plain(text) : text);
  expect(document.error.hint).toBeTruthy();
  expect(document.error.message).not.toContain(place.folder);
  expect(document.loads).toHaveLength(1);
  expect(document.loads[0]).toMatchObject({
    status: 'refused',
    code,
    reason: document.error.message,
  });
  expect(place.dump()).toBe(loaded);
}

function plain(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

const good = focusCsv([focusRow(), focusRow({ BilledCost: '2' })]);
const bad = (cells: FocusRow) => focusCsv([focusRow(), focusRow(cells)]);
const without = (name: string) =>
  focusCsv([focusRow()], { columns: Object.keys(focusRow()).filter((column) => column !== name) });

describe('what is no bill', () => {
  test.each<[string, string | Uint8Array, ErrorCode]>([
    ['notes.txt', 'Shopping: milk, bread, eggs\n', 'NOT_A_BILL'],
    ['notes.md', '# Title\n\nA text, with commas, and lines.\n', 'NOT_A_BILL'],
    ['picture.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'NOT_A_BILL'],
    ['data.json', '{"a": [1, 2],\n "b": {"c": null}}\n', 'NOT_A_BILL'],
    ['archive.zip', Buffer.from('504b0304140000000800', 'hex'), 'NOT_A_BILL'],
    ['other.csv', 'name,age\nA,1\n', 'NOT_A_BILL'],
    ['text.gz', gzipSync('hello world\n'), 'NOT_A_BILL'],
    ['tar.gz', gzipSync(Buffer.alloc(2048)), 'NOT_A_BILL'],
    ['blank.csv', '\n\n\r\n', 'NOT_A_BILL'],
    ['long.csv', 'x'.repeat(1_200_000), 'NOT_A_BILL'],
    ['empty.csv', '', 'FILE_EMPTY'],
    ['empty.gz', gzipSync(''), 'FILE_EMPTY'],
    ['header.csv', good.split('\n')[0]!, 'FILE_EMPTY'],
    ['header-line.csv', `${good.split('\n')[0]}\n`, 'FILE_EMPTY'],
    ['utf16.csv', Buffer.from(`\uFEFF${good}`, 'utf16le'), 'UNSUPPORTED_FORMAT'],
    ['zstd.csv.zst', Buffer.from('28b52ffd0458', 'hex'), 'FILE_DAMAGED'],
    ['invoice.pdf', '%PDF-1.7\n', 'UNSUPPORTED_FORMAT'],
    [
      'sheet.xlsx',
      Buffer.from('PK\u0003\u0004\u0014\u0000[Content_Types].xml'),
      'UNSUPPORTED_FORMAT',
    ],
  ])('%s', async (name, content, code) => {
    await refused(place.file(name, content), code, name);
  });

  test('a directory without bills, an empty one, and a missing path', async () => {
    place.file('nothing/readme.md', 'hello, you\nthere\n');
    const folder = await place.cli('import', join(place.folder, 'nothing'), '--json');
    expect(folder.code).toBe(2);
    expect(JSON.parse(folder.out)).toMatchObject({
      error: { code: 'NOT_A_BILL' },
      loads: [{ file: 'readme.md', status: 'skipped' }],
    });
    mkdirSync(join(place.folder, 'void'));
    const none = await place.cli('import', join(place.folder, 'void'), '--json');
    expect(none.code).toBe(2);
    expect(JSON.parse(none.out)).toMatchObject({ error: { code: 'NOT_A_BILL' }, loads: [] });
    await refused(join(place.folder, 'missing.csv'), 'FILE_NOT_FOUND', 'missing.csv');
    expect(place.dump()).toBe(loaded);
  });
});

describe('files that are cut or damaged', () => {
  const rows = Array.from({ length: 3000 }, (_, i) =>
    focusRow({ ResourceId: `resource-${(i * 7919) % 3000}` }),
  );
  const text = focusCsv(rows);
  const gz = gzipSync(text);

  test('a gzip file cut in the middle of a row, and at a row boundary', async () => {
    await refused(
      place.file('cut.csv.gz', gz.subarray(0, gz.length / 2)),
      'FILE_DAMAGED',
      'cut.csv.gz',
    );
    await refused(
      place.file('tail.csv.gz', gz.subarray(0, gz.length - 8)),
      'FILE_DAMAGED',
      'tail.csv.gz',
    );
  });

  test('a gzip file with a wrong checksum or a wrong length', async () => {
    for (const at of [gz.length - 8, gz.length - 4]) {
      const wrong = Buffer.from(gz);
      wrong[at] = (wrong[at] ?? 0) ^ 1;
      await refused(place.file('wrong.csv.gz', wrong), 'FILE_DAMAGED', 'wrong.csv.gz');
    }
  });

  test('a flipped bit inside the compressed data', async () => {
    const wrong = Buffer.from(gz);
    wrong[gz.length >> 1] = (wrong[gz.length >> 1] ?? 0) ^ 0x10;
    const answer = await place.cli('import', place.file('flipped.csv.gz', wrong), '--json');
    expect(answer.code).toBe(2);
    expect(place.dump()).toBe(loaded);
  });

  test('CSV cut in the middle of a row or of a quoted cell', async () => {
    const lines = good.trimEnd().split('\n');
    await refused(
      place.file('row.csv', `${lines[0]}\n${lines[1]}\n${lines[2]?.slice(0, 20)}`),
      'ROW_BAD',
      'row.csv',
      'row 3',
      'line 3',
    );
    await refused(
      place.file('quote.csv', `${lines[0]}\n${lines[1]}\n"${lines[2]}\n`),
      'ROW_BAD',
      'quote.csv',
      'row 3',
      'not closed',
    );
  });

  test('rows with a cell too many or too few', async () => {
    const lines = good.trimEnd().split('\n');
    await refused(
      place.file('long.csv', `${lines[0]}\n${lines[1]}\n${lines[2]},x\n`),
      'ROW_BAD',
      'row 3',
      '16 cells, the header has 15',
    );
    await refused(
      place.file('short.csv', `${lines[0]}\n${lines[1]?.replace(/,[^,]*$/, '')}\n${lines[2]}\n`),
      'ROW_BAD',
      'row 2',
      '14 cells, the header has 15',
    );
  });

  test('Parquet cut anywhere', async () => {
    const duck = await openDuckDb();
    const path = place.file('whole.parquet', '');
    const csv = place.file('source.csv', text);
    await duck.connection.run(
      `COPY (SELECT * FROM read_csv(${sqlText(csv)}, all_varchar = true)) TO ${sqlText(path)} (FORMAT parquet)`,
    );
    duck.close();
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(path);
    for (const length of [6, 12, bytes.length >> 1, bytes.length - 1]) {
      await refused(
        place.file('cut.parquet', bytes.subarray(0, length)),
        'FILE_DAMAGED',
        'cut.parquet',
      );
    }
  });

  test('NUL bytes and text that is not UTF-8', async () => {
    await refused(place.file('nul.csv', good.replace('EC2', 'EC\0')), 'NOT_A_BILL', 'nul.csv');
    const late = focusCsv([...rows, focusRow({ ServiceName: 'a\0b' })]);
    await refused(
      place.file('late-nul.csv', late),
      'FILE_DAMAGED',
      'late-nul.csv',
      'row 3002 (line 3002)',
    );
    const latin = Buffer.from(good.replace('EC2', 'Caf\u00e9'), 'latin1');
    await refused(place.file('latin1.csv', latin), 'FILE_DAMAGED', 'latin1.csv', 'line 2', 'UTF-8');
  });
});

describe('columns and cells', () => {
  test.each(['BilledCost', 'BillingCurrency', 'ChargePeriodStart', 'BillingPeriodStart'])(
    'without %s',
    async (column) => {
      await refused(
        place.file('missing.csv', without(column)),
        'COLUMN_MISSING',
        'missing.csv',
        column,
      );
    },
  );

  test('two columns of one name, however it is spelled', async () => {
    const lines = good.trimEnd().split('\n');
    const twice = `${lines[0]},billedcost\n${lines[1]},1\n${lines[2]},2\n`;
    await refused(place.file('twice.csv', twice), 'COLUMN_DUPLICATE', 'twice.csv', /billedcost/i);
  });

  test.each<[string, FocusRow, ErrorCode, ...(string | RegExp)[]]>([
    [
      'an amount with words',
      { BilledCost: 'twelve' },
      'AMOUNT_BAD',
      'row 3',
      'BilledCost',
      '"twelve"',
    ],
    [
      'the sign of another currency',
      { EffectiveCost: '€1.00' },
      'AMOUNT_BAD',
      'row 3',
      'EffectiveCost',
      '"€1.00"',
    ],
    ['a comma that may be either', { ListCost: '1,234' }, 'AMOUNT_BAD', 'row 3', 'ListCost'],
    ['a sign and such a comma', { ListCost: '$1,234' }, 'AMOUNT_BAD', 'row 3', 'ListCost'],
    ['points for thousands', { ListCost: '1.234,50' }, 'AMOUNT_BAD', 'row 3', 'ListCost'],
    ['a decimal comma', { BilledCost: '1,5' }, 'AMOUNT_BAD', 'row 3'],
    ['not a number', { BilledCost: 'NaN' }, 'AMOUNT_BAD', 'row 3'],
    ['infinity', { ContractedCost: '-Infinity' }, 'AMOUNT_BAD', 'row 3', 'ContractedCost'],
    ['hexadecimal', { BilledCost: '0x1F' }, 'AMOUNT_BAD', 'row 3'],
    [
      '28 decimals',
      { BilledCost: `0.${'0'.repeat(27)}1` },
      'AMOUNT_BAD',
      'row 3',
      'BilledCost',
      '27',
    ],
    ['28 decimals by exponent', { BilledCost: '1e-28' }, 'AMOUNT_BAD', 'row 3', 'BilledCost'],
    [
      '16 digits before the point',
      { BilledCost: '1234567890123456' },
      'AMOUNT_BAD',
      'row 3',
      'BilledCost',
    ],
    ['an exponent of 999', { BilledCost: '1e999' }, 'AMOUNT_BAD', 'row 3', 'BilledCost', '"1e999"'],
    ['an exponent of -999', { ListCost: '1e-999' }, 'AMOUNT_BAD', 'row 3', 'ListCost'],
    ['an exponent of 60 digits', { BilledCost: '1e40' }, 'AMOUNT_BAD', 'row 3'],
    ['a bad quantity', { ConsumedQuantity: 'many' }, 'AMOUNT_BAD', 'row 3', /Quantity/],
    [
      'the month first',
      { ChargePeriodStart: '03/05/2026' },
      'DATE_BAD',
      'row 3',
      'ChargePeriodStart',
      '"03/05/2026"',
    ],
    ['a day that does not exist', { ChargePeriodStart: '2026-02-30' }, 'DATE_BAD', 'row 3'],
    [
      'an hour that does not exist',
      { ChargePeriodStart: '2026-02-03T25:00:00Z' },
      'DATE_BAD',
      'row 3',
    ],
    ['a time without its date', { ChargePeriodStart: '12:00:00' }, 'DATE_BAD', 'row 3'],
    ['a number for a date', { ChargePeriodStart: '46086' }, 'DATE_BAD', 'row 3'],
    [
      'a named zone',
      { ChargePeriodStart: '2026-03-05 00:00:00 Europe/Berlin' },
      'DATE_BAD',
      'row 3',
    ],
    ['no currency', { BillingCurrency: '' }, 'CURRENCY_BAD', 'row 3', 'BillingCurrency'],
    [
      'a bad currency',
      { BillingCurrency: 'Dollar' },
      'CURRENCY_BAD',
      'row 3',
      'BillingCurrency',
      /DOLLAR/i,
    ],
    ['no billing period', { BillingPeriodStart: '' }, 'PERIOD_BAD', 'row 3', 'BillingPeriodStart'],
    [
      'a bad billing period',
      { BillingPeriodStart: 'March' },
      'PERIOD_BAD',
      'row 3',
      'BillingPeriodStart',
    ],
  ])('%s', async (_, cells, code, ...named) => {
    await refused(place.file('cells.csv', bad(cells)), code, 'cells.csv', ...named);
  });

  test('a row is counted as a spreadsheet counts, also in Parquet and behind quoted lines', async () => {
    const rows = [
      focusRow({ ServiceName: 'two\nlines' }),
      ...Array.from({ length: 5000 }, () => focusRow()),
      focusRow({ BilledCost: 'x' }),
    ];
    const path = place.file('far.csv', focusCsv(rows, { lineEnd: '\r\n' }));
    await refused(path, 'AMOUNT_BAD', 'row 5003,');
    const duck = await openDuckDb();
    const parquet = place.file('far.parquet', '');
    await duck.connection.run(
      `COPY (SELECT * FROM read_csv(${sqlText(path)}, all_varchar = true)) TO ${sqlText(parquet)} (FORMAT parquet)`,
    );
    duck.close();
    await refused(parquet, 'AMOUNT_BAD', 'far.parquet', 'row 5002,');
  });
});

describe('hostile names', () => {
  test.each([
    "it's.csv",
    'two "quotes".csv',
    '*.csv',
    '[x].csv',
    '?.csv',
    '-rf.csv',
    '--replace',
    'new\nline.csv',
    'semi;colon $(id) `id`.csv',
    'Ünïcödé 😀.csv',
    '.hidden.csv',
    '%41.csv',
    'a b.csv.gz',
  ])('%j is read as the file that it names', async (name) => {
    const own = workspace();
    try {
      own.file('x.csv', focusCsv([focusRow({ BilledCost: '99' })]));
      const path = own.file(`in/${name}`, focusCsv([focusRow()]));
      const answer = await own.cli('import', '--json', path);
      expect(answer).toMatchObject({ code: 0, err: '' });
      expect(JSON.parse(answer.out)).toMatchObject({ loads: [{ file: name, status: 'loaded' }] });
      expect((await own.call('costs.query', {})).totals[0]?.cost).toBe('1.25');
      expect(await own.load(own.file('bad', bad({ BilledCost: 'x' })))).toMatchObject([
        { status: 'refused' },
      ]);
    } finally {
      await own.close();
    }
  });

  test('a Parquet file with a pattern for a name, and links in a folder', async () => {
    const own = workspace();
    const duck = await openDuckDb();
    try {
      const csv = own.file('source.csv', good);
      const path = own.file('in/*[ab]?.parquet', '');
      const plainPath = own.file('in/plain.bin', '');
      await duck.connection.run(
        `COPY (SELECT * FROM read_csv(${sqlText(csv)}, all_varchar = true)) TO ${sqlText(plainPath)} (FORMAT parquet)`,
      );
      const { copyFileSync } = await import('node:fs');
      copyFileSync(plainPath, path);
      rmSync(plainPath);
      symlinkSync('/etc/hostname', join(own.folder, 'in', 'link.csv'));
      symlinkSync(own.folder, join(own.folder, 'in', 'loop'));
      const loads = await own.load(join(own.folder, 'in'));
      expect(loads).toMatchObject([{ file: '*[ab]?.parquet', status: 'loaded', rowsKept: 2 }]);
    } finally {
      duck.close();
      await own.close();
    }
  });
});
