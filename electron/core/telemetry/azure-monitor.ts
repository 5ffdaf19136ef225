import { OutlayError } from '../../../shared/contract/errors.ts';
import { azureMonitorCounter } from '../../../shared/telemetry/counters.ts';
import { azureMonitorLabels } from '../../../shared/telemetry/identity.ts';
import type { Stat } from '../../../shared/telemetry/metrics.ts';
import { type JsonObject, listOf, objectOf, textOf } from './json-objects.ts';
import { resourceOf, type TelemetryReading } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';

const stats: readonly (readonly [field: string, stat: Stat])[] = [
  ['total', 'sum'],
  ['average', 'average'],
  ['maximum', 'maximum'],
  ['minimum', 'minimum'],
  ['count', 'count'],
];

/**
 * An answer of Azure Monitor's metrics list (REST, or `az monitor metrics list`).
 * https://learn.microsoft.com/rest/api/monitor/metrics/list (read 2026-11)
 */
export function isAzureMetrics(document: JsonObject | null): boolean {
  return (listOf(document?.['value']) ?? []).some(
    (metric) => listOf(objectOf(metric)?.['timeseries']) !== null,
  );
}

export function readAzureMetrics(
  file: string,
  document: JsonObject,
  reading: TelemetryReading,
  sink: SampleSink,
): void {
  const interval = textOf(document['interval']) ?? '';
  for (const entry of listOf(document['value']) ?? []) {
    const metric = objectOf(entry) ?? {};
    const name = textOf(objectOf(metric['name'])?.['value']) ?? '';
    const counter = azureMonitorCounter(name);
    for (const one of listOf(metric['timeseries']) ?? []) {
      const points = (listOf(objectOf(one)?.['data']) ?? []).map((point) => objectOf(point) ?? {});
      const given = stats.filter(([field]) => points.some((point) => field in point));
      if (!counter) {
        const values = points.length * given.length;
        if (values > 0) sink.notUsed(name, values);
        continue;
      }
      const labels = azureMonitorLabels(textOf(metric['id']) ?? '', dimensionsOf(objectOf(one)));
      for (const [field, stat] of given) {
        const series = sink.series({
          resource: resourceOf(labels, reading),
          metric: counter.metric,
          stat,
          source: `azure-monitor:${name}${interval ? ` ${interval}` : ''}`,
        });
        for (const [i, point] of points.entries()) {
          const where = `${file}, ${name}, point ${i + 1}`;
          const time = timeOf(point['timeStamp'], where);
          const value = point[field];
          if (typeof value === 'number') sink.value(series, counter, time, value);
          else if (value === null || value === undefined) sink.blank(series, 'empty');
          else throw valueBad(where, value);
        }
      }
    }
  }
}

function dimensionsOf(series: JsonObject | null): Record<string, string> {
  const pairs = (listOf(series?.['metadatavalues']) ?? []).map((entry) => {
    const of = objectOf(entry);
    const name = textOf(objectOf(of?.['name'])?.['value']) ?? '';
    return [name.toLowerCase(), textOf(of?.['value']) ?? ''] as const;
  });
  return Object.fromEntries(pairs);
}

/** Without a zone it is UTC, as Azure Monitor has it. */
function timeOf(value: unknown, where: string): number {
  const text = textOf(value) ?? '';
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
  if (isPossibleTime(ms)) return ms;
  throw new OutlayError(
    'DATE_BAD',
    `${where}: "${text.slice(0, 60)}" is no time. Nothing was changed.`,
    'Export it again.',
  );
}

function valueBad(where: string, value: unknown): OutlayError {
  return new OutlayError(
    'VALUE_BAD',
    `${where}: ${JSON.stringify(value)?.slice(0, 40)} is no number. Nothing was changed.`,
  );
}
