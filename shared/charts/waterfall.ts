import type { EChartsCoreOption } from 'echarts/core';
import {
  compareDecimals,
  formatChange,
  formatDecimal,
  formatHeadline,
  subtract,
} from '../domain/format.ts';
import { axisLabel, axisUnit, niceScale } from './axis.ts';
import { fontFamily, type Tokens } from './palette.ts';

export interface WaterfallStep {
  label: string;
  /** What the step saves in the order of the steps; negative where it costs. */
  marginal: string;
  /** What would be lost without it, all others kept. */
  lastIn: string;
}

/** From one bill to another; all amounts are exact decimals of one currency and the same span. */
export interface WaterfallData {
  currency: string | null;
  from: { label: string; cost: string };
  to: { label: string; cost: string };
  /** In their order; marginals add up to `from` less `to`. */
  steps: readonly WaterfallStep[];
}

export interface WaterfallLook {
  tokens: Tokens;
  /** Changes are drawn over this many milliseconds. */
  tween: number;
}

interface Bar {
  label: string;
  top: number;
  bottom: number;
  /** Where the part that only this step reaches ends, counted from the top. */
  split: number;
  kind: 'bill' | 'save' | 'cost';
  value: string;
  /** Below the bar. */
  note: string;
}

/** Part of the height under the lowest step where the axis is broken. */
const underShare = 0.5;

/** Where the value axis begins: at 0, or higher where the steps would be too thin to read. */
export function waterfallFrom(data: WaterfallData): number {
  const levels = levelsOf(data);
  const high = Math.max(...levels);
  const low = Math.min(...levels);
  const from = low - (high - low) * underShare;
  if (high === low || from < high * 0.25) return 0;
  const step = 10 ** Math.floor(Math.log10(high - from));
  return Math.max(0, Math.floor(from / step) * step);
}

/** "axis from 1.2 M"; nothing where it begins at 0. */
export function waterfallAxisWords(data: WaterfallData): string {
  const from = waterfallFrom(data);
  if (from === 0) return '';
  const unit = axisUnit({ ...niceScale(0, from), step: from });
  const letter = { '': '', thousand: ' k', million: ' M', billion: ' bn' }[unit.word];
  return `axis from ${axisLabel(from, unit)}${letter}`;
}

/** The bill after no step, one step, and so on. */
function levelsOf(data: WaterfallData): number[] {
  let at = data.from.cost;
  const levels = [Number(at)];
  for (const { marginal } of data.steps) {
    at = subtract(at, marginal);
    levels.push(Number(at));
  }
  return levels;
}

function barsOf(data: WaterfallData): Bar[] {
  const levels = levelsOf(data);
  const floor = waterfallFrom(data);
  const bill = ({ label, cost }: WaterfallData['from']): Bar => ({
    label,
    top: Number(cost),
    bottom: floor,
    split: floor,
    kind: 'bill',
    value: formatHeadline(cost, data.currency),
    note: '',
  });
  const steps = data.steps.map((step, index): Bar => {
    const before = levels[index] ?? 0;
    const after = levels[index + 1] ?? 0;
    const saves = compareDecimals(step.marginal, '0') >= 0;
    const own = Math.max(0, Math.min(Number(step.lastIn), before - after));
    return {
      label: step.label,
      top: Math.max(before, after),
      bottom: Math.min(before, after),
      split: saves ? before - own : before,
      kind: saves ? 'save' : 'cost',
      value: changeOf(step.marginal),
      note: `last-in ${formatDecimal(step.lastIn)}`,
    };
  });
  return [bill(data.from), ...steps, bill(data.to)];
}

/** What a saving does to the bill: "−60,206", "+1,200", "0". */
function changeOf(saving: string): string {
  return formatChange(subtract('0', saving));
}

/** What is read aloud at a bar: "Spot: −117,300, last-in 98,950". */
export function waterfallReadout(data: WaterfallData, index: number): string {
  const bar = barsOf(data)[index];
  return bar ? `${bar.label}: ${bar.value}${bar.note === '' ? '' : `, ${bar.note}`}` : '';
}

/** A bar's figures, with every step's two sums in words. */
export function waterfallTip(
  data: WaterfallData,
  index: number,
): { head: string; lines: { label: string; value: string }[] } | null {
  if (index === 0 || index === data.steps.length + 1) {
    const { label, cost } = index === 0 ? data.from : data.to;
    return { head: label, lines: [{ label: 'A month', value: formatDecimal(cost, 2) }] };
  }
  const step = data.steps[index - 1];
  if (!step) return null;
  const shared = subtract(step.marginal, step.lastIn);
  const synergy = compareDecimals(shared, '0') < 0;
  return {
    head: step.label,
    lines: [
      { label: 'Marginal', value: formatDecimal(step.marginal, 2) },
      { label: 'Last-in', value: formatDecimal(step.lastIn, 2) },
      {
        label: synergy ? 'More together with others' : 'Also reached by another step',
        value: formatDecimal(synergy ? subtract('0', shared) : shared, 2),
      },
    ],
  };
}

/** The chart in a sentence, for those who do not see it. */
export function waterfallSummary(data: WaterfallData): string {
  const steps = data.steps.map(({ label, marginal }) => `${label} ${changeOf(marginal)}`);
  return `Waterfall from ${data.from.label.toLowerCase()} ${formatDecimal(data.from.cost)} to ${data.to.label.toLowerCase()} ${formatDecimal(data.to.cost)}: ${steps.join(', ')}.`;
}

/** What the library hands to a drawing function, as far as it is used here. */
interface Draw {
  coord: (at: readonly [number, number]) => [number, number];
  size: (of: readonly [number, number]) => [number, number];
}

