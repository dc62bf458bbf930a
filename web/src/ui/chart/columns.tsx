import { useCallback, useMemo } from 'react';
import { figuresAxis, namesAxis } from './axes.ts';
import { around, Chart, type ChartAround, type Mark } from './chart.tsx';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';

/** How a part of a column is drawn: known, expected, or only likely. */
export type ColumnKind = 'full' | 'soft' | 'dashed';

export type ColumnPart = { readonly name: string; readonly kind: ColumnKind };

/** One column: its parts from the bottom up, and what it says line by line. */
export type ColumnItem = {
  readonly key: string;
  readonly name: string;
  readonly values: readonly number[];
  readonly words: readonly string[];
};

type ColumnsProps = {
  readonly label: string;
  readonly parts: readonly ColumnPart[];
  readonly items: readonly ColumnItem[];
  readonly axis: (value: number) => string;
  readonly onPick?: ((key: string) => void) | undefined;
} & ChartAround;

const HEIGHT_PX = 260;
const LABELS = { narrow: 5, wide: 13 };
const WIDTH_MAX_PX = 34;

const styleOf = (kind: ColumnKind, theme: ChartTheme) =>
  kind === 'full'
    ? { color: theme.accent }
    : kind === 'soft'
      ? { color: theme.soft, borderColor: theme.accent, borderWidth: 1 }
      : { color: 'transparent', borderColor: theme.quiet, borderWidth: 1, borderType: 'dashed' as const };

const optionOf = (
  theme: ChartTheme,
  width: number,
  { parts, items, axis }: Pick<ColumnsProps, 'parts' | 'items' | 'axis'>,
): EChartsOption => {
  const names = items.map(({ name }) => name);
  return {
    ...baseOption(theme),
    grid: { left: 4, right: 8, top: 14, bottom: 4, containLabel: true },
    xAxis: namesAxis(theme, names, { ...LABELS, width }),
    yAxis: figuresAxis(theme, axis),
    series: parts.map(({ name, kind }, part) => ({
      type: 'bar',
      stack: 'all',
      name,
      barMaxWidth: WIDTH_MAX_PX,
      itemStyle: styleOf(kind, theme),
      // A part of nothing has no edge either.
      data: items.map(({ values }) => values[part] || '-'),
    })),
  };
};

/** Columns from left to right, each of parts upon each other: filled what is known, pale what is expected, dashed what is likely. */
export const Columns = (props: ColumnsProps) => {
  const { parts, items, axis, onPick } = props;
  const build = useCallback(
    (theme: ChartTheme, width: number): EChartsOption => {
      const words = (hits: readonly { dataIndex: number }[]): HTMLElement | string => {
        const item = items[hits[0]?.dataIndex ?? -1];
        return item ? tip(item.name, item.words) : '';
      };
      return {
        ...optionOf(theme, width, { parts, items, axis }),
        tooltip: {
          ...tooltipOption(theme, words),
          trigger: 'axis',
          axisPointer: { type: 'shadow', shadowStyle: { color: theme.rule, opacity: 0.4 } },
        },
      };
    },
    [parts, items, axis],
  );
  const marks = useMemo(
    (): Mark[] =>
      items.map((item, dataIndex) => ({
        key: item.key,
        label: `${item.name}: ${item.words.join(', ')}`,
        at: { seriesIndex: 0, dataIndex },
        pick: onPick && (() => onPick(item.key)),
      })),
    [items, onPick],
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
