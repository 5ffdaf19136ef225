import type {
  CommitmentRecord,
  EvidenceLine,
  SavingsAction,
} from '../../../shared/contract/savings.ts';
import { addDays, dayText } from '../../../shared/domain/calendar.ts';
import { formatDay } from '../../../shared/domain/format.ts';
import { adviceDefaults } from '../../../shared/analysis/advice/settings.ts';
import { addTerm } from './bill-commitments.ts';
import {
  dayWords,
  moneyWords,
  offerName,
  percentWords,
  rateWords,
  scopeWords,
  termWords,
} from './describe.ts';
import type { PlanAction } from './evaluate.ts';
import { feesOf } from './fees.ts';
import { moneyText } from './money.ts';
import type { Prepared } from './planner.ts';
import { mostLosing } from './record.ts';

export type PlannedCommitment = NonNullable<SavingsAction['commitment']>;

const blank = { threshold: null, holds: null, date: null, link: null };
const daysApart = 30;

/** What an action buys, in the steps of the ladder: a quarter at once, the others a month apart. */
export function commitmentOf(action: PlanAction): PlannedCommitment | null {
  const { purchases, of } = action;
  const [first] = purchases;
  if (!first) return null;
  const { column } = first;
  const firstDay = of.model.span.lastDay + 1;
  const months = Math.round(column.termH / 730);
  const amount = rounded(
    purchases.reduce((sum, one) => sum + one.amount, 0),
    column.kind === 'ri' ? 0 : 3,
  );
  const starts = Math.min(...purchases.map((one) => one.column.startH));
  const startDay = firstDay + Math.floor(starts / 24);
  const renewed = of.model.commitments.find(
    ({ endDay, kind }) =>
      kind === column.kind &&
      endDay !== null &&
      purchases.some(
        (one) => one.column.startH > 0 && (endDay - firstDay) * 24 === one.column.startH,
      ),
  );
  const fees = purchases.reduce((sum, one) => sum + feesOf(of, one.column, one.amount), 0);
  const upfront = of.account.offers.find(({ offer }) => offer === column.offer)?.upfront ?? 0;
  return {
    kind: column.kind,
    offer: offerName(column.offer, of.model),
    amount,
    unit: column.kind === 'ri' ? 'machines' : `${of.model.currency} an hour`,
    termMonths: months,
    upfront,
    cash: moneyText(fees * upfront),
    committed: moneyText(fees),
    starts: dayText(startDay),
    ends: dayText(addTerm(startDay, months)),
    renews: renewed?.name ?? null,
    breakEven: breakEven(action),
    scope: column.scope,
    purchases: purchases.map((one) => ({
      day: dayText(firstDay + Math.floor(one.column.startH / 24)),
      amount: rounded(one.amount, 3),
    })),
    tranches: ladder(action, firstDay),
  };
}

/**
 * Equal parts a month apart, from the first start on. What renews something is not bought before that
 * ends: it waits for its day.
 */
