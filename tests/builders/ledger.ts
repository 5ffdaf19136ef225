import { unpackColumn, type ColumnType } from '../../electron/core/store/columns.ts';
import type { ReadableDb } from '../../electron/core/store/open.ts';
import { metrics } from '../../shared/contract/values.ts';
import { exactOf, formatExact } from '../../shared/domain/exact.ts';

/** Every row of every table except the history of loads and the kept lines, as text, by table. */
export type Ledger = Map<string, Set<string>>;

/** Lines come and go with what is current; detail-kill.test.ts holds them against their files. */
const history = new Set([
  'load',
  'load_total',
  'detail',
  'sqlite_sequence',
  // Worked out from the series: workloads.test.ts holds it against them.
  'classification',
  'classification_column',
]);

export function ledger(db: ReadableDb): Ledger {
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  return new Map(
    tables
      .filter((table) => !history.has(table))
      .map((table) => [
        table,
        new Set(
          (db.prepare(`SELECT * FROM "${table}"`).all() as Record<string, unknown>[]).map((row) =>
            JSON.stringify(row, (_, value: unknown) =>
              Buffer.isBuffer(value) ? value.toString('base64') : value,
            ),
          ),
        ),
      ]),
  );
}

/**
 * What the ledger has lost or changed. Where nothing was stored it must be the same to the byte;
 * where something was, all that was there must still be there, except which name an id has and,
 * where a version gave way to another, which of them is current.
 */
export function lost(
  before: Ledger,
  after: Ledger,
  { stored, gaveWay }: { stored: boolean; gaveWay: boolean },
): string[] {
  const problems: string[] = [];
  for (const [table, rows] of before) {
    if (stored && table === 'value_name') continue;
    const now = after.get(table) ?? new Set<string>();
    for (const row of rows) {
      const older = row.replace('"is_current":1', '"is_current":0');
      if (now.has(row) || (gaveWay && table === 'version' && now.has(older))) continue;
      problems.push(`${table} has lost ${row.slice(0, 200)}`);
    }
    if (!stored && now.size !== rows.size) {
      problems.push(`${table} has ${now.size} rows instead of ${rows.size}`);
    }
  }
  return problems;
}

const weights: Record<string, bigint> = {
  high: 10n ** 36n,
  whole: 10n ** 27n,
  nano: 10n ** 18n,
  atto: 10n ** 9n,
  rest: 1n,
};

interface TotalRow extends Record<(typeof metrics)[number], string | null> {
  currency: string;
  charge_rows: number;
}

/** Where the cells, the totals of segments and days, and what the file states differ, of one load. */
export function untied(db: ReadableDb, loadId: number): string[] {
  const problems: string[] = [];
  const stated = sums(
    db.prepare('SELECT * FROM load_total WHERE load_id = ?').all(loadId) as TotalRow[],
  );
  const segments = db
    .prepare(
      `SELECT segment.id, version_id AS version, cells, charge_rows AS rows FROM segment
       WHERE load_id = ? ORDER BY id`,
    )
    .all(loadId) as { id: number; version: number; cells: number; rows: number }[];
  if (segments.length === 0) problems.push('loaded without a segment');
  const ofSegments: TotalRow[] = [];
  for (const { id, version, cells, rows } of segments) {
    const totals = db
      .prepare('SELECT * FROM segment_total WHERE segment_id = ?')
      .all(id) as TotalRow[];
    ofSegments.push(...totals);
    // A version may have segments of other loads beside it.
    const parts = db
      .prepare(
        `SELECT segment_total.* FROM segment_total JOIN segment ON segment.id = segment_id
         WHERE version_id = ?`,
      )
      .all(version) as TotalRow[];
    const days = db
      .prepare('SELECT * FROM daily_total WHERE version_id = ?')
      .all(version) as TotalRow[];
    same(problems, `version ${version} and its days`, sums(parts), sums(days));
    const columns = new Map(
      (
        db.prepare('SELECT name, type, data FROM segment_column WHERE segment_id = ?').all(id) as {
          name: string;
          type: ColumnType;
          data: Buffer;
        }[]
      ).map(({ name, type, data }) => [name, unpackColumn(type, data, cells)]),
    );
    const total = (name: string) =>
      [...(columns.get(name) ?? [])].reduce((sum, value) => sum + BigInt(value), 0n);
    if (total('rows') !== BigInt(rows))
      problems.push(`segment ${id} counts ${total('rows')} rows, not ${rows}`);
    for (const metric of metrics) {
      const inCells = Object.entries(weights).reduce(
        (sum, [limb, weight]) =>
          sum + weight * total(limb === 'nano' ? metric : `${metric}.${limb}`),
        0n,
      );
      const inTotals = totals.reduce((sum, row) => sum + exactOf(row[metric] ?? '0'), 0n);
      if (inCells !== inTotals) {
        problems.push(
          `segment ${id}, ${metric}: the cells have ${formatExact(inCells)}, the file ${formatExact(inTotals)}`,
        );
      }
    }
  }
  same(problems, `load ${loadId} and its segments`, stated, sums(ofSegments));
  return problems;
}

/** By currency: rows and each amount; null where no row has it. */
function sums(rows: readonly TotalRow[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const currency of new Set(rows.map((row) => row.currency))) {
    const own = rows.filter((row) => row.currency === currency);
    found[`${currency} rows`] = String(own.reduce((sum, row) => sum + row.charge_rows, 0));
    for (const metric of metrics) {
      const known = own.map((row) => row[metric]).filter((text) => text !== null);
      found[`${currency} ${metric}`] =
        known.length === 0
          ? 'unknown'
          : formatExact(known.reduce((sum, text) => sum + exactOf(text), 0n));
    }
  }
  return found;
}

function same(
  problems: string[],
  what: string,
  a: Record<string, string>,
  b: Record<string, string>,
): void {
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (a[key] !== b[key]) problems.push(`${what}: ${key} is ${a[key]} and ${b[key]}`);
  }
}
