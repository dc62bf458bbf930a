import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useFormat } from '../../lib/preferences.tsx'
import { Tag } from '../../ui/coverage.tsx'
import { DataTable, type TableGroup } from '../../ui/data-table.tsx'
import { Change, Figure } from '../../ui/figure.tsx'
import { byDecimal, byNumber, byText, type TableColumn, type TableSort } from '../../ui/table-model.ts'
import { instrumentTag } from '../instruments/queries.ts'
import { costHow, gainHow, valueHow } from '../valuation/provenance.tsx'
import { shareOf, sumOf } from '../valuation/sums.ts'
import classes from './ledger.module.css'
import type { Holding } from './queries.ts'

export type Grouping = 'section' | 'theme' | 'account' | 'none'

const nameOf = (holding: Holding): string => holding.instrument?.name ?? '—'

const counted = (holdings: readonly Holding[]): string[] =>
  holdings.flatMap(({ include, valuation }) => (include && valuation.value !== null ? [valuation.value] : []))

const HoldingName = ({ holding, by }: { holding: Holding; by: Grouping }) => {
  const places = [by === 'section' ? null : holding.section, by === 'theme' ? null : holding.theme, by === 'account' ? null : holding.account]
  const under = [holding.instrument ? instrumentTag(holding.instrument).split(' · ')[0] : null, ...places].filter((part) => part !== null && part !== '')
  return (
    <span className={classes['name']}>
      <Link to="/holdings/$holdingId" params={{ holdingId: holding.id }}>{nameOf(holding)}</Link>
      <span className={classes['under']}>{under.join(' · ')} {!holding.include && <Tag><Trans>not counted</Trans></Tag>}</span>
    </span>
  )
}

const MissingValue = ({ holding }: { holding: Holding }) =>
  holding.valuation.missing === 'rate' ? <Trans>no rate</Trans> : holding.valuation.missing === 'instrument' ? <Trans>no instrument</Trans> : <Trans>no price</Trans>

const useFigureColumns = (currency: string, total: string): readonly TableColumn<Holding>[] => {
  const { t } = useLingui()
  const format = useFormat()
  return useMemo(
    () => [
      {
        id: 'value', label: t`Value`, unit: currency, numeric: true, compare: byDecimal((one: Holding) => one.valuation.value), text: (one: Holding) => one.valuation.value ?? '',
        cell: (one: Holding) => (
          <Figure kind="money" bare value={one.valuation.value} currency={currency} missing={<MissingValue holding={one} />} stale={one.valuation.price?.stale} how={() => valueHow(one, format)} />
        ),
      },
      {
        id: 'share', label: t`Share`, unit: '%', numeric: true, text: (one: Holding) => (one.valuation.value === null ? '' : shareOf(one.valuation.value, total).toFixed(4)),
        compare: byDecimal((one: Holding) => one.valuation.value),
        cell: (one: Holding) => (one.valuation.value === null || !one.include ? '' : format.percentFigure(shareOf(one.valuation.value, total))),
      },
      {
        id: 'gain', label: t`Gain`, unit: currency, numeric: true, compare: byDecimal((one: Holding) => one.valuation.gain), text: (one: Holding) => one.valuation.gain ?? '',
        cell: (one: Holding) => (one.valuation.gain === null ? '' : <Change kind="money" bare value={one.valuation.gain} currency={currency} how={() => gainHow(one, format)} />),
      },
      {
        id: 'gainPct', label: t`Gain`, unit: '%', numeric: true, compare: byNumber((one: Holding) => one.valuation.gainPct), text: (one: Holding) => String(one.valuation.gainPct ?? ''),
        cell: (one: Holding) => (one.valuation.gainPct === null ? '' : <Change kind="percent" bare value={one.valuation.gainPct} />),
      },
      {
        id: 'cost', label: t`Cost`, unit: currency, numeric: true, compare: byDecimal((one: Holding) => one.costBasis), text: (one: Holding) => one.costBasis,
        cell: (one: Holding) => <Figure kind="money" bare value={one.costBasis} currency={one.costCurrency} how={() => costHow(one, format)} />,
      },
    ],
    [t, format, currency, total],
  )
}

const useColumns = (currency: string, total: string, by: Grouping): readonly TableColumn<Holding>[] => {
  const { t } = useLingui()
  const format = useFormat()
  const figures = useFigureColumns(currency, total)
  return useMemo(
    () => [
      { id: 'name', label: t`Holding`, width: 210, compare: byText(nameOf), text: nameOf, cell: (one: Holding) => <HoldingName holding={one} by={by} /> },
      ...figures.slice(0, 2),
      {
        id: 'qty', label: t`Quantity`, numeric: true, compare: byDecimal((one: Holding) => one.qty), text: (one: Holding) => one.qty, cell: (one: Holding) => format.quantity(one.qty),
      },
      {
        id: 'price', label: t`Price`, numeric: true, text: (one: Holding) => (one.valuation.price ? `${one.valuation.price.quoted.close} ${one.valuation.price.quoted.unit}` : ''),
        cell: (one: Holding) => {
          const price = one.valuation.price
          return price && price.kind !== 'cash' ? <Figure kind="price" value={price.quoted.close} unit={price.quoted.unit} /> : ''
        },
      },
      ...figures.slice(2),
    ],
    [t, format, figures, by],
  )
}

const groupsOf = (rows: readonly Holding[], by: 'section' | 'theme' | 'account', order: readonly string[]): [string, Holding[]][] => {
  const groups = new Map<string, Holding[]>()
  for (const row of rows) groups.set(row[by], [...(groups.get(row[by]) ?? []), row])
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return [...groups].toSorted(([one], [other]) => place(one) - place(other))
}

type HoldingsTableProps = {
  readonly holdings: readonly Holding[]
  readonly currency: string
  readonly by: Grouping
  /** Names of the grouping in the portfolio's own order. */
  readonly order: readonly string[]
  readonly sort: TableSort | undefined
  readonly onSort: (sort: TableSort) => void
  readonly tools: ReactNode
  readonly empty: ReactNode
  readonly exportName: string
}

/** A portfolio's holdings, grouped with subtotals; each figure explains itself. */
export const HoldingsTable = (props: HoldingsTableProps) => {
  const { t } = useLingui()
  const format = useFormat()
  const { holdings, currency, by, order } = props
  const total = useMemo(() => sumOf(counted(holdings)), [holdings])
  const columns = useColumns(currency, total, by)
  const totals = (rows: readonly Holding[]): Record<string, ReactNode> => {
    const value = sumOf(counted(rows))
    const gains = rows.flatMap(({ include, valuation }) => (include && valuation.gain !== null ? [valuation.gain] : []))
    return {
      value: <Figure kind="money" bare value={value} currency={currency} />,
      share: format.percentFigure(shareOf(value, total)),
      gain: <Change kind="money" bare value={sumOf(gains)} currency={currency} />,
      cost: <Figure kind="money" bare value={sumOf(rows.filter((row) => row.include).map((row) => row.costBasis))} currency={currency} />,
    }
  }
  const groupBy =
    by === 'none'
      ? undefined
      : (rows: readonly Holding[]): TableGroup<Holding>[] => groupsOf(rows, by, order).map(([key, members]) => ({ key, title: key, rows: members, totals: totals(members) }))
  return (
    <DataTable
      label={t`Holdings`} columns={columns} rows={holdings} rowKey={(one) => one.id} sort={props.sort} onSort={props.onSort} groupBy={groupBy}
      totals={totals(holdings)} tools={props.tools} empty={props.empty} exportName={props.exportName} muted={(one) => !one.include}
    />
  )
}
