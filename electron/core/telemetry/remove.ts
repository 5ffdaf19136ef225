import { OutlayError } from '../../../shared/contract/errors.ts';
import type { MetricId } from '../../../shared/telemetry/metrics.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import {
  dayMs,
  type DayPart,
  type DaySample,
  mergeParts,
  packDay,
  packSamples,
  totalsOf,
  unpackDay,
  unpackSamples,
} from './parts.ts';
import { canStep, stepOf } from './samples.ts';
import { count } from './tally.ts';

/** Bytes kept of what several loads brought to one day, before the oldest loads are drawn together. */
const keptBytes = 128 * 2 ** 20;

/**
 * Takes one load out: what is left is what the other loads make without it. Throws where it is not
 * there or can no longer be told apart. The caller holds the write lock; one transaction.
 */
export function removeTelemetry(db: WritableDb, id: number): { series: number; days: number } {
  const remove = db.transaction(() => {
    const load = db
      .prepare('SELECT status, file, removable FROM telemetry_load WHERE id = ?')
      .get(id) as { status: string; file: string; removable: number } | undefined;
    if (!load || load.status !== 'loaded') throw notLoaded(id, load);
    if (load.removable === 0) throw together(id, load.file);
    const touched = seriesOf(db, id);
    let days = 0;
    for (const series of touched) days += removeFromSeries(db, id, series);
    db.prepare('DELETE FROM telemetry_load_series WHERE load_id = ?').run(id);
    for (const { id: of } of touched) settleSeries(db, of);
    settleResources(db, id);
    db.prepare("UPDATE telemetry_load SET status = 'removed' WHERE id = ?").run(id);
    return { series: touched.length, days };
  });
  return remove.immediate();
}

/** Everything that was measured goes, whatever loaded it. */
export function removeAllTelemetry(db: WritableDb): { series: number; days: number } {
  const remove = db.transaction(() => {
    const series = db.prepare('SELECT count(*) FROM telemetry_series').pluck().get() as number;
    const days = db.prepare('SELECT count(*) FROM telemetry_day').pluck().get() as number;
    db.exec('DELETE FROM telemetry_resource');
    db.exec('DELETE FROM telemetry_load_series');
    db.exec("UPDATE telemetry_load SET status = 'removed' WHERE status = 'loaded'");
    return { series, days };
  });
  return remove.immediate();
}

/**
 * Keeps what is needed to take loads out again within bounds: beyond them the oldest loads become
 * one, which can only go with everything else. Called in the transaction of an import.
 */
export function boundParts(db: WritableDb, most = keptBytes): void {
  const size = db.prepare(
    'SELECT coalesce(sum(length(data) + coalesce(length(shadowed), 0)), 0) FROM telemetry_part',
  );
  const oldest = db.prepare(
    `SELECT min(load_id) FROM telemetry_part JOIN telemetry_load ON id = load_id WHERE removable = 1`,
  );
  while ((size.pluck().get() as number) > most) {
    const id = oldest.pluck().get() as number | null;
    if (id === null) return;
    drawTogether(db, id);
  }
}

/** All loads up to this one stand together from now on. */
function drawTogether(db: WritableDb, upTo: number): void {
  const days = db
    .prepare(
      `SELECT DISTINCT series.id, metric, day FROM telemetry_part
       JOIN telemetry_series AS series ON series.id = series_id WHERE load_id <= ?`,
    )
    .all(upTo) as { id: number; metric: MetricId; day: number }[];
  for (const { id, metric, day } of days) {
    const parts = partsOf(db, id, day);
    const early = parts.filter(({ load }) => load <= upTo);
    const last = early.at(-1);
    if (!last) continue;
    const { merged } = mergeParts(metric, early);
    db.prepare('DELETE FROM telemetry_part WHERE series_id = ? AND day = ? AND load_id <= ?').run(
      id,
      day,
      upTo,
    );
    if (parts.length > early.length) {
      putPart(db, id, day, { load: last.load, own: merged, shadowed: [], step: null });
    }
  }
  db.prepare('UPDATE telemetry_load_series SET first_ms = NULL WHERE load_id <= ?').run(upTo);
  db.prepare('UPDATE telemetry_load SET removable = 0 WHERE id <= ?').run(upTo);
}

