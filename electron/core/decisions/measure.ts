import { dayText } from '../../../shared/domain/calendar.ts';
import type { Exact } from '../../../shared/domain/exact.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import {
  type Measured,
  measureDays,
  measureDiscount,
  measureRate,
  type MeterUse,
  type Resize,
} from '../../../shared/decisions/banked.ts';
import type { Axes } from '../costs/scope.ts';
import type { Cube } from '../store/cube.ts';
import type { ClassifiedLedger } from '../workloads/ledger.ts';
import { type ChargedDays, countOf, type DaySpan, daysAfter, daysBefore } from './charged-days.ts';
import { gatherDiscounts } from './discount.ts';
import { type Done, type Found, overlaps, type Unmeasured } from './done.ts';
import type { ActionScope } from './planned.ts';
import { type Gathered, gatherUses } from './uses.ts';

/** Days compared with: whole weeks, so that every weekday counts alike. */
const daysCompared = 28;
/** Fewer days than a week say too little, before or after. */
const leastDays = 7;

export interface MeasureDeps {
  cube: Cube;
  axes: Axes;
  /** By billing account (value id). */
  charged: ReadonlyMap<number, ChargedDays>;
  /** Days that were asked for, `to` exclusive. */
  range: Range;
}

export interface Range {
  from: number;
  to: number;
}

/** What the commitments that a decision bought have saved; `ids` are their value ids. */
export async function commitmentFound(
  deps: MeasureDeps,
  one: Done,
  ids: ReadonlySet<number>,
): Promise<Found> {
  const { cube, charged, range } = deps;
  if (one.scope === null) return noScope;
  if (ids.size === 0) {
    return {
      status: 'waiting',
      reason: `The bill names no commitment of ${one.scope.provider} that began since ${dayText(one.doneOn)}.`,
    };
  }
  const commitment = cube.series('commitment');
  const mask = Uint8Array.from(commitment, (id) => (ids.has(id) ? 1 : 0));
  const counted = countedDays(accountsOf(cube, mask, charged), one, range);
  if ('reason' in counted) return counted;
  const { uses, unknownRows } = await gatherDiscounts(deps, ids, one.scope.currency, counted);
  if (unknownRows > 0) return notStated(unknownRows, 'effective and on-demand cost');
  return {
    status: 'measured',
    measure: 'discount',
    reason: `What ${many(ids.size, 'new commitment')} cover${ids.size === 1 ? 's' : ''} would cost on demand, less the fees, those for unused hours among them.`,
    before: null,
    counted,
    measured: measureDiscount(uses),
  };
}

/** What a decision has saved on the usage it changes. */
export async function usageFound(
  deps: MeasureDeps,
  ledger: ClassifiedLedger,
  one: Done,
  creditedTo: ReadonlyMap<number, string>,
): Promise<Found> {
  const { cube, charged, range } = deps;
  if (one.scope === null) return noScope;
  const own = accountsOf(cube, one.mask, charged);
  if (own.length === 0) {
    return { status: 'unknown', reason: 'Nothing that is loaded belongs to it any more.' };
  }
  const before = daysBefore(own, one.doneOn, daysCompared);
  if (before === null || countOf(before) < leastDays) {
    return {
      status: 'unknown',
      reason: `${before === null ? 'No day' : `Only ${many(countOf(before), 'day')}`} before ${dayText(one.doneOn)} ${before === null || countOf(before) === 1 ? 'is' : 'are'} loaded; at least ${leastDays} in a row are needed to compare with. Import the earlier bill.`,
    };
  }
  const counted = countedDays(own, one, range);
  if ('reason' in counted) return counted;
  const { uses, unknownRows, coveredBefore } = await usesIn(
    deps,
    ledger,
    one,
    creditedTo,
    one.mask,
    {
      before,
      now: counted,
    },
  );
  if (unknownRows > 0) return notStated(unknownRows, 'effective cost');
  const costBefore = uses.reduce((sum, use) => sum + use.before.cost, 0n);
  const costNow = uses.reduce((sum, use) => sum + use.now.cost, 0n);
  if (costBefore === 0n) {
    return {
      status: 'unknown',
      reason: `The bill has no cost of it in the ${many(countOf(before), 'day')} before.`,
    };
  }
  const measured = measuredUses(one, uses, before, counted);
  if (measured.newCost * 2n > costNow) {
    return {
      status: 'unknown',
      reason:
        'Most of what it costs now was not used before, so no earlier price says what it would have cost.',
    };
  }
  const measure = measureOf(one);
  return {
    status: 'measured',
    measure,
    reason: reasonOf(one, countOf(counted), coveredBefore, costBefore),
    before,
    counted,
    measured,
  };
}

