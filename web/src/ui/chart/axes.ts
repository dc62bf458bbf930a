import type { ChartTheme } from './option.ts';

const NARROW_PX = 560;

/** How many names an axis has room for. */
type Room = { readonly width: number; readonly narrow: number; readonly wide: number };

/** The axis below a picture: names from left to right, so many of them that none lies upon another. */
export const namesAxis = (theme: ChartTheme, names: readonly string[], { width, narrow, wide }: Room) => ({
  type: 'category' as const,
  data: [...names],
  axisTick: { show: false },
  axisLine: { lineStyle: { color: theme.rule } },
  axisLabel: {
    color: theme.quiet,
    interval: Math.max(0, Math.ceil(names.length / (width < NARROW_PX ? narrow : wide)) - 1),
    hideOverlap: true,
  },
});

/** The axis beside it: figures as `write` has them. */
export const figuresAxis = (theme: ChartTheme, write: (value: number) => string) => ({
  type: 'value' as const,
  axisLabel: { color: theme.quiet, formatter: write },
  splitLine: { lineStyle: { color: theme.rule } },
});
