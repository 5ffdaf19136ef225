import { ownedAmounts } from '../../../shared/analysis/field.ts';
import { fieldOf } from '../../../shared/analysis/field.ts';
import { billOf } from '../../../shared/analysis/simulate.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import type { CommitmentsOverview } from '../../../shared/contract/commitments.ts';
import { addDays, dayText } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { commitmentOf } from './commitment-action.ts';
import { countWords } from './describe.ts';
import type { Evaluated, PlanAction } from './evaluate.ts';
import type { Gathered } from './gather.ts';
import { poolHours, type PoolHours } from './hourly-bill.ts';
import { moneyText } from './money.ts';
import { monthsAhead, type Prepared } from './planner.ts';

type Curve = CommitmentsOverview['curves'][number];

/** Existing commitments of the window and what the plan buys. */
export function overviewOf(
  gathered: Gathered,
  prepared: Prepared | null,
  evaluated: Evaluated | null,
  provider: string | undefined,
): Omit<CommitmentsOverview, 'currencies' | 'missing'> {
  const { window } = gathered;
  const models = gathered.models.filter(
    (model) => provider === undefined || model.provider === provider,
  );
  const fleets = models.flatMap(({ fleets: own }) => own);
  const commitments = models.flatMap((model) => model.commitments.map((one) => ({ one, model })));
  const sums = billSums(gathered, provider);
  const planned = prepared && evaluated ? plannedSums(prepared, evaluated) : null;
  const fee = sums.used + sums.unused;
  const buys = (evaluated?.actions ?? []).filter(({ lever, on }) => lever === 'commitment' && on);
  const notes =
    commitments.length === 0 ? ['No commitment has a charge in the last four weeks.'] : [];
  const soon = commitments.filter(
    ({ one }) => one.endDay !== null && one.endDay - 1 - window.lastDay <= 60,
  );
  if (soon.length > 0)
    notes.push(
      `${countWords(soon.length, 'commitment')} ${soon.length === 1 ? 'ends' : 'end'} within 60 days.`,
    );
  if (fleets.some(({ use }) => !use.hoursKnown)) {
    notes.push('Use whose hours of the day are not known is left uncommitted.');
  }
  return {
    currency: gathered.currency,
    window: { from: dayText(window.firstDay), to: dayText(window.lastDay + 1) },
    coverage: rate(
      sums.covered,
      sums.equivalent,
      planned && ratio(planned.equivalent - planned.uncovered, planned.equivalent),
    ),
    utilisation: rate(
      fee - sums.unused,
      fee,
      planned && ratio(planned.fees - planned.unused, planned.fees),
    ),
    esr: rate(
      sums.equivalent - sums.effective,
      sums.equivalent,
      planned && ratio(planned.equivalent - planned.fees - planned.uncovered, planned.equivalent),
    ),
    owned: commitments
      .map(({ one, model }): CommitmentsOverview['owned'][number] => {
        const fees = one.used + one.unused;
        const saved = one.covers.reduce((sum, { onDemand }) => sum + onDemand, 0) - fees;
        return {
          id: one.id,
          name: one.name,
          provider: one.provider,
          account: one.account,
          accountName: one.accountName,
          kind: one.kind,
          type: one.type,
          amount: one.amount,
          unit: one.kind === 'ri' ? 'machines' : `${model.currency} an hour`,
          covers: coversWords(one.covers.map(({ fleet }) => `${fleet.type}, ${fleet.region}`)),
          starts: dayText(one.firstDay),
          startsBefore: one.startsBefore,
          ends: one.endDay === null ? null : dayText(one.endDay),
          endReason: one.endReason,
          daysLeft: one.endDay === null ? null : one.endDay - window.lastDay - 1,
          decideBy: one.endDay === null ? null : addDays(dayText(one.endDay), -1),
          fee: moneyText(fees),
          unused: moneyText(one.unused),
          utilisation: fees > 0 ? one.used / fees : null,
          saved: moneyText(saved),
        };
      })
      .sort((a, b) => ((a.ends ?? '9999') < (b.ends ?? '9999') ? -1 : 1)),
    ended: commitments
      .filter(({ one }) => one.endDay !== null && one.endDay <= window.lastDay)
      .map(({ one }) => ({
        id: one.id,
        name: one.name,
        provider: one.provider,
        ends: dayText(one.endDay ?? 0),
      })),
    curves: prepared && evaluated ? buys.map((action) => curveOf(action, evaluated)) : [],
    ladder: ladderOf(buys),
    notes,
  };
}