interface TouchedSeries {
  id: number;
  metric: MetricId;
}

function seriesOf(db: ReadableDb, load: number): TouchedSeries[] {
  return db
    .prepare(
      `SELECT id, metric FROM telemetry_series
       JOIN telemetry_load_series ON series_id = id WHERE load_id = ?`,
    )
    .all(load) as TouchedSeries[];
}

function removeFromSeries(db: WritableDb, load: number, { id, metric }: TouchedSeries): number {
  // Days that it had to itself are most of them.
  const { changes } = db
    .prepare(
      `DELETE FROM telemetry_day WHERE series_id = @id AND load_id = @load
         AND day NOT IN (SELECT day FROM telemetry_part WHERE series_id = @id)`,
    )
    .run({ id, load });
  const shared = db
    .prepare('SELECT day FROM telemetry_part WHERE series_id = ? AND load_id = ?')
    .pluck()
    .all(id, load) as number[];
  // Where a later load's first step may have rested on this one.
  const later = db
    .prepare(
      `SELECT load_id AS load, first_ms AS first FROM telemetry_load_series
       WHERE series_id = ? AND load_id > ? AND first_ms IS NOT NULL`,
    )
    .all(id, load) as { load: number; first: number }[];
  const stepDays = later.map(({ first }) => Math.floor(first / dayMs));
  const days = [...new Set([...shared, ...stepDays])];
  const before = days.map((day) => ({ day, parts: partsOf(db, id, day) }));
  db.prepare('DELETE FROM telemetry_part WHERE series_id = ? AND load_id = ?').run(id, load);
  db.prepare('DELETE FROM telemetry_load_series WHERE series_id = ? AND load_id = ?').run(id, load);
  for (const { day, parts } of before) {
    const left = parts.filter((part) => part.load !== load);
    for (const one of later) {
      if (left.some((part) => part.load === one.load)) continue;
      left.push({ load: one.load, own: new Map(), shadowed: [], step: null });
    }
    for (const part of left) part.step = stepOn(db, id, part.load, day);
    const kept = left.filter(({ own, shadowed, step }) => own.size + shadowed.length > 0 || step);
    putDay(
      db,
      id,
      metric,
      day,
      kept.sort((a, b) => a.load - b.load),
    );
  }
  return changes + shared.length;
}

/** What each load brought to a day, in the order of the imports. */
function partsOf(db: ReadableDb, series: number, day: number): DayPart[] {
  const rows = db
    .prepare(
      `SELECT load_id AS load, data, shadowed FROM telemetry_part
       WHERE series_id = ? AND day = ? ORDER BY load_id`,
    )
    .all(series, day) as {
    load: number;
    data: Buffer;
    shadowed: Buffer | null;
  }[];
  if (rows.length > 0) {
    return rows.map(({ load, data, shadowed }) => ({
      load,
      own: unpackDay(data),
      shadowed: unpackSamples(shadowed),
      step: stepOn(db, series, load, day),
    }));
  }
  const only = db
    .prepare('SELECT load_id AS load, data FROM telemetry_day WHERE series_id = ? AND day = ?')
    .get(series, day) as { load: number; data: Buffer } | undefined;
  return only ? [{ load: only.load, own: unpackDay(only.data), shadowed: [], step: null }] : [];
}

/** The step of a load's first reading from the latest one of the loads before it, on this day. */
function stepOn(db: ReadableDb, series: number, load: number, day: number): DaySample | null {
  const own = db
    .prepare(
      `SELECT first_ms AS time, first AS value, factor FROM telemetry_load_series
       WHERE load_id = ? AND series_id = ? AND first_ms IS NOT NULL`,
    )
    .get(load, series) as { time: number; value: number; factor: number } | undefined;
  if (!own || Math.floor(own.time / dayMs) !== day) return null;
  const before = db
    .prepare(
      `SELECT last_ms AS time, last AS value FROM telemetry_load_series
       WHERE series_id = ? AND load_id < ? AND last_ms IS NOT NULL ORDER BY last_ms DESC LIMIT 1`,
    )
    .get(series, load) as { time: number; value: number } | undefined;
  if (!before || !canStep(before, own.time)) return null;
  return { time: own.time - day * dayMs, value: stepOf(before.value, own.value) * own.factor };
}

