import {
  compareDecimals,
  formatChange,
  formatDecimal,
  formatHeadline,
  formatMonth,
  formatShare,
  monthName,
  subtract,
} from '../domain/format.ts';
import { exactOf } from '../domain/exact.ts';
import type { Sentence } from './document.ts';
import type { Bill, Line, MonthlyFacts } from './monthlyFacts.ts';
import { absolute, counted, listed, metricName, noValue, ordinal, placesFor } from './words.ts';

const moversNamed = 2;

/** The paragraph that can be read alone: how much, how it changed, what moved, whether it holds. */
export function leadSentences(facts: MonthlyFacts, bill: Bill): Sentence[] {
  if (bill.total === null) {
    return [
      [
        `The ${monthName(facts.month)} bill is unknown as ${metricName[facts.metric].toLowerCase()}: ` +
          `none of its ${counted(bill.charges, 'charge')} delivers that amount.`,
      ],
    ];
  }
  return [
    spent(facts, bill.total, bill),
    notCompared(facts),
    bill.before === null ? largest(bill.total, bill) : movers(bill),
    byDay(facts, bill.total, bill),
    tiesOut(bill),
    missing(facts),
  ].filter((sentence) => sentence.length > 0);
}

function spent(facts: MonthlyFacts, total: string, bill: Bill): Sentence {
  const places = placesFor(total);
  const name = monthName(facts.month);
  const strong = { strong: formatHeadline(total, bill.currency, places) };
  const start: Sentence = facts.complete
    ? [`The ${name} bill is `, strong]
    : facts.lastDay === null
      ? [`The ${name} bill so far is `, strong]
      : [`The ${name} bill stands at `, strong, ` with days to the ${ordinal(facts.lastDay)}`];
  if (bill.before === null) return [...start, '.'];
  const { comparison } = facts;
  const than =
    comparison.kind === 'same-days'
      ? `${monthName(comparison.month)} to the ${ordinal(comparison.lastDay)}`
      : `${monthName(comparison.month)}'s`;
  const change = subtract(total, bill.before);
  const direction = compareDecimals(change, '0');
  if (direction === 0) return [...start, `, the same as ${than}.`];
  // A percentage of zero or of less has no meaning.
  const share =
    compareDecimals(bill.before, '0') > 0 ? ` (${formatShare(absolute(change), bill.before)})` : '';
  const amount = formatDecimal(absolute(change), places);
  return [...start, `, ${amount}${share} ${direction > 0 ? 'more' : 'less'} than ${than}.`];
}

/** Why there is no comparison; empty where there is one. */
function notCompared({ comparison, month, lastDay }: MonthlyFacts): Sentence {
  switch (comparison.kind) {
    case 'whole':
    case 'same-days':
      return [];
    case 'not-loaded':
      return [`${formatMonth(comparison.month)} is not loaded, so nothing is compared.`];
    case 'too-short':
      return [
        comparison.lastDay === null
          ? `${formatMonth(comparison.month)} has no days of its own loaded, so nothing is compared.`
          : `${monthName(comparison.month)} is loaded to the ${ordinal(comparison.lastDay)} only, ` +
            `${monthName(month)} to the ${ordinal(lastDay ?? '')}, so nothing is compared.`,
      ];
    case 'no-days':
      return [`It has no charge for a day in ${monthName(month)} yet, so nothing is compared.`];
  }
}

function largest(total: string, bill: Bill): Sentence {
  const [line] = bill.services;
  if (!line || line.cost === null || compareDecimals(line.cost, '0') <= 0) return [];
  const share = compareDecimals(total, '0') > 0 ? `, ${formatShare(line.cost, total)} of it` : '';
  const amount = formatDecimal(line.cost, placesFor(total));
  return [`The largest part is ${line.key ?? noValue}, ${amount}${share}.`];
}

/** The services that moved most, whichever way. */
function movers(bill: Bill): Sentence {
  const places = placesFor(bill.total);
  const moved = bill.services
    .map((line) => ({ label: line.key ?? noValue, change: changeOf(line) }))
    .filter(({ change }) => compareDecimals(change, '0') !== 0)
    .sort(
      (a, b) =>
        compareDecimals(absolute(b.change), absolute(a.change)) || (a.label < b.label ? -1 : 1),
    )
    .slice(0, moversNamed)
    .map(({ label, change }) => `${label} (${formatChange(change, places)})`);
  if (moved.length === 0) return [];
  return [`What moved most: ${listed(moved)}.`];
}

function changeOf({ cost, before }: Line): string {
  return cost === null || before === null ? '0' : subtract(cost, before);
}

/** Where bill and days are a hundredth apart or more, whoever reads only this must know. */
function byDay({ month }: MonthlyFacts, total: string, { byDay: days }: Bill): Sentence {
  if (days === null) return [];
  const apart = exactOf(absolute(subtract(days, total)));
  if (apart === 0n || apart * 100n < exactOf(absolute(total))) return [];
  return [
    `By day, whichever bill a charge is on, ${monthName(month)} comes to ${formatDecimal(days, placesFor(total))}.`,
  ];
}

function tiesOut(bill: Bill): Sentence {
  const files = new Set(bill.tieOut.flatMap((line) => line.files.map(fileKey))).size;
  const open = bill.tieOut.filter(({ stated, stored }) => stated !== stored);
  if (open.length === 0) {
    const source = files === 1 ? 'its file states' : `its ${files} files state`;
    return [`The total equals what ${source}, to the last digit.`];
  }
  return [
    { strong: 'It does not tie out' },
    `: ${counted(open.length, 'billing account')} of ${bill.tieOut.length} ${open.length === 1 ? 'differs' : 'differ'} from what the files state.`,
  ];
}

function fileKey({ file, sha256 }: { file: string; sha256: string | null }): string {
  return sha256 ?? file;
}

function missing({ missing: accounts, comparison, month }: MonthlyFacts): Sentence {
  if (accounts.length === 0) return [];
  const names = accounts.map(({ provider, name, billingAccount }) =>
    [provider ?? noValue, name ?? billingAccount].filter((part) => part !== null).join(' '),
  );
  return [
    `Not loaded for ${monthName(month)} but on the ${monthName(comparison.month)} bill: ${listed(names)}.`,
  ];
}
