import {
  addMonths,
  dayNumber,
  dayText,
  lastDayOf,
  monthOf,
} from '../../../shared/domain/calendar.ts';
import type { SeriesSums } from '../workloads/sums.ts';

/** A charge that came on every one of so many last days goes on by day. */
const everyDay = 7;

/** Whether fees, taxes or credits are charged by the day: then they are forecast like usage. */
export function comesDaily(sums: SeriesSums, group: number, settledSlot: number): boolean {
  for (let back = 0; back < everyDay; back++) {
    const slot = settledSlot - back;
    if (slot < 0 || sums.rows(group, slot) === 0) return false;
  }
  return true;
}

/**
 * What comes again in a month on the same days of the month: fees, taxes and credits of the month of
 * days that ends with the last settled one, if they came in the month of days before it too, where
 * that is loaded. By day since 1970-01-01 UTC.
 */
export function recurringIn(
  month: string,
  sums: SeriesSums,
  groups: readonly number[],
  { firstDay, settled }: { firstDay: number; settled: number },
): Map<number, number> {
  const found = new Map<number, number>();
  const from = monthEarlier(settled) + 1;
  const before = monthEarlier(from - 1) + 1;
  if (from < firstDay) return found;
  const last = dayNumber(lastDayOf(month));
  for (const group of groups) {
    const charged = (first: number, end: number) => {
      for (let day = first; day < end; day++) if (sums.rows(group, day - firstDay) > 0) return true;
      return false;
    };
    if (before >= firstDay && !charged(before, from)) continue;
    for (let day = from; day <= settled; day++) {
      const cost = sums.size(group, day - firstDay);
      if (cost === 0) continue;
      const again = Math.min(dayNumber(`${month}-01`) + Number(dayText(day).slice(8)) - 1, last);
      found.set(again, (found.get(again) ?? 0) + cost);
    }
  }
  return found;
}

/** The same day of the month before, or its last day. */
function monthEarlier(day: number): number {
  const text = dayText(day);
  const month = addMonths(monthOf(text), -1);
  const same = `${month}-${text.slice(8)}`;
  return dayNumber(same <= lastDayOf(month) ? same : lastDayOf(month));
}
