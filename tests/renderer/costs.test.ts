import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CostsViewRow } from '../../shared/contract/costs.ts';
import { costsCsv, csvCell } from '../../renderer/data/download.ts';
import { byCost, changeWords, sortRows } from '../../renderer/pages/costs/tableRows.ts';

function row(keys: (string | null)[], cost: string | null, previous: string | null): CostsViewRow {
  return { keys, names: keys.map(() => null), cost, previous, colour: 7, spark: [] };
}

const rows = [
  row(['EC2', 'b'], '300', '100'),
  row(['S3', null], '200.5', '250'),
  row(['Tax', 'a'], null, null),
  row(['EKS', 'a'], '9.9', '0'),
];
const names = (sorted: readonly CostsViewRow[]) => sorted.map((one) => one.keys[0]);

describe('sorting the table', () => {
  it('leaves the order of the core, and sorts by any other column with unknown last', () => {
    expect(sortRows(rows, byCost)).toBe(rows);
    expect(names(sortRows(rows, { column: 'cost', descending: false }))).toEqual([
      'EKS',
      'S3',
      'EC2',
      'Tax',
    ]);
    expect(names(sortRows(rows, { column: 'change', descending: true }))).toEqual([
      'EC2',
      'EKS',
      'S3',
      'Tax',
    ]);
    expect(names(sortRows(rows, { column: { key: 1 }, descending: false }))).toEqual([
      'Tax',
      'EKS',
      'EC2',
      'S3',
    ]);
  });

  it('says what changed, and n/a where a side is unknown', () => {
    expect(changeWords(row(['x'], '300', '100'), 0)).toEqual({
      amount: '+200',
      percent: '+200.0%',
    });
    expect(changeWords(row(['x'], '9.9', '0'), 2)).toEqual({ amount: '+9.90', percent: 'new' });
    expect(changeWords(row(['x'], null, '1'), 0)).toEqual({ amount: 'n/a', percent: 'n/a' });
  });
});

/** Reads one line of CSV as a spreadsheet does. */
function cells(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)]
    .slice(0, -1)
    .map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replace(/""/g, '"') : cell));
}

describe('the export', () => {
  it('keeps every text readable and lets none become a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        const [read = ''] = cells(`${csvCell(text)},`);
        expect(read.replace(/^'/, '')).toBe(text.replace(/^'/, ''));
        expect(read).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });

  it('writes every digit, both ranges with their days, and amounts as numbers', () => {
    const csv = costsCsv(
      {
        metric: 'billed',
        currency: 'USD',
        range: { from: '2026-11-01', to: '2026-11-22' },
        compareRange: { from: '2026-10-01', to: '2026-10-22' },
        rows: [row(['=cmd()', null], '-12.000000001', null)],
      },
      ['service', 'tag:team'],
    );
    expect(csv.split('\r\n')).toEqual([
      'Service,Service name,Tag team,Tag team name,Currency,billed 2026-11-01 to 2026-11-21,billed 2026-10-01 to 2026-10-21',
      "'=cmd(),,,,USD,-12.000000001,",
      '',
    ]);
  });
});
