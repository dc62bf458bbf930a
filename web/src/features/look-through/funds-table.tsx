import { Trans, useLingui } from '@lingui/react/macro'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useFormat } from '../../lib/preferences.tsx'
import { CoverageBar, FundBadge } from '../../ui/coverage.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { byNumber, byText, type TableColumn } from '../../ui/table-model.ts'
import classes from './look-through.module.css'
import type { Exposure } from './queries.ts'

type Fund = Exposure['funds'][number]

/** The files that the picture rests on: each fund's day, sum and coverage. */
export const FundsTable = ({ funds }: { funds: readonly Fund[] }) => {
  const { t } = useLingui()
  const format = useFormat()
  const columns = useMemo(
    (): readonly TableColumn<Fund>[] => [
      {
        id: 'name', label: t`Fund`, width: 200, compare: byText((one) => one.name), text: (one) => one.name,
        cell: (one) => (
          <span className={classes['company']}>
            <Link to="/markets/$instrumentId" params={{ instrumentId: one.instrumentId }}>{one.name}</Link>
            <span className={classes['under']}>{one.ticker}</span>
          </span>
        ),
      },
      { id: 'weight', label: t`Share of the whole`, unit: '%', numeric: true, compare: byNumber((one) => one.weightPct), text: (one) => String(one.weightPct), cell: (one) => format.percentFigure(one.weightPct) },
      { id: 'asOf', label: t`Constituents`, text: (one) => one.asOf ?? '', cell: (one) => (one.lookedThrough ? <FundBadge asOf={one.asOf} /> : <Link to="/imports"><Trans>none: import its file</Trans></Link>) },
      { id: 'sum', label: t`Weights sum to`, unit: '%', numeric: true, text: (one) => String(one.weightSumPct ?? ''), cell: (one) => (one.weightSumPct === null ? '' : format.percentFigure(one.weightSumPct)) },
      { id: 'coverage', label: t`Coverage`, numeric: true, compare: byNumber((one) => one.coveragePct), text: (one) => String(one.coveragePct), cell: (one) => <CoverageBar percent={one.coveragePct} label={one.name} /> },
    ],
    [t, format],
  )
  return <DataTable label={t`Funds looked through`} columns={columns} rows={funds} rowKey={(one) => one.instrumentId} exportName="funds" />
}
