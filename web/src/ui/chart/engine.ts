import { BarChart, HeatmapChart, TreemapChart } from 'echarts/charts';
import { GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { init, use as register, type EChartsType } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { EChartsOption } from './option.ts';

// The canvas renderer draws without style attributes, which a strict content security policy would refuse.
register([
  BarChart,
  HeatmapChart,
  TreemapChart,
  GridComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
]);

/** Starts a chart in `element`. Its own aria text stays off: it would put English over our labels. */
export const startChart = (element: HTMLElement): EChartsType => init(element, null, { renderer: 'canvas' });

/** The same picture as an SVG document, drawn off screen. */
export const svgOf = async (option: EChartsOption, width: number, height: number): Promise<string> => {
  const { SVGRenderer } = await import('echarts/renderers');
  register([SVGRenderer]);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ ...option, animation: false });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
};
