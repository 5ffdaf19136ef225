import type { ReactNode } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import { addMonths } from '../../../shared/domain/calendar.ts';
import {
  formatChange,
  formatChangeAllDigits,
  formatChangePercent,
  formatCount,
  formatHeadline,
  formatMonth,
  monthName,
  placesOf,
  subtract,
} from '../../../shared/domain/format.ts';
import type { MonthState } from '../../../shared/domain/months.ts';
import { useLink } from '../../stores/address.ts';
import { Bar, Figure, ratio } from '../../components/Figure.tsx';
import { BankedFigure } from './BankedFigure.tsx';
import { PlanFigure } from './PlanFigure.tsx';
import { beforeDays, type Overview, spentDays } from './days.ts';

type Data = NonNullable<CallOutput<'app.info'>['data']>;

/** The four figures at the top; each opens what it is made of. */
export function Figures({ overview, data }: { overview: Overview | null; data: Data }) {
  const link = useLink();
  const month = overview?.month;
  const costs = (of: string | undefined) =>
    link({
      page: 'costs',
      filters: [],
      ...(of === undefined ? {} : { period: { kind: 'month', month: of } }),
    });
  return (
    <section className="figures" aria-label="Figures">
      <Figure
        label={overview ? spentLabel(overview) : 'Spent'}
        state={overview && <State overview={overview} month={overview.month} />}
        href={costs(month)}
        value={overview && money(overview.spent.cost, overview.currency)}
        bar={overview && <SpentBar overview={overview} />}
        note={overview && <SpentNote overview={overview} />}
      />
      <Figure
        label={overview?.monthBefore ? formatMonth(overview.monthBefore.month) : 'Month before'}
        state={
          overview?.monthBefore && <State overview={overview} month={overview.monthBefore.month} />
        }
        href={costs(overview?.monthBefore?.month)}
        value={overview && wholeMonth(overview)}
        bar={overview && <MonthBar overview={overview} />}
        note={overview && monthNote(overview)}
      />
      <PlanFigure key={overview?.currency} currency={overview?.currency} />
      <BankedFigure overview={overview} data={data} />
    </section>
  );
}

const stateWords: Record<MonthState, string> = {
  open: 'Open',
  restating: 'Restating',
  closed: 'Closed',
};

/** Where the billing month stands; what restatements moved leads to what they changed. */
function State({ overview, month }: { overview: Overview; month: string }) {
  const link = useLink();
  const billing = overview.billing.find((one) => one.month === month);
  if (!billing) return null;
  const { state, restated, difference } = billing;
  if (restated === 0) {
    return <span title="Of the billing month">{stateWords[state]}</span>;
  }
  const moved =
    difference === null ? 'unknown' : formatChange(difference, placesOf(overview.spent.cost));
  return (
    <a
      href={link({ page: 'sources', changes: month })}
      title={`Restated ${formatCount(restated)} ${restated === 1 ? 'time' : 'times'}${difference === null ? '' : `, ${formatChangeAllDigits(difference)} in all`}; what changed`}
    >
      {state === 'restating' ? 'Restated' : `${stateWords[state]}, restated`} {moved}
    </a>
  );
}

function money(cost: string | null, currency: string | null): string {
  return cost === null ? 'unknown' : formatHeadline(cost, currency, placesOf(cost));
}

/** The longer of the two is the whole track, so that bar and tick share one scale. */
function SpentBar({ overview }: { overview: Overview }) {
  const spent = overview.spent.cost;
  const before = overview.sameDaysBefore?.cost;
  const whole = overview.monthBefore?.cost ?? before;
  if (spent === null || whole === undefined) return <Bar filled={spent === null ? 0 : 1} />;
  const scale = Number(spent) > Number(whole) ? spent : whole;
  return (
    <Bar
      filled={ratio(spent, scale)}
      {...(before === undefined ? {} : { tick: ratio(before, scale) })}
    />
  );
}

function SpentNote({ overview }: { overview: Overview }) {
  const spent = overview.spent.cost;
  const days = beforeDays(overview);
  const before = overview.sameDaysBefore;
  if (spent === null) return `${formatCount(overview.spent.unknownRows)} charges without this cost`;
  if (!before || days === null) return 'the month before is not loaded';
  const change = formatChange(subtract(spent, before.cost), placesOf(spent));
  return (
    <>
      <b>{change}</b>, {formatChangePercent(spent, before.cost)} on {days}
    </>
  );
}

/** "Spent 1 to 21 Nov", "Spent in November". */
function spentLabel(overview: Overview): string {
  const days = spentDays(overview);
  return /^\d/.test(days) ? `Spent ${days}` : `Spent in ${days}`;
}

function monthPoint(overview: Overview, month: string) {
  return overview.months.find((point) => point.month === month && point.cost !== null);
}

/** The answer has no month before both where it is not loaded and where its cost is unknown. */
function isUnknownBefore(overview: Overview): boolean {
  return overview.availableMonths.includes(addMonths(overview.month, -1));
}

function wholeMonth(overview: Overview): string {
  const last = overview.monthBefore;
  if (last) return money(last.cost, overview.currency);
  return isUnknownBefore(overview) ? 'unknown' : 'not loaded';
}

function monthNote(overview: Overview): ReactNode {
  const last = overview.monthBefore;
  if (!last) return isUnknownBefore(overview) ? 'not in the files' : 'load it to compare';
  const before = monthPoint(overview, addMonths(last.month, -1));
  const whole = last.complete ? 'whole month' : 'part of the month is loaded';
  if (!last.complete || !before?.complete || before.cost === null) return whole;
  const change = formatChange(subtract(last.cost, before.cost), placesOf(last.cost));
  return (
    <>
      <b>{change}</b>, {formatChangePercent(last.cost, before.cost)} on {monthName(before.month)}
    </>
  );
}

function MonthBar({ overview }: { overview: Overview }) {
  const last = overview.monthBefore;
  if (!last) return <Bar filled={0} />;
  const before = monthPoint(overview, addMonths(last.month, -1))?.cost ?? null;
  if (before === null) return <Bar filled={1} />;
  const scale = Number(last.cost) > Number(before) ? last.cost : before;
  return <Bar filled={ratio(last.cost, scale)} tick={ratio(before, scale)} />;
}
