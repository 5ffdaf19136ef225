import {
  compareDecimals,
  currencySign,
  formatChange,
  formatChangePercent,
  formatCount,
  formatDay,
  formatDayShort,
  formatDecimal,
  formatAllDigits,
  formatMonth,
  formatShare,
  monthName,
  subtract,
} from '../domain/format.ts';
import { exactOf, formatExact } from '../domain/exact.ts';
import type { Cell, Row, Table } from './document.ts';
import type { Bill, BillMonth, Line, MonthlyFacts, TieOut } from './monthlyFacts.ts';
import { counted, listed, noValue, partOfMonth, placesFor, unknown } from './words.ts';

/** Rows listed of one table; what is left out is said in one row. */
const rowsListed = 40;

/** Amounts of one bill, one row a value of a dimension, with what it is compared with. */
export function costTable(
  facts: MonthlyFacts,
  bill: Bill,
  title: string,
  noun: string,
  lines: readonly Line[],
): Table {
  const compared = bill.before !== null;
  const places = placesFor(bill.total);
  const named = lines.length > rowsListed + 1 ? lines.slice(0, rowsListed) : lines;
  const rest = lines.slice(named.length);
  const row = (label: Cell, cost: string | null, before: string | null): Row => ({
    cells: [
      label,
      figure(cost, places),
      ...(compared ? [figure(before, places), ...changes(cost, before, places)] : []),
      { text: shareOf(cost, bill.total) },
    ],
  });
  const rows = named.map((line) => row(labelOf(line), line.cost, line.before));
  if (rest.length > 0) {
    const label = { text: `${formatCount(rest.length)} more` };
    rows.push({
      ...row(label, sum(rest.map((line) => line.cost)), sum(rest.map((line) => line.before))),
      rest: true,
    });
  }
  return {
    title,
    unit: unitOf(facts, bill),
    columns: [
      { label: noun, figures: false },
      ...monthColumns(facts, bill),
      ...(compared
        ? [
            { label: `Change ${currencySign(bill.currency)}`.trim(), figures: true },
            { label: 'Change', figures: true },
          ]
        : []),
      { label: 'Share', figures: true },
    ],
    rows,
    total: row({ text: 'Total' }, bill.total, bill.before),
    notes: [],
  };
}

/** The services of the chart with its colours: its legend and its last bar in figures. */
export function stackTable(facts: MonthlyFacts, bill: Bill): Table {
  const compared = bill.before !== null;
  const places = placesFor(bill.total);
  const cells = (cost: string, before: string) => [
    figure(cost, places),
    ...(compared ? [figure(before, places), { text: formatChangePercent(cost, before) }] : []),
  ];
  return {
    title: 'What it was spent on',
    unit: '',
    columns: [
      { label: 'Service', figures: false },
      ...monthColumns(facts, bill),
      ...(compared ? [{ label: 'Change', figures: true }] : []),
    ],
    rows: bill.stacks.map((stack) => ({
      cells: [{ text: stack.label, colour: stack.colour }, ...cells(stack.cost, stack.before)],
      rest: stack.rest,
    })),
    total: { cells: [{ text: 'Total' }, ...cells(bill.total ?? '0', bill.before ?? '0')] },
    notes: [],
  };
}

function monthColumns(facts: MonthlyFacts, bill: Bill): Table['columns'] {
  const sign = currencySign(bill.currency);
  const { comparison } = facts;
  const head = (month: string, lastDay: string | null) =>
    `${lastDay === null ? monthName(month) : `1 to ${formatDayShort(lastDay)}`} ${sign}`.trim();
  const columns = [
    { label: head(facts.month, facts.complete ? null : facts.lastDay), figures: true },
  ];
  if (bill.before !== null) {
    const lastDay = comparison.kind === 'same-days' ? comparison.lastDay : null;
    columns.push({ label: head(comparison.month, lastDay), figures: true });
  }
  return columns;
}

