/** One UTC day of the sample, counted from its first day. */
export interface SampleDay {
  index: number;
  /** YYYY-MM-DD */
  date: string;
  dayOfMonth: number;
  weekend: boolean;
  /** As FOCUS writes it: the day's start and the next day's. */
  start: string;
  end: string;
}

export interface SampleMonth {
  index: number;
  /** YYYY-MM */
  month: string;
  start: string;
  end: string;
  daysInMonth: number;
  /** Days with charges; fewer than the month has while it runs. */
  days: SampleDay[];
  finished: boolean;
}

const first = { year: 2025, month: 11 };
const count = 13;
/** The sample is a bill to date: the last month ends here, this day included. */
export const lastDay = '2026-11-21';

const dayMs = 86_400_000;
const midnight = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

function build(): SampleMonth[] {
  const origin = Date.UTC(first.year, first.month - 1, 1);
  return Array.from({ length: count }, (_, index) => {
    const from = Date.UTC(first.year, first.month - 1 + index, 1);
    const to = Date.UTC(first.year, first.month + index, 1);
    const days: SampleDay[] = [];
    for (let ms = from; ms < to; ms += dayMs) {
      const start = midnight(ms);
      const date = start.slice(0, 10);
      if (date > lastDay) break;
      const weekday = new Date(ms).getUTCDay();
      days.push({
        index: (ms - origin) / dayMs,
        date,
        dayOfMonth: days.length + 1,
        weekend: weekday === 0 || weekday === 6,
        start,
        end: midnight(ms + dayMs),
      });
    }
    const daysInMonth = (to - from) / dayMs;
    return {
      index,
      month: midnight(from).slice(0, 7),
      start: midnight(from),
      end: midnight(to),
      daysInMonth,
      days,
      finished: days.length === daysInMonth,
    };
  });
}

/** November 2025 to November 2026. */
export const months: readonly SampleMonth[] = build();

/** A value that holds from a day on, until the next step. */
export type Step<T> = readonly [from: string, value: T];

/** The step in force on a day; the fallback before the first one. */
export function stepOn<T>(steps: readonly Step<T>[], date: string, before: T): T {
  let value = before;
  for (const [from, next] of steps) {
    if (from > date) break;
    value = next;
  }
  return value;
}
