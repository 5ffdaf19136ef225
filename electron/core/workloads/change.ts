import type { CostChange } from '../../../shared/contract/workloads.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { type ChangeItem, explainChange } from '../../../shared/workloads/change.ts';
import type { Meter } from '../../../shared/workloads/meters.ts';
import { type Axes, textOf } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { counted, plus, text } from './gpu.ts';
import { groupSeries } from './groups.ts';
import type { ClassifiedLedger } from './ledger.ts';
import type { Scope } from './scope.ts';
import { type Span, sumSeries } from './sums.ts';

const itemsShown = 50;

interface Part {
  name: string;
  kind: 'gpu' | 'tokens' | 'unit';
  /** Quantity is counted in this. */
  unit: string;
  cost: Exact | null;
  quantity: Exact | null;
}

/**
 * What changed between two spans, told in the unit that most of the cost is counted in: GPU-hours,
 * tokens, or a unit of the bill. Null where there is nothing to compare with.
 */
export async function changeOf(
  { cube, axes }: { cube: Cube; axes: Axes },
  ledger: ClassifiedLedger,
  scope: Scope,
  keep: (series: number) => boolean,
): Promise<CostChange | null> {
  if (!scope.before) return null;
  const now = await partsIn(cube, axes, ledger, scope, scope.now, keep);
  const before = await partsIn(cube, axes, ledger, scope, scope.before, keep);
  const basis = basisOf([...now.values(), ...before.values()]);
  const items = [...new Set([...now.keys(), ...before.keys()])].map((key): ChangeItem => {
    const [is, was] = [now.get(key), before.get(key)];
    const inBasis = basis !== null && (is ?? was)?.unit === basis;
    // One side without a charge is none, one without a quantity unknown.
    const quantity = (part: Part | undefined) => (inBasis ? (part ? part.quantity : 0n) : null);
    return {
      name: (is ?? was)?.name ?? '',
      before: { cost: was?.cost ?? 0n, quantity: quantity(was) },
      now: { cost: is?.cost ?? 0n, quantity: quantity(is) },
    };
  });
  const change = explainChange(items);
  return {
    basis,
    before: formatExact(change.before),
    now: formatExact(change.now),
    quantityBefore: basis === null ? null : formatExact(change.quantityBefore),
    quantityNow: basis === null ? null : formatExact(change.quantityNow),
    price: formatExact(change.price),
    quantity: formatExact(change.quantity),
    mix: formatExact(change.mix),
    other: formatExact(change.other),
    items: change.items.slice(0, itemsShown).map((item) => ({
      name: item.name,
      before: formatExact(item.before),
      now: formatExact(item.now),
      quantityBefore: text(item.quantityBefore),
      quantityNow: text(item.quantityNow),
      price: formatExact(item.price),
      rest: formatExact(item.rest),
    })),
  };
}

/** Costs and quantities by machine, or by meter where there is none. */
async function partsIn(
  cube: Cube,
  axes: Axes,
  { base }: ClassifiedLedger,
  { metric }: Scope,
  span: Span,
  keep: (series: number) => boolean,
): Promise<Map<string, Part>> {
  const [instance, sku, unit] = [axes.axis('instance'), axes.axis('sku'), axes.axis('unit')];
  const charge = axes.axis('charge');
  const groups = groupSeries(base.series, keep, [
    (series) => instance.ids[series] as number,
    (series) => sku.ids[series] as number,
    (series) => unit.ids[series] as number,
    (series) => base.meter[series] as number,
    (series) => charge.ids[series] as number,
  ]);
  const parts = new Map<string, Part>();
  if (groups.count === 0) return parts;
  await giveWay();
  const quantity = await sumSeries(cube, span, 'quantity', groups, 'none');
  const cost = await sumSeries(cube, span, metric, groups, 'none');
  for (const [g, series] of groups.first.entries()) {
    if (cost.rows(g, 0) === 0) continue;
    const meter = base.meters[base.meter[series] as number] ?? null;
    const usage = textOf(charge, charge.ids[series] as number) === 'Usage';
    const own = countedIn(meter, textOf(unit, unit.ids[series] as number), usage);
    const skuId = sku.ids[series] as number;
    const named = sku.name(skuId) ?? textOf(sku, skuId) ?? 'No meter';
    const machine = textOf(instance, instance.ids[series] as number);
    const name = own.kind === 'gpu' && machine ? machine : named;
    const key = JSON.stringify([name, own.unit]);
    let part = parts.get(key);
    if (!part) parts.set(key, (part = { name, ...own, cost: null, quantity: null }));
    part.cost = plus(part.cost, cost.exact(g, 0));
    const amount = quantity.exact(g, 0);
    if (amount !== null) {
      part.quantity = plus(part.quantity, own.factor ? counted(amount, own.factor) : amount);
    }
  }
  return parts;
}

function countedIn(meter: Meter | null, unit: string | null, usage: boolean) {
  if (meter?.perUnit) {
    const named = meter.kind === 'gpu' ? 'GPU-hours' : 'tokens';
    return { kind: meter.kind, unit: named, factor: meter.perUnit };
  }
  return { kind: 'unit' as const, unit: usage && unit ? unit : '', factor: null };
}

/** The unit that most of the cost of both spans is counted in; null where none is counted. */
function basisOf(parts: readonly Part[]): string | null {
  const costs = new Map<string, Exact>();
  for (const { unit, cost, quantity } of parts) {
    if (unit === '' || quantity === null || cost === null) continue;
    costs.set(unit, (costs.get(unit) ?? 0n) + (cost < 0n ? -cost : cost));
  }
  let basis: string | null = null;
  for (const [unit, cost] of costs) {
    if (basis === null || cost > (costs.get(basis) ?? 0n)) basis = unit;
  }
  return basis;
}
