import { useLingui } from '@lingui/react/macro';
import { useCallback, useMemo } from 'react';
import { coloursOf, inkOn } from '../../lib/colour.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { around, Chart, type ChartAround, type Mark } from './chart.tsx';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';

export type TreemapLeaf = {
  readonly id: string;
  readonly name: string;
  readonly percent: number;
  readonly detail?: string;
  /** Several together. */
  readonly rest?: boolean | undefined;
};
export type TreemapBranch = {
  readonly name: string;
  readonly percent: number;
  /** Several names together. */
  readonly rest?: boolean | undefined;
  readonly leaves: readonly TreemapLeaf[];
};

type TreemapProps = {
  readonly label: string;
  readonly branches: readonly TreemapBranch[];
  readonly onLeaf: (leaf: TreemapLeaf, branch: TreemapBranch) => void;
  readonly onBranch: (branch: TreemapBranch) => void;
  readonly height?: number;
} & ChartAround;

type Node = { readonly name?: string; readonly leaf?: TreemapLeaf; readonly branch?: TreemapBranch };

/** Sides in pixels of a roughly square cell that holds a name, and a name with its figure. */
const NAME_SIDE = 52;
const FIGURE_SIDE = 76;

/** What fits into a cell of `part` (0 to 1) of `area` square pixels. */
const wordsIn = (name: string, part: number, area: number, figure: string): string => {
  const side = Math.sqrt(part * area);
  if (side < NAME_SIDE) return '';
  return side < FIGURE_SIDE ? name : `${name}\n${figure}`;
};

const series = (
  branches: readonly TreemapBranch[],
  theme: ChartTheme,
  area: number,
  percent: (value: number) => string,
  colourOf = coloursOf(branches),
  whole = branches.reduce((sum, branch) => sum + branch.percent, 0),
): NonNullable<EChartsOption['series']> => ({
  type: 'treemap',
  roam: false,
  nodeClick: false,
  // In the order given: largest first, what stands for several companies last.
  sort: false,
  breadcrumb: { show: false },
  left: 0,
  right: 0,
  top: 0,
  bottom: 0,
  visibleMin: 60,
  itemStyle: { gapWidth: 1, borderColor: theme.page, borderWidth: 0 },
  label: { fontSize: 11.5, lineHeight: 15, overflow: 'truncate', position: [6, 5], verticalAlign: 'top' },
  upperLabel: {
    show: true,
    height: 22,
    color: theme.ink,
    fontSize: 12,
    fontWeight: 600,
    padding: [0, 0, 0, 2],
    overflow: 'truncate',
  },
  emphasis: { upperLabel: { show: true, color: theme.accent }, itemStyle: { borderColor: theme.ink } },
  levels: [
    { itemStyle: { gapWidth: 6, borderWidth: 0 }, upperLabel: { show: false } },
    { itemStyle: { gapWidth: 1, borderColor: theme.page, borderWidth: 0 } },
  ],
  data: branches.map((branch) => {
    const colour = colourOf(branch);
    return {
      name: branch.name,
      branch,
      value: branch.percent,
      upperLabel: { formatter: `${branch.name}  ${percent(branch.percent)}` },
      itemStyle: { color: theme.page },
      children: branch.leaves.map((leaf) => ({
        name: leaf.name,
        leaf,
        branch,
        value: leaf.percent,
        itemStyle: { color: colour },
        label: {
          color: inkOn(colour),
          formatter: wordsIn(leaf.name, leaf.percent / whole, area, percent(leaf.percent)),
        },
      })),
    };
  }),
});

/** How many leaves of each branch the arrow keys visit; the table has them all. */
const STEPS_A_BRANCH = 12;

const drawable = (branches: readonly TreemapBranch[]): TreemapBranch[] =>
  branches
    .map((branch) => ({ ...branch, leaves: branch.leaves.filter((leaf) => leaf.percent > 0) }))
    .filter((branch) => branch.percent > 0 && branch.leaves.length > 0);

/** Squares sized by share, grouped and coloured by what they belong to. Negative shares have no area and stay in the table. */
export const Treemap = (props: TreemapProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { branches, onBranch, onLeaf, height = 460 } = props;
  const shown = useMemo(() => drawable(branches), [branches]);
  const build = useCallback(
    (theme: ChartTheme, width: number): EChartsOption => {
      const words = ({ data: { leaf, branch } = {} }: { data?: Node }): HTMLElement | string => {
        if (leaf) {
          return tip(leaf.name, [
            format.percent(leaf.percent),
            ...(leaf.detail === undefined ? [] : [leaf.detail]),
          ]);
        }
        return branch ? tip(branch.name, [format.percent(branch.percent)]) : '';
      };
      return {
        ...baseOption(theme),
        tooltip: tooltipOption(theme, words),
        series: series(shown, theme, width * height, format.percent),
      };
    },
    [shown, format, height],
  );
  const marks = useMemo(
    (): Mark[] =>
      shown.flatMap((branch) => [
        {
          key: branch.name,
          label: t`${branch.name}, ${format.percent(branch.percent)}`,
          at: { seriesIndex: 0, name: branch.name },
          pick: () => onBranch(branch),
        },
        ...branch.leaves.slice(0, STEPS_A_BRANCH).map((leaf) => ({
          key: leaf.id,
          label: t`${leaf.name}, ${format.percent(leaf.percent)}, in ${branch.name}`,
          at: { seriesIndex: 0, name: leaf.name },
          pick: () => onLeaf(leaf, branch),
        })),
      ]),
    [shown, t, format, onBranch, onLeaf],
  );
  const markOf = ({ data }: { data: unknown }): Mark | undefined => {
    const node = data as Node | null;
    const leaf = node?.leaf;
    const branch = node?.branch;
    if (leaf && branch) {
      return { key: leaf.id, label: leaf.name, at: { seriesIndex: 0 }, pick: () => onLeaf(leaf, branch) };
    }
    return branch
      ? { key: branch.name, label: branch.name, at: { seriesIndex: 0 }, pick: () => onBranch(branch) }
      : undefined;
  };
  return (
    <Chart
      label={props.label}
      build={build}
      marks={marks}
      markOf={markOf}
      {...around(props)}
      height={height}
    />
  );
};
