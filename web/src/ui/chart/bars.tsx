import { useLingui } from '@lingui/react/macro';
import { useCallback, useMemo } from 'react';
import { coloursOf } from '../../lib/colour.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { around, Chart, type ChartAround, type Mark } from './chart.tsx';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';

export type BarItem = {
  readonly name: string;
  readonly percent: number;
  readonly rest?: boolean;
  /** What gives the bar its colour where the name itself has none: a company's sector; null = the accent. */
  readonly like?: string | null;
};

const asPainted = ({ name, rest, like }: BarItem) => ({ name: like ?? name, rest });

type BarsProps = {
  readonly label: string;
  readonly items: readonly BarItem[];
  readonly onPick?: ((item: BarItem) => void) | undefined;
} & ChartAround;

const ROW_PX = 27;
const NAME_PX = 168;
/** Narrower pictures leave less room for names. */
const NARROW_PX = 560;
const NARROW_NAME_PX = 112;

const barOption = (
  theme: ChartTheme,
  width: number,
  items: readonly BarItem[],
  figure: (percent: number) => string,
  colourOf: (item: BarItem) => string,
): EChartsOption => ({
  ...baseOption(theme),
  grid: { left: 0, right: 64, top: 4, bottom: 4, containLabel: true },
  xAxis: { type: 'value', show: false, min: (extent: { min: number }) => Math.min(0, extent.min) },
  yAxis: {
    type: 'category',
    inverse: true,
    data: items.map((item) => item.name),
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: {
      color: theme.ink,
      fontSize: 12.5,
      width: width < NARROW_PX ? NARROW_NAME_PX : NAME_PX,
      overflow: 'truncate',
      interval: 0,
      align: 'right',
    },
  },
  series: {
    type: 'bar',
    barWidth: 13,
    data: items.map((item) => ({
      value: item.percent,
      itemStyle: { color: item.like === null ? theme.accent : colourOf(item), borderRadius: 2 },
      label: {
        show: true,
        position: item.percent < 0 ? 'left' : 'right',
        color: theme.ink,
        formatter: figure(item.percent),
      },
    })),
  },
});

const paintOf = (items: readonly BarItem[]): ((item: BarItem) => string) => {
  const colourOf = coloursOf(items.map(asPainted));
  return (item) => colourOf(asPainted(item));
};

/** Horizontal bars from zero, largest first, each in its own lasting colour with its figure at the end. */
export const Bars = (props: BarsProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { items, onPick } = props;
  const build = useCallback(
    (theme: ChartTheme, width: number): EChartsOption => {
      const words = (hit: { dataIndex: number }): HTMLElement | string => {
        const item = items[hit.dataIndex];
        return item ? tip(item.name, [format.percent(item.percent), ...(item.like ? [item.like] : [])]) : '';
      };
      return {
        ...barOption(theme, width, items, format.percent, paintOf(items)),
        tooltip: tooltipOption(theme, words),
      };
    },
    [items, format],
  );
  const marks = useMemo(
    (): Mark[] =>
      items.map((item, dataIndex) => ({
        key: item.name,
        label: t`${item.name}, ${format.percent(item.percent)}`,
        at: { seriesIndex: 0, dataIndex },
        pick: onPick && (() => onPick(item)),
      })),
    [items, t, format, onPick],
  );
  return (
    <Chart
      label={props.label}
      build={build}
      marks={marks}
      markOf={({ dataIndex }) => marks[dataIndex]}
      {...around(props)}
      height={Math.max(120, items.length * ROW_PX + 12)}
    />
  );
};
