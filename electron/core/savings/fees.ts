import type { Column } from '../../../shared/analysis/columns.ts';
import type { OfferLine } from '../../../shared/analysis/model.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import type { SavingsPolicy } from '../../../shared/contract/savings.ts';
import type { PlanAction } from './evaluate.ts';
import type { Prepared, ProviderPool } from './planner.ts';

/** Paid at the start of what an action buys. */
export function cashOf({ purchases, of }: Pick<PlanAction, 'purchases' | 'of'>): number {
  return sumOf(
    purchases.map(
      ({ column, amount }) => feesOf(of, column, amount) * (offerLine(of, column)?.upfront ?? 0),
    ),
  );
}

/** The line of an offer that a purchase is of; of a plan the first of its machines. */
export function offerLine(
  { account }: Pick<ProviderPool, 'account'>,
  { offer, scope }: Column,
): OfferLine | null {
  const { sku, region } = scope;
  return (
    account.offers.find(
      (line) =>
        line.offer === offer &&
        (sku === undefined || line.sku === sku) &&
        (region === undefined || line.region === region),
    ) ?? null
  );
}

/** Fees of a purchase over its whole term, before capital costs. */
export function feesOf(of: Pick<ProviderPool, 'account'>, column: Column, amount: number): number {
  const fee = column.kind === 'ri' ? (offerLine(of, column)?.rate ?? column.fee) : 1;
  return amount * fee * column.termH;
}

export type CashRule = (column: Column) => boolean;

/** What is paid at the start is left out, the largest first, until the rest is within the limit. */
export function cashRule(prepared: Prepared, { maxCash }: SavingsPolicy): CashRule {
  if (maxCash === null) return () => true;
  const bought = prepared.pools.flatMap((of) =>
    of.advised.pool.columns.flatMap((column, c) => {
      const amount = of.advised.plan.amounts[c] ?? 0;
      if (column.owned || amount <= 0) return [];
      return [{ column, cash: cashOf({ of, purchases: [{ column, amount }] }) }];
    }),
  );
  let total = sumOf(bought.map(({ cash }) => cash));
  const out = new Set<Column>();
  for (const { column, cash } of bought
    .filter((one) => one.cash > 0)
    .sort((a, b) => b.cash - a.cash)) {
    if (total <= maxCash) break;
    out.add(column);
    total -= cash;
  }
  return (column) => !out.has(column);
}
