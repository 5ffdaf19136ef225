import type { EChartsCoreOption } from 'echarts/core';
import { monthName, formatDay, formatDecimal, formatMonth, formatRange } from '../domain/format.ts';
import { addDays, monthOf } from '../domain/calendar.ts';
import { amountsOverTime } from './amountsOverTime.ts';
import { axisLabel, type AxisUnit, axisUnit, niceScale, type Scale } from './axis.ts';
import { categoryColour, fontFamily, type Tokens } from './palette.ts';

export interface Stack {
  label: string;
  /** 1 to 7, see the palette. */
  colour: number;
  /** Exact decimals, one a period; null where the amount is unknown. */
  points: readonly (string | null)[];
}

export interface StackedBarsData {
  /** Days or months in order. */
  periods: readonly string[];
  granularity: 'day' | 'month';
  /** In stacking order from the axis up; the largest first, the rest last. */
  stacks: readonly Stack[];
  /** Drawn as a thin line over the bars; null where there is nothing to compare with. */
  comparison: { label: string; points: readonly (string | null)[] } | null;
}

export interface StackedBarsLook {
  tokens: Tokens;
  /** Names and values at the last bar; without it the page lists them beside the chart. */
  labels: boolean;
  /** Pixels between the plot and the right edge. */
  right: number;
}

function total(data: StackedBarsData, index: number, wanted: (value: number) => boolean): number {
  let sum = 0;
  for (const stack of data.stacks) {
    const value = Number(stack.points[index] ?? 0);
    if (wanted(value)) sum += value;
  }
  return sum;
}

/** The value axis: it covers the highest and lowest stack and the comparison. */
export function stackedBarsScale(data: StackedBarsData): { scale: Scale; unit: AxisUnit } {
  let high = 0;
  let low = 0;
  data.periods.forEach((_, index) => {
    high = Math.max(
      high,
      total(data, index, (value) => value > 0),
    );
    low = Math.min(
      low,
      total(data, index, (value) => value < 0),
    );
    const compared = Number(data.comparison?.points[index] ?? 0);
    high = Math.max(high, compared);
    low = Math.min(low, compared);
  });
  const scale = niceScale(low, high);
  return { scale, unit: axisUnit(scale) };
}

/** "US$ million a month" and the like: what the axis counts. */
export function stackedBarsUnit(data: StackedBarsData, currency: string | null): string {
  const { unit } = stackedBarsScale(data);
  const money = currency === 'USD' ? 'US$' : (currency ?? 'amount');
  return `${money}${unit.word === '' ? '' : ` ${unit.word}`} a ${data.granularity}`;
}

/** Digits after the point for single values: cents where every bar is small. */
export function stackedBarsPlaces(data: StackedBarsData): 0 | 2 {
  const { scale } = stackedBarsScale(data);
  return Math.max(scale.max, -scale.min) < 1000 ? 2 : 0;
}

/** What stands for a stack's value in a tooltip or table. */
export function stackValue(point: string | null | undefined, places: number): string {
  return point === null ? 'unknown' : formatDecimal(point ?? '0', places);
}

// Rich text reads braces as its own markup and has no way to escape them.
function plain(text: string): string {
  return text.replace(/\{/g, '(').replace(/\}/g, ')').replace(/\n/g, ' ');
}

