import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';
import type { ReportDocument, Table } from '../../shared/reports/document.ts';
import { documentHtml, escapeHtml } from '../../shared/reports/html.ts';
import type { Bill, Line, MonthlyFacts } from '../../shared/reports/monthlyFacts.ts';
import { leadSentences } from '../../shared/reports/monthlyLead.ts';
import { costTable } from '../../shared/reports/monthlyTables.ts';
import { pageFooter } from '../../shared/reports/style.ts';
import { listed, ordinal, placesFor } from '../../shared/reports/words.ts';
import { campaign } from '../builders/campaign.ts';

const bill: Bill = {
  currency: 'USD',
  total: '0',
  charges: 1,
  unknownCharges: 0,
  before: '0',
  services: [],
  accounts: [],
  providers: [],
  categories: [],
  months: [],
  stacks: [],
  plan: null,
  chargeMonths: [],
  byDay: '0',
  otherBills: [],
  tieOut: [],
};

const facts: MonthlyFacts = {
  month: '2026-10',
  metric: 'billed',
  preparedOn: '2026-11-22',
  dataTo: '2026-10-31',
  lastDay: '2026-10-31',
  complete: true,
  comparison: { kind: 'whole', month: '2026-09' },
  bills: [bill],
  missing: [],
  warnings: [],
  health: [],
};

function lead(changes: Partial<Bill>): string {
  const full = { ...bill, ...changes };
  return leadSentences({ ...facts, bills: [full] }, full)
    .map((runs) => runs.map((run) => (typeof run === 'string' ? run : run.strong)).join(''))
    .join(' ');
}

const tied = {
  provider: 'AWS',
  billingAccount: '1',
  name: null,
  stated: '5',
  stored: '5',
  charges: 1,
  lastDay: '2026-10-31',
  loadedAt: '2026-11-01T00:00:00Z',
  files: [{ file: 'a.csv', sha256: 'a' }],
  earlier: null,
};

describe('the lead', () => {
  it.each([
    ['110', '100', "The October bill is $110.00, 10.00 (10.0%) more than September's."],
    ['90000', '100000', "The October bill is $90,000, 10,000 (10.0%) less than September's."],
    ['100', '100', "The October bill is $100.00, the same as September's."],
    ['100', '0', "The October bill is $100.00, 100.00 more than September's."],
    ['-100', '-50', "The October bill is −$100.00, 50.00 less than September's."],
  ])('says %s after %s', (total, before, expected) => {
    expect(lead({ total, before, byDay: total })).toContain(expected);
  });

  it('says that it does not tie out, and where not', () => {
    const text = lead({ total: '10', byDay: '10', tieOut: [tied, { ...tied, stored: '5.01' }] });
    expect(text).toContain(
      'It does not tie out: 1 billing account of 2 differs from what the files state.',
    );
    expect(text).not.toContain('equals');
  });

  it('counts a file once that holds several accounts', () => {
    expect(lead({ tieOut: [tied, tied] })).toContain('The total equals what its file states');
    const other = { ...tied, files: [{ file: 'a.csv', sha256: 'b' }] };
    expect(lead({ tieOut: [tied, other] })).toContain('The total equals what its 2 files state');
  });

  it('speaks of days only where they are a hundredth apart or more', () => {
    expect(lead({ total: '1000', byDay: '1009.99' })).not.toContain('By day');
    expect(lead({ total: '1000', byDay: '1010' })).toContain('October comes to 1,010.00.');
  });

  it('names what moved most, either way', () => {
    const line = (key: string, cost: string, before: string): Line => ({
      key,
      name: null,
      cost,
      before,
    });
    const services = [line('A', '100', '90'), line('B', '50', '50'), line('C', '1', '30')];
    expect(lead({ total: '151', before: '170', byDay: '151', services })).toContain(
      'What moved most: C (−29.00) and A (+10.00).',
    );
  });
});

