import { purchases } from '../../../shared/contract/prices.ts';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { providerOf } from '../../../shared/catalog/services.ts';
import type { CsvRecord } from './csv-records.ts';
import {
  amountOf,
  currencyOf,
  dayOf,
  monthsOf,
  oneOf,
  paymentOf,
  plainRow,
  type SheetContext,
  type SheetRow,
  textOf,
} from './sheet-row.ts';

/** Columns of our own layout (docs/prices.md); other names that people give them stand behind. */
const columns = {
  provider: ['cloud', 'providername'],
  sku: ['instancetype', 'machinetype', 'product', 'meter'],
  region: ['regionid', 'location'],
  currency: ['billingcurrency', 'pricingcurrency'],
  unit: ['pricingunit', 'unitofmeasure'],
  purchase: ['purchaseoption', 'pricingmodel', 'pricetype'],
  price: ['amount', 'rate', 'unitprice', 'contractedunitprice'],
  term: ['commitmentterm', 'leasecontractlength'],
  payment: ['paymentoption'],
  upfront: ['upfrontfee'],
  offer: ['commitmenttype'],
  tier: ['tierstart', 'startingrange'],
  valid_from: ['effectivedate', 'startdate', 'effectivestartdate'],
  valid_to: ['enddate', 'effectiveenddate'],
  variant: [],
  sku_id: [],
  description: ['note', 'comment'],
} as const satisfies Record<string, readonly string[]>;
type Column = keyof typeof columns;

const required: readonly Column[] = ['provider', 'sku', 'unit', 'price'];

/** Whether a header is meant as our layout: it has at least a price and what it is for. */
export function isOwnLayout(header: readonly string[]): boolean {
  const found = header.map(columnOf);
  return found.includes('price') && found.includes('sku');
}

/** Reads rows of our own layout. Throws on the first that cannot be read, naming row and column. */
export function ownLayout(header: readonly string[], context: SheetContext) {
  const { file, reading, today, sink } = context;
  const at = new Map<Column, number>();
  for (const [i, name] of header.entries()) {
    const column = columnOf(name);
    if (column === null) {
      sink.leaveOut('COLUMN_UNKNOWN', `The column ${name.trim() || i + 1} was not read.`);
    } else if (at.has(column)) {
      throw new OutlayError(
        'COLUMN_DUPLICATE',
        `${file}: two columns are the ${column} (${header[at.get(column) ?? 0]} and ${name}). Nothing was changed.`,
        'Keep one of them.',
      );
    } else {
      at.set(column, i);
    }
  }
  const missing = required.filter((column) => !at.has(column));
  if (!at.has('currency') && !reading.currency) missing.push('currency');
  if (missing.length > 0) {
    throw new OutlayError(
      'COLUMN_MISSING',
      `${file} has no column ${missing.join(', ')}. Nothing was changed.`,
      'docs/prices.md lists the columns; --currency gives a currency for the whole file.',
    );
  }
  return ({ row, cells }: CsvRecord): void => {
    const place = (column: Column) => ({
      file,
      row,
      column: header[at.get(column) ?? -1] ?? column,
    });
    const cell = (column: Column) => (cells[at.get(column) ?? -1] ?? '').trim();
    const purchase =
      cell('purchase') === '' ? 'on-demand' : oneOf(cell('purchase'), purchases, place('purchase'));
    const termMonths = monthsOf(cell('term'), place('term'));
    if (purchase === 'commitment' && termMonths === 0) textOf('', place('term'));
    const provider = textOf(cell('provider'), place('provider'));
    const validFrom =
      cell('valid_from') === ''
        ? (reading.date ?? today)
        : dayOf(cell('valid_from'), place('valid_from'));
    const price: SheetRow = {
      ...plainRow,
      row,
      provider: providerOf(provider) ?? provider.toLowerCase(),
      sku: textOf(cell('sku'), place('sku')),
      skuId: cell('sku_id'),
      variant: cell('variant'),
      region: cell('region') || (reading.region ?? ''),
      currency: currencyOf(cell('currency') || (reading.currency ?? ''), place('currency')),
      unit: textOf(cell('unit'), place('unit')),
      purchase,
      offer: cell('offer').toLowerCase(),
      termMonths,
      payment: paymentOf(cell('payment'), place('payment')),
      tier: cell('tier') === '' ? '0' : amountOf(cell('tier'), place('tier')),
      amount: amountOf(cell('price'), place('price')),
      upfront: cell('upfront') === '' ? null : amountOf(cell('upfront'), place('upfront')),
      validFrom,
      validTo: cell('valid_to') === '' ? null : dayOf(cell('valid_to'), place('valid_to')),
    };
    if (price.validTo !== null && price.validTo <= validFrom) {
      throw new OutlayError(
        'DATE_BAD',
        `${file}, row ${row}: the price ends on ${price.validTo}, which is not after its first day, ${validFrom}. Nothing was changed.`,
        'valid_to is the first day on which a price does not hold any more.',
      );
    }
    if (cell('valid_from') !== '' && validFrom <= today) sink.dated(validFrom);
    sink.price(price);
  };
}

function columnOf(name: string): Column | null {
  const key = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const found = Object.entries(columns).find(
    ([column, others]) =>
      column.replace('_', '') === key || (others as readonly string[]).includes(key),
  );
  return (found?.[0] as Column | undefined) ?? null;
}
