import { dayNumber, dayText, firstDayOf, addMonths } from '../../../shared/domain/calendar.ts';
import type { SavingsPolicy } from '../../../shared/contract/savings.ts';
import { purposes } from '../../../shared/workloads/purposes.ts';
import type { Axes } from '../costs/scope.ts';
import type { DetailReader } from '../detail/reader.ts';
import type { Cube } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import type { WorkloadLedger } from '../workloads/ledger.ts';
import { daysOf } from '../workloads/sums.ts';
import { type BillCommitment, commitmentsOf } from './bill-commitments.ts';
import {
  type DaySpan,
  type Fleet,
  type GroupedUse,
  groupUse,
  sumUse,
  type UseSums,
} from './bill-use.ts';
import { shapesOf } from './candidates.ts';
import { type FleetUse, fleetUses } from './fleet-use.ts';
import { readHourShapes } from './hour-shapes.ts';
import { createRates, type MachineQuestion } from './machine-rates.ts';
import { createMeasured, type MeasuredUse } from './measured.ts';
import type { KnownFleet, ProviderModel } from './model.ts';
import { spotFactsOf } from './spot-facts.ts';

/** What the thread of the plan works with. */
export interface SavingsDeps {
  db: ReadableDb;
  cube: Cube;
  axes: Axes;
  workloads: WorkloadLedger;
  detailFolder: string;
  reader: Pick<DetailReader, 'ask'>;
}

export interface GatherQuestion {
  currency: string;
  period: string | undefined;
  /** Ends of commitments that their owner has stated, by id. */
  ends: SavingsPolicy['ends'];
}

/** Everything the plan of one currency is made from. */
export interface Gathered {
  currency: string;
  /** Days of bill that are reconciled and shown as evidence. */
  window: DaySpan;
  /** The window and the weeks before it. */
  span: DaySpan;
  grouped: GroupedUse;
  sums: UseSums;
  models: ProviderModel[];
  /** All that is loaded. */
  ledger: DaySpan;
  measured: MeasuredUse;
}

export const windowDays = 28;
/** Weeks of history that scenarios are drawn from. */
const historyWeeks = 26;
/** Fewer days of bill than this give no plan. */
export const leastDays = 14;

/** Last days of bills that lag behind the others by more than this do not hold the window back. */
const mostLagDays = 14;

/** The days that a plan is made from; null where fewer than two weeks are loaded. */
export function windowOf(
  cube: Cube,
  period: string | undefined,
): { window: DaySpan; span: DaySpan; ledger: DaySpan } | null {
  const limit = period === undefined ? Infinity : dayNumber(firstDayOf(addMonths(period, 1))) - 1;
  const segments = cube.segments().filter((segment) => segment.firstDay <= limit);
  if (segments.length === 0) return null;
  const firstDay = Math.min(...segments.map((segment) => segment.firstDay));
  const ends = [...Map.groupBy(segments, ({ provider }) => provider).values()].map((own) =>
    Math.min(limit, Math.max(...own.map((segment) => segment.lastDay))),
  );
  const latest = Math.max(...ends);
  const lastDay = Math.min(...ends.filter((end) => end > latest - mostLagDays));
  const ledger = { firstDay, lastDay };
  const days = lastDay - firstDay + 1;
  if (days < leastDays) return null;
  const own = days < windowDays ? leastDays : windowDays;
  const weeks = Math.max(1, Math.min(historyWeeks, Math.floor(days / 7)));
  const history = Math.max(own, weeks * 7);
  return {
    ledger,
    window: { firstDay: lastDay - own + 1, lastDay },
    span: { firstDay: lastDay - history + 1, lastDay },
  };
}

