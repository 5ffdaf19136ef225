import type { TokenVendor } from '../../../shared/contract/tokens.ts';
import { exactOf } from '../../../shared/domain/exact.ts';
import type { TokenCount } from '../../../shared/tokens/fill.ts';
import type { ReadableDb } from '../store/open.ts';
import { readSeries } from '../telemetry/queries.ts';
import { cellsOfLoad, type CountingLoad, countingLoads } from './queries.ts';
import type { TokenCell } from './usage.ts';

/** Days since 1970-01-01 UTC, both inclusive. */
export interface Days {
  firstDay: number;
  lastDay: number;
}

export interface CountedTokens {
  counts: (TokenCount & { firstDay: number; lastDay: number })[];
  /** Days of which each vendor's counts speak. */
  covered: Map<TokenVendor, Set<number>>;
}

type Place = Omit<TokenCount, 'tokens'>;

/**
 * What vendors counted on some days, each token once. Of usage exports of one kind the newest that
 * speaks of a day says what it is told apart by; loads that tell apart something else are left out of
 * it, and where several hold the same count the newest holds. Metrics of a cloud count on the days
 * that its logs say nothing of.
 */
export function readTokenCounts(db: ReadableDb, days: Days): CountedTokens {
  const sums = new Map<
    string,
    { place: Place; tokens: bigint; firstDay: number; lastDay: number }
  >();
  const covered = new Map<TokenVendor, Set<number>>();
  const cover = (vendor: TokenVendor, day: number) => {
    const set = covered.get(vendor);
    if (set) set.add(day);
    else covered.set(vendor, new Set([day]));
  };
  const add = (place: Place, day: number, tokens: bigint) => {
    const key = JSON.stringify(Object.values(place));
    const sum = sums.get(key);
    if (!sum) {
      sums.set(key, { place, tokens, firstDay: day, lastDay: day });
      return;
    }
    sum.tokens += tokens;
    if (day < sum.firstDay) sum.firstDay = day;
    if (day > sum.lastDay) sum.lastDay = day;
  };
  for (const loads of Map.groupBy(countingLoads(db), ({ format }) => format).values()) {
    const shapes = shapesByDay(loads, days);
    for (const [day] of shapes) for (const { vendor } of loads.slice(0, 1)) cover(vendor, day);
    const seen = new Set<string>();
    for (const load of loads.toReversed()) {
      for (const cell of cellsOfLoad(db, load.id, days.firstDay, days.lastDay)) {
        const day = shapes.get(cell.day);
        if (!day || (!load.log && day.shape !== load.shape)) continue;
        if (!load.log && day.loads > 1) {
          const key = cellKey(cell);
          if (seen.has(key)) continue;
          seen.add(key);
        }
        const { account, model, direction, cache, batch } = cell;
        const place = { vendor: load.vendor, account, model, direction, cache, batch };
        add(place, cell.day, BigInt(cell.tokens));
      }
    }
  }
  // What a cloud's logs count is the same tokens.
  const metered = meteredTokens(db, days).filter(
    ({ vendor, day }) => !covered.get(vendor)?.has(day),
  );
  for (const { vendor, day, place, tokens } of metered) {
    cover(vendor, day);
    add(place, day, BigInt(Math.round(tokens)));
  }
  return {
    counts: [...sums.values()].map(({ place, tokens, firstDay, lastDay }) => ({
      ...place,
      tokens: exactOf(String(tokens)),
      firstDay,
      lastDay,
    })),
    covered,
  };
}

/** Of each day what its counts are told apart by, and how many loads tell it so. */
function shapesByDay(
  loads: readonly CountingLoad[],
  { firstDay, lastDay }: Days,
): Map<number, { shape: string; loads: number }> {
  const days = new Map<number, { shape: string; loads: number }>();
  for (const load of loads.toReversed()) {
    const last = Math.min(load.lastDay, lastDay);
    for (let day = Math.max(load.firstDay, firstDay); day <= last; day++) {
      const known = days.get(day);
      if (!known || known.shape === '') {
        days.set(day, { shape: load.shape, loads: (known?.loads ?? 0) + 1 });
      } else if (known.shape === load.shape) known.loads++;
    }
  }
  return days;
}

function cellKey(cell: TokenCell): string {
  const { day, hour, account, key, model, direction, cache, batch } = cell;
  return JSON.stringify([day, hour, account, key, model, direction, cache, batch]);
}

const tokenMetrics = [
  'tokens_input',
  'tokens_output',
  'tokens_cache_read',
  'tokens_cache_write',
] as const;

/** By the kind of source; of the others tokens are those of one's own machines. */
const clouds: Record<string, { vendor: TokenVendor; cached: boolean }> = {
  cloudwatch: { vendor: 'aws', cached: true },
  'azure-monitor': { vendor: 'azure', cached: false },
  'cloud-monitoring': { vendor: 'google', cached: false },
};

interface Metered {
  vendor: TokenVendor;
  day: number;
  place: Place;
  tokens: number;
}

/**
 * Tokens that a cloud's metrics count, by day. Of one metric exported with several periods that with
 * most samples of the day counts.
 */
function meteredTokens(db: ReadableDb, days: Days): Metered[] {
  const best = new Map<string, Metered & { samples: number }>();
  for (const { series, model, cloud, account } of tokenSeries(db, days)) {
    const byDay = new Map<number, { tokens: number; samples: number }>();
    for (const [hour, { sum, count }] of series.hours) {
      const day = Math.floor(hour / 24);
      const of = byDay.get(day) ?? { tokens: 0, samples: 0 };
      byDay.set(day, { tokens: of.tokens + sum, samples: of.samples + count });
    }
    const place = {
      vendor: cloud.vendor,
      account,
      model,
      direction: series.metric === 'tokens_output' ? 'output' : 'input',
      cache: cacheOf(series.metric, cloud.cached),
      batch: false,
    } satisfies Place;
    for (const [day, of] of byDay) {
      const key = JSON.stringify([series.resource, series.metric, day]);
      if ((best.get(key)?.samples ?? 0) >= of.samples) continue;
      best.set(key, { vendor: cloud.vendor, day, place, ...of });
    }
  }
  return [...best.values()];
}

function cacheOf(metric: string, cached: boolean): TokenCount['cache'] {
  if (metric === 'tokens_cache_read') return 'read';
  if (metric === 'tokens_cache_write') return 'write';
  return metric === 'tokens_output' || cached ? 'none' : 'unknown';
}

function* tokenSeries(db: ReadableDb, { firstDay, lastDay }: Days) {
  const models = db
    .prepare(
      `SELECT id, key, json_extract(labels, '$.managedModel') AS model,
         coalesce(json_extract(labels, '$.project'), json_extract(labels, '$.endpoint'), '') AS account
       FROM telemetry_resource WHERE json_extract(labels, '$.managedModel') IS NOT NULL`,
    )
    .all() as { id: number; key: string; model: string; account: string }[];
  if (models.length === 0) return;
  const ofKey = new Map(models.map((one) => [one.key, one]));
  const window = { from: firstDay * 24, to: (lastDay + 1) * 24 };
  const all = readSeries(
    db,
    models.map(({ id }) => id),
    window,
    tokenMetrics,
  );
  for (const series of all) {
    const cloud = clouds[series.source.split(':')[0] ?? ''];
    const of = ofKey.get(series.resource);
    if (cloud && of && series.stat === 'sum') {
      yield { series, cloud, model: of.model, account: of.account };
    }
  }
}
