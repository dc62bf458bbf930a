import { useLingui } from '@lingui/react/macro'
import { useCallback, useMemo, type ReactNode } from 'react'
import { colourOf, inkOn } from '../../lib/colour.ts'
import { useFormat } from '../../lib/preferences.tsx'
import { Chart, type Mark } from './chart.tsx'
import { baseOption, tip, type ChartTheme, type EChartsOption } from './option.ts'

export type TreemapLeaf = { readonly id: string; readonly name: string; readonly percent: number; readonly detail?: string }
export type TreemapBranch = { readonly name: string; readonly percent: number; readonly leaves: readonly TreemapLeaf[] }

type TreemapProps = {
  readonly label: string
  readonly branches: readonly TreemapBranch[]
  readonly onLeaf: (leaf: TreemapLeaf) => void
  readonly onBranch: (branch: TreemapBranch) => void
  readonly exportName: string
  readonly table: ReactNode
  readonly height?: number
  readonly tools?: ReactNode
}

type Node = { readonly name?: string; readonly leaf?: TreemapLeaf; readonly branch?: TreemapBranch }

const series = (branches: readonly TreemapBranch[], theme: ChartTheme, percent: (value: number) => string): NonNullable<EChartsOption['series']> => ({
  type: 'treemap',
  roam: false,
  nodeClick: false,
  breadcrumb: { show: false },
  left: 0, right: 0, top: 0, bottom: 0,
  visibleMin: 60,
  itemStyle: { gapWidth: 1, borderColor: theme.page, borderWidth: 0 },
  label: { fontSize: 11.5, padding: [4, 5], overflow: 'truncate', position: 'insideTopLeft' },
  upperLabel: { show: true, height: 22, color: theme.ink, fontSize: 12, fontWeight: 600, padding: [0, 0, 0, 2], overflow: 'truncate' },
  emphasis: { upperLabel: { show: true, color: theme.accent }, itemStyle: { borderColor: theme.ink } },
  levels: [
    { itemStyle: { gapWidth: 6, borderWidth: 0 }, upperLabel: { show: false } },
    { itemStyle: { gapWidth: 1, borderColor: theme.page, borderWidth: 0 } },
  ],
  data: branches.map((branch) => {
    const colour = colourOf(branch.name)
    return {
      name: branch.name,
      branch,
      value: branch.percent,
      upperLabel: { formatter: `${branch.name}  ${percent(branch.percent)}` },
      itemStyle: { color: theme.page },
      children: branch.leaves.map((leaf) => ({
        name: leaf.name,
        leaf,
        value: leaf.percent,
        itemStyle: { color: colour },
        label: { color: inkOn(colour), formatter: `${leaf.name}\n${percent(leaf.percent)}` },
      })),
    }
  }),
})

/** Squares sized by share, grouped and coloured by what they belong to. Negative shares have no area and stay in the table. */
export const Treemap = (props: TreemapProps) => {
  const { t } = useLingui()
  const format = useFormat()
  const { branches, onBranch, onLeaf } = props
  const shown = useMemo(
    () =>
      branches
        .map((branch) => ({ ...branch, leaves: branch.leaves.filter((leaf) => leaf.percent > 0) }))
        .filter((branch) => branch.percent > 0 && branch.leaves.length > 0),
    [branches],
  )
  const build = useCallback(
    (theme: ChartTheme): EChartsOption => {
      const base = baseOption(theme)
      const formatter = (hit: unknown): HTMLElement | string => {
        const node = (hit as { data?: Node }).data
        const leaf = node?.leaf
        if (leaf) return tip(leaf.name, [format.percent(leaf.percent), ...(leaf.detail === undefined ? [] : [leaf.detail])])
        return node?.branch ? tip(node.branch.name, [format.percent(node.branch.percent)]) : ''
      }
      return { ...base, tooltip: { ...base.tooltip, formatter }, series: series(shown, theme, (value) => format.percent(value)) }
    },
    [shown, format],
  )
  const marks = useMemo(
    (): Mark[] =>
      shown.flatMap((branch) => [
        { key: branch.name, label: t`${branch.name}, ${format.percent(branch.percent)}`, at: { seriesIndex: 0, name: branch.name }, pick: () => onBranch(branch) },
        ...branch.leaves.slice(0, 12).map((leaf) => ({
          key: leaf.id,
          label: t`${leaf.name}, ${format.percent(leaf.percent)}, in ${branch.name}`,
          at: { seriesIndex: 0, name: leaf.name },
          pick: () => onLeaf(leaf),
        })),
      ]),
    [shown, t, format, onBranch, onLeaf],
  )
  const markOf = ({ data }: { data: unknown }): Mark | undefined => {
    const node = data as Node | null
    const leaf = node?.leaf
    const branch = node?.branch
    if (leaf) return { key: leaf.id, label: leaf.name, at: { seriesIndex: 0 }, pick: () => onLeaf(leaf) }
    return branch ? { key: branch.name, label: branch.name, at: { seriesIndex: 0 }, pick: () => onBranch(branch) } : undefined
  }
  return (
    <Chart
      label={props.label} build={build} marks={marks} markOf={markOf} height={props.height ?? 460}
      exportName={props.exportName} table={props.table} tools={props.tools}
    />
  )
}
