import { OutlayError } from '../../../shared/contract/errors.ts';
import { prometheusCounter, type Counter } from '../../../shared/telemetry/counters.ts';
import { epochMs } from '../../../shared/telemetry/times.ts';
import { eachLine } from './lines.ts';
import { isSkippedDevice, prometheusSeries } from './prometheus-series.ts';
import { rowBad, type TelemetryReading, timeMissing } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';

interface Known {
  counter: Counter;
  /** Null: a counter that is left out, such as the traffic of a machine with itself. */
  series: number | null;
  /** It has been read without a time: once more would be another moment, and which is not said. */
  untimed: boolean;
}

/**
 * Text exposition of Prometheus and OpenMetrics, one scrape or many: `name{labels} value [time]`,
 * the time in milliseconds (or seconds, as OpenMetrics has it).
 */
export async function readPrometheusText(
  file: string,
  chunks: AsyncIterable<string>,
  reading: TelemetryReading,
  sink: SampleSink,
): Promise<void> {
  const heads = new Map<string, Known>();
  await eachLine(file, chunks, (line, row) => {
    if (line === '' || line.startsWith('#') || line.trim() === '') return;
    const nameEnd = endOfName(line);
    const name = line.slice(0, nameEnd);
    if (nameEnd === 0)
      throw rowBad(file, row, `"${line.slice(0, 60)}" is no line of a metrics export.`);
    const headEnd = line[nameEnd] === '{' ? endOfLabels(line, nameEnd, file, row) : nameEnd;
    const [valueText, timeText] = valueAndTime(line, headEnd);
    const counter = prometheusCounter(name);
    const value = promNumber(valueText);
    if (value === null)
      throw rowBad(file, row, `the value "${valueText.slice(0, 40)}" of ${name} is no number.`);
    if (!counter) return sink.notUsed(name);
    const head = line.slice(0, headEnd);
    let known = heads.get(head);
    if (!known) {
      const labels = labelsOf(line.slice(nameEnd, headEnd), file, row);
      const series = isSkippedDevice(counter, labels)
        ? null
        : sink.series(prometheusSeries(name, counter, labels, reading));
      known = { counter, series, untimed: false };
      if (heads.size > 500_000) heads.clear();
      heads.set(head, known);
    }
    if (known.series === null) return sink.notUsed(name);
    const time = timeText === undefined ? reading.at : timeOf(timeText, file, row);
    if (time === undefined) throw timeMissing(file);
    if (timeText === undefined) {
      if (known.untimed) {
        throw rowBad(
          file,
          row,
          `${name} is there a second time for the same labels, and neither says its time.`,
          'Several scrapes in one file need a time on each line; else put each scrape into a file of its own.',
        );
      }
      known.untimed = true;
    }
    sink.value(known.series, known.counter, time, value);
  });
}

function timeOf(text: string, file: string, row: number): number {
  const number = Number(text);
  const ms = epochMs(number);
  if (text === '' || !Number.isFinite(number) || !isPossibleTime(ms)) {
    throw new OutlayError(
      'DATE_BAD',
      `${file}, row ${row}: the time "${text.slice(0, 40)}" is no time. Nothing was changed.`,
      'Times are milliseconds (OpenMetrics: seconds) since 1970.',
    );
  }
  return ms;
}

export function promNumber(text: string): number | null {
  if (/^[-+]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return null;
  return Number(text);
}

/** What follows the labels; an exemplar behind it ("# {...}") is not looked at. */
function valueAndTime(line: string, from: number): [value: string, time: string | undefined] {
  const exemplar = line.indexOf(' # ', from);
  const text = (exemplar < 0 ? line.slice(from) : line.slice(from, exemplar)).trim();
  const gap = text.search(/[ \t]/);
  return gap < 0 ? [text, undefined] : [text.slice(0, gap), text.slice(gap).trimStart()];
}

/** The place behind the metric's name: letters, digits, underscores and colons, no digit first. */
function endOfName(line: string): number {
  let at = 0;
  for (; at < line.length; at++) {
    const char = line.charCodeAt(at);
    const digit = char >= 48 && char <= 57;
    const letter = (char | 32) >= 97 && (char | 32) <= 122;
    if (!letter && char !== 95 && char !== 58 && !(digit && at > 0)) break;
  }
  return at;
}

/** The place behind the closing bracket; brackets within quotes are text. */
function endOfLabels(line: string, from: number, file: string, row: number): number {
  let quoted = false;
  for (let at = from; at < line.length; at++) {
    const char = line.charCodeAt(at);
    if (quoted && char === 92) at++;
    else if (char === 34) quoted = !quoted;
    else if (char === 125 && !quoted) return at + 1;
  }
  throw rowBad(file, row, 'its labels do not end.');
}

const label = /\s*([A-Za-z_][\w]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y;

export function labelsOf(text: string, file: string, row: number): Record<string, string> {
  const labels: Record<string, string> = {};
  const body = text.slice(1, -1).trimEnd();
  label.lastIndex = 0;
  while (label.lastIndex < body.length) {
    const found = label.exec(body);
    if (!found) throw rowBad(file, row, `its labels cannot be read: ${text.slice(0, 80)}.`);
    labels[found[1] ?? ''] = (found[2] ?? '').replaceAll(/\\(.)/g, (_, char: string) =>
      char === 'n' ? '\n' : char,
    );
  }
  return labels;
}
