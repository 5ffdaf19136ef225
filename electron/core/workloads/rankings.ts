import type { RankedCost } from '../../../shared/contract/workloads.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { Axes } from '../costs/scope.ts';
import { textOf } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { plus, text } from './gpu.ts';
import { byCost, groupSeries } from './groups.ts';
import type { ClassifiedLedger } from './ledger.ts';
import type { Reasons } from './reasons.ts';
import type { Scope } from './scope.ts';
import { sumSeries } from './sums.ts';

const shownRows = 50;
const otherAi = purposes.indexOf('other-ai');
const notAi = purposes.indexOf('not-ai');

interface Deps {
  cube: Cube;
  axes: Axes;
  ledger: ClassifiedLedger;
  reasons: Reasons;
}

/** What nobody has named or tagged, in money. */
export async function rankings(
  deps: Deps,
  scope: Scope,
): Promise<Record<'unassigned' | 'unexplained' | 'untagged', RankedCost>> {
  const { decided } = deps.ledger;
  const tags = deps.cube.series('tags');
  const free = (series: number) => (decided.split[series] as number) < 0;
  return {
    unassigned: await ranked(
      deps,
      scope,
      (series) =>
        decided.workload[series] === 0 && decided.purpose[series] !== notAi && free(series),
      () => 'No tag and no name says which workload it belongs to; a rule can.',
    ),
    unexplained: await ranked(
      deps,
      scope,
      (series) => decided.purpose[series] === otherAi,
      (series) => deps.reasons.reason(series),
    ),
    untagged: await ranked(
      deps,
      scope,
      (series) => tags[series] === 0,
      () => 'Its charges have no tags.',
    ),
  };
}

async function ranked(
  { cube, axes }: Deps,
  scope: Scope,
  keep: (series: number) => boolean,
  reason: (series: number) => string,
): Promise<RankedCost> {
  const [service, account, instance, sku] = [
    axes.axis('service'),
    axes.axis('account'),
    axes.axis('instance'),
    axes.axis('sku'),
  ];
  const groups = groupSeries(
    scope.mask.length,
    (series) => scope.mask[series] === 1 && keep(series),
    [
      (series) => service.ids[series] as number,
      (series) => account.ids[series] as number,
      (series) => instance.ids[series] as number,
      // Beside a machine its meters differ only in how it was bought.
      (series) => (instance.ids[series] === 0 ? (sku.ids[series] as number) : 0),
    ],
  );
  await giveWay();
  const sums = await sumSeries(cube, scope.now, scope.metric, groups, 'none');
  let total: Exact | null = null;
  let unknownRows = 0;
  const rows: { series: number; cost: Exact | null; unknownRows: number }[] = [];
  for (const [g, series] of groups.first.entries()) {
    if (sums.rows(g, 0) === 0) continue;
    const cost = sums.exact(g, 0);
    total = plus(total, cost);
    unknownRows += sums.unknownRows(g, 0);
    rows.push({ series, cost, unknownRows: sums.unknownRows(g, 0) });
  }
  rows.sort((a, b) => byCost(a, b) || a.series - b.series);
  const rest = rows.slice(shownRows);
  return {
    cost: text(total),
    unknownRows,
    rows: rows.slice(0, shownRows).map(({ series, cost, unknownRows: unknown }) => {
      const accountId = account.ids[series] as number;
      const machine = textOf(instance, instance.ids[series] as number);
      const skuId = sku.ids[series] as number;
      return {
        service: textOf(service, service.ids[series] as number),
        account: textOf(account, accountId),
        accountName: account.name(accountId),
        what: machine ?? sku.name(skuId) ?? textOf(sku, skuId),
        cost: text(cost),
        unknownRows: unknown,
        reason: reason(series),
      };
    }),
    rowCount: rows.length,
    restCost: rest.length === 0 ? null : text(rest.map(({ cost }) => cost).reduce(plus, null)),
  };
}
