import { OutlayError } from '../../../shared/contract/errors.ts';
import { isAzureMetrics, readAzureMetrics } from './azure-monitor.ts';
import { isMetricDataResult, readMetricData, readMetricStatistics } from './cloudwatch.ts';
import { isTimeSeries, readTimeSeries } from './cloud-monitoring.ts';
import { detectTelemetry, notTelemetry, type TelemetryFormat } from './detect.ts';
import { eachElement } from './json-elements.ts';
import { type JsonObject, listOf, objectOf, textOf } from './json-objects.ts';
import { readNvidiaSmi } from './nvidia-smi.ts';
import { isPrometheusSeries, readPrometheusSeries } from './prometheus-json.ts';
import { readPrometheusText } from './prometheus-text.ts';
import type { TelemetryReading } from './reading.ts';
import type { SampleSink } from './samples.ts';
import { note } from './tally.ts';
import { readValueTable } from './value-table.ts';

/** Reads a file's text into the sink, whatever its format, and answers which that was. */
export async function readTelemetry(
  file: string,
  text: AsyncIterable<string>,
  reading: TelemetryReading,
  sink: SampleSink,
): Promise<TelemetryFormat> {
  const { head, chunks } = await peek(text);
  const format = detectTelemetry(file, head);
  switch (format) {
    case 'json':
      return await readJson(file, chunks, reading, sink);
    case 'nvidia-smi log':
      await readNvidiaSmi(file, chunks, reading, sink);
      return format;
    case 'value table':
      await readValueTable(file, chunks, reading, sink);
      return format;
    case 'Prometheus text':
      await readPrometheusText(file, chunks, reading, sink);
      return format;
    default:
      throw new RangeError(`no reader of ${format}`);
  }
}

const headLength = 16_384;

/** The beginning of a text, and all of it again. */
async function peek(
  text: AsyncIterable<string>,
): Promise<{ head: string; chunks: AsyncIterable<string> }> {
  const pieces = text[Symbol.asyncIterator]();
  let head = '';
  while (head.length < headLength) {
    const { value, done } = await pieces.next();
    if (done) break;
    head += value;
  }
  async function* chunks(): AsyncGenerator<string> {
    yield head;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
  }
  return { head: head.slice(0, headLength), chunks: chunks() };
}

async function readJson(
  file: string,
  chunks: AsyncIterable<string>,
  reading: TelemetryReading,
  sink: SampleSink,
): Promise<TelemetryFormat> {
  const formats = new Set<TelemetryFormat>();
  let series = 0;
  /** CloudWatch's results wait for the queries of their document, which may follow them. */
  let results: JsonObject[] = [];

  function element(value: JsonObject): void {
    if (isPrometheusSeries(value)) {
      formats.add('Prometheus query');
      readPrometheusSeries(file, value, ++series, reading, sink);
    } else if (isTimeSeries(value)) {
      formats.add('Cloud Monitoring');
      readTimeSeries(file, value, ++series, reading, sink);
    } else if (isMetricDataResult(value)) results.push(value);
    else {
      // A list of whole answers, one page each.
      for (const member of elementsOf(value)) element(member);
      document(value);
    }
  }

  function document(value: unknown): void {
    const outer = objectOf(value);
    const body = objectOf(outer?.['data']) ?? outer;
    if (textOf(outer?.['status']) === 'error') {
      throw notTelemetry(
        `${file} is an error of Prometheus: ${textOf(outer?.['error']) ?? 'without words'}. Nothing was changed.`,
        'Correct the query and export it again.',
      );
    }
    if (['scalar', 'string'].includes(textOf(body?.['resultType']) ?? '')) {
      throw notTelemetry(
        `${file} is the answer of a query for a single number, not for series. Nothing was changed.`,
        'Query the series themselves over a time range.',
      );
    }
    if (listOf(outer?.['warnings'])?.length)
      note(sink.tally, 'WARNING', 'Prometheus gave warnings with its answer.');
    if (results.length > 0 || listOf(body?.['MetricDataResults'])) {
      formats.add('CloudWatch metrics');
      readMetricData(file, results, body, reading, sink);
      results = [];
    } else if (body && listOf(body['Datapoints'])) {
      formats.add('CloudWatch metrics');
      readMetricStatistics(file, body, reading, sink);
    } else if (textOf(body?.['resultType']) !== null || listOf(body?.['result']))
      formats.add('Prometheus query');
    else if (listOf(body?.['timeSeries'])) formats.add('Cloud Monitoring');
    else if (body && isAzureMetrics(body)) {
      formats.add('Azure Monitor');
      readAzureMetrics(file, body, reading, sink);
    }
    if (textOf(body?.['nextPageToken'])) {
      note(
        sink.tally,
        'MORE_PAGES',
        'The answer has further pages (nextPageToken), which are not in this file.',
      );
    }
  }

  await eachElement(file, chunks, { element, document });
  const [format] = formats;
  if (!format)
    throw notTelemetry(`${file} is JSON without metrics that are known. Nothing was changed.`);
  if (formats.size > 1) {
    throw new OutlayError(
      'UNSUPPORTED_FORMAT',
      `${file} mixes ${[...formats].join(' and ')}. Nothing was changed.`,
      'Put each kind of answer into a file of its own.',
    );
  }
  return format;
}

function elementsOf(page: JsonObject): JsonObject[] {
  const body = objectOf(page['data']) ?? page;
  return ['result', 'timeSeries', 'MetricDataResults'].flatMap((list) =>
    (listOf(body[list]) ?? []).map(objectOf).filter((member) => member !== null),
  );
}
