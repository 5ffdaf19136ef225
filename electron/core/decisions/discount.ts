import type { MeterUse } from '../../../shared/decisions/banked.ts';
import { type Axes, textOf } from '../costs/scope.ts';
import { kindIn } from '../savings/bill-commitments.ts';
import type { Cube } from '../store/cube.ts';
import { groupSeries } from '../workloads/groups.ts';
import { daysOf, sumSeries } from '../workloads/sums.ts';
import type { DaySpan } from './charged-days.ts';

/** A purchase shows on the bill up to so many days before the day it was recorded as done. */
const earlierDays = 3;

/** A decision to buy a commitment, as far as the bill can tell which one that is. */
export interface Bought {
  key: string;
  provider: string;
  currency: string | null;
  /** What was bought, in the words of its price list. */
  offer: string | null;
  /** Days since 1970-01-01 UTC. */
  doneOn: number;
}

/**
 * The commitments (value ids) that are first billed since each decision: the bill names no decision, so
 * one belongs to the latest that was done by then, of the same provider and currency, and of its own
 * type where one of them says so. What is there from the first day loaded was there before.
 */
export function boughtCommitments(cube: Cube, bought: readonly Bought[]): Map<string, Set<number>> {
  const found = new Map(bought.map(({ key }) => [key, new Set<number>()]));
  const segments = cube.segments();
  if (bought.length === 0 || segments.length === 0) return found;
  const [commitment, provider] = [cube.series('commitment'), cube.series('provider')];
  const currency = cube.series('currency');
  const [texts, names] = [cube.values('commitment'), cube.names('commitment')];
  const groups = groupSeries(cube.seriesCount(), (series) => commitment[series] !== 0, [
    (series) => commitment[series] as number,
    (series) => provider[series] as number,
    (series) => currency[series] as number,
  ]);
  const span = {
    segments,
    firstDay: Math.min(...segments.map(({ firstDay }) => firstDay)),
    lastDay: Math.max(...segments.map(({ lastDay }) => lastDay)),
  };
  const { first } = daysOf(cube, span, groups);
  for (const [g, series] of groups.first.entries()) {
    const since = first[g] as number;
    if (since === Infinity || since === span.firstDay) continue;
    const id = commitment[series] as number;
    const possible = bought.filter(
      (one) =>
        cube.idOf('provider', one.provider) === provider[series] &&
        cube.idOf('currency', one.currency ?? '') === currency[series] &&
        one.doneOn - earlierDays <= since,
    );
    const { type } = kindIn(texts[id] ?? '', names.get(id) ?? '');
    const typed = possible.filter(
      ({ offer }) => offer !== null && plain(offer).includes(plain(type)),
    );
    const [of] = (typed.length > 0 ? typed : possible).sort(
      (a, b) => b.doneOn - a.doneOn || (a.key < b.key ? -1 : 1),
    );
    if (of) found.get(of.key)?.add(id);
  }
  return found;
}

/** "compute-savings-plan" and "Compute Savings Plan" are the same words. */
function plain(words: string): string {
  return words.toLowerCase().replace(/[^a-z0-9]+/g, ' ');
}

export interface Discounts {
  /** Before: none of it. Now: the fee; on demand it would have cost `onDemand`. */
  uses: { use: MeterUse; onDemand: bigint }[];
  unknownRows: number;
}

/** What commitments cost and what the usage they cover would cost on demand, by machine. */
export async function gatherDiscounts(
  { cube, axes }: { cube: Cube; axes: Axes },
  commitments: ReadonlySet<number>,
  currency: string | null,
  span: DaySpan,
): Promise<Discounts> {
  const [commitment, charge] = [cube.series('commitment'), cube.series('charge')];
  const currencies = cube.series('currency');
  const [usage, own] = [cube.idOf('charge', 'Usage'), cube.idOf('currency', currency ?? '')];
  const status = cube.series('commitment-status');
  const used = cube.idOf('commitment-status', 'Used');
  const [instance, sku, unit] = [axes.axis('instance'), axes.axis('sku'), axes.axis('unit')];
  const groups = groupSeries(
    cube.seriesCount(),
    (series) =>
      charge[series] === usage &&
      currencies[series] === own &&
      commitments.has(commitment[series] as number),
    [
      (series) => (status[series] === used ? 1 : 0),
      (series) => instance.ids[series] as number,
      (series) => (instance.ids[series] === 0 ? (sku.ids[series] as number) : 0),
      (series) => unit.ids[series] as number,
    ],
  );
  const within = { segments: cube.segments(), ...span };
  const cost = await sumSeries(cube, within, 'effective', groups, 'none');
  const onDemand = await sumSeries(cube, within, 'contracted', groups, 'none');
  const quantity = await sumSeries(cube, within, 'quantity', groups, 'none');
  const found: Discounts = { uses: [], unknownRows: 0 };
  for (const [g, series] of groups.first.entries()) {
    if (cost.rows(g, 0) === 0) continue;
    const covers = status[series] === used;
    found.unknownRows += cost.unknownRows(g, 0) + (covers ? onDemand.unknownRows(g, 0) : 0);
    const machine = textOf(instance, instance.ids[series] as number);
    const skuId = sku.ids[series] as number;
    found.uses.push({
      use: {
        name: covers
          ? (machine ?? sku.name(skuId) ?? textOf(sku, skuId) ?? 'no meter')
          : 'committed and not used',
        unit: covers ? textOf(unit, unit.ids[series] as number) : null,
        before: { cost: 0n, quantity: null, credited: new Map() },
        now: {
          cost: cost.exact(g, 0) ?? 0n,
          quantity: covers ? quantity.exact(g, 0) : null,
          credited: new Map(),
        },
      },
      onDemand: covers ? (onDemand.exact(g, 0) ?? 0n) : 0n,
    });
  }
  return found;
}
