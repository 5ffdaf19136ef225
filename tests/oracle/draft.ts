import type { Bundle, Row, Scenario, Workload } from './bundle.ts';
import { loadModel } from './model.ts';
import { decimal, multiply, type Rational, subtract, sum, toDecimal, zero } from './rational.ts';
import { simulate } from './simulate.ts';

/** A case as its author thinks of it; the charges follow from the usage. */
export interface Draft {
  scenario: Scenario;
  skus: Row<'skus'>[];
  prices: Row<'prices'>[];
  commitments: Row<'commitments'>[];
  candidates: Row<'candidates'>[];
  telemetry: Row<'telemetry'>[];
  /** Hourly quantities by workload. */
  usage: Record<string, number[]>;
  /** Price per useful hour of workloads that are on spot now. */
  spotPaid?: Record<string, number>;
  /** Further lines: credits, tax, refunds, corrections. */
  lines?: Partial<Row<'charges'>>[];
  /** `on-demand`: the rows are priced as if no commitment were owned (for `bill` mode). */
  rows?: 'as billed' | 'on-demand';
}

const hourMs = 3_600_000;
const instant = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export const emptyCharge = (): Row<'charges'> => ({
  BillingAccountId: 'payer',
  SubAccountId: '',
  BillingCurrency: 'USD',
  BillingPeriodStart: '',
  ChargePeriodStart: '',
  ChargePeriodEnd: '',
  ChargeCategory: 'Usage',
  ChargeClass: '',
  ServiceCategory: 'Compute',
  RegionId: '',
  ResourceId: '',
  SkuId: '',
  PricingCategory: 'Standard',
  PricingQuantity: '0',
  PricingUnit: 'Hours',
  ListUnitPrice: '0',
  ListCost: '0',
  ContractedUnitPrice: '0',
  ContractedCost: '0',
  BilledCost: '0',
  EffectiveCost: '0',
  CommitmentDiscountId: '',
  CommitmentDiscountCategory: '',
  CommitmentDiscountType: '',
  CommitmentDiscountStatus: '',
});

/** The period columns of the hour `hour` of the window. */
export function period(scenario: Scenario, hour: number): Partial<Row<'charges'>> {
  const from = Date.parse(scenario.start) + hour * hourMs;
  const month = new Date(from);
  month.setUTCDate(1);
  month.setUTCHours(0, 0, 0, 0);
  return {
    BillingPeriodStart: instant(month.getTime()),
    ChargePeriodStart: instant(from),
    ChargePeriodEnd: instant(from + hourMs),
  };
}

/** A usage row of a workload: quantity at its unit price, unless told what it really cost. */
export function usageRow(
  scenario: Scenario,
  workload: Workload,
  hour: number,
  quantity: Rational,
  price: Rational,
  cost: Rational = multiply(quantity, price),
): Row<'charges'> {
  const atList = toDecimal(multiply(quantity, price));
  return {
    ...emptyCharge(),
    ...period(scenario, hour),
    SubAccountId: workload.account,
    BillingCurrency: workload.currency,
    RegionId: workload.region,
    ResourceId: workload.id,
    SkuId: workload.sku,
    PricingQuantity: toDecimal(quantity),
    ListUnitPrice: toDecimal(price),
    ListCost: atList,
    ContractedUnitPrice: toDecimal(price),
    ContractedCost: atList,
    BilledCost: toDecimal(cost),
    EffectiveCost: toDecimal(cost),
  };
}

/** One line that no lever touches, such as a credit, in an hour of the window. */
export function otherLine(
  scenario: Scenario,
  hour: number,
  category: string,
  cost: string,
  more: Partial<Row<'charges'>> = {},
): Partial<Row<'charges'>> {
  return {
    ...period(scenario, hour),
    ChargeCategory: category,
    PricingCategory: '',
    PricingQuantity: '',
    PricingUnit: '',
    ListUnitPrice: '',
    ContractedUnitPrice: '',
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    ...more,
  };
}

