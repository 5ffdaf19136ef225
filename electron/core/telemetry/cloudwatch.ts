import { OutlayError } from '../../../shared/contract/errors.ts';
import {
  cloudWatchCounter,
  cloudWatchNames,
  cloudWatchStat,
  cloudWatchStatNames,
} from '../../../shared/telemetry/counters.ts';
import { cloudWatchLabels, instanceIdIn } from '../../../shared/telemetry/identity.ts';
import { epochMs } from '../../../shared/telemetry/times.ts';
import { type JsonObject, listOf, objectOf, textOf, textsOf } from './json-objects.ts';
import { resourceOf, type TelemetryReading } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';
import { note } from './tally.ts';

/** What a series is of, from the query where it is saved with its answer, else from its label. */
interface Asked {
  name: string | null;
  namespace: string | null;
  stat: string | null;
  dimensions: Record<string, string>;
  /** Seconds that a value is drawn together over. */
  period: number | null;
}

const nothing: Asked = { name: null, namespace: null, stat: null, dimensions: {}, period: null };

/** One element of GetMetricData's MetricDataResults. */
export function isMetricDataResult(element: JsonObject): boolean {
  return listOf(element['Timestamps']) !== null && listOf(element['Values']) !== null;
}

/** The results of one document of GetMetricData, with what else it holds. */
export function readMetricData(
  file: string,
  results: readonly JsonObject[],
  document: JsonObject | null,
  reading: TelemetryReading,
  sink: SampleSink,
): void {
  const queries = new Map(
    (listOf(document?.['MetricDataQueries']) ?? []).flatMap((query) => {
      const of = objectOf(query);
      return of ? [[textOf(of['Id']) ?? '', askedOf(of)] as const] : [];
    }),
  );
  if (textOf(document?.['NextToken'])) {
    note(
      sink.tally,
      'MORE_PAGES',
      'The answer has further pages (NextToken), which are not in this file.',
    );
  }
  for (const [i, result] of results.entries()) {
    const label = textOf(result['Label']) ?? '';
    const asked = merged(queries.get(textOf(result['Id']) ?? '') ?? nothing, fromLabel(label));
    const times = listOf(result['Timestamps']) ?? [];
    const values = listOf(result['Values']) ?? [];
    const where = `${file}, result ${i + 1}${label ? ` (${label})` : ''}`;
    if (times.length !== values.length) {
      throw new OutlayError(
        'ROW_BAD',
        `${where}: ${times.length} times and ${values.length} values. Nothing was changed.`,
        'Export it again.',
      );
    }
    if (textOf(result['StatusCode']) === 'PartialData') {
      note(sink.tally, 'PARTIAL', 'Results that CloudWatch marks as partial.');
    }
    const add = adder(asked, asked.stat, label || where, reading, sink);
    for (const [at, value] of values.entries()) {
      add(timeOf(times[at], `${where}, value ${at + 1}`), value, `${where}, value ${at + 1}`);
    }
  }
}

/** An answer of GetMetricStatistics: one metric, one or several statistics a datapoint. */
export function readMetricStatistics(
  file: string,
  document: JsonObject,
  reading: TelemetryReading,
  sink: SampleSink,
): void {
  const label = textOf(document['Label']) ?? textOf(document['MetricName']) ?? '';
  const points = listOf(document['Datapoints']) ?? [];
  const asked = merged(
    {
      ...nothing,
      namespace: textOf(document['Namespace']),
      dimensions: dimensionsOf(document['Dimensions']),
    },
    fromLabel(label),
  );
  if (label === '') throw nameless(file);
  const adders = new Map<string, ReturnType<typeof adder>>();
  for (const [i, point] of points.entries()) {
    const of = objectOf(point) ?? {};
    const where = `${file}, datapoint ${i + 1}`;
    const time = timeOf(of['Timestamp'], where);
    const given = { ...of, ...objectOf(of['ExtendedStatistics']) };
    for (const [stat, value] of Object.entries(given)) {
      if (typeof value !== 'number') continue;
      let add = adders.get(stat);
      if (!add) adders.set(stat, (add = adder(asked, stat, label, reading, sink)));
      add(time, value, where);
    }
  }
}

