import type { DoctorCheck } from '../../shared/contract/app.ts';
import type { CallOutput } from '../../shared/contract/contract.ts';
import type { Change, ChangedAmounts } from '../../shared/contract/changes.ts';
import type { ListedLoad, LoadRecord, OtherLoad } from '../../shared/contract/sources.ts';
import { monthStates } from '../../shared/domain/months.ts';

/** What a person reads in the terminal; scripts take --json. Amounts are exact here too. */
export function costsText(answer: CallOutput<'costs.query'>): string {
  const [first] = answer.rows;
  if (!first) return 'No charges match.';
  const dimensions = Object.keys(first.keys);
  const period = first.period === undefined ? [] : ['period'];
  const rows = answer.rows.map((row) => [
    ...(row.period === undefined ? [] : [row.period]),
    ...dimensions.map((dimension) => row.keys[dimension] ?? '(no value)'),
    row.cost ?? 'unknown',
    row.currency ?? '',
  ]);
  const blanks = [...period, ...dimensions].slice(1).map(() => '');
  const totals = answer.totals.map((total) => [
    ...(period.length + dimensions.length > 0 ? ['Total', ...blanks] : []),
    total.cost ?? 'unknown',
    total.currency ?? '',
    ...(total.unknownRows > 0 ? [`${total.unknownRows} charges unknown`] : []),
  ]);
  const head = [...period, ...dimensions, answer.metric, ''];
  const amount = period.length + dimensions.length;
  return table(dimensions.length + period.length > 0 ? [head, ...rows, ...totals] : totals, amount);
}

export function loadsText(loads: readonly (LoadRecord & Partial<ListedLoad>)[]): string {
  if (loads.length === 0) return 'Nothing has been loaded yet.';
  return loads.map(loadText).join('\n');
}

function loadText(load: LoadRecord & Partial<ListedLoad>): string {
  const format = load.format ? `, ${load.format} ${load.version ?? ''}` : '';
  const lines = [
    `${load.status.padEnd(9)} ${load.file}${format}${periodsText(load.periods)}${statesText(load.states ?? [])}, load ${load.id}`,
  ];
  for (const total of load.totals) {
    const rows = `${load.rowsRead} rows`;
    lines.push(`          ${rows}, billed ${total.billed ?? 'unknown'} ${total.currency ?? ''}`);
  }
  if (load.reason) lines.push(`          ${load.reason}`);
  if (load.hint) lines.push(`          ${load.hint}`);
  for (const warning of load.warnings) lines.push(`          ${warning.message}`);
  return lines.join('\n');
}

/** Billed amounts; --json has the other costs too. */
export function changesText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'No month has been restated.';
  return changes.map(changeText).join('\n\n');
}

const changeVerbs: Record<Change['kind'], string> = {
  restated: 'restated',
  added: 'got a further part',
  removed: 'went back, an import was removed',
};

function changeText(change: Change): string {
  const { kind, period, provider, billingAccount, from, to, changedAt } = change;
  const whose = [provider ?? '(no provider)', billingAccount].filter((text) => text !== null);
  const side = ({ number, source, loads }: Change['to']) =>
    `version ${number} (${source}: ${loads.map((load) => load.file).join(', ')})`;
  const rows = change.lines.map((line) => [
    line.account ?? '(no value)',
    line.service ?? '(no value)',
    ...amountsText(line),
    line.state === 'changed' ? '' : line.state,
  ]);
  const totals = change.totals.map((total) => ['Whole month', '', ...amountsText(total), '']);
  const head = ['account', 'service', 'billed before', 'billed now', 'change', '', ''];
  return [
    `${period} ${whose.join(' ')} ${changeVerbs[kind]} on ${changedAt.slice(0, 10)}`,
    `from ${side(from)} to ${side(to)}`,
    rows.length === 0 ? 'Nothing moved by account and service.' : '',
    table([head, ...rows, ...totals], 2, 4),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function amountsText(amounts: ChangedAmounts): string[] {
  const { old, new: now, difference, oldRows, newRows, currency } = amounts;
  const change = difference.billed ?? 'unknown';
  return [
    oldRows === 0 ? '' : (old.billed ?? 'unknown'),
    newRows === 0 ? '' : (now.billed ?? 'unknown'),
    /^[1-9]|^0\./.test(change) ? `+${change}` : change,
    currency ?? '',
  ];
}

function periodsText(periods: readonly string[]): string {
  const [first] = periods;
  if (!first) return '';
  return periods.length === 1 ? `, ${first}` : `, ${first} to ${periods.at(-1)}`;
}

/** " (closed)", " (1 open, 11 closed)". */
function statesText(states: ListedLoad['states']): string {
  const counts = monthStates
    .map((state) => ({ state, months: states.filter((month) => month.state === state).length }))
    .filter(({ months }) => months > 0);
  if (counts.length === 0) return '';
  const [only] = counts;
  if (counts.length === 1) return ` (${only?.state})`;
  return ` (${counts.map(({ state, months }) => `${months} ${state}`).join(', ')})`;
}

export function removedText(answer: CallOutput<'sources.remove'>): string {
  const line = (verb: string, provider: string | null, period: string) =>
    `${verb} ${provider ?? '(no provider)'} ${period}`;
  return [
    ...answer.removed.map(
      ({ provider, period, rows }) => `${line('removed', provider, period)}, ${rows} rows`,
    ),
    ...answer.restored.map(({ provider, period }) =>
      line('restored what it had replaced:', provider, period),
    ),
  ].join('\n');
}

export function reportText(answer: CallOutput<'reports.make'>): string {
  return `${answer.file}, ${answer.bytes} bytes, sha256 ${answer.sha256}`;
}

export function exportText(answer: CallOutput<'export.focus'>): string {
  const { file, rows, bytes, sha256, findings } = answer;
  return [
    `${file}, ${rows} ${rows === 1 ? 'row' : 'rows'}, ${bytes} bytes, sha256 ${sha256}`,
    ...findings.map(({ message }) => `  ${message}`),
  ].join('\n');
}

export function doctorText(checks: readonly DoctorCheck[]): string {
  return table(checks.map((check) => [check.status, check.name, check.detail]));
}

/** Columns by width; those from the first to the last amount end at the same place. */
/** What became of a file that is no bill. */
export function otherText({ kind, file, status, format, kept, reason, hint }: OtherLoad): string {
  const what = format ?? { telemetry: 'telemetry', prices: 'price list', tokens: 'usage' }[kind];
  const lines = [`${status.padEnd(9)} ${file}, ${what}${status === 'loaded' ? `: ${kept}` : ''}`];
  for (const line of [reason, hint]) if (line) lines.push(`          ${line}`);
  return lines.join('\n');
}

export function table(
  rows: readonly (readonly string[])[],
  amount = -1,
  lastAmount = amount,
): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, i) =>
          i >= amount && i <= lastAmount && amount >= 0
            ? cell.padStart(widths[i] ?? 0)
            : cell.padEnd(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
