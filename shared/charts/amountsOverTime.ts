import { axisLabel, type AxisUnit, type Scale, timeLabels } from './axis.ts';
import { fontFamily, type Tokens } from './palette.ts';

interface Frame {
  /** Days or months in order. */
  periods: readonly string[];
  granularity: 'day' | 'month';
  scale: Scale;
  unit: AxisUnit;
  tokens: Tokens;
  /** Pixels between the plot and the right edge. */
  right: number;
}

/** What all charts of amounts over time stand in: axes, grid, and the hover that the page words. */
export function amountsOverTime({ periods, granularity, scale, unit, tokens, right }: Frame) {
  const text = { color: tokens.muted, fontFamily, fontSize: 11, lineHeight: 14 };
  return {
    textStyle: { fontFamily },
    grid: { left: 4, right, top: 8, bottom: 4, outerBoundsMode: 'same' },
    xAxis: {
      type: 'category',
      data: timeLabels([...periods], granularity),
      axisLine: { lineStyle: { color: tokens.strong }, onZero: true },
      axisTick: { show: false },
      axisLabel: { ...text, interval: 0, hideOverlap: true, margin: 8 },
    },
    yAxis: {
      type: 'value',
      min: scale.min,
      max: scale.max,
      interval: scale.step,
      axisLabel: { ...text, formatter: (value: number) => axisLabel(value, unit) },
      splitLine: { lineStyle: { color: tokens.line } },
    },
    // The window writes the values itself; its content policy and the library's boxes do not agree.
    tooltip: {
      trigger: 'axis',
      showContent: false,
      // Boxes of HTML would be made, and the page measured for them, though none is shown.
      renderMode: 'richText',
      axisPointer: { type: 'shadow', shadowStyle: { color: tokens.muted, opacity: 0.12 } },
    },
  };
}
