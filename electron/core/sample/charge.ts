import { costDigits, plain, priceDigits, quantityDigits } from './amounts.ts';
import { at, type Column } from './columns.ts';

/** The four costs of a charge, in 1e-16 dollars. */
export interface Costs {
  billed: bigint;
  effective: bigint;
  list: bigint;
  contracted: bigint;
}

/** Unit prices, in 1e-10 dollars. */
export interface Prices {
  list: bigint;
  contracted: bigint;
}

/** What changes from charge to charge of the same row; a quantity counts millionths. */
export interface Charge {
  start: string;
  end: string;
  costs: Costs;
  /** Pricing quantity and the unit prices that belong to it. */
  priced?: { quantity: bigint; prices: Prices };
  consumed?: bigint;
  commitment?: bigint;
}

/** Columns that hold for a whole file month. */
export interface Period {
  start: string;
  end: string;
  invoice: string;
}

const money = (value: bigint): string => plain(value, costDigits);
const unitPrice = (value: bigint): string => plain(value, priceDigits);
const amount = (value: bigint): string => plain(value, quantityDigits);

/** Writes a charge into a row of cells and returns the row's line. The cells are used again. */
export function lineOf(row: string[], charge: Charge, period: Period): string {
  const set = (column: Column, text: string): void => {
    row[at[column]] = text;
  };
  set('BillingPeriodStart', period.start);
  set('BillingPeriodEnd', period.end);
  set('InvoiceId', period.invoice);
  set('ChargePeriodStart', charge.start);
  set('ChargePeriodEnd', charge.end);
  const { costs, priced } = charge;
  const effective = money(costs.effective);
  set('BilledCost', money(costs.billed));
  set('EffectiveCost', effective);
  set('PricingCurrencyEffectiveCost', effective);
  set('ListCost', money(costs.list));
  set('ContractedCost', money(costs.contracted));
  if (priced) {
    const list = unitPrice(priced.prices.list);
    const contracted = unitPrice(priced.prices.contracted);
    set('PricingQuantity', amount(priced.quantity));
    set('ListUnitPrice', list);
    set('PricingCurrencyListUnitPrice', list);
    set('ContractedUnitPrice', contracted);
    set('PricingCurrencyContractedUnitPrice', contracted);
  }
  if (charge.consumed !== undefined) set('ConsumedQuantity', amount(charge.consumed));
  if (charge.commitment !== undefined) set('CommitmentDiscountQuantity', amount(charge.commitment));
  return row.join(',');
}
