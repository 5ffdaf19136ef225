import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisLabel, axisUnit, niceScale, timeLabels } from '../../shared/charts/axis.ts';
import { categoryColour, darkTokens, lightTokens } from '../../shared/charts/palette.ts';
import { sparkline } from '../../shared/charts/sparkline.ts';
import {
  comparisonLabel,
  stackedBars,
  type StackedBarsData,
  stackedBarsReadout,
  stackedBarsScale,
  stackedBarsTip,
  stackedBarsUnit,
} from '../../shared/charts/stackedBars.ts';

use([BarChart, LineChart, GridComponent, TooltipComponent, LabelLayout, SVGRenderer]);

const november: StackedBarsData = {
  periods: ['2026-11-01', '2026-11-02', '2026-11-03'],
  granularity: 'day',
  stacks: [
    { label: 'Compute Engine', colour: 2, points: ['20300.4', '19000', '21000'] },
    { label: '14 other', colour: 7, points: ['1200', '1300.5', '-90'] },
  ],
  comparison: { label: 'October, same days', points: ['18000', '18500', null] },
};

/** Of the axis: far below a pixel. */
const invisible = 1e-8;

describe('the value axis', () => {
  it('holds zero and all values with 4 to 6 round ticks', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1e12, noNaN: true }),
        fc.boolean(),
        (size, negative) => {
          const [low, high] = negative ? [-size, 0] : [0, size];
          const { min, max, step } = niceScale(low, high);
          expect(min).toBeLessThanOrEqual(low + size * invisible);
          expect(max).toBeGreaterThanOrEqual(high - size * invisible);
          const intervals = Math.round((max - min) / step);
          expect(intervals).toBeGreaterThanOrEqual(3);
          expect(intervals).toBeLessThanOrEqual(5);
          const digit = step / 10 ** Math.floor(Math.log10(step * (1 + 1e-9)));
          expect([1, 2, 2.5, 5].some((round) => Math.abs(digit - round) < 1e-6)).toBe(true);
        },
      ),
    );
  });

  it('covers values on both sides of zero', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: -0.01, noNaN: true }),
        fc.double({ min: 0.01, max: 1e9, noNaN: true }),
        (low, high) => {
          const scale = niceScale(low, high);
          const span = high - low;
          expect(scale.min).toBeLessThanOrEqual(low + span * invisible);
          expect(scale.max).toBeGreaterThanOrEqual(high - span * invisible);
        },
      ),
    );
  });

  it('is labelled in a unit that keeps its ticks apart', () => {
    const scale = niceScale(0, 2_190_000);
    const unit = axisUnit(scale);
    expect(unit.word).toBe('million');
    const labels = [];
    for (let tick = scale.min; tick <= scale.max; tick += scale.step) {
      labels.push(axisLabel(tick, unit));
    }
    expect(labels).toEqual(['0.0', '0.5', '1.0', '1.5', '2.0', '2.5']);
    expect(axisLabel(-500_000, unit)).toBe('\u22120.5');
  });

  it('writes the year under the first month and every January', () => {
    expect(timeLabels(['2025-12', '2026-01', '2026-02'], 'month')).toEqual([
      'Dec\n2025',
      'Jan\n2026',
      'Feb',
    ]);
    expect(timeLabels(['2026-10-31', '2026-11-01', '2026-11-02'], 'day')).toEqual([
      '31 Oct',
      '1 Nov',
      '2',
    ]);
  });
});

describe('stacked bars', () => {
  it('scale to the highest stack, the comparison and what lies below zero', () => {
    const { scale } = stackedBarsScale(november);
    expect(scale.max).toBeGreaterThanOrEqual(21500.4);
    expect(scale.min).toBeLessThanOrEqual(-90);
    const compared: StackedBarsData = {
      ...november,
      comparison: { label: 'before', points: ['90000', null, null] },
    };
    expect(stackedBarsScale(compared).scale.max).toBeGreaterThanOrEqual(90_000);
    expect(stackedBarsUnit(november, 'USD')).toBe('US$ thousand a day');
    expect(stackedBarsUnit(november, 'EUR')).toBe('EUR thousand a day');
  });

  it('draw in a process without a window, with every category, the line and its labels', () => {
    for (const tokens of [lightTokens, darkTokens]) {
      const chart = init(null, null, { renderer: 'svg', ssr: true, width: 700, height: 240 });
      chart.setOption(stackedBars(november, { tokens, labels: true, right: 200 }));
      const svg = chart.renderToSVGString();
      chart.dispose();
      for (const stack of november.stacks) {
        const colour = categoryColour(tokens, stack.colour);
        expect(svg.split(colour).length - 1).toBeGreaterThanOrEqual(3);
        expect(svg).toContain(stack.label);
      }
      expect(svg).toContain(`stroke="${tokens.text}"`);
      expect(svg).toContain('>1 Nov<');
    }
  });

  it('keep the labels of the last bar a line apart, however thin its stacks', () => {
    const thin: StackedBarsData = {
      periods: ['2026-11'],
      granularity: 'month',
      stacks: [1, 2, 3, 4, 5].map((colour) => ({
        label: `service ${colour}`,
        colour,
        points: [colour === 1 ? '100000' : '10'],
      })),
      comparison: null,
    };
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: 700, height: 300 });
    chart.setOption(stackedBars(thin, { tokens: lightTokens, labels: true, right: 200 }));
    const svg = chart.renderToSVGString();
    chart.dispose();
    const heights = [...svg.matchAll(/translate\([\d.]+ ([\d.]+)\)[^>]*>service/g)].map((match) =>
      Number(match[1]),
    );
    expect(heights).toHaveLength(5);
    const gaps = heights.slice(1).map((height, index) => (heights[index] ?? 0) - height);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15.9);
  });

  it('can be read: the bar from the top down, and aloud from the largest', () => {
    expect(stackedBarsTip(november, 1)).toEqual({
      head: '2 Nov 2026',
      lines: [
        { label: '14 other', colour: 7, value: '1,301' },
        { label: 'Compute Engine', colour: 2, value: '19,000' },
        { label: 'October, same days', colour: null, value: '18,500' },
      ],
    });
    expect(stackedBarsReadout(november, 2)).toBe(
      '3 Nov 2026: Compute Engine 21,000, 14 other \u221290, October, same days n/a',
    );
    expect(stackedBarsTip(november, 3)).toBeNull();
  });

  it('name the comparison by its month, or by its days where there are more', () => {
    expect(comparisonLabel({ from: '2026-10-01', to: '2026-10-22' })).toBe('October, same days');
    expect(comparisonLabel({ from: '2026-06-01', to: '2026-09-01' })).toBe('Jun to Aug');
  });
});

describe('spark lines', () => {
  it('start at zero, stay in their box and mark the last point', () => {
    const points = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(points, (values) => {
        const spark = sparkline(values, 112, 18);
        const pairs = [...(spark?.line ?? '').matchAll(/([\d.-]+),([\d.-]+)/g)];
        expect(pairs).toHaveLength(values.length);
        for (const [, x, y] of pairs) {
          expect(Number(x)).toBeGreaterThanOrEqual(0);
          expect(Number(x)).toBeLessThanOrEqual(112);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(18);
        }
        expect(Number(pairs.at(-1)?.[2])).toBeCloseTo(spark?.y ?? Number.NaN, 0);
      }),
    );
    expect(sparkline([5, 5], 100, 18)?.y).toBe(2);
    expect(sparkline([5], 100, 18)).toBeNull();
  });
});
