import type { UnitCost } from '../../../shared/contract/workloads.ts';
import {
  addMonths,
  dayNumber,
  dayText,
  firstDayOf,
  monthOf,
} from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { addBusy, type Busy, noBusy } from './busy.ts';
import { counted, exactShare, perUnit, plus } from './gpu.ts';
import { groupSeries } from './groups.ts';
import type { WorkloadsDeps } from './overview.ts';
import type { Scope } from './scope.ts';
import { sumSeries } from './sums.ts';
import type { UseQuery } from './use.ts';

/** The cost of a unit by period of the chart; null where a period has none, or does not say. */
export async function unitTrend(
  { cube, busy }: WorkloadsDeps,
  scope: Scope,
  query: UseQuery,
  unit: UnitCost['unit'] | null,
): Promise<(string | null)[]> {
  if (unit === null || unit === 'job' || unit === 'request') return [];
  const { base } = query.ledger;
  const kind = unit === 'million-tokens' ? 'tokens' : 'gpu';
  const fits = base.meters.map((meter) => meter?.kind === kind && meter.perUnit !== null);
  const resources = cube.series('resource');
  const groups = groupSeries(
    base.series,
    (series) => fits[base.meter[series] as number] === true && query.keep(series),
    [(series) => base.meter[series] as number],
  );
  if (groups.count === 0) return [];
  const quantity = await sumSeries(cube, scope.now, 'quantity', groups, scope.granularity);
  const cost = await sumSeries(cube, scope.now, scope.metric, groups, scope.granularity);
  const used = new Set<number>();
  for (let series = 0; series < base.series; series++) {
    if ((groups.of[series] as number) >= 0) used.add(resources[series] as number);
  }
  const texts = cube.values('resource');
  return cost.periods.map((_, slot) => {
    let units: Exact | null = null;
    let paid: Exact | null = null;
    for (const [g, series] of groups.first.entries()) {
      const factor = base.meters[base.meter[series] as number]?.perUnit;
      const amount = quantity.exact(g, slot);
      if (amount === null || !factor) continue;
      units = plus(units, counted(amount, factor));
      paid = plus(paid, cost.exact(g, slot));
    }
    if (units === null) return null;
    if (unit === 'million-tokens') return perUnit(paid, units / 1_000_000n);
    if (unit === 'gpu-hour') return perUnit(paid, units);
    const days = daysOfSlot(scope, slot, cost.periods.length);
    const sum: Busy = noBusy();
    for (const id of used) {
      const one = busy.of(texts[id] ?? '', days);
      if (one) addBusy(sum, one);
    }
    if (sum.measured === 0) return null;
    const share = exactShare(sum.busy / sum.measured);
    return perUnit(paid, (units * share) / exactShare(1));
  });
}

function daysOfSlot({ now, granularity }: Scope, slot: number, slots: number) {
  if (granularity === 'day') {
    return { firstDay: now.firstDay + slot, lastDay: now.firstDay + slot };
  }
  return {
    firstDay: slot === 0 ? now.firstDay : monthStart(now.firstDay, slot),
    lastDay: slot === slots - 1 ? now.lastDay : monthStart(now.firstDay, slot + 1) - 1,
  };
}

/** First day of the month so many months after the one that a day lies in. */
function monthStart(day: number, months: number): number {
  return dayNumber(firstDayOf(addMonths(monthOf(dayText(day)), months)));
}
