import { beforeAll, describe, expect, test } from 'vitest';
import { type Charge, charges, units } from './sampleBill.ts';

/** The FOCUS 1.2 requirements that can be told from one row, as the sample has to keep them. */
const moneyColumns = [
  'BilledCost',
  'EffectiveCost',
  'ListCost',
  'ContractedCost',
  'PricingCurrencyEffectiveCost',
];
const numberColumns = [
  ...moneyColumns,
  'ListUnitPrice',
  'ContractedUnitPrice',
  'PricingCurrencyListUnitPrice',
  'PricingCurrencyContractedUnitPrice',
  'PricingQuantity',
  'ConsumedQuantity',
  'CommitmentDiscountQuantity',
];
const notNull = [
  'BillingAccountId',
  'BillingAccountName',
  'BillingAccountType',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'InvoiceIssuerName',
  'PricingCurrency',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  ...moneyColumns,
];
/** Columns that are null together. */
const together = [
  ['RegionId', 'RegionName'],
  ['ResourceId', 'ResourceType'],
  ['SubAccountId', 'SubAccountName'],
  ['SubAccountId', 'SubAccountType'],
  ['SkuId', 'SkuMeter'],
  ['SkuId', 'SkuPriceId'],
  ['PricingQuantity', 'PricingUnit'],
  ['PricingQuantity', 'ListUnitPrice'],
  ['PricingQuantity', 'ContractedUnitPrice'],
  ['ListUnitPrice', 'PricingCurrencyListUnitPrice'],
  ['ContractedUnitPrice', 'PricingCurrencyContractedUnitPrice'],
  ['ConsumedQuantity', 'ConsumedUnit'],
  ['CommitmentDiscountId', 'CommitmentDiscountName'],
  ['CommitmentDiscountId', 'CommitmentDiscountCategory'],
  ['CommitmentDiscountId', 'CommitmentDiscountType'],
  ['CommitmentDiscountId', 'CommitmentDiscountQuantity'],
  ['CommitmentDiscountId', 'CommitmentDiscountUnit'],
] as const;
const allowed: Record<string, readonly string[]> = {
  BillingCurrency: ['USD'],
  ChargeCategory: ['Usage', 'Purchase', 'Tax', 'Credit'],
  ChargeClass: ['', 'Correction'],
  ChargeFrequency: ['One-Time', 'Recurring', 'Usage-Based'],
  PricingCategory: ['', 'Standard', 'Dynamic', 'Committed'],
  CommitmentDiscountCategory: ['', 'Spend', 'Usage'],
  CommitmentDiscountStatus: ['', 'Used', 'Unused'],
  CapacityReservationStatus: ['', 'Used', 'Unused'],
};
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:00:00Z$/;

/** 1e-27 times 1e-27, against one cost: both scales are undone. */
const product = (price: string, quantity: string): bigint => units(price) * units(quantity);
const scale = 10n ** 27n;

function hoursBetween(start: string, end: string): number {
  return (Date.parse(end) - Date.parse(start)) / 3_600_000;
}

function nextMonth(start: string): string {
  const date = new Date(start);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1))
    .toISOString()
    .replace('.000', '');
}

