import type { Labels } from '../../../shared/telemetry/identity.ts';
import type { MetricId, Stat } from '../../../shared/telemetry/metrics.ts';
import type { HourlySeries, HourWindow } from '../../../shared/telemetry/series.ts';
import type { HourSketch } from '../../../shared/telemetry/sketch.ts';
import type { ReadableDb } from '../store/open.ts';
import { unpackDay } from './parts.ts';

export interface StoredResource {
  id: number;
  key: string;
  kind: string;
  device: string | null;
  host: string | null;
  labels: Labels;
}

export function listResources(db: ReadableDb): StoredResource[] {
  const rows = db
    .prepare('SELECT id, key, kind, device, host, labels FROM telemetry_resource ORDER BY key')
    .all() as (Omit<StoredResource, 'labels'> & { labels: string })[];
  return rows.map((row) => ({ ...row, labels: JSON.parse(row.labels) as Labels }));
}

export interface SeriesTotals {
  id: number;
  resource: number;
  metric: MetricId;
  stat: Stat;
  source: string;
  blanks: Record<string, number>;
  samples: number;
  active: number;
  hours: number;
  firstDay: number | null;
  lastDay: number | null;
  min: number | null;
  max: number | null;
}

/** Days since 1970-01-01, `to` exclusive. */
export interface DayRange {
  from: number;
  to: number;
}

export function seriesTotals(
  db: ReadableDb,
  resources: readonly number[],
  { from, to }: DayRange,
): SeriesTotals[] {
  const rows = db
    .prepare(
      `SELECT series.id, resource_id AS resource, metric, stat, source, blanks,
         coalesce(sum(samples), 0) AS samples, coalesce(sum(active), 0) AS active,
         coalesce(sum(hours), 0) AS hours, min(day) AS firstDay, max(day) AS lastDay,
         min(min) AS min, max(max) AS max
       FROM telemetry_series AS series
       LEFT JOIN telemetry_day ON series_id = series.id AND day >= ? AND day < ?
       WHERE resource_id IN (SELECT value FROM json_each(?))
       GROUP BY series.id ORDER BY metric, stat, source`,
    )
    .all(from, to, JSON.stringify(resources)) as (Omit<SeriesTotals, 'blanks'> & {
    blanks: string;
  })[];
  return rows.map((row) => ({ ...row, blanks: JSON.parse(row.blanks) as Record<string, number> }));
}

/** First and last day with samples; null where there are none. */
export function daysStored(
  db: ReadableDb,
  resources: readonly number[],
): { first: number; last: number } | null {
  const row = db
    .prepare(
      `SELECT min(day) AS first, max(day) AS last FROM telemetry_day
       JOIN telemetry_series AS series ON series_id = series.id
       WHERE resource_id IN (SELECT value FROM json_each(?))`,
    )
    .get(JSON.stringify(resources)) as { first: number | null; last: number | null };
  return row.first === null || row.last === null ? null : { first: row.first, last: row.last };
}

/**
 * The hourly distributions of some resources within a window, without the moments of their samples;
 * of some metrics only where they are named.
 */
export function readSeries(
  db: ReadableDb,
  resources: readonly number[],
  window: HourWindow,
  metrics?: readonly MetricId[],
): HourlySeries[] {
  const rows = db
    .prepare(
      `SELECT series.id, key, device, host, metric, stat, source, day, data
       FROM telemetry_series AS series
       JOIN telemetry_resource AS resource ON resource_id = resource.id
       JOIN telemetry_day ON series_id = series.id AND day >= ? AND day <= ?
       WHERE resource_id IN (SELECT value FROM json_each(?))
         AND (? IS NULL OR metric IN (SELECT value FROM json_each(?)))
       ORDER BY series.id, day`,
    )
    .iterate(
      Math.floor(window.from / 24),
      Math.floor((window.to - 1) / 24),
      JSON.stringify(resources),
      metrics ? 1 : null,
      JSON.stringify(metrics ?? []),
    ) as IterableIterator<StoredDay>;
  const found = new Map<number, HourlySeries & { hours: Map<number, HourSketch> }>();
  for (const { id, key, data, day, ...facts } of rows) {
    let series = found.get(id);
    if (!series) found.set(id, (series = { ...facts, resource: key, hours: new Map() }));
    for (const [hour, sketch] of unpackDay(data, false)) {
      const at = day * 24 + hour;
      if (at >= window.from && at < window.to) series.hours.set(at, sketch);
    }
  }
  return [...found.values()];
}

interface StoredDay {
  id: number;
  key: string;
  device: string | null;
  host: string | null;
  metric: MetricId;
  stat: Stat;
  source: string;
  day: number;
  data: Buffer;
}
