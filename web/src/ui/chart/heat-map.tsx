import { useLingui } from '@lingui/react/macro';
import { useCallback, useMemo, type ReactNode } from 'react';
import { HEAT } from '../../lib/colour.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Chart, type Mark } from './chart.tsx';
import { keyLabel } from './key-label.ts';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';

export type HeatCell = { readonly row: string; readonly column: string; readonly percent: number };

type HeatMapProps = {
  readonly label: string;
  readonly keys: readonly string[];
  readonly cells: readonly HeatCell[];
  readonly nameOf: (key: string) => string;
  readonly onPick: (cell: HeatCell) => void;
  readonly exportName: string;
  readonly table: ReactNode;
};

const CELL_PX = 52;
const GAP_PX = 8;
/** Widest names at the left: beside a picture of a desktop, and of a phone. */
const NAME_PX = 170;
const NARROW_NAME_PX = 76;
const NARROW_PX = 560;
/** About the width of a letter of the names, which are set at 12 px. */
const LETTER_PX = 7.2;
/** Room for the slanted names above the cells. */
const SLANTED_PX = 56;
const SLANT_DEGREES = 48;
/** The most decimals whose "100" fits into a cell of so many pixels, and the size of its type. */
const FIGURES = [
  { from: 52, decimals: 2, size: 12.5 },
  { from: 40, decimals: 1, size: 12 },
  { from: 28, decimals: 0, size: 11.5 },
] as const;

const longestOf = (keys: readonly string[], nameOf: (key: string) => string): number =>
  LETTER_PX * Math.max(0, ...keys.map((key) => keyLabel(key, nameOf).length));

/** How names and figures fit into a picture of `width` pixels. */
const layoutOf = (keys: readonly string[], nameOf: (key: string) => string, width: number) => {
  const longest = longestOf(keys, nameOf);
  const names = Math.min(longest, width < NARROW_PX ? NARROW_NAME_PX : NAME_PX);
  const cell = (width - names - 2 * GAP_PX) / Math.max(1, keys.length);
  const slanted = Math.min(longest, NAME_PX) > cell;
  return { names, slanted, figure: FIGURES.find(({ from }) => cell >= from) };
};

type Layout = ReturnType<typeof layoutOf>;

const axisOf = (
  keys: readonly string[],
  nameOf: (key: string) => string,
  theme: ChartTheme,
  names: number,
) => ({
  type: 'category' as const,
  data: [...keys],
  axisTick: { show: false },
  axisLine: { show: false },
  splitArea: { show: false },
  axisLabel: {
    color: theme.ink,
    fontSize: 12,
    width: names,
    overflow: 'truncate' as const,
    interval: 0,
    formatter: (key: string) => keyLabel(key, nameOf),
  },
});

const heatOption = (
  theme: ChartTheme,
  keys: readonly string[],
  cells: readonly HeatCell[],
  nameOf: (key: string) => string,
  layout: Layout,
  figure: (percent: number, decimals: number) => string,
): EChartsOption => {
  const { slanted, names } = layout;
  const axis = axisOf(keys, nameOf, theme, names);
  const heat = theme.dark ? HEAT.dark : HEAT.light;
  return {
    ...baseOption(theme),
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    xAxis: {
      ...axis,
      position: 'top',
      axisLabel: slanted
        ? { ...axis.axisLabel, width: NARROW_NAME_PX, rotate: SLANT_DEGREES }
        : axis.axisLabel,
    },
    yAxis: { ...axis, inverse: true },
    visualMap: { show: false, min: 0, max: 100, inRange: { color: [heat.none, heat.all] } },
    series: {
      type: 'heatmap',
      itemStyle: { borderColor: theme.page, borderWidth: 2, borderRadius: 4 },
      emphasis: { itemStyle: { borderColor: theme.ink, borderWidth: 2 } },
      data: cells.map((cell) => ({
        value: [keys.indexOf(cell.column), keys.indexOf(cell.row), cell.percent],
        label: {
          show: layout.figure !== undefined,
          formatter: figure(cell.percent, layout.figure?.decimals ?? 0),
          fontSize: layout.figure?.size ?? 0,
          color: heat.ink,
        },
      })),
    },
  };
};

/** A square of shares between pairs; the deeper the colour, the more they have in common. The figure stands in each cell. */
export const HeatMap = (props: HeatMapProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { keys, cells, nameOf, onPick } = props;
  const build = useCallback(
    (theme: ChartTheme, width: number): EChartsOption => {
      const words = (hit: { dataIndex: number }): HTMLElement | string => {
        const cell = cells[hit.dataIndex];
        return cell
          ? tip(`${nameOf(cell.row)} × ${nameOf(cell.column)}`, [format.percent(cell.percent)])
          : '';
      };
      return {
        ...heatOption(theme, keys, cells, nameOf, layoutOf(keys, nameOf, width), format.percentFigure),
        tooltip: tooltipOption(theme, words),
      };
    },
    [cells, keys, nameOf, format],
  );
  const marks = useMemo(
    (): Mark[] =>
      cells.map((cell, dataIndex) => ({
        key: `${cell.row} ${cell.column}`,
        label: t`${nameOf(cell.row)} and ${nameOf(cell.column)}, ${format.percent(cell.percent)}`,
        at: { seriesIndex: 0, dataIndex },
        pick: () => onPick(cell),
      })),
    [cells, t, nameOf, format, onPick],
  );
  return (
    <Chart
      label={props.label}
      build={build}
      marks={marks}
      markOf={({ dataIndex }) => marks[dataIndex]}
      height={keys.length * CELL_PX + SLANTED_PX}
      exportName={props.exportName}
      table={props.table}
    />
  );
};
