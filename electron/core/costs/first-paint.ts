import type { CallOutput, HandlerInput } from '../../../shared/contract/contract.ts';
import { type Exact, exactOf, formatExact } from '../../../shared/domain/exact.ts';
import { knownColumn } from '../store/measures.ts';
import type { ReadableDb } from '../store/open.ts';

type Query = HandlerInput<'costs.query'>;

/** A row of a small table; empty texts stand for no value. */
interface StoredRow {
  version: number;
  /** Day, charge month, or nothing. */
  period: string;
  account: string;
  service: string;
  currency: string;
  rows: number;
  /** Exact decimal text; null where no charge delivers the metric. */
  amount: string | null;
}

/** A figure of the answer while it is added up. */
interface Figure {
  period: string;
  keys: (string | null)[];
  currency: string;
  cost: Exact;
  rows: number;
}

/**
 * Answers slices that the small tables hold (totals, days, months, accounts, services) without
 * opening an array. Null where they do not hold it, where charges do not deliver the metric (how
 * many is counted in the cells alone), and where the tables are not what the files state: then
 * the cells answer.
 */
export function queryFirstPaint(db: ReadableDb, input: Query): CallOutput<'costs.query'> | null {
  const table = tableOf(input);
  if (table === null || hasUnknown(db, input)) return null;
  const { from = '', to = '~', by, granularity, limit, metric } = input;
  const figures = new Map<string, Figure>();
  const totals = new Map<string, Figure>();
  // By version and currency: what the files state less what the table holds.
  const open = new Map<string, Figure>();
  for (const row of table === 'total' ? [] : readRows(db, 'total', input)) {
    if (row.amount === null) return null;
    add(open, `${row.version} ${row.currency}`, row, '', [], -exactOf(row.amount), -row.rows);
  }
  for (const row of readRows(db, table, input)) {
    if (row.amount === null) return null;
    const cost = exactOf(row.amount);
    if (table !== 'total') add(open, `${row.version} ${row.currency}`, row, '', [], cost, row.rows);
    if (row.period < from || row.period >= to) continue;
    const period =
      granularity === 'none' ? '' : granularity === 'day' ? row.period : row.period.slice(0, 7);
    const keys = by.map((dimension) => row[dimension as Held] || null);
    add(figures, JSON.stringify([period, keys, row.currency]), row, period, keys, cost, row.rows);
    add(totals, row.currency, row, '', [], cost, row.rows);
  }
  for (const { cost, rows } of open.values()) if (cost !== 0n || rows !== 0) return null;
  return {
    metric,
    rows: [...figures.values()]
      .sort(byPeriodAndCost)
      .slice(0, limit)
      .map(({ period, keys, currency, cost }) => ({
        ...(granularity === 'none' ? {} : { period }),
        keys: Object.fromEntries(by.map((dimension, i) => [dimension, keys[i] as string | null])),
        currency: currency || null,
        cost: formatExact(cost),
      })),
    totals: [...totals.values()]
      .sort((a, b) => b.rows - a.rows || compare(a.currency, b.currency))
      .map(({ currency, cost }) => ({
        currency: currency || null,
        cost: formatExact(cost),
        unknownRows: 0,
      })),
  };
}

type Held = 'account' | 'service' | 'currency';
type Table = 'total' | 'day' | 'month';

/** The smallest table that holds the slice. */
function tableOf({ by, filters, from, to, granularity }: Query): Table | null {
  if (filters.length > 0) return null;
  const whole = from === undefined && to === undefined;
  if (by.every((dimension) => dimension === 'currency')) {
    return whole && granularity === 'none' ? 'total' : 'day';
  }
  const held = by.every((dimension) => ['account', 'service', 'currency'].includes(dimension));
  return held && granularity !== 'day' && whole ? 'month' : null;
}

const current = `version_id IN (SELECT id FROM version
  WHERE is_current = 1 AND (:period IS NULL OR billing_period = :period))`;

function hasUnknown(db: ReadableDb, { metric, period }: Query): boolean {
  const found = db
    .prepare(
      `SELECT 1 FROM segment JOIN segment_column ON segment_id = segment.id AND name = :name
       WHERE ${current} LIMIT 1`,
    )
    .get({ name: knownColumn(metric), period: period ?? null });
  return found !== undefined;
}

function readRows(db: ReadableDb, table: Table, { metric, period }: Query): StoredRow[] {
  const columns = {
    total: `'' AS period, '' AS account, '' AS service, currency, segment_total.charge_rows`,
    day: `day AS period, '' AS account, '' AS service, currency, charge_rows`,
    month: 'month AS period, account, service, currency, charge_rows',
  }[table];
  const from = {
    total: 'segment_total JOIN segment ON segment.id = segment_id',
    day: 'daily_total',
    month: 'monthly_total',
  }[table];
  return db
    .prepare(
      `SELECT version_id AS version, ${columns} AS rows, ${metric} AS amount
       FROM ${from} WHERE ${current}`,
    )
    .all({ period: period ?? null }) as StoredRow[];
}

function add(
  into: Map<string, Figure>,
  key: string,
  { currency }: StoredRow,
  period: string,
  keys: (string | null)[],
  cost: Exact,
  rows: number,
): void {
  const known = into.get(key);
  if (!known) into.set(key, { period, keys, currency, cost, rows });
  else {
    known.cost += cost;
    known.rows += rows;
  }
}

function byPeriodAndCost(a: Figure, b: Figure): number {
  if (a.period !== b.period) return compare(a.period, b.period);
  if (a.cost !== b.cost) return a.cost > b.cost ? -1 : 1;
  for (const [i, key] of a.keys.entries()) {
    const difference = compare(key ?? '', b.keys[i] ?? '');
    if (difference !== 0) return difference;
  }
  return compare(a.currency, b.currency);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
