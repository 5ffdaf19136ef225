import { OutlayError } from '../../../shared/contract/errors.ts';
import { prometheusCounter } from '../../../shared/telemetry/counters.ts';
import { prometheusLabels } from '../../../shared/telemetry/identity.ts';
import { readTime } from '../../../shared/telemetry/times.ts';
import { readCell } from '../../../shared/telemetry/values.ts';
import { cellsOf, delimiterOf } from './csv-rows.ts';
import { eachLine } from './lines.ts';
import { unknownMetric } from './prometheus-json.ts';
import { resourceOf, rowBad, type TelemetryReading } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';

const timeColumn = /^(time|timestamp|ts|datetime|timestamp_anon|_time)$/i;
const valueColumn = /^(value|_value)$/i;
const metricColumn = /^(metric|metric_name|__name__|_measurement)$/i;

/** One reading a row: a time, a value, perhaps a metric, and columns that say of what. */
export function isValueTable(header: string): boolean {
  const columns = cellsOf(header, delimiterOf(header));
  return (
    columns.length >= 3 &&
    columns.some((name) => timeColumn.test(name)) &&
    columns.some((name) => valueColumn.test(name))
  );
}

export async function readValueTable(
  file: string,
  chunks: AsyncIterable<string>,
  reading: TelemetryReading,
  sink: SampleSink,
): Promise<void> {
  let columns: string[] = [];
  let delimiter = ',';
  const series = new Map<string, { number: number; name: string }>();
  const place = (pattern: RegExp) => columns.findIndex((name) => pattern.test(name));
  let [time, value, metric] = [-1, -1, -1];
  await eachLine(file, chunks, (line, row) => {
    if (line.trim() === '') return;
    if (columns.length === 0) {
      delimiter = delimiterOf(line);
      columns = cellsOf(line, delimiter);
      [time, value, metric] = [place(timeColumn), place(valueColumn), place(metricColumn)];
      if (metric < 0 && reading.metric === undefined) throw metricMissing(file);
      return;
    }
    const cells = cellsOf(line, delimiter);
    if (cells.length !== columns.length) {
      throw rowBad(file, row, `it has ${cells.length} cells, the header ${columns.length}.`);
    }
    const name = (metric < 0 ? undefined : cells[metric]) ?? reading.metric ?? '';
    const counter = prometheusCounter(name);
    if (!counter) {
      if (metric < 0) throw unknownMetric(file, name);
      return sink.notUsed(name);
    }
    const key = cells.filter((_, i) => i !== time && i !== value).join('\n');
    let known = series.get(key);
    if (!known) {
      const resource = resourceOf(labelsOf(columns, cells, [time, value, metric]), reading);
      const number = sink.series({
        resource,
        metric: counter.metric,
        stat: 'sample',
        source: `table:${name}`,
      });
      known = { number, name };
      series.set(key, known);
    }
    const at = readTime(cells[time] ?? '', reading);
    if (at.kind !== 'time' || !isPossibleTime(at.ms)) {
      throw new OutlayError(
        'DATE_BAD',
        `${file}, row ${row}, column ${columns[time]}: "${(cells[time] ?? '').slice(0, 60)}" ${at.kind === 'undecided' ? 'can be read with the day or the month first' : 'is no time'}. Nothing was changed.`,
        at.kind === 'undecided' ? 'Say which: --date-order mdy or --date-order dmy.' : undefined,
      );
    }
    const cell = readCell(cells[value] ?? '');
    if (cell.kind === 'bad') {
      throw new OutlayError(
        'VALUE_BAD',
        `${file}, row ${row}, column ${columns[value]}: "${(cells[value] ?? '').slice(0, 60)}" is no number. Nothing was changed.`,
      );
    }
    if (cell.kind === 'blank') sink.blank(known.number, cell.reason);
    else sink.value(known.number, counter, at.ms, cell.value);
  });
}

/** Columns that Outlay knows by name say what they say; any other names what runs there. */
function labelsOf(
  columns: readonly string[],
  cells: readonly string[],
  without: readonly number[],
) {
  const raw = Object.fromEntries(
    columns.map((name, i) => [name, cells[i] ?? '']).filter((_, i) => !without.includes(i)),
  ) as Record<string, string>;
  const known = prometheusLabels(raw);
  if (Object.keys(known).length > 0) return known;
  const own = Object.entries(raw).filter(([, cell]) => cell !== '');
  const tags = Object.fromEntries(own.map(([name, cell]) => [`tag:${name}`, cell]));
  const container = own.map(([, cell]) => cell).join('/');
  return container === '' ? known : { ...known, ...tags, container };
}

function metricMissing(file: string): OutlayError {
  return new OutlayError(
    'COLUMN_MISSING',
    `${file} has times and values and does not say of which metric. Nothing was changed.`,
    'Say it: --metric gpu_util, --metric gpu_mem_used (bytes), --metric cpu_util, for example.',
  );
}
