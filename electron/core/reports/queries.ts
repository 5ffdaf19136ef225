import type { Metric } from '../../../shared/contract/values.ts';
import type { LoadRecord } from '../../../shared/contract/sources.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import type { HealthSheet } from '../../../shared/contract/health.ts';
import type { ReadableDb } from '../store/open.ts';

/** A current version of a billing period and what it was loaded from. */
export interface BillVersion {
  id: number;
  provider: string;
  billingAccount: string;
  number: number;
  loadedAt: string;
  files: BillFile[];
}

export interface BillFile {
  loadId: number;
  file: string;
  sha256: string | null;
  warnings: LoadRecord['warnings'];
}

/** The data-health sheets of loads, in their order; loads without one are left out. */
export function healthSheets(
  db: ReadableDb,
  loadIds: readonly number[],
): { file: string; sheet: HealthSheet }[] {
  const rows = db
    .prepare(
      `SELECT file, health FROM load
       WHERE health IS NOT NULL AND id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    )
    .all(JSON.stringify(loadIds)) as { file: string; health: string }[];
  return rows.map(({ file, health }) => ({ file, sheet: JSON.parse(health) as HealthSheet }));
}

/** In the order of provider and billing account. */
export function billVersions(db: ReadableDb, billingPeriod: string): BillVersion[] {
  const versions = db
    .prepare(
      `SELECT id, provider, billing_account AS billingAccount, number, created_at AS loadedAt
       FROM version WHERE is_current = 1 AND billing_period = ?
       ORDER BY provider, billing_account`,
    )
    .all(billingPeriod) as Omit<BillVersion, 'files'>[];
  const files = db.prepare(
    `SELECT load.id AS loadId, file, sha256, warnings FROM segment JOIN load ON load.id = load_id
     WHERE version_id = ? ORDER BY load.id`,
  );
  return versions.map((version) => ({
    ...version,
    files: (files.all(version.id) as (Omit<BillFile, 'warnings'> & { warnings: string })[]).map(
      (file) => ({ ...file, warnings: JSON.parse(file.warnings) as BillFile['warnings'] }),
    ),
  }));
}

type Amounts = { currency: string } & Record<Metric, string | null>;

/** What the files of a version state, by currency; null where no charge delivers the amount. */
export function statedTotals(
  db: ReadableDb,
  versionId: number,
  metric: Metric,
): Map<string, string | null> {
  const rows = db
    .prepare(
      `SELECT currency, billed, effective, list, contracted FROM segment_total
       JOIN segment ON segment.id = segment_id WHERE version_id = ?`,
    )
    .all(versionId) as Amounts[];
  return sumByCurrency(rows, metric);
}

/** The version that this one replaced, with the totals kept of it; null where it is the first. */
export function replacedVersion(
  db: ReadableDb,
  version: BillVersion,
  billingPeriod: string,
  metric: Metric,
): { loadedAt: string; totals: Map<string, string | null> } | null {
  const earlier = db
    .prepare(
      `SELECT id, created_at AS loadedAt FROM version
       WHERE provider = ? AND billing_account = ? AND billing_period = ? AND number < ?
       ORDER BY number DESC LIMIT 1`,
    )
    .get(version.provider, version.billingAccount, billingPeriod, version.number) as
    | { id: number; loadedAt: string }
    | undefined;
  if (!earlier) return null;
  const rows = db
    .prepare(
      'SELECT currency, billed, effective, list, contracted FROM daily_total WHERE version_id = ?',
    )
    .all(earlier.id) as Amounts[];
  return { loadedAt: earlier.loadedAt, totals: sumByCurrency(rows, metric) };
}

function sumByCurrency(rows: readonly Amounts[], metric: Metric): Map<string, string | null> {
  const sums = new Map<string, string | null>();
  for (const row of rows) {
    const known = sums.get(row.currency) ?? null;
    const amount = row[metric];
    const sum = amount === null ? known : formatExact(exactOf(known ?? '0') + exactOf(amount));
    sums.set(row.currency, sum);
  }
  return sums;
}