/** What is wrong with a row, each fault in a few words. */
function faults(row: Charge): string[] {
  const found: string[] = [];
  const rule = (words: string, kept: boolean): void => {
    if (!kept) found.push(words);
  };
  const has = (column: string): boolean => row[column] !== '';
  const usage = row.ChargeCategory === 'Usage';
  const purchase = row.ChargeCategory === 'Purchase';
  const correction = row.ChargeClass === 'Correction';
  const unused = row.CommitmentDiscountStatus === 'Unused';

  for (const column of notNull) rule(`${column} is null`, has(column));
  for (const [one, other] of together) rule(`${one} without ${other}`, has(one) === has(other));
  for (const [column, values] of Object.entries(allowed))
    rule(`${column} is "${row[column]}"`, values.includes(row[column] ?? ''));
  for (const column of numberColumns) if (has(column)) units(row[column] ?? '');

  const start = row.BillingPeriodStart ?? '';
  rule('billing period is a month', start.slice(8) === '01T00:00:00Z');
  rule('billing period ends with the month', row.BillingPeriodEnd === nextMonth(start));
  rule('charge period is whole hours', instant.test(row.ChargePeriodStart ?? ''));
  rule('charge period is whole hours', instant.test(row.ChargePeriodEnd ?? ''));
  const length = hoursBetween(row.ChargePeriodStart ?? '', row.ChargePeriodEnd ?? '');
  rule('charge period is an hour or whole days', length === 1 || (length > 0 && length % 24 === 0));
  const inside =
    (row.ChargePeriodStart ?? '') >= start &&
    (row.ChargePeriodEnd ?? '') <= (row.BillingPeriodEnd ?? '');
  rule('charge period within the billing period, corrections before it', inside === !correction);
  rule('invoice of finished months alone', has('InvoiceId') === start < '2026-11-01');

  if ((usage || purchase) && !correction) {
    for (const column of ['SkuId', 'SkuPriceId', 'PricingCategory', 'PricingQuantity'])
      rule(`${column} of ${row.ChargeCategory}`, has(column));
  }
  if (row.ChargeCategory === 'Tax') {
    for (const column of ['SkuId', 'PricingCategory', 'PricingQuantity', 'SkuPriceDetails'])
      rule(`${column} of a tax`, !has(column));
  }
  rule(
    'consumed is usage that happened',
    has('ConsumedQuantity') === (usage && !unused && !correction),
  );
  rule('purchases are not usage-based', !purchase || row.ChargeFrequency !== 'Usage-Based');

  if (has('PricingQuantity')) {
    const quantity = row.PricingQuantity ?? '';
    const list = product(row.ListUnitPrice ?? '', quantity);
    const contracted = product(row.ContractedUnitPrice ?? '', quantity);
    rule('list cost is price times quantity', list === units(row.ListCost ?? '') * scale);
    const cost = units(row.ContractedCost ?? '') * scale;
    rule('contracted cost is price times quantity', contracted === cost);
    rule('contracted is not above list', contracted <= list);
  }
  rule('one currency', row.PricingCurrencyEffectiveCost === row.EffectiveCost);

  const committed = has('CommitmentDiscountId');
  rule('status is of committed usage', has('CommitmentDiscountStatus') === (committed && usage));
  rule('committed pricing', (row.PricingCategory === 'Committed') === (committed && usage));
  if (committed && usage) rule('committed usage is not billed', row.BilledCost === '0');
  if (committed && purchase) {
    rule('a fee is not effective', row.EffectiveCost === '0');
    rule('a fee is billed at its contract', row.BilledCost === row.ContractedCost);
  }
  if (committed && (purchase || unused))
    rule('the commitment is the resource', row.ResourceId === row.CommitmentDiscountId);
  rule(
    'a capacity reservation has a status where used',
    has('CapacityReservationStatus') === (has('CapacityReservationId') && usage),
  );
  const alike = !committed && row.ChargeCategory !== 'Tax';
  if (alike) rule('effective is billed', row.EffectiveCost === row.BilledCost);
  if (row.ChargeCategory === 'Credit' || correction) {
    rule('money back', units(row.BilledCost ?? '') < 0n);
    rule('list is billed', row.ListCost === row.BilledCost);
    rule('contracted is billed', row.ContractedCost === row.BilledCost);
  } else {
    rule(
      'nothing negative',
      moneyColumns.every((column) => !row[column]?.startsWith('-')),
    );
  }
  rule('a name is not the id', !has('ResourceName') || row.ResourceName !== row.ResourceId);
  for (const column of ['Tags', 'SkuPriceDetails']) {
    if (!has(column)) continue;
    const values = Object.values(JSON.parse(row[column] ?? '') as Record<string, unknown>);
    rule(
      `${column} is flat`,
      values.every((value) => typeof value !== 'object'),
    );
  }
  return found;
}

const counts = { rows: 0 };
const broken: string[] = [];
const headers = new Set<string>();
/** Columns that one value of another column fixes; what was seen of each. */
const fixedBy = [
  ['SkuPriceId', 'SkuId'],
  ['SkuId', 'SkuMeter'],
  ['SkuPriceId', 'SkuPriceDetails'],
  ['SkuPriceId', 'PricingUnit'],
  ['ServiceName', 'ServiceCategory'],
  ['ServiceName', 'ServiceSubcategory'],
  ['RegionId', 'RegionName'],
  ['ResourceId', 'ResourceName'],
  ['SubAccountId', 'SubAccountName'],
  ['CommitmentDiscountId', 'CommitmentDiscountUnit'],
  ['InvoiceId', 'BillingPeriodStart'],
] as const;
const fixed = fixedBy.map(() => new Map<string, string>());
const clashes = new Set<string>();
const fees = new Map<string, { fee: bigint; used: bigint; unused: bigint }>();
const seen = new Map<string, Set<string>>();
const tagCells = new Set<string>();

