import type { SavingsAction, SavingsPlan, SavingsPlanned } from '../../shared/contract/savings.ts';
import { formatDay, formatDecimal, formatRange } from '../../shared/domain/format.ts';
import { table } from './cli-text.ts';

const width = 100;

/** The plan as a person reads it: what it saves, what to do, on what it rests, what is missing. */
export function savingsText(answer: SavingsPlan, details: boolean): string {
  const { status, plan, window, currency } = answer;
  const head = window
    ? `${formatRange(window.from, window.to, true)}, effective: ${money(window.effective)} ${currency ?? ''} from ${formatDecimal(String(window.rows), 0)} charges`
    : '';
  if (status === 'missing')
    return [head, ...answer.missing.map(missingText)].filter((text) => text !== '').join('\n');
  if (!plan) {
    return [
      head,
      'The plan is withheld: the simulated bill is not the bill.',
      reconciliationTable(answer),
      missingList(answer),
    ].join('\n\n');
  }
  return [
    `${headline(plan, currency ?? '')}\n${head}`,
    waterfallTable(plan, currency ?? ''),
    plan.actions.length === 0 ? 'There is nothing to do.' : actionsText(plan, details),
    outsideText(plan),
    details ? keptText(plan) : '',
    notesText(answer),
    reconciliationTable(answer),
    missingList(answer),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

function headline(plan: SavingsPlanned, currency: string): string {
  const { savings, share, low, high, level, pLoss, worst, standaloneSum, cash } = plan;
  const buys = plan.actions.some(({ commitment }) => commitment !== null);
  if (plan.actions.length === 0)
    return `The plan saves nothing: the bill stays at ${money(plan.baseline)} ${currency} a month.`;
  const lines = [
    `The plan saves ${money(savings)} ${currency} a month, ${percent(share)} of ${money(plan.baseline)}.`,
    `${Math.round(100 * level)}%: ${money(low)} to ${money(high)}. Each taken alone, its steps would seem to save ${money(standaloneSum)} together.`,
  ];
  if (buys) {
    lines.push(
      `Chance that what is bought loses over its term: ${pLoss < 0.01 ? '<1' : Math.round(100 * pLoss)}%. Worst scenario: ${money(worst)} over the term. Paid at the start: ${money(cash)}.`,
    );
  }
  for (const { provider, months, lost, promised, realised, withheld } of plan.basis.records) {
    if (withheld || months === 0) continue;
    lines.push(
      `Commitments of ${provider}: the same rule lost in ${lost} of ${months} past months; it promised ${money(promised)} and came to ${money(realised)}.`,
    );
  }
  return lines.join('\n');
}

function waterfallTable({ waterfall }: SavingsPlanned, currency: string): string {
  const rows = waterfall.flatMap(({ id, label, amount, to, lastIn, actions }) => {
    if (id === 'baseline' || id === 'planned') return [[label, '', money(amount), '']];
    if (actions === 0) return [];
    return [[label, saved(amount), money(to), lastIn === null ? '' : money(lastIn)]];
  });
  return table([[`${currency} a month`, 'saves', 'bill', 'last-in'], ...rows], 1, 3);
}

function actionsText({ actions }: SavingsPlanned, details: boolean): string {
  return actions.map((action, at) => actionText(action, at + 1, details)).join('\n\n');
}

function actionText(action: SavingsAction, number: number, details: boolean): string {
  const {
    title,
    detail,
    advice,
    marginal,
    low,
    high,
    standalone,
    lastIn,
    pLoss,
    confidence,
    effort,
  } = action;
  const figures = [
    `saves ${money(marginal)} a month (${money(low)} to ${money(high)})`,
    `alone ${money(standalone)}, taken last ${money(lastIn)}`,
    ...(pLoss === null ? [] : [`chance of loss ${pLoss < 0.01 ? '<1' : Math.round(100 * pLoss)}%`]),
    `effort ${effort}, confidence ${confidence.level}`,
  ];
  const lines = [`${number}. ${title}, ${detail}`, `   ${figures.join(' · ')}`, wrapped(advice, 3)];
  if (action.assumptions.length > 0) {
    lines.push('   To confirm:', ...action.assumptions.map(({ text }) => wrapped(`- ${text}`, 5)));
  }
  if (!details) return lines.join('\n');
  lines.push(
    `   Id: ${action.id}`,
    wrapped(`Confidence: ${confidence.reason}`, 3),
    wrapped(`Undone: ${action.reversibility}`, 3),
    '   Evidence:',
  );
  for (const { what, value, threshold, holds, source, date } of action.evidence) {
    const limit =
      threshold === null ? '' : ` (${threshold}${holds === false ? ', does not hold' : ''})`;
    const day = date === null ? '' : `, ${formatDay(date)}`;
    lines.push(wrapped(`- ${what}: ${value}${limit}. ${source}${day}`, 5));
  }
  if (action.rejected.length > 0) {
    lines.push(
      '   Rejected instead:',
      ...action.rejected.map(({ option, reason }) => wrapped(`- ${option}: ${reason}`, 5)),
    );
  }
  lines.push('   Steps:');
  for (const [at, { text, command, console: place }] of action.steps.entries()) {
    lines.push(wrapped(`${at + 1}. ${text}${place === null ? '' : ` (${place})`}`, 5));
    if (command !== null) lines.push(...command.split('\n').map((line) => `        ${line}`));
  }
  return lines.join('\n');
}

function outsideText({ outside }: SavingsPlanned): string {
  if (outside.length === 0) return '';
  return [
    'Not in the plan, but worth a look:',
    ...outside.flatMap(({ advice, reason }) => [wrapped(`- ${advice} ${reason}`, 0, 2)]),
  ].join('\n');
}

function keptText({ kept }: SavingsPlanned): string {
  if (kept.length === 0) return '';
  const rows = kept.map(({ workloadName, detail, monthly, rejected }) => [
    `${workloadName}, ${detail}`,
    money(monthly),
    rejected[0] ? `${rejected[0].option}: ${rejected[0].reason}` : 'no other way is known',
  ]);
  return table([['Stays as it is', 'a month', 'why'], ...rows], 1, 1);
}

function notesText({ notes }: SavingsPlan): string {
  return notes.map((note) => wrapped(note, 0)).join('\n');
}

function reconciliationTable({ reconciliation }: SavingsPlan): string {
  const rows = reconciliation.map(
    ({ provider, effective, simulated, difference, share, holds }) => [
      provider ?? 'All',
      cents(effective),
      cents(simulated),
      cents(difference),
      share === null ? '' : `${(100 * share).toFixed(3)}%`,
      holds ? 'ties out' : 'does not',
    ],
  );
  return table(
    [['Bill simulated', 'effective', 'simulated', 'difference', '', 'to 0.1%'], ...rows],
    1,
    4,
  );
}

function missingList({ missing }: SavingsPlan): string {
  if (missing.length === 0) return '';
  return ['Missing, dearest first:', ...missing.map(missingText)].join('\n');
}

function missingText({ what, effect, ask, monthly }: SavingsPlan['missing'][number]): string {
  const cost = monthly === null ? '' : ` (${money(monthly)} a month)`;
  return wrapped(`- ${what}${cost}. ${effect} ${ask}`, 0, 2);
}

/** Lines of a terminal's width, the first indented by `indent`, the others by two more. */
function wrapped(
  text: string,
  indent: number,
  more = text.startsWith('- ') || /^\d+\. /.test(text) ? 2 : 0,
): string {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  for (const word of text.split(' ')) {
    const start = ' '.repeat(indent + (lines.length > 0 ? more : 0));
    if (line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent + more) + word;
      continue;
    }
    line = line.trim() === '' ? start + word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

function money(amount: string): string {
  return formatDecimal(amount, 0);
}

function cents(amount: string): string {
  return formatDecimal(amount, 2);
}

function saved(amount: string): string {
  return amount.startsWith('-') ? `+${money(amount.slice(1))}` : `−${money(amount)}`;
}

function percent(share: number | null): string {
  return share === null ? 'unknown share' : `${(100 * share).toFixed(1)}%`;
}
