import type { BankedItem, DecisionItem } from '../contract/decisions.ts';
import type { SavingsAction } from '../contract/savings.ts';
import {
  compareDecimals,
  currencySign,
  formatChange,
  formatDay,
  formatDecimal,
  formatRange,
  subtract,
} from '../domain/format.ts';
import { exactOf, formatExact } from '../domain/exact.ts';
import { decisionKey } from '../decisions/decisionKey.ts';
import { cannotKnow, consequenceWords } from '../savings/cannotKnow.ts';
import type { Cell, Row, Table } from './document.ts';
import type { PlanFacts } from './planFacts.ts';
import { counted, intervalWords, pLossWords, unknown } from './words.ts';

type Plan = Extract<PlanFacts, { kind: 'plan' }>;

/** Actions listed on the first page; the others stand in one row. */
const actionsAsked = 6;

/** What a manager is asked to decide: the actions nothing is decided about first, and all of it. */
export function askedTable({ answer, plan, decisions }: Plan): Table {
  const stateOf = new Map(decisions.map((item) => [item.key, item]));
  const isOpen = ({ id }: SavingsAction) =>
    (stateOf.get(decisionKey(answer.currency, id))?.state ?? 'open') === 'open';
  const bySize = [...plan.actions].sort(
    (a, b) =>
      Number(isOpen(b)) - Number(isOpen(a)) ||
      compareDecimals(b.marginal, a.marginal) ||
      (a.id < b.id ? -1 : 1),
  );
  const named = bySize.length > actionsAsked + 1 ? bySize.slice(0, actionsAsked) : bySize;
  const rest = bySize.slice(named.length);
  const decided = plan.actions.length - plan.actions.filter(isOpen).length;
  const rows = named.map((action): Row => {
    const item = stateOf.get(decisionKey(answer.currency, action.id));
    return {
      cells: [
        { text: action.title },
        saving(action.marginal),
        { text: intervalWords(action.low, action.high) },
        { text: pLossWords(action.pLoss) },
        { text: item ? stateText(item) : 'open' },
      ],
    };
  });
  if (rest.length > 0) {
    rows.push({
      cells: [
        { text: counted(rest.length, 'more action') },
        amount(sum(rest.map(({ marginal }) => marginal)), 0),
        { text: '' },
        { text: '' },
        { text: '' },
      ],
      rest: true,
    });
  }
  return {
    title: 'Decisions asked for',
    unit: `${answer.currency ?? ''} a month; marginals add up to the joint savings`.trim(),
    columns: [
      { label: 'Action', figures: false },
      { label: `Saves ${currencySign(answer.currency)}`.trim(), figures: true },
      { label: `${percent(plan.level)} interval`, figures: true },
      { label: 'P(loss)', figures: true },
      { label: 'Decision', figures: true },
    ],
    rows,
    total: {
      cells: [
        { text: 'Joint savings' },
        saving(plan.savings),
        { text: intervalWords(plan.low, plan.high) },
        { text: pLossWords(plan.pLoss) },
        { text: decided === 0 ? '' : `${decided} decided` },
      ],
    },
    notes: [],
  };
}

/** From today's bill to the planned bill, one row a lever; what is saved adds up exactly. */
export function waterfallTable({ answer, plan }: Plan): Table {
  const sign = currencySign(answer.currency);
  const steps = plan.waterfall.filter(
    ({ id, actions }) => id !== 'baseline' && id !== 'planned' && actions > 0,
  );
  return {
    title: 'The plan in figures',
    unit: `${answer.currency ?? ''} a month of 730 hours, effective cost`.trim(),
    columns: [
      { label: 'Step', figures: false },
      { label: 'Actions', figures: true },
      { label: `Saves ${sign}`.trim(), figures: true },
      { label: `Saves, taken last ${sign}`.trim(), figures: true },
      { label: `Bill after it ${sign}`.trim(), figures: true },
    ],
    rows: [
      {
        cells: [
          { text: "Today's bill at today's volumes" },
          { text: '' },
          { text: '' },
          { text: '' },
          amount(plan.baseline, 2),
        ],
      },
      ...steps.map(
        (step): Row => ({
          cells: [
            { text: step.label },
            { text: String(step.actions) },
            saving(step.amount, 2),
            amount(step.lastIn, 2),
            amount(step.to, 2),
          ],
        }),
      ),
    ],
    total: {
      cells: [
        { text: 'Planned bill' },
        { text: String(plan.actions.length) },
        saving(plan.savings, 2),
        { text: '' },
        amount(plan.planned, 2),
      ],
    },
    notes: [
      `${formatDecimal(plan.baseline, 2)} less ${formatDecimal(plan.savings, 2)} is ${formatDecimal(plan.planned, 2)}: the difference of two simulated bills. ${standaloneWords(plan)}`,
      'Figures are rounded when shown; the exact amounts behind them add up to the last digit.',
    ],
  };
}

