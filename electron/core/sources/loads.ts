import type { ListedLoad } from '../../../shared/contract/sources.ts';
import { leastSettled, type MonthState } from '../../../shared/domain/months.ts';
import { loadRecords } from '../store/loads.ts';
import type { ReadableDb } from '../store/open.ts';
import { stateOf } from '../store/retention.ts';
import type { VersionKey } from '../store/versions.ts';

/** Every load with the states of its billing months at `now` (UTC, ISO 8601). */
export function listLoads(db: ReadableDb, now: string): ListedLoad[] {
  const shown = db
    .prepare(
      `SELECT DISTINCT load_id AS loadId, provider, billing_account AS billingAccount,
         billing_period AS billingPeriod
       FROM segment JOIN version ON version.id = version_id`,
    )
    .all() as (VersionKey & { loadId: number })[];
  const known = new Map<string, MonthState>();
  const states = new Map<string, MonthState[]>();
  for (const { loadId, ...key } of shown) {
    const name = JSON.stringify(key);
    const state = known.get(name) ?? stateOf(db, key, now);
    known.set(name, state);
    const place = `${loadId} ${key.billingPeriod}`;
    states.set(place, [...(states.get(place) ?? []), state]);
  }
  return loadRecords(db).map((load) => ({
    ...load,
    states: load.periods.flatMap((period) => {
      const state = leastSettled(states.get(`${load.id} ${period}`) ?? []);
      return state === null ? [] : [{ period, state }];
    }),
  }));
}
