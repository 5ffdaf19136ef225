import type {
  SavingsPlan,
  SavingsPlanned,
  SavingsPolicy,
} from '../../../shared/contract/savings.ts';
import { conformalRadius } from '../../../shared/analysis/advice/conformal.ts';
import { sumOf } from '../../../shared/analysis/sums.ts';
import { addDays, dayText } from '../../../shared/domain/calendar.ts';
import { formatExact } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import { actionAnswer, refusalsOf } from './action-answer.ts';
import { countWords, dayWords, fleetDetail, fleetMonthly, moneyWords } from './describe.ts';
import { type Evaluated, intervalLevel } from './evaluate.ts';
import type { Gathered } from './gather.ts';
import { hasFallen } from './going-on.ts';
import { moneyText } from './money.ts';
import { outsideOf } from './outside.ts';
import { horizonHours, monthsAhead, type Prepared } from './planner.ts';
import { mostLosing, recordWords } from './record.ts';

/** The plan itself, as the contract has it. */
export function plannedAnswer(
  prepared: Prepared,
  { actions, figures }: Evaluated,
  cube: Cube,
): SavingsPlanned {
  const { gathered, pools } = prepared;
  const first = gathered.window.lastDay + 1;
  const gap = sumOf(
    pools.map(({ advised: { plan, bound } }) => Math.max(0, plan.bill - bound) / monthsAhead),
  );
  const baseline = Number(figures.baseline);
  const touched = new Set(
    actions.flatMap(({ of, workload, on }) =>
      workload !== null && on ? [of.advised.pool.workloads[workload]?.id] : [],
    ),
  );
  return {
    horizon: {
      from: dayText(first),
      to: addDays(dayText(first), horizonHours / 24),
      hours: horizonHours,
    },
    ...figures,
    gap: {
      amount: moneyText(gap),
      share: baseline > 0 ? gap / baseline : null,
      complete: pools.every(({ advised }) => advised.complete),
    },
    actions: actions.filter(({ on }) => on).map((action) => actionAnswer(action, prepared, cube)),
    kept: gathered.models
      .flatMap(({ fleets, windowDays }) =>
        fleets
          .filter(({ use }) => !use.ended && !touched.has(use.fleet.id))
          .map((known) => ({
            workload: known.use.fleet.id,
            workloadName: known.use.fleet.name,
            detail: fleetDetail(known),
            monthly: moneyText(fleetMonthly(known, windowDays)),
            rejected: refusalsOf(prepared, known.use.fleet.id),
          })),
      )
      .sort((a, b) => Number(b.monthly) - Number(a.monthly)),
    outside: outsideOf(prepared, gathered.measured, cube),
    basis: {
      scenarios: Math.max(0, ...pools.map(({ advised }) => advised.risk.savings.length)),
      historyWeeks: prepared.historyWeeks,
      pastDecisions: conformalRadius([], intervalLevel).decisions,
      records: prepared.records,
      note: 'Until eight decisions of this account are done and measured, every interval is at least 25% wide on either side.',
    },
  };
}

/** What a reader must know beside the figures, the most important first. */
export function notesOf(
  gathered: Gathered,
  prepared: Prepared | null,
  evaluated: Evaluated | null,
  policy: SavingsPolicy,
): string[] {
  const { models, window, grouped, sums } = gathered;
  const notes: string[] = [];
  const first = window.lastDay + 1;
  for (const record of prepared?.records ?? []) {
    if (record.withheld) {
      notes.push(
        `Nothing new is committed to at ${record.provider}: ${recordWords(record)}, more than the ${Math.round(100 * mostLosing)}% that a recommendation may.`,
      );
    }
  }
  const ending = models
    .flatMap(({ commitments }) => commitments)
    .filter(
      ({ endDay }) =>
        endDay !== null && endDay > window.lastDay && endDay <= window.lastDay + horizonHours / 24,
    )
    .sort((a, b) => (a.endDay ?? 0) - (b.endDay ?? 0));
  if (prepared) {
    const ends =
      ending.length === 0
        ? ''
        : `, with ${countWords(ending.length, 'commitment')} ending meanwhile, the first on ${dayWords(ending[0]?.endDay ?? first)}`;
    notes.push(
      `Figures are a month of 730 hours, the mean of the year from ${dayWords(first)}: the use of the last four weeks goes on${policy.usage === 1 ? '' : ` at ${Math.round(100 * policy.usage)}%`}, at the prices of ${dayWords(window.lastDay)}${ends}.`,
    );
  }
  const fallen = models
    .flatMap(({ fleets, windowDays }) => fleets.map((known) => ({ known, windowDays })))
    .filter(
      ({ known, windowDays }) =>
        !known.use.ended && hasFallen(known.use) && fleetMonthly(known, windowDays) > 1000,
    );
  if (fallen.length > 0) {
    notes.push(
      `Use of ${fallen.map(({ known: { use } }) => `${use.fleet.name} (−${(100 * (1 - use.levelShift)).toFixed(0)}%)`).join(', ')} has fallen: there the last week goes on.`,
    );
  }
  if (prepared && evaluated) {
    const gap = sumOf(
      prepared.pools.map(
        ({ advised: { plan, bound } }) => Math.max(0, plan.bill - bound) / monthsAhead,
      ),
    );
    if (gap >= 1) {
      notes.push(
        `No plan with these machines and prices could save more than ${moneyWords(gap)} a month beyond this one; what it leaves is the price of caution: commitments are kept to a chance of loss of at most ${Math.round(100 * policy.mostLoss)}%.`,
      );
    }
  }
  let once = 0n;
  for (const [g, group] of grouped.groups.entries()) {
    if (group.kind !== 'other' || !group.once) continue;
    for (let day = sums.days - (window.lastDay - window.firstDay + 1); day < sums.days; day++)
      once += sums.effective(g, day);
  }
  if (once !== 0n) {
    notes.push(
      `${moneyWords(Number(formatExact(once)))} of the window came once (credits, refunds, prepaid capacity) and is not in the months ahead.`,
    );
  }
  const ended = models.flatMap(({ fleets }) => fleets).filter(({ use }) => use.ended);
  if (ended.length > 0) {
    notes.push(
      `Not running any more, so not in the months ahead: ${ended.map(({ use }) => use.fleet.name).join(', ')}.`,
    );
  }
  return notes;
}

/** Price lists that figures of the plan come from. */
export function pricesOf({ models }: Gathered): SavingsPlan['prices'] {
  const found = new Map<string, string | null>();
  for (const { fleets } of models) {
    for (const { rates, shapes } of fleets) {
      for (const own of [rates, ...shapes.map(({ rates: other }) => other)]) {
        for (const rate of [own.onDemand, own.spot, ...own.offers]) {
          if (!rate || rate.from === 'your bill') continue;
          const source = rate.from.replace(/, row \d+$/, '');
          const date = rate.date === '' ? null : rate.date;
          const before = found.get(source);
          if (before === undefined || (date !== null && (before === null || date > before)))
            found.set(source, date);
        }
      }
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, date]) => ({ source, date }));
}
