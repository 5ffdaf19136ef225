import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import {
  addMonths,
  dayNumber,
  dayText,
  daysInMonth,
  firstDayOf,
  lastDayOf,
} from '../../../shared/domain/calendar.ts';
import type { Comparison, MonthlyFacts } from '../../../shared/reports/monthlyFacts.ts';
import { group } from '../costs/group.ts';
import { textOf } from '../costs/scope.ts';
import { noData, type CostsDeps } from '../costs/view.ts';
import type { SegmentInfo } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import { gatherBill } from './gather-bill.ts';
import { billVersions, healthSheets } from './queries.ts';

export interface GatherDeps extends CostsDeps {
  db: ReadableDb;
}

const monthsShown = 13;

/** A billing period as it is loaded, and how far its days reach. */
export interface LoadedPeriod {
  month: string;
  segments: SegmentInfo[];
  /** Last day of the month itself with a charge of this period; null where none has. */
  lastDay: string | null;
  complete: boolean;
}

/** Everything that the monthly report says, read from the ledger; refuses a month not loaded. */
export function gatherMonthly(
  deps: GatherDeps,
  month: string,
  metric: Metric,
  preparedOn: string,
): MonthlyFacts {
  const { cube, axes, db } = deps;
  const periods = loadedPeriods(deps);
  if (periods.size === 0) throw noData();
  const period = periods.get(month);
  if (!period) throw notLoaded(month, [...periods.keys()]);
  const comparison = comparisonOf(period, periods.get(addMonths(month, -1)));
  const shown = shownMonths(month, periods);
  const versions = billVersions(db, month);
  const currency = axes.axis('currency');
  const byCurrency = group(cube, {
    metric,
    axes: [currency],
    mask: axes.mask([]),
    segments: period.segments,
    granularity: 'none',
  });
  const currencies = byCurrency.groups
    .map(({ ids }, g) => ({ text: textOf(currency, ids[0] ?? 0), charges: byCurrency.rows(g, 0) }))
    .sort((a, b) => b.charges - a.charges || ((a.text ?? '') < (b.text ?? '') ? -1 : 1));
  return {
    month,
    metric,
    preparedOn,
    dataTo: dayText(Math.max(...period.segments.map((segment) => segment.lastDay))),
    lastDay: period.lastDay,
    complete: period.complete,
    comparison,
    bills: currencies.map(({ text }) =>
      gatherBill(deps, { metric, currency: text, period, comparison, periods, shown, versions }),
    ),
    missing: missingAccounts(deps, period, periods.get(addMonths(month, -1))),
    warnings: warningsOf(versions),
    health: healthSheets(
      db,
      versions.flatMap(({ files }) => files.map(({ loadId }) => loadId)),
    ),
  };
}

function loadedPeriods({ cube, axes }: CostsDeps): Map<string, LoadedPeriod> {
  const segments = new Map<string, SegmentInfo[]>();
  for (const segment of cube.segments()) {
    const own = segments.get(segment.billingPeriod);
    if (own) own.push(segment);
    else segments.set(segment.billingPeriod, [segment]);
  }
  const mask = axes.mask([]);
  return new Map(
    [...segments]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, own]) => {
        const days = group(cube, {
          metric: 'billed',
          axes: [],
          mask,
          segments: own,
          firstDay: dayNumber(firstDayOf(month)),
          lastDay: dayNumber(lastDayOf(month)),
          granularity: 'day',
        });
        const charged =
          days.groups.length === 0 ? [] : days.periods.filter((_, slot) => days.rows(0, slot) > 0);
        const lastDay = charged.at(-1) ?? null;
        return [month, { month, segments: own, lastDay, complete: lastDay === lastDayOf(month) }];
      }),
  );
}

function comparisonOf(period: LoadedPeriod, before: LoadedPeriod | undefined): Comparison {
  const month = addMonths(period.month, -1);
  if (!before) return { kind: 'not-loaded', month };
  if (period.lastDay === null) return { kind: 'no-days', month };
  if (before.complete && period.complete) return { kind: 'whole', month };
  const day = Math.min(Number(period.lastDay.slice(8)), daysInMonth(month));
  const lastDay = `${month}-${String(day).padStart(2, '0')}`;
  return period.complete || before.lastDay === null || before.lastDay < lastDay
    ? { kind: 'too-short', month, lastDay: before.lastDay }
    : { kind: 'same-days', month, lastDay };
}

/** Up to 13 months in a row that end with this one, from the first loaded. */
function shownMonths(month: string, periods: ReadonlyMap<string, LoadedPeriod>): string[] {
  const months = Array.from({ length: monthsShown }, (_, i) =>
    addMonths(month, i - monthsShown + 1),
  );
  return months.slice(months.findIndex((shown) => periods.has(shown)));
}

function missingAccounts(
  { axes }: CostsDeps,
  period: LoadedPeriod,
  before: LoadedPeriod | undefined,
): MonthlyFacts['missing'] {
  const keyOf = ({ provider, billingAccount }: SegmentInfo) =>
    JSON.stringify([provider, billingAccount]);
  const present = new Set(period.segments.map(keyOf));
  const gone = new Map((before?.segments ?? []).map((segment) => [keyOf(segment), segment]));
  const axis = axes.axis('billing-account');
  return [...gone]
    .filter(([key]) => !present.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { provider, billingAccount }]) => ({
      provider: provider || null,
      billingAccount: billingAccount || null,
      name: billingAccount === '' ? null : axis.name(axis.values.indexOf(billingAccount)),
    }));
}

function warningsOf(versions: ReturnType<typeof billVersions>): MonthlyFacts['warnings'] {
  const files = new Map(
    versions.flatMap(({ files: own }) => own.map((file) => [file.loadId, file])),
  );
  return [...files.values()]
    .sort((a, b) => a.loadId - b.loadId)
    .flatMap(({ file, warnings }) => warnings.map((warning) => ({ ...warning, file })));
}

function notLoaded(month: string, loaded: readonly string[]): OutlayError {
  return new OutlayError(
    'NO_DATA',
    `The billing period ${month} is not loaded.`,
    `Loaded are ${monthRuns(loaded)}.`,
  );
}

/** "2025-11 to 2026-09, 2026-11": months in order, those in a row as a range. */
function monthRuns(months: readonly string[]): string {
  const runs: { first: string; last: string }[] = [];
  for (const month of months) {
    const run = runs.at(-1);
    if (run && addMonths(run.last, 1) === month) run.last = month;
    else runs.push({ first: month, last: month });
  }
  return runs.map(({ first, last }) => (first === last ? first : `${first} to ${last}`)).join(', ');
}