/** What the actions would promise one by one, beside what they save together. */
function standaloneWords({ standaloneSum, savings }: Plan['plan']): string {
  const apart = compareDecimals(standaloneSum, savings);
  if (apart === 0) return 'The same actions one by one promise as much: they do not overlap.';
  const alone = formatDecimal(standaloneSum, 2);
  return apart > 0
    ? `The same actions one by one would promise ${alone}, which counts some money twice.`
    : `The same actions one by one would promise ${alone} only: some save more together.`;
}

/** Everything that was decided about actions of this currency. */
export function decisionsTable({ answer, decisions }: Plan): Table | null {
  if (decisions.length === 0) return null;
  return {
    title: 'What was decided',
    unit: `${answer.currency ?? ''} a month, as promised then`.trim(),
    columns: [
      { label: 'Action', figures: false },
      { label: `Promised ${currencySign(answer.currency)}`.trim(), figures: true },
      { label: 'Interval', figures: true },
      { label: 'Decision', figures: true },
      { label: 'Decided', figures: true },
    ],
    rows: decisions.map((item): Row => {
      const { promise, history, reason } = item;
      const last = history.at(-1);
      return {
        cells: [
          { text: item.title, secondary: item.detail },
          amount(promise?.monthly ?? null, 0),
          {
            text: promise?.interval
              ? intervalWords(promise.interval.low, promise.interval.high)
              : unknown,
          },
          { text: stateText(item) },
          { text: last ? formatDay(last.at.slice(0, 10)) : '' },
        ],
        ...(reason === null ? {} : { detail: `Reason: ${reason}` }),
      };
    }),
    total: null,
    notes: [],
  };
}

/** Promised beside banked; only what is measured is added, on both sides. */
export function bankedTable({ answer, banked }: Plan): Table | null {
  if (banked.length === 0) return null;
  const sign = currencySign(answer.currency);
  const measured = banked.filter((item) => item.banked !== null && item.promised !== null);
  const promised = sum(measured.map((item) => item.promised ?? '0'));
  const saved = sum(measured.map((item) => item.banked ?? '0'));
  return {
    title: 'Promised and banked',
    unit: `${answer.currency ?? ''}, measured on the bill for the days counted`.trim(),
    columns: [
      { label: 'Action done', figures: false },
      { label: 'Days counted', figures: true },
      { label: `Promised ${sign}`.trim(), figures: true },
      { label: `Banked ${sign}`.trim(), figures: true },
      { label: `Difference ${sign}`.trim(), figures: true },
    ],
    rows: banked.map((item) => bankedRow(item)),
    total: {
      cells: [
        {
          text:
            measured.length === banked.length ? 'Total' : `Total of ${measured.length} measured`,
        },
        { text: '' },
        amount(promised, 0),
        saving(saved),
        { text: formatChange(subtract(saved, promised)), exact: subtract(saved, promised) },
      ],
    },
    notes: [
      'Banked is effective cost of usage against the prices or days before, so usage that grew or shrank is neither a saving nor a loss. Unknown is not 0.',
    ],
  };
}

