import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import type { RankedCost, UnitCost } from '../../../shared/contract/workloads.ts';
import { type Exact, toNumber } from '../../../shared/domain/exact.ts';
import { purposes, purposeTitles } from '../../../shared/workloads/purposes.ts';
import type { Axes } from '../costs/scope.ts';
import type { Summarise } from '../costs/summary.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import type { BusyReader } from './busy.ts';
import { dearestPurpose, type FoundWorkload, notAi, shownWorkload, workloadsIn } from './found.ts';
import { gpuFigures, type GpuUse, noGpuUse, plus, qualityOf, shareOf, sumOf, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { ClassifiedLedger, WorkloadLedger } from './ledger.ts';
import { rankings } from './rankings.ts';
import { createReasons } from './reasons.ts';
import { type Scope, scopeOf } from './scope.ts';
import { type SplitAnswer, splitCosts } from './splits.ts';
import { rowsOf, type Span, sumSeries, totalOf } from './sums.ts';
import { gpuUnits, tokenUnit, unitToRead } from './units.ts';
import { gpuUseBy, tokenUseBy, type UseQuery } from './use.ts';

export interface WorkloadsDeps {
  cube: Cube;
  axes: Axes;
  summary: Summarise;
  ledger: WorkloadLedger;
  busy: BusyReader;
}

type Overview = CallOutput<'workloads.overview'>;
const sparkPoints = 62;

/** The AI workloads page. Passes over the cells take turns with whatever else is asked. */
export async function overview(
  deps: WorkloadsDeps,
  input: HandlerInput<'workloads.overview'>,
): Promise<Overview> {
  const started = performance.now();
  const { cube } = deps;
  const ledger = await deps.ledger.read();
  const scope = scopeOf(cube, deps.summary(), input);
  await giveWay();
  const reasons = createReasons(ledger, deps.ledger.facts());
  const byPurpose = await purposesOver(cube, ledger, scope);
  const splits = await splitCosts(
    { cube, ledger, metric: scope.metric, mask: scope.mask, span: scope.now },
    scope.granularity,
  );
  const found = await workloadsIn(cube, ledger, scope, splits);
  const rows = [...found.workloads.values()].sort((a, b) => byCost(a, b) || (a.id < b.id ? -1 : 1));
  const shown = rows.slice(0, input.limit);
  const places = new Set(shown.map(({ place }) => place));
  const sparks = await sparkLines(cube, ledger, scope, places, splits);
  const figures = await figuresOf(deps, ledger, scope);
  const before = scope.before
    ? await workloadsIn(
        cube,
        ledger,
        scope,
        await splitCosts(
          { cube, ledger, metric: scope.metric, mask: scope.mask, span: scope.before },
          'month',
        ),
        scope.before,
      )
    : null;
  const ai = sumOf(
    rows.map(({ cost }) => cost),
    found.unassigned.cost,
  );
  const aiUnknown = byPurpose.purposes
    .filter((one) => one.ai)
    .reduce((sum, one) => sum + one.unknownRows, 0);
  const lists = await rankings({ cube, axes: deps.axes, ledger, reasons }, scope);
  const rest = rows.slice(shown.length);
  const total = byPurpose.total;
  return {
    metric: scope.metric,
    currency: scope.currency,
    currencies: scope.currencies,
    range: scope.range,
    compareRange: scope.compareRange,
    periods: byPurpose.periods,
    total: { currency: scope.currency, cost: text(total.cost), unknownRows: total.unknownRows },
    ai: { currency: scope.currency, cost: text(ai), unknownRows: aiUnknown },
    previousAi: before
      ? text(
          sumOf(
            [...before.workloads.values()].map(({ cost }) => cost),
            before.unassigned.cost,
          ),
        )
      : null,
    purposes: byPurpose.purposes,
    gpu: gpuFigures(figures.all),
    telemetry: qualityOf(figures.all),
    workloads: shown.map((row) => {
      const use = figures.now.get(row.place) ?? noGpuUse();
      return {
        ...shownWorkload(row, { reasons, ai, before, use }),
        spark: sparks.get(row.place) ?? sparks.get(row.id) ?? [],
        unit: firstUnit(row, figures),
        resources: use.resources,
      };
    }),
    workloadCount: rows.length,
    restCost:
      rest.length === 0
        ? null
        : text(
            sumOf(
              rest.map(({ cost }) => cost),
              null,
            ),
          ),
    ...lists,
    unassigned: withLeft(lists.unassigned, splits, found.unassigned.cost),
    splits: splits.rules.map(({ rule, method, cost, shares }) => ({
      rule,
      method,
      cost: text(cost),
      shares: [...shares]
        .map(([workload, share]) => ({ workload, cost: share }))
        .sort((a, b) => byCost(a, b) || (a.workload < b.workload ? -1 : 1))
        .map((share) => ({ ...share, cost: text(share.cost) ?? '0' })),
    })),
    rules: rulesState(ledger),
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
  };
}

/** With what a split rule found no workload for. */
function withLeft(list: RankedCost, { left }: SplitAnswer, cost: Exact | null): RankedCost {
  const amount = [...left].reduce(
    (sum, [purpose, part]) => (purpose === notAi ? sum : plus(sum, part)),
    null as Exact | null,
  );
  if (amount === null) return list;
  const row = {
    service: null,
    account: null,
    accountName: null,
    what: null,
    cost: text(amount),
    unknownRows: 0,
    reason: 'A split rule holds it, and on these days no workload was there to take a share.',
  };
  return { ...list, cost: text(cost), rows: [row, ...list.rows], rowCount: list.rowCount + 1 };
}

/** All cost by purpose and period, with what each was before. */
async function purposesOver(cube: Cube, ledger: ClassifiedLedger, scope: Scope) {
  const { purpose, series } = ledger.decided;
  const of = new Int32Array(series);
  for (let i = 0; i < series; i++) of[i] = scope.mask[i] === 1 ? (purpose[i] as number) : -1;
  const groups = { of, count: purposes.length };
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, scope.granularity);
  const earlier = scope.before
    ? await sumSeries(cube, scope.before, scope.metric, groups, 'none')
    : null;
  const costs = purposes.map((_, p) => totalOf(sums, p));
  const rows = purposes.map((_, p) => rowsOf(sums, p));
  const cost = sumOf(costs, null);
  return {
    periods: sums.periods,
    total: { cost, unknownRows: rows.reduce((sum, { unknownRows }) => sum + unknownRows, 0) },
    purposes: purposes.flatMap((name, p) => {
      const earlierRows = earlier ? rowsOf(earlier, p).rows : 0;
      if ((rows[p]?.rows ?? 0) === 0 && earlierRows === 0) return [];
      return [
        {
          purpose: name,
          title: purposeTitles[name],
          ai: name !== 'not-ai',
          cost: (rows[p]?.rows ?? 0) === 0 ? '0' : text(costs[p] ?? null),
          unknownRows: rows[p]?.unknownRows ?? 0,
          share: shareOf(costs[p] ?? null, cost),
          previous: earlier ? (earlierRows === 0 ? '0' : text(totalOf(earlier, p))) : null,
          points: sums.periods.map((_, slot) =>
            sums.rows(p, slot) === 0 ? '0' : text(sums.exact(p, slot)),
          ),
        },
      ];
    }),
  };
}

