import type { Change, ChangedAmounts, ChangeLine } from '../../../shared/contract/changes.ts';
import type { HandlerInput } from '../../../shared/contract/contract.ts';
import { type Metric, metrics } from '../../../shared/contract/values.ts';
import { type Exact, exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { type StoredChange, storedChanges } from '../store/changes.ts';
import type { ReadableDb } from '../store/open.ts';

/** Display names by id. */
export interface Names {
  billingAccounts: ReadonlyMap<string, string>;
  accounts: ReadonlyMap<string, string>;
}

/** Restatements, the newest first. */
export function listChanges(
  db: ReadableDb,
  names: Names,
  { period, provider, billingAccount, limit }: HandlerInput<'changes.list'>,
): Change[] {
  return storedChanges(db, period ?? null)
    .filter(
      (stored) =>
        // The store has '' where the bill names none.
        (provider === undefined || stored.provider === (provider ?? '')) &&
        (billingAccount === undefined || stored.billingAccount === (billingAccount ?? '')),
    )
    .map((stored) => {
      const lines = stored.lines.map((line) => changedLine(line, names)).sort(byDifference);
      return {
        id: stored.id,
        kind: stored.kind,
        provider: stored.provider || null,
        billingAccount: stored.billingAccount || null,
        billingAccountName: names.billingAccounts.get(stored.billingAccount) ?? null,
        period: stored.period,
        changedAt: stored.at,
        from: stored.before,
        to: stored.after,
        totals: stored.totals.map(changed),
        lines: lines.slice(0, limit),
        rest: limit === undefined ? [] : restOf(lines.slice(limit)),
      };
    });
}

function changed(stored: StoredChange['totals'][number]): ChangedAmounts {
  const pick = (read: (metric: Metric) => string | null) =>
    Object.fromEntries(metrics.map((metric) => [metric, read(metric)])) as ChangedAmounts['old'];
  return {
    currency: stored.currency || null,
    oldRows: stored.rows_before,
    newRows: stored.rows_after,
    old: pick((metric) => stored[`${metric}_before`]),
    new: pick((metric) => stored[`${metric}_after`]),
    difference: pick((metric) => {
      const before = stored.rows_before === 0 ? '0' : stored[`${metric}_before`];
      const after = stored.rows_after === 0 ? '0' : stored[`${metric}_after`];
      if (before === null || after === null) return null;
      return formatExact(exactOf(after) - exactOf(before));
    }),
  };
}

function changedLine(row: StoredChange['lines'][number], names: Names): ChangeLine {
  return {
    account: row.account || null,
    accountName: names.accounts.get(row.account) ?? null,
    service: row.service || null,
    state: row.rows_before === 0 ? 'new' : row.rows_after === 0 ? 'vanished' : 'changed',
    ...changed(row),
  };
}

/** Currencies apart, then the largest billed difference first; unknown ones last. */
function byDifference(a: ChangeLine, b: ChangeLine): number {
  const [left, right] = [sizeOf(a), sizeOf(b)];
  return (
    compare(a.currency ?? '', b.currency ?? '') ||
    (left === right ? 0 : left > right ? -1 : 1) ||
    compare(a.account ?? '', b.account ?? '') ||
    compare(a.service ?? '', b.service ?? '')
  );
}

function sizeOf({ difference }: ChangeLine): Exact {
  if (difference.billed === null) return -1n;
  const amount = exactOf(difference.billed);
  return amount < 0n ? -amount : amount;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function restOf(lines: readonly ChangeLine[]): Change['rest'] {
  const currencies = [...new Set(lines.map((line) => line.currency))];
  return currencies.map((currency) => {
    const own = lines.filter((line) => line.currency === currency);
    const known = own.map((line) => line.difference.billed).filter((text) => text !== null);
    const sum = known.reduce((total, text) => total + exactOf(text), 0n);
    return {
      currency,
      lines: own.length,
      difference: known.length === own.length ? formatExact(sum) : null,
    };
  });
}
