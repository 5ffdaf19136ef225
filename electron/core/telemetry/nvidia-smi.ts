import { OutlayError } from '../../../shared/contract/errors.ts';
import { nvidiaSmiCounter, type Counter } from '../../../shared/telemetry/counters.ts';
import { gpuUuid, type Labels } from '../../../shared/telemetry/identity.ts';
import { metricOf } from '../../../shared/telemetry/metrics.ts';
import { readTime } from '../../../shared/telemetry/times.ts';
import { readCell, unitFactor } from '../../../shared/telemetry/values.ts';
import { cellsOf, delimiterOf } from './csv-rows.ts';
import { eachLine } from './lines.ts';
import { resourceOf, rowBad, type TelemetryReading } from './reading.ts';
import { isPossibleTime, type SampleSink } from './samples.ts';
import { note } from './tally.ts';

interface Column {
  /** Without its unit: "memory.used". */
  name: string;
  unit: string | null;
  counter: Counter | null;
}

interface Table {
  header: string;
  delimiter: string;
  columns: Column[];
  at: (name: string) => number;
}

/** Says who or what, not how much. */
const describing =
  /^(timestamp|name|gpu_name|index|uuid|gpu_uuid|serial|gpu_serial|hostname|count|driver_version|vbios_version|pci\..*|gpu_bus_id|mig\..*|inforom\..*|compute_(cap|mode)|persistence_mode|display_.*|accounting\..*|driver_model\..*|platform\..*)$/;

