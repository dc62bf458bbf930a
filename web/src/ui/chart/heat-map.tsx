import { useLingui } from '@lingui/react/macro';
import { useCallback, useMemo, type ReactNode } from 'react';
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
/** More keys than this are written at a slant. */
const STRAIGHT_KEYS = 6;
const SCALES = { light: ['#f1f5f5', '#7fbcc2', '#0f616b'], dark: ['#182226', '#17606a', '#8fd3d9'] };
/** Above this share the cell's colour calls for the other ink. */
const INKS = {
  light: { turn: 65, below: '#1d2326', above: '#ffffff' },
  dark: { turn: 70, below: '#e4e8e9', above: '#0e1214' },
};

const axisOf = (keys: readonly string[], nameOf: (key: string) => string, theme: ChartTheme) => ({
  type: 'category' as const,
  data: [...keys],
  axisTick: { show: false },
  axisLine: { show: false },
  splitArea: { show: false },
  axisLabel: {
    color: theme.ink,
    fontSize: 12,
    width: 92,
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
  figure: (percent: number) => string,
): EChartsOption => {
  const axis = axisOf(keys, nameOf, theme);
  const inks = theme.dark ? INKS.dark : INKS.light;
  return {
    ...baseOption(theme),
    grid: { left: 4, right: 4, top: 4, bottom: 4, containLabel: true },
    xAxis: {
      ...axis,
      position: 'top',
      axisLabel: { ...axis.axisLabel, rotate: keys.length > STRAIGHT_KEYS ? 40 : 0 },
    },
    yAxis: { ...axis, inverse: true },
    visualMap: { show: false, min: 0, max: 100, inRange: { color: theme.dark ? SCALES.dark : SCALES.light } },
    series: {
      type: 'heatmap',
      itemStyle: { borderColor: theme.page, borderWidth: 2, borderRadius: 4 },
      emphasis: { itemStyle: { borderColor: theme.ink, borderWidth: 2 } },
      data: cells.map((cell) => ({
        value: [keys.indexOf(cell.column), keys.indexOf(cell.row), cell.percent],
        label: {
          show: true,
          formatter: figure(cell.percent),
          fontSize: 12.5,
          color: cell.percent > inks.turn ? inks.above : inks.below,
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
    (theme: ChartTheme): EChartsOption => {
      const words = (hit: { dataIndex: number }): HTMLElement | string => {
        const cell = cells[hit.dataIndex];
        return cell
          ? tip(`${nameOf(cell.row)} × ${nameOf(cell.column)}`, [format.percent(cell.percent)])
          : '';
      };
      return {
        ...heatOption(theme, keys, cells, nameOf, format.percentFigure),
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
      height={keys.length * CELL_PX + 48}
      exportName={props.exportName}
      table={props.table}
    />
  );
};
