import type { HealthSheet } from '../../../shared/contract/health.ts';
import { type Metric, metrics } from '../../../shared/contract/values.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { dimensionNames } from '../../../shared/domain/dimensions.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { metricName } from '../../../shared/reports/words.ts';
import { groupCells } from '../store/kernel.ts';
import { exactAt } from '../store/limbs.ts';
import type { SeriesDimension } from '../store/measures.ts';
import { distinct, spanOf } from '../store/spans.ts';
import type { BillCells } from './cells.ts';
import { type FocusRule, focusRules, type RuleSeries } from './health-rules.ts';
import type { Bill } from './read-bill.ts';

/** Invoices listed on a sheet; a marketplace bill may have thousands. */
const invoicesListed = 100;

/** Columns whose gaps decide what a bill can be split by. */
const columnsShown = [
  'provider',
  'billing-account',
  'account',
  'service',
  'category',
  'region',
  'sku',
  'resource',
  'pricing',
  'charge',
  'invoice',
] as const satisfies SeriesDimension[];

/**
 * The data-health sheet of a bill, from its daily cells and series: they hold far fewer rows than
 * the file, and what a charge has in its dimensions is the same for all rows of a cell.
 * Negative rows were counted in the file itself, because a cell nets its charges.
 */
export function healthOf(bill: Bill, cells: BillCells): HealthSheet {
  const rules = bill.format.family === 'FOCUS' ? focusRules : [];
  const sums = sumSeries(cells);
  const rowsWhere = (is: (place: number) => boolean) =>
    sums.rows.reduce((sum, rows, place) => (rows > 0 && is(place) ? sum + rows : sum), 0);
  return {
    rows: bill.rows,
    ...daysOf(cells),
    nulls: [
      ...columnsShown.map((dimension) => ({
        column: dimensionNames[dimension],
        rows: rowsWhere((place) => cells.texts[dimension][place] === null),
      })),
      { column: 'Tags', rows: rowsWhere((place) => cells.texts.tags[place] === null) },
      ...metrics.map((metric) => ({
        column: metricName[metric],
        rows: sums.known[metric].reduce((sum, n, place) => sum + (sums.rows[place] ?? 0) - n, 0),
      })),
    ],
    rulesChecked: rules.length,
    findings: findingsOf(cells, sums, rules),
    untagged: untaggedOf(cells),
    negativeRows: bill.negativeRows,
    ...invoicesOf(cells),
  };
}

/** Rows by place of a series, and those of them that deliver an amount. */
interface SeriesSums {
  rows: Float64Array;
  known: Record<Metric, Float64Array>;
}

function sumSeries({ parts, texts, placeOf }: BillCells): SeriesSums {
  const empty = () => new Float64Array(texts.currency.length);
  const sums: SeriesSums = {
    rows: empty(),
    known: { billed: empty(), effective: empty(), list: empty(), contracted: empty() },
  };
  for (const { cells } of parts) {
    addTo(sums.rows, cells.rows, cells.series, placeOf);
    for (const metric of metrics) {
      const known = cells.measures[metric].known ?? cells.rows;
      addTo(sums.known[metric], known, cells.series, placeOf);
    }
  }
  return sums;
}

function addTo(
  sums: Float64Array,
  values: Float64Array,
  series: Uint32Array,
  placeOf: Int32Array,
): void {
  for (let i = 0; i < values.length; i++) {
    const place = placeOf[series[i] as number] as number;
    sums[place] = (sums[place] as number) + (values[i] as number);
  }
}

function daysOf({ parts }: BillCells): Pick<HealthSheet, 'firstDay' | 'lastDay' | 'gaps'> {
  const days = [...new Set(parts.flatMap(({ cells }) => distinct(cells.day)))].sort(
    (a, b) => a - b,
  );
  const [first, last] = [days[0], days.at(-1)];
  const gaps = days.flatMap((day, i) => {
    const before = days[i - 1];
    if (before === undefined || day === before + 1) return [];
    return [{ from: dayText(before + 1), to: dayText(day - 1), days: day - before - 1 }];
  });
  return {
    firstDay: first === undefined ? null : dayText(first),
    lastDay: last === undefined ? null : dayText(last),
    gaps,
  };
}

