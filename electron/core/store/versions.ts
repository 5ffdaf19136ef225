import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { dayText, monthOf } from '../../../shared/domain/calendar.ts';
import { type Exact, formatExact } from '../../../shared/domain/exact.ts';
import { packColumn } from './columns.ts';
import { type Cells, groupCells } from './kernel.ts';
import { exactAt, type Limb, limbs } from './limbs.ts';
import { knownColumn, limbColumn, type Measure, measures } from './measures.ts';
import type { ReadableDb, WritableDb } from './open.ts';

/** What a version is of. Empty texts stand for a provider or account that the bill leaves out. */
export interface VersionKey {
  provider: string;
  billingAccount: string;
  billingPeriod: string;
}

export interface CurrentVersion extends VersionKey {
  id: number;
  number: number;
  source: string;
  format: string;
  /** sha256 of each file behind it. */
  hashes: string[];
}

export type Amounts = Record<Metric, Exact | null>;

/** Cells of one file for one version, as they come from the reader. */
export interface NewSegment {
  loadId: number;
  series: Uint32Array;
  /** Days since 1970-01-01 UTC. */
  day: Int32Array;
  rows: Float64Array;
  measures: Record<Measure, { limbs: Partial<Record<Limb, Float64Array>>; known: Float64Array }>;
  /** What the file itself states, by currency. */
  totals: ReadonlyMap<string, { rows: number; amounts: Amounts }>;
  /** Texts of the series that the paint tables need, by series id. */
  texts: (series: number) => { currency: string; account: string; service: string };
}

export function currentVersion(db: ReadableDb, key: VersionKey): CurrentVersion | null {
  const row = db
    .prepare(
      `SELECT version.id, number, label AS source, format FROM version
       JOIN source ON source.id = source_id
       WHERE is_current = 1 AND provider = ? AND billing_account = ? AND billing_period = ?`,
    )
    .get(key.provider, key.billingAccount, key.billingPeriod) as
    | Omit<CurrentVersion, keyof VersionKey | 'hashes'>
    | undefined;
  if (!row) return null;
  const hashes = db
    .prepare('SELECT sha256 FROM segment JOIN load ON load.id = load_id WHERE version_id = ?')
    .pluck()
    .all(row.id) as string[];
  return { ...key, ...row, hashes };
}

/** Days and accounts of a stored version, with the billed amounts a user can recognise them by. */
export function versionCoverage(
  db: ReadableDb,
  versionId: number,
): { days: string[]; accounts: { account: string; currency: string; billed: string | null }[] } {
  return {
    days: db
      .prepare('SELECT DISTINCT day FROM daily_total WHERE version_id = ? ORDER BY day')
      .pluck()
      .all(versionId) as string[],
    accounts: db
      .prepare(
        'SELECT account, currency, billed FROM monthly_total WHERE version_id = ? ORDER BY account',
      )
      .all(versionId) as { account: string; currency: string; billed: string | null }[],
  };
}

/**
 * Writes a version and makes it the current one. Runs inside the caller's transaction. Throws
 * NOT_TIED_OUT, and so undoes everything, where the cells do not add up to what the file states.
 */
