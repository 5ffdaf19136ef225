import { price } from './amounts.ts';
import { accounts, type ProviderKey } from './accounts.ts';
import type { Charge } from './charge.ts';
import { cells } from './columns.ts';
import { type Commitment, commitments } from './commitments.ts';
import type { Slot } from './hours.ts';
import { committed, placed, skuIds } from './identity.ts';
import type { SampleDay, SampleMonth } from './months.ts';
import { skuOf } from './prices.ts';
import { pricesOn, type Use } from './usage.ts';

/** A part of a use that a commitment pays for. */
export interface Cover {
  commitment: Commitment;
  quantity: bigint;
  /** Its share of the fee, in 1e-16 dollars. */
  effective: bigint;
  /** In the commitment's own unit. */
  counted: bigint;
}

/** What covers which use, and the row and charge of what nobody used, where there is any. */
export interface Coverage {
  covers: Map<Use, Cover[]>;
  unused: { row: string[]; charge: Charge }[];
}

const hoursADay = 24_000_000n;
/** Covered time is counted in hundredths of an hour, so that it is priced without a remainder. */
const grain = 10_000n;
const microDollar = 10_000_000_000n;
const dollar = price('1');

const inForce = (commitment: Commitment, date: string): boolean =>
  commitment.from <= date && date < commitment.to;

export function commitmentsOf(provider: ProviderKey): Commitment[] {
  return commitments.filter((each) => accounts[each.owner].provider === provider);
}

function matches(commitment: Commitment, use: Use): boolean {
  const { accounts: only, resource } = commitment.covers;
  const { workload, line } = use.series;
  return (
    (only === undefined || only.includes(workload.account)) &&
    (resource === undefined || line.resource?.name === resource) &&
    (commitment.region === undefined || commitment.region === line.region)
  );
}

/** Uses up each commitment on the uses of a day or an hour, in the order of its SKUs. */
export function coverOn(
  provider: readonly Commitment[],
  uses: readonly Use[],
  slot: Slot,
): Coverage {
  const covers = new Map<Use, Cover[]>();
  const unused: Coverage['unused'] = [];
  const left = new Map(uses.map((use) => [use, use.quantity]));
  for (const commitment of provider) {
    if (!inForce(commitment, slot.date)) continue;
    const hourly = price(commitment.hourly);
    const machines = BigInt(commitment.machines ?? 1);
    // Dollars where spend is committed, machine-hours where machines are.
    const spend = commitment.category === 'Spend';
    let remaining = slot.length * (spend ? hourly : machines);
    for (const key of commitment.covers.skus) {
      const sku = skuOf(key);
      const rate = spend ? price(sku.committed ?? sku.list) : hourly;
      for (const use of uses) {
        if (use.series.line.sku !== key || !matches(commitment, use)) continue;
        const open = left.get(use) ?? 0n;
        const affordable = spend ? remaining / rate : remaining;
        const most = affordable - (affordable % grain);
        const quantity = open < most ? open : most;
        if (quantity === 0n) continue;
        const effective = quantity * rate;
        remaining -= spend ? effective : quantity;
        left.set(use, open - quantity);
        const counted = spend
          ? effective / microDollar
          : quantity * BigInt(commitment.perMachineHour ?? 1);
        const parts = covers.get(use) ?? [];
        parts.push({ commitment, quantity, effective, counted });
        covers.set(use, parts);
      }
    }
    if (remaining > 0n) unused.push(unusedIn(commitment, remaining, slot));
  }
  return { covers, unused };
}

function unusedIn(
  commitment: Commitment,
  remaining: bigint,
  slot: Slot,
): { row: string[]; charge: Charge } {
  const spend = commitment.category === 'Spend';
  const sku = skuOf(commitment.covers.skus[0]);
  const ids = spend
    ? skuIds(commitment.service, commitment.meter, commitment.region ?? '', `${commitment.id}/rest`)
    : skuIds(sku.service, sku.meter, commitment.region ?? '', `${commitment.id}/rest`);
  const row = cells({
    ...placed(commitment.service, commitment.owner, commitment.region),
    ...committed(commitment),
    ...ids,
    CapacityReservationStatus: commitment.capacity ? 'Unused' : null,
    ChargeCategory: 'Usage',
    ChargeDescription: `Unused part of ${commitment.name}`,
    ChargeFrequency: 'Usage-Based',
    CommitmentDiscountStatus: 'Unused',
    PricingCategory: 'Committed',
    PricingUnit: spend ? 'USD' : sku.unit,
    ResourceId: commitment.id,
    ResourceName: commitment.name,
    ResourceType: commitment.type,
    SkuMeter: spend ? commitment.meter : sku.meter,
    SkuPriceDetails: spend || !sku.details ? null : JSON.stringify(sku.details),
  });
  const quantity = spend ? remaining / microDollar : remaining;
  const prices = spend ? { list: dollar, contracted: dollar } : pricesOn(sku, slot.date);
  const effective = spend ? remaining : remaining * price(commitment.hourly);
  const counted = spend ? quantity : quantity * BigInt(commitment.perMachineHour ?? 1);
  return {
    row,
    charge: {
      start: slot.start,
      end: slot.end,
      costs: {
        billed: 0n,
        effective,
        list: quantity * prices.list,
        contracted: quantity * prices.contracted,
      },
      priced: { quantity, prices },
      commitment: counted,
    },
  };
}

/** The days that a fee falling on this day pays for; none where no fee falls on it. */
function feeDays(commitment: Commitment, day: SampleDay, month: SampleMonth): SampleDay[] {
  if (!inForce(commitment, day.date)) return [];
  if (commitment.fee === 'daily') return [day];
  const days = month.days.filter((each) => inForce(commitment, each.date));
  return days[0] === day ? days : [];
}

/** The fee of a commitment that falls on a day, if one does. */
export function feeOn(
  commitment: Commitment,
  day: SampleDay,
  month: SampleMonth,
): { row: string[]; charge: Charge } | null {
  const days = feeDays(commitment, day, month);
  const last = days.at(-1);
  if (!last) return null;
  const spend = commitment.category === 'Spend';
  const hourly = price(commitment.hourly);
  const quantity = hoursADay * BigInt(days.length) * BigInt(commitment.machines ?? 1);
  const fee = quantity * hourly;
  const toDate = commitment.fee === 'monthly' && !month.finished ? ', month to date' : '';
  const row = cells({
    ...placed(commitment.service, commitment.owner, commitment.region),
    ...committed(commitment),
    ...skuIds(commitment.service, commitment.meter, commitment.region ?? '', commitment.id),
    ChargeCategory: 'Purchase',
    ChargeDescription: `${commitment.type} fee, ${commitment.name}${toDate}`,
    ChargeFrequency: commitment.fee === 'once' ? 'One-Time' : 'Recurring',
    PricingCategory: 'Standard',
    PricingUnit: 'Hours',
    ResourceId: commitment.id,
    ResourceName: commitment.name,
    ResourceType: commitment.type,
    SkuMeter: commitment.meter,
  });
  return {
    row,
    charge: {
      start: day.start,
      end: last.end,
      costs: { billed: fee, effective: 0n, list: fee, contracted: fee },
      priced: { quantity, prices: { list: hourly, contracted: hourly } },
      commitment: spend ? fee / microDollar : quantity * BigInt(commitment.perMachineHour ?? 1),
    },
  };
}
