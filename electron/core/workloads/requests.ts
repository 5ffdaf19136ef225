import {
  groupBy,
  type HourlySeries,
  sourceKind,
  subjectOf,
} from '../../../shared/telemetry/series.ts';
import type { ReadableDb } from '../store/open.ts';
import { readSeries } from '../telemetry/queries.ts';

/** Hours of the span that must have samples before their sum stands for the requests of all. */
const enough = 0.9;

/**
 * Requests that measured resources have answered on these days: sums of the kind of source with most
 * hours. Null where none was measured, or too few hours were: that would make each look dearer.
 */
export function requestsOf(
  db: ReadableDb,
  measured: readonly number[],
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
): { requests: number; hours: number; of: number } | null {
  const window = { from: firstDay * 24, to: (lastDay + 1) * 24 };
  const series = readSeries(db, measured, window, ['invocations']).filter(
    ({ stat }) => stat === 'sum' || stat === 'sample',
  );
  if (series.length === 0) return null;
  const hours = new Set<number>();
  let requests = 0;
  for (const of of groupBy(series, subjectOf).values()) {
    const kinds = [...groupBy(of, ({ source }) => sourceKind(source)).values()];
    const best = kinds.reduce((most, kind) => (size(kind) > size(most) ? kind : most));
    for (const one of best) {
      for (const [hour, sketch] of one.hours) {
        hours.add(hour);
        requests += sketch.sum;
      }
    }
  }
  return { requests, hours: hours.size, of: window.to - window.from };
}

export function coversEnough({ hours, of }: { hours: number; of: number }): boolean {
  return hours >= enough * of;
}

function size(series: readonly HourlySeries[]): number {
  return series.reduce((sum, { hours }) => sum + hours.size, 0);
}
