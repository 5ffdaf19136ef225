import type { Metric } from '../../../shared/contract/values.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Fraction, Meter } from '../../../shared/workloads/meters.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { chargedTokens } from '../tokens/charges.ts';
import type { BusyReader } from './busy.ts';
import { addUse, counted, type GpuUse, gpusOf, noGpuUse, plus } from './gpu.ts';
import { groupSeries } from './groups.ts';
import { inSteps, type ClassifiedLedger } from './ledger.ts';
import { type Span, sumSeries } from './sums.ts';

/** Which charges are looked at, and how they are told apart. */
export interface UseQuery {
  cube: Cube;
  ledger: ClassifiedLedger;
  span: Span;
  metric: Metric;
  /** Series that count. */
  keep: (series: number) => boolean;
  /** What a series belongs to. */
  keyOf: (series: number) => number;
}

/** GPU-hours, what they cost and what telemetry says of them, by key. */
export async function gpuUseBy(query: UseQuery, busy: BusyReader): Promise<Map<number, GpuUse>> {
  const { cube, ledger, span, metric, keep, keyOf } = query;
  const { meter, meters } = ledger.base;
  const kindOf = meters.map((one) => one?.kind === 'gpu');
  const resources = cube.series('resource');
  const groups = groupSeries(
    ledger.decided.series,
    (series) => kindOf[meter[series] as number] === true && keep(series),
    [keyOf, (series) => meter[series] as number, (series) => resources[series] as number],
  );
  await giveWay();
  const uses = new Map<number, GpuUse>();
  if (groups.count === 0) return uses;
  const quantity = await sumSeries(cube, span, 'quantity', groups, 'none');
  const cost = await sumSeries(cube, span, metric, groups, 'none');
  const matched = busy.matched();
  const texts = cube.values('resource');
  const days = span.measuredDays ?? span;
  const gpus = new Map<number, number>();
  const byResource = new Map<string, { key: number; resource: number; use: GpuUse }>();
  for (let g = 0; g < groups.count; g++) {
    const rows = cost.rows(g, 0);
    if (rows === 0) continue;
    const series = groups.first[g] as number;
    const of = meters[meter[series] as number] as Meter;
    const resource = resources[series] as number;
    const key = keyOf(series);
    const place = `${key} ${resource}`;
    let one = byResource.get(place);
    if (!one) byResource.set(place, (one = { key, resource, use: noGpuUse() }));
    const paid = paidOf(of.perUnit, quantity.exact(g, 0));
    one.use.unknownCharges += paid === null ? rows : quantity.unknownRows(g, 0);
    if (paid !== null) {
      one.use.hours = plus(one.use.hours, paid);
      one.use.cost = plus(one.use.cost, cost.exact(g, 0));
    }
    gpus.set(resource, Math.max(gpus.get(resource) ?? 0, gpusOf(of)));
  }
  await inSteps(
    busy.prepare(
      [...gpus].map(([resource, count]) => [texts[resource] ?? '', count] as const),
      days,
    ),
  );
  for (const { key, resource, use } of byResource.values()) {
    const billed = texts[resource] ?? '';
    if (resource !== 0) {
      use.resources = 1;
      use.measured = matched.has(billed) ? 1 : 0;
      use.busy = busy.of(billed, days);
    }
    let into = uses.get(key);
    if (!into) uses.set(key, (into = noGpuUse()));
    addUse(into, use);
  }
  return uses;
}

function paidOf(factor: Fraction | null, quantity: Exact | null): Exact | null {
  return factor === null || quantity === null ? null : counted(quantity, factor);
}

export interface TokenSum {
  tokens: Exact | null;
  /** Of the charges whose tokens are known. */
  cost: Exact | null;
  /** There are charges whose tokens are not. */
  unknown: boolean;
  /** Some tokens are the vendor's counts, not the bill's. */
  vendorCounts: boolean;
}

/** Tokens and their cost, by key. */
export async function tokenUseBy(query: UseQuery): Promise<Map<number, TokenSum>> {
  const uses = new Map<number, TokenSum>();
  const { charges } = await chargedTokens(query);
  for (const { key, tokens, cost, uncounted, note } of charges) {
    let use = uses.get(key);
    if (!use) {
      use = { tokens: null, cost: null, unknown: false, vendorCounts: false };
      uses.set(key, use);
    }
    if (uncounted) use.unknown = true;
    else if (note !== '') use.vendorCounts = true;
    if (tokens === null) continue;
    use.tokens = plus(use.tokens, tokens);
    use.cost = plus(use.cost, cost);
  }
  return uses;
}