describe('words', () => {
  it.each([
    ['2026-10-01', '1st'],
    ['2026-10-02', '2nd'],
    ['2026-10-03', '3rd'],
    ['2026-10-11', '11th'],
    ['2026-10-12', '12th'],
    ['2026-10-13', '13th'],
    ['2026-10-21', '21st'],
    ['2026-10-30', '30th'],
  ])('%s is the %s', (day, expected) => {
    expect(ordinal(day)).toBe(expected);
  });

  it('lists and rounds', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(['4.17', '-99.9', '100', '9999.99', '10000', '-1941559.6'].map(placesFor)).toEqual([
      4, 4, 2, 2, 0, 0,
    ]);
  });
});

describe('a cost table', () => {
  it('adds up whatever the amounts, however many are left out', () => {
    const amount = fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n }).map(formatExact);
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount), { maxLength: 120 }), (pairs) => {
        const total = (side: 0 | 1) =>
          formatExact(pairs.reduce((sum, pair) => sum + exactOf(pair[side]), 0n));
        const lines = pairs.map(([cost, before], i) => ({ key: `${i}`, name: null, cost, before }));
        const full = { ...bill, total: total(0), before: total(1) };
        const table = costTable(facts, full, 'By service', 'Service', lines);
        expect(table.rows.length).toBeLessThanOrEqual(41);
        for (const column of [1, 2, 3]) {
          const sum = table.rows.reduce(
            (known, row) => known + exactOf(row.cells[column]?.exact ?? '0'),
            0n,
          );
          expect(formatExact(sum)).toBe(table.total?.cells[column]?.exact);
        }
      }),
      campaign('report cost tables', 60),
    );
  });
});

describe('HTML', () => {
  const table = (text: string): Table => ({
    title: text,
    unit: text,
    columns: [
      { label: text, figures: false },
      { label: text, figures: true },
    ],
    rows: [
      {
        cells: [
          { text, secondary: text, colour: 1 },
          { text, exact: '1' },
        ],
        detail: text,
      },
    ],
    total: { cells: [{ text }, { text }] },
    notes: [text],
  });
  const documentOf = (text: string): ReportDocument => ({
    title: text,
    left: text,
    right: text,
    footer: text,
    sections: [
      {
        heading: text,
        blocks: [
          { kind: 'lead', sentences: [[text, { strong: text }]] },
          { kind: 'figures', figures: [{ label: text, value: text, note: text }] },
          {
            kind: 'chart',
            title: text,
            unit: text,
            summary: text,
            data: { periods: [], granularity: 'month', stacks: [], comparison: null },
          },
          { kind: 'table', table: table(text) },
          { kind: 'pair', left: table(text), right: table(text) },
          { kind: 'notes', title: text, notes: [text] },
        ],
      },
    ],
  });
  const write = (text: string) =>
    documentHtml(documentOf(text), {
      font: 'AA==',
      svg: () => '<svg width="1"></svg>',
      waterfall: () => '',
    });
  /** What a text could change: the marks of HTML, and everything in the style element. */
  const marks = (html: string) => html.replace(/[^<>"]/g, '');
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('<', '>', '"', "'", '&', '\\', '</style>', '<!--', ']]>', '$&', 'a'))
      .map((parts) => parts.join('')),
  );

  it('has the same elements and attributes whatever the texts are', () => {
    const plain = marks(write('plain'));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(marks(write(`x${text}`))).toBe(plain);
      }),
      campaign('report texts in HTML', 300),
    );
  });

  it('keeps a text that can be read', () => {
    expect(escapeHtml('Zoë & <Co> "x" \'y\'')).toBe(
      'Zoë &amp; &lt;Co&gt; &quot;x&quot; &#39;y&#39;',
    );
    expect(escapeHtml('a\u0000b\ud800c\u202ed')).toBe('a\ufffdb\ufffdc\ufffdd');
  });

  it('puts nothing into the page footer that could end its string', () => {
    expect(pageFooter('a "b" </style>\n\\')).toContain(
      'content: "a \\22 b\\22  \\3c \\2f style\\3e \\a \\5c "',
    );
  });
});
