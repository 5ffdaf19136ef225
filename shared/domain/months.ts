import { addMonths, firstDayOf } from './calendar.ts';

/**
 * Where a billing period stands. Open: its provider still adds to it. Closed: the invoice is there,
 * or it has been left alone for long enough. Restating: it was closed and has changed since.
 */
export const monthStates = ['open', 'restating', 'closed'] as const;
export type MonthState = (typeof monthStates)[number];

/** The state of a month that several providers bill: it is as open as the most open of them. */
export function leastSettled(states: readonly MonthState[]): MonthState | null {
  return monthStates.find((state) => states.includes(state)) ?? null;
}

/** What is known of one billing period of one provider's billing account. */
export interface MonthHistory {
  /** YYYY-MM. */
  period: string;
  provider: string;
  /** Every version ever shown, oldest first; times in UTC, ISO 8601. */
  versions: readonly {
    at: string;
    /** Every charge that costs anything carries an invoice id. */
    invoiced: boolean;
  }[];
}

const msPerDay = 86_400_000;

/** A month that nobody has changed for so many days after its end counts as closed. */
const settleDays = 10;

/**
 * Days after the end of a month until the provider has usually added its last charges and issued
 * the invoice, rounded up: before them an invoice id is that of a purchase billed ahead.
 */
const usualDelay: readonly (readonly [provider: RegExp, days: number])[] = [
  [/^(aws|amazon)/i, 5],
  [/^google/i, 7],
  [/^(microsoft|azure)/i, 5],
];
const otherDelay = 5;

/** Days after the end of a month in which its provider usually still adds charges. */
export function usualDelayDays(provider: string): number {
  return usualDelay.find(([name]) => name.test(provider))?.[1] ?? otherDelay;
}

/** The moment (milliseconds, UTC) from which a month counts as closed; it may lie ahead. */
function closedFrom({ period, provider, versions }: MonthHistory): number {
  const end = Date.parse(`${firstDayOf(addMonths(period, 1))}T00:00:00Z`);
  let settled = end + settleDays * msPerDay;
  for (const { at } of versions.slice(1)) {
    const time = Date.parse(at);
    if (time > end && time < settled) settled = time + settleDays * msPerDay;
  }
  const invoice = versions.find(({ invoiced }) => invoiced);
  if (!invoice) return settled;
  const delayed = end + usualDelayDays(provider) * msPerDay;
  return Math.min(settled, Math.max(delayed, Date.parse(invoice.at)));
}

/** State at `now` (UTC, ISO 8601). A first version that comes late finds its month closed. */
export function monthState(history: MonthHistory, now: string): MonthState {
  const closed = closedFrom(history);
  const time = Date.parse(now);
  if (time < closed) return 'open';
  const restated = history.versions.slice(1).some(({ at }) => {
    const changed = Date.parse(at);
    return changed > closed && time < changed + settleDays * msPerDay;
  });
  return restated ? 'restating' : 'closed';
}

/**
 * Which of the versions the month closed with: the last one from before it closed, else the first
 * one. Null while the month is open.
 */
export function firstClosedVersion(history: MonthHistory, now: string): number | null {
  const closed = closedFrom(history);
  if (history.versions.length === 0 || Date.parse(now) < closed) return null;
  const before = history.versions.filter(({ at }) => Date.parse(at) <= closed).length;
  return Math.max(0, before - 1);
}