async function sparkLines(
  cube: Cube,
  ledger: ClassifiedLedger,
  scope: Scope,
  places: ReadonlySet<number>,
  splits: SplitAnswer,
): Promise<Map<number | string, number[]>> {
  const { decided } = ledger;
  const days = scope.now.lastDay - scope.now.firstDay + 1;
  const groups = groupSeries(
    decided.series,
    (series) =>
      scope.mask[series] === 1 &&
      (decided.split[series] as number) < 0 &&
      decided.purpose[series] !== notAi &&
      places.has(decided.workload[series] as number),
    [(series) => decided.workload[series] as number],
  );
  await giveWay();
  const granularity = days > sparkPoints ? 'month' : scope.granularity;
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, granularity);
  const sparks = new Map<number | string, number[]>();
  for (const [g, series] of groups.first.entries()) {
    const place = decided.workload[series] as number;
    sparks.set(
      place,
      sums.periods.map((_, slot) => sums.size(g, slot)),
    );
  }
  if (granularity !== scope.granularity) return sparks;
  for (const [id, { points }] of splits.shares) {
    const place = decided.workloads.findIndex((one) => one.id === id);
    const line = sparks.get(place) ?? points.map(() => 0);
    sparks.set(
      place > 0 ? place : id,
      line.map((value, slot) => value + toNumber(points[slot] ?? 0n)),
    );
  }
  return sparks;
}

interface Figures {
  now: Map<number, GpuUse>;
  before: Map<number, GpuUse> | null;
  all: GpuUse;
  tokens: Awaited<ReturnType<typeof tokenUseBy>>;
  tokensBefore: Awaited<ReturnType<typeof tokenUseBy>> | null;
}

async function figuresOf(
  { cube, busy }: WorkloadsDeps,
  ledger: ClassifiedLedger,
  scope: Scope,
): Promise<Figures> {
  const { decided } = ledger;
  const query = (span: Span): UseQuery => ({
    cube,
    ledger,
    span,
    metric: scope.metric,
    keep: (series) => scope.mask[series] === 1,
    keyOf: (series) => decided.workload[series] as number,
  });
  const whole = await gpuUseBy({ ...query(scope.now), keyOf: () => 0 }, busy);
  return {
    all: whole.get(0) ?? noGpuUse(),
    now: await gpuUseBy(query(scope.now), busy),
    before: scope.before ? await gpuUseBy(query(scope.before), busy) : null,
    tokens: await tokenUseBy(query(scope.now)),
    tokensBefore: scope.before ? await tokenUseBy(query(scope.before)) : null,
  };
}

/**
 * The unit cost to read first: of a model API a million tokens, else a busy GPU-hour or one paid,
 * whichever is known.
 */
function firstUnit({ place, byPurpose }: FoundWorkload, figures: Figures): UnitCost | null {
  const use = figures.now.get(place);
  const ofTokens = figures.tokens.get(place);
  const known = [
    ...(use ? gpuUnits(use, figures.before?.get(place) ?? null) : []),
    ...(ofTokens ? [tokenUnit(ofTokens, figures.tokensBefore?.get(place) ?? null)] : []),
  ];
  return unitToRead(known, dearestPurpose(byPurpose));
}

function rulesState({ decided, rules }: ClassifiedLedger): Overview['rules'] {
  const used = new Uint8Array(rules.length);
  for (let i = 0; i < decided.series; i++) {
    const rule = decided.rule[i] as number;
    if (rule >= 0) used[rule] = 1;
  }
  return {
    count: rules.length,
    idle: rules.filter((_, place) => used[place] === 0).map(({ name }) => name),
  };
}
