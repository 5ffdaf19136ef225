import fc from 'fast-check';

/**
 * Random lines of a bill, each with the charges that it must become spelled out beside the cells
 * of each format: what is expected never comes from the product. Amounts are in 1e-24 units.
 */
export interface ExpectedCharge {
  period: string;
  day: string;
  account: string | null;
  service: string;
  region: string | null;
  resource: string | null;
  charge: string | null;
  team: string | null;
  currency: string;
  billed: bigint | null;
  effective: bigint | null;
  list: bigint | null;
  contracted: bigint | null;
}

export interface RandomLine {
  /** Cells by the slash names of the legacy report; snake names are made of them. */
  cells: Record<string, string>;
  /** A record of the Google export; amounts are JSON number texts. */
  google: GoogleRecord;
  cur: ExpectedCharge;
  googleCharges: ExpectedCharge[];
  focus: { cells: Record<string, string>; charge: ExpectedCharge };
}

export interface GoogleRecord {
  account: string;
  project: string | null;
  service: string;
  region: string | null;
  resource: string | null;
  team: string | null;
  costType: string;
  start: string;
  month: string;
  currency: string;
  cost: string | null;
  list: string | null;
  credits: { name: string; type: string; amount: string }[];
}

export const unit = 10n ** 24n;

/** Plain decimal text of an amount. */
export function decimal(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const digits = String(value < 0n ? -value : value).padStart(25, '0');
  const fraction = digits.slice(-24).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -24)}${fraction ? `.${fraction}` : ''}`;
}

/** A number as JSON allows it, with or without an exponent. */
function spelled(value: bigint, exponent: boolean): string {
  if (!exponent) return decimal(value);
  const digits = String(value < 0n ? -value : value);
  return `${value < 0n ? '-' : ''}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}E${digits.length - 25}`;
}

/** At most nine digits before the point and `decimals` behind it. */
function amountOf(decimals: number): fc.Arbitrary<{ value: bigint; text: string }> {
  return fc
    .record({
      digits: fc.oneof(
        fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }),
        fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n }),
      ),
      decimals: fc.integer({ min: 0, max: decimals }),
      exponent: fc.boolean(),
    })
    .map(({ digits, decimals: places, exponent }) => {
      const value = (digits * 10n ** BigInt(24 - places)) % 10n ** 33n;
      return { value, text: spelled(value, exponent) };
    });
}

const amount = amountOf(24);
/** Sums of two are held in twenty decimals. */
const addend = amountOf(20);
const maybe = fc.option(amount, { freq: 5 });
const word = fc.constantFrom('a', '007', '1e3', 'x,y', 'q"q', 'é ü', 'it is');
const maybeWord = fc.option(word, { freq: 4 });
const team = fc.option(fc.constantFrom('red', 'blue "x"', '12'), { freq: 2 });

const moment = fc
  .record({
    seconds: fc.integer({ min: 1_767_000_000, max: 1_772_000_000 }),
    style: fc.constantFrom('z', 'ms', 'none', 'east'),
  })
  .map(({ seconds, style }) => {
    const at = (offset: number) =>
      new Date((seconds + offset * 3600) * 1000).toISOString().slice(0, 19);
    const text = {
      z: `${at(0)}Z`,
      ms: `${at(0)}.250Z`,
      none: at(0).replace('T', ' '),
      east: `${at(5)}+05:00`,
    }[style];
    return { text, day: at(0).slice(0, 10) };
  });

/** Line item types with what each costs: the column that says so, and the FOCUS category. */
const types = [
  'Usage',
  'Tax',
  'Credit',
  'Refund',
  'EdpDiscount',
  'SavingsPlanCoveredUsage',
  'SavingsPlanNegation',
  'SavingsPlanRecurringFee',
  'SavingsPlanUpfrontFee',
  'DiscountedUsage',
  'RIFee',
  'Fee',
  'Fee of a reservation',
] as const;

const categories: Record<string, string> = {
  Tax: 'Tax',
  Credit: 'Credit',
  Refund: 'Adjustment',
  EdpDiscount: 'Adjustment',
  SavingsPlanRecurringFee: 'Purchase',
  SavingsPlanUpfrontFee: 'Purchase',
  RIFee: 'Purchase',
  Fee: 'Purchase',
  'Fee of a reservation': 'Purchase',
};

export const randomLine: fc.Arbitrary<RandomLine> = fc
  .record({
    type: fc.constantFrom(...types),
    account: fc.constantFrom('000111222333', '444455556666'),
    service: word,
    region: maybeWord,
    resource: maybeWord,
    team,
    currency: fc.constantFrom('USD', 'USD', 'EUR', 'JPY'),
    moment,
    period: fc.constantFrom('2026-01', '2026-02'),
    billed: maybe,
    covered: maybe,
    first: addend,
    second: addend,
    list: maybe,
    net: maybe,
    costType: fc.constantFrom('regular', 'tax', 'adjustment', 'rounding_error'),
    credits: fc.array(
      fc.record({ amount, type: fc.constantFrom('PROMOTION', 'COMMITTED_USAGE_DISCOUNT') }),
      { maxLength: 3 },
    ),
  })
  .map((line) => {
    const value = (of: { value: bigint } | null) => of?.value ?? null;
    const text = (of: { text: string } | null) => of?.text ?? '';
    const common = {
      period: line.period,
      day: line.moment.day,
      service: line.service,
      region: line.region,
      resource: line.resource,
      team: line.team,
      currency: line.currency,
    };
    const effective = {
      SavingsPlanCoveredUsage: value(line.covered),
      DiscountedUsage: value(line.covered),
      SavingsPlanNegation: 0n,
      SavingsPlanUpfrontFee: 0n,
      'Fee of a reservation': 0n,
      SavingsPlanRecurringFee: line.first.value - line.second.value,
      RIFee: line.first.value + line.second.value,
    }[line.type as string];
    const isReservation = line.type === 'Fee of a reservation';
    return {
      cells: {
        'bill/PayerAccountId': '000111222333',
        'bill/BillingPeriodStartDate': `${line.period}-01T00:00:00.000Z`,
        'lineItem/UsageAccountId': line.account,
        'lineItem/LineItemType': isReservation ? 'Fee' : line.type,
        'lineItem/UsageStartDate': line.moment.text,
        'lineItem/ProductCode': line.service,
        'lineItem/ResourceId': line.resource ?? '',
        'lineItem/UsageAmount': '1',
        'lineItem/CurrencyCode': line.currency,
        'lineItem/UnblendedCost': text(line.billed),
        'lineItem/NetUnblendedCost': text(line.net),
        'product/region': line.region ?? '',
        'pricing/publicOnDemandCost': text(line.list),
        'pricing/unit': 'Hrs',
        'reservation/ReservationARN': isReservation ? 'arn:ri' : '',
        'reservation/EffectiveCost': line.type === 'DiscountedUsage' ? text(line.covered) : '',
        'reservation/UnusedAmortizedUpfrontFeeForBillingPeriod': line.first.text,
        'reservation/UnusedRecurringFee': line.second.text,
        'savingsPlan/SavingsPlanEffectiveCost': text(line.covered),
        'savingsPlan/TotalCommitmentToDate': line.first.text,
        'savingsPlan/UsedCommitment': line.second.text,
        team: line.team ?? '',
      },
      cur: {
        ...common,
        account: line.account,
        charge: categories[line.type] ?? 'Usage',
        billed: value(line.billed),
        effective: effective === undefined ? value(line.billed) : effective,
        list: value(line.list),
        contracted: value(line.net),
      },
      google: {
        account: '01AB-02CD',
        project: line.account,
        service: line.service,
        region: line.region,
        resource: line.resource,
        team: line.team,
        costType: line.costType,
        start: line.moment.text,
        month: line.period.replace('-', ''),
        currency: line.currency,
        cost: line.billed?.text ?? null,
        list: line.list?.text ?? null,
        credits: line.credits.map(({ amount: credit, type }, i) => ({
          name: `credit ${i}`,
          type,
          amount: credit.text,
        })),
      },
      googleCharges: [
        {
          ...common,
          account: line.account,
          charge:
            line.costType === 'regular' ? 'Usage' : line.costType === 'tax' ? 'Tax' : 'Adjustment',
          billed: value(line.billed),
          effective: value(line.billed),
          list: value(line.list),
          contracted: null,
        },
        ...line.credits.map(({ amount: credit }) => ({
          ...common,
          account: line.account,
          charge: 'Credit',
          billed: credit.value,
          effective: credit.value,
          list: null,
          contracted: null,
        })),
      ],
      focus: {
        cells: {
          ProviderName: 'Vendor',
          BillingAccountId: '1',
          SubAccountId: line.account,
          BillingPeriodStart: `${line.period}-01`,
          ChargePeriodStart: line.moment.text,
          ChargeCategory: 'Usage',
          ServiceName: line.service,
          RegionId: line.region ?? '',
          ResourceId: line.resource ?? '',
          BilledCost: text(line.billed),
          EffectiveCost: text(line.covered),
          ListCost: text(line.list),
          ContractedCost: text(line.net),
          BillingCurrency: line.currency,
          Tags: line.team === null ? '' : JSON.stringify({ team: line.team }),
        },
        charge: {
          ...common,
          account: line.account,
          charge: 'Usage',
          billed: value(line.billed),
          effective: value(line.covered),
          list: value(line.list),
          contracted: value(line.net),
        },
      },
    };
  });

/** `lineItem/UnblendedCost` as CUR 2.0 and Athena spell it. */
export function snakeName(name: string): string {
  return name
    .replace('/', '_')
    .replaceAll('ARN', '_a_r_n')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('__', '_')
    .toLowerCase();
}
