import type { SavingsLever } from '../../../shared/contract/savings.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import type { MeterUse, Use } from '../../../shared/decisions/banked.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { counted } from '../workloads/gpu.ts';
import { groupSeries } from '../workloads/groups.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import { type SeriesSums, sumSeries } from '../workloads/sums.ts';
import type { DaySpan } from './charged-days.ts';
import { type Counted, countedBy } from './charges.ts';

/** A use while it is added up. */
interface Sum {
  cost: Exact;
  quantity: Exact | null;
  credited: Map<string, Exact>;
}

export interface Gathered {
  uses: MeterUse[];
  /** Charges that do not say what they cost (effective, or on demand where that is needed). */
  unknownRows: number;
  /** Cost before that commitments covered, which are paid whatever is stopped. */
  coveredBefore: Exact;
}

/**
 * Cost and quantity of some charges by meter, in the days before and in those counted.
 * `creditedTo` says which decision each commitment (value id) belongs to.
 */
export async function gatherUses(
  { cube, axes }: { cube: Cube; axes: Axes },
  ledger: ClassifiedLedger,
  lever: SavingsLever,
  mask: Uint8Array,
  spans: { before: DaySpan; now: DaySpan },
  creditedTo: ReadonlyMap<number, string>,
): Promise<Gathered> {
  const countOf = countedBy(axes, ledger, lever);
  const [commitment, status] = [cube.series('commitment'), cube.series('commitment-status')];
  const used = cube.idOf('commitment-status', 'Used');
  const [instance, sku, unit] = [cube.series('instance'), cube.series('sku'), cube.series('unit')];
  const groups = groupSeries(ledger.base.series, (series) => mask[series] === 1, [
    (series) => instance[series] as number,
    (series) => sku[series] as number,
    (series) => unit[series] as number,
    (series) => ledger.base.meter[series] as number,
    (series) => commitment[series] as number,
    (series) => status[series] as number,
  ]);
  const meters = new Map<string, { counted: Counted; before: Sum; now: Sum }>();
  let unknownRows = 0;
  let coveredBefore = 0n;
  for (const part of ['before', 'now'] as const) {
    const span = { segments: cube.segments(), ...spans[part] };
    const cost = await sumSeries(cube, span, 'effective', groups, 'none');
    const quantity = await sumSeries(cube, span, 'quantity', groups, 'none');
    const onDemand =
      creditedTo.size > 0 && (await sumSeries(cube, span, 'contracted', groups, 'none'));
    for (const [g, series] of groups.first.entries()) {
      if (cost.rows(g, 0) === 0) continue;
      unknownRows += cost.unknownRows(g, 0);
      const own = countOf(series);
      const key = JSON.stringify([own.name, own.unit]);
      let meter = meters.get(key);
      if (!meter) meters.set(key, (meter = { counted: own, before: none(), now: none() }));
      const sum = meter[part];
      const amount = cost.exact(g, 0) ?? 0n;
      sum.cost += amount;
      const id = commitment[series] as number;
      const covered = id !== 0 && status[series] === used;
      if (part === 'before' && covered) coveredBefore += amount;
      // A fee and an unused commitment repeat hours that another charge counts.
      if (id === 0 || covered) addQuantity(sum, quantity, g, own);
      const decision = covered && onDemand ? creditedTo.get(id) : undefined;
      if (decision !== undefined && onDemand) {
        const discount = (onDemand.exact(g, 0) ?? 0n) - amount;
        sum.credited.set(decision, (sum.credited.get(decision) ?? 0n) + discount);
      }
    }
  }
  return {
    uses: [...meters.values()].map(({ counted: { name, unit: text }, before, now }) => ({
      name,
      unit: text,
      before: before satisfies Use,
      now: now satisfies Use,
    })),
    unknownRows,
    coveredBefore,
  };
}

function none(): Sum {
  return { cost: 0n, quantity: 0n, credited: new Map() };
}

/** One charge that does not say how much makes the sum unknown. */
function addQuantity(sum: Sum, quantities: SeriesSums, group: number, { factor }: Counted): void {
  const amount = quantities.exact(group, 0);
  if (amount === null || quantities.unknownRows(group, 0) > 0) sum.quantity = null;
  else if (sum.quantity !== null) sum.quantity += factor ? counted(amount, factor) : amount;
}
