import type { CallOutput } from '../../shared/contract/contract.ts';

type Health = CallOutput<'loads.health'>;

/** The data-health sheet as a person reads it in the terminal. */
export function healthText({ load, file, source, sheet, warnings }: Health): string {
  const { rows, nulls, findings } = sheet;
  const gaps = nulls.filter((column) => column.rows > 0);
  const lines = (items: readonly string[], none: string) =>
    items.length === 0 ? [`  ${none}`] : items.map((item) => `  ${item}`);
  return [
    `load ${load}: ${file}, source ${source}, ${rows} rows${daysText(sheet)}`,
    '',
    'Days without a charge',
    ...lines(
      sheet.gaps.map(({ from, to, days }) =>
        days === 1 ? from : `${from} to ${to}, ${days} days`,
      ),
      'none',
    ),
    'Rows without a value',
    ...lines(
      gaps.map((column) => `${column.column}: ${column.rows}`),
      'none',
    ),
    'Untagged spend',
    ...lines(sheet.untagged.map(untaggedText), 'none'),
    'Rows that cost less than nothing',
    `  ${sheet.negativeRows}`,
    `FOCUS 1.2, ${sheet.rulesChecked} rules checked`,
    ...lines(
      findings.map(({ rule, message, rows: count }) => `${rule}: not in ${count} rows. ${message}`),
      sheet.rulesChecked === 0 ? 'not a FOCUS file' : 'no finding',
    ),
    'Invoices',
    ...lines(
      sheet.invoices.map(
        ({ invoice, period, currency, billed, rows: count }) =>
          `${invoice ?? '(no invoice id)'}, ${period}: ${billed ?? 'unknown'} ${currency}, ${count} rows`,
      ),
      'none',
    ),
    ...(sheet.moreInvoices > 0 ? [`  and ${sheet.moreInvoices} more`] : []),
    'Noted while reading',
    ...lines(
      warnings.map(({ message }) => message),
      'nothing',
    ),
  ].join('\n');
}

function daysText({ firstDay, lastDay }: Health['sheet']): string {
  if (firstDay === null || lastDay === null) return '';
  return firstDay === lastDay ? `, ${firstDay}` : `, ${firstDay} to ${lastDay}`;
}

function untaggedText({ currency, rows, billed, total }: Health['sheet']['untagged'][number]) {
  return rows === 0
    ? `0 of ${total ?? 'unknown'} ${currency}`
    : `${billed ?? 'unknown'} of ${total ?? 'unknown'} ${currency}, ${rows} rows`;
}
