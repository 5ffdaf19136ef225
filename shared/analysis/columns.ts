import { economicFactor } from './economics.ts';
import type { Account, ApplicationOrder, CommitmentKind, OfferLine } from './model.ts';

/** A commitment of the simulation: one that is owned, or one that may be bought. */
export interface Column {
  id: string;
  kind: CommitmentKind;
  offer: string;
  owned: boolean;
  scope: Scope;
  account: string | null;
  flex: boolean;
  termH: number;
  /** Hours of the window in which it is active; `toH` is exclusive. */
  fromH: number;
  toH: number;
  /** Hour of the purchase, counted from the start of the window. */
  startH: number;
  /** For one unit of the amount and hour; what is to be bought at its economic price. */
  fee: number;
  /** Paid at the start for one unit of what is to be bought; 0 for what is owned. */
  cash: number;
  /** Amounts are multiples of this. */
  step: number;
  /** What is owned; 0 for what may be bought. */
  amount: number;
}

export interface Scope {
  sku?: string;
  family?: string;
  region?: string;
}

/** Usage that commitments may cover: a SKU, region and account. */
export interface Item {
  id: string;
  sku: string;
  region: string;
  account: string;
  price: number;
}

/** A column may cover an item: `need` of the column's capacity for a unit of it. */
export interface Pair {
  column: number;
  item: number;
  need: number;
  /** Committed rate of a unit, for the order of application. */
  rate: number;
}

export const planStep = 0.001;

/** Owned commitments of a currency, in the order of their ids. */
export function ownedColumns(account: Account, currency: string): Column[] {
  return account.owned
    .filter((owned) => owned.currency === currency)
    .map((owned) => ({
      id: owned.id,
      kind: owned.kind,
      offer: owned.offer,
      owned: true,
      scope: scopeOf(owned.kind, owned),
      account: owned.account,
      flex: owned.flex,
      termH: owned.endH - owned.startH,
      fromH: Math.min(Math.max(owned.startH, 0), account.hours),
      toH: Math.max(
        Math.min(owned.endH, account.hours),
        Math.min(Math.max(owned.startH, 0), account.hours),
      ),
      startH: owned.startH,
      fee: owned.feePerUnit,
      cash: 0,
      step: 0,
      amount: owned.amount,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function scopeOf(
  kind: CommitmentKind,
  from: { sku: string | null; family: string | null; region: string | null; flex?: boolean },
): Scope {
  const region = from.region === null ? {} : { region: from.region };
  if (kind === 'csp') return {};
  if (kind === 'ri' && from.flex !== true)
    return { ...(from.sku ? { sku: from.sku } : {}), ...region };
  return { ...(from.family ? { family: from.family } : {}), ...region };
}

/** What may be bought in a currency, within policy: one column for each offer, scope and start. */
export function offeredColumns(account: Account, currency: string): Column[] {
  const { policy, hours, skus } = account;
  const found = new Map<string, Column>();
  for (const line of account.offers) {
    if (line.currency !== currency) continue;
    if (policy.maxTermH !== null && line.termH > policy.maxTermH) continue;
    if (policy.kinds && !policy.kinds.includes(line.kind)) continue;
    const family = skus.get(line.sku)?.family ?? null;
    const scope = scopeOf(line.kind, { sku: line.sku, family, region: line.region });
    const factor = economicFactor(line.upfront, line.termH, policy.wacc);
    const rate = line.kind === 'ri' ? line.rate : 1;
    for (const startH of line.starts) {
      if (startH < 0 || startH >= hours) continue;
      const id = [line.offer, scopeText(scope), currency, startH].join(':');
      if (found.has(id)) continue;
      found.set(id, {
        id,
        kind: line.kind,
        offer: line.offer,
        owned: false,
        scope,
        account: null,
        flex: false,
        termH: line.termH,
        fromH: startH,
        toH: Math.min(startH + line.termH, hours),
        startH,
        fee: rate * factor,
        cash: line.upfront * rate * line.termH,
        step: line.kind === 'ri' ? 1 : planStep,
        amount: 0,
      });
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function scopeText({ sku, family, region }: Scope): string {
  return [sku ?? family ?? '', region ?? ''].filter((text) => text !== '').join('@');
}

/** Offer lines by offer, SKU, region and currency. */
export type LineIndex = ReadonlyMap<string, OfferLine>;

export function lineIndex(lines: readonly OfferLine[]): LineIndex {
  return new Map(
    lines.map((line) => [lineKey(line.offer, line.sku, line.region, line.currency), line]),
  );
}

function lineKey(...parts: string[]): string {
  return JSON.stringify(parts);
}

/** Every item that each column may cover, in the order in which they apply (section 3). */
export function orderedPairs(
  account: Account,
  currency: string,
  lines: LineIndex,
  columns: readonly Column[],
  items: readonly Item[],
): Pair[] {
  const pairs = columns.flatMap((column, c) =>
    items.flatMap((item, i): Pair[] => {
      const found = coverage(account, currency, lines, column, item);
      return found === null ? [] : [{ column: c, item: i, ...found }];
    }),
  );
  const keyed = pairs.map((pair) => ({ pair, key: orderKey(account, pair, columns, items) }));
  return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ pair }) => pair);
}

function coverage(
  account: Account,
  currency: string,
  lines: LineIndex,
  column: Column,
  item: Item,
): { need: number; rate: number } | null {
  const { scope, kind } = column;
  const sku = account.skus.get(item.sku);
  if (scope.region !== undefined && scope.region !== item.region) return null;
  if (scope.sku !== undefined && scope.sku !== item.sku) return null;
  if (scope.family !== undefined && scope.family !== sku?.family) return null;
  const line = lines.get(lineKey(column.offer, item.sku, item.region, currency));
  if (kind !== 'ri') return line ? { need: line.rate, rate: line.rate } : null;
  if (!column.flex)
    return scope.sku === undefined ? null : { need: 1, rate: line?.rate ?? column.fee };
  const units = sku?.sizeUnits ?? null;
  if (units === null || units <= 0 || scope.family === undefined) return null;
  return { need: units, rate: line?.rate ?? column.fee * units };
}

type Key = (number | string)[];

/**
 * Kind first; then the owner's own usage, fixed reservations before flexible ones and those by
 * size, the highest savings percentage, the lowest rate, ids. Azure sorts plans by term, longest
 * first, and by scope, narrowest first.
 */
function orderKey(
  account: Account,
  pair: Pair,
  columns: readonly Column[],
  items: readonly Item[],
): Key {
  const column = columns[pair.column] as Column;
  const item = items[pair.item] as Item;
  // What is bought names no account: no usage of it is the owner's.
  const owner = column.account === item.account ? 0 : 1;
  const saved = item.price > 0 ? 1 - pair.rate / item.price : 0;
  return [
    ...kindKey(account.order, column),
    owner,
    column.flex ? pair.need : 0,
    // 1 - 0.03/0.04 and 1 - 0.003/0.004 are equal; their doubles need not be.
    -Math.round(saved * 1e12) / 1e12,
    pair.rate,
    column.id,
    item.id,
  ];
}

function kindKey(order: ApplicationOrder, { kind, termH }: Column): number[] {
  const rank = { ri: 0, isp: 1, csp: 2 }[kind];
  if (order === 'default' || kind === 'ri') return [rank, 0, 0];
  return [1, -termH, rank];
}

function compareKeys(a: Key, b: Key): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] as number | string;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
