import type { CallOutput } from '../../../shared/contract/contract.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import { jobOf } from '../../../shared/workloads/workload.ts';
import { textOf } from '../costs/scope.ts';
import { giveWay } from '../store/give-way.ts';
import { gpuFigures, type GpuUse, noGpuUse, plus, qualityOf, sumOf, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { WorkloadsDeps } from './overview.ts';
import type { Reasons } from './reasons.ts';
import type { Scope } from './scope.ts';
import { daysOf, sumSeries } from './sums.ts';
import { gpuUseBy, type UseQuery } from './use.ts';

type Detail = CallOutput<'workloads.detail'>;
const resourcesShown = 500;
const jobsShown = 500;

/** Its resources by cost, the dearest first, and the ids of all of them. */
export async function resourcesOf(
  { cube, axes, busy }: WorkloadsDeps,
  scope: Scope,
  query: UseQuery,
  reasons: Reasons,
): Promise<{ rows: Detail['resources']; count: number; all: string[] }> {
  const { base, decided } = query.ledger;
  const resource = axes.axis('resource');
  const groups = groupSeries(decided.series, query.keep, [
    (series) => resource.ids[series] as number,
    (series) => decided.purpose[series] as number,
    (series) => base.meter[series] as number,
  ]);
  if (groups.count === 0) return { rows: [], count: 0, all: [] };
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, 'none');
  const days = daysOf(cube, scope.now, groups);
  await giveWay();
  const uses = await gpuUseBy(
    { ...query, keyOf: (series) => resource.ids[series] as number },
    busy,
  );
  interface Found {
    id: number;
    series: number;
    dearest: Exact | null;
    cost: Exact | null;
    accelerator: string | null;
    first: number;
    last: number;
  }
  const found = new Map<number, Found>();
  for (const [g, series] of groups.first.entries()) {
    if (sums.rows(g, 0) === 0) continue;
    const id = resource.ids[series] as number;
    const cost = sums.exact(g, 0);
    const [first, last] = [days.first[g] as number, days.last[g] as number];
    const meter = base.meters[base.meter[series] as number] ?? null;
    const accelerator = meter?.kind === 'gpu' ? meter.accelerator : null;
    const one = found.get(id);
    if (!one) {
      found.set(id, { id, series, dearest: cost, cost, accelerator, first, last });
      continue;
    }
    one.cost = plus(one.cost, cost);
    one.accelerator ??= accelerator;
    one.first = Math.min(one.first, first);
    one.last = Math.max(one.last, last);
    if (cost !== null && (one.dearest === null || cost > one.dearest)) {
      [one.series, one.dearest] = [series, cost];
    }
  }
  const ranked = [...found.values()].sort((a, b) => byCost(a, b) || a.id - b.id);
  const [service, region, instance] = [
    axes.axis('service'),
    axes.axis('region'),
    axes.axis('instance'),
  ];
  return {
    count: ranked.length,
    all: ranked.flatMap(({ id }) => textOf(resource, id) ?? []),
    rows: ranked.slice(0, resourcesShown).map(({ id, series, ...one }) => {
      const use: GpuUse = uses.get(id) ?? noGpuUse();
      return {
        resource: textOf(resource, id),
        name: resource.name(id),
        purpose: purposes[decided.purpose[series] as number] ?? 'other-ai',
        reason: reasons.reason(series),
        service: textOf(service, service.ids[series] as number),
        region: textOf(region, region.ids[series] as number),
        instance: textOf(instance, instance.ids[series] as number),
        accelerator: one.accelerator,
        cost: text(one.cost),
        gpuHours: text(use.hours),
        busyShare: gpuFigures(use).busyShare,
        coverage: qualityOf(use).coverage,
        firstDay: dayText(one.first),
        lastDay: dayText(one.last),
      };
    }),
  };
}

/** Jobs that its resources and tags name, the dearest first. */
export async function jobsOf(
  deps: WorkloadsDeps,
  scope: Scope,
  query: UseQuery,
): Promise<{ rows: Detail['jobs']; count: number; cost: Exact | null }> {
  const { cube, busy } = deps;
  const facts = deps.ledger.facts();
  const names: string[] = [];
  const numbers = new Map<string, number>();
  const jobs = new Int32Array(query.ledger.decided.series).fill(-1);
  for (let series = 0; series < jobs.length; series++) {
    if (!query.keep(series)) continue;
    const name = jobOf(facts.facts(series));
    if (name === null) continue;
    let number = numbers.get(name);
    if (number === undefined) {
      number = names.push(name) - 1;
      numbers.set(name, number);
    }
    jobs[series] = number;
  }
  await giveWay();
  if (names.length === 0) return { rows: [], count: 0, cost: null };
  const groups = { of: jobs, count: names.length };
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, 'none');
  const days = daysOf(cube, scope.now, groups);
  await giveWay();
  const uses = await gpuUseBy(
    {
      ...query,
      keep: (series) => (jobs[series] as number) >= 0,
      keyOf: (series) => jobs[series] as number,
    },
    busy,
  );
  const rows = names.flatMap((name, job) =>
    sums.rows(job, 0) === 0
      ? []
      : [
          {
            name,
            job,
            cost: sums.exact(job, 0),
            first: days.first[job] as number,
            last: days.last[job] as number,
          },
        ],
  );
  rows.sort((a, b) => byCost(a, b) || (a.name < b.name ? -1 : 1));
  return {
    count: rows.length,
    cost: sumOf(
      rows.map(({ cost }) => cost),
      null,
    ),
    rows: rows.slice(0, jobsShown).map(({ name, job, cost, first, last }) => ({
      name,
      cost: text(cost),
      gpuHours: text(uses.get(job)?.hours ?? null),
      firstDay: dayText(first),
      lastDay: dayText(last),
    })),
  };
}
