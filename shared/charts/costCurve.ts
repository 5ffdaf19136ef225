import type { EChartsCoreOption } from 'echarts/core';
import { formatDayShort, formatDecimal } from '../domain/format.ts';
import { axisLabel, axisUnit, niceScale, niceSpan, placesOfStep } from './axis.ts';
import { fontFamily, type Tokens } from './palette.ts';

/** The monthly bill by the size of one commitment; bills are exact decimals. */
export interface CostCurveData {
  currency: string | null;
  /** Of amounts: money an hour for plans, whole units for reservations. */
  unit: string;
  kind: 'ri' | 'isp' | 'csp';
  /** By amount; `low` and `high` hold most of the scenarios. */
  points: readonly { amount: number; bill: string; low: string; high: string }[];
  chosen: { amount: number; bill: string };
  /** Amounts whose bill is within `within` of the least. */
  flat: { from: number; to: number; within: string } | null;
  ending: readonly { name: string; amount: number; ends: string }[];
}

/** An amount of a commitment: cents where it is money an hour, none for whole units (`ri`). */
export function commitmentAmount(amount: number, kind: 'ri' | 'isp' | 'csp'): string {
  return formatDecimal(amount.toFixed(3), kind === 'ri' ? 0 : 2);
}

function scalesOf(data: CostCurveData) {
  const bills = data.points.flatMap(({ bill, low, high }) => [
    Number(bill),
    Number(low),
    Number(high),
  ]);
  const y = niceSpan(Math.min(...bills), Math.max(...bills));
  const x = niceScale(0, Math.max(...data.points.map(({ amount }) => amount)));
  return { x, y, unit: axisUnit(y) };
}

/** "US$ thousand a month": what the axis of bills counts. */
export function costCurveUnit(data: CostCurveData): string {
  const { unit } = scalesOf(data);
  const money = data.currency === 'USD' ? 'US$' : (data.currency ?? 'amount');
  return `${money}${unit.word === '' ? '' : ` ${unit.word}`} a month`;
}

/** The figures at a point. */
export function costCurveTip(
  data: CostCurveData,
  index: number,
): { head: string; lines: { label: string; value: string }[] } | null {
  const point = data.points[index];
  if (!point) return null;
  return {
    head: `${commitmentAmount(point.amount, data.kind)} ${data.unit}`,
    lines: [
      { label: 'Bill a month', value: formatDecimal(point.bill) },
      {
        label: '80% of scenarios',
        value: `${formatDecimal(point.low)} to ${formatDecimal(point.high)}`,
      },
    ],
  };
}

/** What is read aloud at a point. */
export function costCurveReadout(data: CostCurveData, index: number): string {
  const tip = costCurveTip(data, index);
  if (!tip) return '';
  return `${tip.head}: ${tip.lines.map(({ label, value }) => `${label} ${value}`).join(', ')}`;
}

/** The chart in a sentence, for those who do not see it. */
export function costCurveSummary(data: CostCurveData): string {
  const { chosen, flat, kind } = data;
  const region = flat
    ? ` From ${commitmentAmount(flat.from, kind)} to ${commitmentAmount(flat.to, kind)} the bill is within ${formatDecimal(flat.within)} of the least.`
    : '';
  return `Monthly bill by the size of the commitment. Chosen ${commitmentAmount(chosen.amount, kind)} ${data.unit}, bill ${formatDecimal(chosen.bill)}.${region}`;
}

export interface CostCurveLook {
  tokens: Tokens;
  tween: number;
}

