import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { type TokenRow, tokenClasses } from '../../../shared/contract/workloads.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { Meter } from '../../../shared/workloads/meters.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import { repeatedTokens, tokenClassOf, type TokenUse } from '../../../shared/workloads/tokens.ts';
import { textOf } from '../costs/scope.ts';
import { giveWay } from '../store/give-way.ts';
import { counted, perUnit, plus, sumOf, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { ClassifiedLedger } from './ledger.ts';
import type { WorkloadsDeps } from './overview.ts';
import { type Scope, scopeOf } from './scope.ts';
import { type Span, sumSeries, timePeriods } from './sums.ts';

const managed = purposes.indexOf('managed-api');

/** Model spend by model and class of tokens. */
export async function tokens(
  deps: WorkloadsDeps,
  input: HandlerInput<'workloads.tokens'>,
): Promise<CallOutput<'workloads.tokens'>> {
  const started = performance.now();
  const ledger = await deps.ledger.read();
  const scope = scopeOf(deps.cube, deps.summary(), input);
  const { decided, base } = ledger;
  const place =
    input.workload === undefined
      ? -1
      : decided.workloads.findIndex(({ id }, at) => at > 0 && id === input.workload);
  if (input.workload !== undefined && place < 0) throw noWorkload(input.workload);
  const isToken = base.meters.map((meter) => meter?.kind === 'tokens');
  const keep = (series: number) =>
    scope.mask[series] === 1 && (place < 0 || decided.workload[series] === place);
  const now = await tokenRows(deps, ledger, scope, scope.now, keep);
  const before = scope.before ? await tokenRows(deps, ledger, scope, scope.before, keep) : null;
  const others = groupSeries(
    decided.series,
    (series) =>
      keep(series) &&
      decided.purpose[series] === managed &&
      isToken[base.meter[series] as number] !== true,
    [],
  );
  const other =
    others.count === 0
      ? null
      : (await sumSeries(deps.cube, scope.now, scope.metric, others, 'none')).exact(0, 0);
  const all = sumOf(
    now.map(({ amount }) => amount),
    other,
  );
  return {
    metric: scope.metric,
    currency: scope.currency,
    currencies: scope.currencies,
    range: scope.range,
    compareRange: scope.compareRange,
    periods: timePeriods(scope.now, scope.granularity),
    rows: now.map(({ row }) => row),
    classes: classesOf(now, before),
    otherCost: text(other),
    cost: text(all),
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
  };
}

export function noWorkload(id: string): OutlayError {
  return new OutlayError(
    'NOT_FOUND',
    `There is no workload "${id}".`,
    '`outlay workloads` lists them.',
  );
}

interface Counted {
  row: TokenRow;
  tokens: Exact | null;
  amount: Exact | null;
}

/** Token charges by channel, model and class, the dearest first. */
export async function tokenRows(
  { cube, axes }: Pick<WorkloadsDeps, 'cube' | 'axes'>,
  { base }: ClassifiedLedger,
  { metric }: Pick<Scope, 'metric'>,
  span: Span,
  keep: (series: number) => boolean,
): Promise<Counted[]> {
  const [provider, service] = [axes.axis('provider'), axes.axis('service')];
  const kindOf = base.meters.map((meter) => meter?.kind === 'tokens');
  const groups = groupSeries(
    base.series,
    (series) => kindOf[base.meter[series] as number] === true && keep(series),
    [
      (series) => provider.ids[series] as number,
      (series) => service.ids[series] as number,
      (series) => base.meter[series] as number,
    ],
  );
  if (groups.count === 0) return [];
  await giveWay();
  const quantity = await sumSeries(cube, span, 'quantity', groups, 'none');
  const cost = await sumSeries(cube, span, metric, groups, 'none');
  const billed = metric === 'billed' ? cost : await sumSeries(cube, span, 'billed', groups, 'none');
  type Sum = TokenUse & { cost: Exact | null; unknownRows: number; uncounted: boolean };
  const byKey = new Map<string, Sum>();
  for (const [g, series] of groups.first.entries()) {
    if (cost.rows(g, 0) === 0) continue;
    const meter = base.meters[base.meter[series] as number] as Extract<Meter, { kind: 'tokens' }>;
    const { model, direction, cache, batch } = meter;
    const channel = {
      provider: textOf(provider, provider.ids[series] as number),
      service: textOf(service, service.ids[series] as number),
    };
    const key = JSON.stringify([channel, model, direction, cache, batch]);
    let sum = byKey.get(key);
    if (!sum) {
      sum = {
        ...channel,
        model,
        direction,
        cache,
        batch,
        tokens: null,
        billed: null,
        cost: null,
        unknownRows: 0,
        uncounted: false,
      };
      byKey.set(key, sum);
    }
    const amount = quantity.exact(g, 0);
    const own = amount === null || !meter.perUnit ? null : counted(amount, meter.perUnit);
    if (own === null || quantity.unknownRows(g, 0) > 0) sum.uncounted = true;
    sum.tokens = plus(sum.tokens, own);
    sum.cost = plus(sum.cost, cost.exact(g, 0));
    sum.billed = plus(sum.billed, billed.exact(g, 0));
    sum.unknownRows += cost.unknownRows(g, 0);
  }
  const sums = [...byKey.values()].sort(byCost);
  // A sum of some of them would pass for all.
  for (const sum of sums) if (sum.uncounted) sum.tokens = null;
  const repeated = repeatedTokens(sums);
  return sums.map((sum, place) => ({
    tokens: sum.tokens,
    amount: sum.cost,
    row: {
      model: sum.model,
      service: sum.service,
      provider: sum.provider,
      direction: sum.direction,
      cache: sum.cache,
      batch: sum.batch,
      unknownRows: sum.unknownRows,
      tokenClass: tokenClassOf(sum),
      tokens: text(sum.tokens),
      cost: text(sum.cost),
      perMillion: perMillion(sum.cost, sum.tokens),
      counted: repeated[place] === null,
      note:
        repeated[place] ??
        (sum.uncounted ? 'The unit on the bill does not say how many tokens.' : ''),
    },
  }));
}

function classesOf(
  now: readonly Counted[],
  before: readonly Counted[] | null,
): CallOutput<'workloads.tokens'>['classes'] {
  return tokenClasses.flatMap((tokenClass) =>
    [false, true].flatMap((batch) => {
      const of = (rows: readonly Counted[]) =>
        rows.filter(
          ({ row }) => row.tokenClass === tokenClass && row.batch === batch && row.counted,
        );
      const own = of(now);
      if (own.length === 0) return [];
      const sum = summed(own);
      const earlier = before && summed(of(before));
      return [
        {
          tokenClass,
          batch,
          tokens: text(sum.tokens),
          cost: text(sum.cost),
          perMillion: perMillion(sum.cost, sum.tokens),
          previousPerMillion: earlier && perMillion(earlier.cost, earlier.tokens),
        },
      ];
    }),
  );
}

function summed(rows: readonly Counted[]): { tokens: Exact | null; cost: Exact | null } {
  const known = rows.every(({ tokens: of }) => of !== null);
  return {
    tokens: known
      ? sumOf(
          rows.map(({ tokens: of }) => of),
          null,
        )
      : null,
    cost: sumOf(
      rows.map(({ amount }) => amount),
      null,
    ),
  };
}

function perMillion(cost: Exact | null, of: Exact | null): string | null {
  return perUnit(cost, of === null ? null : of / 1_000_000n);
}
