import * as z from 'zod/mini';
import type { CsvRecord } from './csv-records.ts';
import {
  amountOf,
  currencyOf,
  dayOf,
  maybeText,
  monthsOf,
  paymentOf,
  plainRow,
  type SheetContext,
  type SheetRow,
} from './sheet-row.ts';

/**
 * AWS price lists: offer files of the bulk API in JSON and CSV, and the elements of the query API.
 * A reserved offer has two parts, an hourly one ("Hrs") and one at its start ("Quantity"); they are
 * one price here.
 */

/** Names of attributes in the JSON, and of the columns in the CSV. */
const attributes = {
  instanceType: 'Instance Type',
  usagetype: 'usageType',
  regionCode: 'Region Code',
  location: 'Location',
  operatingSystem: 'Operating System',
  tenancy: 'Tenancy',
  preInstalledSw: 'Pre Installed S/W',
  capacitystatus: 'CapacityStatus',
  licenseModel: 'License Model',
  marketoption: 'MarketOption',
} as const;
type Attributes = Partial<Record<string, string | null>>;

interface Term {
  row: number;
  skuId: string;
  offerCode: string;
  reserved: boolean;
  effective: string;
  lease: string;
  purchaseOption: string;
  offeringClass: string;
  unit: string;
  currency: string;
  amount: string;
  start: string;
}

/** Parts of reserved offers that wait for their other half. */
type Halves = Map<string, SheetRow>;

const termShape = z.object({
  effectiveDate: maybeText,
  offerTermCode: maybeText,
  termAttributes: z.nullish(
    z.object({
      LeaseContractLength: maybeText,
      PurchaseOption: maybeText,
      OfferingClass: maybeText,
    }),
  ),
  priceDimensions: z.nullish(
    z.record(
      z.string(),
      z.object({
        unit: maybeText,
        beginRange: maybeText,
        pricePerUnit: z.nullish(z.record(z.string(), z.string())),
      }),
    ),
  ),
});
type JsonTerm = z.infer<typeof termShape>;
const productShape = z.object({
  sku: maybeText,
  attributes: z.nullish(z.record(z.string(), maybeText)),
});

export const awsOfferShape = z.object({
  publicationDate: maybeText,
  products: z.record(z.string(), productShape),
  terms: z.record(z.string(), z.record(z.string(), z.record(z.string(), termShape))),
});
export const awsProductShape = z.object({
  publicationDate: maybeText,
  product: productShape,
  terms: z.record(z.string(), z.record(z.string(), termShape)),
});

/** An offer file: products and terms apart. */
export function awsOfferFile(offer: z.infer<typeof awsOfferShape>, context: SheetContext): void {
  if (offer.publicationDate) {
    context.sink.dated(dayOf(offer.publicationDate, place(context, 0, 'publicationDate')));
  }
  const halves: Halves = new Map();
  let row = 0;
  for (const [termType, skus] of Object.entries(offer.terms)) {
    for (const [skuId, terms] of Object.entries(skus)) {
      const of = offer.products[skuId]?.attributes ?? {};
      for (const [code, term] of Object.entries(terms)) {
        row++;
        readTerm({ row, skuId, code, termType, term }, of, halves, context);
      }
    }
  }
  finish(halves, context);
}

/** One element of the query API: a product with its terms. */
export function awsProduct(
  element: z.infer<typeof awsProductShape>,
  row: number,
  context: SheetContext,
): void {
  const halves: Halves = new Map();
  const skuId = element.product.sku ?? '';
  if (element.publicationDate) {
    context.sink.dated(dayOf(element.publicationDate, place(context, row, 'publicationDate')));
  }
  for (const [termType, terms] of Object.entries(element.terms)) {
    for (const [code, term] of Object.entries(terms)) {
      readTerm(
        { row, skuId, code, termType, term },
        element.product.attributes ?? {},
        halves,
        context,
      );
    }
  }
  finish(halves, context);
}

function readTerm(
  {
    row,
    skuId,
    code,
    termType,
    term,
  }: { row: number; skuId: string; code: string; termType: string; term: JsonTerm },
  of: Attributes,
  halves: Halves,
  context: SheetContext,
): void {
  for (const dimension of Object.values(term.priceDimensions ?? {})) {
    for (const [currency, amount] of Object.entries(dimension.pricePerUnit ?? {})) {
      add(
        {
          row,
          skuId,
          offerCode: term.offerTermCode ?? code,
          reserved: termType === 'Reserved',
          effective: term.effectiveDate ?? '',
          lease: term.termAttributes?.LeaseContractLength ?? '',
          purchaseOption: term.termAttributes?.PurchaseOption ?? '',
          offeringClass: term.termAttributes?.OfferingClass ?? '',
          unit: dimension.unit ?? '',
          currency,
          amount,
          start: dimension.beginRange ?? '0',
        },
        of,
        halves,
        context,
      );
    }
  }
}

