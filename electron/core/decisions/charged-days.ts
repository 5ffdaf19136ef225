import { dayText, lastDayOf, monthOf } from '../../../shared/domain/calendar.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import type { ReadableDb } from '../store/open.ts';
import { stateOf } from '../store/retention.ts';

/** Days since 1970-01-01 UTC, the last one inclusive. */
export interface DaySpan {
  firstDay: number;
  lastDay: number;
}

/** Days that a provider's bill may still add to: the last ones loaded (SAVINGS.md section 8). */
const provisionalDays = 3;

/** The days for which the bill of one billing account says what was used. */
export interface ChargedDays {
  has: (day: number) => boolean;
  /** Last day that counts: later ones may still grow. */
  settled: number;
}

/**
 * Days with usage by billing account (value ids). A day without any is not a day without cost: its file
 * is not loaded.
 */
export async function chargedDays(
  db: ReadableDb,
  cube: Cube,
  accounts: ReadonlySet<number>,
  now: string,
): Promise<Map<number, ChargedDays>> {
  const found = new Map([...accounts].map((account) => [account, new Set<number>()]));
  for (const segment of cube.segments()) {
    const days = found.get(cube.idOf('billing-account', segment.billingAccount));
    if (!days) continue;
    const charge = cube.series('charge');
    const usage = cube.idOf('charge', 'Usage');
    const { series, day } = cube.cells(segment, 'billed');
    const charged = new Uint8Array(segment.lastDay - segment.firstDay + 1);
    for (let i = 0; i < series.length; i++) {
      if (charge[series[i] as number] === usage) charged[day[i] as number] = 1;
    }
    for (const [place, has] of charged.entries()) if (has === 1) days.add(segment.firstDay + place);
    await giveWay();
  }
  return new Map(
    [...found].map(([account, days]) => {
      const last = Math.max(-Infinity, ...days);
      const settled = isSettled(db, cube, account, last, now) ? last : last - provisionalDays;
      return [account, { has: (day) => days.has(day), settled }];
    }),
  );
}

/** The bill ends with a whole month to which its provider adds nothing any more. */
function isSettled(
  db: ReadableDb,
  cube: Cube,
  account: number,
  last: number,
  now: string,
): boolean {
  if (last === -Infinity) return false;
  const month = monthOf(dayText(last));
  if (dayText(last) !== lastDayOf(month)) return false;
  return cube
    .segments()
    .filter(
      (segment) =>
        segment.billingPeriod === month &&
        cube.idOf('billing-account', segment.billingAccount) === account,
    )
    .every((segment) => stateOf(db, segment, now) !== 'open');
}

/** Days in a row that all accounts have, from `from` on, before `to`; null where the first is missing. */
export function daysAfter(
  accounts: readonly ChargedDays[],
  from: number,
  to: number,
): DaySpan | null {
  const settled = Math.min(...accounts.map((account) => account.settled), to - 1);
  let day = from;
  while (day <= settled && accounts.every((account) => account.has(day))) day++;
  return day === from ? null : { firstDay: from, lastDay: day - 1 };
}

/** At most `most` days in a row that all accounts have, the last one the day before `before`. */
export function daysBefore(
  accounts: readonly ChargedDays[],
  before: number,
  most: number,
): DaySpan | null {
  let day = before - 1;
  while (before - day <= most && accounts.every((account) => account.has(day))) day--;
  return day === before - 1 ? null : { firstDay: day + 1, lastDay: before - 1 };
}

export function countOf({ firstDay, lastDay }: DaySpan): number {
  return lastDay - firstDay + 1;
}