/** The tie-out in short, one row a billing account. */
export function tieOutTable(bill: Bill): Table {
  const sign = currencySign(bill.currency);
  const places = centsOrMore(bill);
  const providers = bill.tieOut.map(({ provider }) => provider);
  const label = ({ provider, billingAccount, name }: TieOut): Cell => {
    const text = provider ?? noValue;
    const alone = providers.filter((other) => other === provider).length === 1;
    return alone ? { text } : { text, secondary: name ?? billingAccount ?? noValue };
  };
  return {
    title: 'Does it tie out',
    unit: '',
    columns: [
      { label: 'Provider', figures: false },
      { label: `Files' total ${sign}`.trim(), figures: true },
      { label: 'Difference', figures: true },
    ],
    rows: bill.tieOut.map((line) => ({
      cells: [label(line), amount(line.stated, places), amount(difference(line), places)],
    })),
    total: {
      cells: [
        { text: 'Total' },
        amount(sum(bill.tieOut.map((line) => line.stated)), places),
        amount(sum(bill.tieOut.map(difference)), places),
      ],
    },
    notes: [...restatements(bill), ...unknownCharges(bill)],
  };
}

/** What is tied out is shown with its cents, however large the bill. */
function centsOrMore(bill: Bill): number {
  return Math.max(2, placesFor(bill.total));
}

/** The same with every digit, and the files that the figures come from. */
export function filesTable(facts: MonthlyFacts, bill: Bill): Table {
  const sign = currencySign(bill.currency);
  const digits = (text: string | null): Cell =>
    text === null ? { text: unknown } : { text: formatAllDigits(text), exact: text };
  return {
    title: 'Where the figures come from',
    unit: `every digit of the ${formatMonth(facts.month)} bill`,
    columns: [
      { label: 'Provider and billing account', figures: false },
      { label: `Files state ${sign}`.trim(), figures: true },
      { label: `Stored ${sign}`.trim(), figures: true },
      { label: 'Difference', figures: true },
    ],
    rows: bill.tieOut.map((line) => ({
      cells: [
        {
          text: line.provider ?? noValue,
          secondary: [line.name, line.billingAccount ?? noValue]
            .filter((part) => part !== null)
            .join(', '),
        },
        digits(line.stated),
        digits(line.stored),
        digits(difference(line)),
      ],
      detail:
        `${counted(line.charges, 'charge')} to ${formatDay(line.lastDay)}, loaded ` +
        `${formatDay(line.loadedAt.slice(0, 10))} from ${line.files.map(fileText).join('; ')}`,
    })),
    total: {
      cells: [
        { text: 'Total' },
        digits(sum(bill.tieOut.map((line) => line.stated))),
        digits(sum(bill.tieOut.map((line) => line.stored))),
        digits(sum(bill.tieOut.map(difference))),
      ],
    },
    notes: [],
  };
}

function fileText({ file, sha256 }: TieOut['files'][number]): string {
  return sha256 === null ? file : `${file} (sha256 ${sha256.slice(0, 12)})`;
}

function restatements(bill: Bill): string[] {
  return bill.tieOut.flatMap(({ provider, billingAccount, earlier, loadedAt, stored }) => {
    if (!earlier) return [];
    const who = provider ?? billingAccount ?? noValue;
    const on = formatDay(loadedAt.slice(0, 10));
    if (earlier.total === null || stored === null) {
      return [`${who} was restated on ${on} by an unknown amount.`];
    }
    const change = subtract(stored, earlier.total);
    return compareDecimals(change, '0') === 0
      ? [`${who} was restated on ${on}; its total is as before.`]
      : [`${who} was restated on ${on} by ${formatChange(change, centsOrMore(bill))}.`];
  });
}

function unknownCharges(bill: Bill): string[] {
  if (bill.unknownCharges === 0) return [];
  return [
    `${formatCount(bill.unknownCharges)} of ${counted(bill.charges, 'charge')} do not deliver this amount and are in no total.`,
  ];
}