beforeAll(() => {
  for (const { charge, columns } of charges()) {
    counts.rows += 1;
    headers.add(columns.join(','));
    tagCells.add(charge.Tags ?? '');
    for (const fault of faults(charge)) {
      if (broken.length < 20) broken.push(`${fault}: ${JSON.stringify(charge)}`);
    }
    for (const [index, [key, value]] of fixedBy.entries()) {
      const name = charge[key];
      // A correction leaves the pricing columns open.
      if (!name || charge.ChargeClass) continue;
      const known = fixed[index]?.get(name);
      if (known === undefined) fixed[index]?.set(name, charge[value] ?? '');
      else if (known !== charge[value]) clashes.add(`${key} ${name}: ${value}`);
    }
    for (const column of ['ChargeCategory', 'PricingCategory', 'ChargeClass', 'SubAccountName']) {
      const values = seen.get(column) ?? new Set();
      seen.set(column, values.add(charge[column] ?? ''));
    }
    if (!charge.CommitmentDiscountId) continue;
    const month = charge.BillingPeriodStart?.slice(0, 7);
    const key = `${charge.CommitmentDiscountName} ${month}`;
    const sums = fees.get(key) ?? { fee: 0n, used: 0n, unused: 0n };
    if (charge.ChargeCategory === 'Purchase') sums.fee += units(charge.BilledCost ?? '');
    else if (charge.CommitmentDiscountStatus === 'Used')
      sums.used += units(charge.EffectiveCost ?? '');
    else sums.unused += units(charge.EffectiveCost ?? '');
    fees.set(key, sums);
  }
}, 60_000);

describe('every row of the sample', () => {
  test('keeps the rules of FOCUS 1.2', () => {
    expect(counts.rows).toBeGreaterThan(60_000);
    expect(broken).toEqual([]);
  });

  test('has the 57 columns of FOCUS 1.2 in every file', () => {
    expect(headers.size).toBe(1);
    const columns = [...headers][0]?.split(',') ?? [];
    expect(columns.length).toBe(57);
    expect([...columns].sort()).toEqual(columns);
    expect(new Set(columns).size).toBe(57);
  });

  test('says the same of a SKU, service, region, resource and commitment everywhere', () => {
    expect([...clashes]).toEqual([]);
  });

  test('knows every kind of charge, price and account', () => {
    expect([...(seen.get('ChargeCategory') ?? [])].sort()).toEqual([
      'Credit',
      'Purchase',
      'Tax',
      'Usage',
    ]);
    expect([...(seen.get('PricingCategory') ?? [])].sort()).toEqual([
      '',
      'Committed',
      'Dynamic',
      'Standard',
    ]);
    expect(seen.get('ChargeClass')).toEqual(new Set(['', 'Correction']));
    expect(seen.get('SubAccountName')?.size).toBe(11);
    expect(tagCells.has('')).toBe(true);
    expect([...tagCells].some((cell) => cell.includes('"env":""'))).toBe(true);
  });
});

/** Thousandths of a commitment used in a month. */
function share(key: string): number {
  const sums = fees.get(key);
  return sums ? Number((sums.used * 1000n) / sums.fee) : Number.NaN;
}

describe('commitments', () => {
  test('are used up exactly: covered plus unused is the fee, every month', () => {
    expect(fees.size).toBeGreaterThan(40);
    const off = [...fees].filter(([, { fee, used, unused }]) => fee <= 0n || used + unused !== fee);
    expect(off).toEqual([]);
  });

  test('are partly unused where use falls short, and full elsewhere', () => {
    expect(share('Compute SP, 22.00/h 2026-10')).toBeGreaterThan(900);
    expect(share('Compute SP, 22.00/h 2026-10')).toBeLessThan(1000);
    expect(share('EC2 Instance SP, g5, 8.40/h 2026-10')).toBeLessThan(900);
    expect(share('h100-8-oct 2026-10')).toBe(1000);
    expect(share('h100-8-oct 2026-11')).toBeLessThan(1000);
  });
});