function short(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function periodName(period: string, granularity: 'day' | 'month'): string {
  return granularity === 'month' ? formatMonth(period) : formatDay(period);
}

export interface TipLine {
  label: string;
  /** Null for the comparison. */
  colour: number | null;
  value: string;
}

/** What stands at a period: its name and its values in the order of the bar, from the top down. */
export function stackedBarsTip(
  data: StackedBarsData,
  index: number,
): { head: string; lines: TipLine[] } | null {
  const period = data.periods[index];
  if (period === undefined) return null;
  const places = stackedBarsPlaces(data);
  const lines: TipLine[] = [...data.stacks].reverse().map((stack) => ({
    label: stack.label,
    colour: stack.colour,
    value: stackValue(stack.points[index], places),
  }));
  if (data.comparison) {
    const value = data.comparison.points[index];
    lines.push({
      label: data.comparison.label,
      colour: null,
      value: value === null || value === undefined ? 'n/a' : formatDecimal(value, places),
    });
  }
  return { head: periodName(period, data.granularity), lines };
}

/** What a screen reader says at a period: its name, then each value from the axis up. */
export function stackedBarsReadout(data: StackedBarsData, index: number): string {
  const tip = stackedBarsTip(data, index);
  if (!tip) return '';
  const stacks = tip.lines.filter((line) => line.colour !== null).reverse();
  const lines = [...stacks, ...tip.lines.filter((line) => line.colour === null)];
  return `${tip.head}: ${lines.map((line) => `${line.label} ${line.value}`).join(', ')}`;
}

/** The chart in one sentence, for those who do not see it. */
export function stackedBarsSummary(data: StackedBarsData): string {
  const first = data.periods[0];
  const last = data.periods.at(-1);
  if (first === undefined || last === undefined) return 'No values.';
  const names = data.stacks.map((stack) => stack.label).join(', ');
  return `Stacked bars, ${data.periods.length} ${data.granularity}s from ${periodName(first, data.granularity)} to ${periodName(last, data.granularity)}, stacked by: ${names}.`;
}

/** Bars of days or months, stacked by category, from zero; the window and the reports draw it. */
export function stackedBars(data: StackedBarsData, look: StackedBarsLook): EChartsCoreOption {
  const { tokens } = look;
  const { scale, unit } = stackedBarsScale(data);
  const lastIndex = data.periods.length - 1;

  const labelLayout = upwardLabels();
  const label = (stack: Stack, point: string | null) => ({
    show: true,
    position: 'right',
    distance: 8,
    formatter: `{name|${plain(short(stack.label, 24))}} {value|${point === null ? 'unknown' : axisLabel(Number(point), precise(unit))}}`,
    rich: {
      name: { color: tokens.text, fontFamily, fontSize: 12 },
      value: { color: tokens.muted, fontFamily, fontSize: 12 },
    },
  });
  const bars = data.stacks.map((stack) => ({
    type: 'bar',
    name: stack.label,
    stack: 'spend',
    barCategoryGap: data.granularity === 'month' ? '40%' : '28%',
    barMaxWidth: 56,
    itemStyle: {
      color: categoryColour(tokens, stack.colour),
      borderColor: tokens.bg,
      borderWidth: 0.5,
    },
    emphasis: { disabled: true },
    ...(look.labels && { labelLayout }),
    data: stack.points.map((point, index) => {
      // A gap, not a bar of height 0.
      const value = point === null ? '-' : Number(point);
      return look.labels && index === lastIndex ? { value, label: label(stack, point) } : value;
    }),
  }));

  const line = data.comparison && {
    type: 'line',
    name: data.comparison.label,
    step: 'middle',
    symbol: 'none',
    silent: true,
    lineStyle: { color: tokens.text, width: 1.25 },
    data: data.comparison.points.map((point) => (point === null ? null : Number(point))),
    z: 3,
  };

  return {
    animation: false,
    ...amountsOverTime({
      periods: data.periods,
      granularity: data.granularity,
      scale,
      unit,
      tokens,
      right: look.right,
    }),
    series: line ? [...bars, line] : bars,
  };
}

/**
 * Places the labels of one bar from the axis up, each at the middle of its stack or as far above
 * the label below as a line is high. The library asks in the order of the series.
 */
function upwardLabels() {
  const lineHeight = 16;
  let below = Number.POSITIVE_INFINITY;
  return (label: {
    seriesIndex: number;
    rect: { x: number; y: number; width: number; height: number };
  }) => {
    if (label.seriesIndex === 0) below = Number.POSITIVE_INFINITY;
    const { rect } = label;
    below = Math.min(rect.y + rect.height / 2, below - lineHeight);
    return { x: rect.x + rect.width + 10, y: below, align: 'left', verticalAlign: 'middle' };
  };
}

/** A label names a value where the axis only marks a step: one digit more. */
function precise(unit: AxisUnit): AxisUnit {
  return { ...unit, places: unit.word === 'million' || unit.word === 'billion' ? 2 : 1 };
}

/** The name of the comparison line: "October, same days". Days with `to` exclusive. */
export function comparisonLabel(compare: { from: string; to: string }): string {
  const oneMonth = monthOf(compare.from) === monthOf(addDays(compare.to, -1));
  return oneMonth ? `${monthName(compare.from)}, same days` : formatRange(compare.from, compare.to);
}
