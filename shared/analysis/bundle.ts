import type { ApiWorkload } from './managedApi.ts';
import type { Account } from './model.ts';
import type { StorageSet } from './storageClass.ts';
import type { GoogleUsage } from './sustainedUse.ts';

/** An offline bundle as read (SAVINGS.md section 10). */
export interface Bundle {
  id: string;
  mode: 'bill' | 'hindsight' | 'backtest' | 'gcp';
  /** Reporting currency. */
  currency: string;
  timezone: string;
  /** Start of the window, milliseconds since 1970 UTC. */
  start: number;
  account: Account;
  apis: readonly ApiWorkload[];
  storageSets: readonly StorageSet[];
  lines: ReadonlyMap<string, CurrencyLines>;
  google: GoogleUsage | null;
  /** Where the forecast starts, counted from the start of the history; null outside `backtest`. */
  forecast: { offsetH: number; hours: number } | null;
  minSavingsStated: boolean;
}

/** What the bill of one currency says for the window. */
export interface CurrencyLines {
  /** EffectiveCost of everything. */
  effective: number;
  /** EffectiveCost of what no lever touches: credits, tax, purchases, usage of no workload. */
  other: number;
  /** EffectiveCost by hour of ChargePeriodStart. */
  byHour: Float64Array;
}