function ladder({ purchases }: PlanAction, firstDay: number): PlannedCommitment['tranches'] {
  const parts = adviceDefaults.tranches;
  const whole = (amount: number, kind: string) => Math.round(amount * (kind === 'ri' ? 1 : 1000));
  const from = purchases.map(({ column, amount }) => ({
    day: firstDay + Math.floor(column.startH / 24),
    units: whole(amount, column.kind),
    perUnit: column.kind === 'ri' ? 1 : 1000,
  }));
  const perUnit = from[0]?.perUnit ?? 1;
  const all = from.reduce((sum, { units }) => sum + units, 0);
  const first = Math.min(...from.map(({ day }) => day));
  const monthly = Array.from({ length: parts }, (_, part) => first + part * daysApart);
  const days = [...new Set([...monthly, ...from.map(({ day }) => day)])].sort((a, b) => a - b);
  const steps: PlannedCommitment['tranches'] = [];
  let bought = 0;
  for (const day of days) {
    const due = Math.ceil((all * monthly.filter((own) => own <= day).length) / parts);
    const free = from.reduce((sum, own) => sum + (own.day <= day ? own.units : 0), 0);
    const amount = Math.min(due, free) - bought;
    if (amount <= 0) continue;
    bought += amount;
    steps.push({ day: dayText(day), amount: amount / perUnit });
  }
  return steps;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Rates of what the offer covers among the fleets that run, with their on-demand price. */
export function coveredRates(action: PlanAction) {
  const { of, purchases } = action;
  const [first] = purchases;
  if (!first) return [];
  const { column } = first;
  const planned = new Set(
    of.advised.pool.workloads.flatMap((workload, w) => {
      const choice = workload.choices[of.advised.plan.selection[w] ?? 0];
      const item = choice?.part ? of.advised.pool.items[choice.part.item] : undefined;
      return item ? [`${item.sku}@${item.region}`] : [];
    }),
  );
  return of.account.offers
    .filter(
      (line) =>
        line.offer === column.offer &&
        planned.has(`${line.sku}@${line.region}`) &&
        (column.scope.sku === undefined || line.sku === column.scope.sku) &&
        (column.scope.region === undefined || line.region === column.scope.region),
    )
    .flatMap((line) => {
      const price = of.account.prices.find(
        (own) => own.sku === line.sku && own.region === line.region,
      );
      const known = of.model.fleets.find(
        (own) => own.sku === line.sku && own.use.fleet.region === line.region,
      );
      const offer = known?.rates.offers.find(
        (own) => line.offer.includes(`|${own.offer}|`) && Math.abs(own.rate - line.rate) < 1e-12,
      );
      return price
        ? [
            {
              sku: line.sku,
              region: line.region,
              rate: line.rate,
              onDemand: price.onDemand,
              from: offer?.from ?? 'a price sheet',
              date: offer?.date ?? null,
            },
          ]
        : [];
    })
    .sort((a, b) => a.rate / a.onDemand - b.rate / b.onDemand || (a.sku < b.sku ? -1 : 1));
}

/** Highest ratio of committed to on-demand rate among what is covered: the marginal unit's. */
function breakEven(action: PlanAction): number | null {
  const rates = coveredRates(action);
  return rates.length === 0
    ? null
    : Math.max(...rates.map(({ rate, onDemand }) => rate / onDemand));
}

export function commitmentWords(
  action: PlanAction,
  planned: PlannedCommitment,
): Pick<SavingsAction, 'title' | 'detail' | 'advice'> {
  const { of, purchases } = action;
  const { kind, offer, amount, termMonths, tranches, renews, breakEven: even } = planned;
  const [first] = purchases;
  const scope = first ? scopeWords(first.column) : '';
  const size =
    kind === 'ri' ? `${amount} × ${scope}` : `${amount.toFixed(2)} ${of.model.currency} an hour`;
  const later = purchases.filter(({ column }) => column.startH > 0);
  const firstDay = of.model.span.lastDay + 1;
  const starts = purchases.map(({ column, amount: own }) => {
    const day = firstDay + Math.floor(column.startH / 24);
    return `${kind === 'ri' ? own : own.toFixed(2)} from ${dayWords(day)}`;
  });
  const renewal = renews === null || later.length === 0 ? '' : `, when ${renews} ends`;
  const steps =
    tranches.length > 1
      ? ` Buy it in ${tranches.length} steps, the first on ${tranches[0] ? formatDay(tranches[0].day) : ''}: what use does meanwhile decides about the next.`
      : '';
  const pays =
    even === null
      ? ''
      : ` A committed hour pays where at least ${percentWords(even)} of it is used.`;
  return {
    title: `${offer}, ${termWords(termMonths)}, ${size}`,
    detail: `${tranches.length > 1 ? `${tranches.length} steps, ` : ''}no more than ${moneyWords(Number(planned.committed))} committed`,
    advice: `Commit ${size} for ${termWords(termMonths)} to a ${offer}${kind === 'ri' || scope === '' ? '' : ` for ${scope}`}: ${starts.join(' and ')}${renewal}.${pays}${steps}`,
  };
}

/** Machines of SageMaker have commitments of their own. */
function isMachineLearning(sku: string | null): boolean {
  return sku?.startsWith('ml.') ?? false;
}

export function commitmentEvidence(
  action: PlanAction,
  planned: PlannedCommitment,
  { policy, records }: Prepared,
): EvidenceLine[] {
  const { of } = action;
  const { risk } = of.advised;
  const day = dayText(of.model.span.lastDay);
  const sold = coveredRates(action)[0]?.sku ?? null;
  const rates = coveredRates(action).map(
    ({ sku, region, rate, onDemand, from, date }): EvidenceLine => ({
      ...blank,
      kind: 'price',
      what: `${sku}, ${region}: committed against on demand`,
      value: `${rateWords(rate)} against ${rateWords(onDemand)} (${percentWords(rate / onDemand)})`,
      source: from,
      date,
    }),
  );
  const owned = of.model.commitments
    .filter(
      ({ kind, endDay, sku }) =>
        kind === planned.kind &&
        endDay !== null &&
        isMachineLearning(sku) === isMachineLearning(sold),
    )
    .map(
      ({ name, amount, endDay, endReason, used, unused }): EvidenceLine => ({
        ...blank,
        kind: 'commitment',
        what: `${name} ends on ${dayWords(endDay ?? 0)}`,
        value: `${amount.toFixed(2)}, ${percentWords(used / (used + unused))} used`,
        source: endReason,
        date: day,
      }),
    );
  return [
    ...rates,
    ...owned,
    {
      ...blank,
      kind: 'rule',
      what: 'Chance that it loses over its term',
      value: percentWords(risk.pLoss),
      threshold: `at most ${percentWords(policy.mostLoss)}`,
      holds: true,
      source: `${risk.bought.length.toLocaleString('en-US')} scenarios of use and prices over the whole term`,
      date: day,
    },
    {
      ...blank,
      kind: 'simulation',
      what: `Worst scenario${risk.worstStress === null ? '' : ` (${stressWords(risk.worstStress)})`}, over the term`,
      value: moneyWords(risk.worst),
      source: `of ${moneyWords(risk.committed)} committed in this pool`,
      date: day,
    },
    recordEvidence(
      records.find(({ provider }) => provider === of.provider),
      day,
    ),
  ];
}

/** What the rule would have done to this account in the past. */
function recordEvidence(record: CommitmentRecord | undefined, day: string): EvidenceLine {
  const what = 'The same rule at past months of this account';
  if (!record || record.months === 0) {
    return {
      ...blank,
      kind: 'simulation',
      what,
      value: 'not tried',
      source: 'fewer than thirteen weeks of bill are loaded',
      date: day,
    };
  }
  const { months, lost, promised, realised, withheld } = record;
  return {
    ...blank,
    kind: 'rule',
    what,
    value: `lost in ${lost} of ${months}`,
    threshold: `at most ${Math.round(100 * mostLosing)}%`,
    holds: !withheld,
    source: `each followed for a month at today's prices: promised ${moneyWords(Number(promised))}, came to ${moneyWords(Number(realised))}`,
    date: day,
  };
}

const stressNames: Record<string, string> = {
  'down-20': 'use falls by a fifth',
  'down-50': 'use falls by half',
  ends: 'all use ends after four months',
  migrates: 'work moves to other machines at half the price after five months',
  'price-cut': 'on demand gets 40% cheaper after six months',
  grows: 'use grows by 30%',
};

export function stressWords(stress: string): string {
  return stressNames[stress] ?? stress;
}

/** The day after which deciding is too late to go on without a gap. */
export function decideBy(endDay: number): string {
  return addDays(dayText(endDay), -1);
}