function findingsOf(
  { texts }: BillCells,
  sums: SeriesSums,
  rules: readonly FocusRule[],
): HealthSheet['findings'] {
  const categories = new Map<string | null, Set<string>>();
  for (const [place, service] of texts.service.entries()) {
    const category = texts.category[place] ?? null;
    const own = categories.get(service) ?? new Set();
    categories.set(service, own);
    if (category !== null) own.add(category);
  }
  const series = texts.service.map(
    (service, place): RuleSeries => ({
      text: (dimension) => texts[dimension][place] ?? null,
      rows: sums.rows[place] ?? 0,
      known: (metric) => sums.known[metric][place] ?? 0,
      // A charge without a service has none that could have two categories.
      categories: service === null ? 0 : (categories.get(service)?.size ?? 0),
    }),
  );
  return rules
    .map(({ id, message, broken }) => ({
      rule: id,
      message,
      rows: series.reduce((sum, own) => sum + broken(own), 0),
    }))
    .filter(({ rows }) => rows > 0);
}

function untaggedOf(cells: BillCells): HealthSheet['untagged'] {
  const { texts } = cells;
  const groups = sumBilled(cells, (place) => {
    const group = { currency: texts.currency[place] ?? '', isTagged: texts.tags[place] !== null };
    return { key: group.currency + group.isTagged, group };
  });
  const currencies = [...new Set(groups.map(({ group }) => group.currency))].sort();
  return currencies.map((currency) => {
    const own = groups.filter(({ group }) => group.currency === currency);
    const without = own.filter(({ group }) => !group.isTagged);
    const sum = (of: typeof own) => {
      const known = of.flatMap(({ billed }) => (billed === null ? [] : [billed]));
      return known.length === 0 ? null : formatExact(known.reduce((total, n) => total + n, 0n));
    };
    const rows = without.reduce((total, group) => total + group.rows, 0);
    return { currency, rows, billed: sum(without), total: sum(own) };
  });
}

function invoicesOf(cells: BillCells): Pick<HealthSheet, 'invoices' | 'moreInvoices'> {
  const { texts } = cells;
  const groups = sumBilled(cells, (place) => {
    const group = {
      invoice: texts.invoice[place] ?? null,
      currency: texts.currency[place] ?? '',
    };
    // A currency has no blank.
    return { key: `${group.currency}${group.invoice === null ? '' : ` ${group.invoice}`}`, group };
  });
  const size = ({ billed }: (typeof groups)[number]) =>
    billed === null ? 0n : billed < 0n ? -billed : billed;
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  groups.sort(
    (a, b) =>
      Number(size(b) > size(a)) - Number(size(b) < size(a)) ||
      Number(a.group.invoice === null) - Number(b.group.invoice === null) ||
      order(a.group.invoice ?? '', b.group.invoice ?? '') ||
      order(a.period, b.period) ||
      order(a.group.currency, b.group.currency),
  );
  return {
    invoices: groups.slice(0, invoicesListed).map(({ group, period, rows, billed }) => ({
      invoice: group.invoice,
      period,
      currency: group.currency,
      rows,
      billed: billed === null ? null : formatExact(billed),
    })),
    moreInvoices: Math.max(0, groups.length - invoicesListed),
  };
}

/** Rows and exact billed cost of each group that has any; null where no row delivers it. */
function sumBilled<Group>(
  { parts, texts, placeOf }: BillCells,
  groupOf: (place: number) => { key: string; group: Group },
): { group: Group; period: string; rows: number; billed: Exact | null }[] {
  const groups: Group[] = [];
  const indexes = new Map<string, number>();
  const groupOfPlace = texts.currency.map((_, place) => {
    const { key, group } = groupOf(place);
    let index = indexes.get(key);
    if (index === undefined) indexes.set(key, (index = groups.push(group) - 1));
    return index;
  });
  const groupOfSeries = placeOf.map((place) => groupOfPlace[place] ?? -1);
  const found = new Map<
    string,
    { group: Group; period: string; rows: number; billed: Exact | null }
  >();
  for (const { billingPeriod: period, cells } of parts) {
    const { low: firstDay, high: lastDay } = spanOf(cells.day);
    const { sums, rows, known } = groupCells(
      [{ ...cells, firstDay: 0, measure: cells.measures.billed }],
      {
        groupOfSeries,
        groups: groups.length,
        slotOfDay: new Int32Array(lastDay - firstDay + 1),
        firstDay,
        slots: 1,
      },
    );
    for (const [i, group] of groups.entries()) {
      const count = rows[i] ?? 0;
      if (count === 0) continue;
      const key = `${period} ${i}`;
      const sum = found.get(key) ?? { group, period, rows: 0, billed: null };
      found.set(key, sum);
      sum.rows += count;
      if ((known[i] ?? 0) > 0) sum.billed = (sum.billed ?? 0n) + exactAt(sums, i);
    }
  }
  return [...found.values()];
}
