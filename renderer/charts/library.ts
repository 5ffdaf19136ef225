import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

// A chunk of its own, loaded by the first chart that is drawn. Canvas, because the SVG renderer
// writes style attributes, which the content policy forbids.
use([
  BarChart,
  CustomChart,
  LineChart,
  GridComponent,
  TooltipComponent,
  LabelLayout,
  CanvasRenderer,
]);

export { init };
