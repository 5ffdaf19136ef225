import { type FigureSink, quality } from './figures.ts';
import type { MetricId } from './metrics.ts';
import {
  groupBy,
  type HourlySeries,
  hoursIn,
  type HourWindow,
  sourceKind,
  subjectOf,
} from './series.ts';

const invocationHours = 14 * 24;
/** Samples on so many of the days let a sum stand for all of them. */
const enough = 0.9;

/** What adds up over time: network and invocations. */
export function requestFigures(
  series: readonly HourlySeries[],
  window: HourWindow,
  sink: FigureSink,
): void {
  network(series, window, sink);
  invocations(series, window, sink);
}

/** Megabytes (10^6 bytes) a day in which it was measured. */
function network(series: readonly HourlySeries[], window: HourWindow, sink: FigureSink): void {
  const all = series.filter(({ metric }) => metric === 'network_bytes');
  const of = onlyOnce(all.filter(isTotal), window);
  const hours = hoursWith(of, window);
  if (hours.size === 0) {
    sink.miss(
      'network_mb_day',
      all.length > 0
        ? 'only averages of the network traffic are there; export the statistic Sum'
        : 'no network traffic was measured',
    );
    return;
  }
  const value = (sumOf(of, window) / 1e6 / hours.size) * 24;
  sink.set('network_mb_day', { value, ...quality(of, window), note: '' });
}

/**
 * Of the last 14 days of the window. CloudWatch writes nothing for a minute without invocations, so
 * hours that are not there are no zeros: without enough of them a sum of 0 is unknown.
 */
function invocations(series: readonly HourlySeries[], window: HourWindow, sink: FigureSink): void {
  const last = { from: Math.max(window.from, window.to - invocationHours), to: window.to };
  const all = series.filter(({ metric }) => metric === 'invocations');
  const of = onlyOnce(all.filter(isTotal), last);
  const hours = hoursWith(of, last);
  if (hours.size === 0) {
    sink.miss(
      'invocations_14d',
      all.length === 0 ? 'no invocations were measured' : 'no samples in the last 14 days',
    );
    return;
  }
  const value = sumOf(of, last);
  const covered = hours.size / invocationHours;
  if (value === 0 && covered < enough) {
    sink.miss(
      'invocations_14d',
      `no invocation in the ${hours.size} of ${invocationHours} hours that have samples`,
    );
    return;
  }
  const note =
    covered < enough ? `at least: ${hours.size} of ${invocationHours} hours have samples` : '';
  sink.set('invocations_14d', { value, ...quality(of, last), note });
}

/** A step of a rising counter, or the sum over an interval; an average cannot be added up. */
function isTotal({ stat }: HourlySeries): boolean {
  return stat === 'sum' || stat === 'sample';
}

/** Of two kinds of source for the same machine and metric the one with more hours. */
function onlyOnce(series: readonly HourlySeries[], window: HourWindow): HourlySeries[] {
  return [
    ...groupBy(series, (one) => `${subjectOf(one)}\n${one.metric satisfies MetricId}`).values(),
  ].flatMap((group) => {
    const kinds = [...groupBy(group, ({ source }) => sourceKind(source)).values()];
    return kinds.reduce((best, kind) =>
      hoursWith(kind, window).size > hoursWith(best, window).size ? kind : best,
    );
  });
}

function hoursWith(series: readonly HourlySeries[], window: HourWindow): Set<number> {
  return new Set(series.flatMap((one) => [...hoursIn(one, window)].map(([hour]) => hour)));
}

function sumOf(series: readonly HourlySeries[], window: HourWindow): number {
  let sum = 0;
  for (const one of series) for (const [, sketch] of hoursIn(one, window)) sum += sketch.sum;
  return sum;
}
