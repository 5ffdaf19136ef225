import { OutlayError } from '../../../shared/contract/errors.ts';
import type { Metric } from '../../../shared/contract/values.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { dayText, monthOf } from '../../../shared/domain/calendar.ts';
import { exactOf } from '../../../shared/domain/exact.ts';
import { giveWay } from './give-way.ts';
import { type Cells, groupCells } from './kernel.ts';
import { exactAt } from './limbs.ts';
import type { ReadableDb, WritableDb } from './open.ts';
import {
  type Amounts,
  amountText,
  copySegments,
  type NewSegment,
  type PackedSegment,
  packSegment,
  writeSegment,
} from './segments.ts';
import { distinct, spanOf } from './spans.ts';

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
  /** The files behind it. */
  files: { name: string; sha256: string }[];
  rows: number;
}

export function currentVersion(db: ReadableDb, key: VersionKey): CurrentVersion | null {
  const row = db
    .prepare(
      `SELECT version.id, number, label AS source, format,
         (SELECT sum(charge_rows) FROM segment WHERE version_id = version.id) AS rows
       FROM version JOIN source ON source.id = source_id
       WHERE is_current = 1 AND provider = ? AND billing_account = ? AND billing_period = ?`,
    )
    .get(key.provider, key.billingAccount, key.billingPeriod) as
    | Omit<CurrentVersion, keyof VersionKey | 'files'>
    | undefined;
  if (!row) return null;
  const files = db
    .prepare(
      'SELECT file AS name, sha256 FROM segment JOIN load ON load.id = load_id WHERE version_id = ?',
    )
    .all(row.id) as CurrentVersion['files'];
  return { ...key, ...row, files };
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

/** A segment ready to be written: packed, summed for the first paint, and tied out. */
export interface PreparedSegment {
  packed: PackedSegment;
  byDay: Map<string, PaintRow>;
  byMonth: Map<string, PaintRow>;
}

/**
 * All that can be done about a segment before its transaction. Throws NOT_TIED_OUT where its cells
 * do not add up to what the file states.
 */
export async function prepareSegment(segment: NewSegment): Promise<PreparedSegment> {
  const packing = packSegment(segment);
  const byDay = await paint(segment, 'day');
  const byMonth = await paint(segment, 'month');
  const packed = await packing;
  assertTiedOut(segment, byDay);
  return { packed, byDay, byMonth };
}

/**
 * Writes a version and makes it the current one; with `adds` the current one's parts stay part of
 * it. Runs inside the caller's transaction. Answers its id.
 */
export function writeVersion(
  db: WritableDb,
  version: VersionKey & {
    sourceId: number;
    format: string;
    adds: boolean;
    /** Every charge of the segments that costs anything has an invoice. */
    invoiced: boolean;
    now: string;
  },
  segments: readonly PreparedSegment[],
): number {
  const { provider, billingAccount, billingPeriod } = version;
  const key = [provider, billingAccount, billingPeriod];
  const previous = db
    .prepare(
      `SELECT id, invoiced FROM version WHERE is_current = 1
         AND provider = ? AND billing_account = ? AND billing_period = ?`,
    )
    .get(...key) as { id: number; invoiced: 0 | 1 } | undefined;
  // A removed version's number is not given again: what it changed stays on record under it.
  const number =
    1 +
    (db
      .prepare(
        `SELECT max(
           coalesce((SELECT max(number) FROM version
             WHERE provider = ? AND billing_account = ? AND billing_period = ?), 0),
           coalesce((SELECT max(max(number_before, number_after)) FROM change
             WHERE provider = ? AND billing_account = ? AND billing_period = ?), 0))`,
      )
      .pluck()
      .get(...key, ...key) as number);
  const kept = version.adds && previous ? previous.id : null;
  const invoiced = version.invoiced && (kept === null || previous?.invoiced === 1);
  if (previous) db.prepare('UPDATE version SET is_current = 0 WHERE id = ?').run(previous.id);
  const id = Number(
    db
      .prepare(
        `INSERT INTO version (provider, billing_account, billing_period, number, source_id, format,
           is_current, created_at, invoiced) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)`,
      )
      .run(...key, number, version.sourceId, version.format, version.now, invoiced ? 1 : 0)
      .lastInsertRowid,
  );
  if (kept !== null) copySegments(db, kept, id);
  const daily = kept === null ? new Map<string, PaintRow>() : storedPaint(db, kept, 'day');
  const monthly = kept === null ? new Map<string, PaintRow>() : storedPaint(db, kept, 'month');
  for (const { packed, byDay, byMonth } of segments) {
    writeSegment(db, id, packed);
    merge(daily, byDay);
    merge(monthly, byMonth);
  }
  const addDay = db.prepare('INSERT INTO daily_total VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of daily.values()) addDay.run(id, row.period, row.currency, ...figures(row));
  const addMonth = db.prepare('INSERT INTO monthly_total VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const row of monthly.values()) {
    addMonth.run(id, row.period, row.account, row.service, row.currency, ...figures(row));
  }
  return id;
}

export interface PaintRow {
  period: string;
  account: string;
  service: string;
  currency: string;
  rows: number;
  amounts: Amounts;
}

/** Sums a segment by day and currency, or by charge month, account, service and currency. */
async function paint(segment: NewSegment, by: 'day' | 'month'): Promise<Map<string, PaintRow>> {
  const groups: Omit<PaintRow, 'period' | 'rows' | 'amounts'>[] = [];
  const indexes = new Map<string, number>();
  const all = distinct(segment.series);
  const groupOfSeries = new Int32Array((all.at(-1) ?? -1) + 1).fill(-1);
  for (const series of all) {
    const { currency, account, service } = segment.texts(series);
    const group =
      by === 'day' ? { currency, account: '', service: '' } : { currency, account, service };
    const key = JSON.stringify([group.currency, group.account, group.service]);
    let index = indexes.get(key);
    if (index === undefined) {
      index = groups.push(group) - 1;
      indexes.set(key, index);
    }
    groupOfSeries[series] = index;
  }
  const { low: firstDay, high: lastDay } = spanOf(segment.day);
  const { slotOfDay, periods } = timeSlots(firstDay, lastDay, by);
  const rows = new Map<string, PaintRow>();
  for (const metric of metrics) {
    await giveWay();
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
        const key = paintKey({ period, ...group });
        let row = rows.get(key);
        if (!row) rows.set(key, (row = { period, ...group, rows: count, amounts: noAmounts() }));
        if ((answer.known[slot] ?? 0) > 0) row.amounts[metric] = exactAt(answer.sums, slot);
      }
    }
  }
  return rows;
}

