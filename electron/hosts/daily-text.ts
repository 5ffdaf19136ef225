import type { CallOutput } from '../../shared/contract/contract.ts';
import type { CostAnomaly } from '../../shared/contract/daily.ts';
import { addDays } from '../../shared/domain/calendar.ts';
import {
  formatChange,
  formatCount,
  formatDay,
  formatDecimal,
  formatMonth,
  formatRange,
} from '../../shared/domain/format.ts';
import { table } from './cli-text.ts';

type Forecast = CallOutput<'costs.forecast'>;
type Anomalies = CallOutput<'costs.anomalies'>;

const modelNames: Record<NonNullable<Forecast['model']>, string> = {
  'weekly-naive': 'each weekday as a week before',
  'weekly-mean': 'each weekday as in the last four weeks',
  'weekly-trend': 'each weekday as a week before, with the trend of the last four weeks',
  flat: 'every day as the last seven',
};

/** What was billed has every digit; what is ahead is an estimate and rounded. */
export function forecastText(answer: Forecast, days: boolean): string {
  const { currency, metric, settledTo, model } = answer;
  const head = `Forecast, ${metric}, ${currency ?? 'no currency'}. Settled to ${formatDay(settledTo)}; everything after is an estimate.`;
  if (model === null) return `${head}\n${answer.reason}`;
  const share = percent(answer.level);
  const columns = ['billed so far', 'estimate', `${share} band from`, 'to'];
  const rows = days
    ? answer.days.map((one) => [formatDay(one.day), ...figures(one)])
    : answer.months.map((one) => [formatMonth(one.month), ...figures(one)]);
  return [
    head,
    '',
    table([[days ? 'day' : 'month', ...columns], ...rows], 1, 4),
    '',
    `Model: ${modelNames[model]}. ${answer.reason}`,
    recordText(answer),
    ...recurringText(answer),
    ...unknownText(answer.unknownRows),
  ].join('\n');
}

function figures({
  billed,
  expected,
  low,
  high,
}: Forecast['days'][number] | Forecast['months'][number]) {
  return [billed ?? '', estimate(expected), estimate(low), estimate(high)];
}

function recordText({ record, reference, level }: Forecast): string {
  if (!record || record.coverage === null) {
    return `Too few past forecasts to measure the band: it is the usual error of other accounts.`;
  }
  const past = `Of days in ${record.origins} past forecasts ${percent(record.coverage)} lay in their band (aim ${percent(level)})`;
  const error = record.error === null ? '' : `, mean error ${percent(record.error)}`;
  const other =
    reference?.error === null || reference?.error === undefined
      ? ''
      : `; ${percent(reference.error)} with each weekday as a week before`;
  return `${past}${error}${other}.`;
}

function recurringText({ months, currency }: Forecast): string[] {
  const some = months.filter(({ recurring }) => recurring !== 0);
  if (some.length === 0) return [];
  const parts = some.map(
    ({ month, recurring }) => `${estimate(recurring)} ${currency ?? ''} in ${formatMonth(month)}`,
  );
  return [
    `Included are fees, taxes and credits as the last month had them: ${parts.join(', ')}. The band does not cover changes of those.`,
  ];
}

/** One row an anomaly, most money first; then the days of the whole. */
export function anomaliesText(answer: Anomalies): string {
  const { metric, currency, range, parts, partAnomalies, total, by, settledTo } = answer;
  const head = `${formatRange(range.from, range.to, true)}, ${metric} cost of usage, ${currency ?? 'no currency'}.`;
  const lines = [head];
  if (parts.length === 0)
    lines.push('No day of any part left the band of the same weekdays before.');
  else lines.push('', partsTable(answer));
  if (partAnomalies > parts.length) {
    lines.push(`${formatCount(partAnomalies - parts.length)} more; --limit shows them.`);
  }
  if (total.length > 0) {
    lines.push('', 'Of all of it (the same money again, never to be added):', totalTable(answer));
  } else if (parts.length > 0) lines.push('', 'All of it together stayed within its band.');
  if ([...parts, ...total].some(({ provisional }) => provisional)) {
    lines.push('', `Days after ${formatDay(settledTo)} may still change.`);
  }
  if (parts.some(({ price, expected }) => price === null && expected !== 0)) {
    lines.push(
      `Price and quantity are unknown where the bill does not state the units of a ${by.join(' and ')}.`,
    );
  }
  return [...lines, ...unknownText(answer.unknownRows)].join('\n');
}

function partsTable({ by, parts }: Anomalies): string {
  const head = ['days', ...by, 'cost', 'expected', 'change', 'by price', 'by quantity', ''];
  const rows = parts.map((one) => [
    daysText(one),
    ...namesOf(one),
    ...amounts(one),
    [...(one.expected === 0 ? ['new'] : []), ...(one.provisional ? ['provisional'] : [])].join(
      ', ',
    ),
  ]);
  return table([head, ...rows], by.length + 1, by.length + 5);
}

function totalTable({ total }: Anomalies): string {
  const rows = total.map((one) => {
    const [first] = one.moved;
    const most = first ? `most: ${namesOf(first).join(', ')} ${change(first.impact)}` : '';
    const [cost = '', expected = '', moved = ''] = amounts(one);
    return [daysText(one), cost, expected, moved, most, one.provisional ? 'provisional' : ''];
  });
  return table([['days', 'cost', 'expected', 'change', '', ''], ...rows], 1, 3);
}

function namesOf({ keys, names }: Pick<CostAnomaly, 'keys' | 'names'>): string[] {
  return keys.map((key, place) => names[place] ?? key ?? '(no value)');
}

function amounts({ cost, expected, impact, price, quantity }: CostAnomaly): string[] {
  return [
    cost ?? 'unknown',
    estimate(expected),
    change(impact),
    price === null ? 'unknown' : change(price),
    quantity === null ? 'unknown' : change(quantity),
  ];
}

function daysText({ from, to }: CostAnomaly): string {
  return formatRange(from, addDays(to, 1), true);
}

function unknownText(rows: number): string[] {
  return rows === 0
    ? []
    : [`${formatCount(rows)} charges do not state this cost and are in no figure.`];
}

function estimate(amount: number): string {
  return formatDecimal(amount.toFixed(2), 2);
}

function change(amount: number): string {
  return formatChange(amount.toFixed(2), 2);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;
}
