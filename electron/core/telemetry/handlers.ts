import { resolve } from 'node:path';
import type { HandlerInput, Handlers } from '../../../shared/contract/contract.ts';
import type { TelemetryResource, TelemetrySeries } from '../../../shared/contract/telemetry.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { dayNumber, dayText } from '../../../shared/domain/calendar.ts';
import { totalOf } from '../../../shared/telemetry/figures.ts';
import { matchResources } from '../../../shared/telemetry/match.ts';
import { metricOf } from '../../../shared/telemetry/metrics.ts';
import { meanOf, quantile } from '../../../shared/telemetry/sketch.ts';
import type { JobRunner } from '../jobs/runner.ts';
import { inSnapshot, type ReadableDb, type WritableDb } from '../store/open.ts';
import { listTelemetryLoads } from './loads.ts';
import {
  type DayRange,
  listResources,
  readSeries,
  type SeriesTotals,
  seriesTotals,
} from './queries.ts';

export interface TelemetryDeps {
  db: WritableDb;
  jobs: JobRunner;
  /** Ids of all billed resources. */
  billed: () => readonly string[];
  /** What is loaded has changed. */
  changed: () => void;
}

type TelemetryCalls = 'telemetry.import' | 'telemetry.list' | 'telemetry.remove';
const loadsShown = 50;

export function telemetryHandlers({
  db,
  jobs,
  billed,
  changed,
}: TelemetryDeps): Pick<Handlers, TelemetryCalls> {
  return {
    'telemetry.import': async ({ job, paths, host, timeZone, dateOrder, at, metric }) => {
      const answer = await jobs.run(job, {
        kind: 'telemetry',
        paths: paths.map((path) => resolve(path)),
        reading: {
          host,
          timeZone: timeZone ?? 'UTC',
          zoneSaid: timeZone !== undefined,
          dateOrder,
          at: at === undefined || at === 'file' ? at : Date.parse(at),
          metric,
        },
      });
      if (answer.loads.some(({ status }) => status === 'loaded')) changed();
      return answer;
    },
    'telemetry.remove': async ({ job, load }) => {
      const answer = await jobs.run(job, { kind: 'telemetry-remove', load });
      changed();
      return answer;
    },
    ...inSnapshot(db, {
      'telemetry.list': (input: HandlerInput<'telemetry.list'>) =>
        listTelemetry(db, billed(), input),
    }),
  };
}

function listTelemetry(
  db: ReadableDb,
  billed: readonly string[],
  { resource, from, to, limit, offset }: HandlerInput<'telemetry.list'>,
) {
  const all = listResources(db);
  const { matches, unmatched } = matchResources(all, billed);
  const matchOf = new Map(matches.map((match) => [match.measured, match]));
  const reasonOf = new Map(unmatched.map(({ measured, reason }) => [measured, reason]));
  const chosen = resource === undefined ? all : all.filter(({ id }) => id === resource);
  if (resource !== undefined && chosen.length === 0) {
    throw new OutlayError(
      'NOT_FOUND',
      `No resource ${resource} was measured.`,
      '`outlay telemetry list` names them.',
    );
  }
  const page = chosen.slice(offset, offset + limit);
  const range = {
    from: from === undefined ? -1e6 : dayNumber(from),
    to: to === undefined ? 1e6 : dayNumber(to),
  };
  const totals = Map.groupBy(
    seriesTotals(
      db,
      page.map(({ id }) => id),
      range,
    ),
    ({ resource: of }) => of,
  );
  const shown = page.map((one): TelemetryResource => {
    const match = matchOf.get(one.id);
    return {
      id: one.id,
      kind: one.kind,
      name: one.key,
      device: one.device,
      host: one.host,
      labels: one.labels as Record<string, string>,
      match: match ? { billed: match.billed, rule: match.rule, reason: match.reason } : null,
      unmatched: match ? null : (reasonOf.get(one.id) ?? null),
      series: (totals.get(one.id) ?? []).map((of) =>
        seriesShown(db, of, range, resource !== undefined),
      ),
    };
  });
  return {
    resources: shown,
    resourceCount: chosen.length,
    matched: matches.length,
    loads: listTelemetryLoads(db, loadsShown),
  };
}

function seriesShown(
  db: ReadableDb,
  of: SeriesTotals,
  range: DayRange,
  whole: boolean,
): TelemetrySeries {
  const { label, unit } = metricOf(of.metric);
  const { firstDay, lastDay, samples, hours } = of;
  const days = firstDay === null || lastDay === null ? 0 : lastDay + 1 - firstDay;
  return {
    metric: of.metric,
    label,
    unit,
    stat: of.stat,
    source: of.source,
    samples,
    hours,
    coverage: days === 0 ? null : hours / (days * 24),
    firstDay: firstDay === null ? null : dayText(firstDay),
    lastDay: lastDay === null ? null : dayText(lastDay),
    min: of.min,
    max: of.max,
    activeShare: samples === 0 ? null : of.active / samples,
    distribution: whole && samples > 0 ? distributionOf(db, of, range) : null,
    unknown: of.blanks,
  };
}

function distributionOf(
  db: ReadableDb,
  of: SeriesTotals,
  range: DayRange,
): TelemetrySeries['distribution'] {
  const window = { from: range.from * 24, to: range.to * 24 };
  const series = readSeries(db, [of.resource], window, [of.metric]).filter(
    ({ stat, source }) => stat === of.stat && source === of.source,
  );
  const total = totalOf(series, window);
  const at = (q: number) => quantile(total, of.metric, q) ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99_5: at(0.995), mean: meanOf(total) ?? 0 };
}