/** The curve, the scenarios around it, where it is flat and the chosen point. */
export function costCurve(data: CostCurveData, look: CostCurveLook): EChartsCoreOption {
  const { tokens } = look;
  const { x, y, unit } = scalesOf(data);
  const text = { color: tokens.muted, fontFamily, fontSize: 12, lineHeight: 16 };
  const named = { ...unit, places: Math.min(4, unit.places + 1) };
  const { chosen, flat, points, kind } = data;
  const amounts = (amount: number) => commitmentAmount(amount, kind);
  const vertical = (amount: number) => [
    [amount, y.max],
    [amount, y.min],
  ];
  const line = (name: string, at: number[][], style: object) => ({
    type: 'line',
    name,
    symbol: 'none',
    silent: true,
    data: at,
    ...style,
  });
  const pairs = (of: (point: CostCurveData['points'][number]) => number) =>
    points.map((point) => [point.amount, of(point)]);
  // The curve reaches the edge; a last tick that is no round figure is left out.
  const end = points.at(-1)?.amount ?? x.max;
  const none = points[0];
  // Beside the region where there is no room around its middle.
  const flatLeft = flat !== null && flat.from + flat.to > 1.7 * end;
  const chosenLeft = chosen.amount < end * 0.2;
  const chosenRight = chosen.amount > end * 0.8;
  return {
    animation: look.tween > 0,
    animationDuration: 0,
    animationDurationUpdate: look.tween,
    textStyle: { fontFamily },
    grid: { left: 4, right: 12, top: 8, bottom: 4, outerBoundsMode: 'same' },
    xAxis: {
      type: 'value',
      min: 0,
      max: end,
      interval: x.step,
      axisLine: { show: true, lineStyle: { color: tokens.strong }, onZero: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        ...text,
        showMaxLabel: Math.abs(end / x.step - Math.round(end / x.step)) < 1e-9,
        formatter: (value: number) => formatDecimal(String(value), placesOfStep(x.step)),
      },
    },
    yAxis: {
      type: 'value',
      min: y.min,
      max: y.max,
      interval: y.step,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { ...text, formatter: (value: number) => axisLabel(value, unit) },
      splitLine: { lineStyle: { color: tokens.line } },
    },
    tooltip: {
      trigger: 'axis',
      showContent: false,
      renderMode: 'richText',
      axisPointer: { type: 'line', lineStyle: { color: tokens.muted, width: 1 } },
    },
    series: [
      line(
        'Bill',
        pairs(({ bill }) => Number(bill)),
        { lineStyle: { color: tokens.text, width: 2 }, z: 4 },
      ),
      ...(flat
        ? [
            line(
              'Flat',
              [
                [flat.from, y.max],
                [flat.to, y.max],
              ],
              {
                lineStyle: { width: 0 },
                areaStyle: { color: tokens.saveWeak, opacity: 0.85, origin: 'start' },
                z: 1,
              },
            ),
            line('Flat in words', [[flatLeft ? flat.from : (flat.from + flat.to) / 2, y.max]], {
              showSymbol: true,
              symbol: 'circle',
              symbolSize: 1,
              itemStyle: { color: tokens.saveWeak },
              label: {
                show: true,
                position: flatLeft ? 'left' : 'bottom',
                distance: flatLeft ? 8 : 4,
                offset: flatLeft ? [0, 18] : [0, 0],
                formatter: `Flat, ${amounts(flat.from)} to ${amounts(flat.to)}\nwithin ${formatDecimal(flat.within)}`,
                color: tokens.save,
                fontFamily,
                fontSize: 11,
                lineHeight: 14,
                align: flatLeft ? 'right' : 'center',
              },
              z: 6,
            }),
          ]
        : []),
      // A band is what lies between two stacked lines.
      {
        ...line(
          'Least of the scenarios',
          pairs(({ low }) => Number(low)),
          { lineStyle: { width: 0 } },
        ),
        stack: 'band',
        stackStrategy: 'all',
        z: 2,
      },
      {
        ...line(
          'Scenarios',
          pairs(({ low, high }) => Number(high) - Number(low)),
          { lineStyle: { width: 0 }, areaStyle: { color: tokens.muted, opacity: 0.2 } },
        ),
        stack: 'band',
        stackStrategy: 'all',
        z: 2,
      },
      ...data.ending
        .filter(({ amount }) => amount <= end)
        .map(({ amount, ends }, index) => ({
          ...line('Ends', vertical(amount), {
            lineStyle: { color: tokens.text, width: 1, type: 'dotted' },
            endLabel: {
              show: true,
              formatter: `Ends ${formatDayShort(ends)}: ${amounts(amount)}`,
              color: tokens.muted,
              fontFamily,
              fontSize: 11,
              distance: 4,
              align: amount > end / 2 ? 'right' : 'left',
              verticalAlign: 'bottom',
              offset: [0, -14 * index],
            },
          }),
          z: 3,
        })),
      ...(none && none.amount === 0 && chosen.amount !== 0
        ? [
            dot('None', 0, Number(none.bill), tokens.text, 5, {
              position: 'right',
              formatter: `No commitment ${axisLabel(Number(none.bill), named)}`,
              color: tokens.text,
            }),
          ]
        : []),
      dot('Chosen', chosen.amount, Number(chosen.bill), tokens.save, 11, {
        position: chosenLeft ? 'right' : chosenRight ? 'left' : 'bottom',
        formatter: `Chosen ${amounts(chosen.amount)}: ${axisLabel(Number(chosen.bill), named)}`,
        color: tokens.text,
        fontWeight: 600,
      }),
    ],
  };

  function dot(
    name: string,
    at: number,
    value: number,
    color: string,
    size: number,
    label: object,
  ) {
    return line(name, [[at, value]], {
      showSymbol: true,
      symbol: 'circle',
      symbolSize: size,
      itemStyle: { color, borderColor: tokens.bg, borderWidth: 1.5, opacity: 1 },
      label: { show: true, distance: 8, fontFamily, fontSize: 12, ...label },
      clip: false,
      z: 7,
    });
  }
}
