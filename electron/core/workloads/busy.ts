import { matchResources } from '../../../shared/telemetry/match.ts';
import type { MetricId } from '../../../shared/telemetry/metrics.ts';
import type { Cube } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import { listResources, type StoredResource } from '../telemetry/queries.ts';
import {
  createGpuHours,
  type GpuHours,
  storedMetrics,
  type Subject,
  subjectsOf,
} from './gpu-hours.ts';

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
   * Reads what is not known yet of these resources and days, in short steps; `of` then answers.
   * `gpus`: accelerators of the machine, for measurements that speak of it as a whole.
   */
  prepare: (
    resources: Iterable<readonly [billed: string, gpus: number]>,
    days: { firstDay: number; lastDay: number },
  ) => Generator<void>;
  /** Null where no work counter has samples in these days: unknown, not idle. */
  of: (billed: string, days: { firstDay: number; lastDay: number }) => Busy | null;
}

export function createBusyReader(db: ReadableDb, cube: Cube): BusyReader {
  let stamp = '';
  let all: readonly StoredResource[] = [];
  let subjects = new Map<string, Subject[]>();
  let ids = new Map<string, number[]>();
  /** By billed resource and day; null: looked at, nothing there. */
  let days = new Map<string, Map<number, Busy | null>>();

  function refresh(): void {
    const loads = db
      .prepare('SELECT count(*), max(id), max(finished_at) FROM telemetry_load')
      .raw()
      .get() as unknown[];
    const now = JSON.stringify([...loads, cube.seriesCount()]);
    if (now === stamp) return;
    stamp = now;
    days = new Map();
    subjects = new Map();
    ids = new Map();
    all = listResources(db);
    if (all.length === 0) return;
    const byId = new Map(all.map((one) => [one.id, one]));
    const { matches } = matchResources(all, cube.values('resource').slice(1));
    for (const [billed, of] of Map.groupBy(matches, (match) => match.billed)) {
      const own = of.flatMap((match) => byId.get(match.measured) ?? []);
      ids.set(
        billed,
        own.map(({ id }) => id),
      );
      subjects.set(billed, subjectsOf(own));
    }
  }

  function* prepare(
    resources: Iterable<readonly [string, number]>,
    { firstDay, lastDay }: { firstDay: number; lastDay: number },
  ): Generator<void> {
    refresh();
    const hours = createGpuHours(db, all);
    for (const [billed, gpus] of resources) {
      const of = subjects.get(billed);
      if (!of) continue;
      let known = days.get(billed);
      if (!known) days.set(billed, (known = new Map()));
      let [first, last] = [firstDay, lastDay];
      while (first <= last && known.has(first)) first++;
      while (last >= first && known.has(last)) last--;
      if (first > last) continue;
      const missing = { firstDay: first, lastDay: last };
      const found = new Map<number, Busy>();
      for (const subject of of) {
        for (const one of yield* hours.read(subject, missing)) addHours(found, one, missing, gpus);
      }
      // Only now: another answer may have looked meanwhile.
      for (let day = first; day <= last; day++) known.set(day, found.get(day) ?? null);
    }
  }

  return {
    matched: () => {
      refresh();
      return new Set(subjects.keys());
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

/** Adds the hours of some days of one device, or of a machine that speaks for all of its GPUs. */
function addHours(
  known: Map<number, Busy>,
  of: GpuHours,
  { firstDay, lastDay }: { firstDay: number; lastDay: number },
  gpus: number,
): void {
  for (let i = 0; i < of.hour.length; i++) {
    const day = Math.floor((of.hour[i] as number) / 24);
    if (day < firstDay || day > lastDay) continue;
    const metric = storedMetrics[of.metric[i] as number] as MetricId;
    const added = metric === 'gpu_util_sum';
    if (added && !(gpus > 0)) continue;
    const level = (of.level[i] as number) / 100;
    const count = of.device && !added ? 1 : gpus;
    let into = known.get(day);
    if (!into) known.set(day, (into = noBusy()));
    into.measured += count;
    into.busy += count * Math.min(1, Math.max(0, added ? level / gpus : level));
    into.active += count * (of.everActive[i] as number);
    into.samples += of.samples[i] as number;
    into.metrics.add(metric);
  }
}
