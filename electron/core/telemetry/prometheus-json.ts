import { OutlayError } from '../../../shared/contract/errors.ts';
import { prometheusCounter } from '../../../shared/telemetry/counters.ts';
import { epochMs } from '../../../shared/telemetry/times.ts';
import { type JsonObject, listOf, textOf, textsOf } from './json-objects.ts';
import { isSkippedDevice, prometheusSeries } from './prometheus-series.ts';
import { promNumber } from './prometheus-text.ts';
import type { TelemetryReading } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';

/** One element of an answer to a range query (matrix) or an instant query (vector). */
export function isPrometheusSeries(element: JsonObject): boolean {
  return (
    'metric' in element &&
    ('values' in element || 'value' in element || 'histograms' in element) &&
    !('points' in element)
  );
}

/** `number` counts the series of the file from 1. */
export function readPrometheusSeries(
  file: string,
  element: JsonObject,
  number: number,
  reading: TelemetryReading,
  sink: SampleSink,
): void {
  const labels = textsOf(element['metric']);
  const name = labels['__name__'] ?? reading.metric;
  if (name === undefined) {
    throw new OutlayError(
      'COLUMN_MISSING',
      `${file}, series ${number}: it has no name (a function of the query has dropped it). Nothing was changed.`,
      'Say what it is of: --metric cpu_util, for example.',
    );
  }
  const points =
    listOf(element['values']) ?? [element['value']].filter((value) => value !== undefined);
  const histograms = listOf(element['histograms']);
  if (histograms) sink.notUsed(`${name} (histogram)`, histograms.length);
  const counter = prometheusCounter(name);
  if (!counter || isSkippedDevice(counter, labels)) {
    if (!counter && labels['__name__'] === undefined) throw unknownMetric(file, name);
    if (points.length > 0) sink.notUsed(name, points.length);
    return;
  }
  const series = sink.series(prometheusSeries(name, counter, labels, reading));
  const inOrder = counter.rises
    ? [...points].sort((a, b) => Number(listOf(a)?.[0]) - Number(listOf(b)?.[0]))
    : points;
  for (const [i, point] of inOrder.entries()) {
    const [time, text] = listOf(point) ?? [];
    const value = promNumber(textOf(text) ?? '');
    const ms = typeof time === 'number' ? epochMs(time) : NaN;
    if (value === null || !isPossibleTime(ms)) {
      throw new OutlayError(
        'ROW_BAD',
        `${file}, series ${number}, value ${i + 1}: ${JSON.stringify(point)?.slice(0, 60)} is no time and value. Nothing was changed.`,
        'Export the query again.',
      );
    }
    sink.value(series, counter, ms, value);
  }
}

export function unknownMetric(file: string, name: string): OutlayError {
  return new OutlayError(
    'INVALID_INPUT',
    `${file}: no figure uses a metric "${name}". Nothing was changed.`,
    'Name a metric that Outlay keeps, such as gpu_util, sm_active, gpu_mem_used, cpu_util or mem_util, or the counter that it comes from.',
  );
}
