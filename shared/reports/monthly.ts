import {
  formatChange,
  formatChangePercent,
  formatDay,
  formatAllDigits,
  formatHeadline,
  formatMonth,
  monthName,
  subtract,
} from '../domain/format.ts';
import type { StackedBarsData } from '../charts/stackedBars.ts';
import { stackedBarsSummary, stackedBarsUnit } from '../charts/stackedBars.ts';
import type { Block, Figure, ReportDocument, Sentence } from './document.ts';
import type { Bill, MonthlyFacts } from './monthlyFacts.ts';
import { healthTable } from './monthlyHealth.ts';
import { leadSentences } from './monthlyLead.ts';
import {
  costTable,
  daysTable,
  filesTable,
  monthsTable,
  stackTable,
  tieOutTable,
} from './monthlyTables.ts';
import { planFigure, planPages, planSentence } from './plan.ts';
import { cannotKnowTable } from './planTables.ts';
import { counted, listed, metricName, noValue, ordinal, partOfMonth, placesFor } from './words.ts';

/** The monthly report of one billing period, one section a currency. */
export function monthlyReport(facts: MonthlyFacts): ReportDocument {
  const several = facts.bills.length > 1;
  const scope = scopeOf(facts);
  return {
    title: titleOf(facts),
    left: `${metricName[facts.metric]} by billing period`,
    right: `Prepared ${formatDay(facts.preparedOn)}, data to ${formatDay(facts.dataTo)}`,
    sections: facts.bills.map((bill, index) => ({
      heading: several ? `In ${bill.currency ?? 'no currency'}` : null,
      blocks: [
        ...billBlocks(facts, bill),
        ...(index === facts.bills.length - 1
          ? [...health(facts), ...cannotKnow(facts), ...notes(facts)]
          : []),
      ],
    })),
    footer: `${scope}. ${metricName[facts.metric]} in ${currencies(facts)}, data to ${formatDay(facts.dataTo)}.`,
  };
}

function titleOf({ month, complete, lastDay }: MonthlyFacts): string {
  const part = complete || lastDay === null ? '' : ` to the ${ordinal(lastDay)}`;
  return `Cloud cost, ${formatMonth(month)}${part}`;
}

function currencies({ bills }: MonthlyFacts): string {
  return listed(bills.map(({ currency }) => currency ?? 'no currency'));
}

function scopeOf({ bills, month }: MonthlyFacts): string {
  const lines = bills.flatMap(({ tieOut }) => tieOut);
  const providers = new Set(lines.map(({ provider }) => provider)).size;
  const accounts = new Set(
    lines.map((line) => JSON.stringify([line.provider, line.billingAccount])),
  );
  return `${formatMonth(month)} bill, ${counted(providers, 'provider')}, ${counted(accounts.size, 'billing account')}`;
}

function billBlocks(facts: MonthlyFacts, bill: Bill): Block[] {
  const tables = [
    costTable(facts, bill, 'By service', 'Service', bill.services),
    costTable(facts, bill, 'By account', 'Account', bill.accounts),
    costTable(facts, bill, 'By provider', 'Provider', bill.providers),
    costTable(facts, bill, 'By charge category', 'Charge category', bill.categories),
    monthsTable(facts, bill),
    daysTable(facts, bill),
    filesTable(facts, bill),
  ];
  const chart = chartBlock(facts, bill);
  const { plan } = bill;
  return [
    { kind: 'lead', sentences: [...leadSentences(facts, bill), ...planLead(bill)] },
    { kind: 'figures', figures: [...figuresOf(facts, bill), ...(plan ? planFigure(plan) : [])] },
    ...(chart
      ? [chart, { kind: 'pair' as const, left: stackTable(facts, bill), right: tieOutTable(bill) }]
      : [{ kind: 'table' as const, table: tieOutTable(bill) }]),
    ...(plan ? planPages(plan) : []),
    ...tables.filter((table) => table !== null).map((table) => ({ kind: 'table' as const, table })),
  ];
}

function planLead({ plan }: Bill): Sentence[] {
  const sentence = plan ? planSentence(plan) : [];
  return sentence.length === 0 ? [] : [sentence];
}

