import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { type TokenRow, tokenClasses } from '../../../shared/contract/workloads.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import {
  repeatedTokens,
  tokenClassOf,
  type TokenUse,
  vendorTitles,
} from '../../../shared/tokens/tokens.ts';
import { chargedTokens } from '../tokens/charges.ts';
import { perUnit, plus, sumOf, text } from './gpu.ts';
import { byCost, groupSeries, type SeriesGroups } from './groups.ts';
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
  const now = await tokenRows(deps, ledger, scope, scope.now, keep, place < 0);
  const before = scope.before
    ? await tokenRows(deps, ledger, scope, scope.before, keep, place < 0)
    : null;
  const units = await otherUnits(
    deps,
    scope,
    groupSeries(
      decided.series,
      (series) =>
        keep(series) &&
        decided.purpose[series] === managed &&
        isToken[base.meter[series] as number] !== true,
      (['provider', 'service', 'unit'] as const).map((name) => {
        const ids = deps.cube.series(name);
        return (series: number) => ids[series] as number;
      }),
    ),
  );
  const other = sumOf(
    units.map(({ cost }) => cost),
    null,
  );
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
    otherUnits: units.map(({ quantity, cost, ...of }) => ({
      ...of,
      quantity: text(quantity),
      cost: text(cost),
      perUnit: perUnit(cost, quantity),
    })),
    cost: text(all),
    elapsedMs: Math.round((performance.now() - started) * 10) / 10,
  };
}

/** Charges of models that are not metered in tokens: each quantity in its own unit. */
async function otherUnits(
  { cube }: Pick<WorkloadsDeps, 'cube'>,
  { now, metric }: Pick<Scope, 'now' | 'metric'>,
  groups: SeriesGroups,
) {
  if (groups.count === 0) return [];
  const quantity = await sumSeries(cube, now, 'quantity', groups, 'none');
  const cost = await sumSeries(cube, now, metric, groups, 'none');
  const named = (dimension: 'provider' | 'service' | 'unit', series: number) => {
    const id = cube.series(dimension)[series] as number;
    return id === 0 ? null : (cube.values(dimension)[id] ?? null);
  };
  return groups.first
    .flatMap((series, g) =>
      cost.rows(g, 0) === 0
        ? []
        : [
            {
              provider: named('provider', series),
              service: named('service', series),
              unit: named('unit', series),
              quantity: quantity.unknownRows(g, 0) > 0 ? null : quantity.exact(g, 0),
              cost: cost.exact(g, 0),
            },
          ],
    )
    .sort(byCost);
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

interface KindSum extends TokenUse {
  cost: Exact | null;
  unknownRows: number;
  uncounted: boolean;
  note: string;
}

/**
 * Token charges by channel, model and class, the dearest first; behind them, where all workloads are
 * asked for, what vendors count and no bill has a charge of.
 */
export async function tokenRows(
  { cube }: Pick<WorkloadsDeps, 'cube'>,
  ledger: ClassifiedLedger,
  { metric }: Pick<Scope, 'metric'>,
  span: Span,
  keep: (series: number) => boolean,
  whole = false,
): Promise<Counted[]> {
  const { charges, rest } = await chargedTokens({
    cube,
    ledger,
    span,
    metric,
    keep,
    keyOf: () => 0,
  });
  const byKey = new Map<string, KindSum>();
  const sumAt = (
    kind: Omit<
      KindSum,
      'tokens' | 'billed' | 'unbilled' | 'cost' | 'unknownRows' | 'uncounted' | 'note'
    >,
  ) => {
    const key = JSON.stringify(Object.values(kind));
    let sum = byKey.get(key);
    if (!sum) {
      sum = {
        ...kind,
        tokens: null,
        billed: null,
        cost: null,
        unknownRows: 0,
        uncounted: false,
        note: '',
      };
      byKey.set(key, sum);
    }
    return sum;
  };
  for (const { provider, service, meter, ...charge } of charges) {
    const { model, direction, cache, batch } = meter;
    const sum = sumAt({ provider, service, model, direction, cache, batch });
    if (charge.uncounted) sum.uncounted = true;
    if (charge.note !== '' && sum.note === '') sum.note = charge.note;
    sum.tokens = plus(sum.tokens, charge.tokens);
    sum.cost = plus(sum.cost, charge.cost);
    sum.billed = plus(sum.billed, charge.billed);
    sum.unknownRows += charge.unknownRows;
  }
  const sums = [...byKey.values()].sort(byCost);
  // A sum of some of them would pass for all.
  for (const sum of sums) if (sum.uncounted) sum.tokens = null;
  byKey.clear();
  for (const { vendor, model, direction, cache, batch, ...count } of whole ? rest : []) {
    const kind = { model: model || null, direction, cache, batch };
    const sum = sumAt({ provider: vendorTitles[vendor], service: null, ...kind });
    sum.tokens = plus(sum.tokens, count.tokens);
    sum.unbilled = true;
    sum.note = 'Counted by the vendor; no bill that is loaded has a charge for it.';
  }
  sums.push(...byKey.values());
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
      note: repeated[place] ?? sum.note,
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
          perMillion: perMillion(sum.cost, sum.charged),
          previousPerMillion: earlier && perMillion(earlier.cost, earlier.charged),
        },
      ];
    }),
  );
}

/** `charged`: of the tokens those that have a cost; what no bill has a charge of is in no price. */
function summed(rows: readonly Counted[]) {
  const tokensOf = (of: readonly Counted[]) =>
    of.every(({ tokens: count }) => count !== null)
      ? sumOf(
          of.map(({ tokens: count }) => count),
          null,
        )
      : null;
  return {
    tokens: tokensOf(rows),
    charged: tokensOf(rows.filter(({ amount }) => amount !== null)),
    cost: sumOf(
      rows.map(({ amount }) => amount),
      null,
    ),
  };
}

function perMillion(cost: Exact | null, of: Exact | null): string | null {
  return perUnit(cost, of === null ? null : of / 1_000_000n);
}
