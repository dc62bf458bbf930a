import type {
  BarSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  MapSeriesOption,
  SunburstSeriesOption,
  TreemapSeriesOption,
} from 'echarts/charts';
import type {
  GridComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from 'echarts/components';
import type { ComposeOption } from 'echarts/core';

export type EChartsOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | MapSeriesOption
  | SunburstSeriesOption
  | TreemapSeriesOption
  | GridComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>;

/** Colours of the page that a canvas cannot read from the stylesheet. */
export type ChartTheme = {
  readonly page: string;
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly raised: string;
  readonly accent: string;
  readonly soft: string;
  readonly font: string;
  readonly dark: boolean;
};

const FONT = '"Inter Variable", "Inter Fallback", system-ui, sans-serif';

/** Reads the page's tokens as they are now, light or dark. */
export const chartTheme = (): ChartTheme => {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    page: read('--mantine-color-body'),
    ink: read('--mantine-color-text'),
    quiet: read('--mantine-color-dimmed'),
    rule: read('--rule'),
    raised: read('--raised'),
    accent: read('--accent'),
    soft: read('--accent-soft'),
    font: FONT,
    dark: document.documentElement.dataset['mantineColorScheme'] === 'dark',
  };
};

/** A tooltip made of elements, never of markup text: names come from files. */
export const tip = (title: string, lines: readonly string[]): HTMLElement => {
  const box = document.createElement('div');
  const head = document.createElement('strong');
  head.textContent = title;
  box.append(head);
  for (const line of lines) {
    const row = document.createElement('div');
    row.textContent = line;
    box.append(row);
  }
  return box;
};

/** What every picture shares. */
export const baseOption = (theme: ChartTheme): EChartsOption => ({
  // Half-drawn labels stay where they were when the window changes meanwhile.
  animation: false,
  textStyle: { fontFamily: theme.font, color: theme.ink, fontSize: 12.5 },
});

/** The box that follows the pointer, filled by `words`. */
export const tooltipOption = <H>(
  theme: ChartTheme,
  words: (hit: H) => HTMLElement | string,
): TooltipComponentOption => ({
  backgroundColor: theme.raised,
  borderColor: theme.rule,
  borderWidth: 1,
  padding: [8, 12],
  textStyle: { color: theme.ink, fontFamily: theme.font, fontSize: 13, fontWeight: 'normal' },
  confine: true,
  transitionDuration: 0,
  // ECharts hands over the mark under the pointer; what of it is read is each picture's affair.
  formatter: (hit) => words(hit as H),
});
