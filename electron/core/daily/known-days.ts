import { dayText, lastDayOf, monthOf } from '../../../shared/domain/calendar.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import type { ReadableDb } from '../store/open.ts';
import { stateOf } from '../store/retention.ts';
import { type Span, sumSeries } from '../workloads/sums.ts';

export interface DailyDeps {
  db: ReadableDb;
  cube: Cube;
  axes: Axes;
  now: () => Date;
}

/** Which days the loaded bills say everything of. Days since 1970-01-01 UTC. */
export interface KnownDays {
  /** False for a day that lacks an account with usage nearly every day: its file is missing. */
  has: (day: number) => boolean;
  /** Last day with usage. */
  last: number;
  /** Last day that counts: later ones may still grow. */
  settled: number;
}

/** Days that a provider's bill may still add to (SAVINGS.md section 8). */
const provisionalDays = 3;
/** An account is missed on a day without usage where it has some on such a share of its days. */
const dailyShare = 0.9;
const leastDays = 14;
/** One without usage for so long before the end has ended. */
const endedAfter = 14;

/** Of one currency; null where it has no usage within the span. */
export async function knownDays(
  { db, cube, axes, now }: DailyDeps,
  span: Span,
  currency: string | null,
): Promise<KnownDays | null> {
  const account = axes.axis('billing-account');
  const mask = axes.mask([
    { dimension: 'currency', values: [currency] },
    { dimension: 'charge', values: ['Usage'] },
  ]);
  await giveWay();
  const of = new Int32Array(mask.length).fill(-1);
  for (let series = 0; series < mask.length; series++) {
    if (mask[series] === 1) of[series] = account.ids[series] as number;
  }
  await giveWay();
  const rows = await sumSeries(cube, span, 'billed', { of, count: account.values.length }, 'day');
  const accounts = account.values
    .map((_value, group) => rows.periods.map((_period, slot) => rows.rows(group, slot) > 0))
    .map((used) => ({ used, first: used.indexOf(true), last: used.lastIndexOf(true) }))
    .filter(({ last }) => last >= 0);
  if (accounts.length === 0) return null;
  const end = Math.max(...accounts.map(({ last }) => last));
  const daily = accounts.filter(({ used, first, last }) => {
    const days = last - first + 1;
    return days >= leastDays && used.filter(Boolean).length >= dailyShare * days;
  });
  const going = daily.filter(({ last }) => last > end - endedAfter);
  const complete = going.length > 0 ? Math.min(...going.map(({ last }) => last)) : end;
  const last = span.firstDay + complete;
  return {
    has: (day) => {
      const slot = day - span.firstDay;
      if (slot < 0 || slot > end) return false;
      if (!accounts.some(({ used }) => used[slot])) return false;
      return daily.every(
        ({ used, first, last: until }) => slot < first || slot > until || used[slot] === true,
      );
    },
    last: span.firstDay + end,
    settled: closes(db, span, last, now().toISOString()) ? last : last - provisionalDays,
  };
}

/** The day ends a month to which nobody adds anything any more. */
function closes(db: ReadableDb, { segments }: Span, day: number, now: string): boolean {
  const month = monthOf(dayText(day));
  if (dayText(day) !== lastDayOf(month)) return false;
  return segments
    .filter(({ billingPeriod }) => billingPeriod === month)
    .every((segment) => stateOf(db, segment, now) !== 'open');
}