/** Reads bill, telemetry and prices of one currency. */
export async function gather(
  deps: SavingsDeps,
  question: GatherQuestion,
): Promise<Gathered | null> {
  const { db, cube, axes, workloads } = deps;
  const days = windowOf(cube, question.period);
  if (!days) return null;
  const { window, span, ledger } = days;
  const segments = cube.segments();
  const read = await workloads.read();
  const measured = createMeasured(db, cube, window);
  const grouped = groupUse(
    { cube, axes, ledger: read, facts: workloads.facts() },
    question.currency,
    measured.isIdle,
  );
  const sums = await sumUse(cube, segments, grouped, span);
  const shapes = await readHourShapes(deps, grouped.fleets, span);
  const dayCount = window.lastDay - window.firstDay + 1;
  const uses = fleetUses(grouped, sums, shapes, span, dayCount, question.currency);
  const inWindow = windowSums(sums, dayCount);
  const commitments = commitmentsOf(cube, grouped, inWindow, window, ledger, question.ends);
  const live = liveResources(cube, grouped, segments, window);
  const rates = createRates(db, dayText(window.lastDay));
  const known = uses.map((use) => knownFleet(use));

  function knownFleet(use: FleetUse): KnownFleet {
    const { fleet } = use;
    const own = live.get(fleet) ?? new Set<number>();
    const found = own.size === 0 ? null : measured.of(own, fleet.machine);
    const ask = (type: string, bill: MachineQuestion['bill'], billSpot: MachineQuestion['bill']) =>
      rates({
        cloud: fleet.cloud,
        type,
        region: fleet.region,
        currency: question.currency,
        bill,
        billSpot,
      });
    const serving = purposes[Number(fleet.purpose)] === 'inference';
    return {
      use,
      live: own,
      measured: found,
      judged: found !== null && found.measured === own.size,
      rates: withPaid(ask(fleet.type, use.rate, use.spotRate), use),
      shapes: shapesOf(use, found, { serving }).map((shape) => ({
        shape,
        rates:
          shape.sku === fleet.sku
            ? ask(shape.type, use.rate, use.spotRate)
            : ask(shape.type, null, null),
      })),
      spot: spotFactsOf(cube.values('tags')[fleet.tags] ?? ''),
      sku: use.hoursKnown ? fleet.sku : `${fleet.sku}, by the day`,
    };
  }

  const providers = new Set([
    ...known.map(({ use }) => use.fleet.provider),
    ...commitments.map(({ provider }) => provider),
  ]);
  return {
    currency: question.currency,
    window,
    span,
    ledger,
    measured,
    grouped,
    sums,
    models: [...providers].sort().map(
      (provider): ProviderModel => ({
        provider,
        fleets: known.filter(({ use }) => use.fleet.provider === provider),
        commitments: commitments.filter((one: BillCommitment) => one.provider === provider),
        span,
        windowDays: dayCount,
        currency: question.currency,
      }),
    ),
  };
}

/** A machine that no bill, sheet or list has a price of costs on demand what it costs today. */
function withPaid(rates: KnownFleet['rates'], use: FleetUse): KnownFleet['rates'] {
  if (rates.onDemand !== null) return rates;
  const { cost, hours } = use;
  const paid = (cost.onDemand + cost.committed + cost.spot) / hours;
  return {
    ...rates,
    offers: [],
    onDemand: {
      amount: String(Number(paid.toPrecision(10))),
      currency: '',
      unit: 'hour',
      date: '',
      from: 'your bill',
      basis: 'bill',
      reason: unpriced,
    },
  };
}

export const unpriced =
  'No bill, price sheet or list gives its price on demand; what it costs today stands for it.';

/** The last days of the sums. */
function windowSums(sums: UseSums, days: number): UseSums {
  const from = sums.days - days;
  return {
    ...sums,
    days,
    effective: (group, day) => sums.effective(group, day + from),
    contracted: (group, day) => sums.contracted(group, day + from),
    quantity: (group, day) => sums.quantity(group, day + from),
    rows: (group, day) => sums.rows(group, day + from),
  };
}

/** Days back within which a machine counts as there. */
const liveDays = 7;

/** Resources of each fleet with a charge in the last week. */
function liveResources(
  cube: Cube,
  grouped: GroupedUse,
  segments: ReturnType<Cube['segments']>,
  { lastDay }: DaySpan,
): Map<Fleet, Set<number>> {
  const resource = cube.series('resource');
  const of = new Int32Array(grouped.of.length).fill(-1);
  const keys: { fleet: Fleet; resource: number }[] = [];
  const numbers = new Map<string, number>();
  const fleetNumber = new Map(grouped.fleets.map((fleet, number) => [fleet, number]));
  for (let series = 0; series < of.length; series++) {
    const group = grouped.groups[grouped.of[series] as number];
    const id = resource[series] as number;
    if (group?.kind !== 'use' || id === 0) continue;
    const key = `${fleetNumber.get(group.fleet)} ${id}`;
    let number = numbers.get(key);
    if (number === undefined)
      numbers.set(key, (number = keys.push({ fleet: group.fleet, resource: id }) - 1));
    of[series] = number;
  }
  const { first } = daysOf(
    cube,
    { segments, firstDay: lastDay - liveDays + 1, lastDay },
    { of, count: keys.length },
  );
  const live = new Map<Fleet, Set<number>>();
  for (const [number, { fleet, resource: id }] of keys.entries()) {
    if (first[number] === Infinity) continue;
    const own = live.get(fleet) ?? new Set();
    live.set(fleet, own.add(id));
  }
  return live;
}
