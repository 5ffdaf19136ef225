import { formatCount, formatDay, formatDayShort } from '../domain/format.ts';

/** One hour of one day as it was measured; a percentage from 0 to 100. */
export interface MeasuredHour {
  value: number;
  samples: number;
  /** Devices or machines with samples. */
  subjects: number;
}

export interface HeatCell {
  /** Percent. */
  value: number;
  samples: number;
  /** The most devices or machines with samples at once. */
  subjects: number;
  /** Hours that the value is the mean of. */
  hours: number;
}

export interface HeatRow {
  /** "Mon", "21 Nov". */
  label: string;
  /** "Monday", "21 Nov 2026". */
  name: string;
  /** 24 hours, UTC; null is unknown. */
  cells: readonly (HeatCell | null)[];
  /** Hours that each cell could be the mean of: 1, or the days of the weekday. */
  of: number;
}

/** Hours of a day across, days or weekdays down; all values are percentages. */
export interface HeatGrid {
  rows: readonly HeatRow[];
  /** End of the last colour: 75 or 100, so that a colour means much the same for every workload. */
  top: number;
}

export const heatSteps = 6;

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** 0 is Monday. */
function weekdayOf(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function topOf(rows: readonly HeatRow[]): number {
  let most = 0;
  for (const { cells } of rows) for (const cell of cells) most = Math.max(most, cell?.value ?? 0);
  return most <= 75 ? 75 : 100;
}

type Hours = readonly (readonly (MeasuredHour | null)[])[];

/** One row a day, in order. */
export function heatByDay(days: readonly string[], hours: Hours): HeatGrid {
  const rows = days.map((day, index): HeatRow => {
    const cells = (hours[index] ?? []).map((hour) => hour && { ...hour, hours: 1 });
    return { label: formatDayShort(day), name: formatDay(day), cells, of: 1 };
  });
  return { rows, top: topOf(rows) };
}

/** One row a weekday: the mean over its days, each counted by the devices it was measured on. */
export function heatByWeekday(days: readonly string[], hours: Hours): HeatGrid {
  const rows = weekdays
    .map((name, weekday): HeatRow => {
      const of = days.flatMap((day, index) => (weekdayOf(day) === weekday ? [index] : []));
      const cells = Array.from({ length: 24 }, (_, hour) =>
        meanHour(of.map((index) => hours[index]?.[hour] ?? null)),
      );
      return { label: name.slice(0, 3), name, cells, of: of.length };
    })
    .filter(({ of }) => of > 0);
  return { rows, top: topOf(rows) };
}

function meanHour(hours: readonly (MeasuredHour | null)[]): HeatCell | null {
  let sum = 0;
  let weight = 0;
  const cell: HeatCell = { value: 0, samples: 0, subjects: 0, hours: 0 };
  for (const hour of hours) {
    if (!hour) continue;
    sum += hour.value * hour.subjects;
    weight += hour.subjects;
    cell.samples += hour.samples;
    cell.subjects = Math.max(cell.subjects, hour.subjects);
    cell.hours++;
  }
  return weight === 0 ? null : { ...cell, value: sum / weight };
}

/** The colour of a value, 0 to 5. */
export function heatStep(value: number, top: number): number {
  return Math.min(heatSteps - 1, Math.max(0, Math.floor((value / top) * heatSteps)));
}

/** "38%", "0.4%": whole percents, but what is not zero does not read 0. */
export function heatValue(value: number): string {
  return value > 0 && value < 0.95
    ? `${Math.max(0.1, value).toFixed(1)}%`
    : `${Math.round(value)}%`;
}

/** "14:00 to 15:00". */
export function hourName(hour: number): string {
  const at = (of: number) => `${String(of).padStart(2, '0')}:00`;
  return `${at(hour)} to ${at(hour + 1)}`;
}

export interface HeatReadout {
  /** "Tuesday, 14:00 to 15:00 UTC". */
  head: string;
  /** "38% busy", "unknown". */
  value: string;
  /** What the value rests on; "" where it is unknown. */
  basis: string;
}

/** A cell in words; `measure` is what the percentage is of: "busy". */
export function heatReadout(
  grid: HeatGrid,
  row: number,
  hour: number,
  measure: string,
): HeatReadout | null {
  const found = grid.rows[row];
  if (!found) return null;
  const head = `${found.name}, ${hourName(hour)} UTC`;
  const cell = found.cells[hour] ?? null;
  if (!cell) return { head, value: 'unknown', basis: 'no samples' };
  const devices = `${formatCount(cell.subjects)} ${cell.subjects === 1 ? 'GPU' : 'GPUs'}`;
  const days = found.of > 1 ? `, ${formatCount(cell.hours)} of ${formatCount(found.of)} days` : '';
  return {
    head,
    value: `${cell.value.toFixed(1)}% ${measure}`,
    basis: `${devices}${days}, ${formatCount(cell.samples)} ${cell.samples === 1 ? 'sample' : 'samples'}`,
  };
}

/** The grid in two sentences, for those who do not see it. */
export function heatSummary(grid: HeatGrid, measure: string): string {
  let busiest: { row: number; hour: number; value: number } | null = null;
  let quietest: { row: number; hour: number; value: number } | null = null;
  let unknown = 0;
  grid.rows.forEach(({ cells }, row) => {
    cells.forEach((cell, hour) => {
      if (!cell) unknown++;
      else {
        const { value } = cell;
        if (!busiest || value > busiest.value) busiest = { row, hour, value };
        if (!quietest || value < quietest.value) quietest = { row, hour, value };
      }
    });
  });
  const place = (of: { row: number; hour: number; value: number } | null) =>
    of
      ? `${grid.rows[of.row]?.name} ${hourName(of.hour)} with ${heatValue(of.value)} ${measure}`
      : '';
  if (!busiest) return 'Heat map, hour by day, UTC. All hours are unknown.';
  const gaps = unknown === 0 ? '' : ` ${formatCount(unknown)} hours are unknown.`;
  return `Heat map, hour by day, UTC. Highest: ${place(busiest)}; lowest: ${place(quietest)}.${gaps}`;
}
