import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { HealthSheet } from '../../../shared/contract/health.ts';
import type { LoadRecord } from '../../../shared/contract/sources.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { loadsWithoutDetail } from './detail.ts';
import type { ReadableDb, WritableDb } from './open.ts';
import type { Amounts } from './segments.ts';

type Warning = LoadRecord['warnings'][number];

export function sourceId(db: WritableDb, label: string): number {
  db.prepare('INSERT INTO source (label) VALUES (?) ON CONFLICT DO NOTHING').run(label);
  return db.prepare('SELECT id FROM source WHERE label = ?').pluck().get(label) as number;
}

/** What an import is told of what its files do not say; see `ReadingOptions`. */
export interface LoadReading {
  currency?: string | undefined;
  dateOrder?: string | undefined;
}

export function startLoad(
  db: WritableDb,
  load: { sourceId: number; file: string; bytes: number; reading: LoadReading; now: string },
): number {
  return Number(
    db
      .prepare(
        `INSERT INTO load (source_id, file, bytes, reading, status, started_at)
         VALUES (?, ?, ?, ?, 'running', ?)`,
      )
      .run(load.sourceId, load.file, load.bytes, JSON.stringify(load.reading), load.now)
      .lastInsertRowid,
  );
}

export function setLoadHash(db: WritableDb, id: number, sha256: string): void {
  db.prepare('UPDATE load SET sha256 = ? WHERE id = ?').run(sha256, id);
}

/** What was recognised and read; written with the first period that comes from the file. */
export function setLoadContent(
  db: WritableDb,
  id: number,
  content: {
    format: string;
    version: string;
    rows: number;
    warnings: readonly Warning[];
    totals: readonly { billingPeriod: string; currency: string; rows: number; amounts: Amounts }[];
    health: HealthSheet | null;
  },
): void {
  db.prepare(
    `UPDATE load SET format = ?, format_version = ?, rows_read = ?, warnings = ?, health = ?
     WHERE id = ?`,
  ).run(
    content.format,
    content.version,
    content.rows,
    JSON.stringify(content.warnings),
    content.health && JSON.stringify(content.health),
    id,
  );
  const add = db.prepare(
    'INSERT INTO load_total VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  for (const { billingPeriod, currency, rows, amounts } of content.totals) {
    const texts = metrics.map((metric) => {
      const amount = amounts[metric];
      return amount === null ? null : formatExact(amount);
    });
    add.run(id, billingPeriod, currency, rows, ...texts);
  }
}

export function finishLoad(
  db: WritableDb,
  id: number,
  end: {
    status: Exclude<LoadRecord['status'], 'running'>;
    rowsKept?: number;
    error?: ErrorBody;
    now: string;
  },
): void {
  db.prepare(
    `UPDATE load SET status = ?, rows_kept = ?, code = ?, reason = ?, hint = ?, asks = ?,
       finished_at = ?
     WHERE id = ?`,
  ).run(
    end.status,
    end.rowsKept ?? 0,
    end.error?.code ?? null,
    end.error?.message ?? null,
    end.error?.hint ?? null,
    end.error?.asks ? JSON.stringify(end.error.asks) : null,
    end.now,
    id,
  );
}

/** Loads whose process ended before it could say how: called while no job can be running. */
export function markInterrupted(db: WritableDb, now: string): number {
  return db
    .prepare(
      `UPDATE load SET status = 'interrupted', finished_at = ?,
         reason = 'Outlay ended during this load. Periods already stored are whole; import again to finish the rest.'
       WHERE status = 'running'`,
    )
    .run(now).changes;
}

/**
 * True where these bytes were loaded to their end before and still are what every one of their
 * billing periods shows, with the lines that are wanted, and nothing is said of them now that was
 * not said then, so that reading them again cannot change anything.
 */
