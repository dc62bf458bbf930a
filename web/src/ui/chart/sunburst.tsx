import { useLingui } from '@lingui/react/macro';
import { useCallback, useMemo } from 'react';
import { coloursOf, inkOn, mixed } from '../../lib/colour.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { around, Chart, type ChartAround, type Mark } from './chart.tsx';
import './engine-sunburst.ts';
import { baseOption, tip, tooltipOption, type ChartTheme, type EChartsOption } from './option.ts';
import type { TreemapBranch, TreemapLeaf } from './treemap.tsx';

type SunburstProps = {
  readonly label: string;
  readonly branches: readonly TreemapBranch[];
  readonly onLeaf: (leaf: TreemapLeaf, branch: TreemapBranch) => void;
  readonly onBranch: (branch: TreemapBranch) => void;
} & ChartAround;

type Node = { readonly leaf?: TreemapLeaf; readonly branch?: TreemapBranch };

/** The rings, as shares of the half of the shorter side. */
const RINGS = { hole: 24, middle: 58, rim: 98 } as const;
/** Narrower pictures are as high as wide; wider ones need not be. */
const HEIGHT_MAX = 620;
const WIDTH_NARROW = 560;
/** Parts that open less than this many degrees have no room for their name. */
const LABEL_DEGREES = { inner: 10, outer: 4.2 } as const;
/** Parts that open wider have room for their figure too. */
const FIGURE_DEGREES = 20;
/** How much of the page shines through the outer ring. */
const OUTER_SHINE = 0.3;

const ringSeries = (
  branches: readonly TreemapBranch[],
  theme: ChartTheme,
  width: number,
  percent: (value: number) => string,
  colourOf = coloursOf(branches),
  whole = branches.reduce((sum, branch) => sum + branch.percent, 0),
): NonNullable<EChartsOption['series']> => {
  const radius = Math.min(width, HEIGHT_MAX) / 2;
  const ringPx = (from: number, to: number): number => ((to - from) / 100) * radius - 10;
  const small = width < WIDTH_NARROW;
  const label = { fontSize: small ? 11 : 12, overflow: 'truncate' as const, ellipsis: '…', minAngle: 0 };
  return {
    type: 'sunburst',
    // In the order given.
    sort: () => 0,
    nodeClick: false,
    radius: ['0%', '100%'],
    startAngle: 90,
    emphasis: { focus: 'ancestor', itemStyle: { borderColor: theme.ink } },
    itemStyle: { borderColor: theme.page, borderWidth: 1.5 },
    levels: [
      {},
      {
        radius: [`${RINGS.hole}%`, `${RINGS.middle}%`],
        label: {
          ...label,
          rotate: 'radial',
          minAngle: LABEL_DEGREES.inner,
          width: ringPx(RINGS.hole, RINGS.middle),
        },
      },
      {
        radius: [`${RINGS.middle}%`, `${RINGS.rim}%`],
        label: {
          ...label,
          rotate: 'radial',
          minAngle: LABEL_DEGREES.outer,
          width: ringPx(RINGS.middle, RINGS.rim),
        },
      },
    ],
    data: branches.map((branch) => {
      const colour = colourOf(branch);
      const outer = mixed(colour, theme.page, OUTER_SHINE);
      return {
        name: branch.name,
        value: branch.percent,
        branch,
        itemStyle: { color: colour },
        label: {
          color: inkOn(colour),
          formatter:
            (branch.percent / whole) * 360 < FIGURE_DEGREES
              ? branch.name
              : `${branch.name}\n${percent(branch.percent)}`,
        },
        children: branch.leaves.map((leaf) => ({
          name: leaf.name,
          value: leaf.percent,
          leaf,
          branch,
          itemStyle: { color: outer },
          label: { color: inkOn(outer), formatter: leaf.name },
        })),
      };
    }),
  };
};

/** How many leaves of each branch the arrow keys visit; the table has them all. */
const STEPS_A_BRANCH = 12;

/** Leaves that open less than this many degrees are drawn together. */
const THINNEST_DEGREES = 1.1;

/** What has an area: shorts stay in the table, and leaves as thin as a line share one. */
const drawable = (branches: readonly TreemapBranch[], others: string): TreemapBranch[] => {
  const whole = branches.reduce((sum, branch) => sum + Math.max(0, branch.percent), 0);
  const isThin = (leaf: TreemapLeaf): boolean => (leaf.percent / whole) * 360 < THINNEST_DEGREES;
  return branches
    .filter((branch) => branch.percent > 0)
    .map((branch) => {
      const leaves = branch.leaves.filter((leaf) => leaf.percent > 0);
      const together = leaves.filter((leaf) => leaf.rest === true || isThin(leaf));
      if (together.length < 2) return { ...branch, leaves };
      const percent = together.reduce((sum, leaf) => sum + leaf.percent, 0);
      const rest = { id: `rest ${branch.name}`, name: others, percent, rest: true };
      return { ...branch, leaves: [...leaves.filter((leaf) => !together.includes(leaf)), rest] };
    });
};

const useMarks = ({ onBranch, onLeaf }: SunburstProps, shown: readonly TreemapBranch[]): Mark[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () =>
      shown.flatMap((branch) => [
        {
          key: branch.name,
          label: t`${branch.name}, ${format.percent(branch.percent)}`,
          at: { seriesIndex: 0, name: branch.name },
          pick: () => onBranch(branch),
        },
        ...branch.leaves.slice(0, STEPS_A_BRANCH).map((leaf) => ({
          key: `${branch.name} ${leaf.id}`,
          label: t`${leaf.name}, ${format.percent(leaf.percent)}, in ${branch.name}`,
          at: { seriesIndex: 0, name: leaf.name },
          pick: () => onLeaf(leaf, branch),
        })),
      ]),
    [shown, t, format, onBranch, onLeaf],
  );
};

/** Two rings: the whole divided once, and each part divided again. Where a name has no room, the table has it. */
const Sunburst = (props: SunburstProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { branches, onBranch, onLeaf } = props;
  const shown = useMemo(() => drawable(branches, t`Others`), [branches, t]);
  const build = useCallback(
    (theme: ChartTheme, width: number): EChartsOption => {
      const words = ({ data: { leaf, branch } = {} }: { data?: Node }): HTMLElement | string => {
        if (leaf) return tip(leaf.name, [format.percent(leaf.percent), ...(branch ? [branch.name] : [])]);
        return branch ? tip(branch.name, [format.percent(branch.percent)]) : '';
      };
      return {
        ...baseOption(theme),
        tooltip: tooltipOption(theme, words),
        series: ringSeries(shown, theme, width, format.percent),
      };
    },
    [shown, format],
  );
  const marks = useMarks(props, shown);
  const markOf = ({ data }: { data: unknown }): Mark | undefined => {
    const { leaf, branch } = (data ?? {}) as Node;
    if (!branch) return undefined;
    const pick = (): void => (leaf ? onLeaf(leaf, branch) : onBranch(branch));
    return { key: (leaf ?? branch).name, label: (leaf ?? branch).name, at: { seriesIndex: 0 }, pick };
  };
  return (
    <Chart
      label={props.label}
      build={build}
      marks={marks}
      markOf={markOf}
      {...around(props)}
      height={`min(100cqi, ${HEIGHT_MAX}px)`}
    />
  );
};

export default Sunburst;
