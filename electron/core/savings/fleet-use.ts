import type { Rate } from '../../../shared/catalog/effectiveRate.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import type { DaySpan, Fleet, GroupedUse, UseSums } from './bill-use.ts';
import type { HourShapes } from './hour-shapes.ts';

/** A fleet with its use by hour over a span of days. */
export interface FleetUse {
  fleet: Fleet;
  /** Machines running in each hour; spot ones among them. */
  usage: Float64Array;
  spotUsage: Float64Array | null;
  /** Share of its machine-hours in the window that the bill states by the hour. */
  hourlyShare: number;
  /** The hours of the day in which it ran are known, or it ran nearly all of them. */
  hoursKnown: boolean;
  /** Of the window: EffectiveCost by class, machine-hours, charges. */
  cost: { onDemand: number; committed: number; spot: number };
  /** EffectiveCost of spot over all days. */
  spotCost: number;
  hours: number;
  rows: number;
  /** Machines with a charge on the last day; null where no lines are kept. */
  machines: number | null;
  /** What the bill charges an hour: on demand as of its last day, spot as the window's mean. */
  rate: Rate | null;
  spotRate: Rate | null;
  /** Mean on-demand rate of the window. */
  meanRate: number | null;
  /** It did not run on the last days. */
  ended: boolean;
  /** First day with use in the span. */
  firstDay: number;
  /** Mean use of the last week against that of the last four. */
  levelShift: number;
}

/** Day rows of a fleet that ran at least so much of the day may be spread evenly over its hours. */
const steadyShare = 20 / 24;
const endedDays = 2;

/**
 * Machines by the hour: the day's sum of the cells, laid into the hours as the lines of the bill
 * state them, evenly where they do not.
 */
export function fleetUses(
  grouped: GroupedUse,
  sums: UseSums,
  shapes: HourShapes,
  span: DaySpan,
  windowDays: number,
  currency: string,
): FleetUse[] {
  const byFleet = new Map<Fleet, number[]>(grouped.fleets.map((fleet) => [fleet, []]));
  for (const [g, group] of grouped.groups.entries()) {
    if (group.kind === 'use') byFleet.get(group.fleet)?.push(g);
  }
  return grouped.fleets.flatMap((fleet, number) => {
    const groups = byFleet.get(fleet) ?? [];
    const use = useOf(fleet, number, groups);
    return use ? [use] : [];
  });

  function useOf(fleet: Fleet, number: number, groups: readonly number[]): FleetUse | null {
    const usage = new Float64Array(sums.days * 24);
    const spotUsage = new Float64Array(sums.days * 24);
    const from = sums.days - windowDays;
    const cost = { onDemand: 0, committed: 0, spot: 0 };
    const priced = { cost: 0, hours: 0, last: null as { amount: number; day: number } | null };
    const spotHours = { cost: 0, hours: 0 };
    let [hours, hourly, ran, could, rows, spotCost] = [0, 0, 0, 0, 0, 0];
    let [firstDay, lastUse] = [-1, -1];
    for (let day = 0; day < sums.days; day++) {
      const shape = shapes.of(number, day);
      let units = 0;
      for (const g of groups) {
        const group = grouped.groups[g];
        const quantity = sums.quantity(g, day);
        if (group?.kind !== 'use' || quantity === 0) continue;
        units += quantity;
        spread(usage, day, quantity, shape);
        if (group.of === 'spot') {
          spread(spotUsage, day, quantity, shape);
          spotCost += Number(sums.effective(g, day)) / 1e27;
        }
        if (day < from) continue;
        rows += sums.rows(g, day);
        const effective = Number(sums.effective(g, day)) / 1e27;
        const contracted = sums.contracted(g, day);
        if (group.of === 'spot') {
          cost.spot += effective;
          spotHours.cost += effective;
          spotHours.hours += quantity;
          continue;
        }
        if (group.of === 'committed') cost.committed += effective;
        else cost.onDemand += effective;
        const onDemand =
          contracted === null
            ? group.of === 'on-demand'
              ? effective
              : null
            : Number(contracted) / 1e27;
        if (onDemand === null || onDemand <= 0) continue;
        priced.cost += onDemand;
        priced.hours += quantity;
        priced.last = { amount: onDemand / quantity, day };
      }
      if (units <= 0) continue;
      if (firstDay < 0) firstDay = day;
      lastUse = day;
      if (day < from) continue;
      hours += units;
      if (shape) hourly += units;
      else {
        const machines = shapes.machines(number, day);
        ran += units;
        could += 24 * (machines ?? fleet.resources.size);
      }
    }
    if (hours <= 0) return null;
    const runShare = could > 0 ? ran / could : 1;
    const rateAt = (amount: number, day: number): Rate => ({
      amount: decimalOf(amount),
      currency,
      unit: 'hour',
      date: dayText(span.firstDay + day),
      from: 'your bill',
    });
    return {
      fleet,
      usage,
      spotUsage: spotHours.hours > 0 ? spotUsage : null,
      hourlyShare: hourly / hours,
      hoursKnown: hourly >= hours * 0.5 || (runShare >= steadyShare && runShare <= 1.0001),
      cost,
      spotCost,
      hours,
      rows,
      machines: shapes.machines(number, sums.days - 1),
      rate: priced.last ? rateAt(priced.last.amount, priced.last.day) : null,
      spotRate:
        spotHours.hours > 0 ? rateAt(spotHours.cost / spotHours.hours, sums.days - 1) : null,
      meanRate: priced.hours > 0 ? priced.cost / priced.hours : null,
      ended: lastUse < sums.days - endedDays,
      firstDay: span.firstDay + Math.max(0, firstDay),
      levelShift: levelShift(usage),
    };
  }
}

function spread(
  into: Float64Array,
  day: number,
  quantity: number,
  shape: Float64Array | null,
): void {
  for (let hour = 0; hour < 24; hour++) {
    const at = day * 24 + hour;
    into[at] = (into[at] as number) + quantity * (shape ? (shape[hour] as number) : 1 / 24);
  }
}

function levelShift(usage: Float64Array): number {
  const mean = (from: number) => {
    const part = usage.subarray(Math.max(0, usage.length - from));
    return part.reduce((sum, value) => sum + value, 0) / Math.max(1, part.length);
  };
  const month = mean(28 * 24);
  return month > 0 ? mean(7 * 24) / month : 1;
}

/** Ten digits, as rates are written; sums of doubles end in noise. */
export function decimalOf(value: number): string {
  return Number(value.toPrecision(10))
    .toFixed(10)
    .replace(/\.?0+$/, '');
}