/**
 * What a later decision saved on some of its charges, held against the days before it. Null where that
 * is no part of what an earlier one is measured by: the price of a unit does not move with their number.
 */
export async function savedOn(
  deps: Pick<MeasureDeps, 'cube' | 'axes'>,
  ledger: ClassifiedLedger,
  earlier: Done,
  later: Done & { before: DaySpan; counted: DaySpan },
  creditedTo: ReadonlyMap<number, string>,
): Promise<Exact | null> {
  if (measureOf(earlier) === 'rate' && measureOf(later) === 'days') return null;
  if (!overlaps(earlier.mask, later.mask)) return null;
  const mask = later.mask.map((own, series) => own & (earlier.mask[series] ?? 0));
  const spans = { before: later.before, now: later.counted };
  const { uses } = await usesIn(deps, ledger, later, creditedTo, mask, spans);
  const { saved, elsewhere } = measuredUses(later, uses, spans.before, spans.now);
  return [...elsewhere.values()].reduce((sum, amount) => sum + amount, saved);
}

function usesIn(
  deps: Pick<MeasureDeps, 'cube' | 'axes'>,
  ledger: ClassifiedLedger,
  { names }: Done,
  creditedTo: ReadonlyMap<number, string>,
  mask: Uint8Array,
  spans: { before: DaySpan; now: DaySpan },
): Promise<Gathered> {
  return gatherUses(deps, ledger, names.lever, mask, spans, creditedTo);
}

function measureOf({ names, scope }: Done): 'days' | 'rate' {
  if (names.lever === 'stop') return 'days';
  return names.lever === 'resize' && resizeOf(scope) === null ? 'days' : 'rate';
}

function measuredUses(
  one: Done,
  uses: readonly MeterUse[],
  before: DaySpan,
  counted: DaySpan,
): Measured {
  const days = { before: countOf(before), now: countOf(counted) };
  return measureOf(one) === 'days'
    ? measureDays(uses, days)
    : measureRate(uses, days, resizeOf(one.scope));
}

const noScope: Unmeasured = {
  status: 'unknown',
  reason: 'No plan ever said which charges it changes.',
};

function notStated(rows: number, what: string): Unmeasured {
  return {
    status: 'unknown',
    reason: `${formatCount(rows)} of its charges do not state their ${what}.`,
  };
}

/** One machine for another. Fewer of the same are measured by days: nothing else tells them apart. */
function resizeOf(scope: ActionScope | null): Resize | null {
  const resize = scope?.resize ?? null;
  if (resize === null || resize.from === resize.to) return null;
  const unit = 1_000_000_000n;
  return { ...resize, ratio: [BigInt(Math.round(resize.ratio * Number(unit))), unit] as const };
}

function reasonOf(one: Done, days: number, covered: Exact, cost: Exact): string {
  const how =
    measureOf(one) === 'days'
      ? `What ${many(days, 'day')} cost before, less what they cost since`
      : resizeOf(one.scope) !== null
        ? 'What the machines replaced would have cost for the same work, less what it cost'
        : `What the usage of ${many(days, 'day')} would have cost at the prices before, less what it cost`;
  const share = cost > 0n ? Number((covered * 100n) / cost) : 0;
  return share === 0
    ? `${how}.`
    : `${how}. Commitments covered ${share}% of it before; they are paid until they end.`;
}

function many(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The billing accounts of some charges. */
function accountsOf(
  cube: Cube,
  mask: Uint8Array,
  charged: ReadonlyMap<number, ChargedDays>,
): ChargedDays[] {
  const account = cube.series('billing-account');
  const found = new Set<number>();
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) found.add(account[i] as number);
  return [...found].flatMap((id) => charged.get(id) ?? []);
}

function countedDays(
  accounts: readonly ChargedDays[],
  { doneOn }: Done,
  range: Range,
): DaySpan | Unmeasured {
  const from = Math.max(doneOn, range.from);
  const span = daysAfter(accounts, from, range.to);
  const days = span === null ? 0 : countOf(span);
  if (span !== null && days >= leastDays) return span;
  const settled = Math.min(...accounts.map((account) => account.settled));
  return {
    status: 'waiting',
    reason:
      settled < from
        ? `The bill counts to ${dayText(settled)}; it is done since ${dayText(doneOn)}.`
        : `The bill shows ${many(days, 'day')} in a row from ${dayText(from)}; ${leastDays} are needed.`,
  };
}
