import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { decodeDay, encodeDay, type DaySketch } from '../../../shared/telemetry/sketch-bytes.ts';
import { addSamples, emptyHour, hourMs } from '../../../shared/telemetry/sketch.ts';
import type { BlankReason } from '../../../shared/telemetry/values.ts';
import type { WritableDb } from '../store/open.ts';
import type { SeriesFacts } from './samples.ts';
import { count, type Tally } from './tally.ts';

/** The samples of one file on their way into the store, in bounded memory. */
export interface TelemetryStage {
  open: (series: number, facts: SeriesFacts) => void;
  add: (series: number, time: number, value: number) => void;
  blank: (series: number, reason: BlankReason) => void;
  /** The latest reading of a rising counter: in this file, else in the store. */
  lastReading: (series: number) => Reading | null;
  setReading: (series: number, reading: Reading) => void;
  /** Brings what was added into the store, in the transaction of the caller. */
  commit: (loadId: number) => Committed;
  close: () => void;
}

/** What a rising counter stood at, at UTC milliseconds. */
export interface Reading {
  time: number;
  value: number;
}

export interface Committed {
  resources: number;
  firstMs: number | null;
  lastMs: number | null;
}

interface Pending {
  facts: SeriesFacts;
  /** Id of the series where the store has it already. */
  stored: number | null;
  /** A time and a value by turns: plain numbers lie side by side, objects would not. */
  samples: number[];
  blanks: Map<BlankReason, number>;
  reading: Reading | null;
}

const dayMs = 24 * hourMs;
/** Samples that are held before they are drawn together: some 16 MB. */
const held = 1_000_000;

/**
 * Samples are gathered and, whenever there are many, drawn together by series and day: with what
 * the store has of that day, so that a sample that comes again is known, into a temporary table of
 * this connection. The ledger itself is written only by `commit`. The caller holds the write lock,
 * so what was read of the store is still so then.
 */
