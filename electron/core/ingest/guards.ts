import type { DuckDBConnection } from '@duckdb/node-api';
import { OutlayError } from '../../../shared/contract/errors.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import type { ReadableDb } from '../store/open.ts';
import { type CurrentVersion, versionCoverage } from '../store/versions.ts';
import { billCoverage } from './cells.ts';
import type { Bill } from './read-bill.ts';

const named = 3;

/** Refuses what comes from another source or format for a period that is already there. */
export function refuseOverlap(
  current: CurrentVersion,
  incoming: { source: string; format: string; files: string },
): void {
  if (current.source === incoming.source && current.format === incoming.format) return;
  throw new OutlayError(
    'OVERLAP',
    `${incoming.files}: ${describe(current)} is already loaded from source "${current.source}" (${current.format}). Nothing was changed.`,
    'Import it with --replace to use this file instead, or remove the other source first.',
  );
}

/** Refuses a restatement that lacks days or accounts of the version it would replace. */
export async function refuseLessCoverage(
  db: ReadableDb,
  connection: DuckDBConnection,
  current: CurrentVersion,
  bills: readonly Bill[],
  files: string,
): Promise<void> {
  const before = versionCoverage(db, current.id);
  const days = new Set<number>();
  const accounts = new Set<string>();
  for (const bill of bills) {
    const coverage = await billCoverage(connection, bill, current);
    for (const day of coverage.days) days.add(day);
    for (const account of coverage.accounts) accounts.add(account);
  }
  const lostDays = before.days.filter((day) => !days.has(dayNumber(day)));
  const lostAccounts = new Map<string, string[]>();
  for (const { account, currency, billed } of before.accounts) {
    if (accounts.has(account)) continue;
    const amounts = lostAccounts.get(account) ?? [];
    if (billed !== null) amounts.push(`${billed} ${currency}`);
    lostAccounts.set(account, amounts);
  }
  const lost: string[] = [];
  if (lostAccounts.size > 0) {
    const list = [...lostAccounts].map(([account, amounts]) => withSum(account, amounts));
    lost.push(`${plural(list.length, 'account')} ${listed(list)}`);
  }
  if (lostDays.length > 0) lost.push(`${plural(lostDays.length, 'day')} ${listed(lostDays)}`);
  if (lost.length === 0) return;
  throw new OutlayError(
    'LESS_COVERAGE',
    `${files} lacks ${lost.join(' and ')}, which version ${current.number} of ${describe(current)} had. Nothing was changed.`,
    'If the file is right, import it with --replace; else export the whole period again.',
  );
}

function withSum(account: string, amounts: readonly string[]): string {
  const byCurrency = new Map<string, bigint>();
  for (const text of amounts) {
    const [amount = '0', currency = ''] = text.split(' ');
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0n) + exactOf(amount));
  }
  const sums = [...byCurrency].map(([currency, sum]) => `${formatExact(sum)} ${currency}`);
  return `${account || 'without an id'} (${sums.join(', ') || 'unknown cost'})`;
}

function describe(version: CurrentVersion): string {
  const account = version.billingAccount ? `, billing account ${version.billingAccount}` : '';
  return `${version.provider || 'a bill without provider name'} ${version.billingPeriod}${account}`;
}

function listed(items: readonly string[]): string {
  const more = items.length > named ? ` and ${items.length - named} more` : '';
  return items.slice(0, named).join(', ') + more;
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
