import * as z from 'zod/mini';
import {
  amountOf,
  currencyOf,
  dayOf,
  maybeText,
  monthsOf,
  plainRow,
  type SheetContext,
  type SheetRow,
} from './sheet-row.ts';

/** An item of the Azure retail prices API; numbers are text. */
export const azureItemShape = z.object({
  currencyCode: maybeText,
  tierMinimumUnits: maybeText,
  reservationTerm: maybeText,
  retailPrice: maybeText,
  armRegionName: maybeText,
  effectiveStartDate: maybeText,
  effectiveEndDate: maybeText,
  skuId: maybeText,
  meterName: maybeText,
  productName: maybeText,
  skuName: maybeText,
  unitOfMeasure: maybeText,
  type: maybeText,
  isPrimaryMeterRegion: z.nullish(z.boolean()),
  armSkuName: maybeText,
  savingsPlan: z.nullish(z.array(z.object({ retailPrice: maybeText, term: maybeText }))),
});
type AzureItem = z.infer<typeof azureItemShape>;

/**
 * One item and the savings plan rates in it. The price of a reservation is that of its whole term,
 * although its unit says an hour; so it stands as what is paid at the start.
 */
export function azureItem(item: AzureItem, row: number, context: SheetContext): void {
  const { file, sink, reading, today } = context;
  const place = (column: string) => ({ file, row, column });
  if (item.isPrimaryMeterRegion === false) {
    sink.leaveOut('SECOND_METER', 'Meters that are not the first of their region are not charged.');
    return;
  }
  if (item.type === 'DevTestConsumption') {
    sink.leaveOut('DEV_TEST', 'Prices for dev/test subscriptions were not read.');
    return;
  }
  const name = item.armSkuName || item.meterName || '';
  const amount = amountOf(item.retailPrice ?? '', place('retailPrice'));
  const words = `${item.skuName ?? ''} ${item.meterName ?? ''}`;
  const spot = /\bspot\b|low priority/i.test(words);
  const term = monthsOf(item.reservationTerm ?? '', place('reservationTerm'));
  if (item.armSkuName && amount === '0' && term === 0) {
    sink.leaveOut('ZERO_PRICE', 'Machines are listed at 0, which is no price.');
    return;
  }
  const validFrom = item.effectiveStartDate
    ? dayOf(item.effectiveStartDate, place('effectiveStartDate'))
    : (reading.date ?? today);
  const price: SheetRow = {
    ...plainRow,
    row,
    provider: 'azure',
    sku: name,
    skuId: item.skuId ?? '',
    variant: variantOf(item),
    region: item.armRegionName || (reading.region ?? ''),
    currency: currencyOf(item.currencyCode ?? reading.currency ?? '', place('currencyCode')),
    unit: item.unitOfMeasure ?? '',
    purchase: term > 0 ? 'commitment' : spot ? 'spot' : 'on-demand',
    offer: term > 0 ? 'reserved' : '',
    termMonths: term,
    payment: term > 0 ? 'all' : '',
    tier: amountOf(item.tierMinimumUnits ?? '0', place('tierMinimumUnits')),
    amount: term > 0 ? '0' : amount,
    upfront: term > 0 ? amount : null,
    validFrom,
    validTo: item.effectiveEndDate ? dayOf(item.effectiveEndDate, place('effectiveEndDate')) : null,
  };
  sink.price(price);
  for (const plan of item.savingsPlan ?? []) {
    sink.price({
      ...price,
      purchase: 'commitment',
      offer: 'savings-plan',
      termMonths: monthsOf(plan.term ?? '', place('savingsPlan.term')),
      payment: 'none',
      amount: amountOf(plan.retailPrice ?? '', place('savingsPlan.retailPrice')),
      upfront: null,
    });
  }
}

function variantOf(item: AzureItem): string {
  if (!item.armSkuName) return '';
  const software = /\bwindows\b/i.test(item.productName ?? '') ? ['Windows'] : [];
  const lowPriority = /low priority/i.test(item.skuName ?? '') ? ['Low priority'] : [];
  return [...software, ...lowPriority].join('; ');
}
