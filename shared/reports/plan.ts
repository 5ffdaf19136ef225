import type { SavingsAction } from '../contract/savings.ts';
import type { WaterfallData } from '../charts/waterfall.ts';
import { waterfallAxisWords, waterfallSummary } from '../charts/waterfall.ts';
import {
  currencySign,
  formatDay,
  formatDecimal,
  formatHeadline,
  formatRange,
} from '../domain/format.ts';
import type { ActionText, Block, Figure, Sentence } from './document.ts';
import type { PlanFacts } from './planFacts.ts';
import {
  askedTable,
  bankedTable,
  decisionsTable,
  missingTable,
  outsideTable,
  waterfallTable,
} from './planTables.ts';
import { counted, intervalSentence, intervalWords, pLossWords } from './words.ts';

type Plan = Extract<PlanFacts, { kind: 'plan' }>;

/** The sentence of the lead paragraph: what the plan saves, and how sure that is. */
export function planSentence(facts: PlanFacts): Sentence {
  if (facts.kind === 'none') return [];
  const { answer, plan } = facts;
  if (plan.actions.length === 0) {
    return ['Nothing was found that would lower the bill by enough to be worth doing.'];
  }
  const count = plan.actions.length;
  return [
    `${counted(count, 'action')} would lower the bill by `,
    { strong: `${formatHeadline(plan.savings, answer.currency)} a month`, saves: true },
    `, ${intervalSentence(plan.low, plan.high)} in ${Math.round(plan.level * 100)}% of cases.`,
  ];
}

/** The one number for a manager; none where there is no plan. */
export function planFigure(facts: PlanFacts): Figure[] {
  if (facts.kind === 'none' || facts.plan.actions.length === 0) return [];
  const { answer, plan } = facts;
  return [
    {
      label: 'Savings plan, a month',
      value: formatHeadline(plan.savings, answer.currency),
      note: `${Math.round(plan.level * 100)}%: ${intervalWords(plan.low, plan.high)}; loss ${pLossWords(plan.pLoss)}`,
      saves: true,
    },
  ];
}

/**
 * The pages of the plan: first the one for a manager (today's bill, planned bill, savings, what to
 * decide), then promised beside banked, the actions with their evidence, and what is not known.
 */
export function planPages(facts: PlanFacts): Block[] {
  if (facts.kind === 'none') {
    return [{ kind: 'notes', title: 'Savings plan', notes: [facts.why] }];
  }
  const planned: Block[] =
    facts.plan.actions.length === 0
      ? []
      : [
          { kind: 'figures', figures: billFigures(facts) },
          { kind: 'table', table: askedTable(facts) },
          waterfallBlock(facts),
          { kind: 'table', table: waterfallTable(facts) },
        ];
  const tables = [bankedTable(facts), decisionsTable(facts), outsideTable(facts)];
  const missing = missingTable(facts);
  return [
    ...planned,
    ...tables.flatMap((table): Block[] => (table ? [{ kind: 'table', table }] : [])),
    ...actionsBlock(facts),
    ...basisBlock(facts),
    ...(missing ? [{ kind: 'table' as const, table: missing }] : []),
  ];
}

function billFigures(facts: Plan): Figure[] {
  const { answer, plan } = facts;
  const share = plan.share === null ? '' : `${formatDecimal(String(plan.share * 100), 1)}% less`;
  return [
    {
      label: "Today's bill, a month",
      value: formatHeadline(plan.baseline, answer.currency),
      note: "at today's volumes, simulated",
    },
    {
      label: 'Planned bill, a month',
      value: formatHeadline(plan.planned, answer.currency),
      note: share,
    },
    ...planFigure(facts),
  ];
}

