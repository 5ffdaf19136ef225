import type { CallOutput } from '../../../shared/contract/contract.ts';
import { dayText } from '../../../shared/domain/calendar.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { recordChange, versionSide } from '../store/changes.ts';
import { detailBytesByOwner } from '../store/detail.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';
import { cellBytes, cellOwner, stateOf } from '../store/retention.ts';

type Source = CallOutput<'sources.get'>['sources'][number];

interface VersionRow {
  id: number;
  label: string;
  provider: string;
  billingAccount: string;
  period: string;
  number: number;
  format: string;
  loadedAt: string;
  rows: number;
  firstDay: number;
  lastDay: number;
  changes: number;
}

/** Current versions by source, provider and billing account. */
export function listSources(
  db: ReadableDb,
  names: ReadonlyMap<string, string>,
  now: string,
): Source[] {
  const versions = db
    .prepare(
      `SELECT version.id, label, provider, billing_account AS billingAccount,
         billing_period AS period, number, version.format AS format, created_at AS loadedAt,
         sum(charge_rows) AS rows, min(first_day) AS firstDay, max(last_day) AS lastDay,
         (SELECT count(*) FROM change WHERE change.provider = version.provider
            AND change.billing_account = version.billing_account
            AND change.billing_period = version.billing_period) AS changes
       FROM version JOIN source ON source.id = source_id
         JOIN segment ON segment.version_id = version.id
       WHERE is_current = 1 GROUP BY version.id
       ORDER BY label, provider, billing_account, billing_period DESC`,
    )
    .all() as VersionRow[];
  const files = db
    .prepare('SELECT file FROM segment JOIN load ON load.id = load_id WHERE version_id = ?')
    .pluck();
  const bytes = cellBytes(db);
  const lineBytes = detailBytesByOwner(db);
  const sources = new Map<string, Source>();
  for (const version of versions) {
    const { label, provider, billingAccount, format } = version;
    const key = JSON.stringify([label, provider, billingAccount, format]);
    let source = sources.get(key);
    if (!source) {
      source = {
        label,
        provider: provider || null,
        billingAccount: billingAccount || null,
        billingAccountName: names.get(billingAccount) ?? null,
        format,
        rows: 0,
        bytes: bytes.get(cellOwner(label, provider, billingAccount)) ?? 0,
        detailBytes: lineBytes.get(cellOwner(label, provider, billingAccount)) ?? 0,
        firstDay: dayText(version.firstDay),
        lastDay: dayText(version.lastDay),
        periods: [],
      };
      sources.set(key, source);
    }
    source.rows += version.rows;
    const [first, last] = [dayText(version.firstDay), dayText(version.lastDay)];
    if (first < source.firstDay) source.firstDay = first;
    if (last > source.lastDay) source.lastDay = last;
    source.periods.push({
      period: version.period,
      number: version.number,
      files: files.all(version.id) as string[],
      loadedAt: version.loadedAt,
      rows: version.rows,
      state: stateOf(db, { provider, billingAccount, billingPeriod: version.period }, now),
      changes: version.changes,
      totals: versionTotals(db, version.id),
    });
  }
  return [...sources.values()];
}

/** What the files of a version state, beside what its stored days add up to. */
function versionTotals(db: ReadableDb, versionId: number): Source['periods'][number]['totals'] {
  const inFile = billedByCurrency(
    db,
    `SELECT currency, billed FROM segment_total JOIN segment ON segment.id = segment_id
     WHERE version_id = ?`,
    versionId,
  );
  const inStore = billedByCurrency(
    db,
    'SELECT currency, billed FROM daily_total WHERE version_id = ?',
    versionId,
  );
  return [...new Set([...inFile.keys(), ...inStore.keys()])].sort().map((currency) => ({
    currency: currency || null,
    inFile: inFile.get(currency) ?? null,
    inStore: inStore.get(currency) ?? null,
  }));
}

function billedByCurrency(db: ReadableDb, sql: string, versionId: number): Map<string, string> {
  const sums = new Map<string, bigint>();
  const rows = db.prepare(sql).all(versionId) as { currency: string; billed: string | null }[];
  for (const { currency, billed } of rows) {
    if (billed !== null) sums.set(currency, (sums.get(currency) ?? 0n) + exactOf(billed));
  }
  return new Map([...sums].map(([currency, sum]) => [currency, formatExact(sum)]));
}

/**
 * Removes the versions of a source. Where one of another source had been replaced by them and its
 * cells are still kept, it becomes current again. One transaction.
 */
export function removeSource(
  db: WritableDb,
  label: string,
  period: string | null,
  now: string,
): Pick<CallOutput<'sources.remove'>, 'removed' | 'restored'> {
  return db
    .transaction(() => {
      const versions = db
        .prepare(
          `SELECT version.id, provider, billing_account AS billingAccount,
             billing_period AS period, is_current AS isCurrent,
             (SELECT coalesce(sum(charge_rows), 0) FROM segment WHERE version_id = version.id) AS rows
           FROM version JOIN source ON source.id = source_id
           WHERE label = ? AND (? IS NULL OR billing_period = ?)
           ORDER BY billing_period, provider, billing_account`,
        )
        .all(label, period, period) as {
        id: number;
        provider: string;
        billingAccount: string;
        period: string;
        isCurrent: 0 | 1;
        rows: number;
      }[];
      const keptBefore = db
        .prepare(
          `SELECT version.id FROM version JOIN source ON source.id = source_id
           WHERE provider = ? AND billing_account = ? AND billing_period = ? AND label <> ?
             AND EXISTS (SELECT 1 FROM segment JOIN segment_column ON segment_id = segment.id
               WHERE version_id = version.id)
           ORDER BY number DESC LIMIT 1`,
        )
        .pluck();
      const remove = db.prepare('DELETE FROM version WHERE id = ?');
      const restore = db.prepare('UPDATE version SET is_current = 1 WHERE id = ?');
      const current = versions.filter((version) => version.isCurrent === 1);
      const restored: typeof current = [];
      for (const version of versions) {
        const { provider, billingAccount, period: billingPeriod } = version;
        const key = { provider, billingAccount, billingPeriod };
        const before =
          version.isCurrent === 1
            ? (keptBefore.get(provider, billingAccount, billingPeriod, label) as number | undefined)
            : undefined;
        if (before !== undefined) {
          recordChange(db, {
            kind: 'removed',
            key,
            before: versionSide(db, version.id),
            after: versionSide(db, before),
            at: now,
          });
        }
        remove.run(version.id);
        if (before === undefined) continue;
        restore.run(before);
        restored.push(version);
      }
      const shown = (version: (typeof versions)[number]) => ({
        provider: version.provider || null,
        period: version.period,
      });
      return {
        removed: current.map((version) => ({ ...shown(version), rows: version.rows })),
        restored: restored.map(shown),
      };
    })
    .immediate();
}
