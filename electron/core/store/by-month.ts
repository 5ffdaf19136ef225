import {
  firstDayOf,
  dayNumber,
  dayText,
  lastDayOf,
  monthOf,
} from '../../../shared/domain/calendar.ts';
import type { Cells } from './kernel.ts';
import { type Limb, limbLimit, limbs } from './limbs.ts';

/** A segment of more days (one with wrong dates in it) stays as it is. */
const longest = 2000;

/**
 * The cells of a segment with the days of each calendar month added up: a month or a whole range
 * is asked for far more often than a day, and has up to 31 times fewer cells. The day of such a
 * cell is the first one of its month within the segment. Null where a sum could pass what the
 * kernel promises to add; then the daily cells answer.
 */
export function sumByMonth(cells: Cells, lastDay: number): Cells | null {
  const { series, day, firstDay } = cells;
  if (lastDay - firstDay >= longest) return null;
  const months = monthsOf(firstDay, lastDay);
  const placeOf = new Int32Array((highest(series) + 1) * months.count).fill(-1);
  const place = new Uint32Array(series.length);
  const sumSeries = new Uint32Array(series.length);
  const sumDay = new Uint16Array(series.length);
  const cellsIn = new Uint32Array(series.length);
  let places = 0;
  let most = 0;
  for (let i = 0; i < series.length; i++) {
    const id = series[i] as number;
    const month = months.ofDay[day[i] as number] as number;
    const key = id * months.count + month;
    let at = placeOf[key] as number;
    if (at < 0) {
      at = places++;
      placeOf[key] = at;
      sumSeries[at] = id;
      sumDay[at] = months.first[month] as number;
    }
    place[i] = at;
    const inside = (cellsIn[at] as number) + 1;
    cellsIn[at] = inside;
    if (inside > most) most = inside;
  }
  const sum = (values: ArrayLike<number>): Float64Array => {
    const sums = new Float64Array(places);
    for (let i = 0; i < place.length; i++) {
      const at = place[i] as number;
      sums[at] = (sums[at] as number) + (values[i] as number);
    }
    return sums;
  };
  const summed: Partial<Record<Limb, Float64Array>> = {};
  for (const limb of limbs) {
    const values = cells.measure.limbs[limb];
    if (!values) continue;
    if (most * highest(values) > limbLimit) return null;
    summed[limb] = sum(values);
  }
  const { known } = cells.measure;
  return {
    series: sumSeries.slice(0, places),
    day: sumDay.slice(0, places),
    firstDay,
    rows: sum(cells.rows),
    measure: { limbs: summed, known: known && sum(known) },
  };
}

/** Whether the cells by month answer for these days: no month of the segment is cut. */
export function cutsNoMonth(
  segment: { firstDay: number; lastDay: number },
  firstDay: number,
  lastDay: number,
): boolean {
  return (
    (firstDay <= segment.firstDay ||
      dayNumber(firstDayOf(monthOf(dayText(firstDay)))) === firstDay) &&
    (lastDay >= segment.lastDay || dayNumber(lastDayOf(monthOf(dayText(lastDay)))) === lastDay)
  );
}

/** Month of each day, and the first day of each month, both counted from `firstDay`. */
function monthsOf(firstDay: number, lastDay: number) {
  const ofDay = new Uint16Array(lastDay - firstDay + 1);
  const first: number[] = [];
  let current = '';
  for (let i = 0; i < ofDay.length; i++) {
    const month = monthOf(dayText(firstDay + i));
    if (month !== current) {
      current = month;
      first.push(i);
    }
    ofDay[i] = first.length - 1;
  }
  return { ofDay, first, count: first.length };
}

/** The largest magnitude. */
function highest(values: ArrayLike<number>): number {
  let high = 0;
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i] as number);
    if (magnitude > high) high = magnitude;
  }
  return high;
}