export function isUnchanged(
  db: ReadableDb,
  source: string,
  { sha256, reading }: { sha256: string; reading: LoadReading },
  together: ReadonlySet<string>,
): boolean {
  // What is not said leaves open how they were read.
  const said = [reading.currency, reading.dateOrder].flatMap((value) => [
    value ?? null,
    value ?? null,
  ]);
  const readAlike = `(? IS NULL OR reading ->> 'currency' IS ?)
    AND (? IS NULL OR reading ->> 'dateOrder' IS ?)`;
  const periods = db
    .prepare(
      `SELECT DISTINCT billing_period FROM load JOIN load_total ON load_id = load.id
       JOIN source ON source.id = source_id
       WHERE sha256 = ? AND label = ? AND status IN ('loaded', 'replaced') AND ${readAlike}`,
    )
    .pluck()
    .all(sha256, source, ...said) as string[];
  const current = db
    .prepare(
      `SELECT version.id, billing_period AS period FROM version
       JOIN segment ON version_id = version.id JOIN load ON load.id = load_id
       WHERE is_current = 1 AND sha256 = ? AND ${readAlike}`,
    )
    .all(sha256, ...said) as { id: number; period: string }[];
  const shown = new Set(current.map((version) => version.period));
  if (periods.length === 0 || periods.some((period) => !shown.has(period))) return false;
  // A file may hold several accounts of one period: each of them must still be what it says.
  const replaced = db
    .prepare(
      `SELECT 1 FROM version JOIN segment ON version_id = version.id
       JOIN load ON load.id = load_id WHERE sha256 = ?
       GROUP BY provider, billing_account, billing_period HAVING max(is_current) = 0`,
    )
    .get(sha256);
  if (replaced) return false;
  // Nothing of it will be stored again, but its lines can be kept now.
  if (loadsWithoutDetail(db, sha256).length > 0) return false;
  const parts = db
    .prepare('SELECT sha256 FROM segment JOIN load ON load.id = load_id WHERE version_id = ?')
    .pluck();
  return current.every(({ id }) => (parts.all(id) as string[]).every((hash) => together.has(hash)));
}

export function loadRecords(db: ReadableDb, ids?: readonly number[]): LoadRecord[] {
  const rows = db
    .prepare(
      `SELECT load.id, label AS source, file, format, format_version AS version, status, code,
         reason, hint, asks, bytes, sha256, rows_read AS rowsRead, rows_kept AS rowsKept, warnings,
         started_at AS startedAt, finished_at AS finishedAt
       FROM load JOIN source ON source.id = source_id
       WHERE ? IS NULL OR load.id IN (SELECT value FROM json_each(?)) ORDER BY load.id`,
    )
    .all(ids ? 1 : null, JSON.stringify(ids ?? [])) as StoredLoad[];
  const totals = db.prepare(
    `SELECT billing_period AS period, currency, billed, effective, list, contracted
     FROM load_total WHERE load_id = ? ORDER BY currency, billing_period`,
  );
  return rows.map((row) => {
    const cut = totals.all(row.id) as StoredTotal[];
    const { code, reason, hint, asks, warnings, ...rest } = row;
    return {
      ...rest,
      ...(code === null ? {} : { code }),
      ...(reason === null ? {} : { reason }),
      ...(hint === null ? {} : { hint }),
      ...(asks === null ? {} : { asks: JSON.parse(asks) as NonNullable<LoadRecord['asks']> }),
      warnings: JSON.parse(warnings) as Warning[],
      periods: [...new Set(cut.map((total) => total.period))].sort(),
      totals: sumByCurrency(cut),
    };
  });
}

type StoredLoad = Omit<
  LoadRecord,
  'code' | 'reason' | 'hint' | 'asks' | 'warnings' | 'periods' | 'totals'
> &
  Record<'code' | 'reason' | 'hint' | 'asks', string | null> & { warnings: string };

type StoredTotal = { period: string; currency: string } & Record<
  (typeof metrics)[number],
  string | null
>;

function sumByCurrency(rows: readonly StoredTotal[]): LoadRecord['totals'] {
  const currencies = [...new Set(rows.map((row) => row.currency))];
  return currencies.map((currency) => {
    const own = rows.filter((row) => row.currency === currency);
    const sum = (metric: (typeof metrics)[number]) => {
      const known = own.map((row) => row[metric]).filter((text) => text !== null);
      return known.length === 0
        ? null
        : formatExact(known.reduce((total, text) => total + exactOf(text), 0n));
    };
    return {
      currency,
      billed: sum('billed'),
      effective: sum('effective'),
      list: sum('list'),
      contracted: sum('contracted'),
    };
  });
}