export function writeVersion(
  db: WritableDb,
  version: VersionKey & { sourceId: number; format: string; now: string },
  segments: readonly NewSegment[],
): { id: number; number: number } {
  const { provider, billingAccount, billingPeriod } = version;
  const previous =
    (db
      .prepare(
        'SELECT max(number) FROM version WHERE provider = ? AND billing_account = ? AND billing_period = ?',
      )
      .pluck()
      .get(provider, billingAccount, billingPeriod) as number | null) ?? 0;
  db.prepare(
    'UPDATE version SET is_current = 0 WHERE is_current = 1 AND provider = ? AND billing_account = ? AND billing_period = ?',
  ).run(provider, billingAccount, billingPeriod);
  const number = previous + 1;
  const id = Number(
    db
      .prepare(
        `INSERT INTO version (provider, billing_account, billing_period, number, source_id, format,
           is_current, created_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?)`,
      )
      .run(
        provider,
        billingAccount,
        billingPeriod,
        number,
        version.sourceId,
        version.format,
        version.now,
      ).lastInsertRowid,
  );
  const daily = new Map<string, PaintRow>();
  const monthly = new Map<string, PaintRow>();
  for (const segment of segments) {
    writeSegment(db, id, segment);
    const byDay = paint(segment, 'day');
    assertTiedOut(segment, byDay);
    merge(daily, byDay);
    merge(monthly, paint(segment, 'month'));
  }
  const addDay = db.prepare('INSERT INTO daily_total VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of daily.values()) addDay.run(id, row.period, row.currency, ...figures(row));
  const addMonth = db.prepare('INSERT INTO monthly_total VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of monthly.values()) {
    addMonth.run(id, row.period, row.account, row.service, row.currency, ...figures(row));
  }
  return { id, number };
}

/**
 * Kept are the current version, the one before it, and the newest of each source, which comes
 * back when the others are removed; of older ones only the totals.
 */
export function dropOldSegments(db: WritableDb, key: VersionKey): void {
  db.prepare(
    `DELETE FROM segment_column WHERE segment_id IN (
       SELECT segment.id FROM segment JOIN version ON version.id = version_id
       WHERE provider = ? AND billing_account = ? AND billing_period = ? AND is_current = 0
         AND number < (SELECT max(number) - 1 FROM version AS other
           WHERE other.provider = version.provider
             AND other.billing_account = version.billing_account
             AND other.billing_period = version.billing_period)
         AND number < (SELECT max(number) FROM version AS own
           WHERE own.source_id = version.source_id AND own.provider = version.provider
             AND own.billing_account = version.billing_account
             AND own.billing_period = version.billing_period))`,
  ).run(key.provider, key.billingAccount, key.billingPeriod);
}

function writeSegment(db: WritableDb, versionId: number, segment: NewSegment): void {
  const days = segment.day;
  const firstDay = days.reduce((low, day) => Math.min(low, day), Infinity);
  const lastDay = days.reduce((high, day) => Math.max(high, day), -Infinity);
  const chargeRows = segment.rows.reduce((sum, n) => sum + n, 0);
  const segmentId = Number(
    db
      .prepare(
        `INSERT INTO segment (version_id, load_id, cells, charge_rows, first_day, last_day)
         VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(versionId, segment.loadId, days.length, chargeRows, firstDay, lastDay).lastInsertRowid,
  );
  const add = db.prepare('INSERT INTO segment_column VALUES (?, ?, ?, ?)');
  const write = (name: string, values: ArrayLike<number>) => {
    const { type, data } = packColumn(values);
    add.run(segmentId, name, type, data);
  };
  write('series', segment.series);
  write(
    'day',
    days.map((day) => day - firstDay),
  );
  write('rows', segment.rows);
  for (const measure of measures) {
    const columns = segment.measures[measure];
    for (const limb of limbs) {
      const values = columns.limbs[limb];
      if (values && (limb === 'nano' || values.some((value) => value !== 0))) {
        write(limbColumn(measure, limb), values);
      }
    }
    if (columns.known.some((n, i) => n !== segment.rows[i])) {
      write(knownColumn(measure), columns.known);
    }
  }
  const addTotal = db.prepare('INSERT INTO segment_total VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (const [currency, { rows, amounts }] of segment.totals) {
    addTotal.run(segmentId, currency, rows, ...metrics.map((metric) => text(amounts[metric])));
  }
}

interface PaintRow {
  period: string;
  account: string;
  service: string;
  currency: string;
  rows: number;
  amounts: Amounts;
}

/** Sums a segment by day and currency, or by charge month, account, service and currency. */
function paint(segment: NewSegment, by: 'day' | 'month'): Map<string, PaintRow> {
  const groups: Omit<PaintRow, 'period' | 'rows' | 'amounts'>[] = [];
  const indexes = new Map<string, number>();
  const largestSeries = segment.series.reduce((high, id) => Math.max(high, id), 0);
  const groupOfSeries = new Int32Array(largestSeries + 1).fill(-1);
  for (const series of segment.series) {
    if (groupOfSeries[series] !== -1) continue;
    const { currency, account, service } = segment.texts(series);
    const group =
      by === 'day' ? { currency, account: '', service: '' } : { currency, account, service };
    const key = JSON.stringify(group);
    let index = indexes.get(key);
    if (index === undefined) {
      index = groups.push(group) - 1;
      indexes.set(key, index);
    }
    groupOfSeries[series] = index;
  }
  const firstDay = segment.day.reduce((low, day) => Math.min(low, day), Infinity);
  const lastDay = segment.day.reduce((high, day) => Math.max(high, day), -Infinity);
  const { slotOfDay, periods } = timeSlots(firstDay, lastDay, by);
  const rows = new Map<string, PaintRow>();
  for (const metric of metrics) {
    const answer = groupCells([cellsOf(segment, metric)], {
      groupOfSeries,
      groups: groups.length,
      slotOfDay,
      firstDay,
      slots: periods.length,
    });
    for (const [g, group] of groups.entries()) {
      for (const [p, period] of periods.entries()) {
        const slot = g * periods.length + p;
        const count = answer.rows[slot] ?? 0;
        if (count === 0) continue;
        const key = JSON.stringify([period, group]);
        let row = rows.get(key);
        if (!row) rows.set(key, (row = { period, ...group, rows: count, amounts: noAmounts() }));
        if ((answer.known[slot] ?? 0) > 0) row.amounts[metric] = exactAt(answer.sums, slot);
      }
    }
  }
  return rows;
}

/** Time slots for the kernel: one a day or one a calendar month, `firstDay` to `lastDay`. */
export function timeSlots(
  firstDay: number,
  lastDay: number,
  by: 'day' | 'month' | 'none',
): { slotOfDay: Int32Array; periods: string[] } {
  const periods: string[] = [];
  const slotOfDay = new Int32Array(Math.max(0, lastDay - firstDay + 1));
  for (let i = 0; i < slotOfDay.length; i++) {
    const day = dayText(firstDay + i);
    const period = by === 'day' ? day : by === 'month' ? monthOf(day) : '';
    if (periods.at(-1) !== period) periods.push(period);
    slotOfDay[i] = periods.length - 1;
  }
  return { slotOfDay, periods };
}

function cellsOf(segment: NewSegment, metric: Metric): Cells {
  const { limbs: columns, known } = segment.measures[metric];
  return {
    series: segment.series,
    day: segment.day,
    firstDay: 0,
    rows: segment.rows,
    measure: { limbs: columns, known },
  };
}

function noAmounts(): Amounts {
  return { billed: null, effective: null, list: null, contracted: null };
}

function merge(into: Map<string, PaintRow>, rows: Map<string, PaintRow>): void {
  for (const [key, row] of rows) {
    const kept = into.get(key);
    if (!kept) {
      into.set(key, { ...row, amounts: { ...row.amounts } });
      continue;
    }
    kept.rows += row.rows;
    for (const metric of metrics) {
      const amount = row.amounts[metric];
      if (amount !== null) kept.amounts[metric] = (kept.amounts[metric] ?? 0n) + amount;
    }
  }
}

function assertTiedOut(segment: NewSegment, byDay: Map<string, PaintRow>): void {
  for (const [currency, stated] of segment.totals) {
    const rows = [...byDay.values()].filter((row) => row.currency === currency);
    const count = rows.reduce((sum, row) => sum + row.rows, 0);
    if (count !== stated.rows) {
      throw notTiedOut(`${count} ${currency} charges in the cells, ${stated.rows} in the file`);
    }
    for (const metric of metrics) {
      const known = rows.map((row) => row.amounts[metric]).filter((amount) => amount !== null);
      const sum = known.length === 0 ? null : known.reduce((total, amount) => total + amount, 0n);
      if (sum !== stated.amounts[metric]) {
        throw notTiedOut(
          `${metric} ${currency}: ${text(sum)} in the cells, ${text(stated.amounts[metric])} in the file`,
        );
      }
    }
  }
}

function notTiedOut(difference: string): OutlayError {
  return new OutlayError(
    'NOT_TIED_OUT',
    `What would be stored is not what the file states: ${difference}. The period was not changed.`,
    'This is a defect of Outlay. Please report it with the shape of the file.',
  );
}

function figures(row: PaintRow): (number | string | null)[] {
  return [row.rows, ...metrics.map((metric) => text(row.amounts[metric]))];
}

function text(amount: Exact | null): string | null {
  return amount === null ? null : formatExact(amount);
}
