import { type FocusRow, focusRow } from './focus.ts';

/** One day of one machine: hours at a price, on demand or under a commitment. */
export interface MachineDay {
  /** YYYY-MM-DD */
  day: string;
  /** Hour of the day for an hour row; a day row where absent. */
  hour?: number;
  resource: string;
  account?: string;
  type?: string;
  region?: string;
  hours: number;
  /** On demand, an hour. */
  price: number;
  tags?: Record<string, string>;
  /** Id of what covers it, and what that costs an hour. */
  covered?: { id: string; rate: number };
  spot?: boolean;
}

const cents = (value: number) => value.toFixed(6);

/** A charge of a machine of EC2. */
export function machineRow(of: MachineDay): FocusRow {
  const { day, hour, resource, type = 'p4d.24xlarge', region = 'us-east-1', hours, price } = of;
  const { covered, spot = false, account = '0042', tags } = of;
  const onDemand = hours * price;
  const start =
    hour === undefined ? `${day}T00:00:00Z` : `${day}T${String(hour).padStart(2, '0')}:00:00Z`;
  return focusRow({
    BillingPeriodStart: `${day.slice(0, 7)}-01T00:00:00Z`,
    ChargePeriodStart: start,
    SubAccountId: account,
    ServiceName: 'Amazon Elastic Compute Cloud',
    RegionId: region,
    ResourceId: resource,
    ResourceName: resource,
    SkuId: `${type} ${region}`,
    SkuMeter: `${spot ? 'SpotUsage' : 'BoxUsage'}:${type}`,
    SkuPriceDetails: JSON.stringify({ InstanceType: type }),
    PricingCategory: covered ? 'Committed' : spot ? 'Dynamic' : 'Standard',
    PricingQuantity: String(hours),
    PricingUnit: 'Hours',
    ConsumedQuantity: String(hours),
    ConsumedUnit: 'Hours',
    CommitmentDiscountId: covered?.id ?? '',
    CommitmentDiscountStatus: covered ? 'Used' : '',
    BilledCost: cents(covered ? 0 : onDemand),
    EffectiveCost: cents(covered ? hours * covered.rate : onDemand),
    ListCost: cents(onDemand),
    ContractedCost: cents(onDemand),
    Tags: tags ? JSON.stringify(tags) : '',
  });
}

/** What a commitment left unused on a day. */
export function unusedRow(day: string, id: string, effective: number, meter = ''): FocusRow {
  return focusRow({
    BillingPeriodStart: `${day.slice(0, 7)}-01T00:00:00Z`,
    ChargePeriodStart: `${day}T00:00:00Z`,
    ServiceName: 'Savings Plans for AWS Compute usage',
    SkuMeter: meter,
    PricingCategory: 'Committed',
    PricingQuantity: String(effective),
    PricingUnit: 'USD',
    CommitmentDiscountId: id,
    CommitmentDiscountStatus: 'Unused',
    ConsumedQuantity: '',
    ConsumedUnit: '',
    BilledCost: '0',
    EffectiveCost: cents(effective),
    ListCost: '0',
    ContractedCost: '0',
  });
}

/** The days from `first` on, as text. */
export function daysFrom(first: string, count: number): string[] {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, at) =>
    new Date(start + at * 86_400_000).toISOString().slice(0, 10),
  );
}
