import type { Pool } from './pool.ts';

/** Hours of like usage taken together for the lower bound: means, and the group of each hour. */
export interface Groups {
  weight: Float64Array;
  segment: Int32Array;
  series: Float64Array[];
  groupOf: Int32Array;
}

/**
 * At most about `count` groups of merged hours with the same commitments active: the group with
 * the widest spread of money is halved at its mean, again and again. The bill is convex in usage,
 * so putting every hour at its group's mean never raises a lower bound.
 */
export function groupHours(pool: Pool, count: number): Groups {
  const { hours } = pool;
  const rows = hours.weight.length;
  const worth = seriesWorth(pool);
  const bySegment = new Map<number, number[]>();
  for (let row = 0; row < rows; row++) {
    const segment = hours.segment[row] as number;
    const list = bySegment.get(segment);
    if (list) list.push(row);
    else bySegment.set(segment, [row]);
  }
  const open = [...bySegment.values()].map((list) => spreadOf(pool, list, worth));
  while (open.length < count) {
    let widest = 0;
    for (const [at, cluster] of open.entries()) {
      if (cluster.spread > (open[widest]?.spread ?? 0)) widest = at;
    }
    const cluster = open[widest];
    if (!cluster || cluster.spread <= 0) break;
    const values = hours.series[cluster.series] as Float64Array;
    const low = cluster.rows.filter((row) => (values[row] as number) <= cluster.mean);
    const high = cluster.rows.filter((row) => (values[row] as number) > cluster.mean);
    if (low.length === 0 || high.length === 0) {
      cluster.spread = 0;
      continue;
    }
    open.splice(widest, 1, spreadOf(pool, low, worth), spreadOf(pool, high, worth));
  }
  const groupOf = new Int32Array(rows);
  for (const [group, cluster] of open.entries())
    for (const row of cluster.rows) groupOf[row] = group;
  const weight = new Float64Array(open.length);
  for (let row = 0; row < rows; row++) {
    const group = groupOf[row] as number;
    weight[group] = (weight[group] as number) + (hours.weight[row] as number);
  }
  return {
    weight,
    segment: Int32Array.from(open, ({ rows: own }) => hours.segment[own[0] as number] as number),
    series: hours.series.map((values) => {
      const sums = new Float64Array(open.length);
      for (let row = 0; row < rows; row++) {
        const group = groupOf[row] as number;
        sums[group] =
          (sums[group] as number) + (values[row] as number) * (hours.weight[row] as number);
      }
      return sums.map((sum, group) => sum / (weight[group] as number));
    }),
    groupOf,
  };
}

/**
 * About `count` real hours, evenly spread over time within each segment, that stand for all: they
 * keep the spread of every series, which means would hide. For a search, never for a bound.
 */
export function sampleHours({ hours }: Pool, count: number): Omit<Groups, 'groupOf'> {
  const bySegment = new Map<number, number[]>();
  for (const [row, segment] of hours.segment.entries()) {
    const list = bySegment.get(segment);
    if (list) list.push(row);
    else bySegment.set(segment, [row]);
  }
  const rows: number[] = [];
  const weight: number[] = [];
  for (const list of bySegment.values()) {
    const wanted = Math.max(1, Math.round((count * list.length) / hours.segment.length));
    const stride = list.length / Math.min(wanted, list.length);
    const taken: number[] = [];
    for (let at = stride / 2; at < list.length; at += stride)
      taken.push(list[Math.floor(at)] as number);
    const all = list.reduce((sum, row) => sum + (hours.weight[row] as number), 0);
    const own = taken.reduce((sum, row) => sum + (hours.weight[row] as number), 0);
    rows.push(...taken);
    weight.push(...taken.map((row) => ((hours.weight[row] as number) * all) / own));
  }
  return {
    weight: Float64Array.from(weight),
    segment: Int32Array.from(rows, (row) => hours.segment[row] as number),
    series: hours.series.map((values) => Float64Array.from(rows, (row) => values[row] as number)),
  };
}

interface Cluster {
  rows: number[];
  series: number;
  mean: number;
  spread: number;
}

function spreadOf(pool: Pool, rows: number[], worth: readonly number[]): Cluster {
  const { weight, series } = pool.hours;
  const widest: Cluster = { rows, series: 0, mean: 0, spread: 0 };
  let hours = 0;
  for (const row of rows) hours += weight[row] as number;
  for (const [s, values] of series.entries()) {
    let sum = 0;
    for (const row of rows) sum += (weight[row] as number) * (values[row] as number);
    const mean = sum / hours;
    let spread = 0;
    for (const row of rows)
      spread += (weight[row] as number) * Math.abs((values[row] as number) - mean);
    spread *= worth[s] as number;
    if (spread > widest.spread * (1 + 1e-9) && spread > 1e-9 * hours) {
      Object.assign(widest, { series: s, mean, spread });
    }
  }
  return widest;
}

/** The most that one unit of each series may cost. */
function seriesWorth(pool: Pool): number[] {
  const worth = pool.hours.series.map(() => 0);
  for (const { choices } of pool.workloads) {
    for (const { part } of choices) {
      if (!part) continue;
      const cost = part.scale * (pool.items[part.item]?.price ?? 0);
      worth[part.series] = Math.max(worth[part.series] ?? 0, cost);
    }
  }
  return worth;
}
