/**
 * The hours of a window, with those that no bill can tell apart merged into one: same usage of
 * every series, same commitments active.
 */
export interface Hours {
  /** Hours that each merged hour stands for. */
  weight: Float64Array;
  /** Which commitments are active: a number into `active`. */
  segment: Int32Array;
  /** For each segment, whether each column is active. */
  active: boolean[][];
  /** For each series, its value in each merged hour. */
  series: Float64Array[];
  /** The merged hour of each hour of the window. */
  mergedOf: Int32Array;
}

export function mergeHours(
  hours: number,
  series: readonly Float64Array[],
  columns: readonly { fromH: number; toH: number }[],
): Hours {
  const segments = new Map<string, number>();
  const active: boolean[][] = [];
  const found = new Map<string, number>();
  const mergedOf = new Int32Array(hours);
  const weights: number[] = [];
  const first: number[] = [];
  const segmentOf: number[] = [];
  const cuts = new Set(columns.flatMap(({ fromH, toH }) => [fromH, toH]));
  let segment = 0;
  for (let hour = 0; hour < hours; hour++) {
    if (hour === 0 || cuts.has(hour)) {
      const now = columns.map(({ fromH, toH }) => fromH <= hour && hour < toH);
      const key = now.map(Number).join('');
      const known = segments.get(key);
      segment = known ?? active.push(now) - 1;
      if (known === undefined) segments.set(key, segment);
    }
    let key = `${segment}`;
    for (const values of series) key += `,${values[hour]}`;
    let merged = found.get(key);
    if (merged === undefined) {
      merged = first.push(hour) - 1;
      found.set(key, merged);
      weights.push(0);
      segmentOf.push(segment);
    }
    weights[merged] = (weights[merged] ?? 0) + 1;
    mergedOf[hour] = merged;
  }
  return {
    weight: Float64Array.from(weights),
    segment: Int32Array.from(segmentOf),
    active,
    series: series.map((values) => Float64Array.from(first, (hour) => values[hour] ?? 0)),
    mergedOf,
  };
}