function paintKey({ period, currency, account, service }: Omit<PaintRow, 'rows' | 'amounts'>) {
  return JSON.stringify([period, currency, account, service]);
}

/** The paint rows of a version, as they were written. */
function storedPaint(
  db: ReadableDb,
  versionId: number,
  by: 'day' | 'month',
): Map<string, PaintRow> {
  const amounts = metrics.join(', ');
  const rows = db
    .prepare(
      by === 'day'
        ? `SELECT day AS period, '' AS account, '' AS service, currency, charge_rows AS rows,
             ${amounts} FROM daily_total WHERE version_id = ?`
        : `SELECT month AS period, account, service, currency, charge_rows AS rows,
             ${amounts} FROM monthly_total WHERE version_id = ?`,
    )
    .all(versionId) as (Omit<PaintRow, 'amounts'> & Record<Metric, string | null>)[];
  return new Map(
    rows.map(({ period, account, service, currency, rows: count, ...texts }) => {
      const row: PaintRow = {
        period,
        account,
        service,
        currency,
        rows: count,
        amounts: noAmounts(),
      };
      for (const metric of metrics) {
        const amount = texts[metric];
        if (amount !== null) row.amounts[metric] = exactOf(amount);
      }
      return [paintKey(row), row];
    }),
  );
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
          `${metric} ${currency}: ${amountText(sum)} in the cells, ${amountText(stated.amounts[metric])} in the file`,
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
  return [row.rows, ...metrics.map((metric) => amountText(row.amounts[metric]))];
}
