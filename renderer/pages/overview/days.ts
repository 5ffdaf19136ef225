import type { CallOutput } from '../../../shared/contract/contract.ts';
import { addDays } from '../../../shared/domain/calendar.ts';
import { formatRange } from '../../../shared/domain/format.ts';

export type Overview = CallOutput<'overview.get'>;

/** "1 to 21 Nov", or "November" where the whole month is loaded. */
export function spentDays(overview: Overview): string {
  return formatRange(overview.firstDay, addDays(overview.lastDay, 1));
}

/** The days it is compared with; null where they are not loaded. */
export function beforeDays(overview: Overview): string | null {
  const before = overview.sameDaysBefore;
  return before && formatRange(before.from, addDays(before.to, 1));
}