/** The bundle of a draft, with the rows that a provider would bill for its usage. */
export function bundleOf(draft: Draft): Bundle {
  const { scenario } = draft;
  const workloads = new Map(scenario.workloads.map((workload) => [workload.id, workload]));
  const plain = scenario.workloads.flatMap((workload) => {
    const price = draft.prices.find(
      ({ sku, region, currency }) =>
        sku === workload.sku && region === workload.region && currency === workload.currency,
    );
    if (!price) throw new Error(`No price line for ${workload.id}.`);
    const paid = draft.spotPaid?.[workload.id];
    return (draft.usage[workload.id] ?? []).flatMap((quantity, hour) => {
      if (quantity === 0) return [];
      const unit = decimal(paid ?? price.on_demand);
      const row = usageRow(scenario, workload, hour, decimal(quantity), unit);
      return [paid === undefined ? row : { ...row, PricingCategory: 'Dynamic' }];
    });
  });
  const tables = {
    prices: draft.prices,
    skus: draft.skus,
    commitments: draft.commitments,
    candidates: draft.candidates,
    telemetry: draft.telemetry,
    scenario,
  };
  const extra = (draft.lines ?? []).map((line) => ({ ...emptyCharge(), ...line }));
  if (draft.rows === 'on-demand') return { ...tables, charges: [...plain, ...extra] };

  const charges = plain.filter((row) => row.PricingCategory === 'Dynamic');
  const model = loadModel({ ...tables, charges: plain });
  const { shares, commitments, order } = simulate(model, {
    workloads: new Map(),
    purchases: [],
  });
  const label = (id: string) => {
    const owned = draft.commitments.find((row) => row.id === id);
    return {
      PricingCategory: 'Committed',
      CommitmentDiscountId: id,
      CommitmentDiscountCategory: owned?.kind === 'ri' ? 'Usage' : 'Spend',
      CommitmentDiscountType: owned?.kind === 'ri' ? 'Reservation' : 'Savings Plan',
    };
  };
  simulate(model, { workloads: new Map(), purchases: [] }, (hour, coverage) => {
    const covered = shares.map(() => zero);
    order.forEach(({ commitment, share, consumes }, at) => {
      const quantity = coverage.covered[at] ?? zero;
      const by = commitments[commitment];
      const to = shares[share];
      const workload = to && workloads.get(to.workload);
      if (quantity.n === 0n || !by || !to || !workload) return;
      const cost = multiply(multiply(quantity, consumes), by.fee);
      charges.push({
        ...usageRow(scenario, workload, hour, quantity, to.onDemand, cost),
        ...label(by.id),
        CommitmentDiscountStatus: 'Used',
        BilledCost: '0',
      });
      covered[share] = sum([covered[share] ?? zero, quantity]);
    });
    shares.forEach((share, at) => {
      const workload = workloads.get(share.workload);
      const rest = subtract(share.quantity[hour] ?? zero, covered[at] ?? zero);
      if (workload && rest.n !== 0n) {
        charges.push(usageRow(scenario, workload, hour, rest, share.onDemand));
      }
    });
    commitments.forEach((by, at) => {
      const left = coverage.left[at] ?? zero;
      if (left.n === 0n) return;
      const row = draft.commitments.find(({ id }) => id === by.id);
      charges.push({
        ...emptyCharge(),
        ...period(scenario, hour),
        ...label(by.id),
        SubAccountId: row?.account ?? '',
        BillingCurrency: by.currency,
        RegionId: row?.region ?? '',
        SkuId: row?.sku ?? '',
        PricingQuantity: toDecimal(left),
        PricingUnit: row?.kind === 'ri' ? 'Hours' : by.currency,
        EffectiveCost: toDecimal(multiply(left, by.fee)),
        CommitmentDiscountStatus: 'Unused',
      });
    });
  });
  return { ...tables, charges: [...charges, ...extra] };
}