function adder(
  asked: Asked,
  stat: string | null,
  label: string,
  reading: TelemetryReading,
  sink: SampleSink,
): (time: number, value: unknown, where: string) => void {
  const { name, dimensions } = asked;
  const sageMaker =
    'EndpointName' in dimensions || dimensions['Host']?.includes('/') ? '/aws/sagemaker/' : null;
  const counter = name === null ? null : cloudWatchCounter(name, asked.namespace ?? sageMaker);
  if (!counter) return () => sink.notUsed(name ?? label);
  const resource = resourceOf(cloudWatchLabels(dimensions), reading);
  if (resource.labels.file !== undefined) {
    note(
      sink.tally,
      'NAMELESS',
      "Series that name no resource: they are known by the path of this file. Save the queries beside the results (MetricDataQueries), or ask for a label such as InstanceId=${PROP('Dim.InstanceId')} ${PROP('MetricName')} ${PROP('Stat')}.",
    );
  }
  // Tokens an hour and tokens a day are the same tokens: each period is a series of its own.
  const apart = counter.metric.startsWith('tokens_') && asked.period !== null;
  const other = stat !== null && cloudWatchStat(stat) === 'other';
  const of = `${other ? ` ${stat}` : ''}${apart ? ` ${asked.period} s` : ''}`;
  const series = sink.series({
    resource,
    metric: counter.metric,
    stat: stat === null ? 'other' : cloudWatchStat(stat),
    source: `cloudwatch:${name}${of}`,
  });
  if (stat === null) {
    note(
      sink.tally,
      'STATISTIC_UNKNOWN',
      'Series that do not say their statistic (Average, Sum, Maximum): kept, and no figure uses them.',
    );
  }
  return (time, value, where) => {
    if (typeof value !== 'number') {
      throw new OutlayError(
        'VALUE_BAD',
        `${where}: ${JSON.stringify(value)?.slice(0, 40)} is no number. Nothing was changed.`,
      );
    }
    sink.value(series, counter, time, value);
  };
}

function askedOf(query: JsonObject): Asked {
  const metricStat = objectOf(query['MetricStat']);
  const metric = objectOf(metricStat?.['Metric']);
  return {
    name: textOf(metric?.['MetricName']),
    namespace: textOf(metric?.['Namespace']),
    stat: textOf(metricStat?.['Stat']),
    dimensions: dimensionsOf(metric?.['Dimensions']),
    period: typeof metricStat?.['Period'] === 'number' ? metricStat['Period'] : null,
  };
}

function dimensionsOf(value: unknown): Record<string, string> {
  const pairs = (listOf(value) ?? []).map((dimension) => textsOf(dimension));
  return Object.fromEntries(pairs.map((pair) => [pair['Name'] ?? '', pair['Value'] ?? '']));
}

/** A label such as "InstanceId=i-0123 CPUUtilization Maximum"; words that say nothing are passed over. */
function fromLabel(label: string): Asked {
  const words = label
    .split(/[\s|,;()]+/)
    .flatMap((word) => (word.includes('=') ? [] : word.split(/[:/]/)));
  const pairs = [...label.matchAll(/\b([A-Z]\w+)=([^\s|,;]+)/g)].map((found) => [
    found[1] ?? '',
    found[2] ?? '',
  ]);
  const instance = instanceIdIn(label);
  return {
    name: words.find((word) => cloudWatchNames.includes(word)) ?? null,
    namespace: null,
    stat:
      words.find(
        (word) => cloudWatchStatNames.includes(word) || /^(p|tm|tc|ts|wm)\d+(\.\d+)?$/.test(word),
      ) ?? null,
    period: null,
    dimensions: {
      ...(instance ? { InstanceId: instance } : {}),
      ...(Object.fromEntries(pairs) as Record<string, string>),
    },
  };
}

function merged(first: Asked, second: Asked): Asked {
  return {
    name: first.name ?? second.name,
    namespace: first.namespace ?? second.namespace,
    stat: first.stat ?? second.stat,
    period: first.period ?? second.period,
    dimensions: Object.keys(first.dimensions).length > 0 ? first.dimensions : second.dimensions,
  };
}

function nameless(file: string): OutlayError {
  return new OutlayError(
    'COLUMN_MISSING',
    `${file} does not say of which metric its datapoints are (no Label). Nothing was changed.`,
    'Save the answer of GetMetricData with its MetricDataQueries instead.',
  );
}

/** ISO text, epoch seconds, or the object that a recorder of API calls has made of it. */
function timeOf(value: unknown, where: string): number {
  const of = objectOf(value);
  let ms = NaN;
  if (typeof value === 'number') ms = epochMs(value);
  // Without a zone it is UTC, as CloudWatch has it.
  else if (typeof value === 'string')
    ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  else if (of?.['__class__'] === 'datetime') {
    const part = (name: string) => Number(of[name] ?? 0);
    ms = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
      part('microsecond') / 1000,
    );
  }
  if (isPossibleTime(ms)) return ms;
  throw new OutlayError(
    'DATE_BAD',
    `${where}: ${JSON.stringify(value)?.slice(0, 60)} is no time. Nothing was changed.`,
    'Export it again.',
  );
}
