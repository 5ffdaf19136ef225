import type { CallOutput } from '../../shared/contract/contract.ts';
import type { BankedItem, DecisionItem } from '../../shared/contract/decisions.ts';
import { formatDecimal, formatRange } from '../../shared/domain/format.ts';
import { table } from './cli-text.ts';

/** Every action about which something was decided; --json has the whole history. */
export function decisionsText({ items }: CallOutput<'decisions.list'>): string {
  if (items.length === 0) {
    return 'Nothing has been decided yet. `outlay savings` lists the actions of the plan, `outlay decide ID accept` accepts one.';
  }
  const head = ['state', 'promised a month', '', 'action', '', 'entries'];
  const rows = items.map((item) => [
    stateText(item),
    money(item.promise?.monthly ?? null),
    item.promise?.currency ?? '',
    item.title,
    item.action,
    String(item.history.length),
  ]);
  return table([head, ...rows], 1);
}

function stateText({ state, day, overdue, reason }: DecisionItem): string {
  switch (state) {
    case 'scheduled':
      return `scheduled for ${day ?? ''}${overdue ? ', overdue' : ''}`;
    case 'done':
      return `done since ${day ?? ''}`;
    case 'snoozed':
      return `snoozed until ${day ?? ''}`;
    case 'dismissed':
      return `dismissed: ${reason ?? ''}`;
    case 'open':
    case 'accepted':
      return state;
  }
}

/** What was recorded, and the promise that it is held to. */
export function recordedText(item: DecisionItem): string {
  const { title, promise, history } = item;
  const held =
    promise === null
      ? 'No plan has promised anything of it.'
      : `Promised: ${money(promise.monthly)} ${promise.currency ?? ''} a month, from the bill of ${formatRange(promise.window.from, promise.window.to, true)}.`;
  const entries = `${history.length} ${history.length === 1 ? 'entry' : 'entries'} in its history.`;
  return [`${title}: ${stateText(item)}.`, held, entries].join('\n');
}

/** Promised beside banked; unknown is said with its reason, never as 0. */
export function bankedText({ items, totals }: CallOutput<'decisions.banked'>): string {
  if (items.length === 0) return 'Nothing was done in these days.';
  const head = ['done', 'days', 'promised', 'banked', '', 'action'];
  const rows = items.map((item) => [
    item.doneOn,
    item.counted === null ? '' : String(item.counted.days),
    money(item.promised),
    money(item.banked),
    item.currency ?? '',
    item.title,
  ]);
  const sums = totals.map(({ currency, promised, banked, left }) => [
    'Total',
    '',
    money(promised),
    money(banked),
    currency ?? '',
    left === 0 ? '' : `${left} more in neither sum`,
  ]);
  return [
    table([head, ...rows, ...sums], 1, 3),
    '',
    ...items.map((item) => `${item.title}: ${item.reason}${elsewhereText(item)}`),
  ].join('\n');
}

function elsewhereText({ elsewhere }: BankedItem): string {
  return elsewhere
    .map(({ title, amount }) => ` ${money(amount)} of it counts for “${title}”.`)
    .join('');
}

function money(amount: string | null): string {
  return amount === null ? 'unknown' : formatDecimal(amount, 2);
}
