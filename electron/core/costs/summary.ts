import type { Metric } from '../../../shared/contract/values.ts';
import { metrics } from '../../../shared/contract/values.ts';
import { exactOf } from '../../../shared/domain/exact.ts';
import type { Cube } from '../store/cube.ts';
import type { ReadableDb } from '../store/open.ts';
import { group } from './group.ts';
import type { Axes } from './scope.ts';

/** What is loaded, in short; null fields while nothing is. */
export interface Summary {
  /** Days since 1970-01-01 UTC, both inclusive. */
  firstDay: number;
  lastDay: number;
  /** Those with most charges first. */
  currencies: (string | null)[];
  metrics: Metric[];
  /** Current versions, and those whose stored days add up to what their files state. */
  tieOut: { versions: number; tiedOut: Set<number> };
}

export type Summarise = () => Summary | null;

/** The summary of a cube, kept until the data changes. */
export function createSummary(db: ReadableDb, cube: Cube, axes: Axes): Summarise {
  let revision = -1;
  let kept: Summary | null = null;
  return () => {
    const now = cube.revision();
    if (now !== revision) {
      kept = summarise(db, cube, axes);
      revision = now;
    }
    return kept;
  };
}

function summarise(db: ReadableDb, cube: Cube, axes: Axes): Summary | null {
  const segments = cube.segments();
  if (segments.length === 0) return null;
  const currency = axes.axis('currency');
  const grouped = group(cube, {
    metric: 'billed',
    axes: [currency],
    mask: axes.mask([]),
    segments,
    granularity: 'none',
  });
  const currencies = grouped.groups
    .map(({ ids }, g) => ({ id: ids[0] ?? 0, rows: grouped.rows(g, 0) }))
    .sort((a, b) => b.rows - a.rows)
    .map(({ id }) => (id === 0 ? null : (currency.values[id] ?? null)));
  return {
    firstDay: Math.min(...segments.map((segment) => segment.firstDay)),
    lastDay: Math.max(...segments.map((segment) => segment.lastDay)),
    currencies,
    metrics: deliveredMetrics(db),
    tieOut: tieOuts(db),
  };
}

function deliveredMetrics(db: ReadableDb): Metric[] {
  const row = db
    .prepare(
      `SELECT ${metrics.map((metric) => `count(${metric}) > 0 AS ${metric}`).join(', ')}
       FROM segment_total JOIN segment ON segment.id = segment_id
       JOIN version ON version.id = version_id WHERE is_current = 1`,
    )
    .get() as Record<Metric, 0 | 1>;
  return metrics.filter((metric) => row[metric] === 1);
}

/** Compares the stored days of each current version with the totals its files state. */
function tieOuts(db: ReadableDb): Summary['tieOut'] {
  const stated = sums(
    db,
    `SELECT version_id AS id, currency, ${metrics.join(', ')}
     FROM segment_total JOIN segment ON segment.id = segment_id
     WHERE version_id IN (SELECT id FROM version WHERE is_current = 1)`,
  );
  const stored = sums(
    db,
    `SELECT version_id AS id, currency, ${metrics.join(', ')} FROM daily_total
     WHERE version_id IN (SELECT id FROM version WHERE is_current = 1)`,
  );
  const tiedOut = new Set<number>();
  for (const [id, totals] of stated) if (stored.get(id) === totals) tiedOut.add(id);
  return { versions: stated.size, tiedOut };
}

/** Exact sums by version, in one comparable text. */
function sums(db: ReadableDb, sql: string): Map<number, string> {
  const totals = new Map<number, Map<string, bigint>>();
  for (const row of db.prepare(sql).all() as ({ id: number; currency: string } & Record<
    Metric,
    string | null
  >)[]) {
    const own = totals.get(row.id) ?? new Map<string, bigint>();
    totals.set(row.id, own);
    for (const metric of metrics) {
      const text = row[metric];
      const key = `${row.currency} ${metric}`;
      if (text !== null) own.set(key, (own.get(key) ?? 0n) + exactOf(text));
    }
  }
  return new Map(
    [...totals].map(([id, own]) => [
      id,
      [...own]
        .map(([key, sum]) => `${key} ${sum}`)
        .sort()
        .join('; '),
    ]),
  );
}
