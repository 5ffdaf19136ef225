import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentCsv } from '../../shared/reports/csv.ts';
import type { Cell, ReportDocument } from '../../shared/reports/document.ts';
import { campaign } from '../builders/campaign.ts';

function documentOf(cells: Cell[]): ReportDocument {
  const table = {
    title: 'T',
    unit: '',
    columns: cells.map((_cell, i) => ({ label: `c${i}`, figures: false })),
    rows: [{ cells }],
    total: null,
    notes: [],
  };
  const blocks = [{ kind: 'table' as const, table }];
  return { title: 'R', left: '', right: '', sections: [{ heading: null, blocks }], footer: 'F' };
}

/** Reads RFC 4180 text. */
function records(text: string): string[][] {
  const found: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [, raw = '', end] = match;
    const plain = raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw;
    found.at(-1)?.push(plain);
    if (end === '\r\n') found.push([]);
    if (cell.lastIndex === text.length) break;
  }
  return found.slice(0, -1);
}

test('any text comes back as it was, and none is a formula', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('=1+1', '@SUM(A1)', '-cmd', '+1', '-4.5', 'a,"b"', 'two\r\nlines'),
  );
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 4 }), (texts) => {
      const csv = documentCsv(documentOf(texts.map((text) => ({ text }))));
      const row = records(csv)[6] ?? [];
      expect(row.map((text, i) => (text === `'${texts[i]}` ? texts[i] : text))).toEqual(texts);
      for (const text of row) expect(text).not.toMatch(/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/);
    }),
    campaign('report as CSV', 1000),
  );
});

test('amounts are exact, names keep what stands beside them', () => {
  const csv = documentCsv(
    documentOf([
      { text: 'Research', secondary: '0042' },
      { text: '\u22124', exact: '-4.123456789' },
    ]),
  );
  expect(csv).toContain('\r\nResearch (0042),-4.123456789\r\n');
});
