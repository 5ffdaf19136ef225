import { OutlayError } from '../../../shared/contract/errors.ts';
import { cloudMonitoringCounter, type Counter } from '../../../shared/telemetry/counters.ts';
import { cloudMonitoringLabels } from '../../../shared/telemetry/identity.ts';
import type { Stat } from '../../../shared/telemetry/metrics.ts';
import { type JsonObject, listOf, objectOf, textOf, textsOf } from './json-objects.ts';
import { resourceOf, type TelemetryReading } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';

/** One time series of Cloud Monitoring's timeSeries.list. */
export function isTimeSeries(element: JsonObject): boolean {
  return (
    listOf(element['points']) !== null && textOf(objectOf(element['metric'])?.['type']) !== null
  );
}

/** Points come newest first; an interval belongs to the moment at which it ends. */
export function readTimeSeries(
  file: string,
  element: JsonObject,
  number: number,
  reading: TelemetryReading,
  sink: SampleSink,
): void {
  const metric = objectOf(element['metric']);
  const type = textOf(metric?.['type']) ?? '';
  const labels = textsOf(metric?.['labels']);
  const points = listOf(element['points']) ?? [];
  const kind = textOf(element['metricKind']) ?? 'GAUGE';
  const counter = ofState(
    cloudMonitoringCounter(type, labels['type']),
    labels['memory_state'] ?? labels['state'],
  );
  if (!counter) {
    if (points.length > 0) sink.notUsed(type, points.length);
    return;
  }
  const said = cloudMonitoringLabels(textsOf(objectOf(element['resource'])?.['labels']), labels);
  const rises = kind === 'CUMULATIVE' || counter.rises === true;
  const of: Counter = rises ? { ...counter, rises: true } : counter;
  const stat: Stat =
    kind === 'DELTA'
      ? 'sum'
      : textOf(element['valueType']) === 'DISTRIBUTION'
        ? 'average'
        : 'sample';
  const series = sink.series({
    resource: resourceOf(said, reading),
    metric: of.metric,
    stat,
    source: `cloud-monitoring:${type}${labels['response_code'] ? ` ${labels['response_code']}` : ''}`,
  });
  const read = points.map((point, i) =>
    pointOf(point, `${file}, series ${number} (${type}), point ${i + 1}`),
  );
  if (rises) read.sort((a, b) => a.time - b.time);
  for (const { time, value } of read) {
    if (value === null) sink.blank(series, 'not a number');
    else sink.value(series, of, time, value);
  }
}

/** The agent writes memory a series each for what is used, free, cached and so on. */
function ofState(counter: Counter | null, state: string | undefined): Counter | null {
  if (!counter || state === undefined || state === 'used') return counter;
  return counter.metric === 'gpu_mem_used' && state === 'free'
    ? { ...counter, metric: 'gpu_mem_free' }
    : null;
}

function pointOf(point: unknown, where: string): { time: number; value: number | null } {
  const interval = objectOf(objectOf(point)?.['interval']);
  const end = textOf(interval?.['endTime']) ?? '';
  const time = Date.parse(end);
  if (!isPossibleTime(time)) {
    throw new OutlayError(
      'DATE_BAD',
      `${where}: "${end.slice(0, 60)}" is no time. Nothing was changed.`,
      'Export it again.',
    );
  }
  const value = objectOf(objectOf(point)?.['value']) ?? {};
  const mean = objectOf(value['distributionValue'])?.['mean'];
  const given =
    value['doubleValue'] ??
    value['int64Value'] ??
    mean ??
    (value['boolValue'] === undefined ? undefined : Number(value['boolValue']));
  if (given === undefined || given === null || given === 'NaN') return { time, value: null };
  const read = Number(given);
  if (Number.isNaN(read)) {
    throw new OutlayError(
      'VALUE_BAD',
      `${where}: ${JSON.stringify(given).slice(0, 40)} is no number. Nothing was changed.`,
    );
  }
  return { time, value: read };
}
