import { BarChart, CustomChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsCoreOption, init, setPlatformAPI, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { lightTokens } from '../../../shared/charts/palette.ts';
import { stackedBars, type StackedBarsData } from '../../../shared/charts/stackedBars.ts';
import { waterfall, type WaterfallData } from '../../../shared/charts/waterfall.ts';
import { interWidth } from './inter-widths.ts';

const width = 674;
const height = 252;
/** Room for the names and values at the last bar, for the axis, and for one bar. */
const labelRoom = 212;
const axisRoom = 40;
const barRoom = 48;

let ready = false;

/** The chart of the window as SVG text; the same data gives the same bytes. */
export function drawStackedBars(data: StackedBarsData): string {
  return draw(
    stackedBars(data, {
      tokens: lightTokens,
      labels: true,
      // Few bars stand close together, so that the names stay beside the last one.
      right: Math.max(labelRoom, width - axisRoom - barRoom * data.periods.length),
    }),
  );
}

/** The same of the way from today's bill to the planned one. */
export function drawWaterfall(data: WaterfallData): string {
  return draw(waterfall(data, { tokens: lightTokens, tween: 0 }));
}

function draw(chart: EChartsCoreOption): string {
  if (!ready) {
    use([BarChart, CustomChart, GridComponent, LabelLayout, SVGRenderer]);
    setPlatformAPI({
      // Texts are placed by their width, and there is no screen to measure it on.
      measureText: (text: string, font?: string) => ({
        width: interWidth(text, Number.parseFloat(/([\d.]+)px/.exec(font ?? '')?.[1] ?? '12')),
      }),
    });
    ready = true;
  }
  const drawn = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    // Nothing is pointed at on paper.
    const { tooltip: _, ...option } = chart;
    drawn.setOption(option);
    return still(drawn.renderToSVGString());
  } finally {
    drawn.dispose();
  }
}

/**
 * Without what is there for a pointer: hover styles, their numbered classes (they count on from
 * chart to chart, so the bytes would differ) and marks for event handling. Text cannot match,
 * because its quotes are written as entities.
 */
function still(svg: string): string {
  return svg
    .replace(/<style >[\s\S]*?<\/style>\s*/g, '')
    .replace(/ (?:class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="\w+")/g, '')
    .replace(/ (?:xmlns(?::xlink)?|baseProfile|version)="[^"]*"/g, '');
}
