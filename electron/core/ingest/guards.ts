import { OutlayError } from '../../../shared/contract/errors.ts';
import { dayNumber } from '../../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import type { ReadableDb } from '../store/open.ts';
import { segmentsLike, type StoredSegment, storedFingerprint } from '../store/twins.ts';
import { type CurrentVersion, versionCoverage } from '../store/versions.ts';
import type { Input } from './outcome.ts';
import type { Bill } from './read-bill.ts';
import { sameKey } from './shares.ts';

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
export function refuseLessCoverage(
  db: ReadableDb,
  current: CurrentVersion,
  parts: readonly Input[],
  files: string,
): void {
  const before = versionCoverage(db, current.id);
  const shares = parts.flatMap((input) => input.shares.filter((own) => sameKey(own, current)));
  const days = new Set(shares.flatMap((share) => [...share.days]));
  const accounts = new Set(shares.flatMap((share) => [...share.accounts]));
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
    'If the file is right, import it with --replace; if it is a further part of the period, with --add; else export the whole period again.',
  );
}

/** Refuses some of the files that made the stored version, without the others. */
export function refuseMissingParts(current: CurrentVersion, parts: readonly Input[]): void {
  const incoming = new Set(parts.map((input) => input.sha256));
  const missing = current.files.filter((file) => !incoming.has(file.sha256));
  if (missing.length === 0 || missing.length + incoming.size !== current.files.length) return;
  const files = parts.map((input) => input.file.name).join(', ');
  const names = listed(missing.map((file) => file.name));
  throw new OutlayError(
    'LESS_COVERAGE',
    `${files} is loaded already as a part of version ${current.number} of ${describe(current)}, together with ${names}. Nothing was changed.`,
    `There is nothing to do; to keep ${files} alone, import it with --replace.`,
  );
}

/** Refuses fewer rows than are stored where a file that came along could not be read. */
export function refuseFewerRows(
  current: CurrentVersion,
  bills: readonly Bill[],
  files: string,
  unreadable: readonly string[],
): void {
  if (unreadable.length === 0) return;
  const totals = bills.flatMap((bill) => bill.totals.filter((total) => sameKey(total, current)));
  const rows = totals.reduce((sum, total) => sum + total.rows, 0);
  if (rows >= current.rows) return;
  throw new OutlayError(
    'LESS_COVERAGE',
    `${files} has ${rows} rows of ${describe(current)}, version ${current.number} has ${current.rows}, and ${listed(unreadable)} came with it and could not be read: the missing rows may be in there. Nothing was changed.`,
    `Import again with a readable ${listed(unreadable)}, or with --replace if the period is complete without it.`,
  );
}

/**
 * Refuses to add what is there already in other bytes: the same charges of each series on each
 * day, with the same totals.
 */
export function refuseSecondTime(db: ReadableDb, current: CurrentVersion, input: Input): void {
  const twin = storedTwin(db, current, input);
  if (!twin) return;
  throw new OutlayError(
    'DUPLICATE',
    `${input.file.name} holds the same charges as ${twin.file}, which is part of ${describe(current)} already; a bill is not added twice. Nothing was changed.`,
    'If it is a further part that happens to be equal, import all parts together with --replace.',
  );
}

/** What of a version has the same charges of each series on each day as the file brings to it. */
export function storedTwin(
  db: ReadableDb,
  current: CurrentVersion,
  { bill, shares }: Input,
): StoredSegment | undefined {
  const share = shares.find((own) => sameKey(own, current));
  if (!bill || !share) return undefined;
  const totals = bill.totals.filter((total) => sameKey(total, current));
  return segmentsLike(db, current.id, totals).find(
    ({ id }) => storedFingerprint(db, id) === share.fingerprint,
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
