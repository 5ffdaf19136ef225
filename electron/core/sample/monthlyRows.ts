import { cost, price, toCents } from './amounts.ts';
import { type AccountKey, accounts, type ProviderKey } from './accounts.ts';
import type { Charge, Costs } from './charge.ts';
import { cells } from './columns.ts';
import { placed, skuIds } from './identity.ts';
import { credits, refunds, subscriptions, taxes } from './monthly.ts';
import type { SampleMonth } from './months.ts';
import { skuOf } from './prices.ts';
import type { ServiceKey } from './services.ts';

interface Row {
  account: AccountKey;
  service: ServiceKey;
  row: string[];
  charge: Charge;
}

const isOf = (provider: ProviderKey) => (each: { account: AccountKey }) =>
  accounts[each.account].provider === provider;

/** Where the charges of a month end: with the month, or with the last day while it runs. */
function chargedUntil(month: SampleMonth): string {
  return month.days.at(-1)?.end ?? month.end;
}

const same = (value: bigint): Costs => ({
  billed: value,
  effective: value,
  list: value,
  contracted: value,
});

/** Support and licences, charged for the whole month when it starts. */
export function subscriptionRows(provider: ProviderKey, month: SampleMonth): Row[] {
  return subscriptions.filter(isOf(provider)).flatMap((each) => {
    const { account, service } = each;
    const count = each.quantity.findLast(([from]) => from <= month.month)?.[1];
    if (count === undefined) return [];
    const quantity = BigInt(count) * 1_000_000n;
    const unitPrice = price(each.price);
    const row = cells({
      ...placed(service, account),
      ...skuIds(service, each.meter, '', 'Subscription'),
      ChargeCategory: 'Purchase',
      ChargeDescription: `${each.meter}, monthly`,
      ChargeFrequency: 'Recurring',
      PricingCategory: 'Standard',
      PricingUnit: each.unit,
      SkuMeter: each.meter,
    });
    const charge: Charge = {
      start: month.start,
      end: month.end,
      costs: same(quantity * unitPrice),
      priced: { quantity, prices: { list: unitPrice, contracted: unitPrice } },
    };
    return [{ account, service, row, charge }];
  });
}

export function creditRows(provider: ProviderKey, month: SampleMonth): Row[] {
  return credits.filter(isOf(provider)).flatMap((each) => {
    const { account, service } = each;
    if (month.month < each.months[0] || month.month > each.months[1]) return [];
    const row = cells({
      ...placed(service, account),
      ChargeCategory: 'Credit',
      ChargeDescription: each.description,
      ChargeFrequency: 'Recurring',
    });
    const costs = same(-cost(each.amount));
    return [
      { account, service, row, charge: { start: month.start, end: chargedUntil(month), costs } },
    ];
  });
}

export function refundRows(provider: ProviderKey, month: SampleMonth): Row[] {
  return refunds.filter(isOf(provider)).flatMap((each) => {
    if (each.billingMonth !== month.month) return [];
    const sku = skuOf(each.sku);
    const row = cells({
      ...placed(sku.service, each.account, each.region),
      ...skuIds(sku.service, sku.meter, each.region, 'OnDemand'),
      ChargeCategory: 'Usage',
      ChargeClass: 'Correction',
      ChargeDescription: each.description,
      ChargeFrequency: 'One-Time',
      PricingCategory: 'Standard',
      SkuMeter: sku.meter,
      SkuPriceDetails: sku.details ? JSON.stringify(sku.details) : null,
    });
    const charge = {
      start: `${each.from}T00:00:00Z`,
      end: `${each.to}T00:00:00Z`,
      costs: same(-cost(each.amount)),
    };
    return [{ account: each.account, service: sku.service, row, charge }];
  });
}

/** What taxes are reckoned on: the costs of a month by account and service. */
export type TaxBase = Map<AccountKey, Map<ServiceKey, Costs>>;

/** Counts a charge into the base, where its account is taxed. */
export function addToBase(
  base: TaxBase,
  account: AccountKey,
  service: ServiceKey,
  costs: Costs,
): void {
  if (!taxes.some((tax) => tax.account === account)) return;
  const services = base.get(account) ?? new Map<ServiceKey, Costs>();
  base.set(account, services);
  const sum = services.get(service) ?? same(0n);
  services.set(service, {
    billed: sum.billed + costs.billed,
    effective: sum.effective + costs.effective,
    list: sum.list + costs.list,
    contracted: sum.contracted + costs.contracted,
  });
}

/** One tax row for each taxed account and service, in whole cents. */
export function taxRows(base: TaxBase, month: SampleMonth): Row[] {
  return taxes.flatMap((tax) =>
    [...(base.get(tax.account) ?? [])].flatMap(([service, sum]) => {
      if (tax.services && !tax.services.includes(service)) return [];
      const on = (value: bigint): bigint => toCents((value * tax.rate) / 100_000n);
      const row = cells({
        ...placed(service, tax.account),
        ChargeCategory: 'Tax',
        ChargeDescription: tax.description,
        ChargeFrequency: 'Recurring',
      });
      const costs = {
        billed: on(sum.billed),
        effective: on(sum.effective),
        list: on(sum.list),
        contracted: on(sum.contracted),
      };
      const charge = { start: month.start, end: chargedUntil(month), costs };
      return [{ account: tax.account, service, row, charge }];
    }),
  );
}
