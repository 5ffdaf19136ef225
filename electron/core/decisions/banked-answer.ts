import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { BankedItem, BankedMeter } from '../../../shared/contract/decisions.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { type Exact, exactOf, formatExact } from '../../../shared/domain/exact.ts';
import {
  credit,
  type Measured,
  type MeasuredMeter,
  ofDays,
  ofMonth,
} from '../../../shared/decisions/banked.ts';
import { perUnit, text } from '../workloads/gpu.ts';
import { type ChargedDays, countOf, type DaySpan } from './charged-days.ts';
import { type Done, type Found, type Unmeasured } from './done.ts';

/** The figures of everything done; `together` holds what is counted with another one. */
export function bankedAnswer(
  done: readonly Done[],
  found: ReadonlyMap<string, Found>,
  shared: ReadonlyMap<string, ReadonlyMap<string, Exact>>,
  together: ReadonlyMap<string, readonly Done[]>,
  charged: ReadonlyMap<number, ChargedDays>,
): CallOutput<'decisions.banked'> {
  const credited = credit(
    done.flatMap(({ names }) => {
      const own = found.get(names.key);
      return own?.status === 'measured' ? [{ key: names.key, ...own.measured }] : [];
    }),
    (earlier, later) => shared.get(earlier)?.get(later) ?? null,
  );
  const titles = new Map(done.map(({ names }) => [names.key, names.title]));
  const items = done.map((one): BankedItem => {
    const own = found.get(one.names.key);
    const share = credited.get(one.names.key);
    const others = (together.get(one.names.key) ?? []).map(({ names }) => ({
      key: names.key,
      title: names.title,
    }));
    return own?.status === 'measured' && share
      ? measuredItem(one, own, share, titles, others)
      : unmeasuredItem(one, own as Unmeasured);
  });
  const settled = [...charged.values()].map((days) => days.settled).filter(Number.isFinite);
  return {
    countedTo: settled.length === 0 ? null : dayText(Math.max(...settled) + 1),
    items: items.reverse(),
    totals: totalsOf(items, together),
  };
}

const nothing = {
  measure: null,
  before: null,
  counted: null,
  promised: null,
  banked: null,
  bankedMonthly: null,
  unit: null,
  quantityBefore: null,
  quantityNow: null,
  perUnitBefore: null,
  perUnitNow: null,
  savedPerUnit: null,
  meters: [],
  elsewhere: [],
  together: [],
  newCost: '0',
};

function headOf({ names, promise, scope, doneOn }: Done) {
  const { key, title, lever, detail } = names;
  return {
    key,
    title,
    lever,
    detail,
    currency: promise?.currency ?? scope?.currency ?? null,
    doneOn: dayText(doneOn),
    promisedMonthly: promise?.monthly ?? null,
  };
}

function unmeasuredItem(one: Done, { status, reason }: Unmeasured): BankedItem {
  return { ...headOf(one), ...nothing, status, reason };
}

function measuredItem(
  one: Done,
  own: Extract<Found, { status: 'measured' }>,
  { banked, elsewhere }: { banked: Exact; elsewhere: ReadonlyMap<string, Exact> },
  titles: ReadonlyMap<string, string>,
  together: BankedItem['together'],
): BankedItem {
  const { measured, counted, before, measure, reason } = own;
  const days = countOf(counted);
  const head = headOf(one);
  return {
    ...head,
    ...nothing,
    ...(measure === 'days' ? {} : unitsOf(measured)),
    status: 'measured',
    reason,
    measure,
    before: before && rangeOf(before),
    counted: rangeOf(counted),
    promised:
      head.promisedMonthly === null
        ? null
        : formatExact(ofDays(exactOf(head.promisedMonthly), days)),
    banked: formatExact(banked),
    bankedMonthly: formatExact(rounded(ofMonth(banked, days))),
    meters: metersOf(measured),
    elsewhere: [...elsewhere]
      .filter(([, amount]) => amount !== 0n)
      .map(([key, amount]) => ({
        key,
        title: titles.get(key) ?? key,
        amount: formatExact(amount),
      })),
    together,
    newCost: formatExact(measured.newCost),
  };
}

