import { sparkline } from '../../shared/charts/sparkline.ts';

const width = 112;
const height = 18;

/** The course of a row over the periods of the chart; the figures stand beside it. */
export function Sparkline({ points }: { points: readonly number[] }) {
  const spark = sparkline(points, width, height);
  if (!spark) return null;
  return (
    <svg className="spark" width={width} height={height} aria-hidden="true">
      <path className="area" d={spark.area} />
      <path className="line" d={spark.line} />
      <circle className="dot" cx={spark.x} cy={spark.y} r="2" />
    </svg>
  );
}
