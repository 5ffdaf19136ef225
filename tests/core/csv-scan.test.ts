import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createCsvScanner, type CsvShape } from '../../electron/core/ingest/csv-scan.ts';
import { OutlayError } from '../../shared/contract/errors.ts';
import { campaign } from '../builders/campaign.ts';
import { type Duck, openDuckDb, sqlText } from '../builders/duckdb.ts';
import { workspace, type Workspace } from '../builders/workspace.ts';

vi.setConfig({ testTimeout: 120_000 });

let duck: Duck;
let place: Workspace;
beforeAll(async () => {
  duck = await openDuckDb();
  place = workspace();
});
afterAll(async () => {
  duck.close();
  await place.close();
});

interface Scanned extends CsvShape {
  text: string;
}

/** Scans bytes cut at the given places; a refusal is its message. */
function scan(bytes: Buffer, cuts: readonly number[]): Scanned | string {
  const scanner = createCsvScanner('bill.csv', () => {});
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const out: Buffer[] = [];
  try {
    for (const [i, start] of [0, ...at].entries())
      out.push(scanner.push(bytes.subarray(start, at[i] ?? bytes.length)));
    return { ...scanner.end(), text: Buffer.concat(out).toString() };
  } catch (error) {
    if (error instanceof OutlayError) return `${error.code} ${error.message}`;
    throw error;
  }
}

const cell = fc.constantFrom(
  '',
  'a',
  '1.5',
  'two words',
  'x,y',
  'p;q',
  'say "hi"',
  '"',
  '""',
  'line\nfeed',
  'cr\r\nlf',
  'é€😀',
  '\t',
);
const table = fc.record({
  header: fc
    .integer({ min: 2, max: 4 })
    .map((n) => Array.from({ length: n }, (_, i) => `Column${i}`)),
  rows: fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { maxLength: 12 }),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  lineEnds: fc.array(fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n'), {
    minLength: 13,
    maxLength: 13,
  }),
  bom: fc.boolean(),
  lastEnd: fc.boolean(),
  cuts: fc.array(fc.nat({ max: 10_000 }), { maxLength: 30 }),
});

/** Every cell quoted or bare as it must be; the cells are what a reader has to find. */
function write({
  header,
  rows,
  delimiter,
  lineEnds,
  bom,
  lastEnd,
}: typeof table extends fc.Arbitrary<infer T> ? T : never) {
  const quoted = (text: string) =>
    text === '' || /["\r\n]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const cells = [header, ...rows.map((row) => row.slice(0, header.length))];
  const lines = cells.map((row) => row.map(quoted).join(delimiter));
  const text = lines
    .map(
      (line, i) => line + (i === lines.length - 1 && !lastEnd ? '' : lineEnds[i % lineEnds.length]),
    )
    .join('');
  return { text: (bom ? '\uFEFF' : '') + text, cells };
}

test('where the bytes are cut makes no difference, and the cells are those that were written', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (input) => {
      const { text, cells } = write(input);
      const bytes = Buffer.from(text);
      const whole = scan(bytes, []);
      expect(scan(bytes, input.cuts)).toEqual(whole);
      expect(
        scan(
          bytes,
          Array.from({ length: bytes.length }, (_, i) => i),
        ),
      ).toEqual(whole);
      if (typeof whole === 'string') throw new Error(whole);
      expect(whole.records).toBe(input.rows.length);
      expect(whole.header).toEqual(input.header);
      if (input.header.length > 1) expect(whole.delimiter).toBe(input.delimiter);
      // What the reader gets: the normalised text where it must not see the file as it is.
      const path = place.file('normal.csv', whole.needsRewrite ? whole.text : text);
      const read = await duck.rows(`SELECT * FROM read_csv(${sqlText(path)}, header = true,
        auto_detect = false, delim = ${sqlText(input.delimiter)}, quote = '"', escape = '"',
        new_line = '\\n', strict_mode = true,
        columns = {${input.header.map((name) => `'${name}': 'VARCHAR'`).join(', ')}})`);
      const found = read.map((row) => input.header.map((name) => row[name] ?? ''));
      expect(found).toEqual(cells.slice(1));
    }),
    campaign('csv: chunks and cells', 150),
  );
});

test('quotes and line ends across the borders of 1 MB reads', async () => {
  const filler = 'x'.repeat(1 << 20);
  for (let back = 0; back < 6; back++) {
    const head = 'Column0,Column1\n';
    const start = filler.slice(0, (1 << 20) - head.length - back);
    const text = `${head}${start},"a ""quoted"" cell,\r\nof two lines"\n1,2\n`;
    const bytes = Buffer.from(text);
    expect(scan(bytes, [1 << 20])).toEqual(scan(bytes, []));
    expect(scan(bytes, [1 << 20])).toMatchObject({ records: 2 });
  }
});

test('random bytes are scanned alike however they are cut, and never crash', () => {
  const byte = fc.constantFrom(...Buffer.from('",;\r\nab '));
  fc.assert(
    fc.property(
      fc.array(byte, { minLength: 1, maxLength: 60 }),
      fc.array(fc.nat({ max: 60 })),
      (bytes, cuts) => {
        const text = Buffer.from([...Buffer.from('a,b\n'), ...bytes]);
        expect(scan(text, cuts)).toEqual(scan(text, []));
      },
    ),
    campaign('csv: noise', 500),
  );
});

test.each([
  ['a,b\n1,2\n3\n', 'row 3 (line 3): 1 cells, the header has 2'],
  ['a,b\n1,2\n3,4,5\n', 'row 3 (line 3): 3 cells, the header has 2'],
  ['a,b\n"two\nlines",2\n3\n', 'row 3 (line 4): 1 cells, the header has 2'],
  ['\n\r\na,b\n\n1,2\n\n\n3\n', 'row 3 (line 8): 1 cells, the header has 2'],
  ['a,b\r\n1,2\r\n3,"4\r\n5,6\r\n', 'row 3 (line 3): a quoted cell is not closed'],
  ['a,b\r1,2\r3\r', 'row 3 (line 3): 1 cells, the header has 2'],
])('%j is refused naming row and line', (text, message) => {
  expect(scan(Buffer.from(text), [])).toContain(`ROW_BAD bill.csv, ${message}`);
});

test('blank lines and a byte-order mark before the header are passed over', () => {
  expect(scan(Buffer.from('\uFEFF\r\n\n a , b \n1,2\n'), [1, 2, 3])).toMatchObject({
    header: ['a', 'b'],
    records: 1,
    needsRewrite: true,
    text: ' a , b \n1,2\n',
  });
});

test('a lone CR at the very end is not part of the last cell', () => {
  expect(scan(Buffer.from('a,b\n1,2\r'), [])).toMatchObject({
    records: 1,
    needsRewrite: true,
    text: 'a,b\n1,2\n',
  });
});