export function isNvidiaSmiLog(header: string): boolean {
  const columns = columnsOf(header, delimiterOf(header));
  return (
    columns.some(({ counter }) => counter !== null && counter.metric !== undefined) &&
    /(^|[,;\t]\s*"?)(timestamp|index|uuid|utilization\.|memory\.|pci\.bus_id)/.test(header)
  );
}

/** A log of `nvidia-smi --query-gpu=timestamp,... --format=csv -l N`. */
export async function readNvidiaSmi(
  file: string,
  chunks: AsyncIterable<string>,
  reading: TelemetryReading,
  sink: SampleSink,
): Promise<void> {
  let table: Table | null = null;
  let last = -Infinity;
  const resources = new Map<string, number[]>();
  await eachLine(file, chunks, (line, row, cut) => {
    if (line.trim() === '') return;
    if (!table || line === table.header || /^"?timestamp\b/.test(line)) {
      if (table && line !== table.header) resources.clear();
      table = tableOf(file, line);
      return;
    }
    if (
      /^(Unable to|Failed to|No devices|NVIDIA-SMI has failed|Reboot the system|GPU .* is lost)/i.test(
        line,
      )
    ) {
      note(sink.tally, 'ERROR_LINE', 'Lines with an error of nvidia-smi instead of readings.');
      return;
    }
    const cells = cellsOf(line, table.delimiter);
    if (cells.length !== table.columns.length) {
      if (cut && cells.length < table.columns.length) {
        note(sink.tally, 'CUT_ROW', `The last row (${row}) is cut and left out.`);
        return;
      }
      throw rowBad(file, row, `it has ${cells.length} cells, the header ${table.columns.length}.`);
    }
    const time = timeOfRow(file, row, cells[table.at('timestamp')] ?? '', reading, last);
    last = time;
    readCells(table, cells, row, time);
  });
  if (!table) throw new OutlayError('FILE_EMPTY', `${file} is empty. Nothing was changed.`);
  if (!reading.zoneSaid) {
    note(
      sink.tally,
      'TIME_ZONE',
      'nvidia-smi writes local times without a zone; they are read as UTC (--time-zone says otherwise).',
    );
  }

  function readCells(
    { columns, at }: Table,
    cells: readonly string[],
    row: number,
    time: number,
  ): void {
    const said = labelsOf(cells, at);
    const key = JSON.stringify(said);
    let series = resources.get(key);
    if (!series) {
      const resource = resourceOf(said, reading);
      if (resource.labels.file !== undefined) {
        note(
          sink.tally,
          'NAMELESS',
          'GPUs without UUID or host: they are known by the path of this file (--host names the machine).',
        );
      }
      series = columns.map(({ counter, name }) =>
        counter
          ? sink.series({
              resource,
              metric: counter.metric,
              stat: 'sample',
              source: `nvidia-smi:${name}`,
            })
          : -1,
      );
      resources.set(key, series);
    }
    const mig = cells[at('mig.mode.current')] === 'Enabled';
    for (const [i, column] of columns.entries()) {
      if (!column.counter) {
        if (!describing.test(column.name)) sink.notUsed(column.name);
        continue;
      }
      const text = cells[i] ?? '';
      const cell = readCell(text);
      if (cell.kind === 'bad') throw valueBad(file, row, column.name, text);
      if (cell.kind === 'blank') {
        const hidden = mig && column.name.startsWith('utilization.');
        sink.blank(series[i] ?? 0, hidden ? 'hidden by MIG' : cell.reason);
        continue;
      }
      const unit =
        cell.unit ??
        column.unit ??
        (metricOf(column.counter.metric).unit === 'bytes' ? 'MiB' : null);
      const factor = unit === null ? 1 : unitFactor(unit);
      if (factor === null) throw valueBad(file, row, column.name, text);
      sink.value(series[i] ?? 0, column.counter, time, cell.value * factor);
    }
  }
}

function tableOf(file: string, header: string): Table {
  const delimiter = delimiterOf(header);
  const columns = columnsOf(header, delimiter);
  if (!columns.some(({ name }) => name === 'timestamp')) {
    throw new OutlayError(
      'COLUMN_MISSING',
      `${file} lacks the column timestamp. Nothing was changed.`,
      'Ask nvidia-smi for it: --query-gpu=timestamp,uuid,index,utilization.gpu,memory.used,memory.total --format=csv.',
    );
  }
  return {
    header,
    delimiter,
    columns,
    at: (name) => columns.findIndex((column) => column.name === name),
  };
}

function columnsOf(header: string, delimiter: string): Column[] {
  return cellsOf(header, delimiter).map((text) => {
    const parts = /^(.*?)\s*(?:\[(.+)\])?$/.exec(text);
    const name = parts?.[1] ?? text;
    return { name, unit: parts?.[2] ?? null, counter: nvidiaSmiCounter(name) };
  });
}

function labelsOf(cells: readonly string[], at: (name: string) => number): Labels {
  const of = (...names: string[]) => {
    for (const name of names) {
      const cell = cells[at(name)];
      if (cell && readCell(cell).kind !== 'blank') return cell;
    }
    return undefined;
  };
  const uuid = of('uuid', 'gpu_uuid');
  const labels = {
    uuid: uuid === undefined ? undefined : gpuUuid(uuid),
    gpu: of('index'),
    pciBus: of('pci.bus_id', 'gpu_bus_id'),
    model: of('name', 'gpu_name'),
    host: of('hostname'),
  };
  return Object.fromEntries(
    Object.entries(labels).filter(([, value]) => value !== undefined),
  ) as Labels;
}

function timeOfRow(
  file: string,
  row: number,
  text: string,
  reading: TelemetryReading,
  last: number,
): number {
  const time = readTime(text, reading, last);
  if (time.kind === 'time' && isPossibleTime(time.ms)) return time.ms;
  throw new OutlayError(
    'DATE_BAD',
    time.kind === 'undecided'
      ? `${file}, row ${row}, column timestamp: "${text}" can be read with the day or the month first. Nothing was changed.`
      : `${file}, row ${row}, column timestamp: "${text.slice(0, 60)}" is no time. Nothing was changed.`,
    time.kind === 'undecided'
      ? 'Say which: --date-order mdy or --date-order dmy.'
      : 'Export it again, or remove that row.',
  );
}

function valueBad(file: string, row: number, column: string, text: string): OutlayError {
  return new OutlayError(
    'VALUE_BAD',
    `${file}, row ${row}, column ${column}: "${text.slice(0, 60)}" is no value that is known. Nothing was changed.`,
    'Export it again with --format=csv, or correct that cell.',
  );
}
