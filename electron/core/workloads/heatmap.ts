import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { dayNumber, dayText } from '../../../shared/domain/calendar.ts';
import { heatMap, type HeatCell, type HeatMap } from '../../../shared/telemetry/heatmap.ts';
import { type MetricId, metricOf } from '../../../shared/telemetry/metrics.ts';
import type { ReadableDb } from '../store/open.ts';
import {
  daysStored,
  listResources,
  readSeries,
  type StoredResource,
} from '../telemetry/queries.ts';
import { measuredOf } from '../telemetry/summary.ts';
import { createGpuHours, type GpuHours, storedMetrics, subjectsOf } from './gpu-hours.ts';

type Heat = CallOutput<'telemetry.heatmap'>;

/** Hour by day of what was measured, in steps: a thousand GPUs take a while. */
export function* heatmap(
  db: ReadableDb,
  billed: () => readonly string[],
  input: HandlerInput<'telemetry.heatmap'>,
): Generator<void, Heat> {
  const all = listResources(db);
  yield;
  const chosen = chosenResources(all, billed, input);
  yield;
  const ids = chosen.map(({ id }) => id);
  const unit = input.metric === 'activity' ? '%' : metricOf(input.metric).unit;
  const empty = { metric: input.metric, unit, resources: ids };
  const stored = daysStored(db, ids);
  yield;
  const from = Math.max(
    stored?.first ?? 0,
    input.from === undefined ? -1e6 : dayNumber(input.from),
  );
  const to = Math.min((stored?.last ?? -1) + 1, input.to === undefined ? 1e6 : dayNumber(input.to));
  if (!stored || to <= from) {
    return { ...empty, range: null, days: [], cells: [], subjects: 0, metrics: [] };
  }
  const range = { from: dayText(from), to: dayText(to) };
  const days = { firstDay: from, lastDay: to - 1 };
  const map =
    input.metric === 'activity'
      ? yield* activityMap(db, all, chosen, days)
      : yield* metricMap(db, chosen, days, input.metric);
  return { ...empty, range, ...map };
}

interface Days {
  firstDay: number;
  lastDay: number;
}

/** Of the best counter of each GPU and hour. */
function* activityMap(
  db: ReadableDb,
  all: readonly StoredResource[],
  chosen: readonly StoredResource[],
  days: Days,
): Generator<void, HeatMap> {
  const reader = createGpuHours(db, all);
  const sums = createSums(days, false);
  for (const subject of subjectsOf(chosen)) {
    let found = false;
    for (const of of yield* reader.read(subject, days)) found = addHours(sums, of, days) || found;
    if (found) sums.subject();
  }
  return sums.finish();
}

function addHours(sums: Sums, of: GpuHours, { firstDay, lastDay }: Days): boolean {
  let found = false;
  for (let i = 0; i < of.hour.length; i++) {
    const hour = of.hour[i] as number;
    if (hour < firstDay * 24 || hour >= (lastDay + 1) * 24) continue;
    const metric = storedMetrics[of.metric[i] as number] as MetricId;
    // A sum over GPUs is no level of one.
    if (metric === 'gpu_util_sum') continue;
    found = true;
    sums.add(hour - firstDay * 24, metric, {
      value: of.level[i] as number,
      p95: of.p95[i] as number,
      max: of.max[i] as number,
      activeShare: of.active[i] as number,
      samples: of.samples[i] as number,
      subjects: 1,
    });
  }
  return found;
}

/** Of one counter, one GPU or machine after the other. */
function* metricMap(
  db: ReadableDb,
  chosen: readonly StoredResource[],
  days: Days,
  metric: MetricId,
): Generator<void, HeatMap> {
  const window = { from: days.firstDay * 24, to: (days.lastDay + 1) * 24 };
  const sums = createSums(days, 'additive' in metricOf(metric));
  for (const { resources } of subjectsOf(chosen)) {
    yield;
    const ids = resources.map(({ id }) => id);
    const map = heatMap([readSeries(db, ids, window, [metric])], window, metric);
    if (map.subjects > 0) sums.subject();
    map.cells.flat().forEach((cell, place) => {
      if (cell) sums.add(place, metric, cell);
    });
  }
  return sums.finish();
}

interface Sums {
  /** An hour from the first one on, of one GPU or machine. */
  add: (hour: number, metric: MetricId, cell: HeatCell) => void;
  /** One more has hours. */
  subject: () => void;
  finish: () => HeatMap;
}

function createSums({ firstDay, lastDay }: Days, additive: boolean): Sums {
  const cells: HeatCell[] = [];
  const metrics = new Set<MetricId>();
  let subjects = 0;
  const finished = (cell: HeatCell | undefined): HeatCell | null =>
    cell
      ? {
          ...cell,
          value: additive ? cell.value : cell.value / cell.subjects,
          activeShare: cell.activeShare / cell.subjects,
        }
      : null;
  return {
    add: (hour, metric, cell) => {
      metrics.add(metric);
      const sum = cells[hour];
      if (!sum) {
        cells[hour] = { ...cell };
        return;
      }
      sum.value += cell.value;
      sum.p95 = Math.max(sum.p95, cell.p95);
      sum.max = Math.max(sum.max, cell.max);
      sum.activeShare += cell.activeShare;
      sum.samples += cell.samples;
      sum.subjects += cell.subjects;
    },
    subject: () => void subjects++,
    finish: () => {
      const days = Array.from({ length: lastDay + 1 - firstDay }, (_, day) => firstDay + day);
      return {
        days: days.map(dayText),
        cells: days.map((_, day) =>
          Array.from({ length: 24 }, (__, hour) => finished(cells[day * 24 + hour])),
        ),
        subjects,
        metrics: [...metrics],
      };
    },
  };
}

/** All of them where nothing is named; else those that every kind of name given agrees on. */
function chosenResources(
  all: readonly StoredResource[],
  billed: () => readonly string[],
  { resources, billed: asked, labels }: HandlerInput<'telemetry.heatmap'>,
): StoredResource[] {
  const ofBilled = asked ? new Set(measuredOf(all, { of: asked, all: billed() })) : null;
  return all.filter(
    ({ id, labels: own }) =>
      (!resources || resources.includes(id)) &&
      (!ofBilled || ofBilled.has(id)) &&
      Object.entries(labels ?? {}).every(
        ([name, value]) => own[name as keyof StoredResource['labels']] === value,
      ),
  );
}