function coversWords(parts: readonly string[]): string {
  const own = [...new Set(parts)];
  return own.length > 3
    ? `${own.slice(0, 3).join('; ')} and ${own.length - 3} more`
    : own.join('; ');
}

function rate(
  numerator: number,
  denominator: number,
  planned: number | null,
): CommitmentsOverview['coverage'] {
  return {
    value: ratio(numerator, denominator),
    planned,
    numerator: moneyText(numerator),
    denominator: moneyText(denominator),
  };
}

function ratio(numerator: number, denominator: number): number | null {
  return denominator > 0 ? numerator / denominator : null;
}

/** Machines that commitments may cover, as the window was billed (spot is none of them). */
function billSums({ grouped, sums, window }: Gathered, provider: string | undefined) {
  const days = window.lastDay - window.firstDay + 1;
  const all = { equivalent: 0n, covered: 0n, effective: 0n, used: 0n, unused: 0n };
  for (const [g, group] of grouped.groups.entries()) {
    if (provider !== undefined && group.provider !== provider) continue;
    for (let day = sums.days - days; day < sums.days; day++) {
      const effective = sums.effective(g, day);
      if (group.kind === 'unused') {
        all.unused += effective;
        all.effective += effective;
      } else if (group.kind === 'use' && group.of !== 'spot') {
        const contracted = sums.contracted(g, day) ?? effective;
        all.equivalent += contracted;
        all.effective += effective;
        if (group.of === 'committed') {
          all.covered += contracted;
          all.used += effective;
        }
      }
    }
  }
  const number = (value: Exact) => Number(formatExact(value));
  return {
    equivalent: number(all.equivalent),
    covered: number(all.covered),
    effective: number(all.effective),
    used: number(all.used),
    unused: number(all.unused),
  };
}

/** The same of the year ahead, with what the plan does. */
function plannedSums({ pools }: Prepared, { actions }: Evaluated): Omit<PoolHours, 'cost'> {
  const all = { equivalent: 0, uncovered: 0, fees: 0, unused: 0 };
  for (const { advised } of pools) {
    const { pool, plan } = advised;
    const on = actions.filter(({ of, on: is }) => of.advised === advised && is);
    const bought = new Map(
      on.flatMap(({ purchases }) =>
        purchases.map(({ column, amount }) => [column, amount] as const),
      ),
    );
    const workloads = new Set(on.flatMap(({ workload }) => (workload === null ? [] : [workload])));
    const amounts = ownedAmounts(pool);
    for (const [c, column] of pool.columns.entries())
      amounts[c] = (amounts[c] as number) + (bought.get(column) ?? 0);
    const selection = plan.selection.map((choice, w) => (workloads.has(w) ? choice : 0));
    const own = poolHours(pool, selection, amounts);
    for (const key of ['equivalent', 'uncovered', 'fees', 'unused'] as const) all[key] += own[key];
  }
  return all;
}

const curveSteps = 20;
const curveTo = 2;
/** Amounts that give up no more than this share of what the best amount saves are as good. */
const flatShare = 0.05;

