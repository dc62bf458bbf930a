import { useCallback, useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { figuresAxis, namesAxis } from './axes.ts';
import { around, Chart, type ChartAround, type Mark } from './chart.tsx';
import { LINE } from './engine-line.ts';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';

/** One day of the picture. */
export type TimePoint = {
  readonly date: string;
  /** By line, in their order; null where it has no figure. */
  readonly values: readonly (number | null)[];
  /** What it says, line by line. */
  readonly words: readonly string[];
  /** Something came in (above zero) or went out on this day. */
  readonly flow?: number | undefined;
  /** Something else happened on this day, which the words say. */
  readonly isMarked?: boolean | undefined;
};

type TimeChartProps = {
  readonly label: string;
  readonly points: readonly TimePoint[];
  /** The first line is the one that the page is about; others are drawn beside it. */
  readonly lines: readonly string[];
  /** How figures stand at the axis. */
  readonly axis: (value: number) => string;
  /** The first line is filled down to zero. */
  readonly filled?: boolean;
  readonly onPick?: ((date: string) => void) | undefined;
} & ChartAround;

const HEIGHT_PX = 300;
const HIT_PX = 9;
const FLOW_PX = 8;
const MARK_PX = 11;
const LABELS = { narrow: 4, wide: 7 };
/** A triangle that points down, drawn like the engine's own that points up. */
const DOWN = 'path://M0,0 L10,0 L5,9 Z';

const flowSymbol = (flow: number | undefined): string =>
  flow === undefined || flow === 0 ? 'circle' : flow > 0 ? 'triangle' : DOWN;

const dataOf = (points: readonly TimePoint[], line: number, theme: ChartTheme) =>
  points.map((point) => {
    const flow = line === 0 ? point.flow : undefined;
    const isFlow = flow !== undefined && flow !== 0;
    const isMarked = line === 0 && point.isMarked === true;
    return {
      value: point.values[line] ?? '-',
      symbol: isMarked ? 'diamond' : flowSymbol(flow),
      symbolSize: isFlow ? FLOW_PX : isMarked ? MARK_PX : HIT_PX,
      itemStyle: {
        color: isFlow || isMarked ? theme.ink : theme.accent,
        opacity: isFlow || isMarked ? 1 : 0,
      },
    };
  });

const optionOf = (
  theme: ChartTheme,
  width: number,
  { points, lines, axis, filled }: Pick<TimeChartProps, 'points' | 'lines' | 'axis' | 'filled'>,
  day: (date: string) => string,
): EChartsOption => {
  const days = points.map(({ date }) => day(date));
  return {
    ...baseOption(theme),
    grid: { left: 4, right: 12, top: 14, bottom: 4, containLabel: true },
    xAxis: { ...namesAxis(theme, days, { ...LABELS, width }), boundaryGap: false },
    yAxis: { ...figuresAxis(theme, axis), scale: filled !== true },
    series: lines.map((name, line) => ({
      type: LINE,
      name,
      data: dataOf(points, line, theme),
      showSymbol: true,
      showAllSymbol: true,
      lineStyle: {
        width: line === 0 ? 2 : 1.5,
        color: line === 0 ? theme.accent : theme.quiet,
        type: line === 0 ? ('solid' as const) : ('dashed' as const),
      },
      emphasis: { itemStyle: { opacity: 1, color: line === 0 ? theme.accent : theme.quiet } },
      ...(filled === true && line === 0 && { areaStyle: { color: theme.accent, opacity: 0.12 } }),
    })),
  };
};

/**
 * Figures over time: lines from left to right, triangles where something came in (up) or went out (down), diamonds where
 * something else happened.
 */
export const TimeChart = (props: TimeChartProps) => {
  const format = useFormat();
  const { points, lines, axis, filled, onPick } = props;
  const build = useCallback(
    (theme: ChartTheme, width: number): EChartsOption => {
      const words = (hits: readonly { dataIndex: number }[]): HTMLElement | string => {
        const point = points[hits[0]?.dataIndex ?? -1];
        return point ? tip(format.day(point.date), point.words) : '';
      };
      return {
        ...optionOf(theme, width, { points, lines, axis, filled: filled === true }, format.day),
        tooltip: {
          ...tooltipOption(theme, words),
          trigger: 'axis',
          axisPointer: { lineStyle: { color: theme.quiet } },
        },
      };
    },
    [points, lines, axis, filled, format],
  );
  const marks = useMemo(
    (): Mark[] =>
      points.map((point, dataIndex) => ({
        key: point.date,
        label: `${format.day(point.date)}: ${point.words.join(', ')}`,
        at: { seriesIndex: 0, dataIndex },
        pick: onPick && (() => onPick(point.date)),
      })),
    [points, format, onPick],
  );
  return (
    <Chart
      label={props.label}
      build={build}
      marks={marks}
      markOf={({ dataIndex }) => marks[dataIndex]}
      {...around(props)}
      height={HEIGHT_PX}
    />
  );
};
