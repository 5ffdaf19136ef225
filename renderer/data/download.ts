import { addDays } from '../../shared/domain/calendar.ts';
import type { CallOutput } from '../../shared/contract/contract.ts';
import type { Dimension } from '../../shared/contract/values.ts';
import { dimensionName } from '../../shared/domain/dimensions.ts';

/** Hands text to the person as a file; the bytes never leave this machine. */
export function downloadText(text: string, file: string, type: string): void {
  downloadBlob(new Blob([text], { type }), file);
}

export function downloadBlob(bytes: Blob, file: string): void {
  const address = URL.createObjectURL(bytes);
  const link = document.createElement('a');
  link.href = address;
  link.download = file;
  link.click();
  // The browser has taken the bytes by the next task.
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Text of a bill that a spreadsheet would run as a formula is marked as text. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

type ExportedView = Pick<
  CallOutput<'costs.view'>,
  'metric' | 'currency' | 'range' | 'compareRange' | 'rows'
>;

/** The rows of the Costs page with every digit; amounts are decimals, so they stay numbers. */
export function costsCsv(view: ExportedView, by: readonly Dimension[]): string {
  const { range, compareRange } = view;
  const through = (days: { from: string; to: string }) => `${days.from} to ${addDays(days.to, -1)}`;
  const head = [
    ...by.flatMap((name) => [dimensionName(name), `${dimensionName(name)} name`]),
    'Currency',
    `${view.metric} ${through(range)}`,
    ...(compareRange ? [`${view.metric} ${through(compareRange)}`] : []),
  ];
  const lines = [head.map(csvCell).join(',')];
  for (const row of view.rows) {
    const keys = row.keys.flatMap((key, index) => [key ?? '', row.names[index] ?? '']);
    const cells = [...keys, view.currency ?? ''].map(csvCell);
    cells.push(row.cost ?? '');
    if (compareRange) cells.push(row.previous ?? '');
    lines.push(cells.join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
