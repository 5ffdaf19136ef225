import type { DaySketch } from '../../../shared/telemetry/sketch-bytes.ts';
import { addSamples, emptyHour, hourMs } from '../../../shared/telemetry/sketch.ts';
import type { BlankReason } from '../../../shared/telemetry/values.ts';
import type { WritableDb } from '../store/open.ts';
import {
  dayMs,
  type DaySample,
  packDay,
  packSamples,
  totalsOf,
  unpackDay,
  unpackSamples,
} from './parts.ts';
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
  /** The first reading in this file, and whether the step to it rests on a load before. */
  begin: (series: number, first: Reading, factor: number, steps: boolean) => void;
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
  /** The latest one, which may be an earlier load's. */
  reading: Reading | null;
  /** This file's own first one. */
  first: (Reading & { factor: number; steps: boolean }) | null;
}

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
      data BLOB NOT NULL, own BLOB, shadowed BLOB, PRIMARY KEY (series, day)
    ) STRICT`);
  const storedSeries = db.prepare(
    `SELECT telemetry_series.id, reading_ms AS time, reading AS value FROM telemetry_series
       JOIN telemetry_resource ON resource_id = telemetry_resource.id
       WHERE key = ? AND metric = ? AND stat = ? AND source = ?`,
  );
  const stagedDay = db.prepare(
    'SELECT data, own, shadowed FROM temp.staged_day WHERE series = ? AND day = ?',
  );
  const storedDay = db
    .prepare('SELECT data FROM telemetry_day WHERE series_id = ? AND day = ?')
    .pluck();
  const putDay = db.prepare(
    'INSERT OR REPLACE INTO temp.staged_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const pending: Pending[] = [];
  let samples = 0;
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  const flush = db.transaction(() => {
    for (const [series, of] of pending.entries()) {
      if (of.samples.length === 0) continue;
      for (const [day, hours] of byDayAndHour(of.samples)) {
        const { merged, own, shadowed } = dayBefore(series, of, day);
        for (const [hour, added] of hours) {
          const into = merged.get(hour) ?? emptyHour();
          merged.set(hour, into);
          if (own) apart(of, day * dayMs + hour * hourMs, hour, added, into.times, own, shadowed);
          const { added: kept, duplicates, conflicts } = addSamples(into, of.facts.metric, added);
          tally.kept += kept;
          tally.duplicates += duplicates;
          tally.conflicts += conflicts;
        }
        const { samples: all, active, min, max } = totalsOf(merged);
        putDay.run(
          series,
          day,
          all,
          active,
          merged.size,
          min,
          max,
          packDay(merged),
          own && packDay(own),
          packSamples([...shadowed].map(([time, value]) => ({ time, value }))),
        );
      }
      of.samples = [];
    }
    samples = 0;
  });

  /**
   * What there is of a day: in this file, else in the store. `own` is what this file alone brings,
   * null where that is all of it.
   */
  function dayBefore(series: number, of: Pending, day: number) {
    const staged = stagedDay.get(series, day) as
      | { data: Buffer; own: Buffer | null; shadowed: Buffer | null }
      | undefined;
    if (staged) {
      const shadowed = unpackSamples(staged.shadowed);
      return {
        merged: unpackDay(staged.data),
        own: staged.own && unpackDay(staged.own),
        shadowed: new Map(shadowed.map(({ time, value }) => [time, value])),
      };
    }
    const stored = of.stored === null ? undefined : storedDay.get(of.stored, day);
    const stepsHere = of.first?.steps === true && Math.floor(of.first.time / dayMs) === day;
    return {
      merged: stored ? unpackDay(stored as Buffer) : (new Map() as DaySketch),
      own: stored || stepsHere ? (new Map() as DaySketch) : null,
      shadowed: new Map<number, number>(),
    };
  }

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
        first: null,
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
    begin: (series, first, factor, steps) => {
      const of = pending[series];
      if (of) of.first = { ...first, factor, steps };
    },
    commit: (loadId) => {
      flush();
      const resources = new Map<string, number>();
      // A day that one load had to itself is its part from now on.
      const partBefore = db.prepare(
        `INSERT INTO telemetry_part (series_id, day, load_id, data)
         SELECT series_id, day, load_id, data FROM telemetry_day AS stored
         WHERE series_id = @id
           AND day IN (SELECT day FROM temp.staged_day WHERE series = @series AND own IS NOT NULL)
           AND NOT EXISTS (SELECT 1 FROM telemetry_part AS part
             WHERE part.series_id = stored.series_id AND part.day = stored.day)`,
      );
      const ownPart = db.prepare(
        `INSERT INTO telemetry_part SELECT @id, day, @loadId, own, shadowed FROM temp.staged_day
         WHERE series = @series AND own IS NOT NULL`,
      );
      const insertDays = db.prepare(
        `INSERT OR REPLACE INTO telemetry_day
         SELECT ?, day, ?, samples, active, hours, min, max, data FROM temp.staged_day WHERE series = ?`,
      );
      for (const [series, of] of pending.entries()) {
        const id = storeSeries(db, of, resources, loadId);
        partBefore.run({ id, series });
        ownPart.run({ id, series, loadId });
        insertDays.run(id, loadId, series);
      }
      return { resources: resources.size, firstMs, lastMs };
    },
    close: () => {
      db.exec('DROP TABLE IF EXISTS temp.staged_day');
    },
  };
}

/**
 * Puts aside what an hour gets from this file alone: samples of its own, and those whose moment an
 * earlier load has.
 */
function apart(
  { facts, first }: Pending,
  hourStart: number,
  number: number,
  added: readonly DaySample[],
  before: readonly number[],
  own: DaySketch,
  shadowed: Map<number, number>,
): void {
  const hour = own.get(number) ?? emptyHour();
  const known = new Set(before);
  for (const time of hour.times) known.delete(time);
  const step = first?.steps ? first.time - hourStart : null;
  const ofOwn: DaySample[] = [];
  for (const sample of added) {
    if (sample.time === step) continue;
    if (!known.has(sample.time)) {
      ofOwn.push(sample);
      continue;
    }
    const time = number * hourMs + sample.time;
    shadowed.set(time, Math.max(sample.value, shadowed.get(time) ?? -Infinity));
  }
  if (ofOwn.length === 0) return;
  addSamples(hour, facts.metric, ofOwn);
  own.set(number, hour);
}

function storeSeries(
  db: WritableDb,
  { facts, blanks, reading, first }: Pending,
  resources: Map<string, number>,
  loadId: number,
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
  db.prepare(
    `INSERT INTO telemetry_load_resource VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET labels = json_patch(labels, excluded.labels)`,
  ).run(loadId, resourceId, JSON.stringify(resource.labels));
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
  const own = first && reading;
  db.prepare('INSERT INTO telemetry_load_series VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    loadId,
    id,
    JSON.stringify(Object.fromEntries(blanks)),
    first?.time ?? null,
    first?.value ?? null,
    first?.factor ?? null,
    own?.time ?? null,
    own?.value ?? null,
  );
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
