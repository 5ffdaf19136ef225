import type { CallOutput } from '../../shared/contract/contract.ts';
import { formatDecimal, formatRange } from '../../shared/domain/format.ts';
import { table } from './cli-text.ts';

type Overview = CallOutput<'workloads.overview'>;

/** Amounts as people read them; --json has every digit. */
export function workloadsText(answers: readonly Overview[], by: 'purpose' | 'workload'): string {
  return answers
    .map((answer) => {
      const { range, currency, ai, total, metric } = answer;
      const head = `${formatRange(range.from, range.to, true)}, ${metric}: ${money(ai.cost)} of ${money(total.cost)} ${currency ?? ''} is AI`;
      return [head, '', by === 'purpose' ? purposesTable(answer) : workloadsTable(answer)].join(
        '\n',
      );
    })
    .join('\n\n');
}

function purposesTable({ purposes, currency, total }: Overview): string {
  const rows = purposes.map(({ title, cost, share }) => [title, money(cost), percent(share)]);
  return table(
    [['Purpose', currency ?? '', 'share'], ...rows, ['Total', money(total.cost), '']],
    1,
    2,
  );
}

function workloadsTable(answer: Overview): string {
  const { workloads, currency, unassigned, restCost, workloadCount, ai } = answer;
  if (workloadCount === 0 && unassigned.rowCount === 0) return 'No charge is for AI.';
  const head = [
    'workload',
    'purpose',
    currency ?? '',
    'GPU hours',
    'busy',
    'a GPU-hour',
    'a busy one',
    'telemetry',
  ];
  const rows = workloads.map(({ id, purpose, cost, gpu, telemetry }) => [
    id,
    purpose,
    money(cost),
    gpu.hours === null ? (gpu.unknownCharges > 0 ? 'unknown' : '') : formatDecimal(gpu.hours, 0),
    gpu.hours === null ? '' : percent(gpu.busyShare),
    gpu.perHour === null ? '' : formatDecimal(gpu.perHour, 2),
    gpu.hours === null
      ? ''
      : gpu.perBusyHour === null
        ? 'unknown'
        : formatDecimal(gpu.perBusyHour, 2),
    telemetry.level === 'none' ? '' : telemetry.level,
  ]);
  const more = workloadCount - workloads.length;
  if (more > 0) rows.push([`${more} more`, '', money(restCost)]);
  if (unassigned.rowCount > 0) rows.push(['(no workload)', '', money(unassigned.cost)]);
  return table([head, ...rows, ['Total', '', money(ai.cost)]], 2, 6);
}

/** The rules that hold, as they were written. */
export function rulesText({ text, count, setAt }: CallOutput<'rules.get'>): string {
  if (count === 0) return 'There are no rules of your own. `outlay rules import FILE` sets them.';
  return `${text.trimEnd()}\n\n${count} ${count === 1 ? 'rule' : 'rules'}, set ${setAt ?? ''}`;
}

/** What rules move, or would. */
export function appliedText({ applied, count, preview }: CallOutput<'rules.set'>): string {
  const rules = `${count} ${count === 1 ? 'rule' : 'rules'}`;
  const head = applied
    ? count === 0
      ? 'No rules of your own hold any more.'
      : `${rules} hold now, for all months.`
    : `${rules}, and nothing wrong with them. Nothing was changed.`;
  if (!preview) return head;
  if (preview.moves.length === 0) return `${head}\nThey move no cost.`;
  const side = ({ purpose, workload }: { purpose: string; workload: string | null }) =>
    `${workload ?? '(no workload)'}, ${purpose}`;
  const rows = preview.moves
    .slice(0, 20)
    .map(({ from, to, cost, rule }) => [side(from), side(to), money(cost), rule]);
  const more = preview.moveCount - rows.length;
  return [
    head,
    '',
    table([['from', 'to', preview.currency ?? '', 'rule'], ...rows], 2),
    ...(more > 0 ? [`${more} more; --json lists up to 200.`] : []),
    `The total stays ${preview.total ?? 'unknown'} ${preview.currency ?? ''}.`,
  ].join('\n');
}

function money(cost: string | null): string {
  return cost === null ? 'unknown' : formatDecimal(cost, 2);
}

function percent(share: number | null): string {
  return share === null ? 'unknown' : `${(share * 100).toFixed(1).replace('-', '\u2212')}%`;
}
