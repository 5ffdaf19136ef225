import { activityMetrics, deviceHours } from '../../../shared/telemetry/activity.ts';
import { matchResources } from '../../../shared/telemetry/match.ts';
import type { MetricId } from '../../../shared/telemetry/metrics.ts';
import { groupBy, type HourlySeries, sourceKind } from '../../../shared/telemetry/series.ts';
import { meanOf } from '../../../shared/telemetry/sketch.ts';
import type { Cube } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import { listResources, readSeries, type StoredResource } from '../telemetry/queries.ts';

/** What was measured of the GPUs of a billed resource on some days. */
export interface Busy {
  /** GPU-hours with samples. */
  measured: number;
  /** Of them: hours times the level of the best counter. */
  busy: number;
  /** Of them: hours times the share of samples in which any counter saw activity. */
  active: number;
  samples: number;
  metrics: Set<MetricId>;
}

export interface BusyReader {
  /** Billed resources with telemetry. */
  matched: () => ReadonlySet<string>;
  /** Ids of what was measured of a billed resource. */
  measuredOf: (billed: string) => readonly number[];
  /**
   * Reads what is not known yet of these resources and days, a device at a time; `of` then answers.
   * `gpus`: accelerators of the machine, for measurements that speak of it as a whole.
   */
  prepare: (
    resources: Iterable<readonly [billed: string, gpus: number]>,
    days: { firstDay: number; lastDay: number },
  ) => Generator<void>;
  /** Null where no work counter has samples in these days: unknown, not idle. */
  of: (billed: string, days: { firstDay: number; lastDay: number }) => Busy | null;
}

/** Of a device, read in one step: a few milliseconds. */
const daysAtOnce = 31;

const wanted: readonly MetricId[] = [...activityMetrics, 'gpu_util_sum'];

export function createBusyReader(db: ReadableDb, cube: Cube): BusyReader {
  let stamp = '';
  let devices = new Map<string, StoredResource[][]>();
  let ids = new Map<string, number[]>();
  /** By billed resource and day; null: looked at, nothing there. */
  let days = new Map<string, Map<number, Busy | null>>();

  function refresh(): void {
    const loads = db
      .prepare('SELECT count(*), max(id) FROM telemetry_load')
      .raw()
      .get() as unknown[];
    const now = JSON.stringify([...loads, cube.seriesCount()]);
    if (now === stamp) return;
    stamp = now;
    days = new Map();
    devices = new Map();
    ids = new Map();
    const measured = listResources(db);
    if (measured.length === 0) return;
    const byId = new Map(measured.map((one) => [one.id, one]));
    const { matches } = matchResources(measured, cube.values('resource').slice(1));
    for (const [billed, of] of Map.groupBy(matches, (match) => match.billed)) {
      const own = of.flatMap((match) => byId.get(match.measured) ?? []);
      ids.set(
        billed,
        own.map(({ id }) => id),
      );
      devices.set(billed, [...groupBy(own, ({ device, key }) => device ?? key).values()]);
    }
  }

  function* prepare(
    resources: Iterable<readonly [string, number]>,
    { firstDay, lastDay }: { firstDay: number; lastDay: number },
  ): Generator<void> {
    refresh();
    for (const [billed, gpus] of resources) {
      const of = devices.get(billed);
      if (!of) continue;
      let known = days.get(billed);
      if (!known) days.set(billed, (known = new Map()));
      let [first, last] = [firstDay, lastDay];
      while (first <= last && known.has(first)) first++;
      while (last >= first && known.has(last)) last--;
      if (first > last) continue;
      for (let day = first; day <= last; day++) known.set(day, null);
      for (const [device, from] of of.flatMap((one) => startsOf(first, last, one))) {
        yield;
        const to = Math.min(from + daysAtOnce, last + 1);
        const window = { from: from * 24, to: to * 24 };
        const series = readSeries(
          db,
          device.map(({ id }) => id),
          window,
          wanted,
        );
        if (series.length > 0) addDevice(known, series, window, gpus);
      }
    }
  }

  return {
    matched: () => {
      refresh();
      return new Set(devices.keys());
    },
    measuredOf: (billed) => {
      refresh();
      return ids.get(billed) ?? [];
    },
    prepare,
    of: (billed, { firstDay, lastDay }) => {
      const known = days.get(billed);
      if (!known) return null;
      let sum: Busy | null = null;
      for (let day = firstDay; day <= lastDay; day++) {
        const one = known.get(day);
        if (one) addBusy((sum ??= noBusy()), one);
      }
      return sum;
    },
  };
}

function startsOf<T>(first: number, last: number, of: T): [T, number][] {
  const starts: [T, number][] = [];
  for (let day = first; day <= last; day += daysAtOnce) starts.push([of, day]);
  return starts;
}

export function noBusy(): Busy {
  return { measured: 0, busy: 0, active: 0, samples: 0, metrics: new Set() };
}

export function addBusy(into: Busy, from: Busy): void {
  into.measured += from.measured;
  into.busy += from.busy;
  into.active += from.active;
  into.samples += from.samples;
  for (const metric of from.metrics) into.metrics.add(metric);
}

function addDevice(
  known: Map<number, Busy | null>,
  series: readonly HourlySeries[],
  window: { from: number; to: number },
  gpus: number,
): void {
  const add = (hour: number, share: number, active: number | null, samples: number, of: number) => {
    const day = Math.floor(hour / 24);
    let into = known.get(day);
    if (!into) known.set(day, (into = noBusy()));
    into.measured += of;
    into.busy += of * Math.min(1, Math.max(0, share));
    into.active += of * (active ?? share);
    into.samples += samples;
    return into;
  };
  // One device, or a machine that speaks for all of its GPUs.
  const count = series.some(({ device }) => device !== null) ? 1 : gpus;
  const hours = deviceHours(series, window);
  for (const [hour, { work, everActive }] of hours) {
    const level = work && meanOf(work.of);
    if (!work || level === null) continue;
    add(hour, level / 100, everActive, work.of.count, count).metrics.add(work.metric);
  }
  if (!(gpus > 0)) return;
  for (const [hour, sum] of summedHours(series, window)) {
    if (hours.get(hour)?.work) continue;
    add(hour, sum.level / 100 / gpus, sum.active, sum.samples, gpus).metrics.add('gpu_util_sum');
  }
}

/** Utilisation added up over the GPUs of a machine, of the kind of source with most hours. */
function summedHours(series: readonly HourlySeries[], window: { from: number; to: number }) {
  const of = series.filter(({ metric, stat }) => metric === 'gpu_util_sum' && stat !== 'maximum');
  const kinds = [...groupBy(of, ({ source, stat }) => `${sourceKind(source)} ${stat}`).values()];
  const hours = new Map<number, { level: number; active: number; samples: number }>();
  const best = kinds.reduce<HourlySeries[]>(
    (most, kind) => (size(kind) > size(most) ? kind : most),
    [],
  );
  for (const one of best) {
    for (const [hour, sketch] of one.hours) {
      const level = meanOf(sketch);
      if (hour < window.from || hour >= window.to || level === null) continue;
      const active = sketch.count === 0 ? 0 : sketch.active / sketch.count;
      hours.set(hour, { level, active, samples: sketch.count });
    }
  }
  return hours;
}

function size(series: readonly HourlySeries[]): number {
  return series.reduce((sum, { hours }) => sum + hours.size, 0);
}
