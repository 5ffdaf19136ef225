import { type Choice, choicesOf, priceIndex, type Refusal, type SpotRule } from './choices.ts';
import {
  type Column,
  type Item,
  lineIndex,
  offeredColumns,
  orderedPairs,
  ownedColumns,
  type Pair,
} from './columns.ts';
import type { GateLimits } from './gates.ts';
import { type Hours, mergeHours } from './hours.ts';
import type { Account } from './model.ts';
import { sumOf } from './sums.ts';

/**
 * Workloads that share commitments, and nothing else: what is decided in one pool changes no bill
 * of another. Currencies never share a pool.
 */
export interface Pool {
  currency: string;
  workloads: PoolWorkload[];
  items: Item[];
  columns: Column[];
  pairs: Pair[];
  hours: Hours;
  /** Fees of owned commitments in the window. */
  ownedFees: number;
}

export interface PoolWorkload {
  id: string;
  /** The first is today's state. */
  choices: PoolChoice[];
}

export interface PoolChoice extends Omit<Choice, 'part'> {
  /** `scale` times one of the pool's hourly series, on one of its items. */
  part: { item: number; series: number; scale: number } | null;
}

export interface PoolRules {
  gates?: GateLimits;
  spot?: SpotRule;
}

export function poolsOf(
  account: Account,
  rules: PoolRules = {},
): { pools: Pool[]; refusals: Refusal[] } {
  const prices = priceIndex(account.prices);
  const lines = lineIndex(account.offers);
  const currencies = new Set([
    ...account.workloads.map(({ currency }) => currency),
    ...account.owned.map(({ currency }) => currency),
  ]);
  const refusals: Refusal[] = [];
  const pools: Pool[] = [];
  for (const currency of [...currencies].sort()) {
    const workloads = account.workloads
      .filter((workload) => workload.currency === currency)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((workload) => choicesOf(account, workload, prices, rules));
    refusals.push(...workloads.flatMap((found) => found.refusals));
    const columns = [...ownedColumns(account, currency), ...offeredColumns(account, currency)];
    const byAccount = columns.some((column) => column.account !== null);
    const items: Item[] = [];
    const itemIds = new Map<string, number>();
    const seriesIds = new Map<Float64Array, number>();
    const itemOf = (part: NonNullable<Choice['part']>, region: string, owner: string): number => {
      const name = byAccount ? owner : '';
      const id = JSON.stringify([part.sku, region, name]);
      const known = itemIds.get(id);
      if (known !== undefined) return known;
      items.push({ id, sku: part.sku, region, account: name, price: part.price });
      itemIds.set(id, items.length - 1);
      return items.length - 1;
    };
    const poolWorkloads = workloads.map(({ workload, choices }) => ({
      id: workload.id,
      choices: choices.map((choice): PoolChoice => {
        const { part } = choice;
        if (!part) return { ...choice, part };
        const series = seriesIds.get(part.series) ?? seriesIds.size;
        seriesIds.set(part.series, series);
        const item = itemOf(part, workload.region, workload.account);
        return { ...choice, part: { item, series, scale: part.scale } };
      }),
    }));
    const pairs = orderedPairs(account, currency, lines, columns, items);
    pools.push(
      ...connected(poolWorkloads, columns, items, pairs).map((group) =>
        smaller(account.hours, currency, group, { columns, items, pairs }, [...seriesIds.keys()]),
      ),
    );
  }
  return { pools, refusals };
}

interface Group {
  workloads: PoolWorkload[];
  columns: Set<number>;
}

/** Splits a currency into groups that no commitment joins. */
function connected(
  workloads: readonly PoolWorkload[],
  columns: readonly Column[],
  items: readonly Item[],
  pairs: readonly Pair[],
): Group[] {
  // Nodes: items, then columns, then workloads.
  const parent = Array.from(
    { length: items.length + columns.length + workloads.length },
    (_, i) => i,
  );
  const find = (node: number): number => {
    let root = node;
    while (parent[root] !== root) root = parent[root] as number;
    parent[node] = root;
    return root;
  };
  const join = (a: number, b: number) => {
    parent[find(a)] = find(b);
  };
  for (const { column, item } of pairs) join(item, items.length + column);
  for (const [w, { choices }] of workloads.entries()) {
    for (const { part } of choices) {
      if (part) join(part.item, items.length + columns.length + w);
    }
  }
  const groups = new Map<number, Group>();
  const groupOf = (node: number): Group => {
    const root = find(node);
    const group = groups.get(root) ?? { workloads: [], columns: new Set() };
    groups.set(root, group);
    return group;
  };
  for (const [w, workload] of workloads.entries()) {
    groupOf(items.length + columns.length + w).workloads.push(workload);
  }
  const paired = new Set(pairs.map(({ column }) => column));
  for (const [c, { owned }] of columns.entries()) {
    if (owned || paired.has(c)) groupOf(items.length + c).columns.add(c);
  }
  return [...groups.values()];
}

/** One group with numbers of its own for items, columns and series, and its hours merged. */
function smaller(
  hours: number,
  currency: string,
  group: Group,
  all: { columns: readonly Column[]; items: readonly Item[]; pairs: readonly Pair[] },
  series: readonly Float64Array[],
): Pool {
  const columnIds = [...group.columns].sort((a, b) => a - b);
  const itemIds: number[] = [];
  const seriesIds: number[] = [];
  const place = (list: number[], id: number): number => {
    const at = list.indexOf(id);
    return at >= 0 ? at : list.push(id) - 1;
  };
  const workloads = group.workloads.map((workload) => ({
    ...workload,
    choices: workload.choices.map((choice) => ({
      ...choice,
      part: choice.part && {
        item: place(itemIds, choice.part.item),
        series: place(seriesIds, choice.part.series),
        scale: choice.part.scale,
      },
    })),
  }));
  const columns = columnIds.map((id) => all.columns[id] as Column);
  const pairs = all.pairs.flatMap((pair): Pair[] => {
    const column = columnIds.indexOf(pair.column);
    const item = itemIds.indexOf(pair.item);
    return column < 0 || item < 0 ? [] : [{ ...pair, column, item }];
  });
  return {
    currency,
    workloads,
    items: itemIds.map((id) => all.items[id] as Item),
    columns,
    pairs,
    hours: mergeHours(
      hours,
      seriesIds.map((id) => series[id] as Float64Array),
      columns,
    ),
    ownedFees: sumOf(
      columns.map(({ owned, amount, fee, fromH, toH }) =>
        owned ? amount * fee * (toH - fromH) : 0,
      ),
    ),
  };
}
