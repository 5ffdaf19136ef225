import type { GpuRate } from '../../../shared/contract/workloads.ts';
import { effectiveRate, type Rate } from '../../../shared/catalog/effectiveRate.ts';
import { providerOf } from '../../../shared/catalog/services.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { type Exact, exactOf, formatExact } from '../../../shared/domain/exact.ts';
import type { Fraction } from '../../../shared/workloads/meters.ts';
import { textOf } from '../costs/scope.ts';
import { ratesBeside, type RateRequest } from '../prices/rates.ts';
import { giveWay } from '../store/give-way.ts';
import type { ReadableDb } from '../store/open.ts';
import { counted, perUnit, plus } from './gpu.ts';
import { groupSeries } from './groups.ts';
import type { WorkloadsDeps } from './overview.ts';
import type { Scope } from './scope.ts';
import { sumSeries } from './sums.ts';
import type { UseQuery } from './use.ts';

const ratesShown = 50;

interface Bought {
  machine: string;
  accelerator: string;
  provider: string | null;
  region: string | null;
  purchase: GpuRate['purchase'];
  /** Accelerators of the machine. */
  count: Fraction;
  hours: Exact | null;
  paid: Exact | null;
  contracted: Exact | null;
  list: Exact | null;
}

const purchases: Readonly<Record<string, GpuRate['purchase']>> = {
  Dynamic: 'spot',
  Committed: 'commitment',
};

/**
 * What an hour of the GPUs of each machine costs, beside what its bill, the price sheets and the
 * catalogue say of that machine on the last day: an answer of an earlier month keeps its prices.
 */
export async function gpuRates(
  { cube, axes, db, summary }: WorkloadsDeps & { db: ReadableDb },
  scope: Scope,
  { ledger, keep }: UseQuery,
): Promise<{ rates: GpuRate[]; ratesMetric: Metric }> {
  const { base } = ledger;
  const delivered = summary()?.metrics ?? [];
  const ratesMetric = delivered.includes('effective') ? 'effective' : scope.metric;
  const [instance, sku, region] = [axes.axis('instance'), axes.axis('sku'), axes.axis('region')];
  const [provider, pricing] = [axes.axis('provider'), axes.axis('pricing')];
  const isGpu = base.meters.map((meter) => meter?.kind === 'gpu' && meter.perUnit !== null);
  const groups = groupSeries(
    base.series,
    (series) => isGpu[base.meter[series] as number] === true && keep(series),
    [
      (series) => base.meter[series] as number,
      (series) => instance.ids[series] as number,
      // A GPU that is metered by itself has no machine.
      (series) => (instance.ids[series] === 0 ? (sku.ids[series] as number) : 0),
      (series) => region.ids[series] as number,
      (series) => provider.ids[series] as number,
      (series) => pricing.ids[series] as number,
    ],
  );
  if (groups.count === 0) return { rates: [], ratesMetric };
  await giveWay();
  const sum = (measure: Parameters<typeof sumSeries>[2]) =>
    sumSeries(cube, scope.now, measure, groups, 'none');
  const quantity = await sum('quantity');
  const paid = await sum(ratesMetric);
  const contracted = await sum('contracted');
  const list = await sum('list');
  const bought = new Map<string, Bought>();
  for (const [g, series] of groups.first.entries()) {
    const meter = base.meters[base.meter[series] as number];
    const amount = quantity.exact(g, 0);
    if (meter?.kind !== 'gpu' || !meter.perUnit || amount === null) continue;
    const skuId = sku.ids[series] as number;
    const named = textOf(instance, instance.ids[series] as number);
    const machine = named ?? sku.name(skuId) ?? textOf(sku, skuId) ?? meter.accelerator;
    const one: Bought = {
      machine,
      accelerator: meter.accelerator,
      provider: textOf(provider, provider.ids[series] as number),
      region: textOf(region, region.ids[series] as number),
      purchase: purchases[textOf(pricing, pricing.ids[series] as number) ?? ''] ?? 'on-demand',
      count: meter.count,
      hours: null,
      paid: null,
      contracted: null,
      list: null,
    };
    const key = JSON.stringify([machine, one.provider, one.region, one.purchase, one.count]);
    const known = bought.get(key) ?? one;
    bought.set(key, known);
    known.hours = plus(known.hours, counted(amount, meter.perUnit));
    known.paid = plus(known.paid, paid.exact(g, 0));
    known.contracted = plus(known.contracted, contracted.exact(g, 0));
    known.list = plus(known.list, list.exact(g, 0));
  }
  const ranked = [...bought.values()]
    .filter(({ hours }) => hours !== null && hours > 0n)
    .sort((a, b) => ((a.hours ?? 0n) < (b.hours ?? 0n) ? 1 : -1))
    .slice(0, ratesShown);
  const rates: GpuRate[] = [];
  for (const one of ranked) {
    rates.push(besideRates(db, scope, one));
    await giveWay();
  }
  return { rates, ratesMetric };
}

function besideRates(db: ReadableDb, { now, currency }: Scope, one: Bought): GpuRate {
  const { machine, accelerator, provider, region, purchase, count, hours } = one;
  const lastDay = dayText(now.lastDay);
  const request: RateRequest = {
    provider: providerOf(provider ?? '') ?? (provider ?? '').toLowerCase(),
    sku: machine,
    region: region ?? '',
    currency: currency ?? '',
    // Sheets and lists do not say which commitment a charge was bought under.
    purchase: purchase === 'spot' ? 'spot' : 'on-demand',
    at: lastDay,
  };
  const { sheet, list } = ratesBeside(db, request);
  const perMachine = perUnit(one.contracted, hours && machineHours(hours, count));
  const bill: Rate | null =
    perMachine === null
      ? null
      : {
          amount: perMachine,
          currency: request.currency,
          unit: 'hour',
          date: lastDay,
          from: 'contracted cost over hours',
        };
  const beside = (rate: Rate | null) =>
    rate && rate.unit === 'hour'
      ? { perGpuHour: perGpu(rate.amount, count), ...stated(rate) }
      : null;
  return {
    machine,
    accelerator,
    provider,
    region,
    purchase,
    hours: formatExact(hours ?? 0n),
    paid: perUnit(one.paid, hours),
    contracted: perUnit(one.contracted, hours),
    list: perUnit(one.list, hours),
    sheetRate: beside(sheet),
    listRate: beside(list),
    reason:
      effectiveRate({ bill, sheet, list })?.reason ??
      'No rate is known: not on the bill, in no sheet and not in the catalogue.',
  };
}

function stated({ amount, date, from }: Rate) {
  return { amount, date, from };
}

function machineHours(hours: Exact, [part, whole]: Fraction): Exact {
  return counted(hours, [whole, part]);
}

function perGpu(amount: string, count: Fraction): string {
  return perUnit(exactOf(amount), counted(exactOf('1'), count)) ?? amount;
}
