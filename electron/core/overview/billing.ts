import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { type Exact, exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { leastSettled } from '../../../shared/domain/months.ts';
import type { ReadableDb } from '../store/open.ts';
import { stateOf } from '../store/retention.ts';
import type { VersionKey } from '../store/versions.ts';

type Billing = CallOutput<'overview.get'>['billing'];

/** Of the billing months named: where they stand at `now`, and what restatements moved in them. */
export function billingMonths(
  db: ReadableDb,
  months: readonly string[],
  { metric, currency, now }: { metric: Metric; currency: string | null; now: string },
): Billing {
  const named = JSON.stringify(months);
  const keys = db
    .prepare(
      `SELECT DISTINCT provider, billing_account AS billingAccount, billing_period AS billingPeriod
       FROM version WHERE is_current = 1 AND billing_period IN (SELECT value FROM json_each(?))`,
    )
    .all(named) as VersionKey[];
  const changes = db
    .prepare(
      `SELECT billing_period AS month, rows_before, rows_after, ${metric}_before AS before,
         ${metric}_after AS after
       FROM change LEFT JOIN change_total ON change_id = change.id AND currency = ?
       WHERE kind <> 'added' AND billing_period IN (SELECT value FROM json_each(?))`,
    )
    .all(currency ?? '', named) as ChangeRow[];
  return months.flatMap((month) => {
    const states = keys
      .filter(({ billingPeriod }) => billingPeriod === month)
      .map((key) => stateOf(db, key, now));
    const state = leastSettled(states);
    if (state === null) return [];
    const moved = changes.filter((change) => change.month === month).map(difference);
    return [{ month, state, restated: moved.length, difference: sum(moved) }];
  });
}

interface ChangeRow {
  month: string;
  /** Null where the change is of other currencies. */
  rows_before: number | null;
  rows_after: number | null;
  before: string | null;
  after: string | null;
}

/** Null where one of the sides is unknown. */
function difference(change: ChangeRow): Exact | null {
  const side = (rows: number | null, amount: string | null) =>
    rows === null || rows === 0 ? 0n : amount === null ? null : exactOf(amount);
  const before = side(change.rows_before, change.before);
  const after = side(change.rows_after, change.after);
  return before === null || after === null ? null : after - before;
}

function sum(amounts: readonly (Exact | null)[]): string | null {
  let total: Exact = 0n;
  for (const amount of amounts) {
    if (amount === null) return null;
    total += amount;
  }
  return formatExact(total);
}
