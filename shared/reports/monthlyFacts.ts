import type { HealthSheet } from '../contract/health.ts';
import type { LoadRecord } from '../contract/sources.ts';
import type { Metric } from '../contract/values.ts';
import type { Stack } from '../charts/stackedBars.ts';
import type { PlanFacts } from './planFacts.ts';

/** What the monthly report is written from: one billing period as it lies in the ledger. */
export interface MonthlyFacts {
  /** The billing period. */
  month: string;
  metric: Metric;
  /** Day in UTC. */
  preparedOn: string;
  /** Last day with a charge of this billing period, in whatever month it lies. */
  dataTo: string;
  /** Last day of the month itself that has a charge; null where none has. */
  lastDay: string | null;
  /** The last day of the month is loaded. */
  complete: boolean;
  comparison: Comparison;
  /** One a currency, that with most charges first; amounts of different ones are never added. */
  bills: Bill[];
  /** Billing accounts that the bill of the month before holds and this one does not. */
  missing: { provider: string | null; billingAccount: string | null; name: string | null }[];
  /** What the loads behind this period said, by file. */
  warnings: (LoadRecord['warnings'][number] & { file: string })[];
  /** The data-health sheets of those loads; one from before there were sheets has none. */
  health: { file: string; sheet: HealthSheet }[];
}

/** What the month is compared with: never a part of a month with a whole one. */
export type Comparison =
  | { kind: 'whole'; month: string }
  /** The charges of the bill before for days up to and including `lastDay`. */
  | { kind: 'same-days'; month: string; lastDay: string }
  | { kind: 'not-loaded'; month: string }
  /** The month before is loaded, but not as far as this one; null: for no day of its own. */
  | { kind: 'too-short'; month: string; lastDay: string | null }
  /** This bill has no charge for a day of its own month. */
  | { kind: 'no-days'; month: string };

/** Amounts are exact decimal text; null is unknown: no charge delivers the amount. */
export interface Bill {
  currency: string | null;
  total: string | null;
  charges: number;
  /** Charges that do not deliver the amount. */
  unknownCharges: number;
  /** Null where nothing is compared. */
  before: string | null;
  services: Line[];
  accounts: Line[];
  providers: Line[];
  categories: Line[];
  /** Up to 13 billing periods in order, ending with this one. */
  months: BillMonth[];
  /** Services over those months, largest first, the rest last; empty where all is unknown. */
  stacks: ServiceStack[];
  /** The bill by month of the charged days, in order. */
  chargeMonths: { month: string; cost: string | null; charges: number }[];
  /** All charges for days of this month, whichever bill they are on. */
  byDay: string | null;
  /** The part of these that is on other bills, in their order. */
  otherBills: Bill['chargeMonths'];
  tieOut: TieOut[];
  /** The savings plan of this currency; null where it was not asked for. */
  plan: PlanFacts | null;
}

export interface Line {
  key: string | null;
  name: string | null;
  cost: string | null;
  /** Null is unknown; where nothing is compared it is not shown. */
  before: string | null;
}

export interface BillMonth {
  month: string;
  loaded: boolean;
  complete: boolean;
  /** Last day of the month with a charge. */
  lastDay: string | null;
  cost: string | null;
}

export interface ServiceStack extends Stack {
  /** It stands for all services that are not named. */
  rest: boolean;
  /** Of this month, and of what it is compared with. */
  cost: string;
  before: string;
}

/** One provider's billing account: what its files state beside what is stored and shown. */
export interface TieOut {
  provider: string | null;
  billingAccount: string | null;
  name: string | null;
  stated: string | null;
  stored: string | null;
  charges: number;
  /** Last day charged. */
  lastDay: string;
  /** UTC, ISO 8601. */
  loadedAt: string;
  files: { file: string; sha256: string | null }[];
  /** What it replaced, where it restates the period. */
  earlier: { loadedAt: string; total: string | null } | null;
}