function waterfallBlock({ answer, plan }: Plan): Block {
  const data: WaterfallData = {
    currency: answer.currency,
    from: { label: "Today's bill", cost: plan.baseline },
    to: { label: 'Planned bill', cost: plan.planned },
    steps: plan.waterfall
      .filter(({ id, actions }) => id !== 'baseline' && id !== 'planned' && actions > 0)
      .map(({ label, amount, lastIn }) => ({ label, marginal: amount, lastIn: lastIn ?? amount })),
  };
  const axis = waterfallAxisWords(data);
  return {
    kind: 'waterfall',
    title: "From today's bill to the planned bill",
    unit: `${answer.currency ?? ''} a month, effective cost${axis === '' ? '' : `, ${axis}`}`.trim(),
    summary: `${waterfallSummary(data)} The figures stand in the table The plan in figures.`,
    data,
  };
}

function actionsBlock({ answer, plan }: Plan): Block[] {
  if (plan.actions.length === 0) return [];
  return [
    {
      kind: 'actions',
      title: 'Actions, with their evidence',
      unit: `${answer.currency ?? ''} a month`.trim(),
      actions: plan.actions.map((action) => actionText(action, answer.currency)),
    },
  ];
}

function actionText(action: SavingsAction, currency: string | null): ActionText {
  const whole = (text: string) => formatDecimal(text);
  return {
    title: action.title,
    detail: [action.detail, action.accountName ?? action.account]
      .filter((part) => part !== null && part !== '')
      .join(', '),
    figures: [
      'Saves ',
      { strong: `${currencySign(currency)}${whole(action.marginal)}`, saves: true },
      `, ${intervalWords(action.low, action.high)}; P(loss) ${pLossWords(action.pLoss)}; alone ${whole(action.standalone)}, taken last ${whole(action.lastIn)}. From ${formatDay(action.effectiveFrom)}. ${action.reversibility.replace(/\.$/, '')}. Confidence ${action.confidence.level}: ${action.confidence.reason}`,
    ],
    advice: action.advice,
    lists: [
      {
        head: 'Steps',
        ordered: true,
        items: action.steps.map(({ text, command, console: place }) =>
          [
            text,
            command === null ? '' : `Command: ${command}`,
            place === null ? '' : `Console: ${place}`,
          ]
            .filter((part) => part !== '')
            .join(' '),
        ),
      },
      {
        head: 'Confirm first',
        ordered: false,
        items: action.assumptions.map(({ text }) => text),
      },
      {
        head: 'Evidence',
        ordered: false,
        items: action.evidence.map(({ what, value, threshold, holds, source, date }) => {
          const against =
            threshold === null
              ? ''
              : ` against ${threshold}${holds === false ? ', which does not hold' : ''}`;
          return `${what}: ${value}${against} (${source}${date === null ? '' : `, ${formatDay(date)}`})`;
        }),
      },
      {
        head: 'Rejected instead',
        ordered: false,
        items: action.rejected.map(
          ({ option, reason, savesLess }) =>
            `${option}: ${reason}${savesLess === null ? '' : `; saves ${whole(savesLess)} less`}`,
        ),
      },
    ],
  };
}

function basisBlock({ answer, plan }: Plan): Block[] {
  const { window, prices } = answer;
  const notes = [
    ...(window === null
      ? []
      : [
          `Made from the bill of ${formatRange(window.from, window.to, true)}, ${counted(window.rows, 'charge')}, ${formatDecimal(window.effective, 2)} of effective cost; the simulated bill of these days is that cost within the limit.`,
        ]),
    `Figures are the monthly mean of ${formatRange(plan.horizon.from, plan.horizon.to, true)}, at today's volumes, in months of 730 hours.`,
    `${plan.basis.note} ${counted(plan.basis.scenarios, 'scenario')}, ${counted(plan.basis.historyWeeks, 'week')} of history, ${counted(plan.basis.pastDecisions, 'past decision')} of this account.`,
    `No plan with these inputs could be cheaper by more than ${formatDecimal(plan.gap.amount, 2)} a month${plan.gap.complete ? '' : '; not every combination was looked at'}.`,
    ...(prices.length === 0
      ? []
      : [
          `Prices: ${prices.map(({ source, date }) => (date === null ? source : `${source} (${date})`)).join('; ')}.`,
        ]),
    `Fingerprint of the inputs: ${answer.inputs}.`,
    ...answer.notes,
  ];
  return [{ kind: 'notes', title: 'What the plan rests on', notes }];
}