/** The bill by the size of one commitment, the other steps of the plan taken. */
function curveOf(action: PlanAction, { figures, actions }: Evaluated): Curve {
  const { of, purchases } = action;
  const { pool, plan, risk } = of.advised;
  const planned = commitmentOf(action);
  const chosen = purchases.reduce((sum, { amount }) => sum + amount, 0);
  const others = Number(figures.planned) - poolBill(action, actions, 1);
  const spread = risk.bought.toSorted();
  const term = Math.max(1, ...purchases.map(({ column }) => column.termH / 730));
  const mean = sumOf(spread) / Math.max(1, spread.length);
  const at = (share: number) => ((spread[Math.floor(share * spread.length)] ?? 0) - mean) / term;
  const all = sumOf(
    pool.columns.map(({ owned, fee }, c) => (owned ? 0 : (plan.amounts[c] ?? 0) * fee)),
  );
  const own = sumOf(purchases.map(({ column, amount }) => amount * column.fee));
  const part = all > 0 ? own / all : 0;
  const points = Array.from({ length: curveSteps + 1 }, (_, step) => {
    const share = (step * curveTo) / curveSteps;
    const bill = others + poolBill(action, actions, share);
    return {
      amount: chosen * share,
      bill,
      low: bill - at(0.9) * share * part,
      high: bill - at(0.1) * share * part,
    };
  });
  const least = Math.min(...points.map(({ bill }) => bill));
  const within = Math.max(0, flatShare * ((points[0]?.bill ?? least) - least));
  const flat = points.filter(({ bill }) => bill <= least + within);
  return {
    id: action.id,
    action: action.id,
    title: planned ? `${planned.offer}, ${planned.termMonths} months` : action.id,
    provider: of.provider,
    kind: planned?.kind ?? 'csp',
    unit: planned?.unit ?? '',
    termMonths: planned?.termMonths ?? 0,
    points: points.map(({ amount, bill, low, high }) => ({
      amount: Number(amount.toFixed(3)),
      bill: moneyText(bill),
      low: moneyText(Math.min(low, bill)),
      high: moneyText(Math.max(high, bill)),
    })),
    chosen: { amount: Number(chosen.toFixed(3)), bill: figures.planned },
    flat:
      flat.length > 0
        ? {
            from: Number((flat[0]?.amount ?? 0).toFixed(3)),
            to: Number((flat.at(-1)?.amount ?? 0).toFixed(3)),
            within: moneyText(within),
          }
        : null,
    ending: of.model.commitments.flatMap(({ id, name, amount, endDay, kind }) =>
      kind === planned?.kind && endDay !== null
        ? [{ commitment: id, name, amount, ends: dayText(endDay) }]
        : [],
    ),
  };
}

/** Monthly bill of a pool with one action's purchases at a share of their size, the others as planned. */
function poolBill(action: PlanAction, actions: readonly PlanAction[], share: number): number {
  const { advised } = action.of;
  const { pool, plan } = advised;
  const amounts = ownedAmounts(pool);
  const on = actions.filter(({ of, on: is }) => of.advised === advised && is);
  for (const one of on) {
    for (const { column, amount } of one.purchases) {
      const c = pool.columns.indexOf(column);
      amounts[c] = (amounts[c] as number) + amount * (one === action ? share : 1);
    }
  }
  const workloads = new Set(on.flatMap(({ workload }) => (workload === null ? [] : [workload])));
  const selection = plan.selection.map((choice, w) => (workloads.has(w) ? choice : 0));
  return billOf(fieldOf(pool, selection), amounts) / monthsAhead;
}

function ladderOf(actions: readonly PlanAction[]): CommitmentsOverview['ladder'] {
  return actions
    .flatMap((action) => {
      const planned = commitmentOf(action);
      if (!planned) return [];
      let total = 0;
      return planned.tranches.map(({ day, amount }) => {
        total = Number((total + amount).toFixed(3));
        return {
          day,
          action: action.id,
          title: planned.offer,
          amount,
          unit: planned.unit,
          total,
          ends: addDays(day, Math.round((planned.termMonths * 365) / 12)),
        };
      });
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}
