import { trendLine } from '../../../shared/charts/trendLine.ts';
import {
  currencySign,
  formatAllDigits,
  formatChangePercent,
} from '../../../shared/domain/format.ts';
import { amount, type Detail, unitNames, unitPrice } from './words.ts';

/** What a unit of the workload costs, by every unit that it can be measured in. */
export function UnitCosts({ detail }: { detail: Detail }) {
  const { units, currency, unitTrend, workload } = detail;
  const sign = currencySign(currency);
  if (units.length === 0) return null;
  return (
    <section aria-label="Unit costs">
      <div className="section-head">
        <h2>Unit costs</h2>
        <span className="caption muted">what is not known is said, never 0</span>
      </div>
      <table className="table">
        <colgroup>
          <col style={{ width: 132 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 76 }} />
          <col style={{ width: 128 }} />
          <col style={{ width: 120 }} />
          <col style={{ width: 112 }} />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Unit</th>
            <th scope="col" className="right">
              {sign} a unit
            </th>
            <th scope="col" className="right">
              Before
            </th>
            <th scope="col" className="right">
              Change
            </th>
            <th scope="col" className="apart">
              Over time
            </th>
            <th scope="col" className="right">
              Units
            </th>
            <th scope="col" className="right">
              Cost {sign}
            </th>
            <th scope="col" className="apart">
              How it is reckoned
            </th>
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => (
            <tr key={unit.unit}>
              <th scope="row">{unitNames[unit.unit]}</th>
              <td
                className={unit.perUnit === null ? 'right muted' : 'right'}
                title={unit.perUnit === null ? undefined : formatAllDigits(unit.perUnit)}
              >
                {unitPrice(unit.perUnit)}
              </td>
              <td className="right muted">
                {unit.previous === null ? 'n/a' : unitPrice(unit.previous)}
              </td>
              <td className={unit.previous === null ? 'right muted' : 'right'}>
                {unit.perUnit === null || unit.previous === null
                  ? 'n/a'
                  : formatChangePercent(unit.perUnit, unit.previous)}
              </td>
              <td className="apart">
                {unit.unit === workload.unit?.unit && <TrendMark points={unitTrend} />}
              </td>
              <td className="right muted">{amount(unit.quantity, 0)}</td>
              <td className="right muted">{amount(unit.cost, 2)}</td>
              <td className="apart muted" title={unit.reason}>
                {unit.reason}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const width = 104;
const height = 18;

function TrendMark({ points }: { points: readonly (string | null)[] }) {
  const trend = trendLine(
    points.map((point) => (point === null ? null : Number(point))),
    width,
    height,
  );
  if (!trend) return null;
  return (
    <svg className="spark" width={width} height={height} aria-hidden="true">
      {trend.lines.map((line) => (
        <path key={line} className="line" d={line} />
      ))}
      {trend.marks.map(({ x, y }) => (
        <circle key={x} className="dot" cx={x} cy={y} r="2" />
      ))}
    </svg>
  );
}