/** Writes a day anew from its parts; without samples it goes. */
function putDay(
  db: WritableDb,
  series: number,
  metric: MetricId,
  day: number,
  parts: readonly DayPart[],
): void {
  const { merged, changed } = mergeParts(metric, parts);
  const last = parts.at(-1);
  if (!last || merged.size === 0) {
    db.prepare('DELETE FROM telemetry_day WHERE series_id = ? AND day = ?').run(series, day);
    db.prepare('DELETE FROM telemetry_part WHERE series_id = ? AND day = ?').run(series, day);
    return;
  }
  const { samples, active, min, max } = totalsOf(merged);
  db.prepare('INSERT OR REPLACE INTO telemetry_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    series,
    day,
    last.load,
    samples,
    active,
    merged.size,
    min,
    max,
    packDay(merged),
  );
  if (parts.length === 1 && last.step === null) {
    db.prepare('DELETE FROM telemetry_part WHERE series_id = ? AND day = ?').run(series, day);
    return;
  }
  const there = new Set(
    db
      .prepare('SELECT load_id FROM telemetry_part WHERE series_id = ? AND day = ?')
      .pluck()
      .all(series, day) as number[],
  );
  for (const part of parts) {
    if (changed.has(part.load) || !there.has(part.load)) putPart(db, series, day, part);
  }
}

function putPart(
  db: WritableDb,
  series: number,
  day: number,
  { load, own, shadowed }: DayPart,
): void {
  db.prepare('INSERT OR REPLACE INTO telemetry_part VALUES (?, ?, ?, ?, ?)').run(
    series,
    day,
    load,
    packDay(own),
    packSamples(shadowed),
  );
}

/** What the loads that are left say of a series; one that none speaks of goes. */
function settleSeries(db: WritableDb, series: number): void {
  const left = db
    .prepare(
      'SELECT blanks, last_ms AS time, last AS value FROM telemetry_load_series WHERE series_id = ? ORDER BY load_id',
    )
    .all(series) as { blanks: string; time: number | null; value: number | null }[];
  if (left.length === 0) {
    db.prepare('DELETE FROM telemetry_series WHERE id = ?').run(series);
    return;
  }
  const blanks = new Map<string, number>();
  let latest: { time: number; value: number } | null = null;
  for (const { blanks: of, time, value } of left) {
    for (const [reason, values] of Object.entries(JSON.parse(of) as Record<string, number>)) {
      count(blanks, reason, values);
    }
    if (time === null || value === null || (latest && latest.time >= time)) continue;
    latest = { time, value };
  }
  db.prepare(
    'UPDATE telemetry_series SET blanks = ?, reading_ms = ?, reading = ? WHERE id = ?',
  ).run(
    JSON.stringify(Object.fromEntries(blanks)),
    latest?.time ?? null,
    latest?.value ?? null,
    series,
  );
}

function settleResources(db: WritableDb, load: number): void {
  const touched = db
    .prepare('DELETE FROM telemetry_load_resource WHERE load_id = ? RETURNING resource_id')
    .pluck()
    .all(load) as number[];
  for (const resource of touched) {
    const labels = db
      .prepare('SELECT labels FROM telemetry_load_resource WHERE resource_id = ? ORDER BY load_id')
      .pluck()
      .all(resource) as string[];
    if (labels.length === 0) {
      db.prepare('DELETE FROM telemetry_resource WHERE id = ?').run(resource);
      continue;
    }
    const all = Object.assign({}, ...labels.map((text) => JSON.parse(text) as object)) as object;
    db.prepare('UPDATE telemetry_resource SET labels = ? WHERE id = ?').run(
      JSON.stringify(all),
      resource,
    );
  }
}

function notLoaded(id: number, load: { status: string; file: string } | undefined): OutlayError {
  return new OutlayError(
    'NOT_FOUND',
    load
      ? `Load ${id} (${load.file}) holds nothing that could be removed: it is ${load.status}.`
      : `There is no load ${id} of telemetry.`,
    '`outlay telemetry list` names the loads.',
  );
}

function together(id: number, file: string): OutlayError {
  return new OutlayError(
    'INVALID_INPUT',
    `Load ${id} (${file}) can no longer be told apart from the loads before it. Nothing was changed.`,
    'Remove everything with `outlay telemetry remove --all` and import what shall stay.',
  );
}