/** Bills by month: the chart in figures. */
export function monthsTable(facts: MonthlyFacts, bill: Bill): Table {
  const places = placesFor(bill.total);
  const rows = bill.months.map((entry, index): Row => {
    const before = bill.months[index - 1];
    const label = { text: monthLabel(entry) };
    if (!entry.loaded)
      return { cells: [label, { text: 'not loaded' }, { text: '' }, { text: '' }] };
    const whole = entry.complete && before?.complete === true;
    return {
      cells: [
        label,
        figure(entry.cost, places),
        ...(whole ? changes(entry.cost, before.cost, places) : [{ text: 'n/a' }, { text: 'n/a' }]),
      ],
    };
  });
  return {
    title: 'Bill by month',
    unit: unitOf(facts, bill),
    columns: [
      { label: 'Month', figures: false },
      { label: `Bill ${currencySign(bill.currency)}`.trim(), figures: true },
      { label: `Change ${currencySign(bill.currency)}`.trim(), figures: true },
      { label: 'Change', figures: true },
    ],
    rows,
    total: null,
    notes: ['A change is given between whole months that follow one another.'],
  };
}

function monthLabel({ month, lastDay, complete, loaded }: BillMonth): string {
  if (!loaded || complete || lastDay === null) return formatMonth(month);
  return `${partOfMonth(month, lastDay)} ${month.slice(0, 4)}`;
}

/** The bill by month of the charged days; null where all of it is for days of its own month. */
export function daysTable(facts: MonthlyFacts, bill: Bill): Table | null {
  const { month } = facts;
  if (bill.chargeMonths.every((entry) => entry.month === month) && bill.otherBills.length === 0) {
    return null;
  }
  const sign = currencySign(bill.currency);
  const elsewhere = bill.otherBills.map((other) =>
    other.cost === null
      ? `${counted(other.charges, 'charge')} of an unknown amount on the ${formatMonth(other.month)} bill`
      : `${formatAllDigits(other.cost)} on the ${formatMonth(other.month)} bill`,
  );
  const of = elsewhere.length === 0 ? '' : `, of which ${listed(elsewhere)}`;
  const notes =
    bill.byDay === null
      ? []
      : [`By day, ${formatMonth(month)} comes to ${formatAllDigits(bill.byDay)}${of}.`];
  return {
    title: 'Days that the bill is for',
    unit: unitOf(facts, bill),
    columns: [
      { label: 'Charged for days in', figures: false },
      { label: `${monthName(month)} bill ${sign}`.trim(), figures: true },
      { label: 'Charges', figures: true },
    ],
    rows: bill.chargeMonths.map((entry) => ({
      cells: [
        { text: formatMonth(entry.month) },
        amount(entry.cost, centsOrMore(bill)),
        { text: formatCount(entry.charges) },
      ],
    })),
    total: {
      cells: [
        { text: 'Total' },
        amount(bill.total, centsOrMore(bill)),
        { text: formatCount(bill.charges) },
      ],
    },
    notes,
  };
}

function unitOf(facts: MonthlyFacts, bill: Bill): string {
  return `${bill.currency ?? 'no currency'}, ${facts.metric} cost`;
}

function labelOf({ key, name }: Line): Cell {
  if (key === null) return { text: noValue };
  return name === null || name === key ? { text: key } : { text: name, secondary: key };
}

/** As `amount`, with zero as 0: the figures of a bill, where nothing is tied out. */
function figure(text: string | null, places: number): Cell {
  const cell = amount(text, places);
  return text !== null && compareDecimals(text, '0') === 0 ? { ...cell, text: '0' } : cell;
}

function amount(text: string | null, places: number): Cell {
  return text === null ? { text: unknown } : { text: formatDecimal(text, places), exact: text };
}

function changes(cost: string | null, before: string | null, places: number): Cell[] {
  if (cost === null || before === null) return [{ text: unknown }, { text: unknown }];
  const change = subtract(cost, before);
  return [
    { text: formatChange(change, places), exact: change },
    { text: formatChangePercent(cost, before) },
  ];
}

function shareOf(cost: string | null, total: string | null): string {
  if (cost === null || total === null) return unknown;
  return compareDecimals(total, '0') > 0 ? formatShare(cost, total) : 'n/a';
}

function difference({ stated, stored }: TieOut): string | null {
  return stated === null || stored === null ? null : formatExact(exactOf(stored) - exactOf(stated));
}

/** Of what is known; null where nothing is. */
function sum(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((text) => text !== null);
  if (known.length === 0) return null;
  return formatExact(known.reduce((total, text) => total + exactOf(text), 0n));
}
