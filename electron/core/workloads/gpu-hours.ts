import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { activityMetrics, deviceHours } from '../../../shared/telemetry/activity.ts';
import type { MetricId } from '../../../shared/telemetry/metrics.ts';
import { groupBy, type HourlySeries, sourceKind } from '../../../shared/telemetry/series.ts';
import { activeShare, meanOf, quantile } from '../../../shared/telemetry/sketch.ts';
import type { ReadableDb } from '../store/open.ts';
import { readSeries, type StoredResource } from '../telemetry/queries.ts';

/** Hours with samples of a GPU, or of a machine that speaks for all of its GPUs. */
export interface GpuHours {
  /** It is one GPU. */
  device: boolean;
  /** Hours since 1970-01-01 UTC. */
  hour: Uint32Array;
  /** Place in `storedMetrics` of the counter that says most about the work. */
  metric: Uint8Array;
  /** Mean of that counter; of a sum over GPUs the sum. */
  level: Float64Array;
  p95: Float64Array;
  max: Float64Array;
  /** Share of its samples above zero, 0 to 1. */
  active: Float64Array;
  /** The largest such share of any counter. */
  everActive: Float64Array;
  samples: Uint32Array;
}

/** Stored by place: new ones go to the end. */
export const storedMetrics: readonly MetricId[] = [
  'sm_active',
  'gr_engine_active',
  'tensor_active',
  'dram_active',
  'gpu_util',
  'gpu_util_sum',
];
const summed = storedMetrics.indexOf('gpu_util_sum');
const wanted: readonly MetricId[] = [...activityMetrics, 'gpu_util_sum'];

export const blockDays = 32;
const blockHours = blockDays * 24;

/** One GPU or machine, by whatever pods and jobs ran on it. */
export interface Subject {
  name: string;
  resources: readonly StoredResource[];
}

export function subjectsOf(resources: readonly StoredResource[]): Subject[] {
  const groups = groupBy([...resources], ({ device, host, key }) => device ?? host ?? key);
  return [...groups].map(([name, of]) => ({ name, resources: of }));
}

/** The hours of these 32 days, worked out from what was measured. */
export function measuredHours(
  db: ReadableDb,
  { resources }: Subject,
  block: number,
): GpuHours | null {
  const window = { from: block * blockHours, to: (block + 1) * blockHours };
  const ids = resources.map(({ id }) => id);
  const series = readSeries(db, ids, window, wanted);
  if (series.length === 0) return null;
  const rows: number[][] = [];
  const hours = deviceHours(series, window);
  for (const [hour, { work, everActive }] of hours) {
    if (!work) continue;
    const { of, metric } = work;
    const active = activeShare(of) ?? 0;
    rows.push([
      hour,
      storedMetrics.indexOf(metric),
      meanOf(of) ?? 0,
      quantile(of, metric, 0.95) ?? 0,
      of.max,
      active,
      everActive ?? active,
      of.count,
    ]);
  }
  for (const [hour, { level, max, active, samples }] of summedHours(series, window)) {
    if (hours.get(hour)?.work) continue;
    rows.push([hour, summed, level, level, max, active, active, samples]);
  }
  if (rows.length === 0) return null;
  rows.sort(([a = 0], [b = 0]) => a - b);
  const column = (place: number) => rows.map((row) => row[place] ?? 0);
  return {
    device: series.some(({ device }) => device !== null),
    hour: Uint32Array.from(column(0)),
    metric: Uint8Array.from(column(1)),
    level: Float64Array.from(column(2)),
    p95: Float64Array.from(column(3)),
    max: Float64Array.from(column(4)),
    active: Float64Array.from(column(5)),
    everActive: Float64Array.from(column(6)),
    samples: Uint32Array.from(column(7)),
  };
}

