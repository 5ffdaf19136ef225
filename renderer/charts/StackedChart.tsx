import { useMemo } from 'react';
import { darkTokens, lightTokens } from '../../shared/charts/palette.ts';
import {
  stackedBars,
  type StackedBarsData,
  stackedBarsPlaces,
  stackedBarsReadout,
  stackedBarsSummary,
  stackedBarsTip,
  stackValue,
} from '../../shared/charts/stackedBars.ts';
import { formatDecimal, formatDay, formatMonth } from '../../shared/domain/format.ts';
import { useChoices } from '../stores/choices.ts';
import { useTheme } from '../stores/theme.ts';
import { Chart } from './Chart.tsx';

interface StackedChartProps {
  data: StackedBarsData;
  height: number | '100%';
  labels: boolean;
  /** Room for the labels at the right. */
  right: number;
  onStack?: (index: number) => void;
}

/** Stacked bars in the theme of the window, or the same numbers as a table. */
export function StackedChart({ data, height, labels, right, onStack }: StackedChartProps) {
  const dark = useTheme((theme) => theme.dark);
  const table = useChoices((choices) => choices.table);
  const option = useMemo(
    () => stackedBars(data, { tokens: dark ? darkTokens : lightTokens, labels, right }),
    [data, dark, labels, right],
  );
  if (table) return <NumbersTable data={data} height={height} />;
  return (
    <Chart
      option={option}
      height={height}
      summary={stackedBarsSummary(data)}
      count={data.periods.length}
      readout={(index) => stackedBarsReadout(data, index)}
      renderTip={(index) => <Tip data={data} index={index} />}
      {...(onStack && { onSeries: onStack })}
    />
  );
}

function Tip({ data, index }: { data: StackedBarsData; index: number }) {
  const tip = stackedBarsTip(data, index);
  if (!tip) return null;
  return (
    <>
      <div className="strong">{tip.head}</div>
      <table>
        <tbody>
          {tip.lines.map((line) => (
            <tr key={line.label}>
              <td>
                <span
                  className={line.colour === null ? 'line-mark' : `swatch cat-${line.colour}`}
                />
              </td>
              <td className="muted">{line.label}</td>
              <td className="num">{line.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function NumbersTable({ data, height }: Pick<StackedChartProps, 'data' | 'height'>) {
  const period = data.granularity === 'month' ? formatMonth : formatDay;
  const places = stackedBarsPlaces(data);
  return (
    <section
      className="numbers-scroll"
      style={{ height }}
      // Scrollable content must be reachable by keyboard.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label="Values of the chart"
    >
      <table className="numbers">
        <thead>
          <tr>
            <th scope="col">{data.granularity === 'month' ? 'Month' : 'Day'}</th>
            {data.stacks.map((stack) => (
              <th key={stack.label} scope="col">
                {stack.label}
              </th>
            ))}
            {data.comparison && <th scope="col">{data.comparison.label}</th>}
          </tr>
        </thead>
        <tbody>
          {data.periods.map((name, index) => (
            <tr key={name}>
              <th scope="row">{period(name)}</th>
              {data.stacks.map((stack) => (
                <td key={stack.label}>{stackValue(stack.points[index], places)}</td>
              ))}
              {data.comparison && <td>{shown(data.comparison.points[index], places)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shown(point: string | null | undefined, places: number): string {
  return point === null || point === undefined ? 'n/a' : formatDecimal(point, places);
}
