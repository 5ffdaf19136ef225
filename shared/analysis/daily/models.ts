/** Spend by day; null where a day is not known. */
export type Days = readonly (number | null)[];

export type DailyModel = 'weekly-naive' | 'weekly-mean' | 'weekly-trend' | 'flat';

/** Days of the next `days` days; what is known ends with the history. */
type Forecaster = (history: Days, days: number) => number[];

const meanWeeks = 4;
/** A trend goes on for so many weeks at most, and each week counts less. */
const trendDamping = 0.8;
const mostTrend = 1.25;

/** The reference first; another replaces it only where it wins on the account's own past. */
export const dailyModels: Readonly<Record<DailyModel, Forecaster>> = {
  'weekly-naive': (history, days) => repeat(lastKnownWeek(history), days),
  'weekly-mean': (history, days) => repeat(meanWeek(history), days),
  'weekly-trend': (history, days) => {
    const now = meanOf(history.slice(-14));
    const before = meanOf(history.slice(-28, -14));
    const ratio = before > 0 && now > 0 ? now / before : 1;
    // Between the middles of the two fortnights lie two weeks; the latter is half over.
    const weekly = Math.min(Math.max(ratio, 1 / mostTrend), mostTrend) ** 0.5;
    const week = lastKnownWeek(history);
    let level = 1;
    return Array.from({ length: days }, (_, day) => {
      if (day % 7 === 0) level *= weekly ** (trendDamping ** (day / 7));
      return (week[day % 7] as number) * level;
    });
  },
  flat: (history, days) => repeat([meanOf(history.slice(-7))], days),
};

/** The last seven days, each as of the last time its weekday was known. */
function lastKnownWeek(history: Days): number[] {
  return weekOf(history, (values) => values[0] ?? 0);
}

function meanWeek(history: Days): number[] {
  return weekOf(history, (values) => meanOf(values.slice(0, meanWeeks)));
}

/** One value for each of the seven days ahead, from the known values of its weekday, latest first. */
function weekOf(history: Days, of: (values: readonly number[]) => number): number[] {
  return Array.from({ length: 7 }, (_, ahead) => {
    const values: number[] = [];
    for (let day = history.length + ahead - 7; day >= 0; day -= 7) {
      const value = history[day];
      if (value !== null && value !== undefined) values.push(value);
    }
    return of(values);
  });
}

function repeat(week: readonly number[], days: number): number[] {
  return Array.from({ length: days }, (_, day) => week[day % week.length] as number);
}

/** Of the known days; 0 where there is none. */
export function meanOf(values: Days): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
