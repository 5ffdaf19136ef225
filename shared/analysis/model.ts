/**
 * What an analysis reads, as plain data: hours are counted from the start of the window, money is
 * in the currency of its workload, commitment or price line.
 */
export type CommitmentKind = 'ri' | 'isp' | 'csp';

/** Azure applies plans by term and scope where the others go by kind (SAVINGS.md section 3). */
export type ApplicationOrder = 'default' | 'azure';

export interface Sku {
  sku: string;
  family: string | null;
  gpus: number;
  gpuMemGib: number | null;
  relTput: number | null;
  sizeUnits: number | null;
  vcpu: number | null;
  memGib: number | null;
}

/** What a unit-hour of a SKU costs in a region and currency. */
export interface Price {
  sku: string;
  region: string;
  currency: string;
  onDemand: number;
  spot: number | null;
}

/** A SKU that an offer covers, at its committed rate (amortised, a unit-hour). */
export interface OfferLine {
  offer: string;
  kind: CommitmentKind;
  termH: number;
  upfront: number;
  /** Hours at which the offer may start; none: only owned ones of this offer exist. */
  starts: readonly number[];
  sku: string;
  region: string;
  currency: string;
  rate: number;
}

/** A commitment already bought; paid for until its end whatever happens. */
export interface OwnedCommitment {
  id: string;
  kind: CommitmentKind;
  offer: string;
  /** Units for `ri`, normalised units where `flex`, money per hour for plans. */
  amount: number;
  sku: string | null;
  family: string | null;
  region: string | null;
  account: string | null;
  flex: boolean;
  startH: number;
  endH: number;
  /** Hourly, for a unit of the amount. */
  feePerUnit: number;
  currency: string;
}

export interface SpotTerms {
  eligible: boolean;
  /** Mean time to preemption of one node, hours. */
  mttpH: number;
  checkpointH: number;
  restartH: number;
  /** The termination notice is long enough to save the work. */
  noticeSaves: boolean;
  nodes: number;
  /** Share of the workload that may run on spot. */
  maxFraction: number;
}

export interface Workload {
  id: string;
  account: string;
  region: string;
  sku: string;
  currency: string;
  spotNow: boolean;
  eligibleForCommitment: boolean;
  spot: SpotTerms;
  /** Units used in each hour of the window, spot ones among them. */
  usage: Float64Array;
  /** Units on spot in each hour; null where there are none. */
  spotUsage: Float64Array | null;
  /** What today's spot units cost in the window. */
  spotCost: number;
}

/** Another shape for a workload: `ratio` units of the target for each unit of today; 0 stops it. */
export interface Candidate {
  workload: string;
  option: string;
  sku: string;
  ratio: number;
}

/** Measured figures of one workload by metric name. */
export type Telemetry = Readonly<Record<string, number>>;

export interface Policy {
  /** Yearly cost of capital, 0.08 is 8 %; 0 prices upfront payments like any other. */
  wacc: number;
  maxTermH: number | null;
  /** Materiality: smallest last-in savings of an action, reporting currency per 730 h. */
  minMonthlySavings: number;
  /** Kinds that may be bought; all of them where absent. */
  kinds?: readonly CommitmentKind[];
  /** Most that is paid at the start of what is bought, all together, reporting currency; null: any. */
  maxCash?: number | null;
  /** Most that what is bought may cost an hour at any time, reporting currency; null: any. */
  maxHourlyFees?: number | null;
}

export const hoursPerMonth = 730;
export const defaultPolicy: Policy = { wacc: 0, maxTermH: null, minMonthlySavings: 10 };

/** Everything the joint plan of a window is made from. */
export interface Account {
  hours: number;
  order: ApplicationOrder;
  policy: Policy;
  /** Reporting units per unit; the reporting currency itself is 1. */
  fx: ReadonlyMap<string, number>;
  skus: ReadonlyMap<string, Sku>;
  prices: readonly Price[];
  offers: readonly OfferLine[];
  owned: readonly OwnedCommitment[];
  workloads: readonly Workload[];
  candidates: readonly Candidate[];
  telemetry: ReadonlyMap<string, Telemetry>;
}
