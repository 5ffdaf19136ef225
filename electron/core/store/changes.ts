import { type Metric, metrics } from '../../../shared/contract/values.ts';
import { exactOf } from '../../../shared/domain/exact.ts';
import type { ReadableDb, WritableDb } from './open.ts';
import { type Amounts, amountText } from './segments.ts';
import type { VersionKey } from './versions.ts';

/** Why a billing period shows something else: restated, added to, or a version taken away. */
export const changeKinds = ['restated', 'added', 'removed'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One side of a change: a version with what it said, read while it is still there. */
export interface VersionSide {
  number: number;
  source: string;
  format: string;
  loads: { id: number; file: string }[];
  lines: SideLine[];
}

interface SideLine {
  account: string;
  service: string;
  currency: string;
  rows: number;
  amounts: Amounts;
}

export function versionSide(db: ReadableDb, versionId: number): VersionSide {
  const version = db
    .prepare(
      `SELECT number, label AS source, format FROM version JOIN source ON source.id = source_id
       WHERE version.id = ?`,
    )
    .get(versionId) as Pick<VersionSide, 'number' | 'source' | 'format'>;
  const loads = db
    .prepare(
      `SELECT load.id, file FROM segment JOIN load ON load.id = load_id WHERE version_id = ?
       ORDER BY load.id`,
    )
    .all(versionId) as VersionSide['loads'];
  const rows = db
    .prepare(
      `SELECT account, service, currency, charge_rows AS rows, billed, effective, list, contracted
       FROM monthly_total WHERE version_id = ?`,
    )
    .all(versionId) as (Omit<SideLine, 'amounts'> & Record<Metric, string | null>)[];
  const lines = new Map<string, SideLine>();
  for (const { account, service, currency, rows: count, ...texts } of rows) {
    const amounts = Object.fromEntries(
      metrics.map((metric) => [metric, texts[metric] === null ? null : exactOf(texts[metric])]),
    ) as Amounts;
    addLine(lines, JSON.stringify([account, service, currency]), {
      account,
      service,
      currency,
      rows: count,
      amounts,
    });
  }
  return { ...version, loads, lines: [...lines.values()] };
}

/** Writes what a billing period showed and shows now; part of the transaction that changes it. */
export function recordChange(
  db: WritableDb,
  change: {
    kind: ChangeKind;
    key: VersionKey;
    before: VersionSide;
    after: VersionSide;
    at: string;
  },
): void {
  const { kind, key, before, after, at } = change;
  const id = Number(
    db
      .prepare(
        `INSERT INTO change (kind, provider, billing_account, billing_period, changed_at,
           number_before, number_after, source_before, source_after, format_before, format_after,
           loads_before, loads_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        kind,
        key.provider,
        key.billingAccount,
        key.billingPeriod,
        at,
        before.number,
        after.number,
        before.source,
        after.source,
        before.format,
        after.format,
        JSON.stringify(before.loads),
        JSON.stringify(after.loads),
      ).lastInsertRowid,
  );
  const addTotal = db.prepare(`INSERT INTO change_total VALUES (${marks(12)})`);
  const [totalsBefore, totalsAfter] = [totals(before), totals(after)];
  for (const currency of union(totalsBefore, totalsAfter)) {
    addTotal.run(
      id,
      currency,
      ...figures(totalsBefore.get(currency)),
      ...figures(totalsAfter.get(currency)),
    );
  }
  const addLineRow = db.prepare(`INSERT INTO change_line VALUES (${marks(14)})`);
  const [linesBefore, linesAfter] = [byKey(before), byKey(after)];
  for (const line of union(linesBefore, linesAfter)) {
    const [was, is] = [linesBefore.get(line), linesAfter.get(line)];
    const [left, right] = [figures(was), figures(is)];
    const { account, service, currency } = (was ?? is) as SideLine;
    if (left.some((figure, i) => figure !== right[i])) {
      addLineRow.run(id, account, service, currency, ...left, ...right);
    }
  }
}

export type ChangeFigures = Record<'rows_before' | 'rows_after', number> &
  Record<`${Metric}_${'before' | 'after'}`, string | null>;

export interface StoredChange {
  id: number;
  kind: ChangeKind;
  provider: string;
  billingAccount: string;
  period: string;
  at: string;
  before: Omit<VersionSide, 'lines'>;
  after: Omit<VersionSide, 'lines'>;
  totals: ({ currency: string } & ChangeFigures)[];
  lines: ({ account: string; service: string; currency: string } & ChangeFigures)[];
}

/** Newest first; of one billing period, or of all. */
export function storedChanges(db: ReadableDb, period: string | null): StoredChange[] {
  const rows = db
    .prepare(`SELECT * FROM change WHERE ? IS NULL OR billing_period = ? ORDER BY id DESC`)
    .all(period, period) as Record<string, string | number>[];
  const totalsOf = db.prepare('SELECT * FROM change_total WHERE change_id = ?');
  const linesOf = db.prepare(
    'SELECT * FROM change_line WHERE change_id = ? ORDER BY account, service, currency',
  );
  return rows.map((row) => {
    const side = (when: 'before' | 'after') => ({
      number: Number(row[`number_${when}`]),
      source: String(row[`source_${when}`]),
      format: String(row[`format_${when}`]),
      loads: JSON.parse(String(row[`loads_${when}`])) as VersionSide['loads'],
    });
    return {
      id: Number(row['id']),
      kind: row['kind'] as ChangeKind,
      provider: String(row['provider']),
      billingAccount: String(row['billing_account']),
      period: String(row['billing_period']),
      at: String(row['changed_at']),
      before: side('before'),
      after: side('after'),
      totals: totalsOf.all(row['id']) as StoredChange['totals'],
      lines: linesOf.all(row['id']) as StoredChange['lines'],
    };
  });
}

function byKey(side: VersionSide): Map<string, SideLine> {
  return new Map(
    side.lines.map((line) => [JSON.stringify([line.account, line.service, line.currency]), line]),
  );
}

function totals(side: VersionSide): Map<string, SideLine> {
  const sums = new Map<string, SideLine>();
  for (const line of side.lines) addLine(sums, line.currency, line);
  return sums;
}

function addLine(sums: Map<string, SideLine>, key: string, line: SideLine): void {
  const sum = sums.get(key);
  if (!sum) {
    sums.set(key, { ...line, amounts: { ...line.amounts } });
    return;
  }
  sum.rows += line.rows;
  for (const metric of metrics) {
    const amount = line.amounts[metric];
    if (amount !== null) sum.amounts[metric] = (sum.amounts[metric] ?? 0n) + amount;
  }
}

function union<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])];
}

function figures(line: SideLine | undefined): (number | string | null)[] {
  if (!line) return [0, ...metrics.map(() => null)];
  return [line.rows, ...metrics.map((metric) => amountText(line.amounts[metric]))];
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
