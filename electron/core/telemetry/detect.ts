import { OutlayError } from '../../../shared/contract/errors.ts';
import { cellsOf, delimiterOf } from './csv-rows.ts';
import { isNvidiaSmiLog } from './nvidia-smi.ts';
import { isValueTable } from './value-table.ts';

export type TelemetryFormat =
  | 'Prometheus text'
  | 'Prometheus query'
  | 'nvidia-smi log'
  | 'CloudWatch metrics'
  | 'Cloud Monitoring'
  | 'Azure Monitor'
  | 'value table';

const queryGpu =
  'Log the GPUs instead: nvidia-smi --query-gpu=timestamp,uuid,index,utilization.gpu,memory.used,memory.total --format=csv -l 60.';

/** Files beside telemetry that hold no readings over time, by their beginning. */
const others: readonly {
  is: (head: string, first: string) => boolean;
  what: string;
  instead: string;
}[] = [
  {
    is: (head, first) => /^#{10}/.test(first) && head.includes('nvidia-smi'),
    what: 'is a collection of nvidia-smi outputs, not a log of readings',
    instead: queryGpu,
  },
  {
    is: (_, first) => /^#\s*(Date\s+Time\s+)?gpu\s.*\b(pwr|sm|mclk|fb)\b/i.test(first),
    what: 'is the output of nvidia-smi dmon, whose rows do not say when they were read',
    instead: queryGpu,
  },
  {
    is: (_, first) => has(first, 'pid') && first.includes('used_gpu_memory'),
    what: 'lists the processes on GPUs, not how busy the GPUs are',
    instead: queryGpu,
  },
  {
    is: (head) => /^#?\s*DCGM_FI_\w+\s*,\s*(gauge|counter|label)\b/m.test(head),
    what: 'is the list of counters that the DCGM exporter is set to, without values',
    instead: 'Save what the exporter answers (its /metrics page), or a range query of Prometheus.',
  },
  {
    is: (_, first) => has(first, 'cpu_milli'),
    what: 'lists what nodes have or pods ask for, not what was used',
    instead: 'Export what was measured: a range query of Prometheus, or nvidia-smi logs.',
  },
  {
    is: (_, first) => /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d+,.*(%|MiB)/.test(first),
    what: 'looks like an nvidia-smi log without its header',
    instead: 'Write the log without "noheader", or put the header back as its first row.',
  },
];

function has(header: string, column: string): boolean {
  return cellsOf(header, delimiterOf(header)).includes(column);
}

/** Whether text is telemetry, also of a kind that is known and not read. */
export function isTelemetryText(file: string, head: string): boolean {
  try {
    return detectTelemetry(file, head) !== 'json';
  } catch (error) {
    return error instanceof OutlayError && error.message !== unknownText(file);
  }
}

/** Recognises telemetry by the beginning of its text. JSON is told apart by its elements. */
export function detectTelemetry(file: string, head: string): TelemetryFormat | 'json' {
  const text = head.replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(text)) return 'json';
  const first = /^\s*(.*)/.exec(text)?.[1]?.trimEnd() ?? '';
  if (first === '') throw new OutlayError('FILE_EMPTY', `${file} is empty. Nothing was changed.`);
  const other = others.find(({ is }) => is(text, first));
  if (other) throw notTelemetry(`${file} ${other.what}. Nothing was changed.`, other.instead);
  if (isNvidiaSmiLog(first)) return 'nvidia-smi log';
  if (isValueTable(first)) return 'value table';
  if (isPrometheusText(text)) return 'Prometheus text';
  throw notTelemetry(unknownText(file));
}

function unknownText(file: string): string {
  return `${file} holds no GPU or host metrics that are known. Nothing was changed.`;
}

function isPrometheusText(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '' && !/^#(?! (HELP|TYPE|UNIT) )/.test(line));
  return (
    first !== undefined &&
    (/^# (HELP|TYPE|UNIT) [A-Za-z_:]/.test(first) ||
      /^[A-Za-z_:][\w:]*(\{.*\})?\s+([-+]?[\d.]+(e[-+]?\d+)?|NaN|[-+]?Inf)(\s+[-\d.]+)?$/i.test(
        first,
      ))
  );
}

const recognised =
  'Outlay reads DCGM and other Prometheus exporters (text, range and instant queries), nvidia-smi logs, CloudWatch GetMetricData and GetMetricStatistics answers, Cloud Monitoring time series, Azure Monitor metrics, and tables of time, value and resource; also compressed.';

export function notTelemetry(message: string, hint: string = recognised): OutlayError {
  return new OutlayError('NOT_TELEMETRY', message, hint);
}
