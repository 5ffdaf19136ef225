export interface Spark {
  line: string;
  area: string;
  /** The last point. */
  x: number;
  y: number;
}

/** Paths of a small zero-based line, for a box of `width` x `height`; null below two points. */
export function sparkline(points: readonly number[], width: number, height: number): Spark | null {
  if (points.length < 2) return null;
  const inset = 2;
  const high = Math.max(0, ...points);
  const low = Math.min(0, ...points);
  const span = high - low || 1;
  const stepX = (width - 2 * inset) / (points.length - 1);
  const place = (value: number) => inset + ((high - value) / span) * (height - 2 * inset);
  const at = (value: number, index: number) =>
    `${(inset + index * stepX).toFixed(1)},${place(value).toFixed(1)}`;
  const line = `M${points.map(at).join('L')}`;
  const base = place(0).toFixed(1);
  const right = inset + (points.length - 1) * stepX;
  return {
    line,
    area: `${line}L${right.toFixed(1)},${base}L${inset},${base}Z`,
    x: right,
    y: place(points.at(-1) ?? 0),
  };
}