/** Utilisation added up over the GPUs of a machine, of the kind of source with most hours. */
function summedHours(series: readonly HourlySeries[], window: { from: number; to: number }) {
  const of = series.filter(({ metric, stat }) => metric === 'gpu_util_sum' && stat !== 'maximum');
  const kinds = [...groupBy(of, ({ source, stat }) => `${sourceKind(source)} ${stat}`).values()];
  const hours = new Map<number, Record<'level' | 'max' | 'active' | 'samples', number>>();
  const size = (kind: readonly HourlySeries[]) =>
    kind.reduce((sum, one) => sum + one.hours.size, 0);
  const best = kinds.reduce<HourlySeries[]>(
    (most, kind) => (size(kind) > size(most) ? kind : most),
    [],
  );
  for (const one of best) {
    for (const [hour, sketch] of one.hours) {
      const level = meanOf(sketch);
      if (hour < window.from || hour >= window.to || level === null) continue;
      const active = sketch.count === 0 ? 0 : sketch.active / sketch.count;
      hours.set(hour, { level, max: sketch.max, active, samples: sketch.count });
    }
  }
  return hours;
}

const doubles = ['level', 'p95', 'max', 'active', 'everActive'] as const;

/** How many hours, whether a device, then array after array, those of the widest numbers first. */
export function packHours(of: GpuHours, block: number): Buffer {
  const head = new Uint32Array([of.hour.length, of.device ? 1 : 0]);
  const offsets = Uint16Array.from(of.hour, (hour) => hour - block * blockHours);
  const parts = [head, ...doubles.map((name) => of[name]), of.samples, offsets, of.metric];
  const bytes = parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  return zstdCompressSync(Buffer.concat(bytes));
}

export function unpackHours(data: Buffer, block: number): GpuHours {
  // A copy begins where arrays of eight bytes may.
  const { buffer } = new Uint8Array(zstdDecompressSync(data));
  const [length = 0, device] = new Uint32Array(buffer, 0, 2);
  let at = 8;
  const next = (bytes: number) => {
    const from = at;
    at += bytes * length;
    return [buffer, from, length] as const;
  };
  const [level, p95, max, active, everActive] = [
    new Float64Array(...next(8)),
    new Float64Array(...next(8)),
    new Float64Array(...next(8)),
    new Float64Array(...next(8)),
    new Float64Array(...next(8)),
  ];
  const samples = new Uint32Array(...next(4));
  const hour = Uint32Array.from(
    new Uint16Array(...next(2)),
    (offset) => block * blockHours + offset,
  );
  const metric = new Uint8Array(...next(1));
  return { device: device === 1, hour, metric, level, p95, max, active, everActive, samples };
}

export interface GpuHoursReader {
  /**
   * The hours of a subject in blocks that lie in these days, both inclusive; the blocks reach
   * beyond them. A step reads some that are kept, or works out one that is not.
   */
  read: (
    subject: Subject,
    days: { firstDay: number; lastDay: number },
  ) => Generator<void, GpuHours[]>;
}

/** Reads from one state of the store; made anew for each question. */
export function createGpuHours(db: ReadableDb, all: readonly StoredResource[]): GpuHoursReader {
  const whole = new Map(subjectsOf(all).map(({ name, resources }) => [name, resources.length]));
  const stale = new Map<number, Set<number>>();
  const marks = db.prepare('SELECT resource_id, block FROM gpu_hours_stale').raw();
  for (const [id, block] of marks.iterate() as IterableIterator<[number, number]>) {
    const of = stale.get(id);
    if (of) of.add(block);
    else stale.set(id, new Set([block]));
  }
  const keptQuery = db
    .prepare('SELECT block, data FROM gpu_hours WHERE subject = ? AND block BETWEEN ? AND ?')
    .raw();
  return {
    *read(subject, { firstDay, lastDay }) {
      const first = Math.floor(firstDay / blockDays);
      const last = Math.floor(lastDay / blockDays);
      const kept = new Map(keptQuery.all(subject.name, first, last) as [number, Buffer][]);
      // Of a part of its pods or jobs nothing is kept.
      const part = whole.get(subject.name) !== subject.resources.length;
      const hours: GpuHours[] = [];
      for (let block = first; block <= last; block++) {
        const old = part || subject.resources.some(({ id }) => stale.get(id)?.has(block));
        const data = kept.get(block);
        if (old) {
          yield;
          const found = measuredHours(db, subject, block);
          if (found) hours.push(found);
        } else if (data) hours.push(unpackHours(data, block));
      }
      yield;
      return hours;
    },
  };
}