function rangeOf(span: DaySpan): { from: string; to: string; days: number } {
  return { from: dayText(span.firstDay), to: dayText(span.lastDay + 1), days: countOf(span) };
}

const nano = 10n ** 18n;

/** To nine decimals, half away from zero. */
function rounded(amount: Exact): Exact {
  const half = amount < 0n ? -nano / 2n : nano / 2n;
  return ((amount + half) / nano) * nano;
}

/** Units of all meters that say what they would have cost, where they are counted in the same one. */
function unitsOf({ meters }: Measured): Partial<BankedItem> {
  const known = meters.filter(({ expected, now }) => expected !== null && now.quantity !== 0n);
  const counted = known.filter(({ unit }) => unit !== null);
  const [unit] = new Set(counted.map((meter) => meter.unit));
  if (unit === undefined || counted.some((meter) => meter.unit !== unit)) return {};
  const quantity = sum(counted, ({ now }) => now.quantity);
  const cost = sum(known, ({ now }) => now.cost);
  const saved = sum(known, (meter) => meter.saved);
  return {
    unit,
    quantityBefore: text(sum(counted, ({ before }) => before.quantity)),
    quantityNow: text(quantity),
    perUnitBefore: perUnit(
      sum(known, ({ expected }) => expected),
      quantity,
    ),
    perUnitNow: perUnit(cost, quantity),
    savedPerUnit: perUnit(saved, quantity),
  };
}

/** Null where one of them is unknown. */
function sum(
  meters: readonly MeasuredMeter[],
  of: (meter: MeasuredMeter) => Exact | null,
): Exact | null {
  let total: Exact = 0n;
  for (const meter of meters) {
    const amount = of(meter);
    if (amount === null) return null;
    total += amount;
  }
  return total;
}

function metersOf({ meters }: Measured): BankedMeter[] {
  const size = ({ before, now }: MeasuredMeter) =>
    before.cost > now.cost ? before.cost : now.cost;
  return [...meters]
    .sort((a, b) => (size(a) === size(b) ? (a.name < b.name ? -1 : 1) : size(a) > size(b) ? -1 : 1))
    .map(({ name, unit, before, now, expected, saved }) => ({
      name,
      unit,
      costBefore: formatExact(before.cost),
      quantityBefore: text(before.quantity),
      costNow: formatExact(now.cost),
      quantityNow: text(now.quantity),
      expected: text(expected),
      saved: text(saved),
    }));
}

/** Sums of the same decisions: those measured whose promises, and those counted with them, are known. */
function totalsOf(
  items: readonly BankedItem[],
  together: ReadonlyMap<string, readonly Done[]>,
): CallOutput<'decisions.banked'>['totals'] {
  const byCurrency = new Map<string | null, BankedItem[]>();
  for (const item of items) {
    const own = byCurrency.get(item.currency);
    if (own) own.push(item);
    else byCurrency.set(item.currency, [item]);
  }
  return [...byCurrency].map(([currency, own]) => {
    let [promised, banked, counted] = [0n, 0n, 0];
    for (const item of own) {
      const others = together.get(item.key) ?? [];
      const monthly = [
        item.promisedMonthly,
        ...others.map(({ promise }) => promise?.monthly ?? null),
      ];
      if (item.banked === null || item.counted === null) continue;
      if (monthly.some((amount) => amount === null)) continue;
      for (const amount of monthly) promised += ofDays(exactOf(amount ?? '0'), item.counted.days);
      banked += exactOf(item.banked);
      counted += monthly.length;
    }
    return {
      currency,
      promised: formatExact(promised),
      banked: formatExact(banked),
      items: counted,
      left: own.length - counted,
    };
  });
}
