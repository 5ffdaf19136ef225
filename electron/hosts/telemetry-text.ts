import type { CallOutput } from '../../shared/contract/contract.ts';
import type {
  TelemetryLoad,
  TelemetryRemoved,
  TelemetrySeries,
} from '../../shared/contract/telemetry.ts';
import { table } from './cli-text.ts';

/** What became of each file of an import. */
export function importedTelemetryText(loads: readonly TelemetryLoad[]): string {
  return loads
    .map((load) => {
      const { status, file, format, samplesKept, samplesRead, resources, firstAt, lastAt } = load;
      const lines = [`${status.padEnd(9)} ${file}${format ? `, ${format}` : ''}, load ${load.id}`];
      if (status === 'loaded') {
        lines.push(
          `          ${samplesKept} of ${samplesRead} values kept, ${resources} resources${firstAt && lastAt ? `, ${firstAt} to ${lastAt}` : ''}`,
        );
      }
      for (const line of [load.reason, load.hint]) if (line) lines.push(`          ${line}`);
      for (const { message } of load.findings) lines.push(`          ${message}`);
      return lines.join('\n');
    })
    .join('\n');
}

/** Resources with their metrics; what is unknown says so. */
export function telemetryText({
  resources,
  resourceCount,
  matched,
  loads,
}: CallOutput<'telemetry.list'>): string {
  if (resourceCount === 0) return 'No telemetry is loaded.';
  const blocks = resources.map((resource) => {
    const match = resource.match
      ? `billed as ${resource.match.billed} (${resource.match.reason})`
      : `not matched: ${resource.unmatched ?? 'unknown'}`;
    const head = [
      'metric',
      'of',
      'samples',
      'hours',
      'coverage',
      'active',
      'p50',
      'p95',
      'p99.5',
      'max',
      'source',
    ];
    const rows = resource.series.map(seriesCells);
    return [
      `${resource.id}  ${resource.kind}  ${resource.name}`,
      `    ${match}`,
      table([head, ...rows], 2, 9)
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n'),
    ].join('\n');
  });
  const number =
    resources.length < resourceCount
      ? `${resources.length} of ${resourceCount}`
      : `${resourceCount}`;
  return [
    ...blocks,
    `${number} resources, ${matched} matched to billed ones`,
    '',
    ...loads.filter(({ status }) => status === 'loaded').map(loadLine),
  ].join('\n');
}

function loadLine({ id, file, samplesKept, firstAt, lastAt, removable }: TelemetryLoad): string {
  const span = firstAt && lastAt ? `, ${firstAt.slice(0, 10)} to ${lastAt.slice(0, 10)}` : '';
  const how = removable ? `outlay telemetry remove ${id}` : 'only with all others';
  return `load ${id}  ${file}: ${samplesKept} values kept${span}; remove: ${how}`;
}

export function removedTelemetryText({ load, series, days }: TelemetryRemoved): string {
  const what = load === null ? 'All telemetry' : `Load ${load}`;
  return `${what} is removed: ${series} series, ${days} days of series.`;
}

function seriesCells(series: TelemetrySeries): string[] {
  const { metric, stat, samples, hours, coverage, activeShare, distribution, max, unit, source } =
    series;
  const unknown = Object.entries(series.unknown).map(
    ([reason, values]) => `${values} unknown: ${reason}`,
  );
  const amount = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : shown(value, unit);
  return [
    metric,
    stat,
    String(samples),
    String(hours),
    coverage === null ? 'unknown' : percent(coverage),
    activeShare === null ? 'unknown' : percent(activeShare),
    amount(distribution?.p50),
    amount(distribution?.p95),
    amount(distribution?.p99_5),
    samples === 0 ? 'unknown' : amount(max),
    [source, ...unknown].join('; '),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function shown(value: number, unit: string): string {
  if (unit === 'bytes') return `${(value / 2 ** 30).toFixed(2)} GiB`;
  if (unit === 'count') return String(Math.round(value * 100) / 100);
  return `${Math.round(value * 10) / 10} ${unit}`;
}
