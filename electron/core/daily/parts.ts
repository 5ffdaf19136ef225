import type { DailySeries } from '../../../shared/analysis/daily/anomalies.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import type { Axes, Axis } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import { giveWay } from '../store/give-way.ts';
import { type SeriesSums, type Span, sumSeries } from '../workloads/sums.ts';
import type { KnownDays } from './known-days.ts';

/** Groups of series, by number; negative is in none. */
export interface Parts {
  of: Int32Array;
  count: number;
  firstSeries: Int32Array;
}

/** More meters than this at once would take much memory; the units of what is left are unknown. */
const mostMeters = 2000;
const seriesAtOnce = 100_000;

/** All series that pass, as one group. */
export function asOneGroup(mask: Uint8Array): { of: Int32Array; count: number } {
  const of = new Int32Array(mask.length);
  for (let series = 0; series < mask.length; series++) of[series] = (mask[series] as number) - 1;
  return { of, count: 1 };
}

/** Spend by day of one group; 0 where it had none on a day that is known, null where it is not. */
export function costByDay(
  key: string,
  sums: SeriesSums,
  group: number,
  { firstDay }: Span,
  known: KnownDays,
): DailySeries {
  const cost = sums.periods.map((_period, slot) => {
    if (!known.has(firstDay + slot)) return null;
    const rows = sums.rows(group, slot);
    return rows > 0 && sums.unknownRows(group, slot) === rows ? null : sums.size(group, slot);
  });
  return { key, cost, quantity: null };
}

/**
 * The same with units, for a few parts. Meters (a SKU in a unit) do not add up, so the units of a
 * part are what they would cost at each meter's own mean price: dearer meters count for more.
 */
export async function withQuantities(
  { cube, axes }: { cube: Cube; axes: Axes },
  span: Span,
  metric: Metric,
  parts: Parts,
  wanted: ReadonlyMap<number, DailySeries>,
): Promise<Map<number, DailySeries>> {
  const meters = await metersOf(axes, parts, wanted);
  const cost = await sumSeries(cube, span, metric, meters, 'day');
  const units = await sumSeries(cube, span, 'quantity', meters, 'day');
  const quantities = new Map(
    [...wanted].map(([part, { cost: days }]) => [
      part,
      meters.left.has(part) ? null : days.map((day): number | null => (day === null ? null : 0)),
    ]),
  );
  for (const [meter, part] of meters.parts.entries()) {
    const days = quantities.get(part);
    if (!days) continue;
    const price = meanPrice(cost, units, meter);
    for (const [slot, before] of days.entries()) {
      if (before === null || cost.rows(meter, slot) === 0) continue;
      const stated = units.unknownRows(meter, slot) === 0 && price !== null;
      days[slot] = stated ? before + price * units.size(meter, slot) : null;
    }
    if (meter % 100 === 99) await giveWay();
  }
  return new Map(
    [...wanted].map(([part, series]) => [
      part,
      { ...series, quantity: quantities.get(part) ?? null },
    ]),
  );
}

interface Meters {
  of: Int32Array;
  count: number;
  /** Part of each meter. */
  parts: number[];
  /** Parts whose meters were too many. */
  left: Set<number>;
}

async function metersOf(
  axes: Axes,
  { of }: Parts,
  wanted: ReadonlyMap<number, unknown>,
): Promise<Meters> {
  const [sku, unit] = (['sku', 'unit'] as const).map((name) => axes.axis(name)) as [Axis, Axis];
  const numbers = new Map<string, number>();
  const meters: Meters = {
    of: new Int32Array(of.length).fill(-1),
    count: 0,
    parts: [],
    left: new Set(),
  };
  for (let series = 0; series < of.length; series++) {
    if (series % seriesAtOnce === seriesAtOnce - 1) await giveWay();
    const part = of[series] as number;
    if (part < 0 || !wanted.has(part)) continue;
    const key = `${part} ${sku.ids[series]} ${unit.ids[series]}`;
    let meter = numbers.get(key);
    if (meter === undefined) {
      if (meters.count === mostMeters) {
        meters.left.add(part);
        continue;
      }
      meter = meters.count++;
      numbers.set(key, meter);
      meters.parts.push(part);
    }
    meters.of[series] = meter;
  }
  return meters;
}

/** Over all days; null where no units are stated. */
function meanPrice(cost: SeriesSums, units: SeriesSums, meter: number): number | null {
  let spent = 0;
  let used = 0;
  for (let slot = 0; slot < cost.periods.length; slot++) {
    spent += cost.size(meter, slot);
    used += units.size(meter, slot);
  }
  return used > 0 ? spent / used : null;
}