export function createStage(db: WritableDb, tally: Tally): TelemetryStage {
  db.exec(`
    DROP TABLE IF EXISTS temp.staged_day;
    CREATE TEMP TABLE staged_day (
      series INTEGER NOT NULL, day INTEGER NOT NULL, samples INTEGER NOT NULL,
      active INTEGER NOT NULL, hours INTEGER NOT NULL, min REAL NOT NULL, max REAL NOT NULL,
      data BLOB NOT NULL, PRIMARY KEY (series, day)
    ) STRICT`);
  const storedSeries = db.prepare(
    `SELECT telemetry_series.id, reading_ms AS time, reading AS value FROM telemetry_series
       JOIN telemetry_resource ON resource_id = telemetry_resource.id
       WHERE key = ? AND metric = ? AND stat = ? AND source = ?`,
  );
  const stagedDay = db
    .prepare('SELECT data FROM temp.staged_day WHERE series = ? AND day = ?')
    .pluck();
  const storedDay = db
    .prepare('SELECT data FROM telemetry_day WHERE series_id = ? AND day = ?')
    .pluck();
  const putDay = db.prepare(
    'INSERT OR REPLACE INTO temp.staged_day VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const pending: Pending[] = [];
  let samples = 0;
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  const flush = db.transaction(() => {
    for (const [series, of] of pending.entries()) {
      if (of.samples.length === 0) continue;
      for (const [day, hours] of byDayAndHour(of.samples)) {
        const before =
          stagedDay.get(series, day) ??
          (of.stored === null ? undefined : storedDay.get(of.stored, day));
        const sketch: DaySketch = before ? unpackDay(before as Buffer) : new Map();
        for (const [hour, added] of hours) {
          const into = sketch.get(hour) ?? emptyHour();
          sketch.set(hour, into);
          const { added: kept, duplicates, conflicts } = addSamples(into, of.facts.metric, added);
          tally.kept += kept;
          tally.duplicates += duplicates;
          tally.conflicts += conflicts;
        }
        const { samples: all, active, min, max } = totals(sketch);
        putDay.run(series, day, all, active, sketch.size, min, max, packDay(sketch));
      }
      of.samples = [];
    }
    samples = 0;
  });

  return {
    open: (series, facts) => {
      const { resource, metric, stat, source } = facts;
      const stored = storedSeries.get(resource.key, metric, stat, source) as
        | { id: number; time: number | null; value: number | null }
        | undefined;
      const { time = null, value = null } = stored ?? {};
      pending[series] = {
        facts,
        stored: stored?.id ?? null,
        samples: [],
        blanks: new Map(),
        reading: time === null || value === null ? null : { time, value },
      };
    },
    add: (series, time, value) => {
      pending[series]?.samples.push(time, value);
      if (firstMs === null || time < firstMs) firstMs = time;
      if (lastMs === null || time > lastMs) lastMs = time;
      if (++samples >= held) flush();
    },
    blank: (series, reason) => {
      const of = pending[series];
      if (of) count(of.blanks, reason);
    },
    lastReading: (series) => pending[series]?.reading ?? null,
    setReading: (series, reading) => {
      const of = pending[series];
      if (of) of.reading = reading;
    },
    commit: (loadId) => {
      flush();
      const resources = new Map<string, number>();
      const insertDays = db.prepare(
        `INSERT OR REPLACE INTO telemetry_day
         SELECT ?, day, ?, samples, active, hours, min, max, data FROM temp.staged_day WHERE series = ?`,
      );
      for (const [series, of] of pending.entries()) {
        const id = storeSeries(db, of, resources);
        insertDays.run(id, loadId, series);
      }
      return { resources: resources.size, firstMs, lastMs };
    },
    close: () => {
      db.exec('DROP TABLE IF EXISTS temp.staged_day');
    },
  };
}

function storeSeries(
  db: WritableDb,
  { facts, blanks, reading }: Pending,
  resources: Map<string, number>,
): number {
  const { resource, metric, stat, source } = facts;
  let resourceId = resources.get(resource.key);
  if (resourceId === undefined) {
    // What a later file says beside (a driver's name for the model) adds to what is known.
    resourceId = db
      .prepare(
        `INSERT INTO telemetry_resource (key, kind, device, host, labels) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET labels = json_patch(labels, excluded.labels) RETURNING id`,
      )
      .pluck()
      .get(
        resource.key,
        resource.kind,
        resource.device,
        resource.host,
        JSON.stringify(resource.labels),
      ) as number;
    resources.set(resource.key, resourceId);
  }
  const { id, blanks: before } = db
    .prepare(
      `INSERT INTO telemetry_series (resource_id, metric, stat, source) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET source = source RETURNING id, blanks`,
    )
    .get(resourceId, metric, stat, source) as { id: number; blanks: string };
  if (blanks.size > 0) {
    const all = new Map(Object.entries(JSON.parse(before) as Record<string, number>));
    for (const [reason, values] of blanks) count(all, reason, values);
    const text = JSON.stringify(Object.fromEntries(all));
    db.prepare('UPDATE telemetry_series SET blanks = ? WHERE id = ?').run(text, id);
  }
  if (reading) {
    db.prepare(
      `UPDATE telemetry_series SET reading_ms = ?, reading = ?
       WHERE id = ? AND (reading_ms IS NULL OR reading_ms < ?)`,
    ).run(reading.time, reading.value, id, reading.time);
  }
  return id;
}

function byDayAndHour(
  samples: readonly number[],
): Map<number, Map<number, { time: number; value: number }[]>> {
  const days = new Map<number, Map<number, { time: number; value: number }[]>>();
  for (let i = 0; i < samples.length; i += 2) {
    const time = samples[i] ?? 0;
    const day = Math.floor(time / dayMs);
    const hour = Math.floor((time - day * dayMs) / hourMs);
    let hours = days.get(day);
    if (!hours) days.set(day, (hours = new Map()));
    const inHour = { time: time - day * dayMs - hour * hourMs, value: samples[i + 1] ?? 0 };
    const list = hours.get(hour);
    if (list) list.push(inHour);
    else hours.set(hour, [inHour]);
  }
  return days;
}

function totals(sketch: DaySketch) {
  const all = { samples: 0, active: 0, min: Infinity, max: -Infinity };
  for (const hour of sketch.values()) {
    all.samples += hour.count;
    all.active += hour.active;
    all.min = Math.min(all.min, hour.min);
    all.max = Math.max(all.max, hour.max);
  }
  return all;
}

function packDay(sketch: DaySketch): Buffer {
  return zstdCompressSync(encodeDay(sketch));
}

export function unpackDay(data: Buffer, withTimes = true): DaySketch {
  return decodeDay(zstdDecompressSync(data), withTimes);
}