/** Whether the first record of a CSV is the first of the five lines before an offer's header. */
export function isAwsOfferCsv(first: readonly string[]): boolean {
  return first[0] === 'FormatVersion';
}

/** Takes the records of an offer's CSV one by one, from the first; `end` when there are no more. */
export function awsOfferCsv(context: SheetContext) {
  const halves: Halves = new Map();
  let at: Map<string, number> | null = null;
  return {
    record: ({ row, cells }: CsvRecord): void => {
      if (at === null) {
        if (cells[0] === 'SKU') at = new Map(cells.map((name, i) => [name, i]));
        else if (cells[0] === 'Publication Date') {
          context.sink.dated(dayOf(cells[1] ?? '', place(context, row, 'Publication Date')));
        }
        return;
      }
      const columns = at;
      const cell = (name: string) => cells[columns.get(name) ?? -1] ?? '';
      add(
        {
          row,
          skuId: cell('SKU'),
          offerCode: cell('OfferTermCode'),
          reserved: cell('TermType') === 'Reserved',
          effective: cell('EffectiveDate'),
          lease: cell('LeaseContractLength'),
          purchaseOption: cell('PurchaseOption'),
          offeringClass: cell('OfferingClass'),
          unit: cell('Unit'),
          currency: cell('Currency'),
          amount: cell('PricePerUnit'),
          start: cell('StartingRange'),
        },
        Object.fromEntries(Object.entries(attributes).map(([key, column]) => [key, cell(column)])),
        halves,
        context,
      );
    },
    end: (): void => finish(halves, context),
  };
}

function add(term: Term, of: Attributes, halves: Halves, context: SheetContext): void {
  const { sink, reading, today } = context;
  const { row } = term;
  const amount = amountOf(term.amount, place(context, row, 'PricePerUnit'));
  const machine = of.instanceType ?? '';
  const capacity = of.capacitystatus ?? '';
  if (isPaidElsewhere(of) && amount === '0') {
    sink.leaveOut(
      'CAPACITY_BLOCK',
      'Hours of capacity that is paid ahead (capacity blocks, reserved capacity) are listed at 0, which is no price.',
    );
    return;
  }
  if (machine !== '' && !term.reserved && amount === '0') {
    sink.leaveOut('ZERO_PRICE', 'Machines are listed at 0, which is no price.');
    return;
  }
  const price: SheetRow = {
    ...plainRow,
    row,
    provider: 'aws',
    sku: machine || of.usagetype || term.skuId,
    skuId: term.skuId,
    variant: machine === '' ? '' : variantOf(of, capacity, term.offeringClass),
    region: of.regionCode || of.location || (reading.region ?? ''),
    currency: currencyOf(term.currency, place(context, row, 'Currency')),
    unit: term.unit,
    tier: term.start === '' ? '0' : amountOf(term.start, place(context, row, 'StartingRange')),
    amount,
    validFrom:
      term.effective === ''
        ? (reading.date ?? today)
        : dayOf(term.effective, place(context, row, 'EffectiveDate')),
  };
  if (!term.reserved) {
    sink.price(price);
    return;
  }
  const committed: SheetRow = {
    ...price,
    purchase: 'commitment',
    offer: 'reserved',
    termMonths: monthsOf(term.lease, place(context, row, 'LeaseContractLength')),
    payment: paymentOf(term.purchaseOption, place(context, row, 'PurchaseOption')),
  };
  const upfront = term.unit === 'Quantity';
  const key = `${term.skuId}.${term.offerCode}.${term.currency}`;
  const other = halves.get(key);
  const half: SheetRow = upfront
    ? { ...(other ?? { ...committed, amount: '0', unit: 'Hrs' }), upfront: amount }
    : { ...committed, upfront: other?.upfront ?? null };
  if (other) {
    halves.delete(key);
    sink.price(half);
  } else {
    halves.set(key, half);
  }
}

/** Offers without a fee at their start have one part only. */
function finish(halves: Halves, context: SheetContext): void {
  for (const price of halves.values()) context.sink.price(price);
  halves.clear();
}

function isPaidElsewhere(of: Attributes): boolean {
  return (
    /CapacityBlock|^(?:[A-Z0-9]+-)?(?:Reservation|DedicatedRes):/i.test(of.usagetype ?? '') ||
    /CapacityBlock/i.test(of.marketoption ?? '') ||
    of.capacitystatus === 'AllocatedCapacityReservation'
  );
}

/** What sets a machine's price apart from Linux on shared hardware without extra software. */
function variantOf(of: Attributes, capacity: string, offeringClass: string): string {
  const plain = new Set([
    '',
    'NA',
    'N/A',
    'Linux',
    'Shared',
    'Used',
    'No License required',
    'standard',
  ]);
  return [
    of.operatingSystem,
    of.tenancy,
    of.preInstalledSw,
    of.licenseModel,
    capacity,
    offeringClass,
  ]
    .filter((value) => !plain.has(value ?? ''))
    .join('; ');
}

function place({ file }: SheetContext, row: number, column: string) {
  return { file, row, column };
}