function bankedRow(item: BankedItem): Row {
  const { banked, promised, counted: days } = item;
  const change = banked === null || promised === null ? null : subtract(banked, promised);
  const elsewhere = item.elsewhere.map(
    ({ title, amount: own }) => ` ${formatChange(own)} of it counts for “${title}”.`,
  );
  return {
    cells: [
      { text: item.title, secondary: `since ${formatDay(item.doneOn)}` },
      days === null
        ? { text: '' }
        : { text: String(days.days), secondary: formatRange(days.from, days.to) },
      amount(promised, 0),
      banked === null ? { text: unknown } : saving(banked),
      change === null ? { text: unknown } : { text: formatChange(change), exact: change },
    ],
    detail: `${item.reason}${elsewhere.join('')}`,
  };
}

/** Inputs asked for in a report; the dearest come first. */
const missingListed = 10;

/** What is missing for this very plan, the dearest first; null where nothing is. */
export function missingTable({ answer }: Plan): Table | null {
  if (answer.missing.length === 0) return null;
  const more = answer.missing.length - missingListed;
  return {
    title: 'What this plan does not know',
    unit: `${answer.currency ?? ''} a month, of the charges concerned`.trim(),
    columns: [
      { label: 'Missing', figures: false },
      { label: `Charges ${currencySign(answer.currency)}`.trim(), figures: true },
    ],
    rows: answer.missing.slice(0, missingListed).map(({ what, effect, ask, monthly }) => ({
      cells: [{ text: what }, amount(monthly, 0)],
      detail: `${effect} ${ask}`,
    })),
    total: null,
    notes: [
      ...(more > 0
        ? [
            `${counted(more, 'more input')} of smaller charges: the page Savings and \`outlay savings\` list them all.`,
          ]
        : []),
      'One charge can lack several inputs, so these amounts do not add up to anything.',
    ],
  };
}

/** What is worth a look and not proved: a range beside the headline, never in it. */
export function outsideTable({ answer, plan }: Plan): Table | null {
  if (plan.outside.length === 0) return null;
  return {
    title: 'Outside the savings',
    unit: `${answer.currency ?? ''} a month; hypotheses, in no other figure`.trim(),
    columns: [
      { label: 'What may be worth it', figures: false },
      { label: 'Range', figures: true },
    ],
    rows: plan.outside.map(({ title, advice, low, high, reason }) => ({
      cells: [
        { text: title },
        { text: low === null || high === null ? unknown : intervalWords(low, high) },
      ],
      detail: `${advice} ${reason}`,
    })),
    total: null,
    notes: [],
  };
}

/** The page docs/what-outlay-cannot-know.md as a table. */
export function cannotKnowTable(): Table {
  return {
    title: 'What Outlay cannot know',
    unit: 'whatever the bill',
    columns: [
      { label: 'Without', figures: false },
      { label: 'Figure', figures: false },
      { label: 'What becomes of it', figures: false },
    ],
    rows: cannotKnow.flatMap(({ missing, effects, ask }) =>
      effects.map(
        ({ figure, becomes, text }, place): Row => ({
          cells: [{ text: missing }, { text: figure }, { text: consequenceWords[becomes] }],
          detail: place === effects.length - 1 ? `${text} ${ask}` : text,
        }),
      ),
    ),
    total: null,
    notes: [],
  };
}

/** "scheduled for 1 Dec 2026", "dismissed". */
export function stateText({ state, day, overdue }: DecisionItem): string {
  if (day === null) return state;
  switch (state) {
    case 'scheduled':
      return `${overdue ? 'overdue since' : 'scheduled for'} ${formatDay(day)}`;
    case 'done':
      return `done since ${formatDay(day)}`;
    case 'snoozed':
      return `snoozed until ${formatDay(day)}`;
    case 'open':
    case 'accepted':
    case 'dismissed':
      return state;
  }
}

function percent(level: number): string {
  return `${Math.round(level * 100)}%`;
}

function saving(text: string, places = 0): Cell {
  return { text: formatDecimal(text, places), exact: text, saves: compareDecimals(text, '0') > 0 };
}

function amount(text: string | null, places: number): Cell {
  return text === null ? { text: unknown } : { text: formatDecimal(text, places), exact: text };
}

function sum(amounts: readonly string[]): string {
  return formatExact(amounts.reduce((total, text) => total + exactOf(text), 0n));
}
