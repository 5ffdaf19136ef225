import type { MetricId, Stat } from '../../shared/telemetry/metrics.ts';
import type { HourlySeries } from '../../shared/telemetry/series.ts';
import { addSamples, emptyHour, type HourSketch } from '../../shared/telemetry/sketch.ts';

export const firstHour = 500_000;

/** A series with the same minute values in every hour; a test names what it is about. */
export function hourlySeries(
  of: Partial<Omit<HourlySeries, 'hours'>> & { metric: MetricId },
  values: readonly number[],
  hours = 24 * 14,
): HourlySeries {
  const map = new Map<number, HourSketch>();
  for (let hour = firstHour; hour < firstHour + hours; hour++) {
    const sketch = emptyHour();
    addSamples(
      sketch,
      of.metric,
      values.map((value, i) => ({ time: i * 60_000, value })),
    );
    map.set(hour, sketch);
  }
  return {
    resource: of.device ?? of.host ?? 'host a',
    device: null,
    host: 'a',
    stat: 'sample' satisfies Stat,
    source: `test:${of.metric}`,
    ...of,
    hours: map,
  };
}
