import type { Exact } from '../domain/exact.ts';

/** Cost and quantity of one machine or meter in two spans; no quantity: it is not counted in units. */
export interface ChangeItem {
  name: string;
  before: { cost: Exact; quantity: Exact | null };
  now: { cost: Exact; quantity: Exact | null };
}

export interface ItemChange {
  name: string;
  before: Exact;
  now: Exact;
  quantityBefore: Exact | null;
  quantityNow: Exact | null;
  /** What today's quantity costs more than it would have at the earlier rate. */
  price: Exact;
  /** Everything else: price + rest = now - before. */
  rest: Exact;
}

export interface CostChange {
  before: Exact;
  now: Exact;
  quantityBefore: Exact;
  quantityNow: Exact;
  price: Exact;
  quantity: Exact;
  mix: Exact;
  other: Exact;
  items: ItemChange[];
}

/**
 * Why a cost changed. Price: the change of each item's own rate, at today's quantity, of items that
 * were bought both times. Quantity: the change of all units at the earlier average rate. Mix: other
 * items than before, dearer or cheaper than that average. Other: items that are not counted in units.
 * The four add up to the change exactly; where a rate does not divide evenly it is rounded to 1e-27
 * and the mix takes the difference.
 */
export function explainChange(items: readonly ChangeItem[]): CostChange {
  let [before, now, quantityBefore, quantityNow] = [0n, 0n, 0n, 0n];
  let [countedBefore, price, other] = [0n, 0n, 0n];
  const changes: ItemChange[] = [];
  for (const item of items) {
    before += item.before.cost;
    now += item.now.cost;
    const change = item.now.cost - item.before.cost;
    const counted = item.before.quantity !== null && item.now.quantity !== null;
    const [was, is] = [item.before.quantity ?? 0n, item.now.quantity ?? 0n];
    let own = 0n;
    if (!counted) other += change;
    else {
      quantityBefore += was;
      quantityNow += is;
      countedBefore += item.before.cost;
      if (was > 0n && is > 0n) own = item.now.cost - scaled(item.before.cost, is, was);
      price += own;
    }
    changes.push({
      name: item.name,
      before: item.before.cost,
      now: item.now.cost,
      quantityBefore: counted ? was : null,
      quantityNow: counted ? is : null,
      price: own,
      rest: change - own,
    });
  }
  const quantity =
    quantityBefore > 0n ? scaled(countedBefore, quantityNow - quantityBefore, quantityBefore) : 0n;
  const mix = now - before - other - price - quantity;
  changes.sort((a, b) => {
    const [left, right] = [size(a.now - a.before), size(b.now - b.before)];
    return left === right ? (a.name < b.name ? -1 : 1) : left > right ? -1 : 1;
  });
  return {
    before,
    now,
    quantityBefore,
    quantityNow,
    price,
    quantity,
    mix,
    other,
    items: changes,
  };
}

/** amount x times / by, rounded half away from zero. */
export function scaled(amount: Exact, times: bigint, by: bigint): Exact {
  const product = amount * times;
  const negative = product < 0n !== by < 0n;
  const [top, bottom] = [size(product), size(by)];
  const quotient = (2n * top + bottom) / (2n * bottom);
  return negative ? -quotient : quotient;
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}
