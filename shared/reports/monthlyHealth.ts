import type { HealthSheet } from '../contract/health.ts';
import { currencySign, formatCount, formatDecimal, formatShare } from '../domain/format.ts';
import type { Row, Table } from './document.ts';
import type { MonthlyFacts } from './monthlyFacts.ts';
import { counted, listed, unknown } from './words.ts';

/** Findings that are told of one file; the count says how many there are. */
const findingsTold = 4;

/** How good the data behind the bill is, one row a file; null where no file has a sheet. */
export function healthTable({ health }: MonthlyFacts): Table | null {
  if (health.length === 0) return null;
  return {
    title: 'Data health',
    unit: 'whole files, also where they hold other months',
    columns: [
      { label: 'File', figures: false },
      { label: 'Rows', figures: true },
      { label: 'Days without a charge', figures: true },
      { label: 'Rows below zero', figures: true },
      { label: 'Untagged', figures: true },
      { label: 'FOCUS 1.2 findings', figures: true },
    ],
    rows: health.map(({ file, sheet }) => healthRow(file, sheet)),
    total: null,
    notes: [],
  };
}

function healthRow(file: string, sheet: HealthSheet): Row {
  const missing = sheet.gaps.reduce((sum, { days }) => sum + days, 0);
  const gaps = sheet.nulls.filter(({ rows }) => rows > 0);
  const details = [
    ...(gaps.length === 0
      ? []
      : [
          `Without a value: ${listed(gaps.map(({ column, rows }) => `${column.toLowerCase()} in ${counted(rows, 'row')}`))}.`,
        ]),
    ...sheet.findings
      .slice(0, findingsTold)
      .map(({ rule, rows }) => `${rule} does not hold in ${counted(rows, 'row')}.`),
  ];
  return {
    cells: [
      { text: file },
      { text: formatCount(sheet.rows) },
      { text: formatCount(missing) },
      { text: formatCount(sheet.negativeRows) },
      { text: sheet.untagged.map(untaggedText).join('; ') || '0' },
      {
        text:
          sheet.rulesChecked === 0
            ? 'n/a'
            : `${formatCount(sheet.findings.length)} of ${formatCount(sheet.rulesChecked)}`,
      },
    ],
    ...(details.length === 0 ? {} : { detail: details.join(' ') }),
  };
}

function untaggedText({ currency, rows, billed, total }: HealthSheet['untagged'][number]): string {
  if (rows === 0) return '0';
  if (billed === null || total === null) return unknown;
  return `${currencySign(currency)} ${formatDecimal(billed, 2)}, ${formatShare(billed, total)}`;
}
