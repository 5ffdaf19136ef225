import { between, chance } from './noise.ts';
import type { SampleDay, SampleMonth } from './months.ts';
import { curves, type Shape, type UsageLine } from './workload.ts';

const daySeconds = 86_400;
const hour = 3_600;

/**
 * Seconds that one machine of a fleet runs on a day. Of a serving fleet the first three fifths run
 * all day and the rest follow demand, so a weekend is quiet and a weekday has a peak.
 */
export function secondsOn(
  shape: Shape,
  day: SampleDay,
  machine: { seed: number; number: number; fleet: number },
): number {
  const { seed, number, fleet } = machine;
  const pick = (low: number, high: number): number => between(seed, day.index, low, high);
  switch (shape) {
    case 'steady':
      return daySeconds;
    case 'training':
      // One day in 18 loses hours to a restart.
      return chance(seed, day.index + 1000, 18) === 0 ? pick(19 * hour, 23 * hour) : daySeconds;
    case 'serving':
      if (number * 5 < fleet * 3) return daySeconds;
      return day.weekend ? pick(3 * hour, 7 * hour) : pick(12 * hour, 18 * hour);
    case 'office':
      if (day.weekend) return chance(seed, day.index + 1000, 4) === 0 ? pick(hour, 9 * hour) : 0;
      return pick(13 * hour, 22 * hour);
    case 'batch':
      return pick(6 * hour, 20 * hour);
    case 'sweep':
      if (chance(seed, day.index + 1000, 10) < 3) return 0;
      return pick(6 * hour, day.weekend ? 14 * hour : 24 * hour);
  }
}

/** Thousandths of the usual volume that a meter has on a day. */
function shareOn(shape: Shape, day: SampleDay, seed: number): number {
  const pick = (low: number, high: number): number => between(seed, day.index, low, high);
  switch (shape) {
    case 'steady':
      return 1000;
    case 'training':
      return pick(960, 1000);
    case 'serving':
      return day.weekend ? pick(620, 700) : pick(960, 1080);
    case 'office':
      return day.weekend ? pick(120, 220) : pick(930, 1110);
    case 'batch':
      return pick(550, 1350);
    case 'sweep':
      return chance(seed, day.index + 1000, 10) < 3 ? 0 : pick(500, 1500);
  }
}

/**
 * The quantity of a volume meter on a day, in millionths of its pricing unit. What is held (a unit
 * in months) is spread over the days of the month.
 */
export function volumeOn(
  line: UsageLine & { volume: number },
  held: boolean,
  day: SampleDay,
  month: SampleMonth,
  seed: number,
  event: number,
): bigint {
  const curve = curves[line.curve ?? 'flat'];
  const here = curve[month.index] ?? 1000;
  const next = curve[month.index + 1] ?? here;
  // Thousandths times the days of the month: the curve moves a little every day.
  const growth = here * month.daysInMonth + (next - here) * (day.dayOfMonth - 1);
  const share = shareOn(line.shape, day, seed);
  const volume = BigInt(line.volume) * 1_000_000n * BigInt(growth) * BigInt(share) * BigInt(event);
  const divisor = 1_000_000_000n * BigInt(month.daysInMonth) * BigInt(held ? month.daysInMonth : 1);
  return volume / divisor;
}

/** Millionths of an hour in so many seconds, in whole hundredths of an hour. */
export function hoursOf(seconds: number): bigint {
  return BigInt(Math.floor(seconds / 36)) * 10_000n;
}
