export interface Trend {
  /** One path a run of known points; a run of one point has only a mark. */
  lines: string[];
  marks: { x: number; y: number }[];
}

/**
 * A small zero-based line for a box of `width` x `height`; unknown points are gaps, never 0. Null
 * where fewer than two points are known.
 */
export function trendLine(
  points: readonly (number | null)[],
  width: number,
  height: number,
): Trend | null {
  const known = points.filter((point) => point !== null);
  if (known.length < 2) return null;
  const inset = 2;
  const high = Math.max(0, ...known);
  const low = Math.min(0, ...known);
  const span = high - low || 1;
  const step = (width - 2 * inset) / (points.length - 1);
  const trend: Trend = { lines: [], marks: [] };
  let run: { x: number; y: number }[] = [];
  const end = () => {
    if (run.length > 1) {
      trend.lines.push(`M${run.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}`);
    }
    if (run.length === 1) trend.marks.push(...run);
    run = [];
  };
  let last: { x: number; y: number } | null = null;
  points.forEach((point, index) => {
    if (point === null) {
      end();
      return;
    }
    const y = inset + ((high - point) / span) * (height - 2 * inset);
    last = { x: inset + index * step, y };
    run.push(last);
  });
  end();
  if (last && !trend.marks.includes(last)) trend.marks.push(last);
  return trend;
}