/** Bars from the bill to the planned bill; the window and the reports draw it. */
export function waterfall(data: WaterfallData, look: WaterfallLook): EChartsCoreOption {
  const { tokens } = look;
  const bars = barsOf(data);
  const floor = waterfallFrom(data);
  const high = Math.max(...bars.map(({ top }) => top));
  // Room for the value above the highest bar.
  const max = high + (high - floor) * 0.12;
  return {
    animation: look.tween > 0,
    animationDuration: 0,
    animationDurationUpdate: look.tween,
    textStyle: { fontFamily },
    grid: { left: 4, right: 4, top: 4, bottom: 36 },
    xAxis: {
      type: 'category',
      data: bars.map(({ label }) => twoLines(label)),
      axisLine: { lineStyle: { color: tokens.strong }, onZero: false },
      axisTick: { show: false },
      axisLabel: {
        color: tokens.text,
        fontFamily,
        fontSize: 12,
        lineHeight: 14,
        interval: 0,
        margin: 6,
      },
    },
    yAxis: { type: 'value', min: floor, max: max > floor ? max : floor + 1, show: false },
    tooltip: {
      trigger: 'axis',
      showContent: false,
      renderMode: 'richText',
      axisPointer: { type: 'shadow', shadowStyle: { color: tokens.muted, opacity: 0.12 } },
    },
    series: [
      {
        type: 'custom',
        name: 'Bill',
        silent: true,
        encode: { x: 0, y: 1 },
        data: bars.map(({ top }, index) => [index, top]),
        renderItem: (params: { dataIndex: number }, api: Draw) =>
          drawBar(bars, params.dataIndex, floor, api, tokens),
      },
    ],
  };
}

/** Broken at the space nearest to its middle where it is long: bars stand close together. */
function twoLines(label: string): string {
  if (label.length <= 11) return label;
  const middle = label.length / 2;
  let at = -1;
  for (let index = label.indexOf(' '); index >= 0; index = label.indexOf(' ', index + 1)) {
    if (at < 0 || Math.abs(index - middle) < Math.abs(at - middle)) at = index;
  }
  return at < 0 ? label : `${label.slice(0, at)}\n${label.slice(at + 1)}`;
}

function drawBar(bars: readonly Bar[], index: number, floor: number, api: Draw, tokens: Tokens) {
  const bar = bars[index];
  if (!bar) return null;
  const slot = api.size([1, 0])[0];
  const width = Math.min(112, Math.round(slot * 0.66));
  const place = (value: number) => api.coord([index, value]);
  const [centre, top] = place(bar.top);
  const bottom = place(bar.bottom)[1];
  const split = place(bar.split)[1];
  const left = Math.round(centre - width / 2);
  const rect = (y: number, end: number, fill: string) => ({
    type: 'rect',
    transition: ['shape'],
    shape: { x: left, y, width, height: Math.max(0, end - y) },
    style: { fill },
  });
  const text = (words: string, y: number, style: object) => ({
    type: 'text',
    x: centre,
    y,
    transition: ['y'],
    style: { text: words, align: 'center', ...style },
  });
  const colour = { bill: tokens.actual, save: tokens.save, cost: tokens.risk }[bar.kind];
  const whole = bar.kind === 'save' ? split : bottom;
  const children: object[] = [
    // A step of next to nothing is still seen.
    rect(top, Math.max(whole, top + 1), colour),
    rect(whole, bottom, tokens.saveLight),
    text(bar.value, top - 6, {
      verticalAlign: 'bottom',
      fill: { bill: tokens.text, save: tokens.save, cost: tokens.risk }[bar.kind],
      font: `600 12px ${fontFamily}`,
    }),
  ];
  if (bar.note !== '') {
    children.push(
      text(slot < 92 ? bar.note.replace('last-in ', '') : bar.note, bottom + 4, {
        verticalAlign: 'top',
        fill: tokens.muted,
        font: `400 11px ${fontFamily}`,
      }),
    );
  }
  if (index < bars.length - 1) {
    // The level after the step leads on to the next bar.
    const level = bar.kind === 'save' ? bottom : top;
    children.push({
      type: 'line',
      transition: ['shape'],
      shape: { x1: left + width, y1: level, x2: left + slot, y2: level },
      style: { stroke: tokens.strong, lineWidth: 1 },
    });
  }
  if (bar.kind === 'bill' && floor > 0) {
    children.push(zigzag(left, width, bottom - 16, tokens));
  }
  return { type: 'group', children };
}

/** Where the axis is broken: a line in the colour of the ground across the bar. */
function zigzag(left: number, width: number, y: number, tokens: Tokens) {
  const teeth = 5;
  const points = Array.from({ length: 2 * teeth + 1 }, (_, index) => [
    left + (index * width) / (2 * teeth),
    y + (index % 2 === 0 ? 3 : -3),
  ]);
  return {
    type: 'polyline',
    shape: { points },
    style: { fill: 'none', stroke: tokens.bg, lineWidth: 3 },
  };
}

/** Rows for the table view: what each bar stands for and its figures. */
export function waterfallRows(
  data: WaterfallData,
): { label: string; value: string; lastIn: string }[] {
  return [
    { label: data.from.label, value: formatDecimal(data.from.cost, 2), lastIn: '' },
    ...data.steps.map(({ label, marginal, lastIn }) => ({
      label,
      value: formatChange(subtract('0', marginal), 2),
      lastIn: formatDecimal(lastIn, 2),
    })),
    { label: data.to.label, value: formatDecimal(data.to.cost, 2), lastIn: '' },
  ];
}
