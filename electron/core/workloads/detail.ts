import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { UnitCost } from '../../../shared/contract/workloads.ts';
import { type Exact, exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { purposes, purposeTitles } from '../../../shared/workloads/purposes.ts';
import type { ReadableDb } from '../store/open.ts';
import { changeOf } from './change.ts';
import { dearestPurpose, notAi, shownWorkload, workloadsIn } from './found.ts';
import { gpuRates } from './gpu-rates.ts';
import { type GpuUse, noGpuUse, perUnit, sumOf, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { WorkloadsDeps } from './overview.ts';
import { createReasons, type Reasons } from './reasons.ts';
import { coversEnough, requestsOf } from './requests.ts';
import { jobsOf, resourcesOf } from './resources.ts';
import { type Scope, scopeOf } from './scope.ts';
import { splitCosts } from './splits.ts';
import { rowsOf, type Span, sumSeries, totalOf } from './sums.ts';
import { noWorkload, tokenRows } from './tokens.ts';
import { unitTrend } from './trend.ts';
import { gpuUnits, tokenUnit, unitToRead } from './units.ts';
import { gpuUseBy, tokenUseBy, type UseQuery } from './use.ts';

type Detail = CallOutput<'workloads.detail'>;

/** One workload, with everything it is made of. */
export async function detail(
  deps: WorkloadsDeps & { db: ReadableDb },
  input: HandlerInput<'workloads.detail'>,
): Promise<Detail> {
  const started = performance.now();
  const { cube, axes, busy } = deps;
  const ledger = await deps.ledger.read();
  const { decided } = ledger;
  const scope = scopeOf(cube, deps.summary(), input);
  const reasons = createReasons(ledger, deps.ledger.facts());
  const split = { cube, ledger, metric: scope.metric, mask: scope.mask };
  const splits = await splitCosts({ ...split, span: scope.now }, scope.granularity);
  const found = await workloadsIn(cube, ledger, scope, splits);
  const place = decided.workloads.findIndex(({ id }, at) => at > 0 && id === input.id);
  const row = found.workloads.get(input.id) ?? blank(ledger.decided.workloads[place], place);
  if (!row) throw noWorkload(input.id);
  const earlier = scope.before
    ? await workloadsIn(
        cube,
        ledger,
        scope,
        await splitCosts({ ...split, span: scope.before }, 'month'),
        scope.before,
      )
    : null;
  const ai = sumOf(
    [...found.workloads.values()].map(({ cost }) => cost),
    found.unassigned.cost,
  );
  const own = (series: number) =>
    scope.mask[series] === 1 &&
    decided.workload[series] === place &&
    (decided.split[series] as number) < 0;
  const query: UseQuery = {
    cube,
    ledger,
    span: scope.now,
    metric: scope.metric,
    keep: own,
    keyOf: () => 0,
  };
  const use = (await gpuUseBy(query, busy)).get(0) ?? noGpuUse();
  const before = scope.before
    ? ((await gpuUseBy({ ...query, span: scope.before }, busy)).get(0) ?? null)
    : null;
  const byPurpose = await purposesOf(deps, scope, decided.purpose, own);
  const resources = await resourcesOf(deps, scope, query, reasons);
  const jobs = await jobsOf(deps, scope, query);
  const tokens = await tokenRows(deps, ledger, scope, scope.now, own);
  const measured = resources.all.filter((billed) => busy.matched().has(billed));
  const units = await unitsOf(deps, scope, query, { use, before, jobs: jobs.count, measured });
  const unit = unitToRead(units, dearestPurpose(row.byPurpose));
  const points = splits.shares.get(input.id)?.points;
  return {
    metric: scope.metric,
    currency: scope.currency,
    currencies: scope.currencies,
    range: scope.range,
    compareRange: scope.compareRange,
    periods: byPurpose.periods,
    workload: {
      ...shownWorkload(row, { reasons, ai, before: earlier, use }),
      spark: [],
      unit,
      resources: resources.count,
    },
    purposes: byPurpose.purposes,
    sharedPoints: byPurpose.periods.map((_, slot) => formatExact(points?.[slot] ?? 0n)),
    units,
    unitTrend: await unitTrend(deps, scope, query, unit?.unit ?? null),
    change: await changeOf(
      { cube, axes },
      ledger,
      scope,
      (series) => own(series) && decided.purpose[series] !== notAi,
    ),
    ...(await gpuRates(deps, scope, query)),
    resources: resources.rows,
    resourceCount: resources.count,
    measuredResources: measured,
    jobs: jobs.rows,
    jobCount: jobs.count,
    tokens: tokens.map((one) => one.row),
    reasons: await reasonsOf(deps, scope, query, reasons),
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
  };
}

/** A workload without AI cost in these days is still one. */
function blank(
  workload:
    | { id: string; kind: Detail['workload']['kind']; name: string; from: string }
    | undefined,
  place: number,
) {
  if (!workload || place <= 0) return null;
  return {
    place,
    ...workload,
    cost: null,
    shared: null,
    notAi: null,
    unknownRows: 0,
    byPurpose: new Map<number, Exact | null>(),
    groups: [],
  };
}

async function purposesOf(
  { cube }: WorkloadsDeps,
  scope: Scope,
  purpose: Uint8Array,
  own: (series: number) => boolean,
): Promise<Pick<Detail, 'periods' | 'purposes'>> {
  const of = new Int32Array(purpose.length);
  for (let i = 0; i < of.length; i++) of[i] = own(i) ? (purpose[i] as number) : -1;
  const groups = { of, count: purposes.length };
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, scope.granularity);
  return {
    periods: sums.periods,
    purposes: purposes.flatMap((name, p) =>
      rowsOf(sums, p).rows === 0
        ? []
        : [
            {
              purpose: name,
              title: purposeTitles[name],
              cost: text(totalOf(sums, p)),
              points: sums.periods.map((_, slot) =>
                sums.rows(p, slot) === 0 ? '0' : text(sums.exact(p, slot)),
              ),
            },
          ],
    ),
  };
}

async function unitsOf(
  deps: WorkloadsDeps & { db: ReadableDb },
  scope: Scope,
  query: UseQuery,
  known: { use: GpuUse; before: GpuUse | null; jobs: number; measured: readonly string[] },
): Promise<UnitCost[]> {
  const units: UnitCost[] = [];
  const hasGpus =
    known.use.resources > 0 || known.use.hours !== null || known.use.unknownCharges > 0;
  if (hasGpus) units.push(...gpuUnits(known.use, known.before));
  const tokens = (await tokenUseBy(query)).get(0);
  if (tokens) {
    const before = scope.before
      ? ((await tokenUseBy({ ...query, span: scope.before })).get(0) ?? null)
      : null;
    units.push(tokenUnit(tokens, before));
  }
  const now = await wholeCost(query, scope.now);
  const earlier = scope.before && {
    span: scope.before,
    cost: await wholeCost(query, scope.before),
  };
  if (known.jobs > 0) {
    const quantity = exactOf(String(known.jobs));
    const before = earlier && (await jobsOf(deps, { ...scope, now: earlier.span }, query)).count;
    units.push({
      unit: 'job',
      cost: text(now),
      quantity: text(quantity),
      perUnit: perUnit(now, quantity),
      previous: earlier && before ? perUnit(earlier.cost, exactOf(String(before))) : null,
      reason: `All its AI charges over ${known.jobs} ${known.jobs === 1 ? 'job' : 'jobs'} that its resources and tags name.`,
    });
  }
  const requests = requestUnit(deps, { span: scope.now, cost: now }, earlier, known.measured);
  return requests ? [...units, requests] : units;
}

/** All AI charges of these days. */
async function wholeCost(query: UseQuery, span: Span): Promise<Exact | null> {
  const { cube, ledger, metric } = query;
  const { decided } = ledger;
  const keep = (series: number) => query.keep(series) && decided.purpose[series] !== notAi;
  const whole = groupSeries(decided.series, keep, []);
  if (whole.count === 0) return null;
  return (await sumSeries(cube, span, metric, whole, 'none')).exact(0, 0);
}

interface SpanCost {
  span: Span;
  cost: Exact | null;
}

function requestUnit(
  { db, busy }: WorkloadsDeps & { db: ReadableDb },
  now: SpanCost,
  before: SpanCost | null,
  measured: readonly string[],
): UnitCost | null {
  const ids = measured.flatMap((billed) => busy.measuredOf(billed));
  const countedIn = ({ span }: SpanCost) => {
    const found = requestsOf(db, ids, span);
    const sure = found !== null && coversEnough(found) && found.requests > 0;
    return { found, quantity: sure ? exactOf(found.requests.toFixed(0)) : null };
  };
  const { found, quantity } = countedIn(now);
  if (!found) return null;
  return {
    unit: 'request',
    cost: text(now.cost),
    quantity: text(quantity),
    perUnit: perUnit(now.cost, quantity),
    previous: before && perUnit(before.cost, countedIn(before).quantity),
    reason: quantity
      ? 'All its AI charges over the invocations of its endpoints.'
      : `Unknown: invocations were measured in ${found.hours} of ${found.of} hours.`,
  };
}

async function reasonsOf(
  { cube }: WorkloadsDeps,
  scope: Scope,
  query: UseQuery,
  reasons: Reasons,
): Promise<Detail['reasons']> {
  const { base, decided } = query.ledger;
  const groups = groupSeries(decided.series, query.keep, [
    (series) => decided.purpose[series] as number,
    (series) => base.rule[series] as number,
    (series) => (decided.rule[series] as number) + 1,
  ]);
  if (groups.count === 0) return [];
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, 'none');
  return groups.first
    .flatMap((series, g) => (sums.rows(g, 0) === 0 ? [] : [{ series, cost: sums.exact(g, 0) }]))
    .sort(byCost)
    .map(({ series, cost }) => ({
      purpose: purposes[decided.purpose[series] as number] ?? 'other-ai',
      rule: reasons.rule(series),
      reason: reasons.reason(series),
      cost: text(cost),
    }));
}