function figuresOf(facts: MonthlyFacts, bill: Bill): Figure[] {
  const { currency, total, before } = bill;
  const { comparison } = facts;
  const places = placesFor(total);
  const figures: Figure[] = [
    {
      label: billName(facts.month, facts.complete ? null : facts.lastDay),
      value: total === null ? 'unknown' : formatHeadline(total, currency, places),
      note:
        total === null
          ? 'No charge delivers this amount'
          : `${formatAllDigits(total)} ${currency ?? ''}, to the last digit of the files`.replace(
              ' ,',
              ',',
            ),
    },
  ];
  if (total === null || before === null) return figures;
  const lastDay = comparison.kind === 'same-days' ? comparison.lastDay : null;
  const monthBefore = bill.months.at(-2);
  const wholeBefore = monthBefore?.cost ?? null;
  const change = subtract(total, before);
  const earlier = billName(comparison.month, lastDay);
  // Beside the plan's figure there is room for one that holds both.
  if (bill.plan?.kind === 'plan' && bill.plan.plan.actions.length > 0) {
    figures.push({
      label: 'Change',
      value: formatChange(change, places),
      note: `${formatChangePercent(total, before)} on the ${earlier}, ${formatHeadline(before, currency, places)}`,
    });
    return figures;
  }
  figures.push(
    {
      label: earlier,
      value: formatHeadline(before, currency, places),
      note:
        lastDay === null || wholeBefore === null
          ? formatMonth(comparison.month)
          : `${monthBefore?.complete ? 'whole' : 'loaded'} ${monthName(comparison.month)} bill ${formatHeadline(wholeBefore, currency, places)}`,
    },
    {
      label: 'Change',
      value: formatChange(change, places),
      note: formatChangePercent(total, before),
    },
  );
  return figures;
}

/** "October bill", "November bill to the 21st". */
function billName(month: string, lastDay: string | null): string {
  return `${monthName(month)} bill${lastDay === null ? '' : ` to the ${ordinal(lastDay)}`}`;
}

function chartBlock(facts: MonthlyFacts, bill: Bill): Block | null {
  if (bill.stacks.length === 0) return null;
  const data: StackedBarsData = {
    periods: bill.months.map(({ month }) => month),
    granularity: 'month',
    stacks: bill.stacks,
    comparison: null,
  };
  const part = facts.complete
    ? ''
    : facts.lastDay === null
      ? `, ${monthName(facts.month)} not complete`
      : `, ${partOfMonth(facts.month, facts.lastDay)}`;
  return {
    kind: 'chart',
    title: 'Bill by month and service',
    unit: `${stackedBarsUnit(data, bill.currency)}, ${facts.metric} cost${part}`,
    summary: `${stackedBarsSummary(data)} The figures stand in the tables What it was spent on and Bill by month.`,
    data,
  };
}

function health(facts: MonthlyFacts): Block[] {
  const table = healthTable(facts);
  return table ? [{ kind: 'table', table }] : [];
}

/** Said where there is a plan that it is true of. */
function cannotKnow({ bills }: MonthlyFacts): Block[] {
  return bills.some(({ plan }) => plan?.kind === 'plan')
    ? [{ kind: 'table', table: cannotKnowTable() }]
    : [];
}

function notes(facts: MonthlyFacts): Block[] {
  const { month, metric, lastDay } = facts;
  const behind =
    facts.complete || lastDay === null
      ? []
      : facts.bills.flatMap(({ tieOut }) => tieOut.filter((line) => line.lastDay < lastDay));
  const reading: Block = {
    kind: 'notes',
    title: 'How to read this',
    notes: [
      `Everything here is counted by billing period, as the invoice is: a charge belongs to ${formatMonth(month)} because it is on that bill, whatever day it is for. Days are UTC.`,
      `${metricName[metric]} as the files state it, with purchases, taxes and credits. Rows are rounded when shown, never before they are added, so shown rows can miss the shown total by a last digit.`,
      ...(facts.bills.length > 1
        ? [`This bill is in ${currencies(facts)}. They are never added to one another.`]
        : []),
      ...behind.map(
        (line) => `${line.provider ?? noValue} is loaded to ${formatDay(line.lastDay)} only.`,
      ),
    ],
  };
  if (facts.warnings.length === 0) return [reading];
  const warnings = facts.warnings.map(({ file, message }) => `${file}: ${message}`);
  return [{ kind: 'notes', title: 'What was noted while loading', notes: warnings }, reading];
}
